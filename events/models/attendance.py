"""Attendance: in how many sessions of an event somebody was, worked out from who came in at which door and when."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from events.models.audience import Audience
from events.models.event import Event
from events.models.presence import Direction, Presence, day_at_doors
from events.models.session import Session

# Kinds of sessions that nobody has to sit through.
APART = ("Break", "Registration", "Reception")
FOR_ALL_WITH_A_SEAT = (Audience.PUBLIC, Audience.PARTICIPANTS)
Span = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Attendance:
    """In how many of how many sessions; of an event without sessions, on how many of its days."""

    attended: int
    held: int

    @property
    def share(self) -> int:
        """In per cent, rounded down: nobody has 80 % of 79.9."""
        return 100 * self.attended // self.held if self.held else 0


def attendance(event: Event) -> dict[int, Attendance]:
    """Registration (key) -> its attendance, of everybody who came at all.

    Who came in at the door of a session was there; so was who was in the house for at least half of it. Without a scan
    on the way out somebody stayed until the last session of that day was over. A session for trainers or for a circle
    counts for who was let in at its door, and for nobody else: its number is no business of others. Two queries.
    """
    held = [one for one in event.sessions.taking_place() if one.kind not in APART]
    found: dict[int, list[Presence]] = defaultdict(list)
    for presence in Presence.objects.filter(registration__event=event).order_by("at", "pk"):
        found[presence.registration_id].append(presence)
    if not held:
        return {key: Attendance(len({row.day for row in rows}), len(event.days)) for key, rows in found.items()}
    return {key: _attendance(event, rows, held) for key, rows in found.items()}


def _attendance(event: Event, rows: list[Presence], held: list[Session]) -> Attendance:
    doors = {row.session_id for row in rows}
    own = [one for one in held if one.audience in FOR_ALL_WITH_A_SEAT or one.pk in doors]
    return Attendance(len(_attended(event, rows, own)), len(own))


def _attended(event: Event, rows: list[Presence], held: list[Session]) -> set[int]:
    """The sessions (keys) in which the one with these presences was."""
    at_their_doors = {row.session_id for row in rows if row.session_id and row.direction == Direction.IN}
    spans = list(_spans(event, [row for row in rows if row.session_id is None], held))
    inside = {one.pk for one in held if 2 * _overlap(one, spans) >= one.ends_at - one.starts_at}
    return {one.pk for one in held if one.pk in at_their_doors} | inside


def _spans(event: Event, rows: list[Presence], held: list[Session]) -> Iterable[Span]:
    """From when until when they were in the house, day by day; none of them overlap."""
    for day in sorted({row.day for row in rows}):
        ends = [one.ends_at for one in held if day_at_doors(event, one.starts_at) == day]
        came_at = None
        for row in rows:
            if row.day != day:
                continue
            if row.direction == Direction.IN:
                came_at = came_at or row.at
            elif came_at:
                yield came_at, row.at
                came_at = None
        if came_at and ends:
            yield came_at, max(max(ends), came_at)


def _overlap(session: Session, spans: Iterable[Span]) -> datetime.timedelta:
    times = (min(until, session.ends_at) - max(since, session.starts_at) for since, until in spans)
    return sum((time for time in times if time > datetime.timedelta()), datetime.timedelta())
