"""Guests: who stands at the door and was not registered; with an address or without, with a line or without."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from contacts.models import Message, Person
from contacts.models.erasure import erase
from contacts.models.introduction import Introduced
from events.models import Invitation, LetterText, Presence, Registration
from events.models.attendance import Attendance
from events.models.presence import Scan
from tests.conftest import at, limited
from tests.events.conftest import letters
from tests.events.papers import words_on
from tests.events.test_desk import said
from tests.events.test_presence import during, sent

pytestmark = pytest.mark.django_db

NILS = Introduced("Nils", "Berg")
TYPED = {"given_name": "Nils", "family_name": "Berg", "organization": "Port of Oslo", "language": "en"}


@pytest.fixture
def seat(forum, dina) -> Registration:
    return forum.registrations.enter(dina)


@pytest.fixture
def nils(forum, olga) -> Invitation:
    """Has a seat, and no address."""
    return forum.invitations.admit(NILS, "Port of Oslo", by=olga)


def test_a_guest_without_an_address_has_a_seat_and_gets_no_letter(client, forum, door, monkeypatch):
    during(forum, monkeypatch, at(forum, 0, 9))
    guest = {f"guest-{name}": value for name, value in TYPED.items()}

    page = client.post(f"/en/check-in/{door.token}/guests/", {**guest, "nonce": "1"})

    assert [word in page.text for word in ("Welcome", "Nils Berg", "Port of Oslo")] == [True] * 3
    invitation = Invitation.objects.get(person__family_name="Berg")
    assert (invitation.reply, invitation.address, forum.seats.used) == ("ACCEPTED", "", 1)
    assert (Presence.objects.count(), letters()) == (1, [])


def test_what_happens_to_the_event_goes_on_without_letters_to_who_has_no_address(forum, nils, olga, root):
    day = datetime.timedelta(days=1)
    forum.reschedule(forum.starts_on + day, forum.ends_on + day, by=olga)
    nils.refresh_from_db()
    nils.answer("DECLINED", by=olga)
    nils.answer("ACCEPTED", by=olga)
    assert (nils.ask_for_details(by=olga), nils.remind(by=olga)) == (False, False)
    forum.cancel(by=olga)
    erase(nils.person, by=root)

    assert letters() == []
    assert forum.seats.used == 0


def test_a_certificate_of_who_has_no_address_waits_on_the_card(forum, nils, olga):
    forum.certificate_share = 80
    LetterText.objects.write_usual(forum, by=olga)

    certificate = nils.formal_letters.certify(nils, Attendance(4, 4), by=olga)

    assert (certificate.kind, nils.formal_letters.get(), letters()) == ("CERTIFICATE", certificate, [])


@pytest.mark.parametrize(
    ("named", "organization", "is_taken"),
    [
        (NILS, "Port of Oslo", False),
        (Introduced("nils", "BERG"), "", False),
        (NILS, "Port of Bergen", True),
        (Introduced("Nils", "Berg", "nils@example.org"), "Port of Oslo", True),
        (Introduced("Nora", "Berg"), "Port of Oslo", True),
    ],
)
def test_the_same_name_twice_is_one_guest_unless_something_tells_them_apart(
    forum, nils, olga, named, organization, is_taken
):
    if is_taken:
        assert forum.invitations.admit(named, organization, by=olga).registration.state == "CONFIRMED"
    else:
        with pytest.raises(ValidationError, match="is on the list already"):
            forum.invitations.admit(named, organization, by=olga)


def test_on_another_day_nobody_is_let_in_and_nothing_of_the_guest_is_kept(forum, door):
    the_day_before = at(forum, -1, 9)

    with pytest.raises(ValidationError, match="Not on this day"):
        Presence.objects.walk_in(door, NILS, Scan("", "1", the_day_before), now=the_day_before)

    assert (Person.objects.filter(family_name="Berg").exists(), forum.seats.used) == (False, 0)


def test_guests_noted_without_a_line_are_registered_once_there_is_one(client, door, seat, forum, monkeypatch):
    during(forum, monkeypatch, at(forum, 0, 11))
    told = {"at": at(forum, 0, 9).isoformat(), "direction": "IN", "session": "", "code": ""}
    some = [{**told, "nonce": "1", "guest": TYPED}, {**told, "nonce": "2", "code": seat.badge}]

    first, again = (sent(client, door, *some).json()["answers"] for _time in range(2))

    assert [(one["outcome"], one["name"]) for one in first] == [("WELCOME", "Nils Berg"), ("WELCOME", "Dina Haddad")]
    assert again == first
    assert (forum.seats.used, Presence.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("guest", "title"),
    [(TYPED, "All seats are taken."), ({**TYPED, "given_name": ""}, "This was not saved")],
)
def test_a_guest_who_was_noted_and_gets_no_seat_is_told_and_holds_up_nobody(
    client,
    door,
    seat,
    forum,
    monkeypatch,
    guest,
    title,
):
    during(forum, monkeypatch, at(forum, 0, 11))
    limited(forum, 1)
    told = {"at": at(forum, 0, 9).isoformat(), "direction": "IN", "session": ""}

    answers = sent(
        client, door, {**told, "code": "", "nonce": "1", "guest": guest}, {**told, "code": seat.badge, "nonce": "2"}
    ).json()["answers"]

    assert [(one["outcome"], one["title"]) for one in answers] == [("REFUSED", title), ("WELCOME", "Welcome")]
    assert not Person.objects.filter(family_name="Berg").exists()


def test_an_organizer_admits_somebody_and_prints_the_badge(client, forum, olga):
    client.force_login(olga)
    page = client.post(reverse("event:admit", args=[forum.pk]), TYPED)
    seated = forum.registrations.get()
    badge = client.get(reverse("event:badges", args=[forum.pk]), {"format": "single", "registration": seated.pk})

    [message] = get_messages(page.wsgi_request)
    assert (said(page), f"registration={seated.pk}" in str(message)) == (
        ["Nils Berg has a seat. The badge lets them in."],
        True,
    )
    [words] = words_on(badge.content)
    assert ("Nils Berg" in words, "Port of Oslo" in words) == (True, True)
    assert "Port of Oslo" in client.get(reverse("invitation:inspect", args=[seated.invitation.pk])).text


def test_what_was_typed_stays_where_no_seat_is_left(client, forum, olga):
    limited(forum, 0)
    client.force_login(olga)

    page = client.post(reverse("event:admit", args=[forum.pk]), TYPED)

    assert (page.status_code, page.context["guest"].non_field_errors()) == (422, ["All seats are taken."])
    assert page.context["guest"]["organization"].value() == "Port of Oslo"


def test_a_guest_known_by_name_and_address_is_the_same_person(forum, dina, olga):
    known = Introduced("Dina", "Haddad", "dina.haddad@example.org")

    assert forum.invitations.admit(known, by=olga).person == dina
    assert [message.letter for message in Message.objects.all()] == ["registration_confirmed"]
