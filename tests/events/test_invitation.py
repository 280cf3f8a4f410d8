"""Inviting and answering."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Delivery, Message, Person, PersonEmail
from events.models import Invitation, Registration
from events.models.invitation import LinkExpired
from tests.conftest import limited


@pytest.fixture
def invitation(forum, pavel, olga):
    """Pavel's, sent."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return invitation


def letters(invitation) -> list[str]:
    return list(Message.objects.about(invitation).order_by("pk").values_list("letter", flat=True))


def test_a_draft_takes_address_and_language_from_the_person(forum, pavel, olga):
    [draft] = forum.invitations.draft([pavel, pavel], by=olga)

    assert (draft.address, draft.language, draft.state) == ("pavel.novak@example.org", "fr", "DRAFT")
    assert forum.invitations.draft([pavel], by=olga) == []


def test_a_letter_is_in_the_outbox_in_the_language_of_its_reader(invitation):
    message = Message.objects.get()

    assert (message.letter, message.language, message.to_address) == ("invitation", "fr", "pavel.novak@example.org")
    assert message.from_address == '"Forum sur le commerce illicite" <forum@rsvp.localhost>'
    assert message.reply_to == "team@example.org"
    assert message.calendar_method == "REQUEST"
    assert invitation.link in message.mail().body
    assert list(message.deliveries.values_list("state", flat=True)) == [Delivery.State.QUEUED]


def test_the_secret_of_the_link_is_not_in_the_database(invitation):
    message = Message.objects.get()

    stored = f"{message.text} {message.html} {message.calendar}"
    assert (invitation.token in stored, invitation.token in message.mail().message().as_string()) == (False, True)


def test_a_draft_event_sends_no_letters(forum, pavel, olga):
    forum.status = "DRAFT"
    forum.save()
    [draft] = forum.invitations.draft([pavel], by=olga)

    with pytest.raises(ValidationError, match="Announce the event"):
        draft.send(by=olga)
    assert Message.objects.count() == 0


def test_accepting_takes_a_seat_and_the_letter_says_so(invitation, two_seats):
    invitation.answer("ACCEPTED")

    two_seats.refresh_from_db()
    assert two_seats.used == 1
    assert invitation.registration.state == Registration.State.CONFIRMED
    assert letters(invitation) == ["invitation", "registration_confirmed"]


def test_the_same_answer_twice_changes_nothing(invitation, two_seats):
    invitation.answer("ACCEPTED")
    invitation.answer("ACCEPTED")

    two_seats.refresh_from_db()
    assert two_seats.used == 1
    assert letters(invitation) == ["invitation", "registration_confirmed"]


def test_who_accepts_when_no_seat_is_left_waits_and_is_told(invitation, forum):
    limited(forum, 0)

    invitation.answer("ACCEPTED")

    assert (invitation.registration.state, invitation.registration.waiting_position) == ("WAITING", 1)
    assert letters(invitation) == ["invitation", "registration_waiting"]


def test_a_seat_that_is_given_up_goes_to_the_first_who_waits(invitation, forum, dina, olga):
    quota = limited(forum, 1)
    [second] = forum.invitations.draft([dina], by=olga)
    second.send(by=olga)
    invitation.answer("ACCEPTED")
    second.answer("ACCEPTED")

    invitation.answer("DECLINED", reason="A hearing on that day.")

    quota.refresh_from_db()
    assert quota.used == 1
    assert second.registration.state == Registration.State.CONFIRMED
    assert letters(second) == ["invitation", "registration_waiting", "registration_confirmed"]
    assert (invitation.reason, invitation.registration) == ("A hearing on that day.", None)


def test_more_places_seat_those_who_wait(invitation, forum, olga):
    quota = limited(forum, 0)
    invitation.answer("ACCEPTED")

    quota.resize(1, by=olga)

    quota.refresh_from_db()
    assert (quota.used, invitation.registration.state) == (1, "CONFIRMED")


def test_a_quota_does_not_shrink_below_those_seated(invitation, two_seats, olga):
    invitation.answer("ACCEPTED")
    two_seats.refresh_from_db()

    with pytest.raises(ValidationError, match="More places than that are taken already"):
        two_seats.resize(0, by=olga)


def test_after_the_deadline_no_answer_is_taken(invitation, forum):
    forum.answer_by = timezone.now() - datetime.timedelta(minutes=1)
    forum.save()
    invitation.refresh_from_db()

    with pytest.raises(ValidationError, match="time for answers is over"):
        invitation.answer("ACCEPTED")
    assert Registration.objects.count() == 0


