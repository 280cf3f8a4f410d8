"""Dates, times and durations as programmes write them. What is wrong with one is a RowError."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from network.sheets import RowError

YEARS = range(1970, 2200)  # a year outside is a slip of the pen, and would overflow somewhere later


def date_of(text: str) -> date | None:
    """The date of an ISO date, or of an ISO moment; None where nothing is written."""
    if not text:
        return None
    try:
        return _plausible(date.fromisoformat(text[:10]))
    except ValueError:
        raise RowError(_("“%(text)s” is not a date.") % {"text": text}) from None


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """An ISO moment in `zone`; without an offset it is the time there."""
    try:
        moment = datetime.fromisoformat(text)
        _plausible(moment)
    except ValueError:
        raise RowError(_("“%(text)s” is not a date and time.") % {"text": text}) from None
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _plausible(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError
    return day


def clock_of(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text.zfill(5)).replace(tzinfo=None)
    except ValueError:
        raise RowError(_("“%(text)s” is not a time of day.") % {"text": text}) from None


def duration_of(text: str) -> timedelta:
    """ "HH:MM" or "HH:MM:SS", and longer than nothing."""
    parts = re.fullmatch(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?", text)
    hours, minutes, seconds = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0)
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not duration:
        raise RowError(_("“%(text)s” is not a duration.") % {"text": text})
    return duration


def later(moment: datetime, duration: timedelta) -> datetime:
    """By the clock of the world and not of the wall, which changes in spring and autumn."""
    return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)


def is_later(one: datetime, other: datetime) -> bool:
    """By the clock of the world: two times on one wall are compared as they are written, whatever the season."""
    return one.astimezone(UTC) > other.astimezone(UTC)


def programme_day(moment: datetime, day_starts_at: time) -> date:
    return moment.date() - timedelta(days=moment.time() < day_starts_at)
