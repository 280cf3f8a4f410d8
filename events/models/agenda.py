"""Agenda: what is on and when, our events and the missions to others side by side; and who of us is to be at two places
at once. Nothing of it is kept: it is read off the rows."""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.utils.functional import cached_property

from contacts.models import Person
from events.models.event import Event
from events.models.mission import Mission
from events.models.registration import Registration
from events.models.session import Appearance, Session


@dataclass(frozen=True)
class Entry:
    """One line of the calendar."""

    record: Event | Mission

    @property
    def is_ours(self) -> bool:
        return isinstance(self.record, Event)

    @property
    def is_off(self) -> bool:
        """Whether it does not take place."""
        return self.record.is_cancelled if self.is_ours else self.record.is_called_off

    @property
    def place(self) -> str:
        if not self.is_ours:
            return self.record.place()
        return self.record.venue.place() if self.record.venue else ""

    def touches(self, first: datetime.date, last: datetime.date) -> bool:
        return self.record.starts_on <= last and self.record.ends_on >= first


@dataclass(frozen=True)
class Month:
    """A month of the calendar, and what touches it."""

    first: datetime.date
    entries: list[Entry]

    @property
    def last(self) -> datetime.date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def ours(self) -> int:
        return sum(entry.is_ours for entry in self.entries)

    @property
    def others(self) -> int:
        return len(self.entries) - self.ours

    def marks(self) -> list[tuple[int, str]]:
        """Each day, and whether something of ours, of others, of both or nothing is on."""
        days = []
        for number in range(1, self.last.day + 1):
            day = self.first.replace(day=number)
            kinds = {entry.is_ours for entry in self.entries if not entry.is_off and entry.touches(day, day)}
            days.append((number, {0: "", 2: "both"}.get(len(kinds), "ours" if True in kinds else "others")))
        return days


@dataclass(frozen=True)
class Stay:
    """That somebody is at `record` from one day to another."""

    person: Person
    record: Event | Mission
    first: datetime.date
    last: datetime.date

    def meets(self, other: "Stay") -> bool:
        return self.record != other.record and self.first <= other.last and self.last >= other.first


@dataclass(frozen=True)
class Clash:
    """That somebody of us is to be at a mission and elsewhere at once."""

    person: Person
    mission: Mission
    other: Event | Mission


class Agenda:
    """Of so many months from `first` on, what `viewer` may see. `events` and `missions` are already narrowed to what is
    asked for."""

    def __init__(self, viewer, first: datetime.date, months: int, events, missions):
        self.viewer = viewer
        self.firsts = [_later(first.replace(day=1), n) for n in range(months)]
        self.first, self.end = self.firsts[0], _later(self.firsts[0], months) - datetime.timedelta(days=1)
        self.events, self.missions = events, missions

    @cached_property
    def entries(self) -> list[Entry]:
        events = self.events.filter(starts_on__lte=self.end, ends_on__gte=self.first).select_related("venue__country")
        missions = self.missions.within(self.first, self.end).select_related("country", "host")
        missions = missions.prefetch_related("envoys__person")
        found = [Entry(one) for rows in (events, missions) for one in rows]
        return sorted(found, key=lambda one: (one.record.starts_on, one.record.ends_on, not one.is_ours, one.record.pk))

    def months(self) -> Iterator[Month]:
        for first in self.firsts:
            month = Month(first, [])
            month.entries.extend(entry for entry in self.entries if entry.touches(first, month.last))
            yield month

    def clashes(self) -> list[Clash]:
        """Of those who go on one of the missions shown, whoever is to be elsewhere at once."""
        return clashes([entry.record for entry in self.entries if not (entry.is_ours or entry.is_off)], self.viewer)


def clashes(missions: Iterable[Mission], viewer) -> list[Clash]:
    """For each of those who go on `missions`: where else they are to be on the same days, as far as `viewer` sees."""
    shown = {mission for mission in missions if not mission.is_called_off}
    if not shown:
        return []
    first, last = min(mission.starts_on for mission in shown), max(mission.ends_on for mission in shown)
    going = {envoy.person for mission in shown for envoy in mission.envoys.all()}
    stays = defaultdict(list)
    for stay in [*_missions(going, viewer, first, last), *_events(going, viewer, first, last)]:
        stays[stay.person].append(stay)
    found = {}
    for person, own in stays.items():
        for one, other in combinations(sorted(own, key=lambda stay: (stay.first, stay.last)), 2):
            mission, elsewhere = (one.record, other.record) if one.record in shown else (other.record, one.record)
            if mission in shown and one.meets(other):
                found[person, frozenset({mission, elsewhere})] = Clash(person, mission, elsewhere)
    return sorted(found.values(), key=lambda one: (one.mission.starts_on, str(one.person), one.other.starts_on))


def _missions(people, viewer, first: datetime.date, last: datetime.date) -> Iterator[Stay]:
    rows = Mission.objects.visible_to(viewer).standing().within(first, last).filter(envoys__person__in=people)
    for mission in rows.distinct().prefetch_related("envoys__person"):
        for envoy in mission.envoys.all():
            if envoy.person in people:
                yield Stay(envoy.person, mission, mission.starts_on, mission.ends_on)


def _events(people, viewer, first: datetime.date, last: datetime.date) -> Iterator[Stay]:
    """Where they have a seat in the room, or stand in the programme."""
    if not viewer.has_perm("events.view_event"):
        return
    seats = Registration.objects.visible_to(viewer).on_site().filter(person__in=people)
    seats = seats.filter(event__starts_on__lte=last, event__ends_on__gte=first, event__status=Event.Status.ANNOUNCED)
    for seat in seats.select_related("person", "event"):
        yield Stay(seat.person, seat.event, seat.event.starts_on, seat.event.ends_on)
    spoken = Appearance.objects.filter(person__in=people, session__in=Session.objects.taking_place())
    spoken = spoken.exclude(session__event__status=Event.Status.CANCELLED)
    spoken = spoken.filter(session__event__starts_on__lte=last, session__event__ends_on__gte=first)
    for one in spoken.select_related("person", "session__event"):
        day = one.session.local_start.date()
        yield Stay(one.person, one.session.event, day, day)


def _later(first: datetime.date, months: int) -> datetime.date:
    """The first day of the month so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return datetime.date(first.year + years, month + 1, 1)
