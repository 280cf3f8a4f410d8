"""The public addresses of pages that join the law, the events and the people; all below a language prefix."""

from django.urls import path

from cms.views import briefs, countries

app_name = "cms"
urlpatterns = [
    path("countries/", countries.countries, name="countries"),
    path("countries/<slug:code>/", countries.country, name="country"),
    path("countries/<slug:code>/brief.pdf", briefs.country_brief, name="country_brief"),
]
