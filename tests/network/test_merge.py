"""Two records that are one organization are found, become one, and two again."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation, Task
from network.models import (
    Desk,
    Organization,
    OrganizationKey,
    OrganizationMerge,
    OrganizationName,
    OrganizationPair,
    OrganizationScan,
    Relationship,
)
from network.sheets import OrganizationRecord, Tally
from network.tasks import compare_organizations
from tests.conftest import person, queries_of
from tests.network.test_viewsets import form_of

pytestmark = pytest.mark.django_db

FACTS = ("name", "acronym", "kind", "country_id", "parent_id", "website", "email", "reference", "search_text")


def facts(organization: Organization) -> dict:
    """All that is known of an organization, as rows."""
    organization = Organization.everyone.get(pk=organization.pk)
    parts = {
        name: sorted(getattr(organization, name).values_list("pk", flat=True))
        for name in ("affiliations", "tasks", "other_names", "topics", "children", "relationships")
    }
    return {name: getattr(organization, name) for name in FACTS} | parts


@pytest.fixture
def union(db) -> Organization:
    return Organization.objects.create(kind="IGO", name="Union of Customs")


@pytest.fixture
def double(customs, union, tobacco, noor) -> Organization:
    """The customs once more, in French, with people, a name, a topic, a unit, a task and a membership."""
    double = Organization.objects.create(
        kind="GOVERNMENT",
        name="Douanes d'Exemple",
        country_id="FR",
        website="https://douanes.example/",
        reference="r:1",
    )
    OrganizationName.objects.create(organization=double, name="Customs of Éxample", language="en")
    double.topics.add(tobacco)
    Organization.objects.create(kind="GOVERNMENT", name="Laboratoire", country_id="FR", parent=double)
    Affiliation.objects.create(person=person("Rosa", "Vidal"), organization=double, position="Inspector")
    Task.objects.set_for(noor, "Call them", None, by=noor, organization=double)
    Relationship.objects.create(first=double, kind="MEMBER", second=union)
    double.save()
    return Organization.objects.get(pk=double.pk)


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def test_one_organization_in_two_languages_is_found_and_it_is_said_why(customs, double):
    Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs of Example", country_id="KE")  # another one

    assert OrganizationPair.objects.scan() == 1

    pair = OrganizationPair.objects.get()
    assert (pair.first, pair.second) == (customs, double)
    assert [str(reason) for reason in pair.reasons] == [
        "The same name in two spellings, languages or scripts: Customs of Example, Customs of Éxample",
        "The same country: France",
        "Different kinds of organizations",
    ]


def test_what_was_decided_is_not_asked_again(customs, double, noor):
    OrganizationPair.objects.scan()
    pair = OrganizationPair.objects.get()

    pair.keep_apart(by=noor)

    assert (OrganizationPair.objects.scan(), OrganizationPair.objects.look_at(double)) == (0, [])
    assert ModelLogEntry.objects.get(action="network.organization.keep_apart").user == noor
    with pytest.raises(ValidationError, match="decided this already"):
        OrganizationPair.objects.get().keep_apart(by=noor)


def test_what_was_decided_can_be_doubted_and_is_asked_again(customs, double, noor):
    OrganizationPair.objects.scan()
    pair = OrganizationPair.objects.get()
    with pytest.raises(ValidationError, match="not kept apart"):
        pair.compare_again(by=noor)
    pair.keep_apart(by=noor)

    pair.compare_again(by=noor)

    assert (list(OrganizationPair.objects.open()), OrganizationPair.objects.scan()) == ([pair], 1)
    assert ModelLogEntry.objects.get(action="network.organization.compare_again").user == noor


def test_everything_of_the_other_comes_over(customs, double, union, noor, tobacco):
    merge = OrganizationMerge.objects.join(customs, double, take=["website"], by=noor)

    kept = Organization.objects.get(pk=customs.pk)
    assert (kept.name, kept.kind, kept.website, kept.reference) == (
        "Customs of Example",
        "LAW_ENFORCEMENT",
        "https://douanes.example/",
        "r:1",
    )
    assert ([held.position for held in kept.affiliations.all()], merge.left) == (["Inspector"], [])
    assert [child.name for child in kept.children.all()] == ["Laboratoire"]
    assert sorted(other.name for other in kept.other_names.all()) == ["Customs of Éxample", "Douanes d'Exemple"]
    assert (list(kept.topics.all()), kept.tasks.get().title) == ([tobacco], "Call them")
    assert Relationship.objects.get().first == kept
    assert list(Organization.objects.matching("douanes exemple")) == [kept]
    assert not Organization.objects.filter(pk=double.pk).exists()
    assert ModelLogEntry.objects.get(action="network.organization.merge").user == noor


def test_it_can_be_taken_back_to_the_last_row(customs, double, noor):
    before = facts(customs), facts(double)
    merge = OrganizationMerge.objects.join(customs, double, take=["name", "kind", "website"], by=noor)
    assert Organization.objects.get(pk=customs.pk).name == "Douanes d'Exemple"

    assert OrganizationMerge.objects.get(pk=merge.pk).undo(by=noor) == []

    assert (facts(customs), facts(double)) == before
    with pytest.raises(ValidationError, match="taken back already"):
        OrganizationMerge.objects.get().undo(by=noor)


def test_which_of_the_two_stays_can_be_swapped_before_they_are_merged(desk, customs, double):
    asked = desk.get(reverse("organization:merge", args=[customs.pk]), {"other": double.pk})

    swapped = desk.get(asked.context["swap_url"])

    assert "Let the other record stay instead" in asked.text
    assert [(page.context["record"], page.context["other"]) for page in (asked, swapped)] == [
        (customs, double),
        (double, customs),
    ]
    assert swapped.context["swap_url"] == f"{reverse('organization:merge', args=[customs.pk])}?other={double.pk}"
    assert OrganizationMerge.objects.count() == 0


def test_what_somebody_changed_since_is_kept(customs, double, noor, union):
    merge = OrganizationMerge.objects.join(customs, double, take=["website"], by=noor)
    kept = Organization.objects.get(pk=customs.pk)
    kept.website = "https://new.example/"
    kept.save()
    kept.affiliations.update(organization=union)

    assert OrganizationMerge.objects.get(pk=merge.pk).undo(by=noor) == ["website"]

    assert Organization.objects.get(pk=customs.pk).website == "https://new.example/"
    assert (Affiliation.objects.get().organization, double.affiliations.count()) == (union, 0)


def test_what_both_have_stays_with_the_old_record_and_is_named(customs, double, union, noor):
    Relationship.objects.create(first=customs, kind="MEMBER", second=union)
    Relationship.objects.create(first=double, kind="PARTNER", second=customs)

    merge = OrganizationMerge.objects.join(customs, double, by=noor)

    assert sorted(merge.left) == [
        "relationship: Douanes d'Exemple: Cooperates with Customs of Example",
        "relationship: Douanes d'Exemple: Member of Union of Customs",
    ]


def test_a_part_and_its_whole_are_not_merged(customs, double, noor):
    customs.parent = double
    customs.save()

    with pytest.raises(ValidationError, match="One of the two is part of the other"):
        OrganizationMerge.objects.join(customs, double, by=noor)


def test_none_is_merged_with_itself_or_twice(customs, double, noor):
    with pytest.raises(ValidationError, match="two different records"):
        OrganizationMerge.objects.join(customs, customs, by=noor)
    OrganizationMerge.objects.join(customs, double, by=noor)

    with pytest.raises(ValidationError, match="two different records"):
        OrganizationMerge.objects.join(customs, double, by=noor)
    assert OrganizationKey.objects.filter(record=double).count() == 0


def test_a_register_finds_the_record_that_stands(customs, double, noor):
    customs.reference = "r:0"
    customs.save()
    OrganizationMerge.objects.join(customs, double, by=noor)
    record = OrganizationRecord(2, "r:1", "LAW_ENFORCEMENT", "Customs of Example", email="post@customs.example")

    assert Organization.objects.take_records([record]) == Tally(changed=1)
    assert Organization.objects.get(pk=customs.pk).email == "post@customs.example"


def test_an_officer_compares_and_merges_and_the_old_address_leads_to_the_new(desk, customs, double):
    url = reverse("organization:merge", args=[customs.pk])
    page = desk.get(url, {"other": double.pk})
    differing = [row.name for row in page.context["rows"] if row.differs]

    merged = desk.post(url, {"other": double.pk, "take": ["name"]})

    assert differing == ["name", "kind"]
    assert merged["Location"] == reverse("organization:inspect", args=[customs.pk])
    old = desk.get(reverse("organization:inspect", args=[double.pk]))
    assert old["Location"] == merged["Location"]
    card = desk.get(merged["Location"])
    assert "Merged with this record" in card.text
    desk.post(reverse("organization:unmerge", args=[OrganizationMerge.objects.get().pk]))
    assert Organization.objects.filter(pk__in=[customs.pk, double.pk]).count() == 2


def test_who_adds_an_organization_again_is_told_at_once(desk, customs):
    form = form_of([], name="Customs of Exampel", acronym="")

    page = desk.post(reverse("organization:add"), form, follow=True)

    told = "This may be the same as Customs of Example (CEX): Names that are nearly the same: "
    assert told in page.text
    assert OrganizationPair.objects.get().decided_at is None


def test_the_worker_compares_when_somebody_asked(desk, customs, double):
    desk.post(reverse("organizationpair:scan"))
    assert OrganizationScan.objects.waiting().count() == 1

    assert [compare_organizations.call(), compare_organizations.call()] == [True, False]

    assert (OrganizationScan.objects.get().pairs, OrganizationPair.objects.open().count()) == (1, 1)
    listed = desk.get(reverse("organizationpair:index"), {"q": "douanes"})
    assert [str(pair) for pair in listed.context["object_list"]] == ["Customs of Example (CEX) and Douanes d'Exemple"]


def test_a_comparison_whose_worker_died_is_taken_up_again(customs, double, noor):
    scan = OrganizationScan.objects.ask(by=noor)
    OrganizationScan.objects.update(started_at=timezone.now())
    assert (OrganizationScan.objects.run_next(), OrganizationScan.objects.ask(by=noor).pk == scan.pk) == (False, False)

    OrganizationScan.objects.filter(pk=scan.pk).update(started_at=timezone.now() - datetime.timedelta(hours=3))

    assert OrganizationScan.objects.run_next() is True


def test_of_an_empty_list_it_is_said_what_to_do(desk, db):
    assert "Press “Compare all” to look for new ones." in desk.get(reverse("organizationpair:index")).text


def test_a_desk_sees_no_pair_of_which_one_is_of_another_desk(client, customs, noor):
    twin = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs of Example")  # of no country
    secret = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs of Exampel", country_id="KE")
    OrganizationPair.objects.create(first=customs, second=secret, score=9)
    OrganizationPair.objects.create(first=customs, second=twin, score=5)
    french = Desk.objects.create(name="France")
    french.countries.set(["FR"])
    noor.desks.add(french)
    client.force_login(noor)

    listed = client.get(reverse("organizationpair:index"))
    compared = client.get(reverse("organization:merge", args=[customs.pk]), {"other": secret.pk})

    assert [pair.second for pair in listed.context["object_list"]] == [twin]
    assert ("Exampel" in listed.text, "Exampel" in compared.text) == (False, False)
    hidden = reverse("organization:merge", args=[secret.pk])
    assert client.post(hidden, {"other": customs.pk}, follow=True).status_code == 404


def test_the_list_asks_as_often_for_three_pairs_as_for_one(desk, customs, double):
    OrganizationPair.objects.create(first=customs, second=double, score=9)
    with_one = queries_of(desk, reverse("organizationpair:index"))
    for number in range(2):
        twin = Organization.objects.create(kind="NGO", name=f"Twin {number}")
        OrganizationPair.objects.create(first=customs, second=twin, score=5)

    assert queries_of(desk, reverse("organizationpair:index")) == with_one


def test_what_two_old_records_shared_stays_when_one_of_them_goes_back(customs, double, union, noor):
    third = Organization.objects.create(kind="GOVERNMENT", name="Third name", country_id="FR")
    for one in (double, third):
        OrganizationName.objects.create(organization=one, name="What both are called", language="en")
    first = OrganizationMerge.objects.join(customs, double, by=noor)
    second = OrganizationMerge.objects.join(customs, third, by=noor)
    assert "What both are called" in " ".join(second.left)

    first.undo(by=noor)

    assert [other.name for other in customs.other_names.filter(name="What both are called")] == ["What both are called"]
    assert double.other_names.filter(name="What both are called").count() == 1
    assert OrganizationMerge.objects.get(pk=second.pk).left == []


@pytest.fixture
def units(france) -> list[Organization]:
    """Two parents, and a unit below each."""
    parents = [Organization.objects.create(kind="GOVERNMENT", name=name, country=france) for name in ("P", "Q")]
    units = [
        Organization.objects.create(kind="GOVERNMENT", name=f"Unit of {one}", country=france, parent=one)
        for one in parents
    ]
    return [*parents, *units]


def test_a_parent_that_is_gone_does_not_come_back_with_an_unmerge(units, noor):
    parent, _other, one, two = units
    merge = OrganizationMerge.objects.join(one, two, take=["parent_id"], by=noor)
    parent.delete()

    merge.undo(by=noor)

    assert Organization.objects.get(pk=one.pk).parent is None


def test_a_parent_that_was_merged_comes_back_as_the_record_that_stands(units, noor, customs):
    parent, _other, one, two = units
    merge = OrganizationMerge.objects.join(one, two, take=["parent_id"], by=noor)
    OrganizationMerge.objects.join(customs, parent, by=noor)

    merge.undo(by=noor)

    assert Organization.objects.get(pk=one.pk).parent == customs


def test_a_relationship_that_never_held_comes_over_as_it_is(customs, double, union, noor):
    tie = Relationship.objects.create(first=double, kind="MEMBER", second=customs)
    Relationship.objects.filter(pk=tie.pk).update(kind="MEMBER")
    third = Organization.objects.create(kind="GOVERNMENT", name="Third", country_id="FR")

    merge = OrganizationMerge.objects.join(third, double, by=noor)

    assert (Relationship.objects.get(pk=tie.pk).first, merge.left) == (third, [])
