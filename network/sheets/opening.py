"""Opening a file: what it is, by its first bytes, and the reader for it."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets.cards import card_rows, card_version
from network.sheets.cells import SheetError
from network.sheets.delimited import delimited_sheet
from network.sheets.encodings import checked, find_encoding, not_a_table, open_text, text_lines
from network.sheets.ldif import ldif_rows
from network.sheets.reading import Reading, Row, Sheet
from network.sheets.workbooks import workbook_sheet

_CARD = re.compile(r"\s*BEGIN\s*:\s*VCARD", re.IGNORECASE)
_ENTRY = re.compile(r"dn::? *\S", re.IGNORECASE)


def open_sheet(path: str | Path, reading: Reading | None = None) -> Sheet:
    """The column names of the file at `path`, its rows as they are asked for, and how it was read; what `reading` says
    is not looked for. Raises SheetError; also later, from the rows, where a file that began well cannot be read to its
    end."""
    path, reading = Path(path), reading or Reading()
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        raise SheetError(_("The file cannot be opened.")) from None
    if start.startswith(b"PK\x03\x04"):
        return workbook_sheet(path, reading)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(_("This is an old Excel file, or one with a password. Save it as XLSX, without a password."))
    if start.lstrip().startswith((b"%PDF", b"{\\rtf", b"\xff\xd8\xff", b"\x89PNG", b"GIF8")):
        raise not_a_table()
    return _text_sheet(path, reading, is_card=_is_card(start.removeprefix(codecs.BOM_UTF8).decode("latin-1")))


def read_rows(path: str | Path, reading: Reading | None = None) -> Iterator[Row]:
    """The rows under the header of the file at `path`. Raises SheetError where it is not a table that we can read."""
    yield from open_sheet(path, reading).rows


def _text_sheet(path: Path, reading: Reading, *, is_card: bool) -> Sheet:
    if reading.encoding:
        reading = replace(reading, encoding=checked(path, reading.encoding), remarks=())
    else:
        encoding, remarks = find_encoding(path, is_mixed=is_card)
        reading = replace(reading, encoding=encoding, remarks=tuple(remarks))
    opening = ""
    if not is_card:  # which may be a mixture of encodings
        with open_text(path, reading.encoding) as file:
            opening = file.read(4096)
    if is_card or _is_card(opening):
        version = card_version(path, reading.encoding)
        return _entries(card_rows, path, replace(reading, format=f"vCard {version}".strip()))
    if _is_ldif(opening):
        return _entries(ldif_rows, path, replace(reading, format="LDIF"))
    if opening.lstrip()[:1] in ("<", "["):
        raise not_a_table()
    return _objects(path, reading) if opening.lstrip().startswith("{") else delimited_sheet(path, reading)


# -- cards and entries of directories


def _is_card(opening: str) -> bool:
    return _CARD.match(opening) is not None


def _is_ldif(opening: str) -> bool:
    """Whether the first line that is no comment, nor the version, names an entry."""
    lines = (line for line in opening.splitlines() if line.strip())
    said = (line for line in lines if not line.lower().startswith(("#", " ", "version:")))
    return _ENTRY.match(next(said, "")) is not None


def _entries(read: Callable[[Path, str], Iterator[dict[str, str]]], path: Path, reading: Reading) -> Sheet:
    """Reads the file once for its columns, so that a fault in its last line is found before the first row is used."""
    columns: dict[str, None] = {}
    for cells in read(path, reading.encoding):
        columns |= dict.fromkeys(cells)
    if not columns:
        raise SheetError(_("The file is empty."))
    return Sheet(tuple(columns), _entry_rows(read, path, reading.encoding, tuple(columns)), reading)


def _entry_rows(
    read: Callable[[Path, str], Iterator[dict[str, str]]], path: Path, encoding: str, columns: tuple[str, ...]
) -> Iterator[Row]:
    for number, cells in enumerate(read(path, encoding), 1):
        yield Row(number, dict.fromkeys(columns, "") | cells)


# -- JSON Lines


def _objects(path: Path, reading: Reading) -> Sheet:
    rows = _object_rows(path, reading.encoding)
    first = next(rows)
    return Sheet(tuple(first.values), chain([first], rows), replace(reading, format="JSON Lines"))


def _object_rows(path: Path, encoding: str) -> Iterator[Row]:
    with open_text(path, encoding) as file:
        for number, line in enumerate(text_lines(file, encoding), 1):
            if line.strip():
                yield Row(number, _object(line, number))


def _object(line: str, number: int) -> dict[str, str]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise SheetError(_("Line %(line)s is not an object in JSON.") % {"line": number})
    return {key: _value(value) for key, value in found.items()}


def _value(value: object) -> str:
    """A text as it is; a list or an object stays JSON for the layout to read."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else json.dumps(value, ensure_ascii=False)
