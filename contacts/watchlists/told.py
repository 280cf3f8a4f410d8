"""What a file says of itself, noted while it is read; and rows of CSV with their numbers."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets import SheetError


@dataclass(slots=True)
class Told:
    """`version` is the age of the file in its own words, or ""; `skipped` counts things that are no people and no
    organizations: ships, aircraft, wallets."""

    version: str = ""
    skipped: int = 0


def csv_rows(path: Path, encoding: str = "utf-8-sig") -> Iterator[tuple[int, list[str]]]:
    """The rows and their numbers, from 1; empty ones are passed over. Raises SheetError."""
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, strict=True)
        try:
            for number, cells in enumerate(rows, 1):
                if any(cell.strip("\x1a \t") for cell in cells):
                    yield number, cells
        except csv.Error:
            told = _("Row %(row)s cannot be read: a quotation mark is out of place, or a cell is too long.")
            raise SheetError(told % {"row": number + 1}) from None


def place_of(row: int) -> str:
    return _("Row %(row)s") % {"row": row}
