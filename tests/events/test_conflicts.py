"""What in a programme cannot be, or should not be: found, weighed, and in the way of what is published."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from events.conflicts import Conflict, Gap, Rest, Slot, conflicts, overlaps
from events.models import Absence, Appearance, Booth, Event, Room, Session
from tests.conftest import at, queries_of

HOUR = 3600


def slot(key: int, starts: float, ends: float, **more) -> Slot:
    return Slot(key, starts * HOUR, ends * HOUR, **more)


def kinds(slots: list[Slot], **more) -> list[tuple]:
    return [(one.kind.value, one.key, one.other) for one in conflicts(slots, **more)]


def test_two_at_a_time_in_one_room_and_not_in_two():
    there = [slot(1, 9, 10, room=1), slot(2, 9.5, 11, room=1), slot(3, 9, 11, room=2), slot(4, 10, 12)]

    assert kinds(there) == [("ROOM", 1, 2)]


def test_what_ends_when_the_next_begins_needs_the_changeover():
    there = [slot(1, 9, 10, room=1), slot(2, 10, 11, room=1), slot(3, 11.5, 12, room=1)]

    assert kinds(there) == []
    assert kinds(there, changeover=15 * 60) == [("CHANGEOVER", 1, 2)]


def test_a_long_session_meets_each_that_lies_in_it():
    there = [slot(1, 9, 17, room=1), slot(2, 10, 11, room=1), slot(3, 12, 13, room=1)]

    assert kinds(there) == [("ROOM", 1, 2), ("ROOM", 1, 3)]


def test_somebody_at_two_places_and_an_interpreter_at_two():
    there = [
        slot(1, 9, 10, people=frozenset({7}), interpreters=frozenset({8})),
        slot(2, 9, 10, people=frozenset({7, 8})),
        slot(3, 10, 11, people=frozenset({7})),
    ]

    assert conflicts(there) == [Conflict("INTERPRETER", 1, 2, 8), Conflict("PERSON", 1, 2, 7)]


def test_too_many_for_the_room_another_day_and_the_hour_that_is_there_twice():
    there = [
        slot(1, 9, 10, room=1, expected=101, capacity=100),
        slot(2, 10, 11, room=1, expected=100, capacity=100),
        slot(3, 11, 12, room=1, expected=100),
        slot(4, 12, 13, is_on_a_day=False),
        slot(5, 13, 14, is_clear_of_the_clocks=False),
    ]

    assert kinds(there) == [("CAPACITY", 1, None), ("CLOSED_DAY", 4, None), ("CLOCK", 5, None)]


def test_in_a_closed_room_and_with_somebody_who_is_away():
    there = [slot(1, 9, 10, room=1, people=frozenset({7})), slot(2, 10, 11, room=1, interpreters=frozenset({7}))]
    gaps = [Gap(10 * HOUR, 12 * HOUR, room=1), Gap(8 * HOUR, 9.5 * HOUR, who=7), Gap(9 * HOUR, 10 * HOUR, who=7)]

    assert [(one.kind, one.key, one.who) for one in conflicts(there, gaps=gaps)] == [
        ("AWAY", 1, 7),
        ("CLOSED_ROOM", 2, None),
    ]


def test_an_interpreter_has_a_pause_in_time_or_works_too_long():
    him = frozenset({8})
    there = [slot(n, starts, ends, interpreters=him) for n, starts, ends in ((1, 9, 10), (2, 10.1, 11), (3, 11.1, 12))]
    rest = Rest(longest=2 * HOUR, pause=HOUR / 4)

    assert conflicts(there, rest=rest) == [Conflict("REST", 1, 3, 8)]
    assert conflicts([*there[:2], slot(3, 11.25, 12.25, interpreters=him)], rest=rest) == []
    assert conflicts([slot(1, 9, 12, interpreters=him)], rest=rest) == [Conflict("REST", 1, None, 8)]
    assert conflicts([slot(1, 9, 12, people=him)], rest=rest) == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=25))
def test_the_sweep_finds_what_comparing_each_with_each_finds(times):
    slots = [Slot(key, start, start + length) for key, (start, length) in enumerate(times)]
    ordered = sorted(slots, key=lambda one: (one.starts, one.ends, one.key))

    each = {
        (one.key, two.key)
        for number, one in enumerate(ordered)
        for two in ordered[number + 1 :]
        if one.starts < two.ends and two.starts < one.ends
    }
    assert {(one.key, two.key) for one, two in overlaps(ordered)} == each


# -- An event ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def session(forum: Event, title: str, hour: int, **more) -> Session:
    times = {"starts_at": at(forum, 0, hour), "ends_at": at(forum, 0, hour + 1)}
    return Session.objects.create(event=forum, title={"en": title}, **{**times, **more})


@pytest.fixture
def clash(forum) -> tuple[Session, Session]:
    """Two sessions at nine in one room."""
    room = Room.objects.get(venue=forum.venue, name__icontains="Room A")
    forum.sessions.all().delete()
    return session(forum, "Opening", 9, room=room), session(forum, "Customs", 9, room=room)


def told(event: Event) -> list[str]:
    return [str(one) for one in event.conflicts()]


def test_what_clashes_is_told_with_room_and_titles(forum, clash):
    assert told(forum) == ["Two sessions in one room: Room A · Opening · Customs"]


def test_what_was_dropped_clashes_with_nothing(forum, clash):
    clash[1].status = "CANCELLED"
    clash[1].save()

    assert told(forum) == []


def test_who_speaks_at_two_places_is_named(forum, clash, dina):
    for one in clash:
        one.room = None
        one.save()
        Appearance.objects.create(session=one, person=dina)

    assert told(forum) == ["Somebody at two places: Dina Haddad · Opening · Customs"]


def test_a_plenary_that_holds_fewer_than_have_a_seat(forum, clash, pavel, dina, olga):
    opening, other = clash
    other.delete()
    Room.objects.filter(pk=opening.room_id).update(capacity=1)
    opening.kind = "Plenary"
    opening.save()
    for invitation in forum.invitations.draft([pavel, dina], by=olga):
        invitation.send(by=olga)
        invitation.answer("ACCEPTED")

    assert told(forum) == ["More people than the room holds: Room A · Opening"]


def test_a_session_after_the_last_day_and_one_while_the_clocks_change(forum, clash):
    forum.timezone = "Europe/Paris"
    forum.starts_on, forum.ends_on = datetime.date(2027, 3, 27), datetime.date(2027, 3, 28)
    forum.save()
    for one, day, hour in ((clash[0], 30, 9), (clash[1], 28, 1)):  # the clocks leap at 1:00 UTC on the 28th
        one.starts_at = datetime.datetime(2027, 3, day, hour, tzinfo=datetime.UTC)
        one.ends_at = one.starts_at + datetime.timedelta(hours=1)
        one.save()

    assert told(forum) == [
        "At an hour at which the clocks change: Customs",
        "Not on a day of the event: Opening",
    ]


def test_a_closed_room_and_who_is_not_available_are_named(forum, clash, dina, olga):
    opening, customs = clash
    customs.room = None
    customs.save()
    Appearance.objects.create(session=customs, person=dina)
    times = {"starts_at": at(forum, 0, 9, 30), "ends_at": at(forum, 0, 12)}
    for of in ({"room": opening.room}, {"person": dina}):
        Absence.objects.note(Absence(event=forum, **of, **times), by=olga)

    assert told(forum) == [
        "In a room that is closed: Room A · Opening",
        "Somebody is not available: Dina Haddad · Customs",
    ]
    with pytest.raises(ValidationError) as refusal:
        Absence.objects.note(Absence(event=forum, **times), by=olga)
    assert refusal.value.messages == ["Choose a room, or a person."]


def test_a_restricted_session_in_a_public_hall_and_a_public_one_behind_the_badges(forum, clash):
    opening, customs = clash
    customs.room = Room.objects.exclude(pk=opening.room_id).get()
    customs.audience = "PARTICIPANTS"
    customs.save()
    Room.objects.filter(pk=opening.room_id).update(admits="PARTICIPANTS")
    Room.objects.filter(pk=customs.room_id).update(admits="PUBLIC")

    assert told(forum) == [
        "A room that is not for this audience: Room A · Opening",
        "A room that is not for this audience: Room B · Customs",
    ]
    Room.objects.update(admits="")
    assert told(forum) == []


def test_more_are_expected_in_a_workshop_than_its_room_holds(forum, clash):
    opening, customs = clash
    customs.delete()
    Session.objects.filter(pk=opening.pk).update(kind="Workshop", expected=201)

    assert told(forum) == ["More people than the room holds: Room A · Opening"]


def test_a_language_needs_a_booth_and_an_interpreter(forum, clash, dina, pavel):
    opening, customs = clash
    customs.delete()
    opening.language, opening.interpreted_into = "en", ["en", "fr", "ar"]
    opening.save()
    for code in ("fr", "ar"):
        Booth.objects.create(event=forum, room=opening.room, language=code)
    Appearance.objects.create(session=opening, person=dina, role="INTERPRETER", language="ar")

    assert told(forum) == ["A language without a booth or an interpreter: French · Opening"]
    Appearance.objects.create(session=opening, person=pavel, role="INTERPRETER")
    assert told(forum) == []
    Booth.objects.filter(language="ar").delete()
    assert told(forum) == ["A language without a booth or an interpreter: Arabic · Opening"]


def test_an_interpreter_who_works_too_long_is_named(forum, clash, dina, olga):
    Session.objects.filter(pk=clash[1].pk).update(starts_at=at(forum, 0, 10), ends_at=at(forum, 0, 11))
    for one in clash:
        Appearance.objects.create(session=one, person=dina, role="INTERPRETER")
    assert told(forum) == []

    forum.weigh({}, 0, interpreter_minutes=90, by=olga)

    assert told(forum) == ["An interpreter works too long without a pause: Dina Haddad · Opening · Customs"]


def test_nothing_is_published_over_what_blocks(forum, clash, olga):
    before = forum.programmes.count()
    forum.weigh({"ROOM": "BLOCK"}, 0, by=olga)

    with pytest.raises(ValidationError) as refusal:
        forum.publish(by=olga)

    assert refusal.value.messages == [
        "The programme has conflicts and cannot be published.",
        "Two sessions in one room: Room A · Opening · Customs",
    ]
    assert forum.programmes.count() == before
    forum.weigh({"ROOM": "WARN"}, 0, by=olga)
    assert forum.publish(by=olga).version == before + 1


def test_what_is_left_out_is_not_told(forum, clash, olga):
    forum.weigh({"ROOM": "IGNORE"}, 0, by=olga)

    assert told(Event.objects.get(pk=forum.pk)) == []


def test_the_page_shows_them_and_takes_what_they_weigh(desk, forum, clash):
    page = reverse("event:conflicts", args=[forum.pk])
    shown = desk.get(page)
    weights = {name: field.initial or "" for name, field in shown.context["form"].fields.items()}

    desk.post(page, {**weights, "ROOM": "BLOCK", "changeover": "20", "interpreter_minutes": "90"})

    forum.refresh_from_db()
    assert (forum.conflict_weights, forum.changeover) == ({"ROOM": "BLOCK"}, 20)
    assert (forum.interpreter_minutes, forum.interpreter_pause) == (90, 15)
    assert "1 conflict blocks" in desk.get(page).text
    assert "1 conflict" in desk.get(reverse("event:desk", args=[forum.pk])).text
    weights["changeover"] = "0"
    refused = desk.post(page, {**weights, "changeover": "999"})
    assert list(refused.context["form"].errors) == ["changeover"]


def test_publishing_over_a_blocker_is_refused_at_the_desk_in_words(desk, forum, clash, olga):
    forum.weigh({"ROOM": "BLOCK"}, 0, by=olga)

    answer = desk.post(reverse("event:publish", args=[forum.pk]), follow=True)

    assert "Two sessions in one room: Room A · Opening · Customs" in answer.text
    assert forum.programmes.count() == 0


def test_the_page_asks_as_often_for_three_conflicts_as_for_one(desk, forum, clash, dina):
    page = reverse("event:conflicts", args=[forum.pk])
    for one in clash:
        Appearance.objects.create(session=one, person=dina)
    once = queries_of(desk, page)
    for number in (1, 2):
        more = session(forum, f"More {number}", 9, room=clash[0].room)
        Appearance.objects.create(session=more, person=dina)

    assert len(forum.conflicts()) > 3
    assert queries_of(desk, page) == once
