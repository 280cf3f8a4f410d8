"""The public addresses of the legal database; all below a language prefix."""

from django.urls import path

from legal.views import changes, countries, instruments, matrix, works

app_name = "legal"
urlpatterns = [
    path("", works.index, name="index"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<slug:slug>/", instruments.instrument, name="instrument"),
    path("instruments/<slug:slug>/status.csv", instruments.instrument_status, name="instrument_status"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix.csv", matrix.matrix_csv, name="matrix_csv"),
    path("countries/", countries.countries, name="countries"),
    path("countries/<slug:code>/", countries.country, name="country"),
    path("changes/", changes.changes, name="changes"),
    path("changes.atom", changes.changes_feed, name="changes_feed"),
    path("laws/<slug:slug>/", works.law, name="law"),
    path("model-laws/<slug:slug>/", works.model_law, name="model_law"),
    path("cases/<slug:slug>/", works.case, name="case"),
]
