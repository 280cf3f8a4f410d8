"""The seats of a session are exact too: twenty people put the same workshop of five seats into their plans at the same
instant, through HTTP. The last test is the control: with the guard off the same crowd overdraws."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from events.models import Invitation, PlanItem, Session
from events.models.plan import PlanItemManager
from events.models.quota import QuotaQuerySet
from tests.conftest import several_connections
from tests.events.crowd import PEOPLE, crowd

pytestmark = [pytest.mark.slow, several_connections]

SEATS = 5


@pytest.fixture
def workshop(forum, sessions, olga) -> Session:
    forum.publish(by=olga)
    sessions["opening"].places.resize(SEATS, by=olga)
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
