"""Measures 500 people who accept at the same instant, through HTTP, where there are 100 seats.

    DATABASE_URL=postgresql://.../bench REDIS_URL=redis://.../5 python -m bench.registrants [--write FILE]

In an empty database, with the production server (two web processes). Each opens the page behind their link, waits for
all the others, and presses Accept on a connection of their own. How many have a seat is asked of the database.
"""

import argparse
import asyncio
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.core.cache import cache
from django.core.management import call_command

from bench import run  # sets Django up, and where the server is
from bench.invitations import stage
from contacts.models import Person

SEATS, PEOPLE = 100, 500
MARKS = ("<!-- figures of registrants -->", "<!-- end of figures of registrants -->")
SECRET = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    cache.clear()
    event, organizer = stage(PEOPLE)
    event.seats.resize(SEATS, by=organizer)
    event.invitations.draft(Person.objects.all(), by=organizer)
    event.invitations.send_drafts(by=organizer)
    accepted = {"reply": "ACCEPTED", "reason": ""}
    paths = [urlsplit(invitation.link).path for invitation in event.invitations.all()]
    with run.server():
        answers = asyncio.run(crowd([Visitor(path, path, accepted) for path in paths]))
    rows = event.registrations
    found = (rows.confirmed().count(), rows.waiting().count(), event.seats.used)
    lines = [
        f"| {PEOPLE} people at once for {SEATS} seats | |",
        "|---|---:|",
        f"| with a seat, waiting, taken as the quota says | {found[0]}, {found[1]}, {found[2]} |",
        *times_of(answers),
    ]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


@dataclass
class Visitor:
    """Looks at `page`, then sends `fields` to `door`; `cookie` where they are signed in."""

    page: str
    door: str
    fields: dict[str, str]
    cookie: str = ""


async def crowd(visitors: list[Visitor]) -> list[tuple[int, float]]:
    """Status and seconds of each answer."""
    opening, together = asyncio.Semaphore(20), asyncio.Barrier(len(visitors))
    return await asyncio.gather(*(visit(number, one, opening, together) for number, one in enumerate(visitors)))


async def visit(number: int, one: Visitor, opening: asyncio.Semaphore, together: asyncio.Barrier) -> tuple[int, float]:
    """Open the page, wait for all, press the button."""
    who = f"X-Forwarded-For: 10.0.{number // 250}.{number % 250 + 1}\r\n"
    async with opening:
        page = await asked(f"GET {one.page} HTTP/1.1\r\n{who}Cookie: {one.cookie}\r\n")
    secret = re.search(rb"Set-Cookie: (csrftoken=\w+)", page, re.IGNORECASE)[1].decode()
    cookies = "; ".join(filter(None, [one.cookie, secret]))
    body = urlencode({**one.fields, "csrfmiddlewaretoken": SECRET.search(page)[1].decode()})
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {one.door} HTTP/1.1\r\n{who}Cookie: {cookies}\r\n{kind}\r\n"
    await together.wait()
    started = time.perf_counter()
    answer = await asked(f"{head}Content-Length: {len(body)}\r\n", body)
    return int(answer.split(b" ", 2)[1]), time.perf_counter() - started


def times_of(answers: list[tuple[int, float]]) -> list[str]:
    """The rows that say what came back, and how soon."""
    statuses = Counter(status for status, _seconds in answers)
    times = sorted(seconds * 1000 for _status, seconds in answers)
    return [
        f"| answers by status | {', '.join(f'{status}: {count}' for status, count in sorted(statuses.items()))} |",
        f"| p50 and p99, ms | {statistics.median(times):.0f}, {times[len(times) * 99 // 100]:.0f} |",
        f"| the last answer, ms | {times[-1]:.0f} |",
        f"| answers a second | {len(times) / times[-1] * 1000:.0f} |",
    ]


async def asked(head: str, body: str = "") -> bytes:
    """The whole answer, on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", run.PORT)
    writer.write(f"{head}Host: 127.0.0.1:{run.PORT}\r\nConnection: close\r\n\r\n{body}".encode())
    answer = await reader.read(-1)
    writer.close()
    return answer


if __name__ == "__main__":
    main()
