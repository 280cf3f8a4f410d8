"""Contents: the file of a table, looked at once to its end: how it is read, and what it claims."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from legal.models.status_tables.names import Countries
from legal.sheets import Claim, claims_of, open_status, suggest, why_none
from network.sentences import Sentence
from network.sheets import Reading, SheetError

FIRST = 50  # rows that are shown, or looked at
MOST_ROWS = 20_000
WHOLE = ""  # what a table calls its treaty that has no column for it


@dataclass(frozen=True)
class Found:
    """How a file is read, and what is to be said about that."""

    sha256: str
    reading: dict
    remarks: list[Sentence]
    columns: list[str]
    sample: list[list[str]]
    fields: list[str]
    treaty: str
    total: int


def look_at(path: Path, chosen: Mapping[str, object]) -> Found:
    """Read the file to its end, as `chosen` says where it says something. Raises SheetError."""
    status = open_status(path, Reading(**chosen))
    sheet, sample, total = status.sheet, [], 0
    for total, row in enumerate(sheet.rows, 1):
        if total <= FIRST:
            sample.append([row.values.get(column, "") for column in sheet.columns])
        if total > MOST_ROWS:
            raise SheetError(_("The table has more than %(most)s rows. Divide it into several.") % {"most": MOST_ROWS})
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    told = asdict(replace(sheet.reading, remarks=()))
    del told["remarks"]  # beside the rest: each reader has them in their own language
    suggested = suggest(sheet.columns)
    fields = [suggested.get(column, "") for column in sheet.columns]
    return Found(digest, told, list(sheet.reading.remarks), list(sheet.columns), sample, fields, status.treaty, total)


@dataclass(frozen=True)
class Contents:
    """`treaties`: what the table calls each treaty -> what else it says of it, to find it by. `unknown`: what it calls
    countries that nobody knows by that, and that are not known to be no country."""

    claims: list[Claim]
    treaties: dict[str, list[str]]
    unknown: list[str]

    @classmethod
    def of(cls, path: Path, chosen: Mapping, mapping: Mapping[str, str], title: str, date_system: str) -> "Contents":
        claims: list[Claim] = []
        treaties: dict[str, list[str]] = {}
        names = [column for column, field in mapping.items() if not field and suggest([column]).get(column) == "treaty"]
        today = timezone.localdate()
        for row in open_status(path, Reading(**chosen)).sheet.rows:
            said = claims_of(row, mapping, today, date_system)
            claims += said
            for claim in said:
                if claim.treaty not in treaties:
                    treaties[claim.treaty] = [text for column in names if (text := row.text(column))]
        if WHOLE in treaties and "treaty" not in mapping.values():
            treaties[WHOLE] = [title] if title else []
        countries = Countries()
        written = dict.fromkeys(claim.country for claim in claims if claim.country)
        unknown = [text for text in written if not countries.find(text) and why_none(text) is None]
        return cls(claims, treaties, unknown)
