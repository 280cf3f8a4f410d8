"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path

from legal.views import search, works

app_name = "legal"
urlpatterns = [
    path("", search.search, name="index"),
    path("instruments/<slug:slug>/", works.instrument, name="instrument"),
    path("laws/<slug:slug>/", works.law, name="law"),
    path("model-laws/<slug:slug>/", works.model_law, name="model_law"),
    path("cases/<slug:slug>/", works.case, name="case"),
]
