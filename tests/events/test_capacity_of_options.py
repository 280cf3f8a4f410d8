"""The places of an option are exact too: twenty people choose the same one of five places at the same instant, through
HTTP. The last test is the control: with the guard off the same crowd overdraws."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from events.models import Choice, Invitation, Option
from events.models.answers import AnswerManager
from events.models.quota import QuotaQuerySet
from tests.conftest import several_connections
from tests.events.crowd import PEOPLE, crowd
from tests.events.test_details import ask

pytestmark = [pytest.mark.slow, several_connections]

PLACES = 5


@pytest.fixture
def harbour(forum, olga) -> Option:
    ask(forum, "Tour", "CHOICE", ("Harbour", "Museum"))
    harbour = Option.objects.get(label__contains="Harbour")
    harbour.quota.resize(PLACES, by=olga)
    return harbour


def chosen(guests: list[Invitation], option: Option) -> Counter:
    """All choose `option` at once."""
    said = {option.question.name: option.pk}
    return crowd(guests, lambda guest: (reverse("events:details_fill", args=[guest.token]), said))


def taken(option: Option) -> tuple[int, int]:
    """What the quota says, and how many answers hold a place."""
    option.quota.refresh_from_db()
    return option.quota.used, Choice.objects.filter(option=option, holds_place=True, answer__is_current=True).count()


def test_twenty_who_choose_the_same_option_at_once_get_five_places(guests, harbour):
    answers = chosen(guests, harbour)

    assert (answers, taken(harbour)) == (Counter({409: PEOPLE - PLACES, 302: PLACES}), (PLACES, PLACES))


def test_with_the_guard_off_the_same_crowd_overdraws(guests, harbour, monkeypatch):
    counted, write = threading.Barrier(PEOPLE), AnswerManager.write

    def count_first(answers, registration, said, *, by) -> None:
        """What everybody writes first: count, then write; here all have counted before the first writes."""
        is_full = Choice.objects.filter(option=harbour, holds_place=True).count() >= PLACES
        with suppress(threading.BrokenBarrierError):
            counted.wait(timeout=20)
        if is_full:
            raise ValidationError("No place is left.")
        write(answers, registration, said, by=by)

    monkeypatch.setattr(AnswerManager, "write", count_first)
    monkeypatch.setattr(QuotaQuerySet, "take", lambda quotas: True)
    if connection.vendor == "sqlite":  # one writer at a time is a guard too: without it there is a race to be seen
        monkeypatch.setattr(Invitation, "fill_in", Invitation.fill_in.__wrapped__)

    chosen(guests, harbour)

    assert taken(harbour)[1] > PLACES
