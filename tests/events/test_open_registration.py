"""Registering by oneself: nothing comes of it before the address is confirmed, nobody learns who is known here, and
then it is a seat like any other."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contacts.models import DuplicatePair, Message, Person
from contacts.models.dossier import rows_of
from contacts.models.erasure import erase
from events.models import Event, Invitation, SeatRequest
from events.models.seat_request import FORGET_AFTER
from events.tasks import forget_seat_requests
from tests.conftest import limited, person
from tests.events.conftest import letters

pytestmark = pytest.mark.django_db

REGISTER, SENT = "/en/events/forum/register/", "/en/events/forum/register/sent/"


@pytest.fixture
def webinar(forum) -> Event:
    """The forum, open to everybody."""
    return opened(forum, "EVERYBODY")


def opened(event: Event, to: str) -> Event:
    event.open_to = to
    event.save(update_fields=["open_to"])
    return event


def said(**changes) -> dict:
    facts = {"given_name": "Amina", "family_name": "Odhiambo", "email": "Amina@Coalition.example.org"}
    more = {"organization": "Coalition", "position": "Director", "language": "fr"}
    return {**facts, **more, **changes}


def filled(**changes) -> dict:
    return {**said(), "country": "KE", "agrees": "on", **changes}


def asked(event: Event, **changes) -> SeatRequest:
    return SeatRequest.objects.ask(event, said(**changes))


# -- asking


def test_somebody_registers_on_the_page_of_the_event_and_confirms_by_the_letter(client, webinar):
    shown = client.get("/en/events/forum/").text

    answer = client.post(REGISTER, filled())

    assert (REGISTER in shown, answer.status_code, answer["Location"]) == (True, 302, SENT)
    assert (list(Person.objects.all()), list(Invitation.objects.all())) == ([], [])
    request, letter = SeatRequest.objects.get(), Message.objects.get()
    assert (letter.letter, letter.to_address, letter.language) == ("seat_request", "amina@coalition.example.org", "fr")
    assert (request.link in letter.with_link(letter.text), request.token in letter.text) == (True, False)
    page = client.get(request.link)
    assert (page.status_code, page["Referrer-Policy"], list(Person.objects.all())) == (200, "same-origin", [])

    answer = client.post(request.link)

    invitation = Invitation.objects.get()
    assert answer["Location"] == reverse("events:invitation_reply", args=[invitation.token])
    who = invitation.person
    assert (str(who.name), who.address, who.language, who.country_id) == (
        *("Amina Odhiambo", "amina@coalition.example.org", "fr", "KE"),
    )
    assert (invitation.is_asked_for, invitation.reply, invitation.approval) == (True, "ACCEPTED", "")
    assert (invitation.typed_position, invitation.typed_organization) == ("Director", "Coalition")
    assert (invitation.registration.state, webinar.seats.used) == ("CONFIRMED", 1)
    assert letters(who) == ["seat_request", "registration_confirmed"]
    page = client.get(reverse("events:invitation_reply", args=[invitation.token])).text
    assert "Vous avez demandé à participer" in page


def test_confirming_twice_gives_one_seat_and_leads_to_the_same_page(client, webinar):
    request = asked(webinar)

    once, twice = client.post(request.link), client.post(request.link)

    assert (once["Location"], webinar.registrations.count()) == (twice["Location"], 1)
    assert "Votre inscription est enregistrée" in client.get(request.link).text


def test_a_full_event_says_so_before_and_after(client, webinar):
    limited(webinar, 1)
    webinar.registrations.enter(person("Ada", "Abel"))
    request = asked(webinar, language="en")

    told = "All seats are taken at the moment" in client.get(REGISTER).text
    page = client.post(request.link, follow=True).text

    assert (told, "You are on the waiting list" in page) == (True, True)
    assert letters(Invitation.objects.get().person) == ["seat_request", "registration_waiting"]
    assert "Thank you for registering." in Message.objects.get(letter="registration_waiting").text
    assert Invitation.objects.get().registration.waiting_position == 1


def test_a_full_room_says_so_beside_the_places_online(client, webinar):
    sizes(webinar, 1, 5)
    webinar.registrations.enter(person("Ada", "Abel"))

    choices = client.get(REGISTER).context["form"].fields["place"].choices
    pages = [client.get(asked(webinar, place=place, language="en").link).text for place in ("ROOM", "ONLINE")]

    assert [(value, str(label)) for value, label in choices] == [
        *(("ROOM", "In the room (waiting list)"), ("ONLINE", "Online")),
    ]
    assert ["you will be on the waiting list" in page for page in pages] == [True, False]


def test_what_is_missing_is_said_and_nothing_is_kept(client, webinar):
    answer = client.post(REGISTER, filled(email="nobody", agrees=""))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email", "agrees"])
    assert (SeatRequest.objects.count(), Message.objects.count()) == (0, 0)


def test_a_machine_is_thanked_and_nothing_is_done(client, webinar):
    answer = client.post(REGISTER, filled(fax="buy"))

    assert (answer["Location"], SeatRequest.objects.count()) == (SENT, 0)


def test_who_registers_very_often_is_braked(client, webinar):
    answers = [client.post(REGISTER, filled(email=f"a{n}@example.org")).status_code for n in range(21)]

    assert answers == [302] * 20 + [429]


def test_one_mailbox_gets_three_letters_and_no_more(client, webinar):
    answers = {client.post(REGISTER, filled())["Location"] for _time in range(5)}

    assert (answers, letters()) == ({SENT}, ["seat_request"] * 3)


# -- who may register where


@pytest.mark.parametrize(
    "fields",
    [
        {"open_to": ""},
        {"status": "DRAFT"},
        {"status": "CANCELLED"},
        {"is_public": False},
        {"answer_by": timezone.now() - datetime.timedelta(days=1)},
    ],
)
def test_nobody_registers_where_it_is_not_open(client, webinar, fields):
    request = asked(webinar)
    Event.objects.update(**fields)

    page, sent = client.get(REGISTER), client.post(REGISTER, filled())
    confirmed = client.post(request.link)

    hidden = 404 if fields.get("status") == "DRAFT" or "is_public" in fields else None
    assert (page.status_code, sent.status_code) == ((hidden, hidden) if hidden else (200, 409))
    assert (confirmed.status_code, SeatRequest.objects.count(), Person.objects.count()) == (409, 1, 0)
    assert REGISTER not in client.get("/en/events/forum/").text


def sizes(event: Event, room, online) -> list[str]:
    event.quotas.filter(place="ROOM").update(size=room)
    event.quotas.filter(place="ONLINE").update(size=online)
    return event.open_places()


def test_where_one_can_come_is_asked_only_where_there_is_a_choice(client, webinar):
    assert [sizes(webinar, *pair) for pair in ((None, None), (5, None), (5, 5), (0, None), (0, 5), (0, 0), (5, 0))] == [
        *(["ROOM"], ["ROOM"], ["ROOM", "ONLINE"], ["ONLINE"], ["ONLINE"], [], ["ROOM"]),
    ]
    webinar.kind = "WEBINAR"
    assert [sizes(webinar, *pair) for pair in ((None, None), (5, None), (None, 0))] == [
        *(["ONLINE"], ["ROOM", "ONLINE"], ["ROOM"]),
    ]
    sizes(webinar, 5, 5)

    client.post(REGISTER, filled(place="ONLINE"))

    assert "place" in client.get(REGISTER).context["form"].fields
    assert SeatRequest.objects.get().confirm().place == "ONLINE"
    assert client.post(REGISTER, filled(place="PLENARY")).status_code == 422


# -- nobody learns whom we know


def invited(event, who, olga) -> Invitation:
    [invitation] = event.invitations.draft([who], by=olga)
    invitation.send(by=olga)
    return invitation


def test_the_answer_and_the_letter_are_the_same_for_who_is_known_and_invited(client, webinar, pavel, olga):
    invited(webinar, pavel, olga)
    before = Message.objects.count()
    known = filled(given_name="Pavel", family_name="Novak", email=pavel.address)

    one, other = client.post(REGISTER, known), client.post(REGISTER, filled())

    assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])
    texts = [letter.text.replace("Pavel Novak", "Amina Odhiambo") for letter in Message.objects.order_by("pk")[before:]]
    assert texts[0] == texts[1]


def test_who_is_invited_already_gets_their_own_link_and_no_double(client, webinar, pavel, olga):
    invitation = invited(webinar, pavel, olga)
    request = asked(webinar, given_name="pavel", family_name="NOVAK", email=pavel.address)

    page = client.post(request.link, follow=True)

    assert "Vous figurez déjà sur la liste de cet événement" in page.text
    assert invitation.token not in page.text
    letter = Message.objects.order_by("pk").last()
    assert (letter.letter, letter.to_address) == ("own_invitation", invitation.address)
    assert invitation.link in letter.with_link(letter.text)
    assert Invitation.objects.get().reply == "NEEDS-ACTION"


def test_who_shares_a_mailbox_of_somebody_known_learns_nothing_of_them(client, webinar, pavel, olga):
    invitation = invited(webinar, pavel, olga)
    request = asked(webinar, email=pavel.address)

    page = client.post(request.link, follow=True)

    assert (Person.objects.count(), invitation.token in page.text) == (2, False)
    assert "own_invitation" not in letters()


def test_who_is_known_is_not_made_a_second_time(webinar, pavel):
    request = asked(webinar, given_name="Pavel", family_name="Novak", email=pavel.address, country=None)

    assert (request.confirm().person, Person.objects.count()) == (pavel, 1)
    assert DuplicatePair.objects.count() == 0


def test_who_is_on_the_list_as_a_draft_has_come_first(webinar, pavel, olga):
    [draft] = webinar.invitations.draft([pavel], by=olga)

    invitation = asked(webinar, given_name="Pavel", family_name="Novak", email=pavel.address).confirm()

    assert (invitation.pk, invitation.state, invitation.is_asked_for) == (draft.pk, "SENT", True)
    assert webinar.invitations.send_drafts(by=olga) == 0


def test_who_was_taken_back_comes_once_somebody_has_approved(webinar, olga):
    asked(webinar, language="en").confirm().withdraw(by=olga)

    again = asked(webinar).confirm()

    assert (again.approval, again.registration) == ("PENDING", None)
    assert letters(again.person)[-3:] == ["invitation_withdrawn", "seat_request", "nomination_confirmed"]
    assert "cancel your registration" in Message.objects.get(letter="invitation_withdrawn").text


# -- approval


def test_where_we_approve_the_desk_sees_who_asks_and_the_seat_comes_then(client, forum, olga):
    opened(forum, "APPROVED")
    invitation = asked(forum, language="en").confirm()
    client.force_login(olga)

    page = client.get(reverse("event:approvals", args=[forum.pk])).text
    assert ["Coalition" in page, "asks to come" in page, invitation.registration] == [True, True, None]
    client.post(reverse("event:approvals", args=[forum.pk]), {"members": [invitation.pk]})

    assert Invitation.objects.get().registration.state == "CONFIRMED"
    assert letters(invitation.person) == ["seat_request", "nomination_confirmed", "registration_confirmed"]
    assert "Thank you for registering for" in Message.objects.get(letter="nomination_confirmed").text


def test_who_is_turned_down_reads_why_in_fitting_words(client, forum, olga):
    opened(forum, "APPROVED")
    invitation = asked(forum, language="en").confirm()

    invitation.reject("The meeting is for customs services.", by=olga)

    page = client.get(reverse("events:invitation_reply", args=[invitation.token])).text
    assert ["We cannot give you a seat" in page, "for customs services" in page, "nomination" in page] == [1, 1, 0]
    letter = Message.objects.get(letter="nomination_rejected")
    assert (letter.subject, "You asked to take part" in letter.text) == (
        "Your registration: Forum on illicit trade",
        True,
    )


def test_who_registered_names_nobody_in_their_place(webinar):
    invitation = asked(webinar).confirm()

    with pytest.raises(ValidationError, match="registers on the page of the event"):
        invitation.delegate(None)


# -- forgetting


def test_what_nobody_confirms_is_forgotten_by_the_worker_with_its_letter(webinar):
    asked(webinar)
    SeatRequest.objects.update(created_at=timezone.now() - FORGET_AFTER - datetime.timedelta(minutes=1))
    kept = asked(webinar, email="other@example.org")

    forget_seat_requests.call()

    assert list(SeatRequest.objects.all()) == [kept]
    gone, there = Message.objects.order_by("pk")
    assert (gone.to_address, gone.text, there.to_address) == ("", "", "other@example.org")


def test_what_was_confirmed_is_forgotten_as_well_and_its_letter_stays_with_the_person(webinar):
    invitation = asked(webinar).confirm()

    assert SeatRequest.objects.forget(timezone.now() + FORGET_AFTER * 2) == 1
    assert (letters(invitation.person)[0], Message.objects.first().text != "") == ("seat_request", True)
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("token", ["1-forged", "x", "99999999999999999999999-x"])
def test_a_forged_link_is_not_known(client, webinar, token):
    asked(webinar)

    assert client.get(f"/en/registrations/{token}/").status_code == 404
    assert client.post(f"/en/registrations/{token}/").status_code == 404


def test_a_link_that_is_too_old_is_not_known(client, webinar):
    request = asked(webinar)
    SeatRequest.objects.update(created_at=timezone.now() - FORGET_AFTER - datetime.timedelta(minutes=1))

    assert client.post(request.link).status_code == 404


def test_who_is_erased_leaves_neither_words_nor_requests(webinar, olga):
    invitation = asked(webinar).confirm()
    asked(webinar)
    held = {model: rows.count() for model, rows in rows_of([invitation.person]) if model is SeatRequest}

    erase(invitation.person, by=olga)

    kept = Invitation.objects.get()
    assert (held, SeatRequest.objects.count()) == ({SeatRequest: 2}, 0)
    assert (kept.typed_position, kept.typed_organization, kept.address) == ("", "", "")
    assert {letter.text for letter in Message.objects.all()} == {""}
    assert webinar.seats.used == 0
