"""Answers from calendars: what becomes of each, and what a person then decides."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import CalendarPost, Message, Outcome, Person, ReceivedLetter
from contacts.models.introduction import Introduced
from events.models import Appearance, CalendarReply, Invitation, Notice
from tests.conftest import limited, person
from tests.events.calendar_mail import OURS, apple, calendar, gmail, mailed, outlook, proven, thunderbird

pytestmark = pytest.mark.django_db
PAVEL = "pavel.novak@example.org"


@pytest.fixture(autouse=True)
def own_server(settings):
    settings.MAIL_SERVER_NAME = OURS


@pytest.fixture
def invitation(forum, pavel, olga) -> Invitation:
    """Pavel's, sent."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return Invitation.objects.get()


def take(raw: bytes) -> CalendarReply | None:
    """The mail comes in, and the worker reads it."""
    assert ReceivedLetter.objects.take(raw) == Outcome.CALENDAR
    assert (CalendarReply.objects.work_off(), CalendarPost.objects.count()) == (1, 0)
    return CalendarReply.objects.order_by("pk").last()


def said(invitation: Invitation) -> str:
    return Invitation.objects.get(pk=invitation.pk).reply


def letters(invitation: Invitation) -> list[str]:
    return list(Message.objects.about(invitation).order_by("pk").values_list("letter", flat=True))


def answer(invitation: Invitation, partstat: str = "ACCEPTED", sender: str = PAVEL, **more) -> bytes:
    """A REPLY from `sender`, proven, of `who`: the sender if nothing else is said."""
    who, headers = more.pop("who", PAVEL), more.pop("headers", proven(sender))
    return mailed(sender, calendar(invitation.uid, who, partstat, **more), **headers)


@pytest.mark.parametrize("program", [gmail, outlook, apple, thunderbird])
def test_whatever_program_it_comes_from_yes_takes_a_seat(invitation, two_seats, program):
    reply = take(program(invitation.request(), PAVEL))

    two_seats.refresh_from_db()
    assert (reply.outcome, reply.invitation, two_seats.used) == ("APPLIED", invitation, 1)
    assert letters(invitation) == ["invitation", "registration_confirmed"]
    noted = invitation.answers.get()
    assert (noted.reply, noted.way, noted.by, reply.answer) == ("ACCEPTED", "CALENDAR", None, noted)


def test_where_no_seat_is_left_the_letter_says_waiting(invitation, forum):
    limited(forum, 0)

    take(answer(invitation))

    assert forum.registrations.get().state == "WAITING"
    assert letters(invitation) == ["invitation", "registration_waiting"]


def test_a_comment_is_kept_up_to_four_thousand_characters(invitation):
    take(answer(invitation, "DECLINED", lines=[f"COMMENT:{'x' * 5000}"]))

    kept = Invitation.objects.get()
    assert (kept.reply, kept.reason) == ("DECLINED", "x" * 4000)


@pytest.mark.parametrize(("partstat", "is_open"), [("ACCEPTED", False), ("DECLINED", True)])
def test_an_answer_about_a_session_answers_no_invitation_and_shows_who_does_not_come(
    invitation, forum, sessions, pavel, partstat, is_open
):
    Appearance.objects.create(session=sessions["opening"], person=pavel)
    forum.publish(by=None)
    Notice.objects.work_off(timezone.now() + datetime.timedelta(hours=1))  # the letter has gone
    entry = forum.appointments.get(person=pavel)

    reply = take(mailed(PAVEL, calendar(entry.uid, PAVEL, partstat), **proven(PAVEL)))

    assert (reply.outcome, reply.why, reply.is_open) == ("SESSION", "Opening", is_open)
    assert (reply.invitation, said(invitation)) == (invitation, "NEEDS-ACTION")


# How the sender stands, and what becomes of it.
SENDERS = [
    ({}, "UNVERIFIED"),
    ({"Authentication_Results": f"{OURS}; dmarc=fail header.from=example.org"}, "DISOWNED"),
    ({"Authentication_Results": f"{OURS}; dkim=pass header.d=example.net"}, "UNVERIFIED"),
    (proven(PAVEL, server="mx.attacker.example"), "UNVERIFIED"),
    (proven(PAVEL), "APPLIED"),
]


@pytest.mark.parametrize(("headers", "outcome"), SENDERS)
def test_only_what_our_own_server_has_found_proves_a_sender(invitation, headers, outcome):
    reply = take(answer(invitation, headers=headers))

    assert (reply.outcome, said(invitation)) == (outcome, "NEEDS-ACTION" if outcome == "DISOWNED" else "ACCEPTED")


