"""Which countries have a focal point for which competence, and which have none."""

import csv
import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contacts.models import Affiliation, Segment
from contacts.models.coverage import coverage
from network.models import Country, CountryGroup, Desk, Organization, Topic
from tests.conftest import person, queries_of, staff


@pytest.fixture
def assets(db) -> Topic:
    return Topic.objects.create(slug="assets", name={"en": "Asset recovery"})


@pytest.fixture
def pair(france) -> CountryGroup:
    """France and Spain."""
    group = CountryGroup.objects.create(slug="pair", name={"en": "Pair"})
    group.countries.set(["FR", "ES"])
    return group


def covered(*competences, on=None) -> dict[str, list[list[str]]]:
    found = coverage(Affiliation.objects.all(), Country.objects.filter(pk__in=["FR", "ES"]), competences, on)
    return {row.country.pk: [[who.given_name for who in people] for people in row.people] for row in found.countries}


def test_who_is_focal_point_for_everything_covers_each_competence(pavel, tobacco, assets):
    assert covered(tobacco, assets) == {"ES": [[], []], "FR": [["Pavel"], ["Pavel"]]}


def test_a_competence_is_covered_by_its_own_focal_points_alone(pavel, dina, tobacco, assets):
    Affiliation.objects.filter(person=pavel).update(competence=assets)

    assert covered(tobacco, assets)["FR"] == [[], ["Pavel"]]


def test_at_an_international_body_somebody_stands_for_the_own_country(tobacco):
    union = Organization.objects.create(kind="IGO", name="Union")
    rosa = person("Rosa", "Vidal", "es", country_id="ES")
    Affiliation.objects.create(person=rosa, organization=union, is_focal_point=True, competence=tobacco)

    assert covered(tobacco) == {"ES": [["Rosa"]], "FR": [[]]}


def test_who_left_covered_until_then(pavel, tobacco):
    Affiliation.objects.filter(person=pavel).update(ends_on=datetime.date(2024, 3, 31))

    assert covered(tobacco, on=datetime.date(2024, 3, 31))["FR"] == [["Pavel"]]
    assert covered(tobacco, on=datetime.date(2024, 4, 1))["FR"] == [[]]


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def test_an_officer_counts_the_gaps_and_takes_them_home(desk, pavel, tobacco, assets, pair):
    Affiliation.objects.filter(person=pavel).update(competence=tobacco)
    asked = {"group": pair.pk, "topics": [tobacco.pk, assets.pk]}

    page = desk.get(reverse("coverage:index"), asked)
    sheet = desk.get(reverse("coverage:index"), {**asked, "export": "csv"}).content.decode()

    found = page.context["coverage"]
    assert (found.gaps, [gaps for _topic, gaps in found.gaps_by_competence]) == (3, [2, 1])
    assert list(csv.reader(sheet.splitlines())) == [
        ["Country code", "Country", "Asset recovery", "Tobacco", "Gaps"],
        ["FR", "France", "", "Pavel Novak", "1"],
        ["ES", "Spain", "", "", "2"],
    ]


def test_only_countries_with_gaps_are_listed_on_demand(desk, pavel, tobacco, pair):
    page = desk.get(reverse("coverage:index"), {"group": pair.pk, "topics": [tobacco.pk], "gaps": "on"})

    assert [row.country.pk for row in page.context["coverage"].countries] == ["ES"]


def test_it_is_said_which_countries_and_which_day_are_shown(desk, pavel, tobacco, pair):
    asked = {"group": pair.pk, "topics": [tobacco.pk], "on": "2025-03-01"}

    told = [
        re.findall(r"<strong>(.*?)</strong>", desk.get(reverse("coverage:index"), query).text)
        for query in (asked, {"topics": [tobacco.pk]})
    ]

    assert told == [[str(pair), "1 March 2025"], ["All countries", date_format(timezone.localdate())]]


def test_a_day_that_is_none_is_said_to_be_none_and_today_is_shown(desk, pavel, tobacco, pair):
    page = desk.get(reverse("coverage:index"), {"on": "soon"})

    assert page.context["form"].errors["on"] == ["Enter a valid date."]
    assert page.status_code == 200


