"""Rows of a table in CSV, TSV, XLSX, ODS or JSON Lines, one after the other, whatever wrote the file."""

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Generic, TextIO, TypeVar

from django.utils.translation import gettext as _

from network.sheets.cells import RowError, SheetError, one_line
from network.sheets.reading import Reading
from network.sheets.tally import Refusal
from network.sheets.workbooks import workbook_rows

LINE_LIMIT = 2**20  # characters
DELIMITERS = ",;\t|"

Record = TypeVar("Record")
Cells = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is counted as a spreadsheet shows it: the header is row 1. In JSON Lines it is the line.
    `is_ragged`: there is text in a cell that no column name stands above."""

    number: int
    values: dict[str, str]
    is_ragged: bool = False

    def text(self, column: str) -> str:
        """The cell on one line; "" where there is none."""
        return one_line(self.values.get(column, ""))


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[str, ...]
    rows: Iterator[Row]
    reading: Reading = Reading()


@dataclass(frozen=True, slots=True)
class Layout(Generic[Record]):
    """A table that we understand: its column names, and how one row of it becomes a record.

    `synonyms` other spellings -> our names; where there are any, capitals, spaces and hyphens do not matter either.
    """

    read: Callable[[Row], Record]
    required: frozenset[str]
    columns: frozenset[str]
    synonyms: Mapping[str, str] = field(default_factory=dict)

    def spelling(self, column: str) -> str:
        if not self.synonyms:
            return column
        column = re.sub(r"[\s\-_]+", "_", column.casefold())
        return self.synonyms.get(column, column)

    def fits(self, columns: tuple[str, ...]) -> bool:
        return self.required <= {self.spelling(column) for column in columns}


def read_rows(path: str | Path, reading: Reading | None = None) -> Iterator[Row]:
    """The rows under the header of the file at `path`. Raises SheetError where it is not a table that we can read."""
    yield from open_sheet(path, reading).rows


def read_records(path: str | Path, layouts: tuple[Layout[Record], ...]) -> Iterator[Record | Refusal]:
    """A record for each row, read by the first of `layouts` that fits the header, or the Refusal of that row.

    Raises SheetError where no layout fits, or a column is unknown; then nothing was yielded. The last of `layouts` is
    the one described to the sender."""
    sheet = open_sheet(path)
    layout = next((layout for layout in layouts if layout.fits(sheet.columns)), layouts[-1])
    names = _understand(sheet.columns, layout)
    for row in sheet.rows:
        try:
            yield layout.read(_renamed(row, names, layout))
        except RowError as error:
            yield Refusal(row.number, str(error))


def open_sheet(path: str | Path, reading: Reading | None = None) -> Sheet:
    """The column names of the file at `path`, and its rows as they are asked for. Raises SheetError; also later, from
    the rows, where a file that began well cannot be read to its end."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        raise SheetError(_("The file cannot be opened.")) from None
    if start.startswith(b"PK\x03\x04"):
        return _table(workbook_rows(path))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(_("This is an old Excel file, or one with a password. Save it as XLSX, without a password."))
    _check_text(path)
    opening = start.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if opening in (b"<", b"["):
        raise SheetError(_("This is not a table in CSV, XLSX, ODS or JSON Lines."))
    return _objects(path) if opening == b"{" else _table(_text_cells(path))


def _understand(columns: tuple[str, ...], layout: Layout[Any]) -> dict[str, str]:
    """Column as written -> column as `layout` calls it."""
    names = {column: layout.spelling(column) for column in columns}
    expected = {"expected": ", ".join(sorted(layout.columns))}
    unknown = [column for column, name in names.items() if name not in layout.columns]
    if unknown:
        sentence = _("Columns that are not understood: %(unknown)s. Expected are: %(expected)s.")
        raise SheetError(sentence % {"unknown": ", ".join(unknown), **expected})
    if missing := sorted(layout.required - set(names.values())):
        sentence = _("Columns that are missing: %(missing)s. Expected are: %(expected)s.")
        raise SheetError(sentence % {"missing": ", ".join(missing), **expected})
    _refuse_twice(names.values())
    return names


def _renamed(row: Row, names: dict[str, str], layout: Layout[Any]) -> Row:
    if row.is_ragged:
        raise RowError(_("The row has more cells than the header has columns."))
    if row.values.keys() - names.keys():  # only in JSON Lines, where each line names its columns anew
        try:
            names = _understand(tuple(row.values), layout)
        except SheetError as error:
            raise RowError(str(error)) from None
    return Row(row.number, {names[column]: value for column, value in row.values.items()})


def _refuse_twice(names: Any) -> None:
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise SheetError(_("The column “%(column)s” is there twice.") % {"column": twice[0]})


# -- tables: CSV, TSV, XLSX, ODS


def _table(cells: Cells) -> Sheet:
    header = next((row for _number, row in cells if any(row)), None)
    if header is None:
        raise SheetError(_("The file is empty."))
    columns = [one_line(name) for name in header]
    _refuse_twice(columns)
    rows = (_row(columns, number, row) for number, row in cells if any(row))
    return Sheet(tuple(filter(None, columns)), rows)


def _row(columns: list[str], number: int, cells: list[str]) -> Row:
    pairs = list(zip_longest(columns, cells, fillvalue=""))
    values = {column: cell for column, cell in pairs if column}
    return Row(number, values, is_ragged=any(cell for column, cell in pairs if not column))


def _text_cells(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter, is_told = _delimiter(file)
        file.seek(0)
        reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                if not (is_told and number == 1):
                    yield number, [cell.strip() for cell in cells]
        except csv.Error:
            sentence = _("Row %(row)s cannot be read: a quotation mark is out of place, or a cell is too long.")
            raise SheetError(sentence % {"row": number + 1}) from None


def _delimiter(file: TextIO) -> tuple[str, bool]:
    """What stands between the cells, and whether a first line such as Excel's "sep=;" says so."""
    first = next((line for line in _lines(file) if line.strip()), "")
    if told := re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE):
        return told[1], True
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=unquoted.count), False


# -- text


def _check_text(path: Path) -> None:
    """Reads the whole file once, so that a wrong letter in its last row is found before the first row is used."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        try:
            for block in iter(lambda: file.read(LINE_LIMIT), b""):
                if "\0" in decoder.decode(block):
                    raise SheetError(_("This is not a table in CSV, XLSX, ODS or JSON Lines."))
                line += block.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            sentence = _("The file is not in UTF-8 (line %(line)s). Save it as “CSV UTF-8”.")
            raise SheetError(sentence % {"line": line}) from None


def _lines(file: TextIO) -> Iterator[str]:
    for number, line in enumerate(iter(lambda: file.readline(LINE_LIMIT), ""), 1):
        if len(line) == LINE_LIMIT:
            raise SheetError(_("Line %(line)s is too long.") % {"line": number})
        yield line


def _objects(path: Path) -> Sheet:
    rows = _object_rows(path)
    first = next(rows)
    return Sheet(tuple(first.values), chain([first], rows))


def _object_rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(_lines(file), 1):
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
