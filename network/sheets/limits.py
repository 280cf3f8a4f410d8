"""Whether a workbook is safe to open: a small ZIP can hold a very large sheet."""

import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from network.sheets.cells import SheetError

UNPACKED_LIMIT = 400 * 2**20  # bytes
CELL_LIMIT = 5_000_000  # calamine keeps the whole rectangle: one cell in the last corner would end the process
BLOCK = 2**20

_CELL_NAME = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TAG = re.compile(rb"<table:[^>]*>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated=["']([0-9]{1,9})["']""")


def check_size(parts: zipfile.ZipFile) -> None:
    """Raises SheetError where the workbook would fill the memory, BadZipFile where it is damaged."""
    is_large = sum(part.file_size for part in parts.infolist()) > UNPACKED_LIMIT
    # Each part is read to its end, so that none can be longer than it says.
    if is_large or any(_cells(parts, name) > CELL_LIMIT for name in parts.namelist()):
        raise SheetError(_("The workbook is too large. Save its first sheet as CSV."))


def _cells(parts: zipfile.ZipFile, name: str) -> int:
    """How many cells the rectangle of the sheet, or of the largest sheet, in a part has; 0 for any other part."""
    return _cells_of_ods(parts, name) if name == "content.xml" else _cells_of_xlsx(parts, name)


def _cells_of_ods(parts: zipfile.ZipFile, name: str) -> int:
    """ODS says once what it repeats: rows, and cells in them. Empty ones at the ends do not count."""
    largest = widest = last = row = place = repeated = 0
    for tag in _tags(parts, name):
        if tag.startswith(b"<table:table-row"):
            row, place, repeated = row + repeated, 0, _repeated(tag)
        elif tag.startswith((b"<table:table-cell", b"<table:covered-table-cell")):
            place += _repeated(tag)
            if b"office:value-type" in tag:
                widest, last = max(widest, place), row + repeated
                largest = max(largest, widest * last)
        elif tag.startswith(b"<table:table "):
            widest = last = row = place = repeated = 0
    return largest


def _tags(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    rest = b""
    with parts.open(name) as part:
        for block in iter(lambda: part.read(BLOCK), b""):
            whole, mark, rest = (rest + block).rpartition(b"<")
            yield from _TAG.findall(whole)
            rest = (mark + rest)[-BLOCK:]
    yield from _TAG.findall(rest)


def _repeated(tag: bytes) -> int:
    found = _REPEATED.search(tag)
    return int(found[1]) if found else 1


def _cells_of_xlsx(parts: zipfile.ZipFile, name: str) -> int:
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
