"""Offers, transfers and registrations when several act at the same instant: no seat is given twice, and nobody becomes
two people. Each guard has its control, in which the same crowd goes wrong as soon as the guard is off."""

import datetime
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection
from django.utils import timezone

from contacts.models import Message, Person
from contacts.models.introduction import _known, _new
from events.models import Event, Invitation, Quota, Registration, SeatRequest, seat_request
from events.models.event import EventQuerySet
from events.models.quota import QuotaQuerySet
from tests.conftest import limited, person, several_connections
from tests.events.crowd import at_once

pytestmark = [pytest.mark.slow, several_connections]

A_DAY = datetime.timedelta(hours=24)


def coming(event: Event, olga, count: int, place: str = "ROOM") -> list[Invitation]:
    """So many who have accepted."""
    drafts = event.invitations.draft([person(f"{place}{number}", "Guest") for number in range(count)], by=olga)
    Invitation.objects.filter(pk__in=[draft.pk for draft in drafts]).update(place=place)
    event.invitations.send_drafts(by=olga)
    for draft in drafts:
        fetched(draft).answer("ACCEPTED")
    return drafts


def fetched(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_related("event", "person").get(pk=invitation.pk)


def taken(event: Event, place: str) -> tuple[int, int]:
    """What the quota says, and how many rows there are."""
    used = Quota.objects.get(event=event, delegation=None, place=place).used
    return used, event.registrations.with_seat().filter(place=place).count()


@pytest.fixture
def offered(forum, olga) -> list[Invitation]:
    """Five to whom a seat is offered; five wait after them."""
    Event.objects.update(offer_hours=24)
    limited(forum, 5)
    guests = coming(forum, olga, 15)
    for guest in guests[:5]:
        fetched(guest).answer("DECLINED")
    assert (forum.registrations.offered().count(), forum.registrations.waiting().count()) == (5, 5)
    return guests[5:10]


def heard(invitation: Invitation) -> list[str]:
    found = Message.objects.filter(person=invitation.person_id, letter__in=["registration_confirmed", "offer_lapsed"])
    return list(found.values_list("letter", flat=True))


def test_an_offer_is_taken_or_lapses_and_never_both(forum, offered):
    until = forum.registrations.offered().last().offered_until
    takes = [lambda one=one: fetched(one).take_offer(now=until - A_DAY) for one in offered]

    at_once(*takes, lambda: Registration.objects.lapse_offers(until))

    assert taken(forum, "ROOM") == (5, 5)
    states = {"CONFIRMED": ["registration_confirmed"], "CANCELLED": ["offer_lapsed"]}
    for one in offered:
        assert heard(one) == states[Registration.objects.get(person=one.person_id).state]


def test_without_the_guards_somebody_has_a_seat_that_has_gone_to_the_next(forum, offered, monkeypatch):
    [one] = offered[:1]
    until = forum.registrations.offered().last().offered_until
    looked = threading.Barrier(2)

    def look_first(seat, state, offered_until=None) -> bool:
        """What everybody writes first: both have looked before the first of them writes."""
        if state != "OFFERED":
            looked.wait(timeout=60)
        seat.state, seat.offered_until = state, offered_until
        return bool(Registration.objects.filter(pk=seat.pk).update(state=state, offered_until=offered_until))

    monkeypatch.setattr(Invitation, "_hold", lambda invitation: None)
    monkeypatch.setattr(Registration, "_turn", look_first)
    monkeypatch.setattr(QuotaQuerySet, "lock", lambda quotas: None)
    if connection.vendor == "sqlite":  # one writer at a time is a guard too: without it there is a race to be seen
        for verb in ("take_offer", "lapse_offer"):
            monkeypatch.setattr(Invitation, verb, getattr(Invitation, verb).__wrapped__)
        monkeypatch.setattr(Registration, "withdraw", Registration.withdraw.__wrapped__)

    at_once(lambda: fetched(one).take_offer(), lambda: fetched(one).lapse_offer(now=until))

    assert sorted(heard(one)) == ["offer_lapsed", "registration_confirmed"]


def test_two_workers_pass_each_offer_on_once(forum, offered):
    until = forum.registrations.offered().last().offered_until
    worker = lambda: Registration.objects.lapse_offers(until)  # noqa: E731

    at_once(worker, worker, worker)

    assert (taken(forum, "ROOM"), Message.objects.filter(letter="offer_lapsed").count()) == ((5, 5), 5)
    assert Message.objects.filter(letter="seat_offered").count() == 10


@pytest.fixture
def five_online(forum, olga) -> list[Invitation]:
    """Eight in the room; there are five places online."""
    Quota.objects.get(event=forum, place="ONLINE").resize(5, by=olga)
    return coming(forum, olga, 8)


def go_online(guests: list[Invitation]) -> list[Callable]:
    return [lambda one=one: fetched(one).transfer("DELEGATE", "ONLINE", by=None) for one in guests]


def test_of_eight_who_go_online_at_once_five_find_a_place(forum, five_online):
    told = at_once(*go_online(five_online))

    assert told == [""] * 5 + ["No seat is left for this: Delegate, Online."] * 3
    assert (taken(forum, "ONLINE"), taken(forum, "ROOM")) == ((5, 5), (3, 3))


def test_with_the_guards_off_the_same_eight_overdraw(forum, five_online, monkeypatch):
    counted = threading.Barrier(8)

    def count_first(quotas) -> bool:
        """What everybody writes first: count, then take; here all have counted before the first takes."""
        has_room = all(Registration.objects.filter(place=quota.place).count() < 5 for quota in quotas)
        with suppress(threading.BrokenBarrierError):
            counted.wait(timeout=10)
        return has_room

    monkeypatch.setattr(QuotaQuerySet, "take", count_first)
    monkeypatch.setattr(QuotaQuerySet, "lock", lambda quotas: None)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(Invitation, "transfer", Invitation.transfer.__wrapped__)
        monkeypatch.setattr(Registration, "move", Registration.move.__wrapped__)

    at_once(*go_online(five_online))

    assert forum.registrations.filter(place="ONLINE").count() > 5


def test_who_change_places_in_opposite_directions_do_not_wait_for_each_other_for_ever(forum, olga):
    here, there = coming(forum, olga, 4), coming(forum, olga, 4, "ONLINE")
    limited(forum, 5)
    Quota.objects.get(event=forum, place="ONLINE").resize(5, by=olga)
    back = [lambda one=one: fetched(one).transfer("DELEGATE", "ROOM", by=None) for one in there]

    told = at_once(*go_online(here), *back)

    assert set(told) <= {"", *(f"No seat is left for this: Delegate, {where}." for where in ("Online", "In the room"))}
    room, online = taken(forum, "ROOM"), taken(forum, "ONLINE")
    assert (room[0], online[0], room[0] + online[0]) == (room[1], online[1], 8)


@pytest.fixture
def asked_twice(forum) -> list[SeatRequest]:
    """One human being who has filled the form in twice."""
    Event.objects.update(open_to="EVERYBODY")
    event = Event.objects.get()
    said = {"given_name": "Amina", "family_name": "Odhiambo", "email": "amina@example.org", "language": "en"}
    return [SeatRequest.objects.ask(event, said) for _time in range(2)]


def confirm_both(requests: list[SeatRequest]) -> list[Callable]:
    return [lambda key=one.pk: SeatRequest.objects.select_related("event").get(pk=key).confirm() for one in requests]


def test_who_confirms_twice_at_once_is_one_person_with_one_seat(forum, asked_twice):
    at_once(*confirm_both(asked_twice))

    assert (Person.objects.count(), taken(forum, "ROOM")) == (1, (1, 1))


def test_without_waiting_for_each_other_they_are_two_people_with_two_seats(forum, asked_twice, monkeypatch):
    looked = threading.Barrier(2)

    def look_first(named, _organization, *, by) -> Person:
        known = _known(named)
        with suppress(threading.BrokenBarrierError):
            looked.wait(timeout=10)
        return known or _new(named, by)

    monkeypatch.setattr(seat_request, "introduce", look_first)
    monkeypatch.setattr(EventQuerySet, "select_for_update", lambda rows, **how: rows)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(SeatRequest, "confirm", SeatRequest.confirm.__wrapped__)

    at_once(*confirm_both(asked_twice))

    assert (Person.objects.count(), taken(forum, "ROOM")) == (2, (2, 2))


def test_a_seat_that_is_given_up_while_somebody_registers_is_theirs_or_the_next_ones(forum, olga, asked_twice):
    limited(forum, 1)
    [guest] = coming(forum, olga, 1)
    [confirm, _again] = confirm_both(asked_twice)

    at_once(confirm, lambda: fetched(guest).answer("DECLINED"))

    assert (taken(forum, "ROOM"), forum.registrations.waiting().count()) == ((1, 1), 0)
    assert timezone.now() > SeatRequest.objects.exclude(confirmed_at=None).get().confirmed_at
