"""The places of a delegation are exact too: five focal points name people at the same instant, eight requests each,
through HTTP. The last test is the control: with the guards off the same crowd overdraws."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from contacts.models import Affiliation, User
from events.models import Delegation, Quota
from events.models.quota import QuotaQuerySet
from network.models import Organization
from tests.conftest import person, several_connections

pytestmark = [pytest.mark.slow, several_connections]

DELEGATIONS, REQUESTS = 5, 8
GIVEN = [("", "ROOM", 3), ("HEAD", "", 1), ("ADVISER", "ONLINE", 2)]
ASKED = ["DELEGATE:ROOM", "HEAD:ROOM", "ADVISER:ONLINE", "DELEGATE:ROOM"]


@pytest.fixture
def focal_points(forum, olga) -> list[tuple[Delegation, User]]:
    """Of five organizations, each with mixed places."""
    found = []
    for number in range(DELEGATIONS):
        body = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}")
        Affiliation.objects.create(person=person("Focal", f"F{number}"), organization=body, is_focal_point=True)
        [delegation] = forum.delegations.draft([body], by=olga)
        for role, place, size in GIVEN:
            delegation.give(role, place, size, by=olga)
        delegation.invite(by=olga)
        found.append((delegation, delegation.focal_points[0].user))
    return found


class Browser:
    """Signed in as one focal point; names one person."""

    def __init__(self, server: str, delegation: Delegation, user: User, number: int):
        client = Client()
        client.force_login(user)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.connection = HTTPConnection(urlsplit(server).netloc, timeout=120)
        self.path = f"/en/delegations/{delegation.pk}/"
        page, headers = self.ask("GET", self.path)
        self.cookie += f"; {headers['Set-Cookie'].partition(';')[0]}"
        secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        name = {"given_name": "Ana", "family_name": f"No{number}of{delegation.pk}", "language": "en"}
        name["email"] = f"{name['family_name']}@example.org".lower()
        self.body = urlencode({**name, "seat": ASKED[number % len(ASKED)], "csrfmiddlewaretoken": secret})

    def name(self) -> int:
        self.ask("POST", f"{self.path}members/", self.body)
        self.connection.close()
        return self.status

    def ask(self, method: str, path: str, body: str = ""):
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body or None, headers)
        response = self.connection.getresponse()
        self.status = response.status
        return response.read().decode(), response.headers


def crowd(server: str, focal_points) -> Counter:
    """All name somebody at once; how often each status code came back."""
    browsers = [
        Browser(server, delegation, user, number) for delegation, user in focal_points for number in range(REQUESTS)
    ]
    together = threading.Barrier(len(browsers))

    def act(browser: Browser) -> int:
        together.wait()
        return browser.name()

    with ThreadPoolExecutor(len(browsers)) as pool:
        return Counter(pool.map(act, browsers))


def taken(delegation: Delegation) -> dict[tuple[str, str], tuple[int, int]]:
    """Role and place -> what the quota says is taken, and how many members there are that count in it."""
    members = delegation.members.holding_places()
    return {
        (quota.role, quota.place): (quota.used, members.of_sort(quota.role, quota.place).count())
        for quota in delegation.quotas.all()
    }


def test_five_delegations_fill_their_places_exactly(live_server, focal_points):
    answers = crowd(live_server.url, focal_points)

    assert set(answers) == {302, 422}
    for delegation, _user in focal_points:
        used = taken(delegation)
        assert used[("", "ROOM")] == (3, 3)
        assert used[("HEAD", "")] in [(0, 0), (1, 1)]  # the delegates may have been faster
        assert used[("ADVISER", "ONLINE")] == (2, 2)
    assert answers[302] == DELEGATIONS * 5


def test_with_the_guards_off_the_same_crowd_overdraws(live_server, focal_points, monkeypatch):
    counted = threading.Barrier(DELEGATIONS * REQUESTS)

    def count_first(quotas) -> bool:
        """What everybody writes first: count, then take; here all have counted before the first takes."""
        has_room = all(
            quota.delegation.members.holding_places().of_sort(quota.role, quota.place).count() < quota.size
            for quota in quotas.select_related("delegation")
        )
        with suppress(threading.BrokenBarrierError):
            counted.wait(timeout=10)
        return has_room

    monkeypatch.setattr(QuotaQuerySet, "take", count_first)
    monkeypatch.setattr(Delegation, "_hold", lambda delegation: None)
    if connection.vendor == "sqlite":  # one writer at a time is a guard too: without it there is a race to be seen
        monkeypatch.setattr(Delegation, "nominate", Delegation.nominate.__wrapped__)

    crowd(live_server.url, focal_points)

    members = [taken(delegation)[("", "ROOM")][1] for delegation, _user in focal_points]
    assert max(members) > Quota.objects.get(delegation=focal_points[0][0], role="", place="ROOM").size
