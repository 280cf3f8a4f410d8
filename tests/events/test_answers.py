"""Answers, and the standing that follows from them, from the letter and from the event."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Delivery
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from events.models import Event, Invitation, InvitationAnswer
from events.models.reminder import to_remind
from tests.conftest import queries_of, rows_of_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(forum, pavel, olga) -> Invitation:
    """Pavel's, sent."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return invitation


def standing(invitation, now=None) -> str:
    return Invitation.objects.with_standing(now).get(pk=invitation.pk).standing


def moved(event, olga, days=7) -> Event:
    event.refresh_from_db()
    week = datetime.timedelta(days=days)
    event.reschedule(event.starts_on + week, event.ends_on + week, by=olga)
    return event


def told(invitation) -> list[tuple]:
    return list(invitation.answers.order_by("pk").values_list("reply", "reason", "way", "by__email"))


def test_each_answer_is_kept_with_the_way_it_came_and_the_last_counts(invitation, olga):
    invitation.answer("TENTATIVE", reason="I ask my ministry.")
    invitation.answer("ACCEPTED", by=olga)
    invitation.answer("ACCEPTED")

    assert told(invitation) == [
        ("TENTATIVE", "I ask my ministry.", "LINK", None),
        ("ACCEPTED", "", "ORGANIZER", "olga@example.org"),
    ]
    invitation.refresh_from_db()
    assert (invitation.reply, invitation.answered_at) == ("ACCEPTED", invitation.answers.first().at)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("QUEUED", "QUEUED"),
        ("SENDING", "QUEUED"),
        ("SENT", "SENT"),
        ("UNCERTAIN", "SENT"),
        ("DELIVERED", "DELIVERED"),
        ("BOUNCED", "UNDELIVERABLE"),
        ("FAILED", "UNDELIVERABLE"),
        ("SUPPRESSED", "UNDELIVERABLE"),
        ("STOPPED", "UNDELIVERABLE"),
    ],
)
def test_nobody_has_answered_then_the_way_of_the_letter_says_where_it_stands(invitation, way, expected):
    Delivery.objects.update(state=way)

    assert standing(invitation) == expected


def test_an_opened_letter_wants_an_answer_as_before(forum, invitation, olga):
    Delivery.objects.update(state="DELIVERED", opened_at=timezone.now())

    assert standing(invitation) == "OPENED"
    assert list(to_remind(forum.invitations.all(), ["UNANSWERED"])) == [invitation]
    invitation.answer("DECLINED")
    assert standing(invitation) == "DECLINED"


