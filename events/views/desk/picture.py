"""What the board of an event shows to one viewer, as plain data for the page and the script: read lean, for there may
be a thousand sessions."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from contacts.models import Person
from events.models import Event, Move, Room, Session, Spot, Venue
from events.models.audience import sight_of
from events.models.planning import FOR_ALL, Weight
from network.labels import language_name

OF_CARDS = (
    *("pk", "starts_at", "ends_at", "room_id", "is_unscheduled", "title", "kind", "track_id", "status", "audience"),
    *("language", "interpreted_into"),
)


def edition(event: Event, viewer) -> str:
    """A strong ETag of the picture that costs one query: the newest entry of the history of what the picture shows, and
    who looks at it in which language."""
    kinds = ContentType.objects.get_for_models(Event, Session, Venue)
    about = Q(content_type=kinds[Event], object_id=str(event.pk))
    about |= Q(content_type__in=[kinds[Session], kinds[Venue]])
    newest = ModelLogEntry.objects.filter(about).aggregate(newest=Max("pk"))["newest"] or 0
    return f'"{event.pk}-{newest}-{viewer.pk}-{get_language()}-{int(sight_of(viewer).sees_all)}"'


def picture(event: Event, viewer) -> dict:
    """All of it."""
    seen = event.sessions.visible_to(viewer)
    found = cards(event, viewer)
    appearing = seen.order_by().exclude(appearances=None).values("appearances__person")
    people = Person.everyone.filter(pk__in=appearing).only(
        "given_name", "family_name", "is_family_name_first", "erased_at"
    )
    return {
        "zone": event.timezone,
        "days": _days(event, found),
        "rooms": _rooms(event),
        "tracks": [{"id": one.pk, "name": str(one), "color": one.color} for one in event.tracks.all()],
        "people": sorted(([one.pk, one.name] for one in people), key=lambda row: row[1]),
        "cards": found,
        "conflicts": conflicts(event, viewer),
        "changeover": event.changeover,
    }


def cards(event: Event, viewer, keys: Iterable[int] | None = None) -> list[dict]:
    """The sessions that `viewer` sees in the order of time; those of `keys` alone where they are given."""
    rows = event.sessions.visible_to(viewer).order_by("starts_at", "ends_at", "pk")
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    people = defaultdict(list)
    for key, who in rows.order_by().exclude(appearances=None).values_list("pk", "appearances__person_id"):
        people[key].append(who)
    return [_card(dict(zip(OF_CARDS, row, strict=True)), people[row[0]]) for row in rows.values_list(*OF_CARDS)]


def conflicts(event: Event, viewer) -> list[dict]:
    """What is wrong with them, as far as `viewer` sees all that takes part in it."""
    return [
        {
            "text": str(one),
            "blocks": one.weight == Weight.BLOCK,
            "cards": [session.pk for session in (one.session, one.other) if session],
        }
        for one in event.conflicts(event.sessions.visible_to(viewer))
    ]


def moves_told(moves: list[Move]) -> list[dict]:
    return [{"id": move.key, "was": move.was.as_told(), "to": move.to.as_told()} for move in moves]


def _card(row: dict, people: list[int]) -> dict:
    into = [language_name(code) for code in row["interpreted_into"]]
    return {
        "id": row["pk"],
        "title": str(row["title"]),
        "at": Spot(*(row[name] for name in ("starts_at", "ends_at", "room_id", "is_unscheduled"))).as_told(),
        "kind": _(row["kind"]) if row["kind"] else "",
        "is_for_all": row["kind"] in FOR_ALL,
        "track": row["track_id"],
        "people": people,
        "is_dropped": row["status"] == Session.Status.CANCELLED,
        "is_restricted": row["audience"] != "PUBLIC",
        "languages": [*([language_name(row["language"])] if row["language"] else []), *into],
    }


def _days(event: Event, found: list[dict]) -> list[dict]:
    """Those of the event, and those on which something stands that is on none of them."""
    days = {*event.days}
    starts = {card["at"][0] for card in found if not card["at"][3]}
    days |= {event.day_of(datetime.datetime.fromtimestamp(one, datetime.UTC)) for one in starts}
    return [
        {
            "date": day.isoformat(),
            "name": date_format(day, "DATE_FORMAT"),
            "begins": event.begins_at(day).timestamp(),
            "ends": event.begins_at(day + datetime.timedelta(days=1)).timestamp(),
            "is_ours": event.starts_on <= day <= event.ends_on,
        }
        for day in sorted(days)
    ]


def _rooms(event: Event) -> list[dict]:
    """Those of the venue, with their size, their booths and when they are closed."""
    booths, gaps = defaultdict(list), defaultdict(list)
    for booth in event.booths.all():
        channel = f" {booth.channel}" if booth.channel else ""
        booths[booth.room_id].append(f"{language_name(booth.language)}{channel}")
    for gap in event.absences.exclude(room=None):
        gaps[gap.room_id].append([gap.starts_at.timestamp(), gap.ends_at.timestamp()])
    rooms = event.venue.rooms.all() if event.venue else Room.objects.none()
    return [
        {"id": room.pk, "name": str(room), "size": room.capacity, "booths": booths[room.pk], "closed": gaps[room.pk]}
        for room in rooms
    ]
