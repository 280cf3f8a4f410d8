"""The calendar loop, as it is in the world: an invitation leaves by SMTP, the answer of a calendar program comes back
by LMTP, and roster and feed show what it said."""

import smtplib

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from contacts.management.commands.receive_lmtp import LMTP, speaker
from contacts.models import CalendarPost, Delivery, Message, ReceivedLetter
from events.models import CalendarReply
from tests.conftest import limited, person, several_connections
from tests.events.calendar_mail import OURS, apple, gmail, mailed, outlook, thunderbird
from tests.mailserver import free_port

pytestmark = several_connections


class Door(Controller):
    """What `manage.py receive_lmtp` listens with."""

    def factory(self):
        return speaker(LMTP, self.loop)


@pytest.fixture
def lmtp(settings, transactional_db):
    """Takes a mail in, and says what the door answered."""
    settings.MAIL_SERVER_NAME = OURS
    door = Door(None, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    door.start()

    def hand_over(raw: bytes, *recipients: str) -> list[int]:
        """Its answer for each recipient."""
        recipients = recipients or ("forum@rsvp.localhost",)
        with smtplib.LMTP("127.0.0.1", door.port) as client:
            client.ehlo()
            client.mail("anybody@example.org")
            for one in recipients:
                client.rcpt(one)
            first, _said = client.data(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            return [first, *(client.getreply()[0] for _one in recipients[1:])]

    yield hand_over
    door.stop()


def asked(mail_server) -> dict[str, bytes]:
    """The request that each letter carried, by who got it."""
    return {mail["To"]: _calendar(mail) for mail in mail_server.mails if _calendar(mail)}


def _calendar(mail) -> bytes:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return next((part.get_payload(decode=True) for part in parts if part.get_param("method") == "REQUEST"), b"")


def test_accept_in_any_program_is_a_seat_or_a_place_on_the_waiting_list(
    forum, sessions, olga, client, mail_server, lmtp
):
    programs = {"Gina": gmail, "Otto": outlook, "Alma": apple, "Theo": thunderbird}
    people = [person(name, "Guest") for name in programs]
    limited(forum, 3)
    forum.publish(by=olga)
    forum.invitations.draft(people, by=olga)
    forum.invitations.send_drafts(by=olga)
    Delivery.objects.empty_outbox()
    requests = asked(mail_server)

    for who, program in zip(people, programs.values(), strict=True):
        assert lmtp(program(requests[who.address], who.address)) == [250]
        assert CalendarPost.objects.count() == 1  # nothing is read at the door
        call_command("worker", once=True)

    assert list(CalendarReply.objects.order_by("pk").values_list("outcome", flat=True)) == ["APPLIED"] * 4
    seats = dict(forum.registrations.values_list("person__given_name", "state"))
    assert seats == {"Gina": "CONFIRMED", "Otto": "CONFIRMED", "Alma": "CONFIRMED", "Theo": "WAITING"}
    told = dict(Message.objects.exclude(letter="invitation").values_list("person__given_name", "letter"))
    assert told == {**dict.fromkeys(["Gina", "Otto", "Alma"], "registration_confirmed"), "Theo": "registration_waiting"}

    # Roster and feed.
    client.force_login(olga)
    desk = client.get(f"{reverse('registration:index')}?state=CONFIRMED").text
    assert [name in desk for name in ("Gina Guest", "Otto Guest", "Alma Guest", "Theo Guest")] == [True] * 3 + [False]
    assert sessions_in_feed_of(people[0]) == ["Forum on illicit trade", "Opening", "Operation Candlelight"]
    assert sessions_in_feed_of(people[3]) == ["Forum on illicit trade", "Opening"]

    # Gina's calendar says no: her seat goes to Theo, and the feeds follow.
    later = gmail(requests[people[0].address], people[0].address, "DECLINED").replace(b"<g@google", b"<h@google")
    lmtp(later)
    call_command("worker", once=True)
    assert [sessions_in_feed_of(who) for who in (people[0], people[3])] == [
        [],
        ["Forum on illicit trade", "Opening", "Operation Candlelight"],
    ]


def sessions_in_feed_of(who) -> list[str]:
    _feed, token = who.feeds.open()
    feed = Client().get(reverse("events:personal_feed", args=[token]))
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")]


def test_the_door_answers_for_each_recipient_and_says_later_where_the_house_cannot(lmtp, monkeypatch):
    raw = mailed("a@example.org", "no calendar")
    assert lmtp(raw, "one@rsvp.localhost", "two@rsvp.localhost") == [250, 250]

    def fail(*_said, **_more):
        raise RuntimeError("no database")

    monkeypatch.setattr(ReceivedLetter.objects, "take", fail)

    assert lmtp(raw, "one@rsvp.localhost", "two@rsvp.localhost") == [451, 451]
