"""The schedule.xml of Pentabarf, frab, pretalx and their kin (https://c3voc.de/wiki/schedule), read and written."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from events.programme_formats.gathering import GENERATOR, Gathering, RawHead, RawSession, own_language
from events.programme_formats.plain_text import paragraphs, words
from events.programme_formats.schedule import Frame, Schedule, ScheduledSession, ScheduleError
from events.programme_formats.slots import (
    acronym_of,
    color_of,
    days_of,
    duration_in,
    number_of,
    session_url,
    slug_of,
    speakers_of,
)
from network.sheets import RowError

MOST_ELEMENTS = 1_000_000  # FOSDEM's 1,105 sessions are 40,000
# What of an event becomes part of a session. Anything else that it holds is told to the reader.
TEXTS = {"title", "subtitle", "abstract", "description", "type", "language"}
READ = TEXTS | {"date", "start", "duration", "room", "track", "persons"}
OURS = {"url"}  # what we write ourselves, and need not be told of


def read_xml(path: Path, frame: Frame | None) -> Schedule:
    """The programme in the file at `path`. Raises ScheduleError where the file is not a schedule.xml, is damaged or
    hostile, or its time zone is unknown."""
    reader = _Reader(Gathering(frame))
    try:
        with path.open("rb") as file:
            for moment, element in iterparse(file, events=("start", "end")):
                reader.take(moment, element)
    except RowError as error:  # in the head or in a day; an event keeps its own
        raise ScheduleError(str(error)) from None
    except DefusedXmlException:
        raise ScheduleError(_("The file declares XML entities, which a programme does not need.")) from None
    except ParseError as error:
        line, _column = error.position
        raise ScheduleError(_("This is not XML, or it is damaged (line %(line)s).") % {"line": line}) from None
    except ScheduleError:
        raise
    except (LookupError, ValueError):  # from the parser, about the encoding
        raise ScheduleError(_("The file is in an encoding that cannot be read. Save it as UTF-8.")) from None
    return reader.gathering.schedule()


@dataclass(slots=True)
class _Reader:
    """Takes the elements as they come and lets go of each when it is read."""

    gathering: Gathering
    depth: int = 0
    elements: int = 0
    language: str = ""

    def take(self, moment: str, element: Any) -> None:
        self.depth += 1 if moment == "start" else -1
        self.elements += moment == "start"
        if self.elements > MOST_ELEMENTS:
            raise ScheduleError(_("The file is too large for a programme."))
        if moment == "start" and self.depth == 1 and element.tag != "schedule":
            raise ScheduleError(
                _("This is not a programme in schedule.xml: it begins with “%(tag)s”.") % {"tag": element.tag[:40]}
            )
        read = {
            ("start", "generator"): self._generator,
            ("end", "conference"): self._conference,
            ("start", "day"): self._day,
            ("start", "room"): self._room,
            ("end", "event"): self._event,
            ("end", "track"): self._track,
            ("end", "day"): self._leave,
        }.get((moment, element.tag))
        if read:
            read(element)

    def _generator(self, generator: Any) -> None:
        self.language = own_language(generator.get("name") or "", generator.get("system") or "")

    def _conference(self, conference: Any) -> None:
        self.gathering.take_head(
            RawHead(
                title=_text(conference, "title"),
                acronym=_text(conference, "acronym"),
                timezone=_text(conference, "time_zone_name"),
                day_change=_text(conference, "day_change"),
                start=_text(conference, "start"),
                end=_text(conference, "end"),
                venue=_text(conference, "venue"),
                city=_text(conference, "city"),
                address=_text(conference, "base_url") or _text(conference, "url"),
                language=self.language,
            )
        )

    def _day(self, day: Any) -> None:
        self.gathering.take_day(day.get("date") or "", day.get("start") or "")

    def _leave(self, day: Any) -> None:
        day.clear()

    def _room(self, room: Any) -> None:
        if "name" in room.attrib:  # an event has a <room> too, which has no name of this kind
            self.gathering.take_room(room.get("name"))

    def _track(self, track: Any) -> None:
        name = words(track.text or "") or track.get("name") or ""
        self.gathering.take_track(name, track.get("slug") or "", track.get("color") or "")

    def _event(self, event: Any) -> None:
        known = READ | OURS if self.language else READ
        self.gathering.take_session(
            RawSession(
                identity=words(event.get("id") or event.get("code") or event.get("guid") or ""),
                guid=event.get("guid") or "",
                date=_text(event, "date"),
                start=_text(event, "start"),
                duration=_text(event, "duration"),
                title=_text(event, "title"),
                subtitle=_text(event, "subtitle"),
                abstract=event.findtext("abstract") or "",
                description=event.findtext("description") or "",
                kind=_text(event, "type"),
                language=_text(event, "language"),
                track=_text(event, "track"),
                room=_text(event, "room"),
                persons=[(one.get("id") or one.get("guid") or "", one.text or "") for one in event.iter("person")],
                unread=[part.tag for part in event if part.tag not in known and _holds(part)],
            )
        )
        event.clear()


def _text(element: Any, tag: str) -> str:
    return words(element.findtext(tag) or "")


def _holds(element: Any) -> bool:
    return len(element) > 0 or bool((element.text or "").strip())


# -- written


def write_xml(schedule: Schedule) -> bytes:
    """`schedule` as a schedule.xml, valid against the schema of c3voc: the same bytes for the same schedule."""
    writer = _Writer()
    with writer.inside("schedule"):
        writer.leaf("generator", "", {"name": GENERATOR, "system": schedule.site, "version": "1"})
        writer.leaf("url", f"{schedule.url}schedule.xml")
        writer.leaf("version", schedule.version)
        _conference(writer, schedule)
        for day in days_of(schedule):
            moments = {"start": day.starts_at.isoformat(), "end": day.ends_at.isoformat()}
            with writer.inside("day", {"index": str(day.index), "date": f"{day.date}", **moments}):
                for room, sessions in day.rooms.items():
                    with writer.inside("room", {"name": room}):
                        for session in sessions:
                            _event(writer, schedule, session)
    return writer.content()


class _Writer:
    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.xml = SimplerXMLGenerator(self.file, "utf-8", short_empty_elements=True)
        self.xml.startDocument()

    def content(self) -> bytes:
        self.xml.endDocument()
        return self.file.getvalue()

    @contextmanager
    def inside(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        self.xml.startElement(name, AttributesImpl({key: words(value) for key, value in (attributes or {}).items()}))
        yield
        self.xml.endElement(name)

    def leaf(self, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
        with self.inside(name, attributes):
            self.xml.characters(text)


def _conference(writer: _Writer, schedule: Schedule) -> None:
    with writer.inside("conference"):
        facts = {
            "acronym": acronym_of(schedule),
            "title": words(schedule.title),
            "start": f"{schedule.starts_on}",
            "end": f"{schedule.ends_on}",
            "days": str(len(days_of(schedule))),
            "timeslot_duration": "00:05",
            "base_url": schedule.site,
            "url": schedule.url,
            "time_zone_name": schedule.timezone,
        }
        for name, text in facts.items():
            writer.leaf(name, text)
        for track in schedule.tracks:
            slug = {"slug": track.slug} if slug_of(track.slug) else {}
            writer.leaf("track", words(track.name), {"name": track.name, "color": color_of(track), **slug})


def _event(writer: _Writer, schedule: Schedule, session: ScheduledSession) -> None:
    with writer.inside("event", {"id": str(number_of(session)), "guid": str(session.guid)}):
        facts = {
            "room": words(session.room),
            "title": words(session.title),
            "subtitle": words(session.subtitle),
            "type": words(session.kind),
            "date": session.starts_at.isoformat(),
            "start": f"{session.starts_at:%H:%M}",
            "duration": duration_in(session, with_seconds=True),
            "abstract": paragraphs(session.abstract),
            "track": words(session.track),
        }
        for name, text in facts.items():
            writer.leaf(name, text)
        with writer.inside("persons"):
            for name in speakers_of(session):
                writer.leaf("person", name)
        writer.leaf("language", words(session.language))
        writer.leaf("description", paragraphs(session.description))
        writer.leaf("url", session_url(schedule, session))
