"""Records from the rows of a table whose columns we know."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from network.sheets.cells import RowError, SheetError
from network.sheets.opening import open_sheet
from network.sheets.reading import Reading, Row
from network.sheets.tables import refuse_twice
from network.sheets.tally import Refusal

Record = TypeVar("Record")


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


def read_records(
    path: str | Path, layouts: tuple[Layout[Record], ...], reading: Reading | None = None
) -> Iterator[Record | Refusal]:
    """A record for each row, read by the first of `layouts` that fits the header, or the Refusal of that row.

    Raises SheetError where no layout fits, or a column is unknown; then nothing was yielded. The last of `layouts` is
    the one described to the sender."""
    sheet = open_sheet(path, reading)
    layout = next((layout for layout in layouts if layout.fits(sheet.columns)), layouts[-1])
    names = _understand(sheet.columns, layout)
    for row in sheet.rows:
        try:
            yield layout.read(_renamed(row, names, layout))
        except RowError as error:
            yield Refusal(row.number, str(error))


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
    refuse_twice(names.values())
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
