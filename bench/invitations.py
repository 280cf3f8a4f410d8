"""Measures the way of 10,000 invitations: drafted, written into the outbox, handed to a mail server.

    DATABASE_URL=postgresql://.../bench python -m bench.invitations [--people 10000] [--write FILE]

In an empty database. The letters are in four languages, each with its calendar part. The mail server (aiosmtpd) is
another process on the loopback interface that keeps nothing; what workers hand over in a second is compared with a
bare loop that sends the same bytes to the same server over one connection, before and after.
"""

import argparse
import datetime
import multiprocessing
import os
import resource
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import run
from contacts.models import Delivery, Message, Person, PersonEmail, User
from events.models import Event, Venue
from tests.mailserver import free_port

LANGUAGES = ["en", "fr", "es", "ar"]
BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MARKS = ("<!-- figures of invitations -->", "<!-- end of figures of invitations -->")


class Server:
    """A real mail server, aiosmtpd, in a process of its own, which keeps nothing; it says how long it has worked."""

    def __init__(self):
        self.ready, self.worked = multiprocessing.Value("i", 0), multiprocessing.Value("d", 0)
        self.process = multiprocessing.Process(target=self._run, daemon=True)

    def __enter__(self) -> "Server":
        self.process.start()
        while not self.ready.value:
            time.sleep(0.01)
        return self

    def __exit__(self, *_exception) -> None:
        self.process.terminate()

    @property
    def port(self) -> int:
        return self.ready.value

    def _run(self) -> None:
        port = free_port()
        Controller(Sink(), hostname="127.0.0.1", port=port, ready_timeout=10).start()
        self.ready.value = port
        while True:
            self.worked.value = time.process_time()
            time.sleep(0.02)


@dataclass
class Run:
    """So many letters handed over in so many seconds, of which so many of processor: who did it, and the server."""

    what: str
    letters: int
    seconds: float
    worked: float
    served: float

    @property
    def rate(self) -> float:
        return self.letters / self.seconds

    def row(self, bare: float) -> str:
        worked, served = (1000 * part / self.letters for part in (self.worked, self.served))
        share = self.rate / bare
        return f"| {self.what} | {self.seconds:.0f} | {self.rate:.0f} | {share:.0%} | {worked:.2f} | {served:.2f} |"


def run_of(what: str, letters: int, server: Server, act: Callable[[], None]) -> Run:
    used, served, started = processor(), server.worked.value, time.perf_counter()
    act()
    seconds = time.perf_counter() - started
    time.sleep(0.1)  # the server says every now and then how much it has worked
    return Run(what, letters, seconds, processor() - used, server.worked.value - served)


def processor() -> float:
    """Seconds of it that this process and those that it has waited for have used."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def put_back() -> None:
    """All letters wait, and the planner of the database believes that none does, as in a house that writes seldom."""
    Delivery.objects.update(state="SENT")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contacts_delivery")
    Delivery.objects.update(state="QUEUED", attempts=0)


def deliver(workers: int) -> None:
    """So many workers, each a process, empty the outbox."""
    connection.close()
    processes = [multiprocessing.Process(target=Delivery.objects.empty_outbox) for _number in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    event, organizer = stage(options.people)
    started = time.perf_counter()
    event.invitations.draft(Person.objects.all(), by=organizer)
    drafted = time.perf_counter() - started
    started = time.perf_counter()
    count = event.invitations.send_drafts(by=organizer)
    queued = time.perf_counter() - started
    with Server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_BACKEND = settings.CALENDAR_EMAIL_BACKEND = BACKEND
        runs, bare = [], [bare_loop(server)]
        for workers in (1, 2):
            put_back()
            who = f"{workers} worker{'s' if workers > 1 else ''}, {settings.MAIL_CONNECTIONS} connections each"
            runs.append(run_of(who, count, server, partial(deliver, workers)))
            assert Delivery.objects.filter(state="SENT").count() == count == options.people
            bare.append(bare_loop(server))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    mean = sum(one.letters for one in bare) / sum(one.seconds for one in bare)
    lines = [
        f"| {count:,} invitations, letters in four languages | seconds | a second |",
        "|---|---:|---:|",
        f"| put on the list of drafts | {drafted:.0f} | {count / drafted:.0f} |",
        f"| written into the outbox | {queued:.0f} | {count / queued:.0f} |",
        "",
        "| handed to the mail server by | seconds | a second | of the bare loop | its ms of processor | the server's |",
        "|---|---:|---:|---:|---:|---:|",
        *(one.row(mean) for one in (*runs, *bare)),
        "",
        f"A process took {peak} MB at most.",
    ]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS, how="aiosmtpd on the loopback interface")


def stage(number: int) -> tuple[Event, User]:
    """A forum, and so many people with an address, who read the four languages."""
    organizer = User.objects.create_superuser("bench@example.org", "bench")
    people = [
        Person(given_name="Amina", family_name=f"Haddad-{key}", honorific="Dr", languages=[LANGUAGES[key % 4]])
        for key in range(number)
    ]
    Person.objects.bulk_create(people, batch_size=2000)
    PersonEmail.objects.bulk_create(
        (PersonEmail(person=one, address=f"p{one.pk}@example.org", is_primary=True) for one in people), batch_size=2000
    )
    day = timezone.localdate() + datetime.timedelta(days=100)
    title = {"en": "Forum on illicit trade", "fr": "Forum", "es": "Foro", "ar": "منتدى"}
    venue = Venue.objects.create(name={"en": "Palace of Congresses"}, city="Lyon")
    event = Event.objects.create(
        slug="bench-forum", title=title, starts_on=day, ends_on=day, venue=venue, status="ANNOUNCED"
    )
    return event, organizer


def bare_loop(server: Server, sample: int = 2000) -> Run:
    """A loop that does nothing but send bytes that are made already."""
    letters = Message.objects.order_by("pk")[:sample]
    ready = [(one.from_address, one.to_address, one.mail().message().as_bytes(linesep="\r\n")) for one in letters]

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            for sender, reader, content in ready:
                client.sendmail(sender, [reader], content)

    return run_of("the same bytes by a bare loop over one connection", len(ready), server, send)


if __name__ == "__main__":
    main()
