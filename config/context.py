"""What every public template may ask for."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Page

from cms.models import ForumPage
from events.models import Event


def site(request: HttpRequest) -> dict:
    """The name of the site, and the links to this page in the other languages."""
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "search_url": SimpleLazyObject(_search_url),
        "site_name": settings.SITE_NAME,
        "language_links": SimpleLazyObject(lambda: _language_links(request)),  # the admin, which has none, asks often
    }


def _search_url() -> str:
    """Where the search box of the header leads: the address named `search`. Without one there is no box."""
    try:
        return reverse("search")
    except NoReverseMatch:
        return ""


def _language_links(request: HttpRequest) -> list[dict]:
    active, path = get_language(), request.get_full_path()
    return [
        {"code": code, "name": name, "url": translate_url(path, code), "is_current": code == active}
        for code, name in settings.LANGUAGES
    ]


def _navigation(request: HttpRequest) -> list[dict]:
    """The pages that editors put into the menu, in the reader's language; none whose event the reader may not see."""
    hidden = ForumPage.objects.exclude(event__in=Event.objects.visible_to(request.user))
    pages = Page.objects.live().public().in_menu().filter(locale__language_code=get_language(), depth=3)
    pages = pages.exclude(pk__in=hidden.values("pk"))
    links = [(page.title, page.get_url(request)) for page in pages]
    return [{"label": label, "url": url, "is_current": url == request.path} for label, url in links]
