"""Capacity is exact: sixty seats are sixty, however many people answer at the same instant.

Forty readers with connections of their own answer through HTTP. The last test is the control: with the guard off, the
same crowd overbooks the same hall, so it is the guard that holds and not a server that works one by one.
"""

import http.client
import itertools
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection

from events.models import Invitation, Quota, Registration
from events.models.quota import QuotaQuerySet
from events.models.registration import RegistrationManager
from tests.conftest import limited, person, several_connections

pytestmark = [pytest.mark.slow, several_connections]

READERS, PEOPLE, SEATS = 40, 100, 60


@pytest.fixture
def hall(forum) -> Quota:
    """Sixty seats."""
    return limited(forum, SEATS)


@pytest.fixture
def invited(forum, hall, olga) -> list[Invitation]:
    """A hundred people with a letter."""
    forum.invitations.draft([person(f"Guest{number}", "Invited") for number in range(PEOPLE)], by=olga)
    forum.invitations.send_drafts(by=olga)
    return list(forum.invitations.select_related("event", "person"))


class Reader:
    """A browser of its own: one connection, one cookie, and the hidden value of the form."""

    def __init__(self, server: str, invitations: list[Invitation]):
        self.paths = [urlsplit(invitation.link).path for invitation in invitations]
        self.connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
        page, headers = self._ask("GET", self.paths[0])
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        self.secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def answer_all(self, reply: str) -> list[int]:
        """Press the button of every letter; the status codes of what came back."""
        body = urlencode({"reply": reply, "reason": "", "csrfmiddlewaretoken": self.secret})
        try:
            return [self._post(path, body) for path in self.paths]
        finally:
            self.connection.close()

    def _post(self, path: str, body: str) -> int:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", path, body, headers)
        return self.status

    def _ask(self, method: str, path: str, body: str = "", headers: dict | None = None):
        self.connection.request(method, path, body or None, headers or {})
        response = self.connection.getresponse()
        self.status = response.status
        return response.read().decode(), response.headers


def crowd(server: str, invitations: list[Invitation], reply: str) -> Counter:
    """All answer at once, `READERS` of them at a time; how often each status code came back."""
    readers = [Reader(server, share) for number in range(READERS) if (share := invitations[number::READERS])]
    together = threading.Barrier(len(readers))

    def act(reader: Reader) -> list[int]:
        together.wait()
        return reader.answer_all(reply)

    with ThreadPoolExecutor(len(readers)) as pool:
        return Counter(status for statuses in pool.map(act, readers) for status in statuses)


def seats(forum) -> tuple[int, int, int]:
    """Confirmed, waiting, and what the quota says is taken."""
    used = forum.seats.used
    return forum.registrations.confirmed().count(), forum.registrations.waiting().count(), used


def test_forty_clients_at_once_fill_sixty_seats_exactly(live_server, forum, invited):
    answers = crowd(live_server.url, invited, "ACCEPTED")

    assert answers == {302: PEOPLE}
    assert seats(forum) == (SEATS, PEOPLE - SEATS, SEATS)
    assert forum.invitations.accepted().count() == PEOPLE


def test_seats_given_up_all_at_once_go_to_those_who_wait(live_server, forum, invited):
    crowd(live_server.url, invited, "ACCEPTED")
    seated = set(forum.registrations.confirmed().values_list("person", flat=True))
    leaving = [invitation for invitation in invited if invitation.person_id in seated][:30]

    crowd(live_server.url, leaving, "DECLINED")

    assert seats(forum) == (SEATS, PEOPLE - SEATS - 30, SEATS)


def test_one_person_who_presses_forty_times_has_one_seat(live_server, forum, hall, pavel, olga):
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)

    crowd(live_server.url, [invitation] * READERS, "ACCEPTED")

    assert seats(forum) == (1, 0, 1)


def test_with_the_guard_off_the_same_crowd_overbooks(live_server, forum, invited, monkeypatch):
    counted, turn = threading.Barrier(READERS), itertools.count()

    def count_first(quotas) -> bool:
        """What everybody writes first: count, then take; here forty have counted before the first of them takes."""
        confirmed = Registration.objects.filter(event__quotas__in=quotas).confirmed().count()
        if next(turn) < READERS:
            with suppress(threading.BrokenBarrierError):
                counted.wait(timeout=10)
        return confirmed < SEATS

    monkeypatch.setattr(QuotaQuerySet, "take", count_first)
    if connection.vendor == "sqlite":  # one writer at a time is a guard too: without it there is a race to be seen
        monkeypatch.setattr(Invitation, "answer", Invitation.answer.__wrapped__)
        monkeypatch.setattr(RegistrationManager, "enter", RegistrationManager.enter.__wrapped__)

    crowd(live_server.url, invited, "ACCEPTED")

    assert forum.registrations.confirmed().count() > SEATS
