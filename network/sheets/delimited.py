"""Cells of a text with something between them: CSV, TSV, and what programs make of it."""

import csv
import re
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets.cells import SheetError
from network.sheets.encodings import open_text, text_lines
from network.sheets.reading import Reading, Sheet
from network.sheets.tables import Cells, table

DELIMITERS = ",;\t|"
LOOKED_AT = 50  # lines

_TOLD = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # Excel's first line


def delimited_sheet(path: Path, reading: Reading) -> Sheet:
    """The table in the file, which is a text in the encoding of `reading`. Raises SheetError."""
    with open_text(path, reading.encoding) as file:
        lines = [line for line in islice(text_lines(file, reading.encoding), LOOKED_AT) if line.strip()]
    told = _TOLD.fullmatch(lines[0]) if lines else None
    delimiter = reading.delimiter or (told[1] if told else _delimiter(lines))
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SheetError(_("“%(text)s” cannot stand between cells.") % {"text": delimiter})
    return table(_cells(path, reading.encoding, delimiter), replace(reading, format="CSV", delimiter=delimiter))


def _cells(path: Path, encoding: str, delimiter: str) -> Cells:
    with open_text(path, encoding) as file:
        reader = csv.reader(text_lines(file, encoding), delimiter=delimiter, strict=True, skipinitialspace=True)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                if not (number == 1 and _is_note(cells, delimiter)):
                    yield number, [cell.strip() for cell in cells]
        except csv.Error:
            sentence = _("Row %(row)s cannot be read: a quotation mark is out of place, or a cell is too long.")
            raise SheetError(sentence % {"row": number + 1}) from None


def _is_note(cells: list[str], delimiter: str) -> bool:
    return _TOLD.fullmatch(delimiter.join(cells)) is not None


def _delimiter(lines: list[str]) -> str:
    """What stands between the cells: the mark that most lines have equally often, outside of quotation marks."""
    unquoted = re.sub(r'"[^"]*"', "", "".join(lines)).splitlines()
    return max(DELIMITERS, key=lambda mark: _regularity([line.count(mark) for line in unquoted]))


def _regularity(counts: list[int]) -> tuple[int, int]:
    """How many lines have the same number of a mark, and that number."""
    often = Counter(filter(None, counts)).most_common()
    return max(((lines, count) for count, lines in often), default=(0, 0))
