"""The screens of the organizers: the waiting list with its priorities, what can be done about a seat, and the list of
registrations."""

import pytest
from django.urls import reverse

from events.models import Event, Invitation, Registration, SeatRequest
from events.models.participants import participants
from tests.conftest import limited, queries_of, rows_of_sheet, staff
from tests.events.test_offers import ada_bob_cid, invited, offering, states, who_waits  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, olga, ada_bob_cid):  # noqa: F811
    """Olga's browser."""
    client.force_login(olga)
    return client


def said(response) -> list[str]:
    return [str(message).strip() for message in response.context["messages"]]


def waiting(event) -> str:
    return reverse("event:waiting", args=[event.pk])


def of(name: str) -> Invitation:
    return Invitation.objects.get(person__given_name=name)


REFUSED = "This was not saved; see below."


def asked(desk, door: str, name: str, **data):
    """The page on which the organizer then is."""
    return desk.post(reverse(f"invitation:{door}", args=[of(name).pk]), data, follow=True)


def act(desk, door: str, name: str, **data) -> str:
    """What the organizer is told."""
    return said(asked(desk, door, name, **data))[-1]


def test_the_waiting_list_stands_in_its_order_and_those_ticked_come_first(desk, forum):
    cid = Registration.objects.get(person__given_name="Cid")

    answer = desk.post(waiting(forum), {"rows": [cid.pk], "priority": "3", "reason": "Minister"}, follow=True)

    assert said(answer) == ["1 person has another priority now."]
    assert (who_waits(forum), answer.text.index("Cid Guest") < answer.text.index("Bob Guest")) == (["Cid", "Bob"], True)
    history = desk.get(reverse("registration:history", args=[cid.pk])).text
    assert "Changed the priority on the waiting list" in history


@pytest.mark.parametrize(
    ("data", "field"),
    [({"priority": "1", "reason": ""}, "reason"), ({"priority": "x", "reason": "r"}, "priority")],
)
def test_what_is_wrong_with_a_priority_is_said(desk, forum, data, field):
    row = Registration.objects.get(person__given_name="Cid")

    answer = desk.post(waiting(forum), {"rows": [row.pk], **data})

    assert (list(answer.context["form"].errors), who_waits(forum)) == ([field], ["Bob", "Cid"])


def test_nothing_ticked_is_said(desk, forum):
    answer = desk.post(waiting(forum), {"rows": ["x"], "priority": "1", "reason": "r"}, follow=True)

    assert said(answer) == ["Nobody who was ticked would get another priority."]


def test_another_desk_neither_sees_nor_changes_who_waits(desk, forum, french_desk):
    mine = staff("organizer", "desk@example.org")
    mine.desks.add(french_desk)
    desk.force_login(mine)
    row = Registration.objects.get(person__given_name="Cid")

    shown = desk.get(waiting(forum)).text
    desk.post(waiting(forum), {"rows": [row.pk], "priority": "9", "reason": "r"})

    assert ("Cid Guest" in shown, who_waits(forum)) == (False, ["Bob", "Cid"])
    answer = desk.post(reverse("invitation:transfer", args=[of("Ada").pk]), {"role": "STAFF", "place": "ROOM"})
    assert (answer.status_code in (302, 404), of("Ada").role) == (True, "DELEGATE")


def test_an_offer_stands_on_the_desk_and_is_taken_by_telephone(desk, forum):
    of("Ada").answer("DECLINED")
    assert "1 seat is offered." in desk.get(reverse("event:desk", args=[forum.pk])).text
    assert "Offered just now" in desk.get(waiting(forum)).text
    assert "They take the seat" in desk.get(reverse("invitation:inspect", args=[of("Bob").pk])).text

    assert act(desk, "offer", "Bob", take="1") == "Bob Guest has the seat."

    assert states(forum)["Bob"] == "CONFIRMED"
    assert act(desk, "offer", "Bob", take="1") == "This seat is not offered to you any more."


