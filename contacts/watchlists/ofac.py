"""`sdn.csv` of the Office of Foreign Assets Control, which has no header, and the files that belong to it: `alt.csv`
with other names, `add.csv` with addresses, `sdn_comments.csv` with the rest of remarks that are too long. Its other
list (`cons_prim.csv` and so on) has the same form.

What is known besides stands in the remarks: "DOB 01 Mar 1957; nationality Iran; Passport A1234567 (Iran)."
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from contacts.watchlists.facts import ORGANIZATION, PERSON, Facts, Listed, countries, identifiers, listed, once, years
from contacts.watchlists.told import Told, csv_rows, place_of
from network.sheets import SheetError

KINDS = {"individual": PERSON, "": ORGANIZATION, "entity": ORGANIZATION}
NOTHING = "-0-"
COLUMNS = 12
NAME, COUNTRY, REMARKS = 3, 4, 1
BESIDE = {5: NAME, 6: COUNTRY, 2: REMARKS}  # columns of alt.csv, add.csv, sdn_comments.csv -> the one that is read

_BORN = re.compile(r"\bDOB ([^;]+)")
_COUNTRY = re.compile(r"\b(?:nationality|citizen) ([^;.(]+)|\bPOB ([^;(]+)")
_NUMBER = re.compile(
    r"\b(?:Passport|(?:National |Personal )?ID (?:No\.|Card)|Identification Number|Tax ID No\.|Registration ID|SSN"
    r"|(?:Registration|Company|V\.A\.T\.|Legal Entity|Travel Document) Number|Cedula No\."
    r"|C\.U\.I\.T\.|RFC|NIT #|D-U-N-S Number|Email Address) ([^;\s]+)(?: \([^)]+\))*?(?: \(([^)]+)\))?(?! \()"
)
_KNOWN_AS = re.compile(r"\b[afn]\.k\.a\.,? (['\"])(.+?)\1(?=[;.,]|$)")


def read(path: Path, beside: Sequence[Path], told: Told) -> Iterator[Listed]:
    said = _said(beside)
    for number, cells in csv_rows(path, _encoding(path)):
        key, name, kind, programme, *_more = _cells(number, cells, COLUMNS)
        if kind.casefold() in KINDS:
            more = {column: found.get(key, ()) for column, found in said.items()}
            remarks = "".join([cells[COLUMNS - 1], *more[REMARKS]])  # cut off in the middle of a word
            facts = _facts(KINDS[kind.casefold()], [name, *more[NAME]], more[COUNTRY], remarks)
            yield listed(place_of(number), key, facts, programme.replace("] [", ", "))
        else:
            told.skipped += 1


def _facts(kind: str, names: Sequence[str], addresses: Sequence[str], remarks: str) -> Facts:
    documents = _NUMBER.findall(remarks)
    known_as = [name for _quote, name in _KNOWN_AS.findall(remarks)]
    places = [place for belongs, born in _COUNTRY.findall(remarks) for place in (belongs, *_ends(born))]
    return Facts(
        kind,
        once([*names, *known_as]),
        countries([*addresses, *places, *(country for _number, country in documents)]),
        years(_BORN.findall(remarks)) if kind == PERSON else (),
        identifiers(number.rstrip(".") for number, _country in documents),
    )


def _ends(place: str) -> Iterator[str]:
    """What may be a country in the place of a birth: from each comma to the end, for names have commas as well. Two
    letters are a part of the United States."""
    words = place.strip(" .").split(", ")
    ends = (", ".join(words[start:]) for start in range(len(words)))
    return (end for end in ends if len(end) > 2)


def _said(paths: Sequence[Path]) -> Mapping[int, Mapping[str, Sequence[str]]]:
    """What the files beside it say: of each of BESIDE, by the number of the entry. Which one a file is, its columns
    say."""
    found: dict[int, dict[str, list[str]]] = {column: defaultdict(list) for column in BESIDE.values()}
    for path in paths:
        columns = 0
        for number, cells in csv_rows(path, _encoding(path)):
            columns = columns or len(cells)
            if columns not in BESIDE:
                told = _(
                    "%(file)s is none of the files that belong to OFAC's list: alt.csv, add.csv, sdn_comments.csv."
                )
                raise SheetError(told % {"file": path.name})
            key, *_more = _cells(number, cells, columns, path.name)
            if (text := cells[BESIDE[columns]]).strip() != NOTHING:
                found[BESIDE[columns]][key].append(text)
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
