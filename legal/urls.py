"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from legal.views import files, laws, open_data, texts, works


class ShelfConverter(StringConverter):
    """Where the works of a kind stand."""

    regex = "|".join(texts.SHELVES)


register_converter(ShelfConverter, "shelf")

app_name = "legal"
urlpatterns = [
    path("", works.index, name="index"),
    path("open-data/", open_data.page, name="open_data"),
    path("open-data.zip", open_data.archive, name="archive"),
    path("instruments/<slug:slug>/", works.instrument, name="instrument"),
    path("laws/<slug:slug>/", laws.law, name="law"),
    path("model-laws/<slug:slug>/", works.model_law, name="model_law"),
    path("cases/<slug:slug>/", works.case, name="case"),
    path("<shelf:shelf>/<slug:slug>/changes/", texts.changes, name="text_changes"),
    path("<shelf:shelf>/<slug:slug>/beside/", texts.beside, name="text_beside"),
    path("<shelf:shelf>/<slug:slug>/text.<str:form>", files.text_file, name="text_file"),
]
