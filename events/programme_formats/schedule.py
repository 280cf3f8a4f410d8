"""A programme as a file describes it, before it is anybody's event; and as it is written into a file."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from network.sheets import Refusal


class ScheduleError(ValueError):
    """Why a whole file cannot be read, in a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of an event before its file is read: it holds where the file does not say."""

    acronym: str
    timezone: str
    day_starts_at: time
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ScheduledTrack:
    name: str
    slug: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class ScheduledPerson:
    """`reference`: the host of the programme and the person's number there ("fosdem.org:1324"); "" without a number.
    `role` as `Appearance.Role` has it; "" where the file does not say."""

    reference: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and abstract in one language; either may be missing."""

    language: str
    title: str = ""
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class ScheduledSession:
    """`day` is the day of the programme, to which a session past midnight still belongs. `track`, `room`: names.
    `wordings`: title and abstract by language; () where the file has one of each, in the language of the session.
    `status`, `audience`: codes, "" where the file does not say. `place`: where in the file it stands. For papers
    alone, in words: `interpretation`, languages and channels; `readers`, who may see it where not everybody may."""

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
    wordings: tuple[Wording, ...] = ()
    status: str = ""
    audience: str = ""
    place: str = field(default="", compare=False)
    interpretation: str = ""
    readers: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`refused`: sessions that could not be read, and why; `unreadable`: their guids, as far as they have one that can
    be read. `ignored`: sentences on what was left out or mended.
    `is_whole`: what is not in the file is to be seen as dropped, wherever it came from. To be written, it needs
    `language`, in which its texts are, the addresses of the `site` in that language and of the event (`url`), and the
    `version` that is published."""

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
    is_whole: bool = False
    unreadable: tuple[UUID, ...] = ()
    language: str = ""
    site: str = ""
    url: str = ""
    version: str = ""
