"""The public addresses of contacts; all below a language prefix."""

from django.urls import path

from contacts.views import preferences

app_name = "contacts"
urlpatterns = [
    path("letters/<str:token>/", preferences.preferences, name="preferences"),
    path("letters/<str:token>/unsubscribe/", preferences.unsubscribe, name="unsubscribe"),
]
