"""Segments by the organizations and posts that people hold there; on the form and on the card, each desk its own."""

import pytest
from django.urls import reverse

from contacts.models import Affiliation, Segment
from network.models import Organization, OrganizationMerge
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard(db) -> Organization:
    return Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Guard", country_id="KE")


@pytest.fixture
def staffed(customs, guard):
    """Head and deputy of the customs, a focal point of the guard, and who was head once."""
    Affiliation.objects.create(person=person("Ada", "Head"), organization=customs, is_head=True)
    Affiliation.objects.create(person=person("Bo", "Deputy"), organization=customs, is_deputy=True)
    Affiliation.objects.create(person=person("Cy", "Focal"), organization=guard, is_focal_point=True)
    Affiliation.objects.create(person=person("Di", "Former"), organization=customs, is_head=True, ends_on="2020-01-01")


def fit(**answers) -> list[str]:
    return [one.family_name for one in Segment.objects.people_with(answers).order_by("family_name")]


@pytest.mark.parametrize(
    ("posts", "names"),
    [
        (["is_head"], ["Head"]),
        (["is_deputy", "is_focal_point"], ["Deputy", "Focal"]),
    ],
)
def test_people_fit_by_what_they_are_there_now(staffed, posts, names):
    assert fit(post=posts) == names


def test_people_fit_by_the_organization(staffed, customs, guard):
    assert fit(organization=[str(customs.pk)]) == ["Deputy", "Head"]
    assert fit(organization=[str(customs.pk), str(guard.pk)], post=["is_head", "is_focal_point"]) == ["Focal", "Head"]


def test_an_organization_that_was_merged_away_means_the_one_that_stands(staffed, customs, guard, noor):
    segment = Segment.objects.create(name="Guard", answers={"organization": [str(guard.pk)]})

    OrganizationMerge.objects.join(customs, guard, by=noor)

    assert sorted(one.family_name for one in segment.people()) == ["Deputy", "Focal", "Head"]


def chosen(client, url: str) -> list[tuple[str, str]]:
    field = client.get(url).context["form"]["answer_organization"]
    return [(str(option.data["value"]), option.data["label"]) for option in field.subwidgets]


def test_the_form_takes_one_more_organization_at_each_saving(client, noor, staffed, customs, guard):
    client.force_login(noor)
    add = reverse("segment:add")
    assert chosen(client, f"{add}?organization={customs.pk}") == [(str(customs.pk), str(customs))]

    said = {"name": "Both", "note": "", "answer_organization": [customs.pk], "more_answer_organization": guard.pk}
    client.post(add, said)

    segment = Segment.objects.get()
    assert segment.answers == {"organization": [str(customs.pk), str(guard.pk)]}
    edit = reverse("segment:edit", args=[segment.pk])
    assert [label for _key, label in chosen(client, edit)] == [str(customs), str(guard)]
    client.post(edit, {"name": "One", "note": "", "answer_organization": [guard.pk], "more_answer_organization": ""})
    assert Segment.objects.get().answers == {"organization": [str(guard.pk)]}


def test_a_desk_neither_reads_nor_takes_away_an_organization_of_another(client, fatou, customs, guard):
    segment = Segment.objects.create(name="Both", answers={"organization": [str(customs.pk), str(guard.pk)]})
    client.force_login(fatou)
    card, edit = (reverse(f"segment:{name}", args=[segment.pk]) for name in ("inspect", "edit"))

    shown = client.get(card).content.decode() + client.get(edit).content.decode()
    client.post(edit, {"name": "Mine", "note": "", "more_answer_organization": ""})

    assert ("Nairobi Guard" in shown, str(customs) in shown, "(not to be seen by you)" in shown) == (False, True, True)
    assert Segment.objects.get().answers == {"organization": [str(guard.pk)]}


def test_a_desk_cannot_choose_or_count_by_an_organization_of_another(client, fatou, france, customs, guard, staffed):
    Affiliation.objects.create(person=person("Ed", "Both", country=france), organization=guard)
    client.force_login(fatou)

    answer = client.post(reverse("segment:add"), {"name": "Guard", "note": "", "more_answer_organization": guard.pk})
    counts = [
        client.get(reverse("segment:count"), {"answer_organization": organization.pk}).json()["count"]
        for organization in (customs, guard)
    ]

    assert (answer.status_code, Segment.objects.count(), counts) == (200, 0, [2, 0])


@pytest.mark.parametrize("asked", ["abc", "9" * 30, "-1", "²"])
def test_an_address_that_names_no_organization_is_a_form_without_one(client, noor, asked):
    client.force_login(noor)
    add = f"{reverse('segment:add')}?organization={asked}&post=boss"

    answer = client.post(add, {"name": "None", "note": "", "answer_organization": asked})

    assert (chosen(client, add), answer.status_code, Segment.objects.count()) == ([], 200, 0)


def test_an_address_smuggles_no_organization_of_another_desk_into_a_segment(client, fatou, guard):
    client.force_login(fatou)

    client.post(f"{reverse('segment:add')}?organization={guard.pk}", {"name": "Mine", "note": ""})

    assert Segment.objects.get().answers == {}
