"""Entries of a directory in LDIF (RFC 2849) as rows: one entry a row, one attribute a column."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets.cells import SheetError, one_line
from network.sheets.encodings import BYTES_LIMIT, byte_lines, text_of

_LINE = re.compile(rb"([A-Za-z0-9][\w\-.]*(?:;[\w\-]+)*):([:<]?) *(.*)", re.DOTALL)


def ldif_rows(path: Path, encoding: str) -> Iterator[dict[str, str]]:
    """The cells of each entry: attributes in small letters, several values on lines of their own. Raises SheetError
    with the line, where it is no attribute, or where the file says changes to a directory instead of its entries."""
    entry: dict[str, list[str]] = {}
    for number, raw in _attributes(path, encoding):
        if not raw:
            if "dn" in entry:
                yield _cells(entry)
            entry = {}
            continue
        name, value = _attribute(number, raw, encoding)
        if not entry and name == "version":
            continue
        if not entry and name != "dn":
            raise SheetError(_("Line %(line)s: an entry has to begin with “dn:”.") % {"line": number})
        entry.setdefault(name, []).append(value)
    if "dn" in entry:
        yield _cells(entry)


def _cells(entry: dict[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(dict.fromkeys(filter(None, values))) for name, values in entry.items()}


def _attributes(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    """The number of the first line, and the bytes, of each attribute, unfolded; b"" for each empty line."""
    start, parts, size = 0, [b""], 0
    for number, line in byte_lines(path, encoding):
        if line.startswith(b" ") and parts[0]:
            parts.append(line[1:])
            size += len(line)
            if size > BYTES_LIMIT:
                raise SheetError(_("Line %(line)s is too long.") % {"line": start})
            continue
        if not parts[0].startswith(b"#"):
            yield start, b"".join(parts)
        start, parts, size = number, [line.rstrip()], len(line)
    if not parts[0].startswith(b"#"):
        yield start, b"".join(parts)


def _attribute(number: int, raw: bytes, encoding: str) -> tuple[str, str]:
    found = _LINE.fullmatch(raw)
    if found is None:
        raise SheetError(_("Line %(line)s is no line of LDIF.") % {"line": number})
    name, mark, value = found[1].decode().lower(), found[2], found[3]
    if name in ("changetype", "control"):
        sentence = _("Line %(line)s: the file tells changes to a directory. Export its entries instead.")
        raise SheetError(sentence % {"line": number})
    if mark == b"<":  # an address where the value is: never fetched
        return name, _("(not in the file)")
    if mark != b":":
        return name, one_line(_text(value, encoding))
    try:
        return name, one_line(text_of(base64.b64decode(value, validate=True), encoding))
    except UnicodeDecodeError:
        return name, _("(not text)")
    except binascii.Error:
        raise SheetError(_("Line %(line)s: the value is no Base64.") % {"line": number}) from None


def _text(value: bytes, encoding: str) -> str:
    try:
        return text_of(value, encoding)
    except UnicodeDecodeError:
        return value.decode("latin-1")
