"""Measures 10,000 calendar programs that ask for the feed of a programme at the same instant, through HTTP.

    DATABASE_URL=postgresql://.../bench REDIS_URL=redis://.../5 python -m bench.subscribers [--write FILE]

With the production server (two web processes), and the programme of FOSDEM 2025. All open a connection of their own at
once, three times: for the first time; after a session was moved and published; and once more. Nothing is lost where
each gets the whole feed as it is by then, or the word that theirs is the newest.
"""

import argparse
import asyncio
import datetime
import hashlib
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command

from bench import run, stage  # sets Django up, and where the server is
from events.models import Event

SUBSCRIBERS = 10_000
PATH = "/en/events/fosdem-2025/programme.ics"
MARKS = ("<!-- figures of subscribers -->", "<!-- end of figures of subscribers -->")


@dataclass(frozen=True)
class Answer:
    status: str  # of HTTP, or "cut off"
    etag: str
    content: str  # a digest
    tries: int
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    stage.fill()
    cache.clear()
    event = Event.objects.get(slug="fosdem-2025")
    with run.server():
        first = wave("")
        session = event.sessions.whole().in_order()[0]
        session.ends_at += datetime.timedelta(minutes=5)
        session.save()
        event.publish(by=None)
        second = wave(first[0].etag)
        third = wave(second[0].etag)
    assert first[0].etag != second[0].etag
    waves = {"for the first time": first, "after a session was moved": second, "once more": third}
    lines = [
        f"| {SUBSCRIBERS:,} programs ask | answers by status | different contents | who tried again | p50 s | p99 s |",
        "|---|---|---:|---:|---:|---:|",
        *(_row(name, answers) for name, answers in waves.items()),
    ]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


def wave(etag: str) -> list[Answer]:
    return asyncio.run(_wave(etag))


async def _wave(etag: str) -> list[Answer]:
    return await asyncio.gather(*(_ask(etag) for _number in range(SUBSCRIBERS)))


async def _ask(etag: str) -> Answer:
    """Asks until it is answered: who is turned away at the door of a full house tries again a second later."""
    started, tries = time.perf_counter(), 0
    while True:
        tries += 1
        try:
            head, content = await _get(etag)
            break
        except OSError:
            await asyncio.sleep(1)
    fields = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in head[1:])}
    is_whole = len(content) == int(fields.get("content-length", 0))
    status = head[0].split()[1] if is_whole else "cut off"
    digest = hashlib.sha256(content).hexdigest()
    return Answer(status, fields.get("etag", ""), digest, tries, time.perf_counter() - started)


async def _get(etag: str) -> tuple[list[str], bytes]:
    """The lines of the head, and the content. Raises OSError where the connection comes to nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", run.PORT)
    try:
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        head = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{run.PORT}\r\nAccept-Encoding: gzip\r\n{known}"
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        head, blank, content = (await reader.read(-1)).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if not blank:
        raise ConnectionResetError
    return head.decode().split("\r\n"), content


def _row(name: str, answers: list[Answer]) -> str:
    statuses = ", ".join(f"{status}: {count:,}" for status, count in Counter(one.status for one in answers).items())
    times = sorted(one.seconds for one in answers)
    contents = len({(one.etag, one.content) for one in answers})
    p99 = times[len(times) * 99 // 100]
    again = sum(one.tries > 1 for one in answers)
    return f"| {name} | {statuses} | {contents} | {again:,} | {statistics.median(times):.1f} | {p99:.1f} |"


if __name__ == "__main__":
    main()