def test_of_two_findings_the_topmost_of_our_server_counts_and_two_senders_prove_nothing(invitation):
    raw = answer(invitation, headers={})
    forged = f"Authentication-Results: {OURS} (a (nested) remark); dmarc=pass header.from=example.org\r\n".encode()
    own = f"Authentication-Results: {OURS}; dmarc=none header.from=example.org\r\n".encode()

    assert take(own + forged + raw).outcome == "UNVERIFIED"
    two = forged + raw.replace(b"From: ", b"From: boss@example.org, ", 1).replace(b"Message-ID: <", b"Message-ID: <2")
    assert take(two).is_proven is False


def test_an_unproven_answer_can_be_taken_back_and_what_was_said_before_counts(invitation, olga, two_seats):
    invitation.answer("ACCEPTED", reason="Gladly")
    reply = take(answer(invitation, "DECLINED", headers={}))
    assert (reply.outcome, said(invitation), reply.can_be_taken_back) == ("UNVERIFIED", "DECLINED", True)

    reply.take_back(by=olga)

    invitation.refresh_from_db()
    two_seats.refresh_from_db()
    assert (invitation.reply, invitation.reason, two_seats.used) == ("ACCEPTED", "Gladly", 1)
    with pytest.raises(ValidationError):
        reply.take_back(by=olga)


def test_the_first_answer_taken_back_leaves_the_question_open_and_no_seat(invitation, olga, two_seats):
    reply = take(answer(invitation, headers={}))

    CalendarReply.objects.get(pk=reply.pk).take_back(by=olga)

    two_seats.refresh_from_db()
    assert (said(invitation), two_seats.used) == ("NEEDS-ACTION", 0)


def test_what_was_answered_since_cannot_be_taken_back(invitation, olga):
    reply = take(answer(invitation, headers={}))
    Invitation.objects.get().answer("DECLINED")

    with pytest.raises(ValidationError, match="answered since"):
        CalendarReply.objects.get(pk=reply.pk).take_back(by=olga)


def test_an_assistant_answers_for_who_was_invited_and_by_an_alias_they_do_themselves(invitation, pavel):
    assistant = take(answer(invitation, sender="desk@example.com"))
    pavel.add_address("Pavel@Home.example", by=None)
    alias = take(answer(invitation, "DECLINED", sender="pavel@home.example", who="PAVEL@home.example"))

    assert [assistant.outcome, alias.outcome, said(invitation)] == ["ASSISTANT", "APPLIED", "DECLINED"]


def test_a_forwarded_invitation_changes_nothing_until_somebody_decides(invitation, olga, pavel):
    reply = take(answer(invitation, sender="x@example.com", who="x@example.com", params=";CN=Xenia Moor"))
    assert (reply.outcome, said(invitation), Person.objects.count()) == ("FORWARDED", "NEEDS-ACTION", 1)

    reply.add_alias(by=olga)

    assert said(invitation) == "ACCEPTED"
    assert list(pavel.emails.values_list("address", flat=True)) == [PAVEL, "x@example.com"]


def test_who_was_forwarded_the_invitation_can_be_named_instead(invitation, olga):
    reply = take(answer(invitation, sender="x@example.com", who="x@example.com", params=";CN=Xenia Moor"))

    nominee = reply.nominate(Introduced("Xenia", "Moor", "x@example.com"), by=olga)

    assert (said(invitation), nominee.stands_for, letters(nominee)) == ("DELEGATED", invitation, ["nomination"])
    with pytest.raises(ValidationError):
        reply.settle(by=olga)


def test_whom_the_invited_person_delegates_to_is_proposed_and_never_invited_by_itself(invitation, olga, two_seats):
    invitation.answer("ACCEPTED")
    reply = take(answer(invitation, "DELEGATED", params=';DELEGATED-TO="mailto:layla@example.com"'))
    two_seats.refresh_from_db()
    assert (reply.outcome, said(invitation), reply.nominee[1]) == ("DELEGATED", "DELEGATED", "layla@example.com")
    assert (Invitation.objects.count(), two_seats.used) == (1, 1)
    assert Invitation.objects.get().proposed_alternate == reply

    reply.settle(by=olga)

    two_seats.refresh_from_db()
    assert two_seats.used == 0


