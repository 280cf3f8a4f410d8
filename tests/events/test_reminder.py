"""Asking again: by hand and by rules that move with the event."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contacts.models import Affiliation, Delivery, Message
from events.models import Delegation, Invitation, Reminded, Reminder
from network.models import Organization
from tests.conftest import person, several_connections
from tests.events.conftest import LAYLA

WEEK = datetime.timedelta(days=7)


@pytest.fixture
def asked(forum, pavel, dina, olga) -> dict[str, Invitation]:
    """Four who were invited a month before the answers close: each of them has said something else."""
    forum.answer_by = timezone.now() + datetime.timedelta(days=30)
    forum.save()
    people = {"silent": pavel, "unsure": dina, "yes": person("Ada", "Yes"), "bounced": person("Bo", "Back", "es")}
    forum.invitations.draft(people.values(), by=olga)
    forum.invitations.send_drafts(by=olga)
    Delivery.objects.update(state="SENT")
    found = {name: forum.invitations.get(person=one) for name, one in people.items()}
    found["unsure"].answer("TENTATIVE")
    found["yes"].answer("ACCEPTED")
    Delivery.objects.filter(message__about_id=found["bounced"].pk).update(state="BOUNCED")
    return {name: forum.invitations.get(pk=one.pk) for name, one in found.items()}


def letters() -> list[str]:
    """To whom it was asked again, in the order of writing."""
    return list(
        Message.objects.filter(letter="invitation_reminder").order_by("pk").values_list("to_address", flat=True)
    )


def rule(forum, days=14, whom="UNANSWERED", by=None) -> Reminder:
    return Reminder.objects.set_for(forum, days, whom, by=by)


PAVEL, DINA, ADA = "pavel.novak@example.org", "dina.haddad@example.org", "ada.yes@example.org"


@pytest.mark.django_db
@pytest.mark.parametrize(("whom", "reached"), [("UNANSWERED", [PAVEL]), ("UNSURE", [DINA]), ("RECONFIRM", [])])
def test_a_rule_asks_those_it_is_for_on_its_morning_and_once(forum, asked, whom, reached):
    due = rule(forum, whom=whom).due_at

    assert Reminder.objects.work_off(due - datetime.timedelta(minutes=1)) == 0
    assert Reminder.objects.work_off(due) == len(reached)
    assert Reminder.objects.work_off(due + datetime.timedelta(hours=1)) == 0
    assert letters() == reached


@pytest.mark.django_db
def test_it_is_nine_in_the_morning_at_the_place_of_the_event(forum, asked):
    forum.timezone, forum.answer_by = "Asia/Tokyo", datetime.datetime(2027, 3, 20, 15, tzinfo=datetime.UTC)
    forum.save()

    assert rule(forum, days=1).due_at == datetime.datetime(2027, 3, 20, 0, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_a_rule_moves_with_the_event_and_asks_nobody_twice(forum, asked, olga):
    set_for = rule(forum)
    first = set_for.due_at
    forum.reschedule(forum.starts_on + WEEK, forum.ends_on + WEEK, by=olga)

    assert Reminder.objects.get().due_at == first + WEEK
    assert Reminder.objects.work_off(first) == 0
    assert Reminder.objects.work_off(first + WEEK) == 1
    forum.reschedule(forum.starts_on + WEEK, forum.ends_on + WEEK, by=olga)
    assert Reminder.objects.work_off(first + 2 * WEEK) == 0
    assert letters() == [PAVEL]


@pytest.mark.django_db
def test_who_said_yes_to_other_days_is_asked_by_the_rule_for_that(forum, asked, olga):
    forum.reschedule(forum.starts_on + WEEK, forum.ends_on + WEEK, by=olga)

    assert Reminder.objects.work_off(rule(forum, whom="RECONFIRM").due_at) == 2
    assert sorted(letters()) == [ADA, DINA]
    assert "has been moved since you answered" in Message.objects.filter(to_address=ADA).order_by("pk").last().text


@pytest.mark.django_db
def test_who_is_invited_or_becomes_unsure_after_its_morning_is_not_asked_at_once(forum, asked, olga):
    morning = rule(forum, whom="UNSURE").due_at
    Reminder.objects.work_off(morning)
    asked["silent"].answer("TENTATIVE")
    late = rule(forum, days=10)
    Invitation.objects.update(sent_at=late.due_at + datetime.timedelta(hours=1))

    assert Reminder.objects.work_off(late.due_at + datetime.timedelta(hours=2)) == 0
    assert letters() == [DINA]


@pytest.mark.django_db
def test_no_letter_for_an_event_that_is_cancelled_or_takes_no_answers(forum, asked, olga):
    due = rule(forum).due_at
    assert [one.pk for one in Reminder.objects.due(due)] == [Reminder.objects.get().pk]

    forum.refresh_from_db()
    assert Reminder.objects.due(forum.closes_at + datetime.timedelta(minutes=1)) == []
    forum.cancel(by=olga)
    assert Reminder.objects.due(due) == []


@pytest.mark.django_db
def test_a_rule_is_set_once_and_not_for_a_morning_that_has_passed(forum, asked):
    rule(forum)

    with pytest.raises(ValidationError, match="set already"):
        rule(forum)
    with pytest.raises(ValidationError, match="That morning has passed"):
        rule(forum, days=31)
    assert Reminder.objects.count() == 1


@pytest.mark.django_db
def test_focal_points_who_have_named_nobody_are_asked_by_a_rule_before_names_close_and_once(
    forum, delegation, focal, customs, olga
):
    named = Organization.objects.create(kind=customs.kind, name="Ministry")
    Affiliation.objects.create(person=person("Ida", "Berg"), organization=named, is_focal_point=True)
    [other] = forum.delegations.draft([named], by=olga)
    other.invite(by=olga)
    other.nominate(LAYLA, "DELEGATE", "ROOM", by=olga)
    forum.nominate_by = forum.answer_by - datetime.timedelta(days=10)
    forum.save()
    Delegation.objects.update(invited_at=timezone.now() - WEEK)
    due = rule(forum, days=3, whom="UNNAMED").due_at

    assert due.date() == (forum.nominate_by - datetime.timedelta(days=3)).date()
    moments = (due - datetime.timedelta(minutes=1), due, due)
    assert [Reminder.objects.work_off(moment) for moment in moments] == [0, 1, 0]
    reminder = Reminder.objects.get()
    assert [one.remind(by=None, rule=reminder) for one in forum.delegations.all()] == [0, 0]
    asked = Message.objects.filter(letter="delegation_reminder").values_list("to_address", flat=True)
    assert list(asked) == [PAVEL]


@pytest.mark.django_db
def test_no_focal_point_is_asked_when_the_time_for_names_is_over(forum, delegation):
    due = rule(forum, days=3, whom="UNNAMED").due_at
    forum.nominate_by = due - datetime.timedelta(hours=1)
    forum.save()

    assert Reminder.objects.due(due) == []


@several_connections
def test_the_worker_does_it(forum, asked):
    rule(forum)
    forum.answer_by = timezone.now() + datetime.timedelta(days=13)
    forum.save()
    Invitation.objects.update(sent_at=timezone.now() - WEEK)

    call_command("worker", once=True)

    assert letters() == [PAVEL]


@pytest.mark.django_db
def test_nobody_is_asked_twice_within_an_hour_by_hand(asked, olga):
    silent = asked["silent"]

    assert [silent.remind(by=olga), silent.remind(by=olga)] == [True, False]
    Reminded.objects.update(at=timezone.now() - datetime.timedelta(minutes=61))
    assert (silent.remind(by=olga), letters()) == (True, [PAVEL, PAVEL])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["yes", "withdrawn"])
def test_who_has_answered_or_is_not_invited_any_more_is_not_asked(asked, olga, name):
    asked["silent"].withdraw(by=olga)
    invitation = asked["silent"] if name == "withdrawn" else asked[name]

    assert (invitation.remind(by=olga), letters()) == (False, [])


@pytest.mark.django_db
def test_an_organizer_sees_whom_and_what_and_asks_those_ticked(client, forum, asked, olga):
    client.force_login(olga)
    screen = reverse("event:remind", args=[forum.pk])

    page = client.get(screen)
    assert [str(invitation.person) for invitation, _standing in page.context["people"]] == [
        "Dina Haddad",
        "Pavel Novak",
    ]
    assert sorted(preview.code for preview in page.context["previews"]) == ["ar", "fr"]
    client.post(screen, {"invitations": [asked["silent"].pk, asked["yes"].pk, asked["bounced"].pk]})

    assert letters() == [PAVEL]
    again = client.get(screen).text
    assert "asked again on" in again
    assert again.count("checked") == page.text.count("checked") - 1


@pytest.mark.django_db
def test_rules_are_set_and_taken_back_on_the_page(client, forum, asked, olga):
    client.force_login(olga)
    client.post(reverse("event:reminder_set", args=[forum.pk]), {"days": 14, "whom": "UNANSWERED"})
    refused = client.post(reverse("event:reminder_set", args=[forum.pk]), {"days": "x", "whom": "UNANSWERED"})

    assert list(refused.context["form"].errors) == ["days"]
    assert [str(one) for one in forum.reminders.all()] == ["14: Who has not answered"]
    client.post(reverse("event:reminder_drop", args=[forum.pk]), {"reminder": forum.reminders.get().pk})
    assert forum.reminders.count() == 0


@pytest.mark.django_db
def test_a_desk_reminds_its_own_people_alone(client, forum, asked, olga, french_desk):
    olga.desks.add(french_desk)
    client.force_login(olga)
    Invitation.objects.filter(pk=asked["silent"].pk).update(person=person("Sabine", "Secret", country_id="KE"))
    screen = reverse("event:remind", args=[forum.pk])

    page = client.get(screen).text
    client.post(screen, {"invitations": [asked["silent"].pk]})

    assert ("Secret" in page, "Haddad" in page, letters()) == (False, True, [])
