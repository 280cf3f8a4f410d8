"""Every address of the house."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# One way in, and it is braked: Wagtail's own sign-in pages would let a stranger try passwords without end.
_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
_new_password = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("admin/login/", _sign_in),
    path("admin/password_reset/", _new_password),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    *i18n_patterns(
        path("accounts/", include("allauth.account.urls")),
        path("", include("events.urls")),
        path("_util/login/", _sign_in),
        path("", include(wagtail_urls)),
    ),
]
