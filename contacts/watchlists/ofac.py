"""`sdn.csv` of the Office of Foreign Assets Control, which has no header, and beside it `alt.csv` with the other names.

What is known besides the name stands in the remarks: "DOB 01 Mar 1957; nationality Iran; Passport A1234567 (Iran)."
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from contacts.watchlists.facts import ORGANIZATION, PERSON, Facts, Listed, countries, identifiers, listed, once, years
from contacts.watchlists.told import Told, csv_rows, place_of
from network.sheets import SheetError

KINDS = {"individual": PERSON, "": ORGANIZATION, "entity": ORGANIZATION}
NOTHING = "-0-"
COLUMNS = 12
OTHER_COLUMNS = 5

_BORN = re.compile(r"\bDOB ([^;]+)")
_COUNTRY = re.compile(r"\b(?:nationality|citizen) ([^;.(]+)")
_NUMBER = re.compile(
    r"\b(?:Passport|(?:National )?ID No\.|Identification Number|Tax ID No\.|Registration (?:Number|ID)|SSN|Cedula No\."
    r"|C\.U\.I\.T\.|RFC|NIT #|D-U-N-S Number|Email Address) ([^;\s]+)(?: \(([^)]+)\))?"
)
_KNOWN_AS = re.compile(r"\b[afn]\.k\.a\.,? ['\"]([^'\"]+)['\"]")


def read(path: Path, other_names: Path | None, told: Told) -> Iterator[Listed]:
    others = _other_names(other_names) if other_names else {}
    for number, cells in csv_rows(path, _encoding(path)):
        key, name, kind, programme, *_more = _cells(number, cells, COLUMNS)
        if kind.casefold() in KINDS:
            remarks = cells[COLUMNS - 1]
            yield _entry(number, key, [name, *others.get(key, [])], KINDS[kind.casefold()], programme, remarks)
        else:
            told.skipped += 1


def _entry(number: int, key: str, names: list[str], kind: str, programme: str, remarks: str) -> Listed:
    documents = _NUMBER.findall(remarks)
    facts = Facts(
        kind,
        once([*names, *_KNOWN_AS.findall(remarks)]),
        countries([*_COUNTRY.findall(remarks), *(country for _number, country in documents)]),
        years(_BORN.findall(remarks)) if kind == PERSON else (),
        identifiers(number.rstrip(".") for number, _country in documents),
    )
    return listed(place_of(number), key, facts, programme)


def _other_names(path: Path) -> dict[str, list[str]]:
    """Key of an entry -> the names in alt.csv."""
    found = defaultdict(list)
    for number, cells in csv_rows(path, _encoding(path)):
        key, _other, _kind, name, *_more = _cells(number, cells, OTHER_COLUMNS, path.name)
        found[key].append(name)
    return found


def _cells(number: int, cells: list[str], columns: int, file: str = "") -> list[str]:
    cells = ["" if cell.strip() == NOTHING else cell.strip() for cell in cells]
    if len(cells) != columns or not cells[0].isdecimal():
        told = _("%(file)s row %(row)s: OFAC's file has %(columns)s columns, and a number in the first one.")
        place = {"file": file or "sdn.csv", "row": number, "columns": columns}
        raise SheetError(told % place)
    return cells


def _encoding(path: Path) -> str:
    """UTF-8, as the files are today, or Latin letters of one byte, as they were."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(2**20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
