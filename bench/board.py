"""Measures the board of a large programme: 1,100 sessions in 30 rooms on two days, two speakers each out of 1,500
people, some of them clashing, as it runs in production (gunicorn with two workers) and is seen in Chromium.

    DATABASE_URL=postgresql://.../board_bench .venv/bin/python -m bench.board [--write docs/reference/performance.md]

Needs an empty or staged database, and Chromium on the PATH.
"""

import argparse
import datetime
import json
import random
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from bench.run import BASE, server, write  # first: it chooses the settings
from contacts.models import Person, User
from events.models import Appearance, Event, Room, Session, Spot, Track, Venue
from events.views.desk.picture import as_told

MARKS = ("<!-- board -->", "<!-- end of board -->")
SESSIONS, ROOMS, PEOPLE, TIMES = 1100, 30, 1500, 9
PAINT = """() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"""
WORD = "a long enough password"


def stage() -> Event:
    """Made once."""
    if found := Event.objects.filter(slug="board").first():
        return found
    chance = random.Random(20261127)
    User.objects.create_superuser("bench@example.org", WORD)
    today = timezone.localdate()
    event = Event.objects.create(
        slug="board",
        title="A large programme",
        starts_on=today,
        ends_on=today + datetime.timedelta(days=1),
        venue=Venue.objects.create(name="Campus", city="Brussels"),
    )
    rooms = [Room.objects.create(venue=event.venue, name=f"Room {n}", capacity=80, position=n) for n in range(ROOMS)]
    tracks = [
        Track.objects.create(event=event, slug=f"t{n}", name=f"Track {n}", color=Track.Color.values[n % 12], position=n)
        for n in range(24)
    ]
    people = Person.objects.bulk_create(Person(given_name="Ada", family_name=f"Abel-{n}") for n in range(PEOPLE))
    for number in range(SESSIONS):
        room, place = number % ROOMS, number // ROOMS
        starts_at = datetime.datetime.combine(today, datetime.time(9), event.zone)
        starts_at += datetime.timedelta(days=place % 2, minutes=30 * (place // 2) + 10 * (chance.random() < 0.02))
        session = Session.objects.create(
            event=event,
            title=f"Session {number}: what is told in half an hour",
            track=tracks[room % 24],
            room=rooms[room],
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=25),
        )
        for person in chance.sample(people, 2):
            Appearance.objects.create(session=session, person=person)
    return event


def asked(event: Event) -> dict[str, tuple[float, float]]:
    """Milliseconds of the server alone, by the clock and at work: the page, its state, a 304, a move and a tool."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="bench@example.org"))
    here = f"/admin/events/event/{event.pk}"
    etag = client.get(f"{here}/board-state/")["ETag"]
    session = event.sessions.order_by("starts_at", "pk")[SESSIONS // 2]
    return {
        "the page": _median(lambda: client.get(f"{here}/board/")),
        "the state, when something has changed": _median(lambda: client.get(f"{here}/board-state/")),
        "the state, when nothing has (304)": _median(
            lambda: client.get(f"{here}/board-state/", headers={"If-None-Match": etag})
        ),
        "a move, with the conflicts after it": _median(lambda: _move(client, here, session)),
        "everything of a day shifted and back": _median(lambda: _shift(client, here, event)),
    }


def _move(client: Client, here: str, session: Session) -> None:
    session.refresh_from_db()
    was = Spot.of(session)
    moves = [{"id": session.pk, "was": as_told(was), "to": as_told(was.later(datetime.timedelta(minutes=5)))}]
    _post(client, here, {"act": "arrange", "moves": moves})


def _shift(client: Client, here: str, event: Event) -> None:
    first = event.sessions.order_by("starts_at", "pk")[0]
    for minutes in (5, -5):
        _post(client, here, {"act": "shift", "id": first.pk, "minutes": minutes, "everywhere": True})


def _post(client: Client, here: str, said: dict) -> None:
    answer = client.post(f"{here}/board-act/", json.dumps(said), content_type="application/json")
    assert answer.status_code == 200, answer.text


def _median(act: Callable[[], object]) -> tuple[float, float]:
    times = []
    for _time in range(TIMES):
        start, work = time.perf_counter(), time.process_time()
        act()
        times.append((time.perf_counter() - start, time.process_time() - work))
    clock, work = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
    return clock, work


def seen(event: Event) -> dict[str, float]:
    """Milliseconds in Chromium, from the address typed in: the first paint, the board drawn, a zoom, and a move by the
    keyboard until the server has agreed."""
    with server(), sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{BASE}/admin/")
        page.fill("input[name=login]", "bench@example.org")
        page.fill("input[name=password]", WORD)
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
        found = [_look(page, event) for _time in range(3)]
        browser.close()
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def _look(page: Page, event: Event) -> dict[str, float]:
    page.goto(f"{BASE}/admin/events/event/{event.pk}/board/")
    page.wait_for_selector("#board[data-drawn]")
    drawn = float(page.get_attribute("#board", "data-drawn"))
    zoom = page.evaluate(_timed("document.querySelector('[data-act=near]').click(); document.body.offsetHeight"))
    card = page.locator(".board-lane .board-card").nth(100)
    card.focus()
    for key in ("Enter", "ArrowRight"):
        page.keyboard.press(key)
    start = time.perf_counter()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('board-said').textContent.includes('is moved')")
    moved = (time.perf_counter() - start) * 1000
    return {
        "first paint": page.evaluate(PAINT),
        "the board drawn, 550 sessions of a day": drawn,
        "drawn anew (zoom)": zoom,
        "a move by the keyboard, until the server has agreed": moved,
    }


def _timed(script: str) -> str:
    return f"() => {{ const start = performance.now(); {script}; return performance.now() - start; }}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    event = stage()
    clashes = len(event.conflicts())
    lines = [
        f"| {SESSIONS:,} sessions in {ROOMS} rooms, {clashes} conflicts | ms | of these at work |",
        "|---|---:|---:|",
    ]
    lines += [f"| server: {name} | {clock:.0f} | {work:.0f} |" for name, (clock, work) in asked(event).items()]
    lines += [f"| Chromium: {name} | {value:.0f} | |" for name, value in seen(event).items()]
    print("\n".join(lines))
    if options.write:
        write(options.write, lines, MARKS)


if __name__ == "__main__":
    main()
