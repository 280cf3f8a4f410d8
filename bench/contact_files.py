"""Counts what becomes of contact lists as they were found: the format, the encoding, the rows, or why one is refused.

    python -m bench.contact_files [--write docs/reference/contact-files.md]

Reads the real input beside the project; nothing is written to a database.
"""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from contacts.sheets import read_people, suggest
from network.sheets import Reading, Refusal, SheetError, open_sheet

FILES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "messy-contacts"
BESIDE = ("LICENSES/", "MANIFEST", "csv-spectrum/json/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = list(_lines())
    print("\n".join(lines))
    if options.write:
        begin, end = "<!-- figures -->", "<!-- end of figures -->"
        head, _begin, rest = options.write.read_text().partition(begin)
        options.write.write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


def _lines() -> Iterator[str]:
    counts: dict[str, Counter] = defaultdict(Counter)
    formats, encodings, reasons = Counter(), Counter(), Counter()
    for path in sorted(path for path in FILES.rglob("*") if path.is_file()):
        name = path.relative_to(FILES).as_posix()
        if name.startswith(BESIDE) or path.suffix == ".md":
            continue
        folder = counts[name.split("/")[0]]
        folder["files"] += 1
        try:
            reading, found = _read(path)
        except SheetError as error:
            folder["refused"] += 1
            reasons[str(error)] += 1
        else:
            folder.update(found)
            formats[reading.format] += 1
            encodings[reading.encoding or "(a workbook)"] += 1
    yield "| folder | files | read | refused | rows | lists of people | people | of these with notes | rows refused |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    total: Counter = sum(counts.values(), Counter())
    columns = ("files", "read", "refused", "rows", "lists", "people", "noted", "rows refused")
    for name, folder in [*counts.items(), ("all", total)]:
        yield f"| {name} | " + " | ".join(f"{folder[column]:,}" for column in columns) + " |"
    for title, counter in (("format", formats), ("encoding", encodings), ("why a file is refused", reasons)):
        yield from ("", f"| {title} | files |", "|---|---:|")
        most_first = sorted(counter.items(), key=lambda item: (-item[1], item))
        yield from (f"| {name} | {count} |" for name, count in most_first)


def _read(path: Path) -> tuple[Reading, Counter]:
    """How the file is read and its counts; its rows as people, if the suggested columns hold a name."""
    sheet = open_sheet(path)
    first = list(islice(sheet.rows, 50))
    counts = Counter(read=1, rows=len(first) + sum(1 for _row in sheet.rows))
    try:
        people = list(read_people(path, suggest(sheet.columns, first)))
    except SheetError:
        return sheet.reading, counts
    refused = sum(isinstance(person, Refusal) for person in people)
    noted = sum(bool(person.notes) for person in people if not isinstance(person, Refusal))
    counts.update({"lists": 1, "people": len(people) - refused, "noted": noted, "rows refused": refused})
    return sheet.reading, counts


if __name__ == "__main__":
    main()
