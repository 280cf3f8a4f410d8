"""The outbox: a letter is a row first, and goes out once."""

import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.generator import BytesGenerator
from email.policy import compat32

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.mail import Letter
from contacts.models import Delivery, Message, Person, Suppression
from tests.conftest import several_connections

LETTER = Letter("invitation", "en", "Forum", "Will you come?\n", "<p>Will you come?</p>")


def post(person, letter=LETTER, address="") -> Delivery:
    return Message.objects.post(person, letter, address=address).deliveries.get()


def post_many(number: int, person) -> list[Delivery]:
    """So many letters, each to an address of its own."""
    return [post(person, address=f"p{key}@example.org") for key in range(number)]


@several_connections
def test_a_letter_waits_as_a_row_until_the_worker_takes_it(pavel, mail_server):
    delivery = post(pavel)
    assert (delivery.state, mail_server.mails) == ("QUEUED", [])

    call_command("worker", once=True)

    delivery.refresh_from_db()
    [mail] = mail_server.mails
    assert (delivery.state, delivery.attempts) == ("SENT", 1)
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == (
        "pavel.novak@example.org",
        "Forum",
        delivery.message.message_id,
    )


def test_a_verb_that_fails_posts_nothing(pavel):
    with pytest.raises(RuntimeError), transaction.atomic():
        post(pavel)
        raise RuntimeError("the verb fails after its letter")

    assert Message.objects.count() == 0


def test_nobody_without_an_address_gets_a_letter(db):
    ghost = Person.objects.create(family_name="Ghost")

    with pytest.raises(ValidationError, match="Ghost has no e-mail address"):
        post(ghost)


def test_a_letter_due_later_waits(pavel, mail_server):
    Message.objects.post(pavel, LETTER, due_at=timezone.now() + timedelta(minutes=10))

    assert Delivery.objects.empty_outbox() == 0


def test_a_refusal_for_now_is_tried_again_later_and_one_for_good_is_not(pavel, mail_server, settings):
    settings.MAIL_CONNECTIONS = 1  # so that the answers come to the letters in this order
    mail_server.answers = ["451 Busy", "550 No such person"]
    later, never = post(pavel), post(pavel)

    Delivery.objects.empty_outbox()

    later.refresh_from_db()
    never.refresh_from_db()
    assert (later.state, later.due_at > timezone.now()) == ("QUEUED", True)
    assert (never.state, "No such person" in never.error) == ("FAILED", True)


def test_a_letter_that_is_refused_does_not_touch_those_that_are_on_their_way_beside_it(pavel, mail_server, settings):
    settings.MAIL_CONNECTIONS = 4
    mail_server.answers = ["451 Busy", "250 OK", "550 No such person"]
    post_many(4, pavel)

    assert Delivery.objects.empty_outbox() == 2

    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"SENT": 2, "QUEUED": 1, "FAILED": 1}
    assert len(mail_server.mails) == 2


def test_as_many_letters_as_there_are_connections_wait_for_the_server_at_once(pavel, mail_server, settings):
    settings.MAIL_CONNECTIONS = mail_server.together = 3
    post_many(6, pavel)

    assert Delivery.objects.empty_outbox() == 6  # the server answers nobody before three have asked


def test_letters_to_one_address_leave_one_after_another_in_their_order(pavel, dina, mail_server, settings):
    settings.MAIL_CONNECTIONS = 4
    for person, subject in ((pavel, "Come"), (dina, "Come"), (pavel, "Do not"), (pavel, "Do come"), (dina, "Do not")):
        post(person, replace(LETTER, subject=subject))

    Delivery.objects.empty_outbox()

    to_pavel, to_dina = (
        [mail["Subject"] for mail in mail_server.mails if mail["To"] == one.address] for one in (pavel, dina)
    )
    assert (to_pavel, to_dina) == (["Come", "Do not", "Do come"], ["Come", "Do not"])


