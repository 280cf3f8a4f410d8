"""Our calendars before a jury: many independent parsers and an RFC checklist have to agree on every file."""

import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from events.ical import Address, CalendarHead, Slot, calendar, cancel, publish, request, vevent

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

CHECK = Path(__file__).resolve().parents[3] / "shared" / "checks" / "check_ics.py"
BENCH = Path(os.environ.get("ICALBENCH") or Path.home() / ".cache" / "ical-bench")
PARSERS = "icalendar,vobject,libical,ical.js"

TEAM = Address("Forum 2026, Lyon", "forum@rsvp.entente.example")
ELENE = Address('Élène "El" Дмитриева; PhD', "elene+forum@ministry.example")
FORUM = CalendarHead(
    name="Forum 2026; Lyon, “seals”",
    description="All public sessions\nin two languages",
    url="https://entente.example/en/events/lyon/",
    source="https://entente.example/en/events/lyon/programme.ics",
    timezones=("Europe/Paris",),
)
ZONES = ("Europe/Paris", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "Asia/Kolkata", "Africa/Cairo")


def session(number: int, zone: str = "Europe/Paris") -> Slot:
    starts = datetime(2026, 3, 27, 6, tzinfo=UTC) + timedelta(minutes=15 * number)
    return Slot(
        uid=f"0192f1c4-aaaa-7bbb-8ccc-{number:012d}@entente.example",
        sequence=number % 4,
        revised_at=datetime(2026, 1, 5, 8, 30, tzinfo=UTC),
        starts=starts,
        ends=starts + timedelta(minutes=50),
        timezone=zone,
        summary=f"Session {number}: sceaux, timbres; 封印 😀 أختام",
        description="Lignes\nlongues ; avec virgules, et 日本語, C:\\New. " * (1 + number % 9),
        location="Salle XVII, Lyon",
        url=f"https://entente.example/en/events/lyon/sessions/{number}/?day=1&room=a,b;c",
        status=("CONFIRMED", "TENTATIVE", "CANCELLED")[number % 3],
        categories=("Plénière", "Douanes, frontières"),
        language="fr",
    )


FILES = {
    "request": ("invite", request(session(0), TEAM, ELENE)),
    "update": ("invite", request(session(4, "America/New_York"), TEAM, ELENE)),
    "request in UTC": ("invite", request(session(0, "Africa/Cairo"), TEAM, ELENE)),
    "all-day request": (
        "invite",
        request(replace(session(0), starts=date(2026, 6, 10), ends=date(2026, 6, 12)), TEAM, ELENE),
    ),
    "cancel": ("invite", cancel(session(1), TEAM, ELENE)),
    "confirmation": ("any", publish(session(0))),
    "feed": ("feed", calendar(FORUM, [vevent(session(number)) for number in range(300)])),
    "feed of many zones": ("feed", calendar(FORUM, [vevent(session(n, ZONES[n % 6])) for n in range(300)])),
    "feed of one event": (
        "feed",
        calendar(FORUM, [vevent(replace(session(0), starts=date(2026, 6, 10), ends=date(2026, 6, 12)))]),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_independent_parsers_agree_on_our_calendar(name, tmp_path):
    python = BENCH / "venv" / "bin" / "python"
    if not (CHECK.exists() and python.exists()):
        pytest.skip(f"The calendar checks or their bench are not on this machine ({CHECK.name}, {python}).")
    profile, written = FILES[name]
    file = tmp_path / f"{name}.ics"
    file.write_bytes(written)

    checked = subprocess.run(
        [python, CHECK, file, "--profile", profile, "--need", PARSERS, "--strict"],
        env={**os.environ, "ICALBENCH": str(BENCH)},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
