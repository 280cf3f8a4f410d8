"""Answers to invitations as calendar programs mail them (RFC 5546, 6047): a mail goes in, small dataclasses come out.

What comes in is anybody's. It is measured before it is read, and of its lines only those are read that an answer
needs: no time zone, no alarm and no recurrence is ever evaluated, and nothing inside another mail is looked at. The
`icalendar` library takes each line apart; it never sees the whole, whose time zones can hang it, and whose TZID it
looks for among files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import Message
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop
from icalendar.parser import Contentline, Parameters
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from contacts.incoming.opening import calendar_parts, clean, content, opened, parts
from events.ical.zones import is_zone

MOST_MAIL = 5_000_000  # bytes
MOST_PARTS = 100
MOST_CALENDAR = 256_000  # bytes
MOST_LINES = 4_000
MOST_NESTING = 5
MOST_ENTRIES = 50
MOST_ATTENDEES = 20
MOST_COMMENT = 4_000  # characters
BEGIN = re.compile(r"^begin:[ \t]*vcalendar[ \t]*$", re.IGNORECASE | re.MULTILINE)
FOLD = re.compile(r"\n[ \t]")
NAME = re.compile(r"[A-Za-z0-9-]+")
CALENDAR, ENTRY = ["VCALENDAR"], ["VCALENDAR", "VEVENT"]
APPLES = "X-CALENDARSERVER-PRIVATE-COMMENT"  # where an iPhone writes what others write as COMMENT
NEEDED = frozenset({"UID", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "ATTENDEE", "COMMENT", APPLES})
MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
PROPOSED = re.compile(r"DTSTART:(\d{8}T\d{6}Z)", re.ASCII)  # in the TO-ALL-PROPOSED-NEW-TIME of an iPhone


class Unreadable(Exception):
    """The calendar in the mail cannot be read, or is not worth the danger; a sentence, to be translated, says why."""


class Verdict(StrEnum):
    """What a calendar that came in is."""

    ANSWER = "ANSWER"
    NOTHING = "NOTHING"  # an answer of nobody
    COUNTER = "COUNTER"
    REFRESH = "REFRESH"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is named in an answer. `proposed` is the time that an iPhone would rather have."""

    address: str
    name: str = ""
    partstat: str = ""
    delegated_to: tuple[str, ...] = ()
    delegated_from: tuple[str, ...] = ()
    comment: str = ""
    proposed: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT of an answer. `recurrence` is its RECURRENCE-ID as it is written; `starts` and `ends` are what it says
    the times are, naive where their zone is not known."""

    uid: str
    recurrence: str = ""
    sequence: int | None = None
    stamp: datetime | None = None
    comment: str = ""
    attendees: tuple[Attendee, ...] = ()
    starts: datetime | date | None = None
    ends: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar that came in: METHOD in capitals, the program that wrote it, its entries."""

    method: str
    program: str
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """The entry that answers for the whole: nothing of ours recurs, so it is the one without RECURRENCE-ID."""
        return next((one for one in self.entries if not one.recurrence), self.entries[0])

    @property
    def verdict(self) -> Verdict:
        if self.method == "REPLY":
            is_said = any(one.partstat for one in self.entry.attendees)
            return Verdict.ANSWER if is_said else Verdict.NOTHING
        known = {"COUNTER": Verdict.COUNTER, "REFRESH": Verdict.REFRESH}
        return known.get(self.method, Verdict.OTHER)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a calendar."""

    name: str
    params: Parameters
    value: str


def read_answer(raw: bytes) -> Reading:
    """The calendar in the mail `raw`. Raises Unreadable for everything that is none, or too much, or broken."""
    if len(raw) > MOST_MAIL:
        raise Unreadable(gettext_noop("The message is too large."))
    try:
        return _reading(_calendar(opened(raw)))
    except Unreadable:
        raise
    except Exception as trouble:  # whatever a parser trips over, a person looks at it
        raise Unreadable(gettext_noop("It could not be read.")) from trouble


def _calendar(message: Message) -> str:
    """The text from the beginning of the best calendar on."""
    if sum(1 for _part in parts(message)) > MOST_PARTS:
        raise Unreadable(gettext_noop("The message has too many parts."))
    for part in calendar_parts(message):
        data = content(part)
        if len(data) > MOST_CALENDAR:
            raise Unreadable(gettext_noop("The calendar is too large."))
        text = _decoded(data, part)
        if found := BEGIN.search(text):
            return text[found.start() :]
    raise Unreadable(gettext_noop("There is no calendar in it."))


def _decoded(data: bytes, part: Message) -> str:
    """As UTF-8 where it is, whatever the label says; else as the label says."""
    try:
        named = part.get_content_charset() or ""
    except (ValueError, LookupError):
        named = ""
    for encoding in ("utf-8-sig", named, "cp1252"):
        try:
            return clean(data.decode(encoding or "ascii"))
        except (LookupError, ValueError):
            continue
    return clean(data.decode("latin-1"))


def _reading(text: str) -> Reading:
    """What the first calendar in `text` says."""
    said: dict[str, str] = {}
    entries: list[list[Said]] = []
    for inside, name, line in _walk(text):
        if inside == ENTRY and name == "BEGIN":
            entries.append([])
        elif inside == ENTRY and name in NEEDED and (parted := _parted(line)):
            entries[-1].append(parted)
        elif inside == CALENDAR and name in ("METHOD", "PRODID") and (parted := _parted(line)):
            said.setdefault(name, parted.value.strip())
    if not entries:
        raise Unreadable(gettext_noop("There is no entry in the calendar."))
    if (
        len(entries) > MOST_ENTRIES
        or sum(one.name == "ATTENDEE" for entry in entries for one in entry) > MOST_ATTENDEES
    ):
        raise Unreadable(gettext_noop("Too many entries or people are in the calendar."))
    program = said.get("PRODID", "")[:200]
    return Reading(said.get("METHOD", "").upper()[:20], program, tuple(map(_entry, entries)))


def _walk(text: str) -> Iterator[tuple[list[str], str, str]]:
    """The unfolded lines up to the end of the first calendar, each with its name and with what it lies in."""
    if text.count("\n") > MOST_LINES:
        raise Unreadable(gettext_noop("The calendar has too many lines."))
    inside: list[str] = []
    for line in FOLD.sub("", text).split("\n"):
        named = NAME.match(line)
        name = named.group().upper() if named else ""
        what = line[len(name) :].strip(" \t:").upper()
        if name == "BEGIN":
            inside.append(what)
        if len(inside) > MOST_NESTING:
            raise Unreadable(gettext_noop("The calendar is too deeply nested."))
        yield inside, name, line
        if name == "END":
            if inside.pop() != what:
                raise Unreadable(gettext_noop("The calendar is wrongly nested."))
            if not inside:
                return
    raise Unreadable(gettext_noop("The calendar is cut off."))


def _parted(line: str) -> Said | None:
    """None for a line that is broken: what the others say counts."""
    try:
        name, params, value = Contentline(line.rstrip()).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return Said(name.upper(), params, clean(value))


def _entry(lines: list[Said]) -> Entry:
    def value(name: str) -> str:
        return next((one.value.strip() for one in lines if one.name == name), "")

    def moment(name: str) -> datetime | date | None:
        return next((_moment(one) for one in lines if one.name == name), None)

    attendees = tuple(_attendee(one) for one in lines if one.name == "ATTENDEE")
    comments = (value("COMMENT"), *(one.comment for one in attendees), value(APPLES))
    stamp, sequence = moment("DTSTAMP"), value("SEQUENCE")
    return Entry(
        uid=value("UID")[:200],
        recurrence=value("RECURRENCE-ID")[:40],
        sequence=min(int(sequence), 2**31 - 1) if re.fullmatch(r"[0-9]{1,12}", sequence) else None,
        stamp=stamp if isinstance(stamp, datetime) else None,
        comment=next(filter(None, comments), "")[:MOST_COMMENT],
        attendees=attendees,
        starts=moment("DTSTART"),
        ends=moment("DTEND"),
    )


def _attendee(said: Said) -> Attendee:
    params = said.params
    proposed = PROPOSED.search(str(params.get("TO-ALL-PROPOSED-NEW-TIME", "")))
    return Attendee(
        address=_address(said.value) or _address(params.get("EMAIL", "")),
        name=" ".join(clean(str(params.get("CN", ""))).split())[:200],
        partstat=str(params.get("PARTSTAT", "")).upper()[:20],
        delegated_to=_addresses(params.get("DELEGATED-TO")),
        delegated_from=_addresses(params.get("DELEGATED-FROM")),
        comment=clean(str(params.get("X-RESPONSE-COMMENT", ""))).strip(),
        proposed=_on_the_clock(proposed[1]) if proposed else None,
    )


def _address(value: object) -> str:
    """The mail address in a CAL-ADDRESS, in small letters; "" where it is something else."""
    said = clean(str(value)).strip().strip("\"'<>").lower().removeprefix("mailto:").strip()
    return said[:320] if re.fullmatch(r"[^\s<>,;:\"@]+@[^\s<>,;:\"@]+", said) else ""


def _addresses(value: object) -> tuple[str, ...]:
    several = value if isinstance(value, list | tuple) else [value] if value else []
    return tuple(filter(None, map(_address, several)))


def _moment(said: Said) -> datetime | date | None:
    """A day, or a time: in UTC, in the zone that is named, or naive where that is not known."""
    found = _on_the_clock(said.value.strip())
    if not isinstance(found, datetime) or found.tzinfo:
        return found
    named = str(said.params.get("TZID", ""))
    name = WINDOWS_TO_OLSON.get(named, named)
    return found.replace(tzinfo=ZoneInfo(name)) if is_zone(name) else found


def _on_the_clock(said: str) -> datetime | date | None:
    form = MOMENT.fullmatch(said)
    try:
        if form is None or not form[2]:
            return datetime.strptime(form[1], "%Y%m%d").date() if form else None
        moment = datetime.strptime(form[1] + form[2], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if form[3] else moment
