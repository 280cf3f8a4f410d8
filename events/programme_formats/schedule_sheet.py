"""A programme as a table, one session a row: XLSX is written; XLSX, ODS and CSV are read.

The columns are known by their names in any language of the house, in any order, and most may be missing. Titles and
abstracts have a column for each language.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from events.programme_formats.gathering import MOST_LETTERS, MOST_SESSIONS
from events.programme_formats.plain_text import paragraphs, words
from events.programme_formats.schedule import (
    Frame,
    Schedule,
    ScheduledPerson,
    ScheduledSession,
    ScheduleError,
    Wording,
)
from events.programme_formats.times import clock_of, date_of, duration_of, is_later, later, moment_of, programme_day
from events.sheets import table_of
from network.names import fold
from network.sheets import Refusal, Row, RowError, SheetError, open_sheet, within

LANGUAGES = [code for code, _name in settings.LANGUAGES]
COLUMNS = {
    "id": gettext_lazy("Session ID"),
    "day": gettext_lazy("Day"),
    "starts": gettext_lazy("Starts"),
    "ends": gettext_lazy("Ends"),
    "duration": gettext_lazy("Duration"),
    "title": gettext_lazy("Title"),
    "abstract": gettext_lazy("Abstract"),
    "room": gettext_lazy("Room"),
    "track": gettext_lazy("Track"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "status": gettext_lazy("Status"),
    "audience": gettext_lazy("Audience"),
}
PEOPLE = {
    "SPEAKER": gettext_lazy("Speakers"),
    "MODERATOR": gettext_lazy("Moderators"),
    "PANELLIST": gettext_lazy("Panellists"),
    "INTERPRETER": gettext_lazy("Interpreters"),
    "RAPPORTEUR": gettext_lazy("Rapporteurs"),
    "TRAINER": gettext_lazy("Trainers"),
}
STATUS = {
    "CONFIRMED": pgettext_lazy("session", "Confirmed"),
    "TENTATIVE": pgettext_lazy("session", "Tentative"),
    "CANCELLED": pgettext_lazy("session", "Cancelled"),
}
AUDIENCE = {
    "PUBLIC": gettext_lazy("Everybody"),
    "PARTICIPANTS": gettext_lazy("Participants with a seat"),
    "TRAINERS": gettext_lazy("Trainers of the event"),
    "CIRCLE": gettext_lazy("A circle of participants"),
}
WRITTEN = ("id", "starts", "ends", "title", "room", "track", "kind", "language", "status", "audience")
IN_LANGUAGES = re.compile(r"(.+?)\s*[(\[]([a-z]{2})[)\]]")  # “Title (fr)”
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?(\.\d+)?")
LONGEST_CELL = 32_767  # letters, in Excel; what is longer is left out, and an empty cell changes nothing
BETWEEN_NAMES = re.compile(r"[;\n]+")


# -- read


def read_table(path: Path, frame: Frame | None) -> Schedule:
    """The programme in the table at `path`, of the event in `frame`. Raises ScheduleError where it cannot be read or no
    column says when the sessions start or what they are called."""
    if frame is None:
        raise ScheduleError(_("The file does not say when and where the event is. Make the event first."))
    try:
        sheet = open_sheet(path)
        columns = known_columns(sheet.columns)
        missing = [str(COLUMNS[name]) for name in ("title", "starts") if not _has(columns, name)]
        if missing:
            names = ", ".join(f"“{name}”" for name in missing)
            raise ScheduleError(_("There is no column %(names)s. Take the template.") % {"names": names})
        reader = _Reader(frame, columns)
        for row in sheet.rows:
            reader.take(row)
    except SheetError as error:
        raise ScheduleError(str(error)) from None
    remarks = [str(remark) for remark in sheet.reading.remarks]
    unread = [column for column in sheet.columns if column not in columns and column.strip()]
    if unread:
        remarks.append(_("Columns that were not read: %(columns)s.") % {"columns": ", ".join(unread[:20])})
    return reader.schedule(remarks)


def known_columns(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Of the column names that are known: what each holds, and in which language ("" where it does not say)."""
    known = _spellings()
    found = {}
    for name in names:
        told = IN_LANGUAGES.fullmatch(words(name).lower())
        label, language = told.groups() if told and told[2] in LANGUAGES else (name, "")
        if meaning := known.get(fold(words(label))):
            found[name] = (meaning, language)
    return found


