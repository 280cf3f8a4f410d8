"""A table from rows of cells: which of them is the header, and what stands under it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, zip_longest
from statistics import median_low

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.sentences import Sentence
from network.sheets.cells import SheetError, one_line
from network.sheets.reading import Reading, Row, Sheet

Cells = Iterator[tuple[int, list[str]]]

LOOKED_AT = 30  # rows: the header is among them

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def table(cells: Cells, reading: Reading) -> Sheet:
    """The sheet whose numbered rows of cells these are. The header is the row that `reading` names, else the first that
    is as wide as the table; above it may stand titles. Raises SheetError where there is none, or one name twice."""
    first = list(islice(((number, row) for number, row in cells if any(row)), LOOKED_AT))
    if not first:
        raise SheetError(_("The file is empty."))
    number = _header(first) if reading.header_row is None else reading.header_row
    rows = chain(first, ((number, row) for number, row in cells if any(row)))
    columns = _columns(first, number) if number else _letters(max(len(row) for _number, row in first))
    refuse_twice(columns)
    remarks = list(reading.remarks)
    if not number:
        remarks.append(Sentence(gettext_noop("The file has no names of columns; they are called A, B, C ...")))
    elif above := [row for place, row in first if place < number]:
        sentence = gettext_noop("Above the names of the columns stands: %(text)s.")
        remarks.append(Sentence(sentence, text=_shown(above)))
    told = replace(reading, header_row=number, remarks=tuple(remarks))
    return Sheet(
        tuple(filter(None, columns)), (_row(columns, place, row) for place, row in rows if place > number), told
    )


def refuse_twice(names: Iterable[str]) -> None:
    """SheetError where two columns have one name."""
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise SheetError(_("The column “%(column)s” is there twice.") % {"column": twice[0]})


def _header(first: list[tuple[int, list[str]]]) -> int:
    """The number of the row with the names of the columns; 0 where the table begins with its data. A row of one
    cell, or of few, above a wider table is a title."""
    widths = [_width(row) for _number, row in first]
    least = max(median_low(widths) / 2, 1 if max(widths) > 2 else 0)
    number, row = next(numbered for numbered, width in zip(first, widths, strict=True) if width > least)
    is_data = any(map(_ADDRESS.fullmatch, row)) or not any(letter.isalpha() for letter in "".join(row))
    return 0 if is_data else number


def _width(row: list[str]) -> int:
    return sum(map(bool, row))


def _columns(first: list[tuple[int, list[str]]], number: int) -> list[str]:
    for place, row in first:
        if place == number:
            return [one_line(name) for name in row]
    raise SheetError(_("There are no names of columns in row %(row)s.") % {"row": number})


def _letters(width: int) -> list[str]:
    """A, B, ... Z, AA, AB, as a spreadsheet names its columns."""
    names = []
    for place in range(1, width + 1):
        name = ""
        while place:
            place, letter = divmod(place - 1, 26)
            name = chr(ord("A") + letter) + name
        names.append(name)
    return names


def _shown(rows: list[list[str]]) -> str:
    text = one_line(" ".join(cell for row in rows for cell in row))
    return text if len(text) <= 80 else f"{text[:79]}…"


def _row(columns: list[str], number: int, cells: list[str]) -> Row:
    pairs = list(zip_longest(columns, cells, fillvalue=""))
    values = {column: cell for column, cell in pairs if column}
    return Row(number, values, is_ragged=any(cell for column, cell in pairs if not column))
