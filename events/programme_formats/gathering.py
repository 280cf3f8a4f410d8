"""What every reader of programmes does with what it has found: its form is the file's, the rules are ours."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo, available_timezones

from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.programme_formats.plain_text import paragraphs, plain_text, words
from events.programme_formats.schedule import (
    Frame,
    Schedule,
    ScheduledPerson,
    ScheduledSession,
    ScheduledTrack,
    ScheduleError,
    Wording,
)
from events.programme_formats.times import clock_of, date_of, duration_of, is_later, later, moment_of, programme_day
from network.names import fold
from network.sheets import Refusal, RowError, within

GENERATOR = "Entente"  # the name that our own files bear
MOST_SESSIONS = 20_000
MOST_LETTERS = {"title": 1_000, "abstract": 100_000}  # more is no title and no abstract


@dataclass(slots=True)
class RawHead:
    """What a file says of its event, as written."""

    title: str = ""
    acronym: str = ""
    timezone: str = ""
    day_change: str = ""
    start: str = ""
    end: str = ""
    venue: str = ""
    city: str = ""
    address: str = ""
    language: str = ""  # of our own files: the one in which their texts are


@dataclass(slots=True)
class RawSession:
    """What a file says of one session, as written. `persons`: of number (or "") and name."""

    identity: str = ""
    guid: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    title: str = ""
    subtitle: str = ""
    abstract: str = ""
    description: str = ""
    kind: str = ""
    language: str = ""
    track: str = ""
    room: str = ""
    persons: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # what else it holds, which is told to the reader


@dataclass(slots=True)
class Gathering:
    """Takes the parts of a file in its order: the head first, then days, rooms, tracks and sessions."""

    frame: Frame | None
    head: RawHead | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    day: date | None = None
    day_starts_at: time = time()
    room: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    days: list[date] = field(default_factory=list)
    tracks: dict[str, ScheduledTrack] = field(default_factory=dict)
    rooms: dict[str, None] = field(default_factory=dict)
    sessions: dict[UUID, ScheduledSession] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    unreadable: list[UUID] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    without_guid: list[str] = field(default_factory=list)
    with_another_start: list[str] = field(default_factory=list)

    def take_head(self, head: RawHead) -> None:
        self.head, self.zone = head, self._zone(head.timezone)
        self.day_starts_at = clock_of(head.day_change) or time()
        self.starts_on, self.ends_on = date_of(head.start), date_of(head.end)

    def take_day(self, day: str, start: str) -> None:
        """Without a hour in the head, the first day tells when days start."""
        head = self.known_head()
        self.day, self.room = date_of(day or start), ""
        if self.day:
            self.days.append(self.day)
        if not head.day_change and len(self.days) == 1 and "T" in start:
            self.day_starts_at = moment_of(start, self.zone).time()

    def take_room(self, name: str) -> None:
        self.room = words(name)
        if self.room:
            self.rooms.setdefault(self.room)

    def take_track(self, name: str, slug: str, color: str) -> None:
        name = words(name)
        if name and name not in self.tracks:
            taken = {other.slug for other in self.tracks.values()}
            free = _free(slugify(slug or fold(name)) or "track", taken)
            self.tracks[name] = ScheduledTrack(name, free, color)

    def take_session(self, raw: RawSession) -> None:
        """Keep the session, or what is wrong with it."""
        if len(self.sessions) + len(self.refused) >= MOST_SESSIONS:
            raise ScheduleError(_("There are more than %(most)d sessions in the file.") % {"most": MOST_SESSIONS})
        place = _("session %(id)s") % {"id": raw.identity or raw.guid or "?"}
        guid = None
        try:
            guid = self._guid(raw)
            session = self._session(raw, guid, place)
            if guid in self.sessions:
                raise RowError(_("Another session before it has the same guid."))
        except RowError as error:
            self.refused.append(Refusal(0, str(error), place))
            self.unreadable += [guid] if guid else []
        else:
            self.sessions[session.guid] = session
            if session.room:
                self.rooms.setdefault(session.room)
            self.unread.update(raw.unread)

    def known_head(self) -> RawHead:
        if self.head is None:
            raise ScheduleError(_("The file does not describe its event: there is no “conference” before the days."))
        return self.head

    def schedule(self) -> Schedule:
        head = self.known_head()
        days = [*self.days, *(session.day for session in self.sessions.values())]
        starts_on, ends_on = self.starts_on or min(days, default=None), self.ends_on or max(days, default=None)
        if starts_on is None or ends_on is None:
            raise ScheduleError(_("The file has no day, and does not say when the event is."))
        return Schedule(
            title=head.title,
            acronym=head.acronym,
            timezone=self.zone.key,
            day_starts_at=self.day_starts_at,
            starts_on=starts_on,
            ends_on=ends_on,
            venue=head.venue,
            city=head.city,
            tracks=tuple(self.tracks.values()),
            rooms=tuple(self.rooms),
            sessions=tuple(self.sessions.values()),
            refused=tuple(self.refused),
            unreadable=tuple(self.unreadable),
            ignored=tuple(self._told()),
        )

    def _zone(self, name: str) -> ZoneInfo:
        own = self.frame.timezone if self.frame else ""
        if not name and own:
            self.ignored.append(_("The file names no time zone; %(zone)s was taken.") % {"zone": own})
        name = name or own
        if not name:
            raise ScheduleError(_("The file names no time zone."))
        if name not in available_timezones():
            raise ScheduleError(_("The time zone “%(zone)s” is unknown.") % {"zone": name})
        return ZoneInfo(name)

    def _session(self, raw: RawSession, guid: UUID, place: str) -> ScheduledSession:
        head = self.known_head()
        starts_at, title = self._start(raw), words(raw.title)
        if not title:
            raise RowError(_("It has no title."))
        prose = paragraphs if head.language else plain_text  # our own files hold no HTML
        abstract, description = prose(raw.abstract), prose(raw.description)
        for name, text in {"title": title, "abstract": f"{abstract}{description}"}.items():
            within(text, MOST_LETTERS[name], name)
        return ScheduledSession(
            guid=guid,
            reference="" if head.language else f"{head.acronym}:{raw.identity or raw.guid}",
            title=title,
            subtitle=words(raw.subtitle),
            abstract=abstract,
            description=description,
            kind=words(raw.kind),
            language=words(raw.language).lower().replace("_", "-"),
            track=words(raw.track),
            room=words(raw.room) or self.room,
            day=programme_day(starts_at, self.day_starts_at),
            starts_at=starts_at,
            ends_at=self._end(raw, starts_at),
            persons=self._persons(raw),
            wordings=(Wording(head.language, title, abstract),) if head.language else (),
            place=place,
        )

    def _start(self, raw: RawSession) -> datetime:
        """The moment in the date; in older files the day's date with the start, after midnight the next morning."""
        clock = clock_of(raw.start)
        if "T" in raw.date:
            starts_at = moment_of(raw.date, self.zone)
            if clock and clock.replace(second=0) != starts_at.time().replace(second=0):
                self.with_another_start.append(raw.identity)
            return starts_at
        day = date_of(raw.date) or self.day
        if day is None or clock is None:
            raise RowError(_("It does not say when it starts."))
        past_midnight = timedelta(days=clock < self.day_starts_at)
        return datetime.combine(day + past_midnight, clock, self.zone)

    def _end(self, raw: RawSession, starts_at: datetime) -> datetime:
        """The moment in the end, where the file has one after the start; else what the duration makes of it."""
        if "T" in raw.end and is_later(ends_at := moment_of(raw.end, self.zone), starts_at):
            return ends_at
        return later(starts_at, duration_of(raw.duration))

    def _guid(self, raw: RawSession) -> UUID:
        try:
            return UUID(raw.guid)
        except ValueError:
            if not raw.identity or raw.identity == raw.guid:
                raise RowError(_("It has neither a guid nor a number.")) from None
            self.without_guid.append(raw.identity)
            return uuid5(NAMESPACE_URL, f"{self.known_head().acronym}:{raw.identity}")

    def _persons(self, raw: RawSession) -> tuple[ScheduledPerson, ...]:
        head = self.known_head()
        host = _host(head.address) or head.acronym
        found = ((words(number), words(name)) for number, name in raw.persons)
        people = (
            ScheduledPerson(f"{host}:{number}" if host and number else "", name) for number, name in found if name
        )
        return tuple(dict.fromkeys(people))

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


def own_language(generator: str, address: str) -> str:
    """The language of the texts in a file of our own, of which the address of the site ends in it; "" in others."""
    language = address.strip("/").rpartition("/")[2]
    return language if generator == GENERATOR and re.fullmatch("[a-z]{2}", language) else ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _free(slug: str, taken: set[str]) -> str:
    return next(free for n in count(1) if (free := slug if n == 1 else f"{slug}-{n}") not in taken)


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" ... ({len(names)})" if len(names) > 5 else "")
