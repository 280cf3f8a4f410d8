"""Slots in, calendars out: the entries, the feeds that hold them, and the objects of an invitation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from icalendar import Calendar, Event
from icalendar.prop import vInt

from events.ical.values import cal_address, categories, line, text, uri, when, written
from events.ical.zones import local_times, vtimezone

PRODID = "-//Entente//Entente//{language}"
END = "END:VCALENDAR\r\n"
ASKED = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
ZONES_USED = re.compile(r"^DT(?:START|END);TZID=([^:\r\n]+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of a calendar: a session, a whole event, or what one person is invited to.

    Times are aware; `timezone` is the IANA zone to show them in. Two dates make an all-day entry, `ends` exclusive.
    `url` is absolute. `sequence` and `revised_at` are the stored ones: the same slot is the same bytes for ever.
    """

    uid: str
    sequence: int
    revised_at: datetime
    starts: datetime | date
    ends: datetime | date
    timezone: str
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    status: str = "CONFIRMED"
    categories: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CalendarHead:
    """What a feed says of itself. Leave `source` empty for a private feed, whose address is a secret.

    `timezones` are the zones of the event, the first one being what a program shows by default.
    """

    name: str
    description: str = ""
    url: str = ""
    source: str = ""
    color_name: str = "steelblue"
    color_hex: str = "#4682B4"
    refresh: str = "PT4H"
    timezones: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Address:
    """A name and a mail address, as ORGANIZER and ATTENDEE show them."""

    name: str
    address: str


def vevent(slot: Slot) -> str:
    """One folded VEVENT with CRLF, as it is stored at publication. ValueError for a slot that cannot be said."""
    return written(_event(slot))


def calendar(head: CalendarHead, vevents: Iterable[str], method: str = "PUBLISH") -> bytes:
    """A feed: its head, the zones that its events use, and the stored events in the order given (start, UID)."""
    top = _top(method, head.language)
    top["NAME"] = top["X-WR-CALNAME"] = line(head.name)
    if head.description:
        top["DESCRIPTION"] = top["X-WR-CALDESC"] = text(head.description)
    if head.url:
        top["URL"] = uri(head.url)
    if head.source:
        top["SOURCE"] = uri(head.source, VALUE="URI")
    top["REFRESH-INTERVAL"] = line(head.refresh, VALUE="DURATION")
    top["X-PUBLISHED-TTL"] = line(head.refresh)
    if head.timezones:
        top["X-WR-TIMEZONE"] = line(head.timezones[0])
    top["COLOR"] = line(head.color_name)
    top["X-APPLE-CALENDAR-COLOR"] = line(head.color_hex)
    return _joined(top, "".join(vevents))


def request(slot: Slot, organizer: Address, attendee: Address) -> bytes:
    """An invitation, or its update (RFC 5546, 3.2.2). ValueError if the slot is cancelled: that is `cancel`."""
    if slot.status == "CANCELLED":
        raise ValueError("A cancelled slot is not requested but cancelled.")
    return _scheduling("REQUEST", slot, organizer, attendee)


def cancel(slot: Slot, organizer: Address, attendee: Address) -> bytes:
    """The invitation is withdrawn (RFC 5546, 3.2.5). The slot comes with its SEQUENCE already raised."""
    return _scheduling("CANCEL", replace(slot, status="CANCELLED"), organizer, attendee)


def publish(slot: Slot) -> bytes:
    """A confirmation that wants no answer, for an attached .ics: nobody's address in it, no name to file it under."""
    return _joined(_top("PUBLISH", slot.language), vevent(slot))


def _scheduling(method: str, slot: Slot, organizer: Address, attendee: Address) -> bytes:
    event = _event(slot)
    event["ORGANIZER"] = cal_address(organizer.name, organizer.address)
    event["ATTENDEE"] = cal_address(attendee.name, attendee.address, **ASKED)
    return _joined(_top(method, slot.language), written(event))


def _top(method: str, language: str) -> Calendar:
    top = Calendar()
    top["VERSION"] = line("2.0")
    top["PRODID"] = line(PRODID.format(language=language.upper()))
    top["CALSCALE"] = line("GREGORIAN")
    top["METHOD"] = line(method)
    return top


def _joined(top: Calendar, events: str) -> bytes:
    zones = "".join(vtimezone(zone) for zone in sorted(set(ZONES_USED.findall(events))))
    return f"{written(top).removesuffix(END)}{zones}{events}{END}".encode()


def _event(slot: Slot) -> Event:
    event = Event()
    event["UID"] = line(slot.uid)
    event["DTSTAMP"] = event["LAST-MODIFIED"] = when(_in_utc(slot.revised_at))
    event["SEQUENCE"] = vInt(slot.sequence)
    starts, ends = _times(slot)
    event["DTSTART"] = when(starts)
    if starts != ends:  # a DTEND has to be later than the start (RFC 5545, 3.8.2.2)
        event["DTEND"] = when(ends)
    event["SUMMARY"] = line(slot.summary, LANGUAGE=slot.language)
    if slot.description:
        event["DESCRIPTION"] = text(slot.description, LANGUAGE=slot.language)
    if slot.location:
        event["LOCATION"] = text(slot.location, LANGUAGE=slot.language)
    if slot.url:
        event["URL"] = uri(slot.url)
    if slot.categories:
        event["CATEGORIES"] = categories(slot.categories, LANGUAGE=slot.language)
    event["STATUS"] = line(slot.status)
    is_busy = isinstance(slot.starts, datetime) and slot.status != "CANCELLED"
    event["TRANSP"] = line("OPAQUE" if is_busy else "TRANSPARENT")
    return event


def _times(slot: Slot) -> tuple[datetime | date, datetime | date]:
    starts, ends = slot.starts, slot.ends
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        starts, ends = _in_utc(starts), _in_utc(ends)
        if ends >= starts:
            return local_times(starts, ends, slot.timezone)
    elif not isinstance(starts, datetime) and not isinstance(ends, datetime) and ends >= starts:
        return starts, ends
    raise ValueError(f"A slot begins and ends with two times or two dates, in this order: {slot.starts} to {slot.ends}")


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"A time without a zone has no place in a calendar: {moment}")
    return moment.astimezone(UTC).replace(microsecond=0)
