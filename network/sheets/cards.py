"""vCards 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350) as rows: one card a row, one kind of property a column.

vobject, the library that is kept up, knows 3.0 alone and stops at many a card that Outlook or a telephone wrote."""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets.cells import SheetError, one_line
from network.sheets.encodings import BYTES_LIMIT, byte_lines, ranked, text_of

# Said of the file or of a program, not of the human being.
UNSAID = frozenset(
    ("BEGIN", "END", "VERSION", "PRODID", "REV", "PROFILE", "X-ABLABEL", "X-ABADR", "X-ABUID", "X-MS-OL-DESIGN")
)
DATA = frozenset(["PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"])
NAME_PARTS = ("family", "given", "additional", "prefix", "suffix")
ADDRESS_COUNTRY = 6  # the seventh part of ADR
# The words by which TEL says what it is for; the first that it says names its column.
USES = ("FAX", "PAGER", "ASSISTANT", "CELL", "HOME", "WORK", "MAIN", "OTHER")
_USE_WORDS = {"MOBILE": "CELL", "IPHONE": "CELL", "HOMEFAX": "FAX", "WORKFAX": "FAX", "ASSISTANTPHONE": "ASSISTANT"}


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    group: str
    words: frozenset[str]  # its kinds, in capitals: of TYPE=, or bare as in 2.1
    value: str
    is_preferred: bool


@dataclass(slots=True)
class _Card:
    line: int
    version: str = ""
    properties: list[_Property] = field(default_factory=list)


def card_rows(path: Path, encoding: str) -> Iterator[dict[str, str]]:
    """The cells of each card of the file. Several values of a column stand on lines of their own, the preferred first.

    The columns: FN, "N family" (given, additional, prefix, suffix), EMAIL, "TEL work" (cell, home, fax, assistant ...),
    ORG, "ORG unit", "ADR country", ADR and every other property by its name. Raises SheetError with the line where a
    card has no end or a line is no property."""
    for card in _cards(path, encoding):
        yield _cells(card)


def card_version(path: Path, encoding: str) -> str:
    """What the first card says: "2.1", "3.0", "4.0", or "" where it says nothing."""
    return next((card.version for card in _cards(path, encoding)), "")


# -- cards


def _cards(path: Path, encoding: str) -> Iterator[_Card]:
    card: _Card | None = None
    for number, raw in _properties(path, encoding):
        found = _property(number, raw, encoding)
        if found.name == "BEGIN" and found.value.strip().upper() == "VCARD":
            if card:
                raise _endless(card)
            card = _Card(number)
        elif card is None:
            raise SheetError(_("Line %(line)s stands outside of a card.") % {"line": number})
        elif found.name == "END" and found.value.strip().upper() == "VCARD":
            yield card
            card = None
        elif found.name == "VERSION":
            card.version = found.value.strip()
        else:
            card.properties.append(found)
    if card:
        raise _endless(card)


def _endless(card: _Card) -> SheetError:
    return SheetError(_("The card that begins in line %(line)s has no end.") % {"line": card.line})


def _cells(card: _Card) -> dict[str, str]:
    labels = {found.group: found.value for found in card.properties if found.name == "X-ABLABEL" and found.group}
    cells: dict[str, list[str]] = {}
    for found in sorted(card.properties, key=lambda found: not found.is_preferred):
        for column, value in _columns(found, labels.get(found.group, "")):
            if value and value not in cells.setdefault(column, []):
                cells[column].append(value)
    return {column: "\n".join(values) for column, values in cells.items() if values}


def _columns(found: _Property, label: str) -> Iterator[tuple[str, str]]:
    """The columns that a property fills, and with what."""
    if found.name in UNSAID:
        return
    if found.name in DATA:
        yield found.name, _("(not text)")
    elif found.name == "N":
        yield from zip((f"N {part}" for part in NAME_PARTS), map(_listed, _parts(found.value)), strict=False)
    elif found.name == "ORG":
        organization, *units = map(_plain, _parts(found.value))
        yield "ORG", organization
        yield "ORG unit", ", ".join(filter(None, units))
    elif found.name == "ADR":
        parts = [_listed(part) for part in _parts(found.value)]
        yield "ADR country", parts[ADDRESS_COUNTRY] if len(parts) > ADDRESS_COUNTRY else ""
        yield "ADR", ", ".join(filter(None, parts[:ADDRESS_COUNTRY]))
    elif found.name == "TEL":
        yield f"TEL {_use(found.words, label)}".strip(), _telephone(_plain(found.value))
    elif found.name == "EMAIL":
        yield "EMAIL", re.sub("^mailto:", "", _plain(found.value), flags=re.IGNORECASE)
    else:
        yield found.name, _plain(found.value)


