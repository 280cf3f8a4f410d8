"""`targets.simple.csv` of OpenSanctions: one row for each target, read by the names of the columns; several values of
a cell are once more a row of CSV, with semicolons."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from contacts.watchlists.facts import (
    EITHER,
    ORGANIZATION,
    PERSON,
    Facts,
    Listed,
    countries,
    identifiers,
    listed,
    once,
    years,
)
from contacts.watchlists.told import Told, csv_rows, place_of
from network.sheets import SheetError

NEEDED = ("id", "schema", "name")
SCHEMATA = {
    "Person": PERSON,
    "Organization": ORGANIZATION,
    "Company": ORGANIZATION,
    "PublicBody": ORGANIZATION,
    "LegalEntity": EITHER,
}


def read(path: Path, _beside: Sequence[Path], told: Told) -> Iterator[Listed]:
    rows = csv_rows(path)
    _number, header = next(rows, (0, []))
    names = [name.strip().casefold() for name in header]
    if missing := [name for name in NEEDED if name not in names]:
        sentence = _("Row 1 has no column “%(column)s”: this is not a targets.simple.csv of OpenSanctions.")
        raise SheetError(sentence % {"column": missing[0]})
    for number, cells in rows:
        if len(cells) != len(names):
            sentence = _("Row %(row)s has %(cells)s cells, and the header %(columns)s.")
            raise SheetError(sentence % {"row": number, "cells": len(cells), "columns": len(names)})
        row = dict(zip(names, cells, strict=True))
        told.version = max(told.version, row.get("last_seen", "").strip(), row.get("last_change", "").strip())
        if row["schema"].strip() in SCHEMATA:
            yield _entry(number, row)
        else:
            told.skipped += 1


def _entry(number: int, row: dict[str, str]) -> Listed:
    numbers = (*_several(row, "identifiers"), *_several(row, "emails"))
    facts = Facts(
        SCHEMATA[row["schema"].strip()],
        once([row["name"], *_several(row, "aliases")]),
        countries(_several(row, "countries")),
        years(_several(row, "birth_date")),
        identifiers(numbers),
    )
    programme = row.get("sanctions") or row.get("program_ids") or row.get("dataset") or ""
    return listed(place_of(number), row["id"], facts, programme)


def _several(row: dict[str, str], column: str) -> list[str]:
    """The values of a cell. A break of a line within it, of whichever kind, is a blank."""
    cell = " ".join(row.get(column, "").splitlines())
    return next(csv.reader([cell], delimiter=";"), [])
