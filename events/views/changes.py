"""How a programme has changed: its changelog as a page and as an Atom feed, and its earlier versions."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import mail
from events.models import Event
from events.models.changelog import Edition, changelog
from events.views.programme import groups
from network.views.answers import public

MOST_EDITIONS, MOST_CHANGES = 20, 100


@require_safe
def programme_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What each version changed, the newest first."""
    event = _event(request.user, slug)
    editions = changelog(event, request.user, MOST_EDITIONS)
    context = {
        "event": event,
        "editions": [_shown(one) for one in editions],
        "feed_url": settings.SITE_URL + reverse("events:changes_feed", args=[slug]),
    }
    return public(request, render(request, "events/programme_changes.html", context))


@require_safe
def changes_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for programs, as everybody may know it. The same content is the same bytes."""
    event = _event(None, slug)
    language, page = get_language(), settings.SITE_URL + reverse("events:programme_changes", args=[slug])
    feed = Atom1Feed(
        title=_("Programme: %(event)s") % {"event": event.title},
        link=page,
        description=None,
        language=language,
        feed_url=settings.SITE_URL + request.path,
        feed_guid=f"tag:{settings.CALENDAR_NAMESPACE},2026:{event.uid}/{language}",
        author_name=str(event.title),
    )
    editions = changelog(event, None, MOST_EDITIONS)
    for one in editions:
        number = one.programme.version
        words = render_to_string("events/_edition.html", {"edition": _shown(one), "event": event})
        feed.add_item(
            title=_("Version %(version)d") % {"version": number},
            link=f"{page}#version-{number}",
            description=" ".join(words.split()),
            unique_id=f"tag:{settings.CALENDAR_NAMESPACE},2026:{event.uid}/{language}/{number}",
            pubdate=one.programme.published_at,
            updateddate=one.programme.published_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Last-Modified"] = http_date(editions[0].programme.published_at.timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


@require_safe
def programme_version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The programme as it was in an earlier version, as far as the reader may see its sessions today."""
    event = _event(request.user, slug)
    programme = get_object_or_404(event.programmes, version=version)
    programme.event = event
    entries = programme.seen_by(request.user)
    context = {
        "event": event,
        "programme": programme,
        "dates": mail.dates(event),
        "is_newest": programme == event.programme,
        "groups": groups(event, entries),
        "total": len(entries),
    }
    return public(request, render(request, "events/programme_version.html", context))


def _event(viewer, slug: str) -> Event:
    """One with a programme."""
    event = get_object_or_404(Event.objects.visible_to(viewer).select_related("venue__country"), slug=slug)
    if event.programme is None:
        raise Http404
    return event


def _shown(edition: Edition) -> dict:
    return {
        "programme": edition.programme,
        "sessions": edition.sessions,
        "changes": edition.changes[:MOST_CHANGES],
        "more": max(0, len(edition.changes) - MOST_CHANGES),
    }
