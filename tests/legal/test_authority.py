"""Competent authorities: who keeps them sees those of their desks, focal points of countries see all that are shared,
and nobody else sees any."""

import pytest
from django.contrib.auth.models import AnonymousUser

from contacts.models import Affiliation
from legal.models import Authority
from tests.conftest import person, staff
from tests.legal.helping import account, focal_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def authorities(france) -> list[Authority]:
    """Two of France, of which one is for us alone, and one of Kenya."""
    facts = (("Bureau de l’entraide", "FR", False), ("Hidden bureau", "FR", True), ("Central Authority", "KE", False))
    return [
        Authority.objects.create(name=name, country_id=code, function="MLA", is_internal=is_internal, source="Letter")
        for name, code, is_internal in facts
    ]


def names(viewer) -> list[str]:
    return [str(one) for one in Authority.objects.visible_to(viewer)]


def test_a_legal_officer_sees_all_and_one_of_a_desk_those_of_its_countries(authorities, lena, french_desk):
    of_a_desk = staff("legal officer", "desk@example.org")
    of_a_desk.desks.add(french_desk)

    assert names(lena) == ["Bureau de l’entraide", "Hidden bureau", "Central Authority"]
    assert names(of_a_desk) == ["Bureau de l’entraide", "Hidden bureau"]


def test_a_focal_point_of_a_country_sees_those_that_are_shared(authorities, pavel):
    assert names(account(pavel)) == ["Bureau de l’entraide", "Central Authority"]


@pytest.mark.parametrize("role", ["network officer", "organizer", "editor", "front desk", "reader"])
def test_no_other_role_sees_any(authorities, role):
    assert names(staff(role, "somebody@example.org")) == []


def test_who_is_no_focal_point_of_a_country_sees_none(authorities, dina, stranger):
    industry = focal_point(person("Ina", "Dustry"), "KE", kind="INDUSTRY")

    assert [names(one) for one in (AnonymousUser(), stranger, account(dina), industry)] == [[], [], [], []]


@pytest.mark.parametrize("change", ["ended", "suspended"])
def test_who_was_a_focal_point_sees_none_any_more(authorities, pavel, customs, change):
    user = account(pavel)
    before = len(names(user))

    if change == "ended":
        Affiliation.objects.update(ends_on="2020-01-01")
    else:
        type(customs).objects.update(status="SUSPENDED")

    assert (before, names(user)) == (2, [])


def test_what_is_stale_is_known(authorities, lena):
    authorities[0].verify(by=lena)

    assert len(Authority.objects.stale()) == 2
