"""The waiting list by priority, a freed seat that is offered for some hours, and the transfer of seats: a test for each
row of the table in docs/reference/invitations.md."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Delivery, Message
from contacts.models.introduction import Introduced
from events.models import Event, Invitation, Registration, Reminder
from events.models.reminder import to_remind
from events.tasks import pass_offers_on
from tests.conftest import limited, person
from tests.events.conftest import LAYLA, OMAR, confirmed, letters, places

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(hours=24)


@pytest.fixture
def offering(forum) -> Event:
    """The forum, with one seat, which is offered for a day when it becomes free."""
    forum.offer_hours = 24
    forum.save()
    limited(forum, 1)
    return forum


@pytest.fixture
def ada_bob_cid(forum, offering, olga) -> list[Invitation]:
    """Ada has the seat; Bob waits, then Cid."""
    return [confirmed(one) for one in invited(offering, olga, "Ada", "Bob", "Cid")]


def invited(event, olga, *names: str) -> list[Invitation]:
    drafts = event.invitations.draft([person(name, "Guest") for name in names], by=olga)
    event.invitations.send_drafts(by=olga)
    return [Invitation.objects.select_related("event", "person").get(pk=draft.pk) for draft in drafts]


def states(event: Event) -> dict[str, str]:
    rows = event.registrations.select_related("person").order_by("pk")
    assert event.seats.used == event.registrations.with_seat().filter(place="ROOM").count()
    return {row.person.given_name: row.state for row in rows}


def who_waits(event: Event) -> list[str]:
    return [row.person.given_name for row in event.registrations.waiting()]


def history(record, action: str) -> list[dict]:
    found = ModelLogEntry.objects.filter(action=action, object_id=str(record.pk))
    return [entry.data for entry in found.order_by("pk")]


# -- priority


def test_who_has_the_higher_priority_comes_first_and_the_position_says_so(forum, olga):
    limited(forum, 1)
    *_, cid, dan = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob", "Cid", "Dan")]

    count = Registration.objects.prioritize([cid.registration, dan.registration], 2, " Ministers ", by=olga)

    assert (count, who_waits(forum)) == (2, ["Cid", "Dan", "Bob"])
    assert (dan.registration.waiting_position, cid.registration.waiting_position) == (2, 1)
    assert history(cid.registration, "events.registration.prioritize") == [{"from": 0, "to": 2, "reason": "Ministers"}]
    assert Registration.objects.prioritize([cid.registration], 2, "Again", by=olga) == 0


def test_a_freed_seat_goes_by_priority(forum, olga):
    limited(forum, 1)
    ada, _bob, cid = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob", "Cid")]
    Registration.objects.prioritize([cid.registration], 1, "Speaks", by=olga)

    ada.answer("DECLINED")

    assert states(forum) == {"Ada": "CANCELLED", "Bob": "WAITING", "Cid": "CONFIRMED"}


def test_a_priority_without_a_reason_is_refused(ada_bob_cid, olga):
    with pytest.raises(ValidationError, match="Say why"):
        Registration.objects.prioritize([ada_bob_cid[1].registration], 1, " ", by=olga)


# -- offers


def test_a_freed_seat_is_offered_to_the_next_and_nobody_else_gets_it(offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid

    before = timezone.now()
    ada.answer("DECLINED")

    assert states(offering) == {"Ada": "CANCELLED", "Bob": "OFFERED", "Cid": "WAITING"}
    seat = bob.registration
    assert before + A_DAY <= seat.offered_until <= timezone.now() + A_DAY
    letter = Message.objects.get(letter="seat_offered")
    assert (letter.person, bob.link in letter.with_link(letter.text), letter.calendar) == (bob.person, True, "")
    assert letters(bob.person) == ["invitation", "registration_waiting", "seat_offered"]


def test_without_hours_a_freed_seat_is_given_at_once(offering, ada_bob_cid):
    Event.objects.update(offer_hours=None)

    Invitation.objects.get(person__given_name="Ada").answer("DECLINED")

    assert states(offering)["Bob"] == "CONFIRMED"


def test_an_offer_is_taken_on_the_page_behind_the_link(client, offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")
    page = client.get(bob.link)
    assert ["A seat is free for you" in page.text, 'value="ACCEPTED"' in page.text] == [True, False]
    assert states(offering)["Bob"] == "OFFERED"

    answer = client.post(reverse("events:offer", args=[bob.token]), {"take": "1"}, follow=True)

    assert "Your seat is confirmed" in answer.text
    assert (states(offering)["Bob"], bob.registration.offered_until) == ("CONFIRMED", None)
    confirmation = Message.objects.filter(letter="registration_confirmed", person=bob.person).get()
    assert confirmation.calendar_method == "PUBLISH"


def test_an_offer_that_is_let_go_is_offered_to_the_next(client, offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")

    client.post(reverse("events:offer", args=[bob.token]), {"let_go": "1"})

    assert states(offering) == {"Ada": "CANCELLED", "Bob": "CANCELLED", "Cid": "OFFERED"}
    assert Invitation.objects.get(pk=bob.pk).reply == "DECLINED"


def test_who_says_yes_once_more_takes_what_is_offered(offering, ada_bob_cid, olga):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")

    bob.answer("ACCEPTED", by=olga)

    assert (states(offering)["Bob"], letters(bob.person)[-1]) == ("CONFIRMED", "registration_confirmed")


def test_an_offer_can_be_let_go_and_taken_when_the_time_for_answers_is_over(offering, ada_bob_cid, olga):
    ada, bob, cid = ada_bob_cid
    ada.withdraw(by=olga)
    Event.objects.update(answer_by=timezone.now() - A_DAY)

    Invitation.objects.get(pk=bob.pk).let_offer_go()
    Invitation.objects.get(pk=cid.pk).take_offer()

    assert states(offering) == {"Ada": "CANCELLED", "Bob": "CANCELLED", "Cid": "CONFIRMED"}


def test_where_nothing_is_offered_nothing_is_taken(client, offering, ada_bob_cid):
    _ada, _bob, cid = ada_bob_cid

    answers = [client.post(reverse("events:offer", args=[cid.token]), {act: "1"}) for act in ("take", "let_go")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "This seat is not offered to you any more." in answers[0].text
    assert states(offering)["Cid"] == "WAITING"


def test_an_offer_that_lapses_goes_to_the_next_and_the_person_is_told_and_asked_anew(client, offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")
    assert Registration.objects.lapse_offers(timezone.now() + A_DAY / 2) == 0

    passed_on = Registration.objects.lapse_offers(timezone.now() + A_DAY)

    assert (passed_on, states(offering)) == (1, {"Ada": "CANCELLED", "Bob": "CANCELLED", "Cid": "OFFERED"})
    assert letters(bob.person)[-2:] == ["seat_offered", "offer_lapsed"]
    bob = Invitation.objects.get(pk=bob.pk)
    assert (bob.reply, bob.answers.first().get_way_display()) == (
        *("NEEDS-ACTION", "An offer that nobody took in time"),
    )
    assert "The seat has gone to the next" in client.get(bob.link).text
    assert client.post(reverse("events:offer", args=[bob.token]), {"take": "1"}).status_code == 409


def test_who_let_an_offer_lapse_comes_last_when_they_accept_again(offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")
    Registration.objects.lapse_offers(timezone.now() + A_DAY)
    ada.answer("ACCEPTED")

    Invitation.objects.get(pk=bob.pk).answer("ACCEPTED")

    assert who_waits(offering) == ["Ada", "Bob"]


def test_who_waits_alone_is_not_offered_the_seat_again_and_again(offering, ada_bob_cid):
    ada, bob, cid = ada_bob_cid
    cid.answer("DECLINED")
    ada.answer("DECLINED")

    found = [Registration.objects.lapse_offers(timezone.now() + A_DAY * times) for times in (1, 2, 3)]

    assert (found, letters(bob.person).count("seat_offered"), offering.seats.used) == ([1, 0, 0], 1, 0)


def test_the_worker_passes_offers_on(offering, ada_bob_cid):
    ada_bob_cid[0].answer("DECLINED")
    Registration.objects.filter(state="OFFERED").update(offered_until=timezone.now())

    assert (pass_offers_on.call(), pass_offers_on.call()) == (1, 0)


def test_no_offer_is_longer_than_until_the_event_begins(offering, ada_bob_cid):
    begins = offering.starts_at
    offers = [offering.offers_until(begins - datetime.timedelta(hours=hours)) for hours in (30, 3, 0)]
    assert offers == [begins - datetime.timedelta(hours=6), begins, None]

    ada_bob_cid[0].registration.withdraw(now=begins)

    assert states(offering)["Bob"] == "CONFIRMED"


def test_an_event_that_moves_forward_shortens_its_offers(offering, ada_bob_cid, olga):
    ada_bob_cid[0].answer("DECLINED")
    Registration.objects.filter(state="OFFERED").update(offered_until=timezone.now() + A_DAY * 90)
    day = timezone.localdate() + A_DAY * 20

    Event.objects.get().reschedule(day, day, by=olga)

    event = Event.objects.get()
    assert event.registrations.offered().get().offered_until == event.starts_at


def test_an_offer_to_a_cancelled_event_is_neither_taken_nor_passed_on(offering, ada_bob_cid, olga):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")
    Event.objects.get().cancel(by=olga)

    with pytest.raises(ValidationError, match="has been cancelled"):
        Invitation.objects.get(pk=bob.pk).take_offer()
    assert Registration.objects.lapse_offers(timezone.now() + A_DAY) == 0


def test_new_seats_are_offered_too(offering, ada_bob_cid, olga):
    limited(offering, 3)

    assert states(offering) == {"Ada": "CONFIRMED", "Bob": "OFFERED", "Cid": "OFFERED"}


def test_who_has_no_letter_to_answer_is_given_the_seat_at_once(offering, ada_bob_cid, dina):
    for one in ada_bob_cid[1:]:
        one.answer("DECLINED")
    offering.registrations.enter(dina)

    ada_bob_cid[0].answer("DECLINED")

    assert states(offering)["Dina"] == "CONFIRMED"


def test_no_reminder_goes_to_who_is_offered_a_seat(offering, ada_bob_cid, olga):
    due = Reminder.objects.set_for(offering, 3, "UNANSWERED", by=olga)
    Delivery.objects.update(state="SENT")
    ada_bob_cid[0].answer("DECLINED")

    asked = to_remind(offering.invitations.all(), ["UNANSWERED", "UNSURE", "RECONFIRM"])

    assert (list(asked), due.remind(due.due_at)) == ([], 0)


def test_who_is_offered_a_seat_names_nobody_else(offering, ada_bob_cid):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")

    with pytest.raises(ValidationError, match="Take it, or let it go, first"):
        bob.delegate(OMAR)


def test_an_offer_that_is_taken_back_goes_to_the_next(offering, ada_bob_cid, olga):
    ada, bob, _cid = ada_bob_cid
    ada.answer("DECLINED")

    bob.withdraw(by=olga)

    assert states(offering)["Cid"] == "OFFERED"


# -- transfers


def test_a_seat_changes_its_place_and_the_freed_one_goes_to_who_waits(forum, olga):
    limited(forum, 1)
    ada, bob = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob")]

    ada.transfer("OBSERVER", "ONLINE", by=olga)

    assert states(forum) == {"Ada": "CONFIRMED", "Bob": "CONFIRMED"}
    seat = ada.registration
    assert (seat.role, seat.place, forum.quotas.get(place="ONLINE", delegation=None).used) == ("OBSERVER", "ONLINE", 1)
    assert letters(ada.person)[-1] == "seat_changed"
    assert "Observer, Online" in Message.objects.get(letter="seat_changed").text
    told = {"from": "Delegate, In the room", "to": "Observer, Online"}
    assert history(ada, "events.registration.transfer") == [told]
    assert letters(bob.person)[-1] == "registration_confirmed"


def test_where_the_new_place_is_full_nothing_changes(forum, olga):
    forum.quotas.get(place="ONLINE").resize(0, by=olga)
    [ada] = [confirmed(one) for one in invited(forum, olga, "Ada")]

    with pytest.raises(ValidationError, match="No seat is left for this: Delegate, Online"):
        ada.transfer("DELEGATE", "ONLINE", by=olga)

    ada = Invitation.objects.get(pk=ada.pk)
    assert (ada.place, ada.registration.place, forum.seats.used) == ("ROOM", "ROOM", 1)


def test_another_role_at_the_same_place_needs_no_second_seat(forum, olga):
    limited(forum, 1)
    [ada] = [confirmed(one) for one in invited(forum, olga, "Ada")]

    ada.transfer("SPEAKER", "ROOM", by=olga)

    assert (ada.registration.role, forum.seats.used) == ("SPEAKER", 1)


def test_who_waits_is_seated_where_there_is_room(forum, olga):
    limited(forum, 1)
    _ada, bob = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob")]

    bob.transfer("DELEGATE", "ONLINE", by=olga)

    assert (states(forum)["Bob"], bob.registration.place) == ("CONFIRMED", "ONLINE")


def test_the_place_of_the_delegation_moves_along_or_nothing_does(forum, delegation, focal, olga):
    layla = delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal)
    confirmed(layla).approve(by=olga)

    layla.transfer("DELEGATE", "ROOM", by=olga)

    assert places(delegation) == [("", "ROOM", 1, 2), ("HEAD", "", 0, 1), ("ADVISER", "ONLINE", 0, 1)]
    assert (forum.seats.used, layla.registration.place) == (1, "ROOM")
    with pytest.raises(ValidationError, match="no place left for this: Observer, Online"):
        Invitation.objects.get(pk=layla.pk).transfer("OBSERVER", "ONLINE", by=olga)
    assert places(delegation)[0] == ("", "ROOM", 1, 2)


def test_a_place_of_the_delegation_is_given_back_where_the_event_is_full(forum, delegation, focal, olga):
    layla = delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal)
    confirmed(layla).approve(by=olga)
    limited(forum, 0)

    with pytest.raises(ValidationError, match="No seat is left"):
        layla.transfer("DELEGATE", "ROOM", by=olga)

    assert places(delegation) == [("", "ROOM", 0, 2), ("HEAD", "", 0, 1), ("ADVISER", "ONLINE", 1, 1)]


def test_a_seat_goes_to_another_person_and_is_free_at_no_moment(forum, olga):
    limited(forum, 1)
    ada, bob = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob")]

    omar = ada.hand_seat_to(OMAR, by=olga)

    assert states(forum) == {"Ada": "CANCELLED", "Bob": "WAITING", "Omar": "HELD"}
    assert (letters(ada.person)[-1], letters(omar.person)) == ("seat_handed_over", ["invitation"])
    assert Message.objects.get(letter="seat_handed_over").calendar_method == "CANCEL"
    assert history(ada, "events.registration.hand_over") == [{"to": omar.pk}]
    confirmed(omar)
    assert (states(forum)["Omar"], bob.registration.waiting_position) == ("CONFIRMED", 1)


def test_a_seat_that_the_other_does_not_want_goes_to_who_waits(forum, olga):
    limited(forum, 1)
    ada, _bob = [confirmed(one) for one in invited(forum, olga, "Ada", "Bob")]

    ada.hand_seat_to(OMAR, by=olga).answer("DECLINED")

    assert states(forum) == {"Ada": "CANCELLED", "Bob": "CONFIRMED", "Omar": "CANCELLED"}


def test_the_seat_of_a_member_goes_to_another_of_the_delegation(forum, delegation, focal, olga):
    layla = delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)
    confirmed(layla).approve(by=olga)

    omar = layla.hand_seat_to(OMAR, by=olga)

    assert (omar.delegation, omar.approval, places(delegation)[0]) == (delegation, "PENDING", ("", "ROOM", 1, 2))
    assert states(forum) == {"Layla": "CANCELLED", "Omar": "HELD"}


@pytest.mark.parametrize("given", ["Ada", "Cid"])
def test_no_seat_is_given_to_who_is_on_the_list_or_by_who_has_none(offering, ada_bob_cid, olga, given):
    who = next(one for one in ada_bob_cid if one.person.given_name == given)
    named = Introduced("Bob", "Guest", "bob.guest@example.org")
    before = states(offering)

    with pytest.raises(ValidationError, match="on the list of this event already" if given == "Ada" else "no seat"):
        who.hand_seat_to(named, by=olga)

    assert states(offering) == before
