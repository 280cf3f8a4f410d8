"""A programme as a file describes it, before it is anybody's event."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from network.sheets import Refusal


class ScheduleError(ValueError):
    """Why a whole file cannot be read, in a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class ScheduledTrack:
    name: str
    slug: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class ScheduledPerson:
    """`reference`: the host of the programme and the person's number there ("fosdem.org:1324"); "" without a number."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class ScheduledSession:
    """`day` is the day of the programme, to which a session past midnight still belongs. `track`, `room`: names."""

    guid: UUID
    reference: str
    title: str
    subtitle: str
    abstract: str
    description: str
    kind: str
    language: str
    track: str
    room: str
    day: date
    starts_at: datetime
    ends_at: datetime
    persons: tuple[ScheduledPerson, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """`refused`: sessions that could not be read, and why. `ignored`: sentences on what was left out or mended."""

    title: str
    acronym: str
    timezone: str
    day_starts_at: time
    starts_on: date
    ends_on: date
    venue: str
    city: str
    tracks: tuple[ScheduledTrack, ...]
    rooms: tuple[str, ...]
    sessions: tuple[ScheduledSession, ...]
    refused: tuple[Refusal, ...]
    ignored: tuple[str, ...]
