"""Measures the import of a contact file of 100,000 rows: look through, take in, take back; time and memory.

    DATABASE_URL=postgresql://.../bench python -m bench.imports [--only PostgreSQL] [--rows 100000]

On SQLite, and on PostgreSQL where DATABASE_URL names one (the figures are taken in a new database beside it). 36,000
organizations and 100,000 people are known before; of each four rows of the file one says something new of one of them.
"""

import argparse
import csv
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.files import File
from django.core.management import call_command
from django.db import connection

from bench import stage
from contacts.models import ImportBatch, MatchKey, Person, User
from contacts.models.imports import work

HEADER = [
    *("Title", "First Name", "Middle Name", "Last Name", "Company", "Department", "Job Title"),
    *("Business Country/Region", "Business Phone", "Mobile Phone", "E-mail Address", "Notes"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--known", type=int, default=100_000, help="people who are known before")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.step:
        return _step(options)
    lines = [
        f"| contact file of {options.rows:,} rows | seconds | of these at work | peak MB |",
        "|---|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as folder, _databases() as databases:
        source = Path(folder) / "contacts.csv"
        for name, address in databases.items():
            if options.only not in (None, name):
                continue
            environment = {**os.environ, "DATABASE_URL": address, "ENTENTE_DATA_DIR": folder}
            for step in STEPS:
                seconds, busy, megabytes = _measured(step, source, options, environment)
                if step != "stage":
                    lines.append(f"| {name}: {STEPS[step]} | {seconds:.0f} | {busy:.0f} | {megabytes:.0f} |")
                print(f"{name}, {step}: {seconds:.1f} s, {busy:.1f} s at work, {megabytes:.0f} MB", flush=True)
    print("\n".join(lines))
    if options.write:
        _write(options.write, lines)
    return None


STEPS = {
    "stage": "",
    "look": "uploaded and looked through",
    "take": "imported",
    "undo": "taken back",
}


def write_file(path: Path, rows: int) -> None:
    """An export as Outlook writes it, in Windows-1252. Of each four rows one is of somebody who is known."""
    chance = random.Random(20261126)
    people = Person.objects.exclude(given_name__in=["Nguyễn", "Łucja"])  # whom Windows-1252 cannot write
    known = people.order_by("?").values_list("given_name", "family_name", "emails__address").iterator()
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADER)
        for number in range(rows):
            sheet.writerow(_row(chance, number, next(known, None) if number % 4 == 0 else None))


def _row(chance: random.Random, number: int, known: tuple[str, str, str] | None) -> list[str]:
    company = f"{chance.choice(stage.FAMILY)} Institute {chance.randrange(stage.ORGANIZATIONS)} for Customs"
    if known:
        given, family, address = known
        return ["Dr", given, "", family, company, "", "Director", "", f"+33 1 {number:08d}", "", address, ""]
    phones = [f"+33 2 {number:08d}", f"+33 6 {number:08d}" if number % 3 else ""]
    address = f"garcia{number}@list.example"
    return ["Ms", "María", "", f"García-{number}", company, "Unit 3", "Inspector", "FR", *phones, address, "from Lyon"]


def _step(options: argparse.Namespace) -> None:
    step, source = options.step, options.file
    if step == "stage":
        _fill(options.known)
        return write_file(source, options.rows)
    by = User.objects.get(email="bench@example.org")
    if step == "look":
        with source.open("rb") as file:
            batch = ImportBatch.objects.receive(File(file, name=source.name), by=by)
        batch.look_through(batch.mapping, by=by)
    elif step == "take":
        ImportBatch.objects.get().start(by=by)
    else:
        ImportBatch.objects.get().undo(by=by)
    while ImportBatch.objects.at_work().exists():
        work.work_off()
    print(ImportBatch.objects.get().state, ImportBatch.objects.get().counts(), file=sys.stderr)
    return None


def _fill(known: int) -> None:
    call_command("migrate", verbosity=0)
    stage.PEOPLE = known
    stage.organizations_and_people()
    MatchKey.objects.renew(Person.objects.all())
    User.objects.create_superuser("bench@example.org", "bench")


def _measured(
    step: str, source: Path, options: argparse.Namespace, environment: dict[str, str]
) -> tuple[float, float, float]:
    """Seconds by the clock, those in which the process was at work, and megabytes at the highest, in a process of its
    own. (On a machine that is busy with other things only the second says something.)"""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.imports", "--step", step, "--file", str(source)]
    command += ["--rows", str(options.rows), "--known", str(options.known)]
    run = subprocess.Popen(command, env=environment)
    _pid, status, used = os.wait4(run.pid, 0)
    if status:
        raise SystemExit(f"{step} failed.")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


@contextmanager
def _databases():
    """Name -> address of an empty database of each kind; that of PostgreSQL is dropped afterwards."""
    if connection.vendor != "postgresql":
        yield {"SQLite": ""}
        return
    name = f"entente_bench_{os.getpid()}"
    place = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield {"SQLite": "", "PostgreSQL": place._replace(path=f"/{name}").geturl()}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _write(path: Path, lines: list[str]) -> None:
    begin, end = "<!-- imports -->", "<!-- end of imports -->"
    head, _begin, rest = path.read_text().partition(begin)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    when = f"Measured on {time.strftime('%-d %B %Y')}: {machine}."
    path.write_text(f"{head}{begin}\n\n{when}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


if __name__ == "__main__":
    main()
