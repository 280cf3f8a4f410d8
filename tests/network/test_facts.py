"""The facts that come with the code: countries, regions, and the members of INTERPOL."""

import csv
import json
from pathlib import Path

import pytest
from django.conf import settings

from network.models import Country
from network.names import fold

FACTS = Path(settings.BASE_DIR) / "network" / "facts"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def countries():
    return rows(FACTS / "countries.csv")


@pytest.fixture(scope="module")
def members():
    return [row["code"] for row in rows(FACTS / "interpol_members.csv")]


def test_every_country_of_iso_3166_is_there_once(countries):
    codes = [row["code"] for row in countries]

    assert len(codes) == 249
    assert codes == sorted(set(codes))
    assert len({row["alpha3"] for row in countries}) == 249
    assert len({row["numeric"] for row in countries}) == 249


def test_every_country_has_a_name_in_each_language(countries):
    assert [row["code"] for row in countries for code, _name in settings.LANGUAGES if not row[code].strip()] == []


def test_only_antarctica_and_taiwan_have_no_region(countries):
    assert [row["code"] for row in countries if not row["region"]] == ["AQ", "TW"]
    assert [row["code"] for row in countries if not row["subregion"]] == ["AQ", "TW"]


def test_every_region_is_translated(countries):
    regions = json.loads((FACTS / "regions.json").read_text(encoding="utf-8"))

    assert set(regions["regions"]) == {row["region"] for row in countries} - {""}
    assert set(regions["subregions"]) == {row["subregion"] for row in countries} - {""}
    for names in (*regions["regions"].values(), *regions["subregions"].values()):
        assert list(names) == ["code", "en", "fr", "es", "ar"]


def test_interpol_has_196_members(countries, members):
    assert len(members) == 196
    assert members == sorted(set(members))
    assert set(members) <= {row["code"] for row in countries}


@pytest.mark.real_data
def test_the_members_are_those_of_the_derived_list(real_data, members):
    derived = rows(real_data / "countries" / "interpol" / "interpol_members_derived.csv")

    assert members == sorted(row["alpha2"] for row in derived if row["status"] == "member")


@pytest.mark.real_data
def test_the_regions_are_those_of_m49(real_data, countries):
    found = {
        row["ISO3166-1-Alpha-2"]: (row["Region Name"], row["Sub-region Name"])
        for row in rows(real_data / "countries" / "country-codes.csv")
    }
    found["TW"] = ("", "")  # M49 itself has no such row; the list at hand fills it in

    assert {row["code"]: (row["region"], row["subregion"]) for row in countries} == found


@pytest.mark.django_db
def test_a_name_of_a_country_goes_before_a_code_that_reads_alike():
    """Egypt in Arabic, folded, is the code of Montserrat."""
    known = Country.objects.by_any_name()

    assert [known[fold(text)] for text in ("مصر", "EGY", "Montserrat")] == ["EG", "EG", "MS"]
