"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path

from legal.views import gaps, portal, works

app_name = "legal"
urlpatterns = [
    path("", works.index, name="index"),
    path("instruments/<slug:slug>/", works.instrument, name="instrument"),
    path("laws/<slug:slug>/", works.law, name="law"),
    path("model-laws/<slug:slug>/", works.model_law, name="model_law"),
    path("cases/<slug:slug>/", works.case, name="case"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/<slug:slug>/<slug:code>/", gaps.country_gaps, name="country_gaps"),
    path("authorities/", portal.authorities, name="authorities"),
    path("portal/", portal.portal, name="portal"),
    path("portal/<slug:code>/laws/", portal.suggest_law, name="suggest_law"),
    path("portal/laws/<slug:slug>/", portal.suggest_correction, name="suggest_correction"),
    path("portal/laws/<slug:slug>/cite/", portal.suggest_citation, name="suggest_citation"),
    path("portal/suggestions/<int:pk>/file/", portal.suggestion_file, name="suggestion_file"),
]
