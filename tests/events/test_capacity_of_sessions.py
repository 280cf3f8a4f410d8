"""The seats of a session are exact too: twenty people put the same workshop of five seats into their plans at the same
instant, through HTTP, and some give theirs up while others begin to wait. Each guard has its control, in which the same
crowd goes wrong as soon as the guard is off."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from contacts.models import Message
from events.models import Invitation, PlanItem, Session
from events.models.plan import PlanItemManager
from events.models.quota import QuotaQuerySet
from tests.conftest import several_connections
from tests.events.crowd import PEOPLE, at_once, crowd

pytestmark = [pytest.mark.slow, several_connections]

SEATS = 5


@pytest.fixture
def workshop(forum, sessions, olga) -> Session:
    forum.publish(by=olga)
    sessions["opening"].limit(SEATS, by=olga)
    return sessions["opening"]


def marked(guests: list[Invitation], session: Session) -> Counter:
    """All put `session` into their plans at once."""
    return crowd(guests, lambda guest: (reverse("events:plan", args=[guest.token]), {"mark": session.guid}))


def taken(session: Session) -> tuple[int, int]:
    """What the quota says, and how many people have a seat."""
    session.places.refresh_from_db()
    return session.places.used, PlanItem.objects.filter(guid=session.guid, holds_seat=True).count()


def test_twenty_who_mark_the_same_session_at_once_get_five_seats(guests, workshop):
    answers = marked(guests, workshop)

    assert (answers, taken(workshop)) == (Counter({409: PEOPLE - SEATS, 302: SEATS}), (SEATS, SEATS))


def test_with_the_guard_off_the_same_crowd_overdraws(guests, workshop, monkeypatch):
    counted, mark = threading.Barrier(PEOPLE), PlanItemManager.mark
    if connection.vendor == "sqlite":  # one writer at a time is a guard too: without it there is a race to be seen
        mark = mark.__wrapped__

    def count_first(plan, guid, *, by=None):
        """What everybody writes first: count, then write; here all have counted before the first writes."""
        is_full = PlanItem.objects.filter(guid=guid).count() >= SEATS
        with suppress(threading.BrokenBarrierError):
            counted.wait(timeout=20)
        if is_full:
            raise ValidationError("No seat is left.")
        return mark(plan, guid, by=by)

    monkeypatch.setattr(PlanItemManager, "mark", count_first)
    monkeypatch.setattr(QuotaQuerySet, "take", lambda quotas: True)

    marked(guests, workshop)

    assert taken(workshop)[1] > SEATS


@pytest.fixture
def full(guests, workshop) -> list[Invitation]:
    """The first five have the seats."""
    for guest in guests[:SEATS]:
        guest.registration.plan.mark(workshop.guid)
    return guests


def changed(guests: list[Invitation], session: Session) -> Counter:
    """The first five give their seats up while all others begin to wait."""
    givers = {guest.pk for guest in guests[:SEATS]}

    def post(guest: Invitation) -> tuple[str, dict]:
        return reverse("events:plan", args=[guest.token]), {"drop" if guest.pk in givers else "wait": session.guid}

    return crowd(guests, post)


def test_seats_that_are_given_up_while_others_begin_to_wait_are_theirs(full, workshop):
    answers = changed(full, workshop)

    assert (answers, taken(workshop)) == (Counter({302: PEOPLE}), (SEATS, SEATS))
    assert PlanItem.objects.waiting().count() == PEOPLE - 2 * SEATS
    seated = set(PlanItem.objects.filter(holds_seat=True).values_list("registration__person", flat=True))
    heard = Message.objects.filter(letter="seat_in_session").values_list("person", flat=True)
    assert (len(heard), len(set(heard)), set(heard) <= seated) == (len(set(heard)), len(heard), True)


def test_with_the_guard_off_a_seat_stays_empty_beside_those_who_wait(full, workshop, monkeypatch):
    """One has looked and found it full; the other gives the seat up and finds nobody; then the first begins to wait."""
    looked, given = threading.Event(), threading.Event()
    seat = PlanItem.seat

    def look_first(item) -> bool:
        has_seat = seat(item)
        looked.set()
        given.wait(timeout=20)
        return has_seat

    monkeypatch.setattr(QuotaQuerySet, "lock", lambda quotas: None)
    monkeypatch.setattr(PlanItem, "seat", look_first)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(PlanItemManager, "wait", PlanItemManager.wait.__wrapped__)
        monkeypatch.setattr(PlanItem, "drop", PlanItem.drop.__wrapped__)
    gives, waits = full[0].registration.plan, full[-1].registration.plan

    def give_up() -> None:
        looked.wait(timeout=20)
        gives.get().drop()
        given.set()

    at_once(lambda: waits.wait(workshop.guid), give_up)

    assert (taken(workshop), PlanItem.objects.waiting().count()) == ((SEATS - 1, SEATS - 1), 1)