def test_what_another_worker_took_or_somebody_took_back_meanwhile_is_not_claimed(pavel, dina):
    mine, taken, replaced = some = [post(pavel), post(dina), post(dina)]
    assert Delivery.objects.claim([taken]) == [taken]
    Delivery.objects.filter(pk=replaced.pk).update(state="SUPERSEDED")

    assert Delivery.objects.claim(some) == [mine]
    assert Delivery.objects.claim(some) == []

    states = Delivery.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("SENDING", 1), ("SENDING", 1), ("SUPERSEDED", 0)]


def test_without_a_mail_server_letters_stay_in_the_outbox(pavel, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    delivery = post(pavel)

    Delivery.objects.empty_outbox()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("QUEUED", 1)


def test_a_letter_cut_off_at_hand_over_is_uncertain_and_goes_again_only_when_a_person_says_so(pavel, olga, mail_server):
    delivery = post(pavel)
    long_ago = timezone.now() - django_settings.MAIL_LEASE - timedelta(seconds=1)
    Delivery.objects.update(state="SENDING", claimed_at=long_ago)

    Delivery.objects.empty_outbox()

    delivery.refresh_from_db()
    assert (delivery.state, mail_server.mails) == ("UNCERTAIN", [])
    delivery.send_again(by=olga)
    Delivery.objects.empty_outbox()
    assert len(mail_server.mails) == 1


def test_a_letter_that_was_sent_cannot_be_sent_again(pavel, olga):
    delivery = post(pavel)
    Delivery.objects.update(state="SENT")
    delivery.refresh_from_db()

    with pytest.raises(ValidationError):
        delivery.send_again(by=olga)


def test_the_calendar_part_is_the_last_alternative_and_an_attachment(pavel, mail_server):
    calendar = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\xd9\x85\xd9\x86\xd8\xaa\xd8\xaf\xd9\x89\r\nEND:VCALENDAR\r\n"
    )
    post(pavel, LETTER.with_calendar(calendar, "REQUEST"))

    Delivery.objects.empty_outbox()

    [mail] = mail_server.mails
    alternatives, attachment = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert (mail.get_content_type(), alternatives.get_content_type()) == ("multipart/mixed", "multipart/alternative")
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    part = list(alternatives.iter_parts())[-1]
    assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
    assert part["Content-Disposition"] is None
    assert part.get_payload(decode=True) == attachment.get_payload(decode=True) == calendar
    assert (attachment.get_content_type(), attachment.get_filename()) == ("application/ics", "invite.ics")


def test_a_confirmation_is_only_attached(pavel, mail_server):
    post(pavel, LETTER.with_calendar(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "PUBLISH"))

    Delivery.objects.empty_outbox()

    kinds = [part.get_content_type() for part in mail_server.mails[0].walk()]
    assert "text/calendar" not in kinds
    assert "application/ics" in kinds


def laid_out_by_library(mail) -> bytes:
    content = io.BytesIO()
    BytesGenerator(content, mangle_from_=False, policy=compat32).flatten(mail, linesep="\r\n")
    return content.getvalue()


def test_headers_are_laid_out_as_the_library_does(pavel):
    subject = "Приглашение на форум о незаконной торговле " * 3
    letter = replace(LETTER, subject=subject, from_address="Форум о торговле <forum@rsvp.example.org>")

    mail = post(pavel, letter).message.mail().message()

    assert mail.as_bytes(linesep="\r\n") == laid_out_by_library(mail)


@several_connections
def test_two_workers_never_send_a_letter_twice(pavel, mail_server):
    post_many(30, pavel)

    def work():
        try:
            Delivery.objects.empty_outbox()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Counter(Counter(mail["Message-ID"] for mail in mail_server.mails).values()) == {1: 30}


