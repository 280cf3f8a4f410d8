"""Every address of the house."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.views.styleguide import styleguide
from config import accounts, files


def provider_doors(secret: str) -> list:
    """Where mail providers say what became of letters; without a secret that they know there is no door."""
    return [path("mail-events/", include("contacts.webhooks"))] if secret else []


urlpatterns = [
    path("admin/login/", accounts.admin_door),
    path("admin/password_reset/", accounts.new_password),
    re_path("^admin/reports/site-history/(?P<results>results/)?$", accounts.site_history),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Pictures alone: documents lie beside them, and who may read those is asked at /documents/.
    re_path(r"^media/(?P<folder>images|original_images)/(?P<path>.+)$", files.picture, name="picture"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    *provider_doors(settings.ANYMAIL.get("WEBHOOK_SECRET", "")),
    *i18n_patterns(
        path("accounts/passkeys/", include("allauth.mfa.webauthn.urls")),
        path("accounts/passkeys/all/", RedirectView.as_view(pattern_name="mfa_list_webauthn"), name="mfa_index"),
        path("accounts/", include("allauth.account.urls")),
        path("", include("events.urls")),
        path("law/", include("legal.urls")),
        path("", include("contacts.urls")),
        path("", include("cms.urls")),
        path("styleguide/", styleguide, name="styleguide"),
        path("_util/login/", accounts.sign_in),
        path("", include(wagtail_urls)),
    ),
]