def test_who_has_accepted_since_keeps_the_seat_when_the_old_answer_is_dealt_with(invitation, olga, two_seats):
    invitation.answer("ACCEPTED")
    reply = take(answer(invitation, "DELEGATED", params=';DELEGATED-TO="mailto:layla@example.com"'))
    Invitation.objects.get().answer("ACCEPTED")

    reply.settle(by=olga)

    two_seats.refresh_from_db()
    assert (said(invitation), two_seats.used) == ("ACCEPTED", 1)


def test_the_address_of_somebody_else_does_not_become_an_alias(invitation, olga):
    person("Xenia", "Moor")
    reply = take(answer(invitation, sender="xenia.moor@example.org", who="xenia.moor@example.org"))

    with pytest.raises(ValidationError, match="Somebody else is known by"):
        reply.add_alias(by=olga)

    assert (said(invitation), CalendarReply.objects.get().is_open) == ("NEEDS-ACTION", True)


def test_a_mail_of_which_nothing_can_be_made_keeps_no_other_back(db):
    for key in ("broken", "whole"):
        CalendarPost.objects.keep(key, b"")
    read = []

    def once(post: CalendarPost) -> None:
        if post.key == "broken":
            raise ValueError
        read.append(post.key)

    assert (CalendarPost.objects.hand_over(once), read) == (1, ["whole"])
    assert [post.key for post in CalendarPost.objects.all()] == ["broken"]


def test_the_newest_wins_whenever_it_comes_in(invitation):
    now = timezone.now()
    Invitation.objects.update(revised_at=now - datetime.timedelta(days=1))
    ago = [now - datetime.timedelta(minutes=minutes) for minutes in (30, 20, 10)]

    late = take(answer(invitation, "TENTATIVE", at=ago[2]))
    old = take(answer(invitation, "DECLINED", at=ago[0]))
    same = take(answer(invitation, "TENTATIVE", at=ago[1], headers={}))

    assert [late.outcome, old.outcome, same.outcome, said(invitation)] == ["APPLIED", "OLDER", "OLDER", "TENTATIVE"]


def test_a_button_pressed_later_counts_more_than_a_mail_that_is_late(invitation):
    Invitation.objects.update(revised_at=timezone.now() - datetime.timedelta(days=1))
    invitation.refresh_from_db()
    invitation.answer("DECLINED")

    assert take(answer(invitation, at=timezone.now() - datetime.timedelta(hours=1))).outcome == "OLDER"
    assert said(invitation) == "DECLINED"


def test_an_answer_to_the_earlier_version_is_kept_and_not_applied(invitation, forum, olga):
    invitation.answer("ACCEPTED")
    days = datetime.timedelta(days=7)
    forum.reschedule(forum.starts_on + days, forum.ends_on + days, by=olga)

    early = take(answer(invitation, sequence=0))
    unsaid = take(answer(invitation, "TENTATIVE", sequence=None, at=timezone.now() - datetime.timedelta(hours=1)))
    assert Invitation.objects.get().is_to_be_confirmed is True
    now = take(answer(invitation, sequence=1))

    assert [early.outcome, unsaid.outcome, now.outcome] == ["EARLIER", "EARLIER", "APPLIED"]
    assert Invitation.objects.get().is_to_be_confirmed is False


def test_the_same_answer_twice_and_the_same_mail_twice_change_nothing(invitation):
    raw = answer(invitation)
    take(raw)
    assert ReceivedLetter.objects.take(raw) == Outcome.CALENDAR
    CalendarReply.objects.work_off()

    assert CalendarReply.objects.count() == 1
    assert take(answer(invitation)).outcome == "SAME"
    assert letters(invitation) == ["invitation", "registration_confirmed"]


def test_another_time_is_filed_for_the_organizer_from_a_counter_and_from_an_iphone(invitation):
    lines = ["DTSTART;TZID=Romance Standard Time:20270301T100000", "DTEND:20270301T110000Z", "COMMENT:Later?"]
    counter = take(answer(invitation, "TENTATIVE", method="COUNTER", lines=lines))
    assert (counter.outcome, said(invitation), counter.comment) == ("COUNTER", "NEEDS-ACTION", "Later?")
    assert counter.proposal == "1 March 2027, 10:00 (Europe/Paris) – 1 March 2027, 12:00 (Europe/Paris)"

    params = ';TO-ALL-PROPOSED-NEW-TIME="DTSTART:20270302T090000Z;STATUS:NEEDS-ACTION"'
    iphone = take(answer(invitation, "TENTATIVE", params=params))

    assert (iphone.outcome, said(invitation)) == ("COUNTER", "TENTATIVE")
    assert iphone.proposal == "2 March 2027, 10:00 (Europe/Paris)"