def _use(words: frozenset[str], label: str) -> str:
    plain = re.sub("[^A-Z]", "", label.upper())
    said = {_USE_WORDS.get(word, word) for word in [*words, plain]}
    return next((use.lower() for use in USES if use in said), "")


def _telephone(value: str) -> str:
    """ "tel:+1-418-656-9254;ext=102" (RFC 3966) as people write it."""
    number, _mark, rest = value.removeprefix("tel:").removeprefix("TEL:").partition(";")
    extension = re.search(r"\bext=(\d+)", rest)
    return f"{number} ext. {extension[1]}" if extension else number


# -- values


def _parts(value: str) -> list[str]:
    """The parts of a structured value, between semicolons that no backslash hides."""
    return re.split(r"(?<!\\);", value)


def _listed(part: str) -> str:
    """A part that may itself be a list with commas (RFC 6350): with spaces instead."""
    return " ".join(filter(None, (_plain(piece) for piece in re.split(r"(?<!\\),", part))))


def _plain(value: str) -> str:
    r"""A value without its escapes: "\n", "\,", "\;", "\:", "\\"."""
    text = re.sub(r"\\(.)", lambda found: " " if found[1] in "nN" else found[1], value, flags=re.DOTALL)
    return one_line(text)


# -- properties


def _properties(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    """The number of the first line, and the bytes, of each property, unfolded: a line that begins with a space goes on
    with the one before (and what stands after a soft break of quoted-printable, in 2.1)."""
    start, parts, size = 0, [b""], 0
    for number, line in byte_lines(path, encoding):
        is_soft = parts[-1].endswith(b"=") and _is_in(parts[0], b"QUOTED-PRINTABLE")
        is_data = line.strip() and b":" not in line and _is_in(parts[0], b"BASE64")  # 2.1 does not always indent it
        if parts[0] and (is_soft or is_data or line[:1] in (b" ", b"\t")):
            if is_soft:
                parts[-1] = parts[-1][:-1]
            parts.append(line[1:] if line[:1] in (b" ", b"\t") and not is_soft else line)
            size += len(line)
            if size > BYTES_LIMIT:
                raise SheetError(_("Line %(line)s is too long.") % {"line": start})
            continue
        if parts[0].strip():
            yield start, b"".join(parts)
        start, parts, size = number, [line], len(line)
    if parts[0].strip():
        yield start, b"".join(parts)


def _is_in(line: bytes, encoding: bytes) -> bool:
    return encoding in line.partition(b":")[0].upper()


_HEAD = re.compile(rb'\s*(?:([\w\-]+)\.)?([\w\-/]+)\s*((?:;(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)


def _property(number: int, raw: bytes, encoding: str) -> _Property:
    head = _HEAD.fullmatch(raw)
    if head is None:
        raise SheetError(_("Line %(line)s is no line of a vCard.") % {"line": number})
    group, name, parameters, value = head.groups()
    words, charset = _words(_text(parameters, encoding))
    if "QUOTED-PRINTABLE" in words:
        value = quopri.decodestring(value)
    return _Property(
        name.decode().upper(),
        (group or b"").decode().lower(),
        words,
        _text(value, _codec(charset) or encoding),
        bool(words & {"PREF", "PREF1"}),
    )


def _words(parameters: str) -> tuple[frozenset[str], str]:
    """The words of the parameters, in capitals, and the charset: "TYPE=home,fax", "WORK" (2.1), "PREF=1"."""
    words, charset = set(), ""
    for parameter in re.findall(r';((?:"[^"]*"|[^";])*)', parameters):
        name, mark, value = parameter.strip().upper().partition("=")
        if name == "CHARSET":
            charset = value
        elif name == "PREF":
            words.add(f"PREF{value}")
        elif name in ("TYPE", "ENCODING") or not mark:
            words |= set(re.split(r"[,\s\"]+", value if mark else name))
    return frozenset(words - {""}), charset


def _codec(charset: str) -> str:
    try:
        return codecs.lookup(charset.strip('" ')).name if charset else ""
    except LookupError:
        return ""


def _text(raw: bytes, encoding: str) -> str:
    """`raw` in `encoding`; else in UTF-8; else in the likeliest encoding."""
    for name in chain((encoding, "utf-8"), _likely(raw)):
        try:
            return text_of(raw, name)
        except (UnicodeDecodeError, LookupError, binascii.Error):
            continue
    return raw.decode("latin-1")


def _likely(raw: bytes) -> Iterator[str]:
    yield from ranked(raw)  # asked only where all else has failed