@pytest.mark.slow
@pytest.mark.exhaustive
@several_connections
def test_killing_the_worker_at_twenty_random_moments_loses_no_letter_and_sends_none_twice(pavel, mail_server):
    messages = {delivery.message.message_id for delivery in post_many(1000, pavel)}
    cut = 0
    with Workers(mail_server.port) as workers:
        for _time in range(20):
            with mail_server.arrived:
                seen = len(mail_server.raw)
                worker = workers.start()
                mail_server.arrived.wait_for(lambda: len(mail_server.raw) > seen, timeout=60)  # noqa: B023 (at once)
            time.sleep(random.random() / 10)  # noqa: S311 (no secret)
            workers.end(worker, signal.SIGKILL)
            cut += Delivery.objects.filter(state="QUEUED").exists()
        assert cut == 20  # each time there was something left to lose

        time.sleep(1.1)  # the lease of the killed workers runs out
        worker = workers.start()
        wait_until(lambda: not Delivery.objects.filter(state__in=["QUEUED", "SENDING"]).exists())
        workers.end(worker, signal.SIGTERM)

    arrived = Counter(mail["Message-ID"] for mail in mail_server.mails)
    states = dict(Delivery.objects.values_list("message__message_id", "state"))
    uncertain = {number for number, state in states.items() if state == "UNCERTAIN"}
    assert set(arrived.values()) == {1}
    assert len(uncertain) <= 20 * django_settings.MAIL_CONNECTIONS  # those that each had in its hands
    assert set(arrived) | uncertain == messages
    assert {number for number, state in states.items() if state == "SENT"} == messages - uncertain


class Workers:
    """Starts `manage.py worker` as processes of their own, on the database of this test: what takes seconds, to read in
    the whole program, is done once, and each of them is a copy of that."""

    PROGRAM = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from config.management.commands import worker
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended leaves nothing behind
for _line in sys.stdin:
    if not (child := os.fork()):
        call_command(worker.Command(), interval=0.1)
        os._exit(0)
    print(child, flush=True)
"""

    def __init__(self, port: int):
        program, settings = (
            [sys.executable, "-c", self.PROGRAM],
            environment(ENTENTE_SMTP_URL=f"smtp://127.0.0.1:{port}"),
        )
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.mother = subprocess.Popen(program, cwd=django_settings.BASE_DIR, env=settings, **pipes)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_exception) -> None:
        self.mother.kill()
        self.mother.communicate()

    def start(self) -> int:
        """The number of a new worker's process."""
        self.mother.stdin.write("one more\n")
        self.mother.stdin.flush()
        return int(self.mother.stdout.readline())

    def end(self, worker: int, how: signal.Signals) -> None:
        os.kill(worker, how)
        wait_until(lambda: not is_alive(worker))


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def start(command: list[str], **settings: str) -> subprocess.Popen:
    """A command of manage.py as a process of its own, on the database of this test."""
    program = [sys.executable, "manage.py", *command]
    return subprocess.Popen(program, cwd=django_settings.BASE_DIR, env=environment(**settings))


def environment(**settings: str) -> dict[str, str]:
    """What a process needs to work on the database of this test."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
            **{**database, "HOST": database["HOST"] or ""}
        )
    return {
        **os.environ,
        "DATABASE_URL": url,
        "ENTENTE_MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "ENTENTE_MAIL_LEASE": "1",
        **settings,
    }


def wait_until(done, seconds: int = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


class ObjectsMeanwhile(LocmemBackend):
    """A mail server that is so slow that another reader objects meanwhile."""

    def send_messages(self, mails):
        Suppression.objects.suppress("dina.haddad@example.org", Suppression.Reason.OPT_OUT, "")
        return super().send_messages(mails)


def test_an_objection_that_comes_while_others_are_sent_is_heard(pavel, dina, settings, monkeypatch):
    settings.EMAIL_BACKEND, settings.MAIL_CONNECTIONS = f"{__name__}.ObjectsMeanwhile", 1
    monkeypatch.setattr("contacts.models.delivery.LOOKED", timedelta(0))
    first, second = post(pavel), post(dina)

    assert Delivery.objects.empty_outbox() == 1

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("SENT", "SUPPRESSED")


def questions_to_empty(outbox: int, people: list[Person]) -> int:
    for person in people[:outbox]:
        post(person)
    with CaptureQueriesContext(connection) as captured:
        assert Delivery.objects.empty_outbox() == outbox
    return len(captured)


def test_letters_that_go_at_once_ask_no_more_than_one(pavel, dina, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAIL_CONNECTIONS = 2
    questions_to_empty(1, [pavel])  # what is cached for good is cached

    assert questions_to_empty(2, [pavel, dina]) == questions_to_empty(1, [pavel])
