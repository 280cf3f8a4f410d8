"""Papers about events, set by Typst. Knows no models: dataclasses in, the bytes of a tagged PDF out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from itertools import groupby

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pypdf import PageObject, PdfReader, PdfWriter, Transformation

from contacts.pdf import RIGHT_TO_LEFT, typeset
from events.programme_formats import Schedule, ScheduledSession
from network.labels import language_name


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a list of participants: below a section and a group, as what they come ("": nothing is said), and the
    lines below the name."""

    section: str
    group: str
    name: str
    role: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formal:
    """A formal letter, written out in its language; `verify` stands beside the QR code of `link`."""

    house: str
    number: str
    day: str
    addressee: tuple[str, ...]
    subject: str
    paragraphs: tuple[str, ...]
    signatory: tuple[str, ...]
    link: str
    verify: str


def formal_letter(letter: Formal, *, language: str) -> bytes:
    """The letter on a sheet with a letterhead, a signature block and a QR code (ISO/IEC 18004) that leads to the page
    where it is verified."""
    facts = {**asdict(letter), "qr": qr(letter.link)}
    return typeset("letter", {**facts, "language": language, "is_right_to_left": language in RIGHT_TO_LEFT})


def certificate(letter: Formal, *, language: str) -> bytes:
    """The letter as a certificate: a sheet across, with the name of the first line of the addressee in the middle."""
    facts = {**asdict(letter), "qr": qr(letter.link)}
    return typeset("certificate", {**facts, "language": language, "is_right_to_left": language in RIGHT_TO_LEFT})


@dataclass(frozen=True, slots=True)
class Badge:
    """What somebody wears: `code` is what a scanner reads, `color` (#rrggbb) that of the role."""

    name: str
    organization: str
    role: str
    color: str
    code: str


def badges(title: str, people: Sequence[Badge], *, language: str, is_sheet: bool) -> bytes:
    """Badges of the event `title`: ten on each sheet of A4 to cut (90 mm by 54 mm), or one on each page of A6."""
    facts = {
        "title": title,
        "badges": [{**asdict(one), "shown": f"{one.code[:5]} {one.code[5:]}", "qr": qr(one.code)} for one in people],
        **{"is_sheet": is_sheet, "language": language, "is_right_to_left": language in RIGHT_TO_LEFT},
    }
    return typeset("badges", facts)


