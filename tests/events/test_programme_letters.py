"""Letters about changes of a programme: who gets one, what stands in it, and what their calendars are told."""

import datetime
import re
from email import policy
from email.parser import BytesParser

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from icalendar import Calendar

from contacts.models import Merge, Message
from contacts.models.erasure import erase
from events.models import Appearance, Appointment, Event, Notice, Session
from tests.conftest import at, person
from tests.events.conftest import letters

AN_HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def published(forum, sessions, olga):
    """Dina has been told that she speaks at the opening."""
    programme = forum.publish(by=olga)
    write()
    return programme


def write() -> int:
    """The pause is over."""
    return Notice.objects.work_off(timezone.now() + settings.CALENDAR_UPDATE_DELAY)


def move(session: Session, by: datetime.timedelta = AN_HOUR) -> None:
    session.starts_at, session.ends_at = session.starts_at + by, session.ends_at + by
    session.save()


def seated(forum, who, olga):
    [invitation] = forum.invitations.draft([who], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return forum.registrations.get(person=who)


def objects(message: Message) -> list[tuple[str, str, int, str]]:
    """METHOD, UID, SEQUENCE and summary of each calendar object that goes out with it, as it stands in the mail."""
    mail = BytesParser(policy=policy.default).parsebytes(message.mail().message().as_bytes())
    parts = [one.get_payload(decode=True) for one in mail.walk() if one.get_content_type() == "application/ics"]
    [first] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    assert first.get_payload(decode=True) == parts[0]
    found = []
    for part in parts:
        calendar = Calendar.from_ical(part)
        [event] = calendar.walk("VEVENT")
        assert event["ATTENDEE"] == f"mailto:{message.to_address}"
        found.append((str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"], str(event["SUMMARY"])))
    assert first["Content-Type"].params["method"] == found[0][0]
    return found


def last_of(who) -> Message:
    return Message.objects.filter(person=who, letter="programme_changed").first()


def test_who_appears_in_a_new_session_gets_it_for_their_calendar(forum, sessions, dina, olga):
    forum.publish(by=olga)
    assert (letters(), Notice.objects.work_off()) == ([], 0)

    assert write() == 1

    [(method, uid, sequence, summary)] = objects(last_of(dina))
    appointment = Appointment.objects.get()
    assert (method, uid, sequence, summary) == ("REQUEST", appointment.uid, 0, "Opening")
    assert re.fullmatch(rf"i-[0-9a-f-]{{36}}-[a-z2-7]{{16}}@{settings.CALENDAR_NAMESPACE}", uid)
    assert (write(), Notice.objects.count()) == (0, 0)


def test_what_is_moved_and_dropped_comes_in_one_letter(forum, sessions, published, dina, olga):
    Appearance.objects.create(session=sessions["closed"], person=dina, role="MODERATOR")
    forum.publish(by=olga)
    write()
    uids = dict(Appointment.objects.values_list("guid", "uid"))
    move(sessions["opening"])
    sessions["closed"].delete()

    forum.publish(by=olga)

    assert write() == 1
    opening, closed = sessions["opening"].guid, published.entries.get(title__contains="Candlelight").guid
    assert objects(last_of(dina)) == [
        ("REQUEST", uids[opening], 1, "Opening"),
        ("CANCEL", uids[closed], 1, "Operation Candlelight"),
    ]
    text = last_of(dina).text
    assert ("10:30–11:30" in text, "09:30–10:30" in text, "14:00–15:00" in text) == (True, True, True)


def test_corrections_within_the_pause_make_one_letter_and_what_comes_to_nothing_none(
    forum, sessions, published, dina, olga
):
    before = len(letters())
    for _again in range(2):
        move(sessions["opening"])
        forum.publish(by=olga)
    assert (Notice.objects.count(), write(), len(letters())) == (1, 1, before + 1)
    assert "11:30–12:30" in last_of(dina).text

    move(sessions["opening"])
    forum.publish(by=olga)
    move(sessions["opening"], -AN_HOUR)
    forum.publish(by=olga)

    assert (write(), len(letters()), Notice.objects.count()) == (0, before + 1, 0)


def test_whoever_has_it_in_their_plan_is_told_and_others_are_not(forum, sessions, published, pavel, olga):
    nadia = person("Nadia", "Idle")
    seated(forum, nadia, olga)
    seated(forum, pavel, olga).plan.mark(sessions["closed"].guid)
    move(sessions["closed"])

    forum.publish(by=olga)
    write()

    [(method, _uid, sequence, summary)] = objects(last_of(pavel))
    assert (method, sequence, summary, last_of(nadia)) == ("REQUEST", 1, "Operation Candlelight", None)
    assert f"/{pavel.invitations.get().token}/plan/" in last_of(pavel).with_link(last_of(pavel).text)


def test_what_was_closed_to_the_reader_is_told_as_they_knew_it(forum, sessions, published, olga):
    """It leaves their calendar, and the letter says nothing of what it has become."""
    nadia = person("Nadia", "Idle")
    seat = seated(forum, nadia, olga)
    seat.plan.mark(sessions["opening"].guid)
    move(sessions["opening"])
    forum.publish(by=olga)
    write()
    type(seat).objects.filter(pk=seat.pk).update(state="WAITING")
    Session.objects.filter(pk=sessions["opening"].pk).update(title={"en": "The vault"}, audience="PARTICIPANTS")

    forum.publish(by=olga)
    write()

    assert objects(last_of(nadia))[0][::3] == ("CANCEL", "Opening")
    assert ("vault" in last_of(nadia).text, "Without you" in last_of(nadia).text) == (False, True)


def test_the_outlook_says_what_becomes_of_each_session(forum, sessions, published, pavel, dina, olga):
    seated(forum, pavel, olga).plan.mark(sessions["closed"].guid)
    sessions["closed"].delete()
    sessions["opening"].appearances.all().delete()
    difference = forum.unpublished()

    readers = forum.appointments.outlook(difference.before, difference.after)

    found = {one.person: [concern.label for concern in one.concerns] for one in readers}
    assert found == {pavel: ["Does not take place"], dina: ["Without you"]}


def test_another_title_or_speaker_is_no_letter(forum, sessions, published, dina, olga):
    sessions["opening"].title = {"en": "Grand opening"}
    sessions["opening"].save()

    forum.publish(by=olga)

    assert (write(), Notice.objects.count()) == (0, 0)


def test_who_is_spared_gets_none_and_is_told_of_the_next_change_alone(forum, sessions, published, dina, olga):
    move(sessions["opening"])
    forum.publish(by=olga, spare=[dina])
    assert (write(), letters(dina)) == (0, ["programme_changed"])

    move(sessions["opening"])
    forum.publish(by=olga)

    write()
    text = last_of(dina).text
    assert [hours in text for hours in ("09:30–10:30", "10:30–11:30", "11:30–12:30")] == [False, True, True]
    assert objects(last_of(dina))[0][2] == 1


def test_a_speaker_who_is_taken_out_and_put_back_sees_the_sequence_rise(forum, sessions, published, dina, olga):
    sequences = []
    for change in (sessions["opening"].appearances.all().delete, lambda: appear(sessions["opening"], dina)):
        change()
        forum.publish(by=olga)
        write()
        sequences += [(method, sequence) for method, _uid, sequence, _title in objects(last_of(dina))]

    assert sequences == [("CANCEL", 1), ("REQUEST", 2)]


def appear(session, who) -> None:
    Appearance.objects.create(session=Session.objects.get(pk=session.pk), person=who)


def test_a_move_and_a_cancellation_of_the_event_reach_the_calendars(forum, sessions, published, dina, pavel, olga):
    seated(forum, pavel, olga).plan.mark(sessions["opening"].guid)
    days = datetime.timedelta(days=7)
    forum.reschedule(forum.starts_on + days, forum.ends_on + days, by=olga)
    write()
    assert objects(last_of(dina))[0][::2] == ("REQUEST", 1)

    forum.cancel(by=olga)
    write()

    assert objects(last_of(dina))[0][::2] == ("CANCEL", 2)


def test_who_hears_that_the_event_has_moved_gets_no_second_letter_that_its_programme_has(
    forum, sessions, published, dina, pavel, olga
):
    """But who has a session in their calendar by our mail has it moved by mail."""
    seated(forum, dina, olga)
    seated(forum, pavel, olga).plan.mark(sessions["opening"].guid)
    days, before = datetime.timedelta(days=7), len(letters())

    forum.reschedule(forum.starts_on + days, forum.ends_on + days, by=olga)
    write()

    assert sorted(letters()[before:]) == ["event_rescheduled", "event_rescheduled", "programme_changed"]
    assert last_of(pavel) is None
    with override("fr"):
        told = gettext("The programme moves along; its sessions keep their hours.")
    assert told in Message.objects.get(person=pavel, letter="event_rescheduled").text
    assert objects(last_of(dina))[0][::2] == ("REQUEST", 1)
    move(sessions["opening"])
    forum.publish(by=olga)
    write()
    assert "10:30–11:30" in last_of(pavel).text  # a later move is told, from where it was moved with the event


def test_what_waits_to_be_told_when_the_event_moves_is_told(forum, sessions, published, pavel, olga):
    seated(forum, pavel, olga).plan.mark(sessions["opening"].guid)
    move(sessions["opening"])
    forum.publish(by=olga)
    days = datetime.timedelta(days=7)

    forum.reschedule(forum.starts_on + days, forum.ends_on + days, by=olga)

    assert (write(), "10:30–11:30" in last_of(pavel).text) == (2, True)  # Dina's sessions are moved in her calendar


def test_of_a_draft_and_of_what_is_over_nobody_hears(forum, sessions, dina, olga):
    forum.status = Event.Status.DRAFT
    forum.save()
    forum.publish(by=olga)
    assert Notice.objects.count() == 0
    forum.status = Event.Status.ANNOUNCED
    forum.save()
    over = Session.objects.create(event=forum, title="Over", starts_at=at(forum, -200, 9), ends_at=at(forum, -200, 10))
    Appearance.objects.create(session=over, person=dina)

    forum.publish(by=olga)

    assert Notice.objects.count() == 0


def test_somebody_without_an_address_is_passed_over(forum, sessions, dina, olga):
    dina.emails.all().delete()

    forum.publish(by=olga)

    assert (Notice.objects.count(), write()) == (0, 0)


def test_after_a_merge_nobody_is_told_as_if_they_were_new(forum, sessions, published, dina, noor, olga):
    kept = person("Dina", "Hadad")
    Merge.objects.join(kept, dina, by=noor)
    appointment = Appointment.objects.get()
    assert appointment.person == kept

    forum.publish(by=olga)
    assert write() == 0
    move(sessions["opening"])
    forum.publish(by=olga)

    assert (write(), objects(last_of(kept))[0][:3]) == (1, ("REQUEST", appointment.uid, 1))


def test_of_an_erased_person_nothing_is_left_and_no_letter_goes(forum, sessions, published, dina, root, olga):
    move(sessions["opening"])
    forum.publish(by=olga)

    erase(dina, by=root)

    assert (Appointment.objects.count(), Notice.objects.count(), write()) == (0, 0, 0)
    assert {tuple(entry.appearing) for entry in sessions["opening"].entries.all()} == {()}


def test_two_workers_write_the_letter_once(forum, sessions, olga, dina):
    forum.publish(by=olga)
    [key] = Notice.objects.values_list("pk", flat=True)
    later = timezone.now() + settings.CALENDAR_UPDATE_DELAY

    assert [Notice.objects._write(key, later) for _worker in range(2)] == [True, False]
    assert letters(dina) == ["programme_changed"]
