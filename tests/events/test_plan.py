"""My plan: a registered person marks sessions, has seats in them, sees what clashes, and has it in one calendar."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contacts.models import Merge, User
from contacts.models.erasure import erase
from events.models import Appointment, CalendarFeed, Notice, PlanItem, Session
from tests.conftest import at, person, queries_of


@pytest.fixture
def published(forum, sessions, olga):
    return forum.publish(by=olga)


@pytest.fixture
def pavels(forum, pavel, olga, published):
    """Pavel is invited and has a seat."""
    return invited(forum, pavel, olga)


@pytest.fixture
def page(pavels) -> str:
    return f"/en/invitations/{pavels.token}/plan/"


@pytest.fixture
def workshop(sessions, olga) -> Session:
    """The opening, with a single seat."""
    sessions["opening"].limit(1, by=olga)
    return sessions["opening"]


def invited(forum, who, olga):
    [invitation] = forum.invitations.draft([who], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return invitation


def planned() -> list[tuple[str, bool]]:
    return [(item.registration.person.family_name, item.holds_seat) for item in PlanItem.objects.all()]


def used(session: Session) -> int:
    session.places.refresh_from_db()
    return session.places.used


def test_a_seat_is_taken_once_and_a_full_session_says_so(forum, pavels, workshop, olga):
    item = pavels.registration.plan.mark(workshop.guid)
    assert pavels.registration.plan.mark(workshop.guid) == item
    other = invited(forum, person("Ada", "Abel"), olga).registration

    with pytest.raises(ValidationError, match="No seat is left in “Opening”"):
        other.plan.mark(workshop.guid)

    assert (planned(), used(workshop)) == ([("Novak", True)], 1)
    item.drop()
    other.plan.mark(workshop.guid)
    assert (planned(), used(workshop)) == ([("Abel", True)], 1)


def test_a_limit_counts_those_who_have_marked_it_already(forum, pavels, sessions, olga):
    for invitation in (pavels, invited(forum, person("Ada", "Abel"), olga)):
        invitation.registration.plan.mark(sessions["opening"].guid)

    with pytest.raises(ValidationError, match="More places than that are taken already"):
        sessions["opening"].limit(1, by=olga)

    sessions["opening"].limit(2, by=olga)


def test_only_what_is_published_open_and_to_come_can_be_planned(forum, pavels, sessions, olga):
    draft = Session.objects.create(event=forum, title="x", starts_at=at(forum, 0, 16), ends_at=at(forum, 0, 17))
    over = Session.objects.create(event=forum, title="x", starts_at=at(forum, -200, 9), ends_at=at(forum, -200, 10))
    forum.publish(by=olga).entries.filter(guid=draft.guid).delete()

    for guid in (draft.guid, over.guid):
        with pytest.raises(ValidationError, match="not open to you"):
            pavels.registration.plan.mark(guid)


def test_seats_are_free_when_the_registration_is_withdrawn(forum, pavels, workshop):
    pavels.registration.plan.mark(workshop.guid)

    pavels.answer("DECLINED")

    assert (planned(), used(workshop)) == ([], 0)
    with pytest.raises(ValidationError, match="Only those who have a seat"):
        forum.registrations.get().plan.mark(workshop.guid)


def test_a_seat_that_is_handed_over_leaves_the_plan_behind(forum, pavels, workshop, olga):
    pavels.registration.plan.mark(workshop.guid)

    pavels.hand_seat_to(person("Ada", "Abel"), by=olga)

    assert (planned(), used(workshop)) == ([], 0)


def test_seats_are_free_when_the_session_is_dropped_and_taken_again_when_it_takes_place(
    forum, pavels, sessions, workshop, olga
):
    pavels.registration.plan.mark(workshop.guid)
    for status, kept in (("CANCELLED", (False, 0)), ("CONFIRMED", (True, 1))):
        Session.objects.filter(pk=workshop.pk).update(status=status)
        forum.publish(by=olga)
        assert (planned(), used(workshop)) == ([("Novak", kept[0])], kept[1])

    Session.objects.get(pk=workshop.pk).delete()
    forum.publish(by=olga)

    assert planned() == [("Novak", False)]


def test_an_erased_person_leaves_no_seat_behind(pavels, workshop, pavel, root):
    pavels.registration.plan.mark(workshop.guid)

    erase(pavel, by=root)

    assert (planned(), used(workshop), Notice.objects.filter(person=pavel).count()) == ([], 0, 0)


def test_after_a_merge_the_kept_record_has_the_plan(forum, pavels, workshop, pavel, noor):
    pavels.registration.plan.mark(workshop.guid)
    kept = person("Paul", "Novak-Kept")

    merge = Merge.objects.join(kept, pavel, by=noor)

    assert (planned(), used(workshop), list(PlanItem.objects.of_person(kept)) != []) == (
        [("Novak-Kept", True)],
        1,
        True,
    )
    merge.undo(by=noor)
    assert planned() == [("Novak", True)]


def test_what_we_put_into_a_calendar_is_taken_out_by_mail(forum, pavels, pavel, sessions, olga):
    """Only that: what was never mailed is no letter."""
    item, later = pavels.registration.plan.mark(sessions["opening"].guid), settings.CALENDAR_UPDATE_DELAY
    item.drop()
    assert Notice.objects.filter(person=pavel).count() == 0
    item = pavels.registration.plan.mark(sessions["opening"].guid)
    Session.objects.filter(pk=sessions["opening"].pk).update(starts_at=at(forum, 0, 8))
    forum.publish(by=olga)
    Notice.objects.work_off(timezone.now() + later)

    item.drop()

    Notice.objects.work_off(timezone.now() + later)
    last = pavel.messages.first()
    assert (last.letter, last.calendar_method, "SEQUENCE:2" in last.calendar) == ("programme_changed", "CANCEL", True)
    assert Appointment.objects.in_calendars().filter(person=pavel).count() == 0


def test_on_the_page_a_session_is_put_in_and_taken_out(client, page, sessions, workshop):
    assert "Nothing is in your plan yet" in client.get(page, {"day": "mine"}).text
    guid = workshop.guid

    answer = client.post(f"{page}?day=all", {"mark": guid})

    assert answer["Location"] == f"{page}?day=all#s-{guid}"
    shown = client.get(page)
    assert (shown.context["mine_count"], "You have a seat" in shown.text) == (1, True)
    client.post(page, {"drop": guid})
    assert (planned(), used(workshop)) == ([], 0)


def test_a_full_session_is_refused_in_words_and_has_no_button_but_to_wait(client, forum, page, workshop, olga):
    invited(forum, person("Ada", "Abel"), olga).registration.plan.mark(workshop.guid)

    answer = client.post(f"{page}?day=all", {"mark": workshop.guid})

    assert (answer.status_code, answer.context["refusals"]) == (409, ["No seat is left in “Opening”."])
    assert re.findall(f'name="([a-z]+)" value="{workshop.guid}"', answer.text) == ["wait"]
    assert client.post(page, {"mark": "nonsense"}).status_code == 409


def test_two_sessions_at_the_same_time_are_told_of_each_other(client, forum, pavels, page, sessions, olga):
    other = Session.objects.create(
        event=forum, title={"en": "Panel"}, starts_at=at(forum, 0, 10), ends_at=at(forum, 0, 11)
    )
    forum.publish(by=olga)
    for session in (other, *sessions.values()):
        pavels.registration.plan.mark(session.guid)

    shown = client.get(page)

    beside = {row["title"]: row["clashes"] for day in shown.context["groups"] for row in day["rows"]}
    assert beside == {"Opening": ["Panel"], "Panel": ["Opening"], "Operation Candlelight": []}
    assert shown.context["clash_count"] == 1


def test_who_has_no_seat_sees_no_session_and_who_appears_finds_it_there(client, forum, sessions, olga, dina):
    forum.publish(by=olga)
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)
    page = f"/en/invitations/{invitation.token}/plan/"
    assert ("Once you have a seat" in client.get(page).text, "Candlelight" in client.get(page).text) == (True, False)

    invitation.answer("ACCEPTED")

    shown = client.get(page)
    assert "You appear here" in shown.text
    [row] = [row for day in shown.context["groups"] for row in day["rows"] if row["appears"]]
    assert (row["title"], row["can_mark"], row["can_wait"]) == ("Opening", False, False)  # it is there by itself


def test_the_feed_of_the_plan_holds_what_is_in_it_and_there_is_one(client, pavels, page, pavel, sessions):
    pavels.registration.plan.mark(sessions["opening"].guid)
    first, second = (client.post(f"{page}feed/").context["new_feed"]["download_url"] for _time in range(2))

    feed = client.get(second)

    assert (client.get(first).status_code, feed.status_code) == (410, 200)
    assert ("SUMMARY;LANGUAGE=en:Opening" in feed.text, "Candlelight" in feed.text) == (True, False)
    pavels.registration.plan.mark(sessions["closed"].guid)
    again = client.get(second, headers={"If-None-Match": feed["ETag"]})
    assert (again.status_code, "Candlelight" in again.text) == (200, True)
    assert CalendarFeed.objects.live().get(person=pavel).scope == "PLAN"


def test_a_session_that_is_closed_to_the_person_leaves_plan_and_feed(client, forum, pavels, page, pavel, sessions):
    """The seat is gone, the mark is still there to leak."""
    pavels.registration.plan.mark(sessions["closed"].guid)
    address = client.post(f"{page}feed/").context["new_feed"]["download_url"]
    assert "Candlelight" in client.get(address).text
    forum.registrations.update(state="WAITING")

    assert ("Candlelight" in client.get(address).text, "Candlelight" in client.get(page).text) == (False, False)


def test_who_is_signed_in_comes_to_their_own_plan(client, pavels, page, pavel, stranger):
    client.force_login(stranger)
    assert client.get("/en/events/forum/plan/").status_code == 404
    pavel.user = User.objects.create_user("pavel@example.org")
    pavel.save()
    client.force_login(pavel.user)

    assert client.get("/en/events/forum/plan/")["Location"] == page


def test_organizers_see_who_has_a_seat_as_far_as_they_may(client, forum, pavels, sessions, workshop, olga, fatou):
    pavels.registration.plan.mark(workshop.guid)
    address = reverse("event:session_plans", args=[forum.pk, workshop.pk])
    client.force_login(olga)
    counts = {
        str(row["entry"]): row["count"] for row in client.get(f"/admin/events/event/{forum.pk}/plans/").context["rows"]
    }
    assert counts == {"Opening": 1, "Operation Candlelight": 0}
    assert [who.family_name for who, _item in client.get(address).context["people"]] == ["Novak"]
    assert client.post(address, {"size": 0}).context["form"].errors["size"] == [
        "More places than that are taken already."
    ]

    pavels.person.affiliations.all().delete()
    client.force_login(fatou)

    page = client.get(address)
    assert (page.context["people"], page.context["unseen"], "Novak" in page.text) == ([], 1, False)
    assert client.post(address, {"size": 50})["Location"] == "/admin/"  # Wagtail’s way to say no
    assert forum.quotas.get(session=workshop).size == 1


def test_a_plan_of_many_costs_as_many_queries_as_one_of_few(client, forum, pavels, page, sessions, olga):
    pavels.registration.plan.mark(sessions["opening"].guid)
    few = [queries_of(client, f"{page}?day={day}") for day in ("mine", "all")]
    for number in range(3):
        session = Session.objects.create(
            event=forum, title=f"x{number}", starts_at=at(forum, 0, 9), ends_at=at(forum, 0, 13)
        )
        forum.publish(by=olga)
        session.limit(9, by=olga)
        pavels.registration.plan.mark(session.guid)

    assert [queries_of(client, f"{page}?day={day}") for day in ("mine", "all")] == few


def test_nobody_is_told_of_a_plan_that_is_over(forum, pavels, sessions, olga):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    pavels.registration.plan.mark(sessions["opening"].guid)
    forum.programme.entries.update(starts_at=yesterday, ends_at=yesterday)
    Session.objects.filter(pk=sessions["opening"].pk).update(starts_at=yesterday, ends_at=timezone.now())
    Notice.objects.all().delete()

    forum.publish(by=olga)

    assert Notice.objects.count() == 0


def test_to_look_at_a_session_counts_no_seats(client, forum, published, sessions, olga):
    """A GET changes nothing: seats are counted from the first that is taken, or limited."""
    client.force_login(olga)

    client.get(reverse("event:session_plans", args=[forum.pk, sessions["opening"].pk]))

    assert (sessions["opening"].places, forum.quotas.exclude(session=None).count()) == (None, 0)
    sessions["opening"].limit(3, by=olga)
    assert str(sessions["opening"].places) == "0 of 3"
