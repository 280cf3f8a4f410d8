"""Where partners are in the world, by kind and region: as tiles, as tables and as a sheet."""

import csv
import re
from collections import Counter

import pytest
from django.urls import reverse

from network.models import Country, CountryGroup, Desk, Organization
from network.viewsets.world import TILES
from tests.conftest import queries_of, staff

URL = reverse("world:index")


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def partners(customs, tobacco):
    """The customs of France; in Kenya two ministries, one of them ended; a union of nobody's country."""
    customs.topics.add(tobacco)
    Organization.objects.create(kind="GOVERNMENT", name="Ministry", country_id="KE")
    Organization.objects.create(kind="GOVERNMENT", name="Old ministry", country_id="KE", status="ENDED")
    Organization.objects.create(kind="IGO", name="Union")


def counted(page) -> dict[str, int]:
    return {row.country.pk: row.total for row in page.context["partners"].countries if row.total}


def test_every_country_has_its_own_tile(db):
    assert set(TILES) == set(Country.objects.values_list("pk", flat=True))
    assert Counter(TILES.values()).most_common(1)[0][1] == 1


def test_partners_are_counted_by_country_and_by_kind_and_region(desk, partners):
    page = desk.get(URL)

    assert counted(page) == {"FR": 1, "KE": 1}
    kinds = [str(kind) for kind in page.context["kinds"]]
    rows = {
        label: (dict(zip(kinds, (number for number, _url in cells), strict=True)), total)
        for label, cells, total in page.context["table"]
    }
    assert (rows["Africa"][0]["Government"], rows["Africa"][1], rows["Europe"][1], rows["Asia"][1]) == (1, 1, 1, 0)
    assert (page.context["partners"].international, page.context["partners"].total) == (Counter(IGO=1), 3)
    [international] = re.findall(r'<th scope="row">International</th>(.*?)</tr>', page.text, re.DOTALL)
    assert re.findall(r"<td>(\d+)</td>", international) == ["1", "0", "0", "0", "0", "0", "0", "1"]


def test_a_tile_says_what_it_stands_for_and_leads_to_its_organizations(desk, partners):
    page = desk.get(URL)
    [tile] = [tile for _region, tiles in page.context["regions"] for tile in tiles if tile.row.country.pk == "KE"]

    listed = desk.get(tile.url).context["object_list"]

    assert [str(organization) for organization in listed] == ["Ministry"]
    assert '<span class="w-sr-only">Kenya: 1</span>' in page.text
    assert '<span class="w-sr-only">Norway: 0</span>' in page.text
    assert "express no opinion on the legal status of any country" in page.text


def test_a_cell_of_the_table_leads_to_as_many_organizations_as_it_says(desk, partners):
    page = desk.get(URL, {"kind": ["GOVERNMENT"]})
    [africa] = [cells for label, cells, _total in page.context["table"] if label == "Africa"]
    [(number, url)] = africa

    assert (number, [str(found) for found in desk.get(url).context["object_list"]]) == (1, ["Ministry"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"kind": "GOVERNMENT"}, {"KE": 1}), ({"group": "pair"}, {"FR": 1}), ({"topic": "tobacco"}, {"FR": 1})],
)
def test_the_picture_is_narrowed(desk, partners, tobacco, asked, found):
    pair = CountryGroup.objects.create(slug="pair", name={"en": "Pair"})
    pair.countries.set(["FR", "ES"])
    keys = {"pair": pair.pk, "tobacco": tobacco.pk}

    page = desk.get(URL, {name: keys.get(value, value) for name, value in asked.items()})

    assert counted(page) == found


def test_the_sheet_has_every_country_and_those_without_anybody(desk, partners):
    pair = CountryGroup.objects.create(slug="pair", name={"en": "Pair"})
    pair.countries.set(["FR", "ES"])

    sheet = desk.get(URL, {"group": pair.pk, "kind": ["LAW_ENFORCEMENT", "NGO"], "export": "csv"}).content.decode()

    assert list(csv.reader(sheet.splitlines())) == [
        ["Country code", "Country", "Region", "Law enforcement", "Non-governmental organization", "All"],
        ["FR", "France", "Europe", "1", "0", "1"],
        ["ES", "Spain", "Europe", "0", "0", "0"],
    ]


def test_a_desk_counts_its_own_countries_alone(client, partners, noor):
    kenya = Desk.objects.create(name="Kenya")
    kenya.countries.set(["KE"])
    noor.desks.add(kenya)
    client.force_login(noor)

    page = client.get(URL)

    sheet = client.get(URL, {"export": "csv"}).content.decode()
    assert (counted(page), page.context["partners"].total) == ({"KE": 1}, 2)  # and the international body
    assert sum(int(row[-1]) for row in list(csv.reader(sheet.splitlines()))[1:]) == 2


def test_who_may_not_see_organizations_sees_no_counts(client, partners):
    client.force_login(staff("editor", "edda@example.org"))

    assert client.get(URL).status_code == 302


def test_where_nobody_is_it_is_said_what_to_do(desk, db):
    assert "No active organization is like that." in desk.get(URL, {"kind": "ACADEMIA"}).text


def test_what_is_no_kind_is_said_to_be_none_and_everything_is_shown(desk, partners):
    page = desk.get(URL, {"kind": "PIRATES"})

    assert list(page.context["form"].errors) == ["kind"]
    assert counted(page) == {"FR": 1, "KE": 1}


def test_the_world_asks_as_often_for_three_partners_as_for_one(desk, customs):
    with_one = queries_of(desk, URL)
    for country in ("KE", "ES"):
        Organization.objects.create(kind="NGO", name=f"Watch {country}", country_id=country)

    assert queries_of(desk, URL) == with_one


def test_who_belongs_to_no_country_is_counted_beside_the_map_with_a_way_there(desk, partners):
    page = desk.get(URL)

    listed = desk.get(page.context["international_url"]).context["object_list"]

    assert "1 belongs to no country and has no tile." in page.text
    assert [str(organization) for organization in listed] == ["Union"]
