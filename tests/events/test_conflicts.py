"""What in a programme cannot be, or should not be: found, weighed, and in the way of what is published."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from events.conflicts import Conflict, Slot, conflicts, overlaps
from events.models import Appearance, Event, Room, Session
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
    weights = {name: field.initial for name, field in shown.context["form"].fields.items()}

    desk.post(page, {**weights, "ROOM": "BLOCK", "changeover": "20"})

    forum.refresh_from_db()
    assert (forum.conflict_weights, forum.changeover) == ({"ROOM": "BLOCK"}, 20)
    assert "1 conflict blocks" in desk.get(page).text
    assert "1 conflict" in desk.get(reverse("event:desk", args=[forum.pk])).text
    refused = desk.post(page, {**weights, "changeover": "999"})
    assert list(refused.context["form"].errors) == ["changeover"]


def test_publishing_over_a_blocker_is_refused_at_the_desk_in_words(desk, forum, clash, olga):
    forum.weigh({"ROOM": "BLOCK"}, 0, by=olga)

    answer = desk.post(reverse("event:publish", args=[forum.pk]), follow=True)

    assert "Two sessions in one room: Room A · Opening · Customs" in answer.text
    assert forum.programmes.count() == 0


def test_the_page_asks_as_often_for_three_conflicts_as_for_one(desk, forum, clash, dina):
    page = reverse("event:conflicts", args=[forum.pk])
    Appearance.objects.create(session=clash[0], person=dina)
    once = queries_of(desk, page)
    for number in (1, 2):
        more = session(forum, f"More {number}", 9, room=clash[0].room)
        Appearance.objects.create(session=more, person=dina)

    assert len(forum.conflicts()) > 3
    assert queries_of(desk, page) == once
