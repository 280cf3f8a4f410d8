"""Who may enter the admin, and which lists each role may see. Anonymous readers are asked to sign in."""

import pytest
from django.urls import reverse

from config.roles import ROLES
from tests.conftest import staff

LISTS = ["organization", "country", "countrygroup", "topic", "person", "message"]
LISTS += ["event", "session", "venue", "invitation", "registration"]
# What each role may not see among the lists of the house.
HIDDEN = {
    "administrator": set(),
    "network officer": set(),
    "organizer": set(),
    "legal officer": {"message"},
    "editor": set(LISTS) - {"event", "session"},
    "front desk": set(LISTS) - {"person", "event", "session", "invitation", "registration"},
    "reader": {"message"},
}


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_each_role_sees_its_lists_and_no_others(client, db, role):
    client.force_login(staff(role, "somebody@example.org"))

    statuses = {name: client.get(reverse(f"{name}:index")).status_code for name in LISTS}

    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert statuses == {name: 302 if name in HIDDEN[role] else 200 for name in LISTS}


def test_nobody_without_a_role_enters(client, stranger):
    client.force_login(stranger)

    for address in [reverse("wagtailadmin_home"), *(reverse(f"{name}:index") for name in LISTS)]:
        assert client.get(address).status_code in (302, 403)


def test_who_is_not_signed_in_is_asked_to(client, db):
    for address in [reverse("wagtailadmin_home"), *(reverse(f"{name}:index") for name in LISTS)]:
        answer = client.get(address)
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)
