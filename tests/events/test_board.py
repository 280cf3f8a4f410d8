"""The draft of a programme is arranged by hand: nothing is lost, nothing is overwritten, and all can be taken back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from contacts.models import Merge
from contacts.models.erasure import erase
from events.models import Absence, Appearance, Event, Minutes, Move, Session, Spot, Stale
from tests.conftest import at, person
from tests.events.conftest import planned

MINUTE = datetime.timedelta(minutes=1)


def whereabouts(forum: Event, day: int | None = None) -> list[str]:
    """Of each session its title, day, hours and room."""
    rows = forum.sessions.order_by("starts_at", "pk").select_related("room", "event")
    return [
        f"{one} {one.local_start:%d %H:%M}-{one.ends_at.astimezone(forum.zone):%H:%M} {one.room or '*'}".replace(
            f" {forum.starts_on:%d} ", " "
        )
        + (" waits" if one.is_unscheduled else "")
        for one in rows
        if day is None or forum.day_of(one.starts_at) == forum.starts_on + datetime.timedelta(days=day)
    ]


def move(session: Session, **changes) -> Move:
    was = Spot.of(session)
    facts = {"starts_at": was.starts_at, "ends_at": was.ends_at, "room": was.room, **changes}
    return Move(session.pk, was, Spot(**facts))


def back(moves: list[Move]) -> list[Move]:
    return [Move(one.key, one.to, one.was) for one in moves]


def test_a_session_goes_to_another_hour_and_room_and_the_history_says_so(forum, morning, two_rooms, olga):
    opening = morning[0]

    forum.arrange([move(opening, starts_at=at(forum, 1, 14), ends_at=at(forum, 1, 15), room=two_rooms[1].pk)], by=olga)

    opening.refresh_from_db()
    assert (opening.starts_at, opening.ends_at, opening.room) == (at(forum, 1, 14), at(forum, 1, 15), two_rooms[1])
    entry = ModelLogEntry.objects.get(action="events.event.arrange")
    [[key, was, to]] = entry.data["moves"]
    assert (entry.user, key, was[2], to[2]) == (olga, opening.pk, two_rooms[0].pk, two_rooms[1].pk)


def test_who_saw_it_elsewhere_moves_nothing(forum, morning, olga, root):
    opening, customs, _ports = morning
    mine = [
        move(customs, starts_at=at(forum, 0, 16), ends_at=at(forum, 0, 17)),
        move(opening, starts_at=at(forum, 0, 14), ends_at=at(forum, 0, 15)),
    ]
    forum.arrange([move(opening, starts_at=at(forum, 0, 11), ends_at=at(forum, 0, 12))], by=root)

    with pytest.raises(Stale) as refusal:
        forum.arrange(mine, by=olga)

    assert refusal.value.keys == [opening.pk]
    assert whereabouts(forum) == [
        "Customs 10:00-11:00 Room A",
        "Ports 10:00-11:30 Room B",
        "Opening 11:00-12:00 Room A",
    ]


def test_a_title_that_was_changed_meanwhile_is_in_nobodys_way(forum, morning, olga):
    mine = move(morning[0], room=None)
    Session.objects.filter(pk=morning[0].pk).update(title={"en": "Welcome"})

    assert [one.key for one in forum.arrange([mine], by=olga)] == [morning[0].pk]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": 0}, "A session cannot end before it starts."),
        ({"minutes": 25 * 60}, "A session cannot be longer than a day."),
        ({"room": 0}, "This room is not at the venue of the event."),
    ],
)
def test_what_makes_no_sense_is_refused(forum, morning, olga, changes, words):
    length = changes.pop("minutes", 60) * MINUTE

    with pytest.raises(ValidationError) as refusal:
        forum.arrange([move(morning[0], ends_at=morning[0].starts_at + length, **changes)], by=olga)

    assert refusal.value.messages == [words]


def test_a_cancelled_event_is_planned_no_more(forum, morning, olga):
    forum.cancel(by=olga)

    with pytest.raises(ValidationError) as refusal:
        forum.swap(morning[0].pk, morning[1].pk, by=olga)

    assert refusal.value.messages == ["A cancelled event cannot be planned any more."]


def test_what_waits_for_a_place_is_not_published_and_clashes_with_nothing(forum, morning, olga):
    opening, customs, _ports = morning
    forum.publish(by=olga)
    was = Spot.of(opening)
    aside = Move(opening.pk, was, Spot(customs.starts_at, customs.ends_at, customs.room_id, True))

    forum.arrange([aside], by=olga)

    assert (forum.conflicts(), forum.unpublished().gone) == ([], 1)
    entries = {str(one): one.status for one in forum.publish(by=olga).entries.all()}
    assert entries == {"Opening": "CANCELLED", "Customs": "CONFIRMED", "Ports": "CONFIRMED"}
    forum.arrange(back([aside]), by=olga)
    again = forum.publish(by=olga).entries.get(session=opening)
    assert (again.status, again.sequence) == ("CONFIRMED", 2)


def test_what_comes_after_is_shifted_in_its_room_or_everywhere(forum, morning, olga):
    planned(forum, "Dinner", 20, day=1)

    moves = forum.shift_after(morning[1].pk, 20, everywhere=False, by=olga)
    assert whereabouts(forum, 0) == [
        "Opening 09:00-10:00 Room A",
        "Ports 10:00-11:30 Room B",
        "Customs 10:20-11:20 Room A",
    ]
    forum.arrange(back(moves), by=olga)
    forum.shift_after(morning[0].pk, -30, everywhere=True, by=olga)

    assert [words.split(" Room")[0] for words in whereabouts(forum, 0)] == [
        "Customs 09:30-10:30",
        "Ports 09:30-11:00",
    ]  # and the opening, at 8:30, belongs to the evening of the day before
    assert whereabouts(forum, 1) == [f"Dinner {forum.ends_on:%d} 20:00-21:00 *"]


def test_two_sessions_swap_and_keep_their_lengths(forum, morning, olga):
    opening, _customs, ports = morning

    forum.swap(opening.pk, ports.pk, by=olga)

    assert whereabouts(forum) == [
        "Ports 09:00-10:30 Room A",
        "Opening 10:00-11:00 Room B",
        "Customs 10:00-11:00 Room A",
    ]


def test_a_room_is_fitted_with_the_minutes_between_two_sessions(forum, morning, two_rooms, olga):
    forum.weigh({}, 10, by=olga)
    planned(forum, "Late", 15, two_rooms[0])
    planned(forum, "Early", 9.5, two_rooms[0], minutes=30)

    forum.fit(two_rooms[0].pk, forum.starts_on, by=olga)

    assert [words for words in whereabouts(forum) if "Room A" in words] == [
        "Opening 09:00-10:00 Room A",
        "Early 10:10-10:40 Room A",
        "Customs 10:50-11:50 Room A",
        "Late 15:00-16:00 Room A",
    ]
    with pytest.raises(ValidationError):
        forum.fit(two_rooms[0].pk, forum.starts_on, by=olga)


def test_a_day_is_duplicated_with_who_appears_and_taken_back(forum, morning, dina, olga):
    Appearance.objects.create(session=morning[0], person=dina)

    copies = forum.duplicate_day(forum.starts_on, forum.ends_on, with_people=True, by=olga)

    day = f"{forum.ends_on:%d}"
    assert whereabouts(forum, 1) == [
        f"Opening {day} 09:00-10:00 Room A",
        f"Customs {day} 10:00-11:00 Room A",
        f"Ports {day} 10:00-11:30 Room B",
    ]
    assert len({one.uid for one in forum.sessions.all()} | {one.guid for one in forum.sessions.all()}) == 12
    assert [one.person for one in copies[0].appearances.all()] == [dina]
    forum.take_back({copy.pk: Spot.of(copy) for copy in copies}, by=olga)
    assert (whereabouts(forum, 1), forum.sessions.count()) == ([], 3)


def test_a_copy_has_as_many_seats_and_once_it_has_a_paper_it_stays(forum, morning, olga):
    morning[0].limit(12, by=olga)

    copies = forum.duplicate_day(forum.starts_on, forum.ends_on, with_people=False, by=olga)

    seats = forum.quotas.filter(session__in=copies)
    assert [(one.session, one.size) for one in seats] == [(copies[0], 12)]
    Minutes.objects.create(session=copies[1], language="en", text="Said.")
    with pytest.raises(ValidationError, match="or have papers"):
        forum.take_back({copy.pk: Spot.of(copy) for copy in copies}, by=olga)


def test_a_copy_that_was_moved_or_published_is_not_taken_back(forum, morning, olga):
    copies = forum.duplicate_day(forum.starts_on, forum.ends_on, with_people=False, by=olga)
    seen = {copy.pk: Spot.of(copy) for copy in copies}
    moves = forum.arrange([move(copies[0], room=None)], by=olga)

    with pytest.raises(Stale):
        forum.take_back(seen, by=olga)
    forum.arrange(back(moves), by=olga)
    forum.publish(by=olga)
    with pytest.raises(ValidationError) as refusal:
        forum.take_back(seen, by=olga)

    assert refusal.value.messages == ["These sessions are published already, or have papers. Cancel them instead."]
    assert forum.sessions.count() == 6


def test_who_may_not_see_a_session_neither_moves_it_nor_takes_it_along(forum, morning, outsider):
    opening, customs, _ports = morning
    Session.objects.filter(pk=customs.pk).update(audience="PARTICIPANTS")

    with pytest.raises(Stale):
        forum.arrange([move(customs, room=None)], by=outsider)
    forum.shift_after(opening.pk, 60, everywhere=True, by=outsider)
    copies = forum.duplicate_day(forum.starts_on, forum.ends_on, with_people=False, by=outsider)

    customs.refresh_from_db()
    assert customs.starts_at == at(forum, 0, 10)
    assert sorted(str(one) for one in copies) == ["Opening", "Ports"]


def test_an_absence_goes_over_with_a_merged_record_and_vanishes_with_an_erased_one(forum, dina, noor, olga):
    double = person("Dina", "Hadad")
    away = Absence(event=forum, person=double, starts_at=at(forum, 0, 9), ends_at=at(forum, 0, 12), reason="Clinic")
    Absence.objects.note(away, by=olga)

    Merge.objects.join(dina, double, by=noor)
    assert Absence.objects.get().person == dina
    erase(dina, by=noor)

    assert list(Absence.objects.all()) == []


# -- Whatever is done, and taken back


TOOLS = st.lists(
    st.one_of(
        st.tuples(st.just("shift"), st.integers(0, 5), st.sampled_from([-90, -5, 15, 400]), st.booleans()),
        st.tuples(st.just("swap"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("fit"), st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("duplicate"), st.integers(0, 1)),
    ),
    min_size=1,
    max_size=5,
)


def use(forum: Event, keys: list[int], two_rooms, tool: tuple, by):
    """Returns what takes it back, or None where it was refused."""
    name, *what = tool
    days = [forum.starts_on, forum.ends_on]
    try:
        if name == "duplicate":
            copies = forum.duplicate_day(days[what[0]], days[1 - what[0]], with_people=False, by=by)
            return lambda: forum.take_back({copy.pk: Spot.of(copy) for copy in copies}, by=by)
        if name == "shift":
            moves = forum.shift_after(keys[what[0]], what[1], everywhere=what[2], by=by)
        elif name == "swap":
            moves = forum.swap(keys[what[0]], keys[what[1]], by=by)
        else:
            moves = forum.fit(two_rooms[what[0]].pk, days[what[1]], by=by)
    except ValidationError:
        return None
    return lambda: forum.arrange(back(moves), by=by)


@trying(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tools=TOOLS)
def test_no_tool_loses_a_session_or_changes_its_length_and_all_come_back(forum, two_rooms, olga, tools):
    forum.sessions.all().delete()
    keys = [
        planned(forum, f"S{n}", 9 + n * 0.75, two_rooms[n % 2] if n < 5 else None, minutes=30 + 20 * n).pk
        for n in range(6)
    ]
    lengths = {one.pk: one.ends_at - one.starts_at for one in forum.sessions.all()}
    before = whereabouts(forum)

    undo = [step for tool in tools if (step := use(forum, keys, two_rooms, tool, olga))]

    there = {one.pk: one.ends_at - one.starts_at for one in forum.sessions.all()}
    assert {key: there[key] for key in keys} == lengths
    for step in reversed(undo):
        step()
    assert whereabouts(forum) == before