def qr(text: str) -> str:
    """`text` as a QR code: an SVG picture as large as its frame, with error correction M."""
    picture: str = segno.make(text, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def list_of_participants(
    title: str, introduction: str, people: Sequence[Listed], *, language: str, footer: str, draft: str = ""
) -> bytes:
    """A list of `people`, who come in its order; `draft`: what lies across each page, where it is not final."""
    sections = [
        {
            "heading": heading,
            "groups": [
                {"heading": group, "people": [_person(one) for one in members]}
                for group, members in groupby(found, key=lambda one: one.group)
            ],
        }
        for heading, found in groupby(people, key=lambda one: one.section)
    ]
    facts = {
        **{"title": title, "introduction": introduction, "sections": sections, "footer": footer, "draft": draft},
        **{"is_draft": bool(draft), "language": language, "is_right_to_left": language in RIGHT_TO_LEFT},
    }
    return typeset("participants", facts)


def _person(one: Listed) -> dict[str, object]:
    return {"name": one.name, "role": one.role, "lines": one.lines}


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of a session, written out in their language; `rule`: what is said of naming nobody, or ""."""

    house: str
    event: str
    title: str
    heading: str
    when: str
    room: str
    rule: str
    people: tuple[str, ...]
    paragraphs: tuple[str, ...]


def minutes(paper: Minutes, *, language: str) -> bytes:
    """The minutes on sheets with a letterhead."""
    facts = {**asdict(paper), "language": language, "is_right_to_left": language in RIGHT_TO_LEFT}
    return typeset("minutes", facts)


def can_be_marked(document: bytes) -> bool:
    """Whether `document`, a PDF, can be written upon: it is neither encrypted nor broken."""
    return bool(marked(document, "·"))


def marked(document: bytes, words: str) -> bytes:
    """`document`, a PDF, with `words` across and at the foot of each page as it is seen; b"" where that cannot be."""
    try:
        reader = PdfReader(BytesIO(document))
        if reader.is_encrypted or not reader.pages:
            return b""
        writer = PdfWriter(clone_from=reader)
        marks: dict[tuple[float, float], PageObject] = {}
        for page in writer.pages:
            page.transfer_rotation_to_content()
            box = page.cropbox
            size = (float(box.width), float(box.height))
            if size not in marks:
                marks[size] = PdfReader(BytesIO(_mark(words, *size))).pages[0]
            page.merge_transformed_page(marks[size], Transformation().translate(float(box.left), float(box.bottom)))
        out = BytesIO()
        writer.write(out)
        return out.getvalue()
    except Exception:  # what is broken breaks in as many ways as there are
        return b""


def _mark(words: str, width: float, height: float) -> bytes:
    """A page of that size (in points) with nothing on it but `words`: an artifact, which is not read aloud."""
    return typeset("mark", {"words": words, "width": width, "height": height})


# -- programmes, in the active language, which is that of the schedule


def programme(schedule: Schedule, introduction: str, *, day: date | None = None, footer: str) -> bytes:
    """The programme to print, of all days or of one: sessions by day and start."""
    days = [
        {"heading": _day(one), "times": [{"time": start, "sessions": [*rows]} for start, rows in _by_start(sessions)]}
        for one, sessions in groupby(_on(schedule, day), key=lambda session: session.day)
    ]
    facts = {"title": schedule.title, "introduction": introduction, "days": days, "footer": footer}
    facts["empty"] = "" if days else _("There is no session.")
    return typeset("programme", {**facts, **_language(schedule)})


def door_signs(schedule: Schedule, *, day: date | None = None, room: str = "", footer: str) -> bytes:
    """For each room and day a sheet for the door, with its sessions in large type; of one day or `room` where it is
    said. Sessions without a room are on none."""
    found: dict[tuple[date, str], list[ScheduledSession]] = {}
    for session in _on(schedule, day):
        if session.room and room in ("", session.room):
            found.setdefault((session.day, session.room), []).append(session)
    places = {name: number for number, name in enumerate(schedule.rooms)}
    ordered = sorted(found, key=lambda sign: (sign[0], places[sign[1]]))
    signs = [
        {"day": _day(one), "room": name, "sessions": list(map(_printed, found[one, name]))} for one, name in ordered
    ]
    facts = {
        "title": schedule.title,
        "signs": signs,
        "footer": footer,
        "empty": "" if signs else _("There is no session."),
    }
    link = f"{schedule.url}programme/"
    return typeset("doors", {**facts, "link": link, "qr": qr(link), **_language(schedule)})


def _on(schedule: Schedule, day: date | None) -> list[ScheduledSession]:
    found = [session for session in schedule.sessions if day in (None, session.day)]
    return sorted(found, key=lambda session: (session.day, session.starts_at.timestamp(), session.room))


def _by_start(sessions: Iterable[ScheduledSession]) -> Iterator[tuple[str, Iterator[dict[str, object]]]]:
    for start, same in groupby(sessions, key=lambda session: f"{session.starts_at:%H:%M}"):
        yield start, map(_printed, same)


def _printed(session: ScheduledSession) -> dict[str, object]:
    """What a paper says of a session; interpreters work, and are not announced."""
    people = [person.name for person in session.persons if person.role != "INTERPRETER"]
    is_off = session.status == "CANCELLED"
    notes = [
        pgettext("session", "Cancelled") if is_off else "",
        pgettext("session", "Tentative") if session.status == "TENTATIVE" else "",
        session.readers,
        language_name(session.language) if session.language else "",
        _("Interpretation: %(languages)s") % {"languages": session.interpretation} if session.interpretation else "",
    ]
    return {
        "starts": f"{session.starts_at:%H:%M}",
        "ends": f"{session.ends_at:%H:%M}",
        "title": session.title,
        "people": list(dict.fromkeys(people)),
        "facts": list(filter(None, (session.room, session.track, session.kind and _(session.kind)))),
        "notes": list(filter(None, notes)),
        "is_off": is_off,
    }


def _day(day: date) -> str:
    return date_format(day, "l j F Y")


def _language(schedule: Schedule) -> dict[str, object]:
    return {"language": schedule.language, "is_right_to_left": schedule.language in RIGHT_TO_LEFT}
