"""Measures the way of 10,000 invitations: drafted, written into the outbox, handed to a mail server.

    DATABASE_URL=postgresql://.../bench python -m bench.invitations [--people 10000] [--write FILE]

In an empty database. The letters are in four languages, each with its calendar part. The mail server (aiosmtpd) is
another process on the loopback interface that keeps nothing; what workers hand over in a second is compared with a
bare loop that sends the same bytes to the same server over one connection.
"""

import argparse
import datetime
import multiprocessing
import os
import resource
import smtplib
import time
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
    """A real mail server, aiosmtpd, in a process of its own, which keeps nothing."""

    def __init__(self):
        self.ready = multiprocessing.Value("i", 0)
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
            time.sleep(60)


def deliver(workers: int) -> float:
    """The seconds in which so many workers, each a process, empty the outbox."""
    connection.close()
    started = time.perf_counter()
    processes = [multiprocessing.Process(target=Delivery.objects.empty_outbox) for _number in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return time.perf_counter() - started


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
        bare = bare_loop(server.port)
        seconds = {}
        for workers in (1, 2):
            Delivery.objects.update(state="QUEUED", attempts=0)
            seconds[workers] = deliver(workers)
            assert Delivery.objects.filter(state="SENT").count() == count == options.people
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    rates = {workers: count / took for workers, took in seconds.items()}
    lines = [
        f"| {count:,} invitations, letters in four languages | seconds | a second | of the bare loop |",
        "|---|---:|---:|---:|",
        f"| put on the list of drafts | {drafted:.0f} | {count / drafted:.0f} | |",
        f"| written into the outbox | {queued:.0f} | {count / queued:.0f} | |",
        *(_row(workers, seconds[workers], rate, bare) for workers, rate in rates.items()),
        f"| the same bytes by a bare loop over one connection | {count / bare:.0f} | {bare:.0f} | 100% |",
        "",
        f"A process took {peak} MB at most.",
    ]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS, how="aiosmtpd on the loopback interface")


def _row(workers: int, seconds: float, rate: float, bare: float) -> str:
    who = "one worker" if workers == 1 else f"{workers} workers"
    return f"| handed to the mail server by {who} | {seconds:.0f} | {rate:.0f} | {rate / bare:.0%} |"


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


def bare_loop(port: int, sample: int = 2000) -> float:
    """Letters a second of a loop that does nothing but send bytes that are made already."""
    letters = Message.objects.order_by("pk")[:sample]
    ready = [(one.from_address, one.to_address, one.mail().message().as_bytes(linesep="\r\n")) for one in letters]
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for sender, reader, content in ready:
            client.sendmail(sender, [reader], content)
    return len(ready) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
