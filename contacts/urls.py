"""The public addresses of contacts; all below a language prefix."""

from django.urls import path

from contacts.views import application, own_data, preferences

app_name = "contacts"
urlpatterns = [
    path("apply/", application.apply, name="apply"),
    path("apply/sent/", application.sent, name="apply_sent"),
    path("apply/<str:token>/", application.application, name="application"),
    path("about-you/<str:token>/", own_data.own_data, name="own_data"),
    path("about-you/<str:token>/correct/", own_data.correct, name="own_data_correct"),
    path("about-you/<str:token>/consents/<int:pk>/withdraw/", own_data.withdraw, name="own_data_withdraw"),
    path("letters/<str:token>/", preferences.preferences, name="preferences"),
    path("letters/<str:token>/unsubscribe/", preferences.unsubscribe, name="unsubscribe"),
]
