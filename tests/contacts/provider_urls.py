"""The addresses of an installation that has a secret for mail providers."""

from django.urls import include, path

from config import urls

urlpatterns = [path("mail-events/", include("contacts.webhooks")), *urls.urlpatterns]
