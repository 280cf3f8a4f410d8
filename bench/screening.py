"""Measures how well and how fast people are found in a watchlist, on invented names.

    python -m bench.screening [--write docs/reference/screening.md]
    DATABASE_URL=postgresql://.../screening python -m bench.screening --entries 50000 [--write ...]

No real list is at hand. Names are drawn from those that many people bear in eight languages, with the spellings that
are in use for them, and from syllables. With --entries, and only then, a list is loaded into a database.
"""

import argparse
import csv
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from bench.duplicates import write
from bench.names import GIVEN, MIDDLES, SURNAMES, SYLLABLES
from contacts.watchlists import PERSON, Facts, Index

LISTED, KNOWN, TRIED = 50_000, 50_000, 2_000
COUNTRIES = ("AE", "BR", "CD", "CN", "EG", "FR", "IR", "KZ", "LB", "MX", "NG", "PK", "RU", "SY", "TR", "UA")
Name = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # spellings of the given, middle and family name
Change = Callable[[random.Random, Name], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--entries", type=int)
    options = parser.parse_args()
    chance = random.Random(20261126)
    if options.entries:
        marks, lines = ("<!-- loading -->", "<!-- end of loading -->"), _loading(chance, options.entries)
    else:
        marks, lines = ("<!-- figures -->", "<!-- end of figures -->"), _figures(chance)
    print("\n".join(lines))
    if options.write:
        write(options.write, marks, lines)


def _figures(chance: random.Random) -> list[str]:
    names = [invented(chance) for _number in range(LISTED)]
    start = time.process_time()
    index = Index(
        (number, facts(chance, written(name), year=chance.random() < 0.7)) for number, name in enumerate(names)
    )
    seconds = time.process_time() - start
    return [*_recall(chance, names, index), "", *_questions(chance, index), "", *_speed(chance, index, seconds)]


def _loading(chance: random.Random, count: int) -> list[str]:
    """A new list of `count` entries, and the same file once more."""
    call_command("migrate", verbosity=0)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "targets.simple.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow(["id", "schema", "name", "countries", "birth_date"])
            for number in range(count):
                one = facts(chance, written(invented(chance)), year=chance.random() < 0.7)
                sheet.writerow([f"bench-{number}", "Person", one.names[0], *one.countries, *(one.birth_years or [""])])
        for _time in ("first", "again"):
            start = time.perf_counter()
            call_command("load_watchlist", str(path), name="Bench")
            seconds.append(time.perf_counter() - start)
    return [
        f"| {count:,} entries into {connection.vendor} | seconds |",
        "|---|---:|",
        f"| loaded | {seconds[0]:.1f} |",
        f"| the same file once more | {seconds[1]:.1f} |",
    ]


def invented(chance: random.Random) -> Name:
    """A name: half of them common ones, the others with a family name that few bear."""
    common = chance.random() < 0.5
    family = chance.choice(SURNAMES) if common else (_made_up(chance),)
    return chance.choice(GIVEN), chance.choice(MIDDLES), family


def written(name: Name) -> str:
    """As the list has it: the first spelling of each part."""
    given, middle, family = name
    return f"{given[0]} {middle[0]} {family[0]}"


def facts(chance: random.Random, name: str, *, year: bool) -> Facts:
    years = (chance.randrange(1940, 2003),) if year else ()
    return Facts(PERSON, (name,), (chance.choice(COUNTRIES),), years)


def transliterated(chance: random.Random, name: Name) -> str:
    """Every part in another spelling that is in use, where there is one in Latin letters."""
    return " ".join(_other(chance, part, latin=True) for part in name)


def in_its_script(chance: random.Random, name: Name) -> str:
    """Every part in Arabic, Cyrillic, Chinese or Korean, where it is written so."""
    return " ".join(_other(chance, part, latin=False) for part in name)


def reordered(chance: random.Random, name: Name) -> str:
    given, middle, family = written(name).split(" ")
    return chance.choice(
        [f"{family}, {given} {middle}", f"{family.upper()} {given} {middle}", f"{middle} {family} {given}"]
    )


def shortened(_chance: random.Random, name: Name) -> str:
    """Without the middle name."""
    return f"{name[0][0]} {name[2][0]}"


def initialled(_chance: random.Random, name: Name) -> str:
    return f"{name[0][0]} {name[1][0][0]}. {name[2][0]}"


def mistyped(chance: random.Random, name: Name, count: int = 1) -> str:
    """One letter lost, doubled, changed or swapped, in a word of more than three."""
    words = written(name).split(" ")
    places = [place for place, word in enumerate(words) if len(word) > 3]
    for place in chance.sample(places, min(count, len(places))):
        words[place] = _slip(chance, words[place])
    return " ".join(words)


def mistyped_twice(chance: random.Random, name: Name) -> str:
    return mistyped(chance, name, 2)


def shortened_and_transliterated(chance: random.Random, name: Name) -> str:
    return f"{_other(chance, name[0], latin=True)} {_other(chance, name[2], latin=True)}"


def reordered_and_mistyped(chance: random.Random, name: Name) -> str:
    first, *others = mistyped(chance, name).split(" ")
    return " ".join([*others, first])


CHANGES: dict[str, Change] = {
    "nothing": lambda _chance, name: written(name),
    "order of the words, a comma, capitals": reordered,
    "another spelling of each part": transliterated,
    "the script of its own": in_its_script,
    "no middle name": shortened,
    "an initial for the middle name": initialled,
    "one slip of the pen": mistyped,
    "two slips, in two words": mistyped_twice,
    "no middle name, and another spelling": shortened_and_transliterated,
    "order, and one slip": reordered_and_mistyped,
}


def _recall(chance: random.Random, names: list[Name], index: Index) -> list[str]:
    """Of names that are in the list, changed: how many bring the question about their own entry. Nothing but the name
    is known of them, which is the hardest case."""
    lines = ["| changed | tried | found | recall | questions each |", "|---|---:|---:|---:|---:|"]
    for label, change in CHANGES.items():
        tried = found = asked = 0
        for number in chance.sample(range(len(names)), len(names)):
            if tried == TRIED:
                break
            name = change(chance, names[number])
            if name == written(names[number]) and label != "nothing":
                continue  # there is no other way to write it
            tried += 1
            keys = [key for key, _comparison in index.like(Facts(PERSON, (name,)))]
            found, asked = found + (number in keys), asked + len(keys)
        lines.append(f"| {label} | {tried:,} | {found:,} | {found / tried:.3f} | {asked / tried:.1f} |")
    return lines


def _questions(chance: random.Random, index: Index) -> list[str]:
    """Of people who are not in the list: about how many is somebody asked."""
    known = {
        "name alone": lambda facts: Facts(PERSON, facts.names),
        "name and country": lambda facts: Facts(PERSON, facts.names, facts.countries),
        "name, country and year of birth": lambda facts: facts,
    }
    strangers = [facts(chance, written(invented(chance)), year=True) for _number in range(TRIED)]
    lines = [f"| known of {TRIED:,} strangers | asked about | questions for 1,000 people |", "|---|---:|---:|"]
    for label, tell in known.items():
        counts = [len(index.like(tell(one))) for one in strangers]
        lines.append(f"| {label} | {sum(map(bool, counts)):,} | {1000 * sum(counts) / TRIED:,.0f} |")
    return lines


def _speed(chance: random.Random, index: Index, seconds: float) -> list[str]:
    people = [facts(chance, written(invented(chance)), year=chance.random() < 0.3) for _number in range(KNOWN)]
    start = time.process_time()
    asked = sum(len(index.like(person)) for person in people)
    middle = time.process_time()
    few = Index(enumerate(people[:5]))
    for _key, entry in index.facts:
        few.like(entry)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"| a list of {LISTED:,} entries | seconds of one core |",
        "|---|---:|",
        f"| the index | {seconds:.1f} |",
        f"| {KNOWN:,} people compared ({asked:,} questions) | {middle - start:.1f} |",
        f"| five people who have changed, compared | {end - middle:.1f} |",
        f"| most memory, of all of this | {peak:.0f} MB |",
    ]


def _other(chance: random.Random, spellings: tuple[str, ...], *, latin: bool) -> str:
    others = [spelling for spelling in spellings[1:] if spelling.isascii() is latin]
    return chance.choice(others) if others else spellings[0]


def _slip(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )


def _made_up(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _part in range(chance.randrange(2, 5))).capitalize()


if __name__ == "__main__":
    main()
