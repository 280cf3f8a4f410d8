"""What every public template may ask for."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def site(request: HttpRequest) -> dict:
    """The name of the site, and the links to this page in the other languages."""
    active = get_language()
    return {
        "site_name": settings.SITE_NAME,
        "language_links": [
            {
                "code": code,
                "name": name,
                "url": translate_url(request.get_full_path(), code),
                "is_current": code == active,
            }
            for code, name in settings.LANGUAGES
        ],
    }