def _spellings() -> dict[str, str]:
    """Folded name in any language of the house -> column, or role of those in it."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            found |= {fold(str(label)): name for name, label in {**COLUMNS, **PEOPLE}.items()}
    return found


def _has(columns: Mapping[str, tuple[str, str]], name: str) -> bool:
    return any(meaning == name for meaning, _language in columns.values())


@dataclass(slots=True)
class _Reader:
    frame: Frame
    columns: dict[str, tuple[str, str]]
    sessions: dict[UUID, ScheduledSession] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    unreadable: list[UUID] = field(default_factory=list)
    without_id: int = 0

    def take(self, row: Row) -> None:
        if len(self.sessions) + len(self.refused) >= MOST_SESSIONS:
            raise ScheduleError(_("There are more than %(most)d sessions in the file.") % {"most": MOST_SESSIONS})
        cells = {meaning: row.values.get(name, "") for name, meaning in self.columns.items()}
        if not any(cells.values()):
            return
        try:
            session = self._session(cells, row.number)
            if session.guid in self.sessions:
                raise RowError(
                    _("It is the same session as in %(place)s.") % {"place": self.sessions[session.guid].place}
                )
        except RowError as error:
            self.refused.append(Refusal(row.number, str(error)))
            self.unreadable += self._named(cells.get(("id", ""), ""))
        else:
            self.sessions[session.guid] = session

    def schedule(self, remarks: list[str]) -> Schedule:
        frame = self.frame
        if self.without_id:
            remarks.append(
                _("Rows without a session ID are known by title, start and room: change one, and it is a new session.")
            )
        return Schedule(
            **{"title": "", "acronym": frame.acronym, "timezone": frame.timezone, "venue": "", "city": ""},
            day_starts_at=frame.day_starts_at,
            starts_on=frame.starts_on,
            ends_on=frame.ends_on,
            tracks=(),
            rooms=(),
            sessions=tuple(self.sessions.values()),
            refused=tuple(self.refused),
            unreadable=tuple(self.unreadable),
            ignored=tuple(remarks),
            is_whole=True,
        )

    def _session(self, cells: Mapping[tuple[str, str], str], number: int) -> ScheduledSession:
        texts = {meaning: words(text) for (meaning, language), text in cells.items() if not language}
        wordings, title = self._wordings(cells)
        starts_at, ends_at = self._times(texts)
        return ScheduledSession(
            guid=self._guid(texts.get("id", ""), f"{fold(title)}|{starts_at}|{fold(texts.get('room', ''))}"),
            reference="",
            title=title,
            **{"subtitle": "", "abstract": "", "description": ""},
            kind=texts.get("kind", ""),
            language=texts.get("language", "").lower().replace("_", "-"),
            track=texts.get("track", ""),
            room=texts.get("room", ""),
            day=programme_day(starts_at, self.frame.day_starts_at),
            starts_at=starts_at,
            ends_at=ends_at,
            persons=tuple(dict.fromkeys(_persons(cells))),
            wordings=wordings,
            status=_code(texts.get("status", ""), STATUS),
            audience=_code(texts.get("audience", ""), AUDIENCE),
            place=_("row %(row)s") % {"row": number},
        )

    def _wordings(self, cells: Mapping[tuple[str, str], str]) -> tuple[tuple[Wording, ...], str]:
        """Title and abstract in each language that the row has, and one title to speak of it."""
        found = []
        for language in ("", *LANGUAGES):
            title = words(cells.get(("title", language), ""))
            abstract = paragraphs(cells.get(("abstract", language), ""))
            for name, text in {"title": title, "abstract": abstract}.items():
                within(text, MOST_LETTERS[name], name)
            if title or abstract:
                spoken = words(cells.get(("language", ""), "")).lower()[:2]
                own = language or (spoken if spoken in LANGUAGES else settings.LANGUAGE_CODE)
                found.append(Wording(own, title, abstract))
        title = next((wording.title for wording in found if wording.title), "")
        if not title:
            raise RowError(_("It has no title."))
        return tuple(found), title

    def _times(self, texts: Mapping[str, str]) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.frame.timezone)
        starts_at = _moment(texts.get("starts", ""), date_of(texts.get("day", "")), zone)
        if starts_at is None:
            raise RowError(_("It does not say when it starts."))
        ends = texts.get("ends", "")
        ends_at = _moment(ends, starts_at.date(), zone)
        if ends_at is None and not texts.get("duration"):
            raise RowError(_("It does not say when it ends."))
        if ends_at is None:
            ends_at = later(starts_at, duration_of(texts["duration"]))
        elif CLOCK.fullmatch(ends) and not is_later(ends_at, starts_at):  # past midnight
            ends_at = datetime.combine(ends_at.date() + timedelta(days=1), ends_at.time(), zone)
        if not is_later(ends_at, starts_at):
            raise RowError(_("A session cannot end before it starts."))
        return starts_at, ends_at

    def _guid(self, text: str, otherwise: str) -> UUID:
        for named in self._named(text):
            return named
        self.without_id += 1
        return uuid5(NAMESPACE_URL, f"{self.frame.acronym}:{otherwise}")

    def _named(self, text: str) -> list[UUID]:
        """The guid that the ID of a row is, or makes; none without one."""
        try:
            return [UUID(text)]
        except ValueError:
            return [uuid5(NAMESPACE_URL, f"{self.frame.acronym}:{words(text)}")] if words(text) else []


def _moment(text: str, day: date | None, zone: ZoneInfo) -> datetime | None:
    """A date and time, to the second; of a time alone, on that `day`. None where nothing is written."""
    if not text:
        return None
    if CLOCK.fullmatch(text):
        clock = clock_of(text.partition(".")[0])
        if day is None or clock is None:
            raise RowError(_("It does not say on which day it is."))
        return datetime.combine(day, clock, zone)
    moment = moment_of(text, zone)
    return moment.replace(microsecond=0) + timedelta(seconds=moment.microsecond >= 500_000)


def _persons(cells: Mapping[tuple[str, str], str]) -> Iterator[ScheduledPerson]:
    for (role, _language), text in cells.items():
        if role in PEOPLE:
            names = (words(name) for name in BETWEEN_NAMES.split(text))
            yield from (ScheduledPerson("", name, role) for name in names if name)


def _code(text: str, choices: Mapping[str, object]) -> str:
    """The code of what the cell says in any language of the house; else what it says, in capitals."""
    for language in LANGUAGES:
        with override(language):
            for code, label in choices.items():
                if fold(text) in (fold(str(label)), fold(code)):
                    return code
    return text.upper()


# -- written


def write_table(schedule: Schedule) -> bytes:
    """`schedule` as a workbook to read, to change and to take in again; without sessions it is a template. Its headings
    are in the active language."""
    headings = [column for name in WRITTEN for column in _headings(name)]
    headings += [*_headings("abstract"), *(str(label) for label in PEOPLE.values())]
    choices = {
        str(COLUMNS["room"]): [words(room) for room in schedule.rooms],
        str(COLUMNS["track"]): [words(track.name) for track in schedule.tracks],
        str(COLUMNS["status"]): [str(label) for label in STATUS.values()],
        str(COLUMNS["audience"]): [str(label) for label in AUDIENCE.values()],
    }
    rows = (_row(session, schedule.language) for session in schedule.sessions)
    is_right_to_left = schedule.language == "ar"
    return table_of(_("Programme"), headings, rows, choices, is_right_to_left=is_right_to_left)


def _headings(name: str) -> list[str]:
    label = str(COLUMNS[name])
    return [f"{label} ({code})" for code in LANGUAGES] if name in ("title", "abstract") else [label]


def _row(session: ScheduledSession, language: str) -> list[str | datetime]:
    wordings = session.wordings or (Wording(language, session.title, session.abstract),)
    said = {wording.language: wording for wording in wordings}
    titles = [words(said[code].title) if code in said else "" for code in LANGUAGES]
    abstracts = [paragraphs(said[code].abstract) if code in said else "" for code in LANGUAGES]
    times = [_written(moment) for moment in (session.starts_at, session.ends_at)]
    facts = [session.room, session.track, session.kind, session.language]
    codes = [str(STATUS.get(session.status, session.status)), str(AUDIENCE.get(session.audience, session.audience))]
    people = ["\n".join(_names(session, role)) for role in PEOPLE]
    cells = [str(session.guid), *times, *titles, *map(words, facts), *codes, *abstracts, *people]
    return ["" if isinstance(cell, str) and len(cell) > LONGEST_CELL else cell for cell in cells]


def _written(moment: datetime) -> str | datetime:
    """By the clock of the place; with its distance from UTC at an hour that this clock shows twice."""
    if moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset():
        return moment.isoformat()
    return moment.replace(tzinfo=None)


def _names(session: ScheduledSession, role: str) -> list[str]:
    names = (words(person.name.replace(";", ",")) for person in session.persons if (person.role or "SPEAKER") == role)
    return [name for name in names if name]
