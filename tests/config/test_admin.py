"""The frame of the admin: what its search leads to, and whose name it bears."""

import re

import pytest
from django.urls import reverse

from tests.conftest import person, staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "searched"),
    [
        ("network officer", ["person", "organization"]),
        ("front desk", ["person"]),
        ("reader", ["person", "organization"]),
        ("editor", ["pages", "images", "documents"]),
        ("organizer", ["person", "organization", "pages", "images", "documents"]),
    ],
)
def test_everybody_searches_first_what_they_may_see(client, role, searched):
    client.force_login(staff(role, "somebody@example.org"))
    home = client.get(reverse("wagtailadmin_home"))

    areas = {area.name: area.url for area in home.context["areas"]}

    assert list(areas) == searched
    assert re.findall('formaction="(.*?)"', home.text) == list(areas.values())
    assert f'"_type": "wagtail.sidebar.SearchModule", "_args": ["{areas[searched[0]]}"]' in home.text
    assert {client.get(url, {"q": "Nobody"}).status_code for url in areas.values()} == {200}


def test_a_word_that_was_looked_for_among_people_is_looked_for_among_organizations(client, noor, customs):
    person("Custer", "Example")
    client.force_login(noor)

    found = client.get(reverse("person:index"), {"q": "example"})
    [other] = re.findall(f'href="({reverse("organization:index")}[?]q=example)"', found.text)

    assert [str(one) for one in found.context["object_list"]] == ["Custer Example"]
    assert list(client.get(other).context["object_list"]) == [customs]


def test_the_admin_bears_our_name_and_mark(client, noor):
    client.force_login(noor)

    page = client.get(reverse("wagtailadmin_home")).text

    assert re.findall("<title>(.*?)</title>", page, re.S) == ["Dashboard - Entente"]
    assert re.findall(r"(?:href|src)=\"([^\"]*(?:favicon|logo)[^\"]*)\"", page) == ["/static/entente/favicon.svg"] * 2
