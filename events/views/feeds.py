"""Calendar feeds, as calendar.md of the house says: no personal data, deterministic bytes, strong ETag, 304."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import ical
from events.models import CalendarFeed, Event, ProgrammeEntry, StaffFeed
from events.models.feed import KEPT, FeedRevoked, SecretFeed
from network.views.answers import problem, too_many


def event_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as one all-day entry."""
    event, language = public_event(slug), get_language()
    return _public_feed(request, event, [ical.vevent(event.slot(language))], event.revised_at)


def events_feed(request: HttpRequest) -> HttpResponse:
    """Every public event of a year ago and later as one all-day entry; what was called off, until its days are over."""
    today, language = timezone.localdate(), get_language()
    rows = Event.objects.visible_to(None).select_related("venue__country").filter(ends_on__gte=today - KEPT)
    shown = [one for one in rows.order_by("starts_on", "uid") if not one.is_cancelled or one.ends_on >= today]
    head = ical.CalendarHead(
        name=_("%(site)s: forums and events") % {"site": settings.SITE_NAME},
        url=f"{settings.SITE_URL}/{language}/",
        source=settings.SITE_URL + request.path,
        language=language,
    )
    return _for_all(_ics(head, [ical.vevent(one.slot(language)) for one in shown], "events.ics"))


def programme_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public session of the published programme, from the bytes stored at publication."""
    return _of_programme(request, slug)


def track_feed(request: HttpRequest, slug: str, track: str) -> HttpResponse:
    """Those of one track."""
    return _of_programme(request, slug, track_slug=track)


def room_feed(request: HttpRequest, slug: str, room: str) -> HttpResponse:
    """Those in one room."""
    return _of_programme(request, slug, room_slug=room)


def _of_programme(request: HttpRequest, slug: str, **which: str) -> HttpResponse:
    event = public_event(slug)
    programme = event.programme
    shown = programme.entries.visible_to(None).filter(**which) if programme else ProgrammeEntry.objects.none()
    vevents = shown.for_calendar().vevents(get_language())
    if not vevents and not _was_shown(event, which):  # nothing that is for everybody looks as if there were nothing
        raise Http404
    names = [str(getattr(one, name.replace("slug", "name"))) for one in shown[:1] for name in which]
    return _public_feed(request, event, vevents, programme.changed_at, name=": ".join([str(event.title), *names]))


def _was_shown(event: Event, which: dict[str, str]) -> bool:
    """Whether it was ever there for everybody: a calendar that somebody has is empty then, and not gone."""
    return ProgrammeEntry.objects.filter(programme__event=event, **which).visible_to(None).exists()


def session_feed(request: HttpRequest, slug: str, guid) -> HttpResponse:
    """One public session."""
    event = public_event(slug)
    entries = ProgrammeEntry.objects.newest_of(event).visible_to(None)
    entry = get_object_or_404(entries, guid=guid)
    vevent = getattr(entry, f"vevent_{get_language()}")
    return _public_feed(request, event, [vevent], entry.revised_at, name=str(entry.title))


def personal_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What one person may see, or somebody who works here, at a secret address; unknown is 404, revoked is 410."""
    try:
        feed = _feed(token)
    except StaffFeed.DoesNotExist:
        if braked := too_many(request, "feed", most=60):
            return braked
        raise Http404 from None
    except FeedRevoked as revoked:
        return problem(request, 410, _("This calendar is gone"), str(revoked))
    feed.note_fetch(request.headers.get("User-Agent", ""))
    etag = _private_version(feed)
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        is_own = isinstance(feed, CalendarFeed)
        words = _("%(site)s: my calendar") if is_own else _("%(site)s: events and missions")
        name = words % {"site": settings.SITE_NAME}
        head = ical.CalendarHead(name=name, timezones=tuple(feed.timezones()), language=get_language())
        response = _ics(head, feed.vevents(get_language()), "entente.ics")
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=settings.PAGE_CACHE_SECONDS)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def feed_links(path: str) -> dict[str, str]:
    """The buttons for the feed at `path`: each calendar program wants the address in its own way."""
    https_url = settings.SITE_URL + path
    webcal_url = https_url.replace(urlsplit(https_url).scheme, "webcal", 1)
    return {
        "https_url": https_url,
        "webcal_url": webcal_url,
        "google_url": f"https://calendar.google.com/calendar/render?cid={quote(webcal_url, safe='')}",
        "download_url": path,
    }


def _feed(token: str) -> SecretFeed:
    """Raises StaffFeed.DoesNotExist, or FeedRevoked."""
    try:
        return CalendarFeed.objects.by_token(token)
    except CalendarFeed.DoesNotExist:
        return StaffFeed.objects.by_token(token)


def public_event(slug: str) -> Event:
    """The event, where everybody may see it; otherwise 404."""
    return get_object_or_404(Event.objects.visible_to(None).select_related("venue__country"), slug=slug)


def _public_feed(
    request: HttpRequest, event: Event, vevents: Iterable[str], changed_at, name: str = ""
) -> HttpResponse:
    head = ical.CalendarHead(
        name=name or str(event.title),
        description=str(event.summary),
        url=settings.SITE_URL + event.get_absolute_url(),
        source=settings.SITE_URL + request.path,
        timezones=(event.timezone,),
        language=get_language(),
    )
    response = _ics(head, vevents, request.path.split("/events/")[1].replace("/", "-"))
    response["Last-Modified"] = http_date(changed_at.timestamp())
    return _for_all(response)


def _for_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


def _ics(head: ical.CalendarHead, vevents: Iterable[str], filename: str) -> HttpResponse:
    response = HttpResponse(ical.calendar(head, vevents), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _private_version(feed: SecretFeed) -> str:
    """A strong ETag that is cheaper than the feed: all that its bytes depend on."""
    parts = (get_language(), settings.SITE_URL, ical.TZDATA_VERSION, timezone.localdate(), *feed.ingredients())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