def test_an_offer_is_let_go_by_telephone(desk, forum):
    of("Ada").answer("DECLINED")

    told = act(desk, "offer", "Bob", let_go="1")

    assert told == "Bob Guest does not come; the seat goes to the next."
    assert (states(forum)["Cid"], of("Bob").answers.first().way) == ("OFFERED", "ORGANIZER")


def test_a_seat_is_changed_on_the_card_of_the_invitation(desk, forum):
    told = act(desk, "transfer", "Ada", role="SPEAKER", place="ONLINE")

    assert told == "The seat of Ada Guest is changed."
    assert (of("Ada").role, of("Ada").registration.place, states(forum)["Bob"]) == ("SPEAKER", "ONLINE", "OFFERED")
    assert act(desk, "transfer", "Ada", role="SPEAKER", place="ONLINE") == "Role and place are the same already."


def test_what_a_transfer_lacks_is_said(desk, forum):
    page = asked(desk, "transfer", "Ada", role="SPEAKER", place="MOON")

    assert (said(page), "MOON is not one of the available choices" in page.text) == ([REFUSED], True)
    assert of("Ada").role == "DELEGATE"


def test_a_seat_is_given_to_another_person_on_the_card(desk, forum):
    named = {"given_name": "Omar", "family_name": "Saleh", "email": "omar@example.org", "language": "ar"}

    told = act(desk, "hand_over", "Ada", **named)

    assert (told, states(forum)["Omar"]) == ("The seat is held for Omar Saleh until they answer.", "HELD")
    assert of("Omar").person.language == "ar"
    page = asked(desk, "hand_over", "Bob", **{**named, "email": "x"})
    assert (said(page), page.status_code) == ([REFUSED], 422)


def test_the_list_of_registrations_says_sort_and_priority_and_exports_them(desk, forum):
    of("Ada").answer("DECLINED")

    page = desk.get(reverse("registration:index"), {"event": forum.pk}).text
    rows = rows_of_sheet(desk.get(reverse("registration:index"), {"event": forum.pk, "export": "csv"}))

    assert ["Offered until the answer" in page, "Delegate, In the room" in page] == [True, True]
    at = {name.lower(): number for number, name in enumerate(rows[0])}
    bob = next(row for row in rows if "Bob" in row)
    assert (bob[at["state"]], bob[at["priority"]], bob[at["offered until"]] != "") == ("OFFERED", "0", True)


@pytest.mark.parametrize("door", ["waiting", "registrations"])
def test_three_who_wait_need_no_more_queries_than_one(desk, forum, olga, door):
    url = waiting(forum) if door == "waiting" else f"{reverse('registration:index')}?event={forum.pk}"
    two = queries_of(desk, url)
    for one in invited(forum, olga, "Dan", "Eve", "Fay"):
        one.answer("ACCEPTED")

    assert queries_of(desk, url) == two


def test_the_list_of_invitations_finds_who_registered_by_themselves(desk, forum):
    Event.objects.update(open_to="EVERYBODY")
    facts = {"given_name": "Amina", "family_name": "Odhiambo", "email": "amina@example.org", "language": "en"}
    SeatRequest.objects.ask(Event.objects.get(), {**facts, "organization": "Coalition"}).confirm()

    page = desk.get(reverse("invitation:index"), {"is_asked_for": "true"}).text
    card = desk.get(reverse("invitation:inspect", args=[of("Amina").pk])).text

    assert ["Amina" in page, "Bob Guest" in page, "Coalition" in card] == [True, False, True]


def test_the_list_of_participants_says_what_they_wrote_of_themselves(desk, forum):
    Event.objects.update(open_to="EVERYBODY")
    limited(forum, 9)
    facts = {"given_name": "Amina", "family_name": "Odhiambo", "email": "amina@example.org", "language": "en"}
    more = {"organization": "Coalition", "position": "Director"}
    SeatRequest.objects.ask(Event.objects.get(), {**facts, **more}).confirm()

    rows = participants(forum, "en", is_final=True, viewer=staff("organizer", "ola@example.org"))

    amina = next(row for row in rows if row.name == "Amina Odhiambo")
    assert (amina.section, amina.organization, amina.position) == ("Others", "Coalition", "Director")
