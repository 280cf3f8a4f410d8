"""The lists, cards and forms of organizations, countries and topics in the admin."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from network.models import Country, CountryGroup, Organization, OrganizationName, Topic
from tests.conftest import queries_of, rows_of_sheet

LISTS = ("organization", "countrygroup", "topic")


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def several(count: int, after: int = 0) -> None:
    """`count` rows more in each list, with something in every column."""
    for number in range(after, after + count):
        topic = Topic.objects.create(slug=f"broad-{number}", name={"en": f"Broad {number}"})
        Topic.objects.create(slug=f"narrow-{number}", name={"en": f"Narrow {number}"}, parent=topic)
        parent = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}", country_id="FR")
        customs = Organization.objects.create(kind="LAW_ENFORCEMENT", name=f"Customs {number}", parent=parent)
        customs.topics.add(topic)
        group = CountryGroup.objects.create(slug=f"group-{number}", name={"en": f"Group {number}"})
        group.countries.set(["FR", "ES"])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, name):
    several(1)
    with_one = queries_of(desk, reverse(f"{name}:index"))
    several(2, after=1)

    assert queries_of(desk, reverse(f"{name}:index")) == with_one


def test_the_list_of_countries_asks_as_often_for_all_as_for_one(desk):
    url = reverse("country:index")

    assert queries_of(desk, url) == queries_of(desk, f"{url}?q=france")


@pytest.mark.parametrize(("asked", "found"), [("francaise", 1), ("DGDDI", 1), ("douane francaise", 1), ("police", 0)])
def test_an_organization_is_found_by_any_of_its_names_without_accents(desk, asked, found):
    customs = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs", acronym="DGDDI", country_id="FR")
    customs.other_names.add(OrganizationName(name="Douane française", language="fr", kind="TRANSLATION"))
    customs.save()

    page = desk.get(reverse("organization:index"), {"q": asked})

    assert len(page.context["object_list"]) == found


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"kind": "GOVERNMENT"}, ["Ministry 0"]),
        ({"kind": ["GOVERNMENT", "LAW_ENFORCEMENT"]}, ["Customs 0", "Ministry 0"]),
        ({"country": "FR"}, ["Ministry 0"]),
        ({"region": "Europe"}, ["Ministry 0"]),
        ({"status": "ENDED"}, []),
        ({"is_listed": "true"}, []),
    ],
)
def test_filters_narrow_the_list_and_its_export_alike(desk, asked, names):
    several(1)

    page = desk.get(reverse("organization:index"), asked)
    sheet = desk.get(reverse("organization:index"), {**asked, "export": "csv"})

    assert [organization.name for organization in page.context["object_list"]] == names
    assert [row[0] for row in rows_of_sheet(sheet)[1:]] == names


def test_an_export_holds_what_the_list_knows(desk):
    Organization.objects.create(kind="NGO", name="=cmd()", acronym="X", country_id="ES", website="https://x.example")
    url = reverse("organization:index")

    head, row = rows_of_sheet(desk.get(url, {"export": "csv"}))
    book = load_workbook(BytesIO(b"".join(desk.get(url, {"export": "xlsx"}).streaming_content)))

    assert dict(zip(head, row, strict=True))["Country code"] == "ES"
    assert row[:5] == ["'=cmd()", "X", "Non-governmental organization", "ES", "Spain"]
    assert (book.active["A2"].value, book.active["A2"].data_type) == ("=cmd()", "s")


def form_of(organization: Organization | None = None, **changes) -> dict:
    """What the form posts: `names` as (key, name), key "" for a new one."""
    names = changes.pop("names", [])
    kept = sum(bool(key) for key, _name in names)
    form = {"name": "Customs", "kind": "LAW_ENFORCEMENT", "status": "ACTIVE", "acronym": "", "website": ""}
    form |= {"other_names-TOTAL_FORMS": len(names), "other_names-INITIAL_FORMS": kept}
    for place, (key, name) in enumerate(names):
        form |= {f"other_names-{place}-id": key, f"other_names-{place}-name": name}
        form |= {f"other_names-{place}-kind": "ALIAS", f"other_names-{place}-language": ""}
    return {**form, **changes}


def test_an_organization_is_added_with_its_other_names_and_found_by_them(desk, noor):
    desk.post(reverse("organization:add"), form_of(country="FR", names=[("", "Zollverwaltung"), ("", "Aduana")]))

    customs = Organization.objects.get()
    assert sorted(other.name for other in customs.other_names.all()) == ["Aduana", "Zollverwaltung"]
    assert list(Organization.objects.matching("aduana")) == [customs]
    assert ModelLogEntry.objects.get(action="wagtail.create").user == noor


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(desk):
    page = desk.post(reverse("organization:add"), form_of(website="nowhere", name=""))

    assert page.context["form"].errors == {
        "name": ["This field is required."],
        "website": ["Enter a valid URL."],
    }
    assert Organization.objects.count() == 0


def test_an_organization_with_people_is_not_deleted(client, root, pavel, customs):
    client.force_login(root)

    page = client.post(reverse("organization:delete", args=[customs.pk]), follow=True)

    assert "cannot be deleted while these refer to it: affiliations" in page.text
    assert Organization.objects.get() == customs


def test_a_card_shows_the_people_of_today_and_history_who_changed_what(desk, customs, pavel, noor):
    card = desk.get(reverse("organization:inspect", args=[customs.pk]))
    assert [affiliation.person for affiliation in card.context["affiliations"]] == [pavel]

    desk.post(reverse("organization:edit", args=[customs.pk]), form_of(name="Customs and Excise"))

    history = desk.get(reverse("organization:history", args=[customs.pk]))
    assert [entry.user for entry in history.context["object_list"]] == [noor]


def test_a_country_is_named_as_the_house_decides_and_keeps_its_facts(desk, france):
    url = reverse("country:edit", args=["FR"])

    desk.post(url, {"display_name_en": "French Republic", "code": "XX", "name_en": "Gaul"})

    france = Country.objects.get(code="FR")
    assert (str(france), france.name.in_language("en"), france.alpha3) == ("French Republic", "France", "FRA")
    assert list(desk.get(reverse("country:index"), {"q": "french rep"}).context["object_list"]) == [france]


def test_a_topic_cannot_be_put_below_itself(desk):
    broad = Topic.objects.create(slug="broad", name={"en": "Broad"})
    narrow = Topic.objects.create(slug="narrow", name={"en": "Narrow"}, parent=broad)

    page = desk.post(
        reverse("topic:edit", args=[broad.pk]),
        {"name_en": "Broad", "slug": "broad", "position": "0", "parent": narrow.pk},
    )

    assert page.context["form"].errors == {"parent": ["A topic cannot be below itself."]}


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so_and_offers_to_add(desk, name):
    page = desk.get(reverse(f"{name}:index"))

    assert reverse(f"{name}:add") in page.text
    assert list(page.context["object_list"]) == []


def test_a_chooser_finds_in_any_script_and_is_shut_to_who_may_not_see(client, desk, customs, stranger):
    url = reverse("organization_chooser:choose_results")
    assert [row.pk for row in desk.get(url, {"q": "custom example"}).context["results"]] == [customs.pk]

    client.force_login(stranger)

    assert client.get(url).status_code == 302
