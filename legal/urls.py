"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from legal.views import (
    cases,
    changes,
    countries,
    files,
    gaps,
    instruments,
    laws,
    matrix,
    model_laws,
    open_data,
    portal,
    saved_searches,
    search,
    texts,
)


class ShelfConverter(StringConverter):
    """Where the works of a kind stand."""

    regex = "|".join(texts.SHELVES)


register_converter(ShelfConverter, "shelf")

app_name = "legal"
urlpatterns = [
    path("", search.search, name="index"),
    path("new.atom", saved_searches.search_feed, name="search_feed"),
    path("searches/", saved_searches.save_search, name="save_search"),
    path("searches/sent/", saved_searches.search_sent, name="search_sent"),
    path("searches/<str:token>/", saved_searches.saved_search, name="saved_search"),
    path("compare/", model_laws.compare, name="compare"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<slug:slug>/", instruments.instrument, name="instrument"),
    path("instruments/<slug:slug>/status.csv", instruments.instrument_status, name="instrument_status"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix.csv", matrix.matrix_csv, name="matrix_csv"),
    path("countries/", countries.countries, name="countries"),
    path("countries/<slug:code>/", countries.country, name="country"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/<slug:slug>/<slug:code>/", gaps.country_gaps, name="country_gaps"),
    path("authorities/", portal.authorities, name="authorities"),
    path("portal/", portal.portal, name="portal"),
    path("portal/<slug:code>/laws/", portal.suggest_law, name="suggest_law"),
    path("portal/laws/<slug:slug>/", portal.suggest_correction, name="suggest_correction"),
    path("portal/laws/<slug:slug>/cite/", portal.suggest_citation, name="suggest_citation"),
    path("portal/suggestions/<int:pk>/file/", portal.suggestion_file, name="suggestion_file"),
    path("changes/", changes.changes, name="changes"),
    path("changes.atom", changes.changes_feed, name="changes_feed"),
    path("open-data/", open_data.page, name="open_data"),
    path("open-data.zip", open_data.archive, name="archive"),
    path("laws/<slug:slug>/", laws.law, name="law"),
    path("model-laws/<slug:slug>/", model_laws.model_law, name="model_law"),
    path("cases/<slug:slug>/", cases.case, name="case"),
    path("<shelf:shelf>/<slug:slug>/changes/", texts.changes, name="text_changes"),
    path("<shelf:shelf>/<slug:slug>/beside/", texts.beside, name="text_beside"),
    path("<shelf:shelf>/<slug:slug>/text.<str:form>", files.text_file, name="text_file"),
]
