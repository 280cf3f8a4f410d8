"""What schedule.xml and schedule.json have in common when they are written: days, rooms, numbers, addresses."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from events.programme_formats.plain_text import words
from events.programme_formats.schedule import Schedule, ScheduledSession, ScheduledTrack

CANCELLED = "CANCELLED"  # the formats have no word for it: what is not there does not take place
LONGEST = timedelta(hours=99, minutes=59)  # what HH:MM can say


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the programme, from its first hour to that of the next; sessions by room, "" for those without one."""

    index: int
    date: date
    starts_at: datetime
    ends_at: datetime
    rooms: dict[str, list[ScheduledSession]]


def days_of(schedule: Schedule) -> list[Day]:
    """The days of the event, and those besides on which it has sessions."""
    length = (schedule.ends_on - schedule.starts_on).days + 1
    dates = {schedule.starts_on + timedelta(days=n) for n in range(length)}
    dates |= {session.day for session in schedule.sessions if session.status != CANCELLED}
    return [_day(schedule, number, one) for number, one in enumerate(sorted(dates), 1)]


def _day(schedule: Schedule, index: int, one: date) -> Day:
    zone = ZoneInfo(schedule.timezone)
    moments = [datetime.combine(day, schedule.day_starts_at, zone) for day in (one, one + timedelta(days=1))]
    rooms: dict[str, list[ScheduledSession]] = {}
    for session in schedule.sessions:
        if session.day == one and session.status != CANCELLED:
            rooms.setdefault(words(session.room), []).append(session)
    places = {words(room): number for number, room in enumerate(schedule.rooms)}
    ordered = sorted(rooms, key=lambda room: places.get(room, len(places)))
    return Day(index, one, moments[0], moments[1], {room: rooms[room] for room in ordered})


def acronym_of(schedule: Schedule) -> str:
    """The short name in the letters that the schemas allow."""
    plain = re.sub("[^a-z0-9_]", "_", schedule.acronym.lower())
    return plain if len(plain) > 3 else f"event_{plain}"


def number_of(session: ScheduledSession) -> int:
    """A number for programs that know no guid. It is made from it: to count in rows would tell what is left out."""
    return int.from_bytes(hashlib.sha256(session.guid.bytes).digest()[:6]) or 1


def speakers_of(session: ScheduledSession) -> list[str]:
    """Whom programs show: not those who interpret."""
    return [name for one in session.persons if one.role != "INTERPRETER" and (name := words(one.name))]


def duration_in(session: ScheduledSession, *, with_seconds: bool = False) -> str:
    """HH:MM; HH:MM:SS where it has seconds and they are wanted."""
    lasts = min(session.ends_at.astimezone(UTC) - session.starts_at.astimezone(UTC), LONGEST)
    minutes, seconds = divmod(int(lasts.total_seconds()), 60)
    told = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{told}:{seconds:02}" if seconds and with_seconds else told


def color_of(track: ScheduledTrack) -> str:
    return track.color if re.fullmatch("#[0-9a-f]{6}", track.color) else "#708090"


def slug_of(slug: str) -> str:
    """`slug` where the schemas allow it, or ""."""
    return slug if re.fullmatch("[a-z][a-z0-9-]*[a-z0-9]", slug) else ""


def session_url(schedule: Schedule, session: ScheduledSession) -> str:
    return f"{schedule.url}sessions/{session.guid}/"
