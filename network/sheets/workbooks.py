"""Rows of the first sheet of a workbook (XLSX, ODS), after a look at whether it is safe to open."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from network.sheets.cells import SheetError

UNPACKED_LIMIT = 400 * 2**20  # bytes: a small ZIP can hold a very large sheet
CELL_LIMIT = 5_000_000  # calamine keeps the whole rectangle: one cell in the last corner would end the process
BLOCK = 2**20

_CELL_NAME = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")


def workbook_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each row, the first being 1. Raises SheetError."""
    try:
        _check(path)
        with CalamineWorkbook.from_path(path) as book:
            for number, cells in enumerate(book.get_sheet_by_index(0).iter_rows(), 1):
                yield number, [_text(value) for value in cells]
    except (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError):  # RuntimeError: a part has a password
        raise SheetError(_("This is not a workbook in XLSX or ODS, or it is damaged.")) from None


def _check(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        is_large = sum(part.file_size for part in parts.infolist()) > UNPACKED_LIMIT
        # Each part is read to its end, so that none can be longer than it says.
        if is_large or any(_cells(parts, name) > CELL_LIMIT for name in parts.namelist()):
            raise SheetError(_("The workbook is too large. Save its first sheet as CSV."))


def _cells(parts: zipfile.ZipFile, name: str) -> int:
    """How many cells the rectangle of an XLSX sheet has; 0 for any other part."""
    columns = rows = 0
    tail = b""
    with parts.open(name) as part:
        for block in iter(lambda: part.read(BLOCK), b""):
            for column, row in _CELL_NAME.findall(tail + block) if "sheet" in name else ():
                columns, rows = max(columns, _number(column)), max(rows, int(row))
            tail = block[-32:]
    return columns * rows


def _number(column: bytes) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
