"""Times publishing the next version of a programme of some 1,100 sessions, and writing the letters about it.

    DATABASE_URL=postgresql://.../bench python -m bench.programme [--write docs/reference/performance.md]

In an empty database: FOSDEM 2025 where the real input is beside the project, else one of the same shape. Everybody who
appears has an address, and 500 registered people have twelve sessions each in their plans. Before each time, a hundred
sessions are moved, ten dropped and ten added.
"""

import argparse
import os
import random
import statistics
import time
from collections import Counter
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import datetime

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from bench.run import write
from bench.stage import _programme
from contacts.models import Message, Person, PersonEmail
from events.models import Event, Notice, PlanItem, Quota, Registration, Session

MARKS = ("<!-- figures of versions -->", "<!-- end of figures of versions -->")
REGISTERED, PLANNED, TIMES = 500, 12, 5
HOUR = datetime.timedelta(hours=1)


def stage() -> Event:
    """The event, announced and to come, with people who plan."""
    call_command("migrate", verbosity=0)
    _programme()
    event = Event.objects.get(slug="fosdem-2025")
    ahead = timezone.localdate() + datetime.timedelta(days=60) - event.starts_on
    event.starts_on, event.ends_on, event.status = event.starts_on + ahead, event.ends_on + ahead, "ANNOUNCED"
    event.save()
    event._move_programme(ahead, None)
    people = Person.objects.bulk_create(Person(given_name="Guest", family_name=f"G{n}") for n in range(REGISTERED))
    speakers = Person.objects.filter(appearances__session__event=event).distinct()
    PersonEmail.objects.bulk_create(
        PersonEmail(person=one, address=f"p{one.pk}@example.org", is_primary=True) for one in (*people, *speakers)
    )
    _plan(event, people)
    event.publish(by=None, spare=list(speakers))
    return event


def _plan(event: Event, people: list[Person]) -> None:
    chance, guids = random.Random(20261127), list(event.sessions.values_list("guid", flat=True))
    seats = Registration.objects.bulk_create(Registration(event=event, person=one, state="CONFIRMED") for one in people)
    marks = [(seat, guid) for seat in seats for guid in chance.sample(guids, PLANNED)]
    PlanItem.objects.bulk_create(PlanItem(registration=seat, guid=guid) for seat, guid in marks)
    taken = Counter(guid for _seat, guid in marks)
    rows = event.sessions.all()
    Quota.objects.bulk_create(Quota(event=event, session=one, used=taken[one.guid]) for one in rows)


def disturb(event: Event, round_number: int) -> None:
    sessions = list(event.sessions.order_by("pk"))
    random.Random(round_number).shuffle(sessions)
    for session in sessions[:100]:
        session.starts_at, session.ends_at = session.starts_at + HOUR, session.ends_at + HOUR
    Session.objects.bulk_update(sessions[:100], ["starts_at", "ends_at"])
    Session.objects.filter(pk__in=[one.pk for one in sessions[100:110]]).delete()
    for number in range(10):
        times = {"starts_at": sessions[0].starts_at, "ends_at": sessions[0].ends_at}
        Session.objects.create(event=event, title=f"Added {round_number} {number}", **times)


def seconds(act) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    event = stage()
    shown, published = [], []
    for number in range(TIMES):
        disturb(event, number)
        fresh = Event.objects.get(pk=event.pk)
        shown.append(seconds(partial(look, fresh)))
        published.append(seconds(partial(fresh.publish, by=None)))
    waiting, later = Notice.objects.count(), timezone.now() + settings.CALENDAR_UPDATE_DELAY
    spent = seconds(lambda: Notice.objects.work_off(later))
    written = Message.objects.filter(letter="programme_changed").count()
    lines = [
        f"| {event.sessions.count():,} sessions, {waiting:,} people to be told | seconds |",
        "|---|---:|",
        f"| the difference and whom it concerns, shown | {statistics.median(shown):.2f} |",
        f"| published | {statistics.median(published):.2f} |",
        f"| {written:,} letters written by the worker | {spent:.1f} |",
    ]
    print("\n".join(lines))
    if options.write:
        write(options.write, lines, MARKS, how="one process")


def look(event: Event) -> None:
    difference = event.unpublished()
    event.appointments.outlook(difference.before, difference.after)


if __name__ == "__main__":
    main()