def test_the_matrix_asks_as_often_for_many_people_as_for_one(desk, pavel, tobacco):
    url = reverse("coverage:index") + f"?topics={tobacco.pk}"
    with_one = queries_of(desk, url)
    for number in range(3):
        guest = person(f"Guest{number}", "Dubois")
        Affiliation.objects.create(
            person=guest, organization=Organization.objects.get(), is_focal_point=True, competence=tobacco
        )

    assert queries_of(desk, url) == with_one


def shown(client, **asked) -> list[tuple[str, int]]:
    """The competences of the matrix where none are chosen, and the gaps of each."""
    found = client.get(reverse("coverage:index"), asked).context["coverage"]
    return [(str(competence), gaps) for competence, gaps in found.gaps_by_competence]


def test_a_competence_that_nobody_has_anywhere_is_the_largest_gap(desk, tobacco, assets, pair):
    Topic.objects.filter(pk=assets.pk).update(is_competence=True)

    assert shown(desk, group=pair.pk) == [("Asset recovery", 2)]


def test_what_somebody_was_focal_point_for_stays_a_column_when_they_leave(desk, pavel, tobacco, pair):
    held = {"competence": tobacco, "starts_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2024, 12, 31)}
    Affiliation.objects.filter(person=pavel).update(**held)

    assert shown(desk, group=pair.pk, on="2023-12-31") == []
    assert shown(desk, group=pair.pk, on="2024-03-01") == [("Tobacco", 1)]
    assert shown(desk, group=pair.pk) == [("Tobacco", 2)]


def test_what_others_hold_is_no_column_for_a_desk_that_does_not_see_them(client, pavel, tobacco, assets, france):
    Topic.objects.filter(pk=assets.pk).update(is_competence=True)
    Affiliation.objects.filter(person=pavel).update(competence=tobacco)
    kenya = Desk.objects.create(name="Kenya")
    kenya.countries.set(["KE"])
    fatou = staff("network officer", "fatou@example.org")
    fatou.desks.add(kenya)

    told = []
    for officer in (staff("network officer", "sees-all@example.org"), fatou):
        client.force_login(officer)
        told.append([name for name, _gaps in shown(client)])

    assert told == [["Asset recovery", "Tobacco"], ["Asset recovery"]]


def test_who_may_not_see_people_does_not_see_who_covers_what(client, pavel, tobacco):
    client.force_login(staff("editor", "edda@example.org"))

    page = client.get(reverse("coverage:index"), {"topics": [tobacco.pk]})

    assert (page.status_code, "Novak" in page.text) == (302, False)


def test_from_a_gap_one_press_leads_to_the_people_of_these_countries(desk, pavel, tobacco, pair):
    person("Ana", "Sol", "es", country_id="ES")
    page = desk.get(reverse("coverage:index"), {"group": pair.pk, "topics": [tobacco.pk]})
    link = f"{reverse('segment:add')}?gap={tobacco.pk}&amp;group={pair.pk}"
    form = desk.get(link.replace("&amp;", "&")).context["form"]
    ticked = {name: field.initial for name, field in form.fields.items() if field.initial and "answer_" in name}

    desk.post(reverse("segment:add"), {"name": "No focal point", **ticked})

    assert link in page.text
    assert [who.given_name for who in Segment.objects.get().people()] == ["Ana"]


def test_gaps_are_counted_for_each_country_only_where_there_are_several_competences(desk, tobacco, assets, pair):
    counted = {}
    for topics in ([tobacco.pk], [tobacco.pk, assets.pk]):
        page = desk.get(reverse("coverage:index"), {"group": pair.pk, "topics": topics})
        counted[len(topics)] = page.text.count('<th scope="col">Gaps</th>')
        assert page.text.index("Gather the people of these countries") < page.text.index(
            '<table class="listing coverage"'
        )

    assert counted == {1: 0, 2: 1}
