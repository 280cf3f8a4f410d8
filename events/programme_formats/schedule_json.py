"""The schedule.json of frab and pretalx (https://c3voc.de/schedule/schema.json), read and written; the hub's form of it
and what the API of pretalx says of submissions, read."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from events.programme_formats.gathering import GENERATOR, Gathering, RawHead, RawSession, own_language
from events.programme_formats.plain_text import paragraphs, words
from events.programme_formats.schedule import Frame, Schedule, ScheduledSession, ScheduleError
from events.programme_formats.slots import (
    Day,
    acronym_of,
    color_of,
    days_of,
    duration_in,
    number_of,
    session_url,
    slug_of,
    speakers_of,
)
from network.sheets import RowError

# What of an event becomes part of a session, or says the same in other words.
READ = {"id", "code", "guid", "date", "start", "end", "duration", "title", "subtitle", "abstract", "description"}
READ |= {"type", "language", "track", "room", "persons", "participants", "slug", "url"}
ZONE = re.compile("[A-Z][a-z]+/[A-Z][a-z]+|UTC$")  # as the schema has it
TAKEN = ("accepted", "confirmed", "")  # states of a submission at pretalx that make a session


def read_json(path: Path, frame: Frame | None) -> Schedule:
    """The programme in the file at `path`. Raises ScheduleError where it is none, or is damaged."""
    document = _document(path)
    gathering = Gathering(frame)
    try:
        if "schedule" in _object(document):
            _read_schedule(gathering, _object(document))
        elif submissions := _submissions(document):
            _read_submissions(gathering, submissions, frame)
        else:
            raise ScheduleError(_("This is JSON, and not a programme: there is no “schedule” and no list of sessions."))
    except RowError as error:
        raise ScheduleError(str(error)) from None
    return gathering.schedule()


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except UnicodeDecodeError:
        raise ScheduleError(_("The file is in an encoding that cannot be read. Save it as UTF-8.")) from None
    except json.JSONDecodeError as error:
        raise ScheduleError(_("This is not JSON, or it is damaged (line %(line)s).") % {"line": error.lineno}) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists in lists
        raise ScheduleError(_("The file is not a programme that we can read.")) from None


# -- schedule.json


def _read_schedule(gathering: Gathering, document: dict[str, Any]) -> None:
    schedule, generator = _object(document["schedule"]), _object(document.get("generator"))
    conference = _object(schedule.get("conference"))
    if not conference:
        raise ScheduleError(_("The file does not describe its event: there is no “conference” before the days."))
    meta = _object(conference.get("meta"))
    gathering.take_head(
        RawHead(
            title=_text(conference.get("title")),
            acronym=_text(conference.get("acronym")),
            timezone=_text(conference.get("time_zone_name")) or _text(meta.get("time_zone_name")),
            start=_text(conference.get("start")),
            end=_text(conference.get("end")),
            venue=_text(meta.get("venue")),
            city=_text(meta.get("city")),
            address=_text(schedule.get("base_url")) or _text(conference.get("url")),
            language=own_language(_text(generator.get("name")), _text(generator.get("url"))),
        )
    )
    names = _read_tracks(gathering, conference)
    for day in map(_object, _list(conference.get("days"))):
        start = _text(day.get("day_start")) or _text(day.get("start"))
        gathering.take_day(_text(day.get("date")), start)
        for room, events in _object(day.get("rooms")).items():
            gathering.take_room(room)
            for event in map(_object, _list(events)):
                gathering.take_session(_raw(event, names))
    gathering.room = ""
    for event in map(_object, _list(schedule.get("events"))):  # the hub has them beside the days
        gathering.take_session(_raw(event, names))


def _read_tracks(gathering: Gathering, conference: dict[str, Any]) -> dict[str, str]:
    """Takes them; the name of each by its slug."""
    names = {}
    for track in map(_object, _list(conference.get("tracks"))):
        name, slug = _text(track.get("name")), _text(track.get("slug"))
        color = _text(track.get("color")) or _text(_object(track.get("colors")).get("light"))
        gathering.take_track(name, slug, color)
        names[slug] = name
    return names


def _raw(event: dict[str, Any], tracks: Mapping[str, str]) -> RawSession:
    start, track = _text(event.get("start")), event.get("track")
    is_moment = "T" in start  # in the hub's form; elsewhere the date is the moment, and this the time of day
    slug = _text(_object(track).get("slug"))
    people = _list(event.get("persons")) or _list(event.get("participants"))
    return RawSession(
        identity=_text(event.get("id")) or _text(event.get("code")) or _text(event.get("guid")),
        guid=_text(event.get("guid")),
        date=start if is_moment else _text(event.get("date")),
        start="" if is_moment else start,
        end=_text(event.get("end")),
        duration=_text(event.get("duration")),
        title=_text(event.get("title")),
        subtitle=_text(event.get("subtitle")),
        abstract=_prose(event.get("abstract")),
        description=_prose(event.get("description")),
        kind=_text(event.get("type")),
        language=_text(event.get("language")),
        track=(tracks.get(slug) or slug) if slug else _text(track),
        room=_text(event.get("room")),
        persons=[_person(person) for person in people],
        unread=[name for name, value in event.items() if name not in READ and value not in (None, "", [], {}, False)],
    )


def _person(person: Any) -> tuple[str, str]:
    """The number, or what stands for it, and the name."""
    said = _object(person)
    number = next(filter(None, (_text(said.get(key)) for key in ("id", "code", "guid"))), "")
    return number, _text(said.get("public_name")) or _text(said.get("name")) or _text(person)


# -- submissions at pretalx


def _submissions(document: Any) -> list[dict[str, Any]]:
    """A list, a page of one, or an object of them by code; [] where it is nothing of the kind."""
    rows = document if isinstance(document, list) else _object(document).get("results") or [*_object(document).values()]
    found = [_object(row) for row in _list(rows)]
    return found if all("title" in row for row in found) else []


def _read_submissions(gathering: Gathering, submissions: list[dict[str, Any]], frame: Frame | None) -> None:
    if frame is None:
        raise ScheduleError(_("The file does not say when and where the event is. Make the event first."))
    gathering.take_head(
        RawHead(
            acronym=frame.acronym,
            timezone=frame.timezone,
            day_change=f"{frame.day_starts_at:%H:%M}",
            start=f"{frame.starts_on}",
            end=f"{frame.ends_on}",
        )
    )
    left: Counter[str] = Counter()
    for submission in submissions:
        state = _text(submission.get("state"))
        if state in TAKEN:
            for raw in _slots(submission):
                gathering.take_session(raw)
        else:
            left[state] += 1
    if left:
        told = ", ".join(f"{state} ({number})" for state, number in sorted(left.items()))
        gathering.ignored.append(_("Left out, because they are not confirmed: %(states)s.") % {"states": told})


def _slots(submission: dict[str, Any]) -> Iterator[RawSession]:
    """One for each time that it is given; where it has none, one that will be refused."""
    found = [_object(slot) for slot in _list(submission.get("slots")) if isinstance(slot, dict)]
    found = found or [_object(submission.get("slot")) or submission]
    code = _text(submission.get("code"))
    people = [_person(one) if isinstance(one, dict) else ("", "") for one in _list(submission.get("speakers"))]
    for number, slot in enumerate(found, 1):
        minutes = _text(submission.get("duration"))
        yield RawSession(
            identity=f"{code}-{number}" if number > 1 else code,
            date=_text(slot.get("start")),
            end=_text(slot.get("end")),
            duration=_clock(minutes) if minutes.isdecimal() else minutes,
            title=_text(submission.get("title")),
            abstract=_prose(submission.get("abstract")),
            description=_prose(submission.get("description")),
            kind=_text(submission.get("submission_type")) or _text(submission.get("session_type")),
            language=_text(submission.get("content_locale")),
            track=_text(submission.get("track")),
            room=_text(slot.get("room")),
            persons=people,
        )


def _clock(minutes: str) -> str:
    return f"{int(minutes[:5]) // 60:02}:{int(minutes[:5]) % 60:02}"


# -- values, of which none is sure to be what the schema says


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """On one line; of a text in several languages, and of a thing with a name, the first."""
    return words(_prose(value))


def _prose(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name", value)
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


# -- written


def write_json(schedule: Schedule) -> bytes:
    """`schedule` as a schedule.json, valid against the schema of c3voc: the same bytes for the same schedule."""
    days = days_of(schedule)
    tracks = [
        {"name": words(one.name), "color": color_of(one)} | ({"slug": one.slug} if slug_of(one.slug) else {})
        for one in schedule.tracks
    ]
    conference = {
        "acronym": acronym_of(schedule),
        "title": words(schedule.title),
        "start": f"{schedule.starts_on}",
        "end": f"{schedule.ends_on}",
        "daysCount": len(days),
        "timeslot_duration": "00:05",
        "url": schedule.url,
        # The schema knows no zone such as “EST”, so that the whole name stands a second time where it may.
        **({"time_zone_name": schedule.timezone} if ZONE.match(schedule.timezone) else {}),
        "meta": {
            "time_zone_name": schedule.timezone,
            "venue": words(schedule.venue),
            "city": words(schedule.city),
        },
        "tracks": tracks,
        "days": [_day(schedule, day) for day in days],
    }
    document = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": GENERATOR, "version": "1", "url": schedule.site},
        "schedule": {"version": schedule.version, "base_url": schedule.site, "conference": conference},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _day(schedule: Schedule, day: Day) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": f"{day.date}",
        "day_start": day.starts_at.isoformat(),
        "day_end": day.ends_at.isoformat(),
        "rooms": {room: [_event(schedule, session) for session in sessions] for room, sessions in day.rooms.items()},
    }


def _event(schedule: Schedule, session: ScheduledSession) -> dict[str, Any]:
    number = number_of(session)
    return {
        "guid": str(session.guid),
        "id": number,
        "date": session.starts_at.isoformat(),
        "start": f"{session.starts_at:%H:%M}",
        "end": session.ends_at.isoformat(),
        "duration": duration_in(session),
        "room": words(session.room),
        "slug": f"{acronym_of(schedule)}-{number}",
        "url": session_url(schedule, session),
        "title": words(session.title),
        "subtitle": words(session.subtitle),
        "track": words(session.track),
        "type": words(session.kind),
        "language": session.language,
        "abstract": paragraphs(session.abstract),
        "description": paragraphs(session.description),
        "persons": [{"name": name} for name in speakers_of(session)],
        "links": [],
    }
