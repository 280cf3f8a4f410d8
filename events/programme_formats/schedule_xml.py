"""The schedule.xml of Pentabarf, frab, pretalx and their kin (https://c3voc.de/wiki/schedule)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo, available_timezones

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.programme_formats.plain_text import plain_text
from events.programme_formats.schedule import Schedule, ScheduledPerson, ScheduledSession, ScheduledTrack, ScheduleError
from events.programme_formats.times import clock_of, date_of, duration_of, later, moment_of, programme_day
from network.names import fold
from network.sheets import Refusal, RowError, one_line

SIZE_LIMIT = 64 * 2**20  # bytes; FOSDEM's 1,105 sessions are 3.4 MB
# What of an event becomes part of a session. Anything else that it holds is told to the reader.
TEXTS = {"title", "subtitle", "abstract", "description", "type", "language"}
READ = TEXTS | {"date", "start", "duration", "room", "track", "persons"}


def read_schedule(path: str | Path, *, timezone: str = "") -> Schedule:
    """The programme in the file at `path`. `timezone` holds where the file names none. Raises ScheduleError where the
    file is not a schedule.xml, is damaged or hostile, or its time zone is unknown."""
    path = Path(path)
    reader = _Reader(timezone)
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise ScheduleError(_("The file is too large for a programme."))
        with path.open("rb") as file:
            for moment, element in iterparse(file, events=("start", "end")):
                reader.take(moment, element)
    except RowError as error:  # in the head or in a day; an event keeps its own
        raise ScheduleError(str(error)) from None
    except OSError:
        raise ScheduleError(_("The file cannot be opened.")) from None
    except DefusedXmlException:
        raise ScheduleError(_("The file declares XML entities, which a programme does not need.")) from None
    except ParseError as error:
        line, _column = error.position
        raise ScheduleError(_("This is not XML, or it is damaged (line %(line)s).") % {"line": line}) from None
    except ScheduleError:
        raise
    except (LookupError, ValueError):  # from the parser, about the encoding
        raise ScheduleError(_("The file is in an encoding that cannot be read. Save it as UTF-8.")) from None
    return reader.schedule()


@dataclass(slots=True)
class _Head:
    """What stands before the first day."""

    title: str
    acronym: str
    timezone: ZoneInfo
    day_starts_at: time | None
    starts_on: date | None
    ends_on: date | None
    venue: str
    city: str
    host: str


@dataclass(slots=True)
class _Reader:
    """Takes the elements as they come and lets go of each when it is read."""

    timezone: str
    head: _Head | None = None
    day: date | None = None
    day_starts_at: time = time()
    room: str = ""
    depth: int = 0
    days: list[date] = field(default_factory=list)
    tracks: dict[str, ScheduledTrack] = field(default_factory=dict)
    rooms: dict[str, None] = field(default_factory=dict)
    sessions: dict[UUID, ScheduledSession] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    without_guid: list[str] = field(default_factory=list)
    with_another_start: list[str] = field(default_factory=list)

    def take(self, moment: str, element: Any) -> None:
        self.depth += 1 if moment == "start" else -1
        if moment == "start" and self.depth == 1 and element.tag != "schedule":
            raise ScheduleError(
                _("This is not a programme in schedule.xml: it begins with “%(tag)s”.") % {"tag": element.tag[:40]}
            )
        read = {
            ("end", "conference"): self._conference,
            ("start", "day"): self._day,
            ("start", "room"): self._room,
            ("end", "event"): self._event,
            ("end", "track"): self._track,
            ("end", "day"): self._leave,
        }.get((moment, element.tag))
        if read:
            read(element)

    def schedule(self) -> Schedule:
        head = self._known_head()
        days = [*self.days, *(session.day for session in self.sessions.values())]
        starts_on, ends_on = head.starts_on or min(days, default=None), head.ends_on or max(days, default=None)
        if starts_on is None or ends_on is None:
            raise ScheduleError(_("The file has no day, and does not say when the event is."))
        return Schedule(
            title=head.title,
            acronym=head.acronym,
            timezone=head.timezone.key,
            day_starts_at=self.day_starts_at,
            starts_on=starts_on,
            ends_on=ends_on,
            venue=head.venue,
            city=head.city,
            tracks=tuple(self.tracks.values()),
            rooms=tuple(self.rooms),
            sessions=tuple(self.sessions.values()),
            refused=tuple(self.refused),
            ignored=tuple(self._told()),
        )

    def _conference(self, conference: Any) -> None:
        self.head = _Head(
            title=_text(conference, "title"),
            acronym=_text(conference, "acronym"),
            timezone=self._zone(_text(conference, "time_zone_name")),
            day_starts_at=clock_of(_text(conference, "day_change")),
            starts_on=date_of(_text(conference, "start")),
            ends_on=date_of(_text(conference, "end")),
            venue=_text(conference, "venue"),
            city=_text(conference, "city"),
            host=_host(_text(conference, "base_url") or _text(conference, "url")),
        )
        self.day_starts_at = self.head.day_starts_at or time()

    def _zone(self, name: str) -> ZoneInfo:
        if not name and self.timezone:
            self.ignored.append(_("The file names no time zone; %(zone)s was taken.") % {"zone": self.timezone})
        name = name or self.timezone
        if not name:
            raise ScheduleError(_("The file names no time zone."))
        if name not in available_timezones():
            raise ScheduleError(_("The time zone “%(zone)s” is unknown.") % {"zone": name})
        return ZoneInfo(name)

    def _known_head(self) -> _Head:
        if self.head is None:
            raise ScheduleError(_("The file does not describe its event: there is no “conference” before the days."))
        return self.head

    def _day(self, day: Any) -> None:
        head = self._known_head()
        start = day.get("start") or ""
        self.day = date_of(day.get("date") or start)
        if self.day:
            self.days.append(self.day)
        if head.day_starts_at is None and len(self.days) == 1 and "T" in start:
            self.day_starts_at = moment_of(start, head.timezone).time()

    def _leave(self, day: Any) -> None:
        day.clear()
        self.room = ""

    def _room(self, room: Any) -> None:
        if name := one_line(room.get("name") or ""):  # an event has a <room> too, which has no name of this kind
            self.room = name
            self.rooms.setdefault(name)

    def _track(self, track: Any) -> None:
        name = one_line(track.text or "") or one_line(track.get("name") or "")
        if name and name not in self.tracks:
            slug = slugify(track.get("slug") or fold(name)) or "track"
            taken = {other.slug for other in self.tracks.values()}
            self.tracks[name] = ScheduledTrack(name, _free(slug, taken), track.get("color") or "")

    def _event(self, event: Any) -> None:
        identity = _identity(event) or "?"
        try:
            session = self._session(event, self._known_head())
            if session.guid in self.sessions:
                raise RowError(_("Another session before it has the same guid."))
        except RowError as error:
            self.refused.append(Refusal(0, str(error), _("session %(id)s") % {"id": identity}))
        else:
            self.sessions[session.guid] = session
            if session.room:
                self.rooms.setdefault(session.room)
            self.unread.update(part.tag for part in event if part.tag not in READ and _holds(part))
        event.clear()

    def _session(self, event: Any, head: _Head) -> ScheduledSession:
        starts_at = self._start(event, head)
        title = _text(event, "title")
        if not title:
            raise RowError(_("It has no title."))
        return ScheduledSession(
            guid=self._guid(event, head),
            reference=f"{head.acronym}:{_identity(event)}",
            title=title,
            subtitle=_text(event, "subtitle"),
            abstract=plain_text(event.findtext("abstract") or ""),
            description=plain_text(event.findtext("description") or ""),
            kind=_text(event, "type"),
            language=_text(event, "language").lower().replace("_", "-"),
            track=_text(event, "track"),
            room=_text(event, "room") or self.room,
            day=programme_day(starts_at, self.day_starts_at),
            starts_at=starts_at,
            ends_at=later(starts_at, duration_of(_text(event, "duration"))),
            persons=tuple(dict.fromkeys(_persons(event, head.host or head.acronym))),
        )

    def _start(self, event: Any, head: _Head) -> datetime:
        """The moment in <date>; in older files the day's date with <start>, after midnight the next morning."""
        moment, clock = _text(event, "date"), clock_of(_text(event, "start"))
        if "T" in moment:
            starts_at = moment_of(moment, head.timezone)
            if clock and clock != starts_at.time():
                self.with_another_start.append(_identity(event))
            return starts_at
        day = date_of(moment) or self.day
        if day is None or clock is None:
            raise RowError(_("It does not say when it starts."))
        past_midnight = timedelta(days=clock < self.day_starts_at)
        return datetime.combine(day + past_midnight, clock, head.timezone)

    def _guid(self, event: Any, head: _Head) -> UUID:
        try:
            return UUID(event.get("guid") or "")
        except ValueError:
            if not (identity := event.get("id") or event.get("code")):
                raise RowError(_("It has neither a guid nor a number.")) from None
            self.without_guid.append(identity)
            return uuid5(NAMESPACE_URL, f"{head.acronym}:{identity}")

    def _told(self) -> Iterator[str]:
        yield from self.ignored
        if self.without_guid:
            sentence = _("Sessions without a usable guid; theirs were made from their numbers: %(sessions)s.")
            yield sentence % {"sessions": _few(self.without_guid)}
        if self.with_another_start:
            sentence = _("Sessions whose start differs from their date; the date was taken: %(sessions)s.")
            yield sentence % {"sessions": _few(self.with_another_start)}
        if self.unread:
            parts = ", ".join(f"{tag} ({number})" for tag, number in sorted(self.unread.items()))
            yield _("Left out of the sessions: %(parts)s.") % {"parts": parts}


# -- elements


def _text(element: Any, tag: str) -> str:
    return one_line(element.findtext(tag) or "")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _identity(event: Any) -> str:
    return one_line(event.get("id") or event.get("code") or event.get("guid") or "")


def _holds(element: Any) -> bool:
    return len(element) > 0 or bool((element.text or "").strip())


def _persons(event: Any, host: str) -> Iterator[ScheduledPerson]:
    for person in event.iter("person"):
        number = one_line(person.get("id") or person.get("guid") or "")
        if name := one_line(person.text or ""):
            yield ScheduledPerson(f"{host}:{number}" if host and number else "", name)


def _free(slug: str, taken: set[str]) -> str:
    return next(free for n in count(1) if (free := slug if n == 1 else f"{slug}-{n}") not in taken)


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" ... ({len(names)})" if len(names) > 5 else "")