def test_the_entry_is_sent_again_at_most_once_an_hour(invitation):
    first = take(answer(invitation, "", method="REFRESH"))
    take(answer(invitation, "", method="REFRESH"))

    assert (first.outcome, letters(invitation)) == ("REFRESHED", ["invitation", "calendar_again"])
    assert Message.objects.get(letter="calendar_again").calendar == invitation.request().decode()


def test_after_twenty_answers_in_a_day_a_person_decides(invitation, olga):
    for number in range(20):
        take(answer(invitation, ("ACCEPTED", "DECLINED")[number % 2]))
    last = take(answer(invitation))

    assert (last.outcome, said(invitation)) == ("HELD", "DECLINED")
    last.apply(by=olga)
    assert said(invitation) == "ACCEPTED"


def test_whoever_sends_without_end_fills_no_list(invitation, settings, monkeypatch):
    settings.RECEIVED_MOST_A_DAY = 1
    monkeypatch.setattr("events.models.calendar_reply.MOST_UNMATCHED", 1)
    for _number in range(2):
        take(answer(invitation))
        take(mailed(PAVEL, calendar("unknown", PAVEL)))

    assert CalendarReply.objects.count() == 2


def test_what_a_button_refuses_is_refused_here_too_and_says_why(invitation, forum, olga):
    forum.answer_by = timezone.now() - datetime.timedelta(hours=1)
    forum.save()

    reply = take(answer(invitation))

    assert (reply.outcome, said(invitation)) == ("REFUSED", "NEEDS-ACTION")
    assert reply.why == "The time for answers is over. Please write to the organizers."
    with pytest.raises(ValidationError, match="time for answers"):
        reply.apply(by=olga)
    assert CalendarReply.objects.get().is_open is True


def test_without_our_seal_it_belongs_to_no_invitation(invitation):
    forged = invitation.uid.replace("@", "x@")
    other = "i-" + invitation.uid[2:38] + "-" + "a" * 16 + "@entente.invalid"

    replies = [take(mailed(PAVEL, calendar(uid, PAVEL), **proven(PAVEL))) for uid in (forged, other, "x", "")]

    assert [(one.outcome, one.invitation) for one in replies] == [("UNMATCHED", None)] * 4
    assert said(invitation) == "NEEDS-ACTION"


def test_what_says_nothing_or_something_else_is_listed(invitation):
    nobody = take(answer(invitation, who=""))
    unsaid = take(answer(invitation, ""))
    undecided = take(answer(invitation, "NEEDS-ACTION"))
    request = take(answer(invitation, method="REQUEST"))

    outcomes = [one.outcome for one in (nobody, unsaid, undecided, request)]
    assert (outcomes, said(invitation)) == (["NOBODY", "NOBODY", "OTHER", "OTHER"], "NEEDS-ACTION")


def test_a_calendar_that_asks_nothing_is_a_letter_and_a_broken_one_is_both(invitation, pavel):
    assert take(answer(invitation, method="PUBLISH")) is None
    broken = take(mailed(PAVEL, calendar(invitation.uid, PAVEL).replace("END:VEVENT\r\n", "")))

    assert (broken.outcome, broken.why) == ("UNREADABLE", "The calendar is wrongly nested.")
    assert [letter.person for letter in ReceivedLetter.objects.all()] == [pavel, pavel]


def test_whatever_happens_the_next_mail_is_read(invitation, monkeypatch):
    ReceivedLetter.objects.take(answer(invitation))
    ReceivedLetter.objects.take(answer(invitation, "DECLINED"))
    answering = Invitation.answer
    trouble = iter([RuntimeError("a fault of ours")])

    def fail_once(self, *said, **more):
        for error in trouble:
            raise error
        return answering(self, *said, **more)

    monkeypatch.setattr(Invitation, "answer", fail_once)

    assert (CalendarReply.objects.work_off(), said(invitation)) == (2, "DECLINED")
    assert list(CalendarReply.objects.order_by("pk").values_list("outcome", flat=True)) == ["UNREADABLE", "APPLIED"]


def test_who_is_erased_is_forgotten_here_too(invitation, pavel, olga):
    take(answer(invitation, lines=["COMMENT:Gladly"]))
    take(mailed(PAVEL, calendar("x", PAVEL)))
    person("Other", "One")

    CalendarReply.objects.held_of([pavel]).erase()

    told = {one for row in CalendarReply.objects.values_list("sender", "attendee", "comment", "uid") for one in row}
    assert (CalendarReply.objects.count(), told) == (2, {""})
