"""Whom a desk sees, worked out row by row in Python: PostgreSQL says the same, in whichever words it is asked."""

from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Affiliation, Person
from network.models import Country, Desk, Organization
from network.models.desk import DeskOrganization
from network.models.few import few
from network.viewsets.records import KeysFirst
from tests.conftest import person

pytestmark = pytest.mark.django_db

CODES = ["FR", "KE", "TG"]
SOME = st.sets(st.integers(min_value=0, max_value=3), max_size=3)  # of the organizations
ANYWHERE = st.sampled_from([None, *CODES])


@dataclass
class Known:
    """A person: where they live, which organizations they belonged to, and what became of the record."""

    country: str | None
    posts: set[int]
    fate: str

    def is_seen_by(self, countries: set[str], named: set[int], bodies: list[str | None]) -> bool:
        places = {bodies[post] for post in self.posts}
        return self.country in countries or bool(places & countries) or bool(self.posts & named)


PEOPLE = st.lists(
    st.builds(Known, ANYWHERE, SOME, st.sampled_from(["stands", "stands", "merged", "erased"])), min_size=1, max_size=6
)
DESKS = st.lists(st.tuples(st.sets(st.sampled_from(CODES), max_size=2), SOME), min_size=2, max_size=2)


@settings(max_examples=40, deadline=None)
@given(bodies=st.lists(ANYWHERE, min_size=4, max_size=4), people=PEOPLE, desks=DESKS, is_old=st.booleans())
def test_a_desk_sees_whom_the_rule_names_however_it_is_asked(bodies, people, desks, is_old):
    with transaction.atomic():
        keys, desk_keys = _written(bodies, people, desks, is_old)
        for which in ([0], [1], [0, 1]):
            countries, named = (set().union(*(desks[one][part] for one in which)) for part in (0, 1))
            rule = [key for key, one in zip(keys, people, strict=True) if one.is_seen_by(countries, named, bodies)]
            seen = Person.everyone.filter(pk__in=keys).of_desks([desk_keys[one] for one in which]).order_by("pk")
            assert _keys(seen) == _keys(few(seen)) == rule
            assert _keys(few(seen)[:2]) == rule[:2]
            assert few(seen).count() == seen.count() == len(rule)
            hidden = Person.everyone.filter(pk__in=keys).exclude(pk__in=few(seen).values("pk"))
            assert _keys(hidden.order_by("pk")) == [key for key in keys if key not in rule]
        transaction.set_rollback(True)


def _keys(people) -> list[int]:
    return [one.pk for one in people]


def _written(bodies, people, desks, is_old) -> tuple[list[int], list[int]]:
    """The keys of the people and of the desks. The first organization may be an old record, merged into another."""
    placed = [Organization.objects.create(kind="NGO", name=f"Body {n}", country_id=at) for n, at in enumerate(bodies)]
    if is_old:
        Organization.everyone.filter(pk=placed[0].pk).update(merged_into=placed[1])
    rows = Person.everyone.bulk_create(
        Person(given_name="Ann", family_name=f"Person {n}", country_id=one.country) for n, one in enumerate(people)
    )
    Affiliation.objects.bulk_create(
        Affiliation(person=row, organization=placed[post])
        for row, one in zip(rows, people, strict=True)
        for post in one.posts
    )
    kept = person("Kept", "Record")
    fates = {"merged": {"merged_into": kept}, "erased": {"erased_at": timezone.now()}}
    for row, one in zip(rows, people, strict=True):
        if one.fate in fates:
            Person.everyone.filter(pk=row.pk).update(**fates[one.fate])
    countries = Country.objects.in_bulk(CODES)
    made = [
        Desk.objects.create(name=f"Desk {n}", countries=[countries[code] for code in codes])
        for n, (codes, _named) in enumerate(desks)
    ]
    DeskOrganization.objects.bulk_create(
        DeskOrganization(desk=desk, organization=placed[body])
        for desk, (_codes, named) in zip(made, desks, strict=True)
        for body in named
    )
    return [row.pk for row in rows], [desk.pk for desk in made]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_few_people_are_looked_up_and_of_all_a_set_is_made(french_desk):
    seen = Person.objects.of_desks([french_desk.pk])

    assert "OFFSET 0" in str(few(seen).query)
    assert "OFFSET 0" not in str(seen.query)


@pytest.mark.parametrize(
    ("asked", "everybody", "desk"),
    [
        ({}, ["Novak", "Secret"], ["Novak"]),
        ({"ordering": "-family_name"}, ["Secret", "Novak"], ["Novak"]),
        ({"country": "KE"}, ["Secret"], []),
        ({"country": "KE", "focal_point": "true"}, ["Secret"], []),
        ({"focal_point": "true"}, ["Novak", "Secret"], ["Novak"]),
        ({"focal_point": "false"}, [], []),
        ({"q": "e"}, ["Novak", "Secret"], ["Novak"]),
    ],
)
def test_the_first_part_of_a_list_ends_at_the_desk_too(
    client, monkeypatch, noor, fatou, pavel, secret, asked, everybody, desk
):
    monkeypatch.setattr(KeysFirst, "first", 1)
    monkeypatch.setattr(KeysFirst, "most", 0)  # what is narrowed is counted, and then read
    url = "/admin/contacts/people/"

    for viewer, names in ((noor, everybody), (fatou, desk)):
        client.force_login(viewer)
        page = client.get(url, asked)
        assert [one.family_name for one in page.context["object_list"]] == names


def test_there_is_no_index_for_every_order(client, monkeypatch, fatou, pavel):
    monkeypatch.setattr(KeysFirst, "first", 1)
    client.force_login(fatou)

    with connection.execute_wrapper(lambda *asked: sent.append(asked[1]) or asked[0](*asked[1:])):
        ways = []
        for ordering in ("family_name", "-family_name", "country_id", "precedence"):
            sent = []
            client.get("/admin/contacts/people/", {"ordering": ordering})
            ways.append(sum("OFFSET 0" in sql for sql in sent))

    assert ways == ([1, 1, 0, 0] if connection.vendor == "postgresql" else [0, 0, 0, 0])
