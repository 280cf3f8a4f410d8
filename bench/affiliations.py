"""Measures how well written affiliations are matched with organizations, on texts whose organizations are known; and
how many pairs of records that may be one organization a register has, and in how long they are found.

    python -m bench.affiliations [--write docs/reference/affiliations.md]

Reads the real input beside the project; nothing is written to a database.
"""

import argparse
import csv
import html
import json
import os
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from network.matching import Body, Index, Profile, pairs
from network.names import fold

ROOT = Path(__file__).resolve().parent.parent
ORGANIZATIONS = ROOT.parent / "shared" / "data" / "organizations"
REGISTER = ORGANIZATIONS / "ror" / "ror_organisations.csv"
SETS = {
    "affiliations in papers": ("dataset_affiliations_springer_2023_10_31.json", "ror_ids"),
    "names": ("dataset_names.json", "ror-id"),
}
Text = tuple[str, set[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = [*_table(), "", *_twins()]
    print("\n".join(lines))
    if options.write:
        begin, end = "<!-- figures -->", "<!-- end of figures -->"
        head, _begin, rest = options.write.read_text().partition(begin)
        options.write.write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


def bodies() -> list[Body]:
    """The organizations of the register, with all their names."""
    return [
        Body(
            row["ror_id"],
            tuple(dict.fromkeys([row["name"], *_split(row["aliases"]), *_labels(row["labels_by_lang"])])),
            tuple(_split(row["acronyms"])),
            row["country"],
        )
        for row in _rows(REGISTER)
    ]


def countries() -> dict[str, str]:
    """Folded name -> code, as `Country.objects.by_any_name()` has it."""
    return {
        fold(row[column]): row["code"]
        for row in _rows(ROOT / "network" / "facts" / "countries.csv")
        for column in ("alpha3", "en", "fr", "es", "ar")
    }


def texts(name: str) -> list[Text]:
    """The texts of a set, each with the keys of its organizations; characters written for HTML are read."""
    file, column = SETS[name]
    rows = json.loads((ORGANIZATIONS / "org-matching" / file).read_text())
    return [(html.unescape(row["affiliation"]), {_key(one) for one in _list(row[column])}) for row in rows]


def measure(index: Index, known: set[str], rows: list[Text]) -> Counter:
    """Right, wrong and missed links; right and wrong proposals, which are not links; and the texts that mean only
    organizations which the base does not have, and how many of these got no link."""
    counts = Counter(texts=len(rows))
    for text, meant in rows:
        matches = index.match(text)
        found = {match.body.key for match in matches if match.is_strong}
        proposed = {match.body.key for match in matches if not match.is_strong}
        counts.update(right=len(found & meant), wrong=len(found - meant), missed=len((meant & known) - found))
        counts.update(proposed=len(proposed), proposed_right=len(proposed & meant))
        if not meant & known:
            counts.update(strange=1, left=not found)
    return counts


def _table() -> list[str]:
    known = bodies()
    began = time.perf_counter()
    index = Index(known, countries())
    lines = [
        "| texts | number | to be linked | linked rightly | wrongly | recall | precision | proposed, of these right "
        "| of bodies not in the base, left alone | seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    made_in = time.perf_counter() - began
    keys = {body.key for body in known}
    for name in SETS:
        rows = texts(name)
        halves = {"looked at while the rules were made": rows[::2], "the other half, only counted": rows[1::2]}
        lines += [_line(f"{name}: {half}", index, keys, some) for half, some in halves.items()]
    size = f"{len(known):,} organizations with {sum(len(body.names) for body in known):,} names"
    return [*lines, "", f"The base has {size}; the index is made in {made_in:.1f} s."]


def _twins() -> list[str]:
    """No truth is known here: whether the pairs are one organization, a person says."""
    profiles = [
        Profile(row["ror_id"], body.names, next(iter(body.acronyms), ""), body.country, row["website"])
        for row, body in zip(_rows(REGISTER), bodies(), strict=True)
    ]
    began = time.perf_counter()
    keys = sum(len(profile.match_keys()) for profile in profiles) / len(profiles)
    found = sum(1 for _pair in pairs(profiles))
    seconds = time.perf_counter() - began
    return [
        "| the register compared with itself | keys of each | likely pairs | seconds |",
        "|---|---:|---:|---:|",
        f"| {len(profiles):,} organizations | {keys:.1f} | {found:,} | {seconds:.1f} |",
    ]


def _line(name: str, index: Index, known: set[str], rows: list[Text]) -> str:
    began = time.perf_counter()
    counts = measure(index, known, rows)
    seconds = time.perf_counter() - began
    right, wrong, missed = (counts[one] for one in ("right", "wrong", "missed"))
    recall, precision = right / (right + missed), right / (right + wrong)
    cells = (f"{count:,}" for count in (counts["texts"], right + missed, right, wrong))
    proposed = f"{counts['proposed']}, {counts['proposed_right']}"
    strange = f"{counts['strange']}, {counts['left']}"
    return f"| {name} | {' | '.join(cells)} | {recall:.3f} | {precision:.3f} | {proposed} | {strange} | {seconds:.1f} |"


def _key(address: str) -> str:
    return address.rpartition("/")[2]


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _labels(cell: str) -> list[str]:
    return [label.partition(":")[2] for label in _split(cell)]


def _rows(path: Path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
