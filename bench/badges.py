"""Measures how long 1,000 badges take, and how much memory: as a PDF of ten on a sheet, and of one on a page.

    python -m bench.badges [--people 1000] [--write docs/reference/performance.md]

Each is made in a process of its own, so that none has the memory of the other. No database.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from bench.run import write
from events import pdf
from events.models.registration import new_badge

MARKS = ("<!-- badges -->", "<!-- end of badges -->")
NAMES = ["Dina Haddad", "Jean-Baptiste de La Rochefoucauld-Montmorency", "ليلى عبد الرحمن المنصوري", "Zoë Ng"]
WORK = ["Customs of Example", "Ministère de la Justice et des Droits de l’Homme", "الإدارة العامة للجمارك", "WCO"]


def one(kind: str, people: int) -> None:
    """Make the PDF and print seconds, megabytes of it, and the peak of memory."""
    badges = [
        pdf.Badge(NAMES[number % 4], WORK[number % 4], "Delegate", "#14485a", new_badge()) for number in range(people)
    ]
    begun = time.perf_counter()
    content = pdf.badges("Forum on illicit trade", badges, language="en", is_sheet=kind == "sheet")
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} {len(content) / 1e6:.1f} {peak:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--one", choices=["sheet", "single"])
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.one:
        return one(options.one, options.people)
    lines = [f"| {options.people:,} badges | seconds | PDF, MB | peak MB |", "|---|---:|---:|---:|"]
    for kind, words in (("sheet", "ten on a sheet"), ("single", "one on a page")):
        command = [sys.executable, "-m", "bench.badges", "--one", kind, "--people", str(options.people)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        lines.append(f"| {words} | {' | '.join(said)} |")
    print("\n".join(lines))
    if options.write:
        write(options.write, lines, MARKS, how="one process")
    return None


if __name__ == "__main__":
    main()
