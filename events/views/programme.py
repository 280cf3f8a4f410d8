"""An event, its programme and its sessions, for readers."""

import datetime
from collections.abc import Iterable
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, gettext

from events import mail
from events.models import Appearance, Event, ProgrammeEntry
from events.models.audience import SEES_ALL, sight_of
from events.models.booth import languages_heard
from events.models.event import person_of
from events.models.minutes import may_write
from events.views.feeds import feed_links
from events.views.papers import papers_of
from network.names import fold
from network.views.answers import public

ALL_DAYS = "all"
BESIDE = 6  # so many of what goes on at the same time are shown


def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What the event is, when and where, and the way to its programme and calendar."""
    event = _event(request, slug)
    sight = sight_of(request.user)
    shown = ProgrammeEntry.objects.newest_of(event).visible_to(sight)
    context = {
        "event": event,
        "dates": mail.dates(event),
        "place": event.venue.place() if event.venue else "",
        "summary": str(event.summary),
        "status": event.status,
        "takes_registrations": event.takes_registrations(),
        "curriculum": event.curriculum,
        "papers": papers_of(event, sight),
        "programme_url": _programme_url(event) if shown.exists() else "",
        "has_commitments": event.commitments.published().exists(),
        "feed_links": feed_links(reverse("events:event_feed", args=[slug])),
    }
    return public(request, render(request, "events/event_detail.html", context))


def commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """What organizations undertook there and let everybody read, and how it stands."""
    event = _event(request, slug)
    rows = event.commitments.published().select_related("organization__country")
    listed = rows.prefetch_related("reports", "endorsements__organization", "organization__other_names")
    language = get_language()
    found = [
        {
            "commitment": one,
            "organization": one.organization.name_in(language),
            "report": next(iter(one.reports.all()), None),
            "endorsed": [row.organization.name_in(language) for row in one.endorsements.all()],
        }
        for one in listed.order_by("organization__name", "pk")
    ]
    if not found:
        raise Http404
    context = {"event": event, "dates": mail.dates(event), "commitments": found}
    return public(request, render(request, "events/commitments.html", context))


def event_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The published programme: by day, by track, by room, by words; filters are plain links and a GET form."""
    event = _event(request, slug)
    programme = event.programme
    entries = list(programme.entries.visible_to(request.user).in_order().lean()) if programme else []
    if not entries:  # what is there and not for the reader looks as if it were not there
        context = {"event": event, "programme": None, "dates": mail.dates(event)}
        return public(request, render(request, "events/programme.html", context))
    chosen = Choice(request, event, entries)
    shown = chosen.apply(entries)
    context = {
        "event": event,
        "programme": programme,
        "version": programme.version if request.user.has_perm(SEES_ALL) else 0,
        "changed_at": max(entry.revised_at for entry in entries),
        "dates": mail.dates(event),
        "days": chosen.days(),
        "tracks": chosen.options("track"),
        "rooms": chosen.options("room"),
        "q": chosen.words,
        "day": chosen.day,
        "groups": groups(event, shown),
        "total": len(entries),
        "shown": len(shown),
        **_calendar(slug, chosen),
        "has_plan": _has_seat(event, request.user),
    }
    return public(request, render(request, "events/programme.html", context))


def session_detail(request: HttpRequest, slug: str, guid) -> HttpResponse:
    """One session as it was last published."""
    event = _event(request, slug)
    sight = sight_of(request.user)
    entries = ProgrammeEntry.objects.visible_to(sight)
    entry = get_object_or_404(entries.newest_of(event), guid=guid)
    base = _programme_url(event)
    can_write = request.user.is_authenticated and entry.session is not None and may_write(entry.session, request.user)
    roles = dict(Appearance.Role.choices)
    context = {
        "event": event,
        "entry": {
            **row(event, entry, base),
            "abstract": [part for part in str(entry.abstract).split("\n\n") if part.strip()],
            "day": _day_label(entry.day),
            "timezone": event.timezone,
            "people": [{**person, "role_label": roles.get(person["role"], "")} for person in entry.people],
            "updated": entry.revised_at,
            "language": _language_name(entry.language),
            "is_unattributed": entry.is_unattributed,
        },
        "papers": papers_of(event, sight, session=entry.session_id) if entry.session_id else None,
        "beside": [row(event, one, base) for one in entries.beside(entry).lean()[:BESIDE]],
        "write_url": reverse("events:minutes_write", args=[slug, guid]) if can_write else "",
        "feed_links": feed_links(reverse("events:session_feed", args=[slug, guid])),
        "back_url": f"{base}?day={entry.day}",
    }
    return public(request, render(request, "events/session_detail.html", context))


