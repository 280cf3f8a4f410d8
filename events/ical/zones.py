"""Time zones as calendar programs can read them: one STANDARD and at most one DAYLIGHT rule, or else UTC.

The rules are read from the IANA data itself; the library's own zones are an hour late at some spring changes, and list
dates that Outlook ignores.
"""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import tzdata
from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur, vUTCOffset

from events.ical.values import line, when, written

TZDATA_VERSION: str = tzdata.__version__  # belongs in a feed's version; stored events are written anew when it changes

FIRST_YEAR, LAST_YEAR = 1990, 2060  # the years in which a zone's rule is looked for
PROVEN = 30  # years a rule has to hold: in a few it may seem to by chance
SETTLED = 3  # years until we trust other programs to have heard of a new rule; a time in UTC needs no such trust
ONSET_YEAR = 1970  # the year in which rules begin when written; programs are used to it
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True, order=True)
class Changeover:
    """The clocks change every year: in this month, on the nth weekday (-1 the last), at this hour of the old time."""

    month: int
    nth: int
    weekday: int
    at: timedelta
    before: timedelta
    after: timedelta

    def first(self) -> datetime:
        """The change-over of the first year written, as local time of the old offset."""
        month = months.monthcalendar(ONSET_YEAR, self.month)
        days = [week[self.weekday] for week in month if week[self.weekday]]
        return datetime(ONSET_YEAR, self.month, days[self.nth - (self.nth > 0)]) + self.at


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """How a zone is said in one STANDARD and at most one DAYLIGHT rule, and the first year for which that is true."""

    zone: str
    since: int
    changeovers: tuple[Changeover, ...]


def local_times(starts: datetime, ends: datetime, name: str) -> tuple[datetime, datetime]:
    """Both in the zone when its rule is true of them and the hour comes only once; otherwise both in UTC."""
    rule = timezone_rule(name)
    local = starts.astimezone(_zone(name)), ends.astimezone(_zone(name))
    is_said = rule is not None and rule.since + SETTLED <= local[0].year and local[1].year < LAST_YEAR
    return local if is_said and not any(moment.fold for moment in local) else (starts, ends)


@cache
def timezone_rule(zone: str) -> ZoneRule | None:
    """How to write this zone as a VTIMEZONE that Outlook can read; None when its times are to be written in UTC.

    Fixed offsets have no change-over, all others exactly two a year, each on the nth weekday of a month. The rule is
    read from the zone's own changes, from the last year backwards until it no longer holds. ValueError if unknown.
    """
    clock = _zone(zone)
    if "/" not in zone or zone.startswith("Etc/"):  # UTC and its other names, and the historic ones
        return None
    since, readings = LAST_YEAR, _readings(clock, LAST_YEAR)
    for year in range(LAST_YEAR - 1, FIRST_YEAR - 1, -1):
        agreed = _agreed(readings, _readings(clock, year))
        if agreed is None:
            break
        since, readings = year, agreed
    if since > LAST_YEAR - PROVEN or len(readings) not in (0, 2):
        return None
    return ZoneRule(zone, since, tuple(min(reading) for reading in readings))


def _agreed(later: Sequence[set[Changeover]], earlier: Sequence[set[Changeover]]) -> list[set[Changeover]] | None:
    agreed = [one & other for one, other in zip(later, earlier, strict=False)]
    return agreed if len(later) == len(earlier) and all(agreed) else None


def _readings(clock: ZoneInfo, year: int) -> list[set[Changeover]]:
    """For each change of the year the ways to say its day: as the fourth Sunday, or also as the last one."""
    return [_ways_to_say(moment, clock) for moment in _changes(clock, year)]


def _ways_to_say(moment: datetime, clock: ZoneInfo) -> set[Changeover]:
    before, after = _offset(clock, moment - timedelta(seconds=1)), _offset(clock, moment)
    local = moment.replace(tzinfo=None) + before
    nths = {(local.day - 1) // 7 + 1}
    if local.day + 7 > months.monthrange(local.year, local.month)[1]:
        nths.add(-1)
    at = local - datetime(local.year, local.month, local.day)
    return {Changeover(local.month, nth, local.weekday(), at, before, after) for nth in nths}


def _changes(clock: ZoneInfo, year: int) -> Iterator[datetime]:
    """The moments of the year (UTC) at which the offset changes. Since 1990 no two were less than six days apart."""
    looks = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=5 * look) for look in range(73)]
    offsets = [(look, _offset(clock, look)) for look in (*looks, datetime(year + 1, 1, 1, tzinfo=UTC))]
    for (before, old), (after, new) in pairwise(offsets):
        if old != new:
            yield _change_between(clock, before, after)


def _change_between(clock: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if _offset(clock, middle) == _offset(clock, before) else (before, middle)
    return after


def _offset(clock: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(clock).utcoffset() or timedelta()


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name."""
    return name in _zone_names()


@cache
def _zone(name: str) -> ZoneInfo:
    """The zone from the tzdata package and not from the machine, so that TZDATA_VERSION says which rules these are."""
    if not is_zone(name):
        raise ValueError(f"There is no time zone {name!r}.")
    with files(tzdata).joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(files(tzdata).joinpath("zones").read_text().split())


@cache
def vtimezone(name: str) -> str:
    """The VTIMEZONE; empty if the zone has no rule any more, as an event stored under older rules may still name it."""
    rule = timezone_rule(name)
    if rule is None:
        return ""
    zone = Timezone()
    zone["TZID"] = line(name)
    clock = _zone(name)
    for change in sorted(rule.changeovers, key=lambda change: change.after):
        zone.add_component(_season(change, clock))
    if not rule.changeovers:
        zone.add_component(_fixed(clock))
    return written(zone)


def _season(change: Changeover, clock: ZoneInfo) -> Component:
    season = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    season["DTSTART"] = when(change.first())
    byday = f"{change.nth}{WEEKDAYS[change.weekday]}"
    season["RRULE"] = vRecur(freq="YEARLY", bymonth=change.month, byday=byday)
    season["TZOFFSETFROM"], season["TZOFFSETTO"] = vUTCOffset(change.before), vUTCOffset(change.after)
    season["TZNAME"] = line(_name_of(change.after, clock))
    return season


def _fixed(clock: ZoneInfo) -> Component:
    offset = _offset(clock, datetime(LAST_YEAR, 1, 1, tzinfo=UTC))
    standard = TimezoneStandard()
    standard["DTSTART"] = when(datetime(ONSET_YEAR, 1, 1))
    standard["TZOFFSETFROM"] = standard["TZOFFSETTO"] = vUTCOffset(offset)
    standard["TZNAME"] = line(_name_of(offset, clock))
    return standard


def _name_of(offset: timedelta, clock: ZoneInfo) -> str:
    """What the zone calls this offset ("CEST") in the last year of its rules."""
    days = (datetime(LAST_YEAR, month, 15, tzinfo=UTC).astimezone(clock) for month in range(1, 13))
    return next(day.tzname() or "" for day in days if day.utcoffset() == offset)
