"""The lists, cards and forms of organizations, countries, their groups and topics in the admin."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation
from network.models import Country, CountryGroup, Organization, OrganizationName, Topic
from tests.conftest import queries_of, rows_of_sheet

LISTS = ("organization", "countrygroup", "topic")
NEEDED = ["This field is required."]


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def several(count: int, after: int = 0) -> None:
    """`count` rows more in each list, with something in every column."""
    for number in range(after, after + count):
        broad = Topic.objects.create(slug=f"broad-{number}", name={"en": f"Broad {number}", "fr": "Élargi"})
        narrow = Topic.objects.create(slug=f"narrow-{number}", name=f"Narrow {number}", parent=broad, position=1)
        ministry = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}", country_id="FR")
        reached = {"website": "https://customs.example/", "email": "post@customs.example", "is_listed": True}
        where = {"country_id": "TN", "parent": ministry, "reference": f"register:{number}", "status": "SUSPENDED"}
        customs = Organization(kind="LAW_ENFORCEMENT", name=f"Customs {number}", acronym="CX", **reached, **where)
        customs.other_names.add(OrganizationName(name="Douane française", language="fr", kind="TRANSLATION"))
        customs.save()
        customs.topics.add(narrow)
        group = CountryGroup.objects.create(slug=f"group-{number}", name={"en": f"Group {number}"})
        group.countries.set(["FR", "ES"])


def shown(client, name: str, **asked) -> list[str]:
    """The names in the list."""
    return [str(record) for record in client.get(reverse(f"{name}:index"), asked).context["object_list"]]


def rows_of_book(response) -> list[list[str]]:
    """The cells of an export as a workbook, as text."""
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, name):
    several(1)
    with_one = queries_of(desk, reverse(f"{name}:index"))
    several(2, after=1)

    assert queries_of(desk, reverse(f"{name}:index")) == with_one


def test_the_list_of_countries_asks_as_often_for_all_as_for_one(desk):
    url = reverse("country:index")

    assert queries_of(desk, f"{url}?q=a") == queries_of(desk, f"{url}?q=france") == queries_of(desk, url) - 1


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so_and_offers_to_add(desk, name):
    page = desk.get(reverse(f"{name}:index")).text

    said = re.findall(r'<p>There are no (.*?) to display\. Why not <a href="(.*?)">add one</a>\?', page)
    assert said == [({"countrygroup": "country groups"}.get(name, f"{name}s"), reverse(f"{name}:add"))]


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("organization", "DOUANE francaise", ["Customs 0 (CX)"]),
        ("organization", "cx customs", ["Customs 0 (CX)"]),
        ("organization", "customs police", []),
        ("country", "perou", ["Peru"]),
        ("country", "الأردن", ["Jordan"]),
        ("topic", "elargi", ["Broad 0"]),
        ("countrygroup", "gróup", ["Group 0"]),
    ],
)
def test_a_record_is_found_by_any_of_its_names_without_accents(desk, name, asked, found):
    several(1)

    assert shown(desk, name, q=asked) == found


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("organization", {"kind": "GOVERNMENT"}, ["Ministry 0"]),
        ("organization", {"kind": ["GOVERNMENT", "LAW_ENFORCEMENT"]}, ["Customs 0 (CX)", "Ministry 0"]),
        ("organization", {"country": "FR"}, ["Ministry 0"]),
        ("organization", {"region": "Africa"}, ["Customs 0 (CX)"]),
        ("organization", {"status": "SUSPENDED"}, ["Customs 0 (CX)"]),
        ("organization", {"status": "ENDED"}, []),
        ("organization", {"is_listed": "true"}, ["Customs 0 (CX)"]),
        ("organization", {"topic": "Narrow 0"}, ["Customs 0 (CX)"]),
        ("organization", {"topic": "Narrow 0", "kind": "GOVERNMENT"}, []),
        ("country", {"groups": "Group 0"}, ["France", "Spain"]),
        ("country", {"region": "Africa", "q": "tunis"}, ["Tunisia"]),
        ("country", {"own_name": "true"}, ["Türkiye (the Republic of)"]),
        ("topic", {"parent": "Broad 0"}, ["Narrow 0"]),
    ],
)
def test_filters_narrow_the_list_and_its_exports_alike(desk, name, asked, found):
    several(1)
    Country.objects.filter(code="TR").update(display_name={"en": "Türkiye (the Republic of)"})
    keys = {str(record): record.pk for record in (*Topic.objects.all(), *CountryGroup.objects.all())}
    asked = {field: keys.get(value, value) if isinstance(value, str) else value for field, value in asked.items()}
    url = reverse(f"{name}:index")

    csv, book = (desk.get(url, {**asked, "export": kind}) for kind in ("csv", "xlsx"))

    assert shown(desk, name, **asked) == found
    assert len(rows_of_sheet(csv)) == len(rows_of_book(book)) == 1 + len(found)


def test_a_filter_stays_in_the_address_of_every_way_on_and_back(desk):
    several(51)
    url, asked = reverse("organization:index"), "kind=GOVERNMENT&q=ministry"

    page = desk.get(f"{url}?{asked}")

    links = {link.replace("&amp;", "&") for link in re.findall(rf'href="{url}(\?[^"]*)"', page.text)}
    ways = ("export=csv", "export=xlsx", "ordering=-name", "p=2")
    assert {f"?{asked}&{way}" for way in ways} - links == set()
    edit = reverse("organization:edit", args=[Organization.objects.first().pk])
    assert desk.get(url, headers={"Referer": f"http://testserver{edit}"}).url == f"{url}?{asked}"


CUSTOMS = ["Customs 0", "CX", "Law enforcement", "TN", "Tunisia", "Ministry 0", "https://customs.example/"]
EXPORTS = {
    "organization": [
        [*CUSTOMS, "post@customs.example", "Suspended", "True", "register:0"],
        ["Ministry 0", "", "Government", "FR", "France", "", "", "", "Active", "False", ""],
    ],
    "countrygroup": [["group-0", "Group 0", "ES, FR"]],
    "topic": [["broad-0", "Broad 0", "", "0"], ["narrow-0", "Narrow 0", "Broad 0", "1"]],
    "country": [["PE", "PER", "604", "Americas", "Latin America and the Caribbean", "Peru", "Peru", "Pérou", "Perú"]],
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_holds_what_the_list_knows(desk, name):
    several(1)
    url, asked = reverse(f"{name}:index"), {"q": "perou" if name == "country" else "0"}

    csv = rows_of_sheet(desk.get(url, {**asked, "export": "csv"}))
    book = rows_of_book(desk.get(url, {**asked, "export": "xlsx"}))

    assert [row[: len(expected)] for row, expected in zip(csv[1:], EXPORTS[name], strict=True)] == EXPORTS[name]
    assert book == csv


def test_a_name_is_no_formula_in_an_export(desk):
    Organization.objects.create(kind="NGO", name="=cmd()")
    url = reverse("organization:index")

    csv = rows_of_sheet(desk.get(url, {"export": "csv"}))
    cell = load_workbook(BytesIO(b"".join(desk.get(url, {"export": "xlsx"}).streaming_content))).active["A2"]

    assert (csv[1][0], cell.value, cell.data_type) == ("'=cmd()", "=cmd()", "s")


def form_of(names=(), **changes) -> dict:
    """What the form of an organization posts: `names` as (key, name), key "" for a new one."""
    kept = sum(bool(key) for key, _name in names)
    form = {"name": "Customs of Example", "kind": "LAW_ENFORCEMENT", "status": "ACTIVE", "acronym": "CEX"}
    form |= {"country": "FR", "other_names-TOTAL_FORMS": len(names), "other_names-INITIAL_FORMS": kept}
    for place, (key, name) in enumerate(names):
        form |= {f"other_names-{place}-id": key, f"other_names-{place}-name": name}
        form |= {f"other_names-{place}-kind": "ALIAS", f"other_names-{place}-language": ""}
    return {**form, **changes}


def history(client, name: str, key) -> list[tuple]:
    """Who did what: the user, the action, and each field with what it said before and says now; the latest first."""
    page = client.get(reverse(f"{name}:history", args=[key]))
    told = re.findall(r'<div>([^<]*): <del dir="auto">(.*?)</del> <ins dir="auto">(.*?)</ins></div>', page.text)
    return [(str(entry.user), entry.message) for entry in page.context["object_list"]] + told


def test_an_organization_is_added_with_its_other_names_and_found_by_them(desk, noor):
    desk.post(reverse("organization:add"), form_of([("", "Zollverwaltung"), ("", "Aduana")]))

    customs = Organization.objects.get()
    assert sorted(other.name for other in customs.other_names.all()) == ["Aduana", "Zollverwaltung"]
    assert shown(desk, "organization", q="aduana") == ["Customs of Example (CEX)"]
    assert history(desk, "organization", customs.pk) == [
        ("Network Officer", "Created"),
        ("name", "", "Customs of Example"),
        ("acronym", "", "CEX"),
        ("kind", "", "Law enforcement"),
        ("country", "", "France"),
        ("other name", "", "Aduana, Also known as"),
        ("other name", "", "Zollverwaltung, Also known as"),
    ]


def test_history_says_who_changed_what_field_by_field(desk, customs, tobacco):
    zoll, aduana = (OrganizationName.objects.create(organization=customs, name=name) for name in ("Zoll", "Aduana"))
    form = form_of([(zoll.pk, "Zollamt"), (aduana.pk, "Aduana"), ("", "Douane")], country="ES", topics=[tobacco.pk])

    desk.post(reverse("organization:edit", args=[customs.pk]), {**form, "other_names-1-DELETE": "on"})

    assert history(desk, "organization", customs.pk) == [
        ("Network Officer", "Edited"),
        ("country", "France", "Spain"),
        ("topics", "", "Tobacco"),
        ("other name", "Aduana, Also known as", ""),
        ("other name", "Zoll, Also known as", "Zollamt, Also known as"),
        ("other name", "", "Douane, Also known as"),
    ]
    assert (shown(desk, "organization", q="zollamt"), shown(desk, "organization", q="aduana")) == ([str(customs)], [])


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(desk):
    wrong = {"website": "nowhere", "name": "", "kind": "", "other_names-0-language": "fr"}

    form = desk.post(reverse("organization:add"), form_of([("", "")], **wrong)).context["form"]

    assert form.errors == {"name": NEEDED, "kind": NEEDED, "website": ["Enter a valid URL."]}
    assert form.formsets["other_names"].errors == [{"name": NEEDED}]
    assert Organization.objects.count() == 0


@pytest.mark.parametrize("name", ["countrygroup", "topic"])
def test_a_short_name_is_given_once(desk, name):
    several(1)
    slug = {"countrygroup": "group-0", "topic": "broad-0"}[name]

    page = desk.post(reverse(f"{name}:add"), {"slug": slug, "position": "0"})

    assert list(page.context["form"].errors) == ["name", "slug"]
    assert page.context["form"].errors["name"] == ["Write it in at least one language."]


def test_a_group_of_countries_is_added_and_its_card_names_them(desk):
    desk.post(reverse("countrygroup:add"), {"name_en": "Both", "slug": "both", "countries": ["FR", "ES"]})

    card = desk.get(reverse("countrygroup:inspect", args=[CountryGroup.objects.get().pk]))
    facts = {fact["label"]: fact["value"] for fact in card.context["fields"]}
    assert (facts["Number of countries"], facts["Countries"]) == (2, "France, Spain")


def test_a_country_is_named_as_the_house_decides_and_keeps_its_facts(desk):
    desk.post(reverse("country:edit", args=["FR"]), {"display_name_en": "French Republic", "code": "XX"})

    france = Country.objects.get(code="FR")
    assert (str(france), france.name["en"], france.alpha3) == ("French Republic", "France", "FRA")
    assert shown(desk, "country", q="french rep") == ["French Republic"]
    assert history(desk, "country", "FR")[1:] == [("display name", "", "en: French Republic")]


def test_a_topic_cannot_be_put_below_itself(desk):
    several(1)
    broad, narrow = Topic.objects.get(slug="broad-0"), Topic.objects.get(slug="narrow-0")
    form = {"name_en": "Broad", "slug": "broad-0", "position": "0"}

    page = desk.post(reverse("topic:edit", args=[broad.pk]), {**form, "parent": narrow.pk})

    assert page.context["form"].errors == {"parent": ["A topic cannot be below itself."]}


def test_what_something_depends_on_is_not_deleted_and_it_is_said_why(client, root, pavel, customs, tobacco):
    Affiliation.objects.update(competence=tobacco)
    narrow = Topic.objects.create(slug="shisha", name="Shisha", parent=tobacco)
    client.force_login(root)

    pages = [
        client.post(reverse("organization:delete", args=[customs.pk]), follow=True),
        client.post(reverse("topic:delete", args=[tobacco.pk]), follow=True),
    ]

    said = [str(message).strip() for page in pages for message in page.context["messages"]]
    assert said == [
        "Customs of Example (CEX) cannot be deleted while these refer to it: affiliations.",
        "Tobacco cannot be deleted while these refer to it: affiliations, topics.",
    ]
    client.post(reverse("topic:delete", args=[narrow.pk]))
    assert (list(Organization.objects.all()), list(Topic.objects.all())) == ([customs], [tobacco])
    assert [entry.label for entry in ModelLogEntry.objects.filter(action="wagtail.delete")] == ["Shisha"]


def test_nobody_adds_or_deletes_a_country(client, root, france):
    client.force_login(root)

    answers = [client.post(reverse("country:add")), client.post(reverse("country:delete", args=["FR"]))]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(Country.objects.filter(code="FR")) == [france]
    assert client.get(reverse("country:index")).context["can_add"] is False


def test_a_card_shows_the_people_of_today_to_who_may_see_people(client, desk, customs, pavel, dina):
    Affiliation.objects.filter(person=dina).update(ends_on="2020-12-31")

    card = desk.get(reverse("organization:inspect", args=[customs.pk]))

    assert [held.person for held in card.context["affiliations"]] == [pavel]


def test_a_chooser_finds_in_any_script_and_is_shut_to_who_may_not_see(client, desk, customs, stranger):
    several(1)
    url = reverse("organization_chooser:choose_results")
    assert [row.pk for row in desk.get(url, {"q": "cústom exampLE"}).context["results"]] == [customs.pk]

    client.force_login(stranger)

    assert client.get(url).status_code == 302


def test_the_card_brings_the_calendar_for_its_day(desk, customs):
    page = desk.get(reverse("organization:inspect", args=[customs.pk])).text

    assert ("initDateChooser(" in page, page.count("date-time-chooser")) == (True, 1)


def test_who_can_see_this_stands_below_its_record(desk, customs):
    path = desk.get(reverse("organization:who", args=[customs.pk])).context["breadcrumbs_items"]

    assert [str(step["label"]) for step in path] == ["Home", "Organizations", str(customs), "Who can see this?"]


def test_an_organization_is_not_part_of_itself_nor_of_what_is_part_of_it(desk, customs):
    office = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Office", parent=customs)

    for parent in (customs, office):
        page = desk.post(reverse("organization:edit", args=[customs.pk]), form_of(parent=parent.pk))
        assert page.context["form"].errors == {"parent": ["An organization cannot be part of itself."]}


def test_a_list_says_what_it_counts_and_then_how_many(client, noor, customs):
    client.force_login(noor)

    page = client.get(reverse("organization:index"))

    assert page.context["page_obj"].paginator.items_count_label == "organizations: 1"
