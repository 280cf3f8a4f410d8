"""Measures how well duplicates are found, on people whose duplicates are known.

    python -m bench.duplicates [--write docs/reference/duplicates.md]
    DATABASE_URL=postgresql://.../duplicates python -m bench.duplicates --people 100000 [--write ...]

Reads the real input beside the project. With --people, and only then, an empty database is filled and scanned.
"""

import argparse
import csv
import os
import random
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from contacts.matching import Profile
from contacts.models import Affiliation, DuplicatePair, Person, PersonEmail, PersonPhone
from network.matching import pairs
from network.models import Organization

PEOPLE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "people"
Pairs = set[frozenset]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--people", type=int)
    options = parser.parse_args()
    if options.people:
        marks, lines = ("<!-- in the database -->", "<!-- end of in the database -->"), _in_the_database(options.people)
    else:
        marks = ("<!-- figures -->", "<!-- end of figures -->")
        lines = [*_synthetic(), "", *_febrl(), "", *_speed()]
    print("\n".join(lines))
    if options.write:
        write(options.write, marks, lines)


def write(path: Path, marks: tuple[str, str], lines: list[str]) -> None:
    """Put `lines` between the marks; at the end of the page where it has none yet."""
    (begin, end), text = marks, path.read_text()
    head, _begin, rest = text.partition(begin) if begin in text else (f"{text}\n", "", f"{end}\n")
    path.write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


def contacts() -> tuple[list[Profile], dict[str, str], dict[str, str]]:
    """The synthetic contacts, the cluster of each, and how each was changed."""
    folder = PEOPLE / "synthetic-contacts"
    profiles = [
        Profile(
            row["contact_id"],
            row["given_name"],
            row["family_name"],
            tuple(filter(None, [row["email"]])),
            tuple(filter(None, [row["phone"]])),
            tuple(filter(None, [row["organisation"]])),
            row["country"],
        )
        for row in _rows(folder / "contacts.csv")
    ]
    truth = list(_rows(folder / "truth.csv"))
    clusters = {row["contact_id"]: row["cluster"] for row in truth}
    return profiles, clusters, {row["contact_id"]: row["kind"] for row in truth}