def test_the_link_finds_the_invitation_and_a_forged_one_does_not(invitation):
    assert Invitation.objects.by_token(invitation.token) == invitation
    for forged in (invitation.token[:-1] + "?", f"{invitation.pk}-", "", "x", "9" * 40 + "-a", "١-a"):
        with pytest.raises(Invitation.DoesNotExist):
            Invitation.objects.by_token(forged)


def test_a_withdrawn_invitation_has_no_link_and_cancels_the_calendar_entry(invitation, two_seats, olga):
    invitation.answer("ACCEPTED")
    token = invitation.token

    invitation.withdraw(by=olga)

    with pytest.raises(Invitation.DoesNotExist):
        Invitation.objects.by_token(token)
    two_seats.refresh_from_db()
    assert two_seats.used == 0
    assert Message.objects.get(letter="invitation_withdrawn").calendar_method == "CANCEL"


def test_a_link_dies_thirty_days_after_the_event(invitation, forum):
    later = timezone.now() + datetime.timedelta(days=140)

    with pytest.raises(LinkExpired):
        Invitation.objects.by_token(invitation.token, now=later)


def test_moving_the_event_sends_one_updated_request_to_all_but_those_who_declined(
    invitation, forum, dina, olga, settings
):
    [second] = forum.invitations.draft([dina], by=olga)
    second.send(by=olga)
    second.answer("DECLINED")
    invitation.answer("ACCEPTED")
    week = datetime.timedelta(days=7)

    forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)
    forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)

    invitation.refresh_from_db()
    updates = Message.objects.filter(letter="event_rescheduled").order_by("pk")
    assert [message.person for message in updates] == [invitation.person, invitation.person]
    assert [message.deliveries.get().state for message in updates] == ["SUPERSEDED", "QUEUED"]
    assert (invitation.sequence, "SEQUENCE:2\r\n" in updates.last().calendar) == (2, True)
    assert updates.last().deliveries.get().due_at > timezone.now() + datetime.timedelta(minutes=9)


def test_cancelling_the_event_cancels_every_calendar_entry_at_once(invitation, forum, olga):
    invitation.answer("ACCEPTED")

    forum.cancel("The venue is closed.", by=olga)

    message = Message.objects.get(letter="event_cancelled")
    assert message.calendar_method == "CANCEL"
    assert "STATUS:CANCELLED" in message.calendar
    assert "The venue is closed." in message.text
    assert Delivery.objects.due().filter(message=message).count() == 1
    with pytest.raises(ValidationError, match="cancelled"):
        Invitation.objects.get(pk=invitation.pk).answer("TENTATIVE")


def test_whose_invitation_was_withdrawn_can_be_invited_anew(invitation, forum, pavel, olga):
    invitation.answer("ACCEPTED")
    invitation.withdraw(by=olga)
    old_link, old_uid = invitation.link, invitation.uid

    [again] = forum.invitations.draft([pavel], by=olga)
    again.send(by=olga)

    again = Invitation.objects.get()
    assert (again.pk, again.state, again.reply, again.answered_at) == (invitation.pk, "SENT", "NEEDS-ACTION", None)
    assert (again.link == old_link, again.uid == old_uid, again.sequence) == (False, False, 0)
    assert letters(again)[-2:] == ["invitation_withdrawn", "invitation"]


def test_missing_addresses_are_looked_up_again(forum, olga):
    rosa = Person.objects.create(given_name="Rosa", family_name="Vidal", languages=["es"])
    [draft] = forum.invitations.draft([rosa], by=olga)
    assert forum.invitations.look_up_addresses(by=olga) == 0
    PersonEmail.objects.create(person=rosa, address="rosa@example.org", is_primary=True)

    assert forum.invitations.look_up_addresses(by=olga) == 1

    draft.refresh_from_db()
    assert (draft.address, list(forum.invitations.unsendable())) == ("rosa@example.org", [])


def test_seats_are_counted_before_there_is_a_limit(invitation, forum, olga):
    invitation.answer("ACCEPTED")
    assert (forum.seats.used, forum.seats.size) == (1, None)

    forum.seats.resize(1, by=olga)

    assert (forum.seats.left, str(forum.seats)) == (0, "1 of 1")
