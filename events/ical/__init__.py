"""Calendars as iCalendar text (RFC 5545, 5546, 7986): slots go in, bytes that never change by themselves come out; and
the answers that come back.

The `icalendar` library builds and writes the components. Its known faults are kept out here: every property is handed
over as a finished value (so that names are escaped too), control characters never reach it, a calendar gets no UID of
its own, and the time zones come from our own rules, because the library's are wrong at the change-overs.
"""

from events.ical.answers import Attendee, Entry, Reading, Unreadable, Verdict, read_answer
from events.ical.calendars import Address, CalendarHead, Slot, calendar, cancel, publish, request, vevent
from events.ical.limits import within
from events.ical.uids import invitation_uid, invitation_uid_is_ours, new_guid, session_uid
from events.ical.zones import TZDATA_VERSION, Changeover, ZoneRule, timezone_rule

__all__ = [
    "TZDATA_VERSION",
    "Address",
    "Attendee",
    "CalendarHead",
    "Changeover",
    "Entry",
    "Reading",
    "Slot",
    "Unreadable",
    "Verdict",
    "ZoneRule",
    "calendar",
    "cancel",
    "invitation_uid",
    "invitation_uid_is_ours",
    "new_guid",
    "publish",
    "read_answer",
    "request",
    "session_uid",
    "timezone_rule",
    "vevent",
    "within",
]