def _synthetic() -> list[str]:
    profiles, clusters, kinds = contacts()
    halves = {"one half": 0, "the other half": 1}
    lines = [
        "| synthetic contacts | records | true pairs | found | recall | precision |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines.append(_row("all", profiles, clusters))
    for name, half in halves.items():
        lines.append(_row(name, [one for one in profiles if int(clusters[one.key][1:]) % 2 == half], clusters))
    true, found = _true(clusters), _found(profiles)
    lines += ["", "| changed by | true pairs | found |", "|---|---:|---:|"]
    by_kind = Counter(_kind(pair, kinds) for pair in true)
    hits = Counter(_kind(pair, kinds) for pair in true & found)
    return lines + [f"| {kind} | {count} | {hits[kind]} |" for kind, count in sorted(by_kind.items())]


def _febrl() -> list[str]:
    """Names and street alone: Entente keeps neither dates of birth nor social security numbers."""
    lines = ["| Febrl (names and street only) | records | true pairs | found | recall | precision |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for name in ("dataset1", "dataset2"):
        rows = [
            {field.strip(): (value or "").strip() for field, value in row.items()}
            for row in _rows(PEOPLE / "febrl-dedupe" / f"{name}.csv")
        ]
        profiles = [
            Profile(
                row["rec_id"],
                row["given_name"],
                row["surname"],
                organizations=tuple(filter(None, [f"{row['street_number']} {row['address_1']}".strip()])),
            )
            for row in rows
        ]
        lines.append(_row(name, profiles, {row["rec_id"]: row["rec_id"].split("-")[1] for row in rows}))
    return lines


def _many(count: int) -> list[Profile]:
    """As many people as a large base has, made of the real ones with other addresses and other names."""
    chance, originals = random.Random(7), contacts()[0]
    people = []
    for number in range(count):
        one, other = chance.choice(originals), chance.choice(originals)
        people.append(
            replace(
                one, key=number, family_name=f"{one.family_name} {other.family_name}", emails=(f"{number}@x.example",)
            )
        )
    return people


def _speed(count: int = 100_000) -> list[str]:
    people = _many(count)
    start = time.perf_counter()
    keys = sum(len(person.match_keys()) for person in people)
    middle = time.perf_counter()
    found = sum(1 for _pair in pairs(people))
    return [
        f"| a whole base of {count:,} people | seconds |",
        "|---|---:|",
        f"| keys ({keys / count:.1f} for each person) | {middle - start:.1f} |",
        f"| keys and comparison ({found:,} likely pairs) | {time.perf_counter() - middle:.1f} |",
    ]


def _in_the_database(count: int) -> list[str]:
    """A scan that writes the keys as well, one that finds them, and looking for somebody who was just added."""
    call_command("migrate", verbosity=0)
    if Person.everyone.exists():
        raise SystemExit("There are people in this database already: the first scan is measured on an empty one.")
    _fill(_many(count))
    seconds = []
    for _scan in ("first", "again"):
        start = time.perf_counter()
        found = DuplicatePair.objects.scan()
        seconds.append(time.perf_counter() - start)
    looked = []
    for person in Person.objects.order_by("?")[:200]:
        start = time.perf_counter()
        DuplicatePair.objects.look_at(person)
        looked.append(1000 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"| {count:,} people in {connection.vendor} | |",
        "|---|---:|",
        f"| the first scan, which writes the keys | {seconds[0]:.1f} s |",
        f"| a later one ({found:,} pairs wait) | {seconds[1]:.1f} s |",
        f"| somebody who was just added, p50 | {statistics.median(looked):.1f} ms |",
        f"| somebody who was just added, p95 | {statistics.quantiles(looked, n=20)[-1]:.1f} ms |",
        f"| most memory, of all of this | {peak:.0f} MB |",
    ]


def _fill(profiles: list[Profile]) -> None:
    """With all that they are compared by."""
    people = [
        Person(given_name=one.given_name, family_name=one.family_name, country_id=one.country or None)
        for one in profiles
    ]
    Person.objects.bulk_create(people, batch_size=1000)
    names = sorted({name for one in profiles for name in one.organizations})
    Organization.objects.bulk_create(Organization(name=name, kind="GOVERNMENT") for name in names)
    known = dict(Organization.objects.values_list("name", "pk"))
    pairs_of = list(zip(people, profiles, strict=True))
    for kind, parts in (
        (PersonEmail, ({"person": who, "address": text} for who, one in pairs_of for text in one.emails)),
        (PersonPhone, ({"person": who, "number": text} for who, one in pairs_of for text in one.phones)),
        (
            Affiliation,
            ({"person": who, "organization_id": known[name]} for who, one in pairs_of for name in one.organizations),
        ),
    ):
        kind.objects.bulk_create((kind(**part) for part in parts), batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _row(name: str, profiles: list[Profile], clusters: dict[str, str]) -> str:
    there = {profile.key for profile in profiles}
    true = {pair for pair in _true(clusters) if pair <= there}
    found = _found(profiles)
    recall, precision = len(true & found) / len(true), len(true & found) / max(1, len(found))
    return f"| {name} | {len(profiles):,} | {len(true):,} | {len(found):,} | {recall:.3f} | {precision:.3f} |"


def _true(clusters: dict[str, str]) -> Pairs:
    members = defaultdict(list)
    for key, cluster in clusters.items():
        members[cluster].append(key)
    return {frozenset(pair) for keys in members.values() for pair in combinations(keys, 2)}


def _found(profiles: Iterable[Profile]) -> Pairs:
    return {frozenset((one.key, other.key)) for one, other, _comparison in pairs(profiles)}


def _kind(pair: frozenset, kinds: dict[str, str]) -> str:
    return " and ".join(sorted({kinds[key] for key in pair} - {"base"})) or "base"


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
