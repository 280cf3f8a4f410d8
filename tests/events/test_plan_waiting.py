"""Waiting for a seat in a session that is full: who comes first has the first seat that becomes free, and is told."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from contacts.models import Merge, Message
from contacts.models.erasure import erase
from events.models import PlanItem, Session
from tests.conftest import at, person, queries_of
from tests.events.test_plan import invited, planned, used


@pytest.fixture
def workshop(forum, sessions, olga) -> Session:
    """The opening, published, with a single seat."""
    forum.publish(by=olga)
    sessions["opening"].limit(1, by=olga)
    return sessions["opening"]


@pytest.fixture
def three(forum, workshop, pavel, olga) -> list:
    """Ada has the seat; Pavel and then Bea wait for it."""
    seats = [invited(forum, who, olga).registration for who in (person("Ada", "Abel"), pavel, person("Bea", "Bell"))]
    seats[0].plan.mark(workshop.guid)
    for seat in seats[1:]:
        seat.plan.wait(workshop.guid)
    return seats


def told() -> list[tuple[str, str]]:
    rows = Message.objects.filter(letter="seat_in_session").order_by("pk")
    return [(row.person.family_name, row.subject) for row in rows]


def waiting() -> list[str]:
    return [item.registration.person.family_name for item in PlanItem.objects.waiting()]


def test_a_freed_seat_goes_to_the_first_who_waits_and_they_are_told(three, workshop):
    assert (planned(), waiting()) == ([("Abel", True), ("Novak", False), ("Bell", False)], ["Novak", "Bell"])

    three[0].plan.get().drop()

    assert (planned(), waiting(), used(workshop)) == ([("Novak", True), ("Bell", False)], ["Bell"], 1)
    assert told() == [("Novak", "Vous avez une place : Ouverture")]
    three[1].plan.get().drop()
    assert (planned(), waiting(), used(workshop)) == ([("Bell", True)], [], 1)


def test_who_waits_twice_waits_once_and_who_waits_no_longer_is_passed_over(three, workshop):
    three[1].plan.wait(workshop.guid)
    three[1].plan.get().drop()

    three[0].plan.get().drop()

    assert (planned(), told()) == ([("Bell", True)], [("Bell", "You have a seat: Opening")])


def test_where_a_seat_is_free_by_now_there_is_nothing_to_wait_for(forum, workshop, three, olga):
    workshop.limit(5, by=olga)

    late = invited(forum, person("Cara", "Cole"), olga).registration.plan.wait(workshop.guid)

    assert (late.holds_seat, late.waits, used(workshop)) == (True, False, 4)


@pytest.mark.parametrize(("size", "left"), [(2, ["Bell"]), (3, []), (None, [])])
def test_new_seats_go_to_those_who_wait(workshop, three, olga, size, left):
    workshop.limit(size, by=olga)

    assert (waiting(), used(workshop), len(told())) == (left, 3 - len(left), 2 - len(left))


def test_who_gives_up_the_seat_at_the_event_or_is_erased_makes_room(workshop, three, root):
    three[0].invitation.answer("DECLINED")
    assert (planned(), waiting()) == ([("Novak", True), ("Bell", False)], ["Bell"])

    erase(three[1].person, by=root)

    assert (planned(), used(workshop)) == ([("Bell", True)], 1)


def test_who_may_not_go_there_any_more_is_passed_over_and_keeps_the_place(forum, workshop, three, sessions, olga):
    """The session is for participants by now, and Pavel waits for a seat at the event."""
    Session.objects.filter(pk=workshop.pk).update(audience="PARTICIPANTS")
    forum.publish(by=olga)
    three[1].__class__.objects.filter(pk=three[1].pk).update(state="WAITING")

    three[0].plan.get().drop()

    assert planned() == [("Novak", False), ("Bell", True)]


def test_no_seat_is_given_away_once_the_session_is_over(forum, workshop, three):
    forum.programme.entries.update(starts_at=at(forum, -200, 9), ends_at=at(forum, -200, 10))

    three[0].plan.get().drop()

    assert (waiting(), told(), used(workshop)) == (["Novak", "Bell"], [], 0)


def test_a_session_that_is_dropped_and_comes_back_seats_them_in_their_order(forum, workshop, three, olga):
    Session.objects.filter(pk=workshop.pk).update(status="CANCELLED")
    forum.publish(by=olga)
    assert (planned(), used(workshop)) == ([("Abel", False), ("Novak", False), ("Bell", False)], 0)

    Session.objects.filter(pk=workshop.pk).update(status="CONFIRMED")
    forum.publish(by=olga)

    assert (planned()[0], waiting(), told(), used(workshop)) == (("Abel", True), ["Novak", "Bell"], [], 1)


def test_after_a_merge_the_kept_record_waits_on(workshop, three, noor):
    Merge.objects.join(person("Paul", "Novak-Kept"), three[1].person, by=noor)

    three[0].plan.get().drop()

    assert planned() == [("Novak-Kept", True), ("Bell", False)]


def test_the_letter_says_what_else_is_at_the_same_time(forum, workshop, three, olga):
    clash = Session.objects.create(
        event=forum, title={"en": "Panel"}, starts_at=at(forum, 0, 10), ends_at=at(forum, 0, 11)
    )
    forum.publish(by=olga)
    three[1].plan.mark(clash.guid)
    three[2].plan.mark(clash.guid)
    three[1].plan.get(guid=workshop.guid).drop()

    three[0].plan.get().drop()

    letter = Message.objects.get(letter="seat_in_session")
    assert ("At the same time you have “Panel” in your plan." in letter.text, "plan/" in letter.text) == (True, True)


def test_what_one_waits_for_is_in_no_calendar_and_no_letter_about_changes(client, forum, workshop, three, olga):
    address = client.post(f"/en/invitations/{three[1].invitation.token}/plan/feed/").context["new_feed"]["download_url"]
    before = client.get(address)
    Session.objects.filter(pk=workshop.pk).update(starts_at=at(forum, 0, 8))
    forum.publish(by=olga)
    assert ("Opening" in before.text, forum.notices.filter(person=three[1].person).count()) == (False, 0)
    assert forum.notices.filter(person=three[0].person).count() == 1

    three[0].plan.get().drop()

    again = client.get(address, headers={"If-None-Match": before["ETag"]})
    assert (again.status_code, "SUMMARY;LANGUAGE=en:Opening" in again.text) == (200, True)


def test_on_the_page_one_waits_sees_the_place_and_waits_no_longer(client, workshop, three):
    page = f"/en/invitations/{three[2].invitation.token}/plan/"
    rows = {row["title"]: row for day in client.get(page).context["groups"] for row in day["rows"]}
    assert (rows["Opening"]["waits"], "You wait for a seat: place 2" in client.get(page).text) == (2, True)

    client.post(page, {"drop": workshop.guid})
    assert waiting() == ["Novak"]

    answer = client.post(f"{page}?day=all", {"wait": workshop.guid})
    assert (answer.status_code, waiting()) == (302, ["Novak", "Bell"])


def test_only_who_has_a_seat_at_the_event_can_wait(forum, workshop, dina, olga):
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)

    answer_of = forum.registrations.get_or_create(person=dina)[0].plan.wait

    with pytest.raises(ValidationError, match="Only those who have a seat"):
        answer_of(workshop.guid)


def test_organizers_see_how_many_wait_and_who(client, forum, workshop, three, olga):
    client.force_login(olga)

    [row] = [one for one in client.get(f"/admin/events/event/{forum.pk}/plans/").context["rows"] if one["count"]]

    assert (row["count"], row["waiting"], row["size"]) == (1, 2, 1)
    page = client.get(reverse("event:session_plans", args=[forum.pk, workshop.pk]))
    assert page.text.count("waits for a seat") == 2


def test_a_publication_costs_the_same_however_many_wait_or_have_seats(
    forum, workshop, three, olga, django_assert_max_num_queries
):
    def settled(limit: int, status: str) -> int:
        Session.objects.filter(pk=workshop.pk).update(status=status)
        with django_assert_max_num_queries(limit) as asked:
            PlanItem.objects.settle(forum, list(forum.programme.entries.all()))
        return len(asked)

    forum.programme.entries.update(status="CANCELLED")
    few = settled(20, "CANCELLED")
    PlanItem.objects.update(holds_seat=False, waits=False)
    workshop.limit(3, by=olga)
    PlanItem.objects.update(holds_seat=True)
    workshop.quota.__class__.objects.filter(session=workshop).update(used=3)

    assert (settled(few, "CANCELLED"), used(workshop)) == (few, 0)


def test_a_page_on_which_many_wait_asks_as_little(client, forum, workshop, three, olga):
    page = f"/en/invitations/{three[2].invitation.token}/plan/"
    few = queries_of(client, page)
    for number in range(3):
        session = Session.objects.create(
            event=forum, title=f"x{number}", starts_at=at(forum, 0, 12), ends_at=at(forum, 0, 13)
        )
        forum.publish(by=olga)
        session.limit(0, by=olga)
        three[2].plan.wait(session.guid)

    assert queries_of(client, page) == few
