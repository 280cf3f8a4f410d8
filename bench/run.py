"""Measures the house as it runs in production: gunicorn with two workers, PostgreSQL, a shared cache.

    python -m bench.run [--seconds 5] [--write docs/reference/performance.md]

Needs: an empty or staged PostgreSQL database in DATABASE_URL, wrk on the PATH, REDIS_URL if there is one. Every figure
of a page is also a ratio to a trivial Django view behind the same middleware, in the same run.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
os.environ.setdefault("ENTENTE_URL", BASE)

import django

django.setup()

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import stage
from config.page_cache import GENERATION
from contacts.models import Person, User
from events.models import Event, ProgrammeEntry

MARKS = ("<!-- figures -->", "<!-- end of figures -->")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass
class Figures:
    """What one address does; times in milliseconds."""

    path: str
    per_second: float
    p50: float
    p99: float
    size: int
    queries: int
    cold: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    stage.fill()
    with server():
        trivial = load("/trivial/", options.seconds)
        pages = [measure(path, options.seconds) for path in _addresses()]
        lists = [_list_screen(path) for path in _list_addresses()]
    lines = [*table(trivial, pages), "", *_list_table(lists), "", *_import_table()]
    print("\n".join(lines))
    if options.write:
        write(options.write, lines)


def _addresses() -> list[str]:
    event = Event.objects.get(slug="fosdem-2025")
    guid = ProgrammeEntry.objects.filter(programme=event.programme).order_by("starts_at", "uid")[0].guid
    here = "/en/events/fosdem-2025"
    return [
        "/en/",
        f"{here}/",
        f"{here}/programme/",
        f"{here}/programme/?day=all",
        f"{here}/programme/?q=law",
        f"{here}/sessions/{guid}/",
        f"{here}/event.ics",
        f"{here}/programme.ics",
        f"{here}/schedule.xml",
        f"{here}/schedule.json",
        f"{here}/sessions/{guid}.ics",
        f"/en/calendar/{_personal_feed(event)}.ics",
    ]


def _list_addresses() -> list[str]:
    people, organizations = reverse("person:index"), reverse("organization:index")
    return [people, f"{people}?q=garcia", f"{people}?p=1000", organizations, f"{organizations}?q=institute+77"]


def _personal_feed(event: Event) -> str:
    person = Person.objects.order_by("pk").first()
    event.registrations.enter(person)
    event.invitations.get_or_create(person=person, defaults={"state": "SENT", "reply": "ACCEPTED"})
    _feed, token = person.feeds.open()
    return token


@contextmanager
def server():
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    many = ["--workers", "2", "--threads", "4", "--log-level", "error"]
    command = [gunicorn, "config.wsgi", "--bind", f"127.0.0.1:{PORT}", *many]
    process = subprocess.Popen(command)
    try:
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"{BASE}/trivial/", timeout=1).read()
                break
            except OSError:
                time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait()


def measure(path: str, seconds: int) -> Figures:
    cold = statistics.median(_cold(path) for _time in range(5))
    figures = load(path, seconds)
    figures.cold = cold
    cache.set(GENERATION, "counting", None)
    with CaptureQueriesContext(connection) as queries:
        answer = Client(headers={"host": "127.0.0.1"}).get(path)
    figures.queries, figures.size = len(queries), len(answer.content)
    return figures


def _cold(path: str) -> float:
    """Milliseconds for one answer after something has changed."""
    cache.set(GENERATION, str(time.monotonic_ns()), None)
    start = time.perf_counter()
    urllib.request.urlopen(BASE + path, timeout=60).read()
    return (time.perf_counter() - start) * 1000


def load(path: str, seconds: int) -> Figures:
    """Eight connections for some seconds, as wrk counts them."""
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: gzip", BASE + path]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report:
        raise SystemExit(f"{path} does not answer 200:\n{report}")
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])
    p50, p99 = (_milliseconds(re.search(rf"{part}%\s+([\d.]+)(\w+)", report)) for part in (50, 99))
    return Figures(path, per_second, p50, p99, 0, 0, 0)


def _milliseconds(match: re.Match) -> float:
    return float(match[1]) * UNITS[match[2]]


def _list_screen(path: str) -> tuple[str, float, float, int]:
    """p50 and p95 of thirty views of a list in the admin, by somebody who is signed in, and its queries."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(email="bench@example.org"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    times = []
    for _time in range(30):
        start = time.perf_counter()
        request = urllib.request.Request(BASE + path, headers={"Cookie": cookie})
        urllib.request.urlopen(request, timeout=60).read()
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return path, statistics.median(times), statistics.quantiles(times, n=20)[-1], len(queries)


def table(trivial: Figures, pages: list[Figures]) -> list[str]:
    lines = [
        "| address | requests/s | ratio | p50 ms | p99 ms | bytes | queries cold | cold ms |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
        f"| trivial view | {trivial.per_second:.0f} | 1.00 | {trivial.p50:.1f} | {trivial.p99:.1f} | 2 | 0 | |",
    ]
    for page in pages:
        path = re.sub(r"(sessions|calendar)/[^/.]+", r"\1/…", page.path)
        lines.append(
            f"| `{path}` | {page.per_second:.0f} | {page.per_second / trivial.per_second:.2f} | {page.p50:.1f} "
            f"| {page.p99:.1f} | {page.size:,} | {page.queries} | {page.cold:.0f} |"
        )
    return lines


def _list_table(lists: list[tuple[str, float, float, int]]) -> list[str]:
    lines = ["| list screen | p50 ms | p95 ms | queries |", "|---|---:|---:|---:|"]
    return lines + [f"| `{path}` | {p50:.0f} | {p95:.0f} | {queries} |" for path, p50, p95, queries in lists]


def _import_table() -> list[str]:
    """The import of 25,170 organizations into an empty database, in a process of its own."""
    source = stage.REAL_INPUT / "organizations" / "ror" / "ror_organisations.csv"
    if not source.exists():
        return ["The real input is not beside the project, so the import was not measured."]
    lines = ["| import of 25,170 organizations | seconds | peak MB |", "|---|---:|---:|"]
    with tempfile.TemporaryDirectory(prefix="entente-bench-") as folder, _empty_database() as postgresql:
        for name, address in (("SQLite", ""), ("PostgreSQL", postgresql)):
            environment = {**os.environ, "DATABASE_URL": address, "ENTENTE_DATA_DIR": folder}
            environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
            for which in ("first", "again, unchanged"):
                seconds, megabytes = _import(source, environment)
                lines.append(f"| {name}, {which} | {seconds:.1f} | {megabytes:.0f} |")
    return lines


def _import(source: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes of memory at the highest."""
    program = (
        "import resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run([sys.executable, 'manage.py', 'import_organizations', sys.argv[1]],"
        " check=True, stdout=subprocess.DEVNULL);"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", program, str(source)]
    run = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, run.stdout.split())
    return seconds, megabytes


@contextmanager
def _empty_database():
    """The address of a new database beside the staged one; dropped afterwards."""
    name = f"entente_bench_{os.getpid()}"
    place = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield place._replace(path=f"/{name}").geturl()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def write(path: Path, lines: list[str], marks: tuple[str, str] = MARKS, how: str = "2 gunicorn workers") -> None:
    """Put the tables between the two marks of the page; `how` says with what they were taken."""
    begin, end = marks
    head, _begin, rest = path.read_text().partition(begin)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    when = f"Measured on {time.strftime('%-d %B %Y')}: {machine}, {connection.vendor}, {how}."
    path.write_text(f"{head}{begin}\n\n{when}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


if __name__ == "__main__":
    main()
