"""Papers about events, set by Typst. Knows no models: dataclasses in, the bytes of a tagged PDF out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import groupby

import segno
from pypdf import PageObject, PdfReader, PdfWriter, Transformation

from contacts.pdf import RIGHT_TO_LEFT, typeset


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
