"""A sheet: its columns, its rows, and how it was read, which is shown to a person, who may correct it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from network.sentences import Sentence
from network.sheets.cells import one_line


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a file before its first row. `Sheet.reading` tells all of it. Given to `open_sheet`, what is
    filled in corrects what would be found: the encoding, the delimiter, the header row, the date system, the sheet.

    format       CSV, XLSX, ODS, JSON Lines, vCard 2.1 (3.0, 4.0), LDIF; told only.
    encoding     Python's name of it ("utf-8", "cp1252"), or TWICE: UTF-8 that was taken for Windows-1252 and written as
                 UTF-8 again, which is undone; "" in a workbook.
    delimiter    what stands between the cells of a CSV file.
    header_row   the row with the column names; 0: there is none, and the columns are called A, B, C; None: find it.
    date_system  "1900" or "1904": the year from which a workbook counts its days.
    sheet        the sheet of the workbook that is read; `sheets` all those that can be.
    remarks      sentences for the person: what is odd in the file, and what was done about it.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    date_system: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    remarks: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is counted as a spreadsheet shows it: the header is row 1. In JSON Lines it is the line; in vCard and
    LDIF the number of the card or entry. `is_ragged`: there is text in a cell that no column name stands above."""

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
    reading: Reading = field(default_factory=Reading)
