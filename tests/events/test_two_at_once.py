"""Two organizers press the same button at the same instant: it is done once. Each guard has its control, in which the
same two do it twice as soon as the guard is off."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from contacts.models import Delivery, Message
from events import mail
from events.models import Event, Invitation, Reminder
from tests.conftest import person, several_connections

pytestmark = [pytest.mark.slow, several_connections]


@pytest.fixture
def drafts(forum, olga) -> list[Invitation]:
    """Twenty people who are to be invited."""
    return forum.invitations.draft([person(f"Guest{number}", "Invited") for number in range(20)], by=olga)


def two_at_once(prepare: Callable, act: Callable) -> list[str]:
    """Two threads fetch what `prepare` gives and then, together, call `act` with it; what each was told, "" for
    nothing."""
    together, told = threading.Barrier(2, timeout=60), []

    def organizer():
        try:
            subject = prepare()
            together.wait()
            told.append(_told(act, subject))
        finally:
            connection.close()

    threads = [threading.Thread(target=organizer) for _who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def _told(act: Callable, subject) -> str:
    try:
        act(subject)
    except ValidationError as refused:
        return refused.messages[0]
    return ""


def letters(kind: str) -> list[int]:
    """How many letters of the kind each invitation has."""
    return sorted(Counter(Message.objects.filter(letter=kind).values_list("about_id", flat=True)).values())


def send_each(invitations: list[Invitation]) -> None:
    for invitation in invitations:
        _told(lambda one: one.send(by=None), invitation)


def looked_at_drafts() -> list[Invitation]:
    return list(Invitation.objects.drafts().select_related("event", "person"))


def test_two_who_send_what_both_saw_as_drafts_send_each_letter_once(drafts):
    two_at_once(looked_at_drafts, send_each)

    assert letters("invitation") == [1] * 20


def test_two_who_press_send_share_the_letters(drafts):
    told = two_at_once(Event.objects.get, lambda event: event.invitations.send_drafts(by=None))

    assert (told, letters("invitation")) == (["", ""], [1] * 20)


def test_without_the_conditional_update_letters_go_twice(drafts, monkeypatch):
    def look_first(invitation, *, by):
        """What everybody writes first: look at what was fetched, then write."""
        if invitation.state == Invitation.State.DRAFT:
            invitation.state = Invitation.State.SENT
            invitation.save()
            Message.objects.post(None, letter, address=invitation.address, about=invitation)

    letter = mail.invitation(drafts[0])
    monkeypatch.setattr(Invitation, "send", look_first)

    two_at_once(looked_at_drafts, send_each)

    assert letters("invitation") == [2] * 20


def asked_again(invitations: list[Invitation]) -> None:
    for invitation in invitations:
        invitation.remind(by=None)


def test_two_who_ask_again_ask_each_once(forum, drafts, olga):
    forum.invitations.send_drafts(by=olga)

    two_at_once(lambda: list(Invitation.objects.all()), asked_again)

    assert letters("invitation_reminder") == [1] * 20


def test_without_waiting_for_each_other_each_is_asked_twice(forum, drafts, olga, monkeypatch):
    forum.invitations.send_drafts(by=olga)

    def look_first(invitation, *, by):
        """What everybody writes first: look at what was fetched, then write."""
        if not invitation.reminded.all():
            Message.objects.post(None, letter, address=invitation.address, about=invitation)
            invitation.reminded.create(by=by)

    letter = mail.invitation_reminder(drafts[0])
    monkeypatch.setattr(Invitation, "remind", look_first)

    two_at_once(lambda: list(Invitation.objects.prefetch_related("reminded")), asked_again)

    assert letters("invitation_reminder") == [2] * 20


def test_two_workers_ask_each_once_by_one_rule(forum, drafts, olga):
    forum.invitations.send_drafts(by=olga)
    Delivery.objects.update(state="SENT")
    due = Reminder.objects.set_for(forum, 3, "UNANSWERED", by=olga).due_at

    two_at_once(Reminder.objects.get, lambda rule: rule.remind(due))

    assert letters("invitation_reminder") == [1] * 20


def test_two_who_cancel_cancel_once(forum, drafts, olga):
    forum.invitations.send_drafts(by=olga)

    told = two_at_once(Event.objects.get, lambda event: event.cancel(by=None))

    assert told == ["", "This event has been cancelled already."]
    assert (letters("event_cancelled"), Event.objects.get().sequence) == ([1] * 20, 1)


def test_without_waiting_for_each_other_both_cancel(forum, drafts, olga, monkeypatch):
    forum.invitations.send_drafts(by=olga)
    monkeypatch.setattr(Event, "_hold", lambda event: None)

    told = two_at_once(Event.objects.get, lambda event: event.cancel(by=None))

    assert (told, letters("event_cancelled")) == (["", ""], [2] * 20)


def test_two_who_publish_make_two_versions(forum, sessions):
    told = two_at_once(Event.objects.get, lambda event: event.publish(by=None))

    assert (told, list(forum.programmes.values_list("version", flat=True))) == (["", ""], [2, 1])
