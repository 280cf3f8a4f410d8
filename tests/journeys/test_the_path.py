"""The main job end to end, as its people do it: through HTTP, a real mail server, and a calendar parser."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from contacts.models import Delivery, Message
from events.models import Invitation, Registration
from tests.conftest import limited, several_connections

pytestmark = several_connections


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def reader(settings):
    """A browser without a session."""

    return Client()


def deliver(mail_server) -> list:
    """What arrives when the worker empties the outbox."""
    before = len(mail_server.mails)
    Delivery.objects.update(due_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    Delivery.objects.empty_outbox()
    return mail_server.mails[before:]


def to(mails, address: str):
    [mail] = [mail for mail in mails if mail["To"] == address]
    return mail


def link(mail) -> str:
    """The path behind the link in the text of a letter."""
    return re.search(r"https?://[^/\s]+(/\w\w/invitations/\S+)", mail.get_body(("plain",)).get_content())[1]


def calendar_of(mail) -> Calendar:
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return calendar


def event_of(calendar: Calendar):
    [event] = calendar.walk("VEVENT")
    return event


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Invitation, Registration, Message, Delivery)]


def assert_the_programme_is_out(reader) -> None:
    assert "Ouverture" in reader.get("/fr/events/forum/programme/").text
    feed = reader.get("/fr/events/forum/programme.ics")
    assert [str(event["SUMMARY"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")] == ["Ouverture"]
    again = reader.get("/fr/events/forum/programme.ics", headers={"If-None-Match": feed["ETag"]})
    assert again.status_code == 304


def test_from_the_network_to_the_cancelled_calendar_entry(desk, reader, forum, sessions, pavel, dina, mail_server):
    seats = limited(forum, 1)

    # The organizer chooses two people, looks at their letters, and sends.
    desk.post(reverse("event:invite", args=[forum.pk]), {"rows": [pavel.pk, dina.pk]})
    preview = desk.get(reverse("event:letters", args=[forum.pk]))
    assert {shown.letter.language for shown in preview.context["previews"]} == {"fr", "ar"}
    desk.post(reverse("event:letters", args=[forum.pk]))

    # Each letter carries every fact, a link, and a request for its one addressee.
    mails = deliver(mail_server)
    pavels, dinas = to(mails, "pavel.novak@example.org"), to(mails, "dina.haddad@example.org")
    asked = event_of(calendar_of(pavels))
    invitation = Invitation.objects.get(person=pavel)
    assert (asked["UID"], asked["SEQUENCE"]) == (invitation.uid, 0)
    assert asked["ATTENDEE"] == "mailto:pavel.novak@example.org"
    assert asked["ORGANIZER"] == "mailto:forum@rsvp.localhost"

    # A mail scanner follows the link, and nothing happens.
    before = rows()
    assert reader.get(link(pavels)).status_code == 200
    assert reader.head(link(pavels)).status_code == 200
    assert rows() == before

    # Pavel accepts and has the seat; Dina accepts and waits; both are told.
    assert reader.post(link(pavels), {"reply": "ACCEPTED"}).status_code == 302
    assert reader.post(link(dinas), {"reply": "ACCEPTED"}).status_code == 302
    states = dict(forum.registrations.values_list("person__given_name", "state"))
    assert states == {"Pavel": "CONFIRMED", "Dina": "WAITING"}
    assert reader.get(link(dinas)).context["registration"].waiting_position == 1
    told = deliver(mail_server)
    assert sorted(Message.objects.get(message_id=mail["Message-ID"]).letter for mail in told) == [
        "registration_confirmed",
        "registration_waiting",
    ]

    # Pavel changes his mind; the seat goes to Dina, who is told.
    reader.post(link(pavels), {"reply": "DECLINED", "reason": "A hearing."})
    assert forum.registrations.get(person=dina).state == "CONFIRMED"
    seats.refresh_from_db()
    assert seats.used == 1
    assert to(deliver(mail_server), "dina.haddad@example.org")["Message-ID"]

    # The programme is published; page and calendar have it, and a second fetch costs nothing.
    desk.post(reverse("event:publish", args=[forum.pk]))
    assert_the_programme_is_out(reader)

    # Dina's own calendar has the closed session too.
    page = reader.post(f"{link(dinas)}feeds/")
    mine = reader.get(page.context["new_feed"]["download_url"]).content
    assert b"Operation Candlelight" in mine

    # The forum moves a week: the feed says so, and Dina's entry is updated under the same UID.
    week = datetime.timedelta(days=7)
    desk.post(
        reverse("event:reschedule", args=[forum.pk]),
        {"starts_on": forum.starts_on + week, "ends_on": forum.ends_on + week, "venue": forum.venue.pk},
    )
    [moved] = deliver(mail_server)
    updated = event_of(calendar_of(moved))
    assert (moved["To"], updated["UID"]) == ("dina.haddad@example.org", Invitation.objects.get(person=dina).uid)
    assert (updated["SEQUENCE"], updated["DTSTART"].dt) == (1, forum.starts_on + week)
    [opening] = Calendar.from_ical(reader.get("/fr/events/forum/programme.ics").content).walk("VEVENT")
    assert (opening["SEQUENCE"], opening["DTSTART"].dt.date()) == (1, forum.starts_on + week)

    # It is cancelled: STATUS in the feeds, CANCEL to Dina, and no answer is taken any more.
    desk.post(reverse("event:cancel", args=[forum.pk]), {"reason": "The venue is closed."})
    [sorry] = deliver(mail_server)
    cancelled = calendar_of(sorry)
    assert (cancelled["METHOD"], event_of(cancelled)["SEQUENCE"]) == ("CANCEL", 2)
    [whole] = Calendar.from_ical(reader.get("/en/events/forum/event.ics").content).walk("VEVENT")
    assert (whole["STATUS"], whole["SEQUENCE"]) == ("CANCELLED", 2)
    assert reader.post(link(dinas), {"reply": "ACCEPTED", "reason": "?"}).status_code == 409


def test_after_the_deadline_a_reply_is_refused_with_a_sentence(reader, forum, pavel, olga):
    forum.invitations.draft([pavel], by=olga)
    forum.invitations.send_drafts(by=olga)
    invitation = forum.invitations.get()
    forum.answer_by = forum.answer_by - datetime.timedelta(days=100)
    forum.save()

    page = reader.post(f"/en/invitations/{invitation.token}/", {"reply": "ACCEPTED"})

    assert page.status_code == 409
    assert "The time for answers is over. Please write to the organizers." in page.text
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("path", ["/de/", "/en/invitations/1-forged/", "/en/calendar/unknown.ics", "/en/events/none/"])
def test_an_address_that_is_none_is_answered_in_words(reader, path):
    page = reader.get(path, follow=True)

    assert (page.status_code, "<h1>" in page.text) == (404, True)
