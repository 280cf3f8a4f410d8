"""Proves that the status on a day agrees with the rows of real tables: each is loaded as a legal officer would load it,
and for every country and treaty, on each day that its rows name, the day before, and four more, the status that is
derived is compared with what the rows say by themselves.

    DATABASE_URL=... python -m bench.treaty_status [--write docs/reference/treaty-status.md]

Reads the real input beside the project; what it loads into the database is taken back.
"""

import argparse
import csv
import datetime
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.core.files.base import ContentFile
from django.db import transaction

from contacts.models import User
from legal.models import Participation, Status, StatusTable
from legal.models.standing import Deed, Force, standing_of
from legal.models.status_tables.names import Countries

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FILES = (
    "treaties/globalgov_parties_selected.csv",
    "treaties/unfccc_parties.csv",
    "legal-instruments/treaty_status/wipo-treaties-membership.csv",
)
MARKS = ("<!-- agreement -->", "<!-- end of agreement -->")
DAYS = tuple(datetime.date(year, 1, 1) for year in (1995, 2005, 2015, 2026))
ONE = datetime.timedelta(days=1)
WEIGHTS = {"SIGNATURE": 1}
TWO_WAYS = "The table says two things, and nobody has chosen one."
Pair = tuple[str, str]  # what the table calls the treaty, and the country


@dataclass(frozen=True)
class Said:
    """A row of a table, by itself."""

    country: str
    treaty: str
    signed: datetime.date | None = None
    consented: datetime.date | None = None
    in_force: datetime.date | None = None
    ended: datetime.date | None = None

    def days(self) -> set[datetime.date]:
        return {day for day in (self.signed, self.consented, self.in_force, self.ended) if day}

    def on(self, day: datetime.date) -> set[str]:
        """The statuses with which one may answer from this row alone."""
        if self.ended and self.ended <= day:
            return {Status.WITHDRAWN}
        if self.in_force and self.in_force <= day:
            return {Status.PARTY}
        if self.consented and self.consented <= day:
            return {Status.BOUND_LATER} if self.in_force else {Status.BOUND_LATER, Status.PARTY}
        return {Status.SIGNATORY} if self.signed and self.signed <= day else {Status.NONE}


@dataclass
class Verdict:
    """`disagreed`: treaty, why -> the countries, and on how many of the days asked."""

    pairs: int = 0
    days: int = 0
    agreed: int = 0
    unknown: Counter = field(default_factory=Counter)  # what is no country of ours -> its rows
    disagreed: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    days_disagreed: Counter = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    with transaction.atomic():
        officer = User.objects.create_user("treaty-status@example.org")
        lines = table([(name, compare(load(DATA / name, officer), DATA / name)) for name in FILES])
        transaction.set_rollback(True)
    print("\n".join(lines))
    if options.write:
        head, _begin, rest = options.write.read_text().partition(MARKS[0])
        _old, _end, tail = rest.partition(MARKS[1])
        options.write.write_text(f"{head}{MARKS[0]}\n\n" + "\n".join(lines) + f"\n\n{MARKS[1]}{tail}")


def load(path: Path, officer: User) -> StatusTable:
    """As the screens do it: the columns as they are suggested, every treaty a new draft, all that is new recorded."""
    upload = ContentFile(path.read_bytes(), path.name)
    table = StatusTable.objects.receive(upload, by=officer, source=path.name)
    table.choose(table.mapping, by=officer)
    titles = {text: " ".join([*told, text]) or path.stem for text, told in table.contents().treaties.items()}
    table.name_them(titles, {}, by=officer)
    table.record(by=officer)
    return table


def compare(table: StatusTable, path: Path) -> Verdict:
    """What is derived from what was recorded, against the rows of the file as they are read here once more."""
    verdict, countries, said = Verdict(), Countries(), defaultdict(list)
    for row in rows(path):
        code = countries.find(row.country)
        if code:
            said[row.treaty, code].append(row)
        else:
            verdict.unknown[row.country] += 1
    deeds, why = _deeds(table), _reasons(table)
    for pair, several in said.items():
        verdict.pairs += 1
        for day in sorted({*DAYS, *(one - gap for row in several for one in row.days() for gap in (ONE, ONE * 0))}):
            ours = standing_of(deeds[pair], day, Force(None)).status
            verdict.days += 1
            if any(ours in row.on(day) for row in several):
                verdict.agreed += 1
            else:
                key = pair[0], why.get(pair, "Not explained.")
                verdict.disagreed[key].add(pair[1])
                verdict.days_disagreed[key] += 1
    return verdict


def _deeds(table: StatusTable) -> dict[Pair, list[Deed]]:
    found, names = defaultdict(list), {key: text for text, key in table.instruments.items()}
    acts = Participation.objects.filter(instrument__in=names)
    for key, code, *deed in acts.values_list("instrument", "country", "act", "acted_on", "effective_on"):
        found[names[key], code].append(Deed(*deed))
    return found


def _reasons(table: StatusTable) -> dict[Pair, str]:
    """Why something that the table says of a country and a treaty was not recorded: what weighs most of it. A signature
    after the consent weighs nothing."""
    found: dict[Pair, tuple[int, str]] = {}
    for row in table.rows.filter(country__isnull=False, verdict__in=["REFUSED", "DISPUTED"]).order_by("pk"):
        weight = 3 if row.verdict == "DISPUTED" else WEIGHTS.get(row.act, 2)
        told = TWO_WAYS if row.verdict == "DISPUTED" else getattr(row.reason, "text", str(row.reason))
        pair = row.written_treaty, row.country_id
        found[pair] = max(found.get(pair, (0, "")), (weight, told))
    return {pair: told for pair, (_weight, told) in found.items()}


def rows(path: Path) -> Iterator[Said]:
    """The rows of a file, by its own columns."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if "stateID" in row:
                dates = (row[name] for name in ("StateSignature", "StateRatification", "StateForce", "StateEnd"))
                yield Said(row["stateID"], row["treatyID"], *map(_day, dates))
            elif "Kind" in row:
                consent = _day(row["Ratification-Acceptance-Accession-Approval-Succession"])
                yield Said(row["Code"], "", _day(row["Signature"]), consent)
            else:
                dates = (row[name] for name in ("Signature Date", "Instrument Date", "Entry Into Force Date"))
                yield Said(row["Contracting Party"], row["Treaty"], *map(_day, dates))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text and not text.startswith("9999") else None


def table(found: Iterable[tuple[str, Verdict]]) -> list[str]:
    found = list(found)
    lines = [
        "| table | countries × treaties | days asked | agree | disagree | rows of what is no country |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, verdict in found:
        numbers = (verdict.pairs, verdict.days, verdict.agreed, verdict.days - verdict.agreed, verdict.unknown.total())
        lines.append(f"| `{Path(name).name}` | " + " | ".join(f"{number:,}" for number in numbers) + " |")
    lines += ["", "Where they disagree:", "", "| treaty | countries | days | why |", "|---|---|---:|---|"]
    for _name, verdict in found:
        for (treaty, why), countries in sorted(verdict.disagreed.items()):
            days = verdict.days_disagreed[treaty, why]
            lines.append(f"| {treaty} | {', '.join(sorted(countries))} | {days} | {_plain(why)} |")
    unknown = sorted({text for _name, verdict in found for text in verdict.unknown})
    return [*lines, "", f"What is no country: {', '.join(unknown)}."]


def _plain(why: str) -> str:
    """A reason without the days and names that stand in it."""
    for name in ("effective", "day", "consent", "text", "column"):
        why = why.replace(f"%({name})s", "…")
    return why


if __name__ == "__main__":
    main()