@pytest.mark.parametrize("reply", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_stands_whatever_became_of_the_letter(invitation, reply):
    invitation.answer(reply)
    Delivery.objects.update(state="BOUNCED")

    assert standing(invitation) == reply


def test_a_draft_one_taken_back_and_one_whose_time_is_over(forum, invitation, dina, olga):
    [draft] = forum.invitations.draft([dina], by=olga)
    end = datetime.datetime.combine(forum.ends_on, datetime.time(12), datetime.UTC)

    assert (standing(draft), standing(invitation)) == ("DRAFT", "QUEUED")
    assert standing(invitation, end + datetime.timedelta(days=3)) == "EXPIRED"
    invitation.withdraw(by=olga)
    assert standing(invitation) == "WITHDRAWN"


@pytest.mark.parametrize(("reply", "after"), [("ACCEPTED", "RECONFIRM"), ("TENTATIVE", "RECONFIRM")])
def test_who_comes_is_asked_again_when_the_event_moves(forum, invitation, olga, reply, after):
    invitation.answer(reply)
    moved(forum, olga)

    assert standing(invitation) == after
    again = Invitation.objects.get(pk=invitation.pk)
    again.answer(reply)
    assert (standing(invitation), len(told(invitation))) == (reply, 2)


def test_when_the_time_for_answers_is_over_the_answer_stands_as_it_was(forum, invitation, olga):
    invitation.answer("ACCEPTED")
    moved(forum, olga)
    after = datetime.datetime.combine(forum.ends_on, datetime.time(12), datetime.UTC) + datetime.timedelta(days=9)

    assert (standing(invitation), standing(invitation, after)) == ("RECONFIRM", "ACCEPTED")


def test_who_waits_for_a_seat_still_reads_so_when_the_event_has_moved(client, forum, invitation, two_seats, olga):
    two_seats.resize(0, by=olga)
    invitation.answer("ACCEPTED")
    moved(forum, olga)

    page = client.get(reverse("events:invitation_reply", args=[invitation.token])).text

    assert [words in page for words in ("The event has moved since you answered", "You are on the waiting list")] == [
        True
    ] * 2


def test_who_has_declined_is_not_asked_again(forum, invitation, olga):
    invitation.answer("DECLINED")
    moved(forum, olga)

    assert standing(invitation) == "DECLINED"


def test_the_page_of_the_link_asks_again_and_takes_the_same_answer(client, forum, invitation, olga):
    invitation.answer("ACCEPTED")
    moved(forum, olga)
    page = reverse("events:invitation_reply", args=[invitation.token])
    sentence = "The event has moved since you answered"

    before = sentence in client.get(page).text
    client.post(page, {"reply": "ACCEPTED", "reason": ""})

    assert (before, sentence in client.get(page).text) == (True, False)
    assert [row[0] for row in told(invitation)] == ["ACCEPTED", "ACCEPTED"]


def test_the_card_tells_every_answer_and_the_list_the_standing(client, forum, invitation, olga):
    client.force_login(olga)
    invitation.answer("TENTATIVE", reason="I ask my ministry.")
    invitation.answer("ACCEPTED", by=olga)
    moved(forum, olga)

    card = client.get(reverse("invitation:inspect", args=[invitation.pk])).text
    words = ("I ask my ministry.", "By the link in the letter", "Noted by an organizer", "To be confirmed again")
    assert [word in card for word in words] == [True] * 4
    listed = reverse("invitation:index")
    assert rows_of_sheet(client.get(listed, {"export": "csv"}))[1][9] == "RECONFIRM"
    found = [len(client.get(listed, {"standing": name}).context["object_list"]) for name in ("RECONFIRM", "ACCEPTED")]
    assert found == [1, 0]
    assert "standing=RECONFIRM" in client.get(reverse("event:desk", args=[forum.pk])).text


def test_the_list_asks_as_often_for_three_as_for_one(client, forum, invitation, dina, olga):
    client.force_login(olga)
    one = queries_of(client, reverse("invitation:index"))
    forum.invitations.draft([dina], by=olga)

    assert queries_of(client, reverse("invitation:index")) == one


def test_an_answer_is_in_the_dossier_and_its_words_go_with_the_person(invitation, pavel, olga):
    invitation.answer("DECLINED", reason="I am ill.")
    [held] = [one for one in dossier(pavel) if one.kind == "invitationanswer"]

    assert {fact.name: fact.text for fact in held.rows[0]}["reason"] == "I am ill."
    erase(pavel, by=olga)
    assert told(invitation) == [("DECLINED", "", "LINK", None)]


def test_what_the_history_knows_becomes_answers(invitation, olga):
    invitation.answer("TENTATIVE")
    invitation.answer("ACCEPTED", reason="Gladly.", by=olga)
    InvitationAnswer.objects.all().delete()

    import_module("events.migrations.0003_answers").tell(apps, None)

    assert told(invitation) == [
        ("TENTATIVE", "", "LINK", None),
        ("ACCEPTED", "Gladly.", "ORGANIZER", "olga@example.org"),
    ]
    ModelLogEntry.objects.all().delete()
    InvitationAnswer.objects.all().delete()
    import_module("events.migrations.0003_answers").tell(apps, None)
    assert told(invitation) == [("ACCEPTED", "Gladly.", "LINK", None)]
    assert timezone.now() - InvitationAnswer.objects.get().at < datetime.timedelta(minutes=5)
