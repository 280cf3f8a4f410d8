"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path

from legal.views import cases, model_laws, saved_searches, search, works

app_name = "legal"
urlpatterns = [
    path("", search.search, name="index"),
    path("new.atom", saved_searches.search_feed, name="search_feed"),
    path("searches/", saved_searches.save_search, name="save_search"),
    path("searches/sent/", saved_searches.search_sent, name="search_sent"),
    path("searches/<str:token>/", saved_searches.saved_search, name="saved_search"),
    path("instruments/<slug:slug>/", works.instrument, name="instrument"),
    path("laws/<slug:slug>/", works.law, name="law"),
    path("model-laws/<slug:slug>/", model_laws.model_law, name="model_law"),
    path("compare/", model_laws.compare, name="compare"),
    path("cases/<slug:slug>/", cases.case, name="case"),
]