class Choice:
    """What the reader chose to see of a programme: a day, a track, a room, words."""

    def __init__(self, request: HttpRequest, event: Event, entries: list[ProgrammeEntry]):
        self.event, self.entries = event, entries
        self.track = request.GET.get("track", "")
        self.room = request.GET.get("room", "")
        self.words = request.GET.get("q", "").strip()[:100]
        self.day = self._day(request.GET.get("day", ""))
        self.base = _programme_url(event)

    def apply(self, entries: Iterable[ProgrammeEntry]) -> list[ProgrammeEntry]:
        """Those of `entries` that the reader asked for; unknown tracks and rooms find nothing."""
        words = fold(self.words).split()
        return [
            entry
            for entry in entries
            if self.day in (ALL_DAYS, str(entry.day))
            and self.track in ("", entry.track_slug)
            and self.room in ("", entry.room_slug)
            and (not words or _holds(entry, words))
        ]

    def days(self) -> list[dict]:
        """The tabs: each day with its number of sessions, and all of them."""
        counts: dict[datetime.date, int] = {}
        for entry in self.entries:
            counts[entry.day] = counts.get(entry.day, 0) + 1
        tabs = [(str(day), _day_label(day), day, count) for day, count in sorted(counts.items())]
        tabs.append((ALL_DAYS, "", None, len(self.entries)))
        return [
            {
                "date": day,
                "label": label,
                "url": f"{self.base}?day={key}",
                "is_current": key == self.day,
                "count": count,
            }
            for key, label, day, count in tabs
        ]

    def options(self, field: str) -> list[dict]:
        """The tracks or rooms of the programme, each once."""
        labels = {getattr(entry, f"{field}_slug"): getattr(entry, f"{field}_name") for entry in self.entries}
        options = [(str(label), slug) for slug, label in labels.items() if slug]
        chosen = getattr(self, field)
        return [{"slug": slug, "name": name, "is_current": slug == chosen} for name, slug in sorted(options)]

    def is_open(self, field: str) -> bool:
        """Whether something of the track or room that was chosen is for everybody."""
        chosen = getattr(self, field)
        return any(getattr(entry, f"{field}_slug") == chosen and not entry.is_restricted for entry in self.entries)

    def _day(self, asked: str) -> str:
        days = sorted({str(entry.day) for entry in self.entries})
        if asked in (ALL_DAYS, *days):
            return asked
        if self.track or self.room or self.words or not days:
            return ALL_DAYS
        today = str(self.event.day_of(timezone.now()))
        return today if today in days else days[0]


def groups(event: Event, entries: list[ProgrammeEntry]) -> list[dict]:
    """`entries` by day, and in a day by the time at which they start."""
    base = _programme_url(event)
    rows = [(entry, row(event, entry, base)) for entry in entries]
    return [
        {
            "day": _day_label(day),
            "day_date": day,
            "times": [
                {"time": start, "rows": [line for _entry, line in same_time]}
                for start, same_time in groupby(same_day, key=lambda pair: pair[1]["start"])
            ],
        }
        for day, same_day in groupby(rows, key=lambda pair: pair[0].day)
    ]


def speakers(entries: Iterable[ProgrammeEntry]) -> list[dict[str, str]]:
    """Who speaks in `entries`, each once, in the order of their appearance; interpreters are no speakers."""
    roles = dict(Appearance.Role.choices)
    found: dict[str, str] = {}
    for entry in entries:
        for person in entry.people:
            if person["role"] != Appearance.Role.INTERPRETER:
                found.setdefault(person["name"], roles.get(person["role"], ""))
    return [{"name": name, "role": role} for name, role in found.items()]


def row(event: Event, entry: ProgrammeEntry, base: str) -> dict:
    """One session as plain values for a template; `base` is the address of the programme."""
    zone = event.zone
    return {
        "url": f"{base.removesuffix('programme/')}sessions/{entry.guid}/",
        "title": str(entry.title),
        "start": entry.starts_at.astimezone(zone).strftime("%H:%M"),
        "end": entry.ends_at.astimezone(zone).strftime("%H:%M"),
        "room": str(entry.room_name),
        "track": str(entry.track_name),
        "color": entry.track_color,
        "people": ", ".join(person["name"] for person in entry.people),
        "kind": entry.kind and gettext(entry.kind),
        "status": "" if entry.status == "CONFIRMED" else entry.status,
        "interpretation": languages_heard(entry.interpretation),
        "language": entry.language if entry.language != (get_language() or "") else "",
        "readers": entry.readers if entry.is_restricted else "",
    }


def _event(request: HttpRequest, slug: str) -> Event:
    events = Event.objects.visible_to(request.user).select_related("venue__country")
    return get_object_or_404(events, slug=slug)


def _has_seat(event: Event, viewer) -> bool:
    person = person_of(viewer)
    return person is not None and event.registrations.confirmed().filter(person=person).exists()


def _calendar(slug: str, chosen: Choice) -> dict:
    """The calendar of what the reader looks at: one track, one room, or everything."""
    track, room = (
        next((one for one in chosen.options(kind) if one["is_current"] and chosen.is_open(kind)), None)
        for kind in ("track", "room")
    )
    if track and not room:
        title, path = track["name"], reverse("events:track_feed", args=[slug, track["slug"]])
    elif room and not track:
        title, path = room["name"], reverse("events:room_feed", args=[slug, room["slug"]])
    else:
        title, path = "", reverse("events:programme_feed", args=[slug])
    return {"calendar_title": title, "feed_links": feed_links(path)}


def _programme_url(event: Event) -> str:
    return reverse("events:event_programme", args=[event.slug])


def _day_label(day: datetime.date) -> str:
    return date_format(day, "l j F")


def _language_name(code: str) -> str:
    try:
        return get_language_info(code)["name_translated"] if code else ""
    except KeyError:
        return code


def _holds(entry: ProgrammeEntry, words: list[str]) -> bool:
    text = fold(*entry.title.values(), *(person["name"] for person in entry.people), *entry.track_name.values())
    return all(word in text for word in words)
