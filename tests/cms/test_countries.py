"""The profile of a country and the gaps with the people beside them: what stands there, and for whom."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from contacts.models import Affiliation
from events.models import Curriculum, Event, Venue
from legal.models import AdvisoryMission, Authority, NationalLaw, Participation
from network.models import Country, Desk, Organization
from tests.conftest import person, queries_of, staff
from tests.events.conftest import trained
from tests.events.missions import mission
from tests.legal.assessed import place, reviewed
from tests.legal.conftest import *  # noqa: F403  (the law that the pages join)
from tests.legal.helping import account, completed, day, under_way

FOREVER = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
PROFILE = reverse("cms:country", args=["FR"])
BESIDE = reverse("gap_people:index", args=["FR"])


@pytest.fixture
def training(france, pavel, tobacco) -> Event:
    """Over since ten days, in Lyon, on tobacco; Pavel holds its certificate."""
    curriculum = Curriculum.objects.create(title="Tobacco at the border")
    curriculum.topics.add(tobacco)
    curriculum.save()
    one = held("training", "Training of officers", france, -12, kind="TRAINING", curriculum=curriculum)
    trained(one, pavel)
    return one


def held(slug: str, title: str, country: Country, starts: int, **facts) -> Event:
    venue = Venue.objects.create(name="Hall", city="Lyon", country=country)
    facts = {"status": "ANNOUNCED", "is_public": True, "timezone": "Europe/Paris", "kind": "FORUM", **facts}
    days = {"starts_on": day(starts), "ends_on": day(starts + 1), "answer_by": FOREVER}
    return Event.objects.create(slug=slug, title=title, venue=venue, **days, **facts)


@pytest.fixture
def gap(convention, act, france, lena, luc):
    """Article 2 is met in part."""
    return reviewed(place(convention, "art_2"), place(act, "art_2"), "PARTIAL", lena, luc)


def test_the_profile_joins_the_law_our_help_and_the_events(client, gap, convention, act, case, training, france, lena):
    Participation.objects.create(
        instrument=convention, country=france, act="RATIFICATION", acted_on=datetime.date(2015, 1, 1)
    )
    completed(lena, "Tobacco bill").publish(by=lena)
    forum = held("coming", "Forum in Lyon", france, 30)

    page = client.get(PROFILE)

    asked = page.context
    assert [(one.slug, standing.status) for one, standing in asked["participations"]] == [
        (convention.slug, "BOUND_LATER")
    ]
    assert ([one.slug for one in asked["laws"]], [one.slug for one in asked["cases"]]) == ([act.slug], [case.slug])
    assert [[line.unit.eid for line in matrix.gaps] for matrix in asked["gaps"]] == [["art_2"]]
    assert [str(one) for one in asked["assistance"]] == ["Tobacco bill"]
    assert (list(asked["trainings"]), list(asked["forums"]), asked["next_forum"]) == ([training], [forum], forum)
    assert "public" in page["Cache-Control"]


def test_nothing_of_a_draft_or_a_closed_circle_is_on_the_profile(client, gap, bill, training, france, lena, customs):
    facts = {"channel": "Candlelight channel", "source": "Letter"}
    Authority.objects.create(name="Candlelight bureau", country=france, **facts)
    under_way(lena, "Candlelight bill")
    completed(lena, "Candlelight outcome", scope="Candlelight scope")
    held("draft", "Candlelight training", france, -5, kind="TRAINING", status="DRAFT")
    held("closed", "Candlelight meeting", france, 5, is_public=False)
    held("cancelled", "Candlelight forum", france, 6, status="CANCELLED")

    page = client.get(PROFILE).text
    client.force_login(staff("editor", "editor@example.org"))  # reads events, drafts too, and nothing of the law
    editors = client.get(PROFILE).text

    hidden = ("Candlelight b", "Candlelight outcome", "Candlelight scope", "Candlelight training", "Candlelight forum")
    assert [word for word in (*hidden, "Candlelight meeting", "Pavel") if word in page] == []
    assert [word for word in (*hidden, "Pavel") if word in editors] == []
    assert [word for word in ("Training of officers", "Protocol on tobacco") if word not in page] == []


def test_authorities_are_there_for_those_who_may_see_them_and_such_a_page_is_kept_nowhere(
    client, france, lena, pavel, stranger
):
    Authority.objects.create(name="Bureau de l’entraide", country=france, source="Letter")
    Authority.objects.create(name="For us alone", country=france, is_internal=True, source="Letter")
    seen = {}
    for name, viewer in (("lena", lena), ("pavel", account(pavel)), ("stranger", stranger)):
        client.force_login(viewer)
        page = client.get(PROFILE)
        seen[name] = (len(page.context["authorities"]), "private" in page["Cache-Control"])
    client.logout()

    assert seen == {"lena": (2, True), "pavel": (1, True), "stranger": (0, True)}
    assert len(client.get(PROFILE).context["authorities"]) == 0


def test_a_country_of_which_nothing_is_known_has_a_page_and_one_that_is_none_has_not(client, act, bill):
    countries = client.get(reverse("cms:countries"))

    assert [[one.pk for one in found] for _region, found in countries.context["regions"]] == [["FR"]]
    assert [client.get(reverse("cms:country", args=[code])).status_code for code in ("DE", "XX")] == [200, 404]


def test_a_country_with_drafts_alone_is_not_in_the_list(client, db):
    NationalLaw.objects.create(slug="ke-draft", title="Draft", country_id="KE")

    assert client.get(reverse("cms:countries")).context["regions"] == []


def test_more_laws_and_trainings_take_no_more_queries(client, gap, training, france, dina):
    first = queries_of(client, PROFILE + "?n=1")
    for number in (1, 2):
        NationalLaw.objects.create(slug=f"fr-{number}", title="Law", country=france, is_published=True)
        trained(held(f"t{number}", "Training", france, -20 - number, kind="TRAINING"), dina)

    assert queries_of(client, PROFILE + "?n=3") == first


# -- The gaps with the people beside them


def test_each_gap_has_its_focal_points_missions_trainings_and_help_beside_it(
    client, gap, convention, tobacco, training, pavel, dina, france, lena, olga
):
    tobacco.is_competence = True
    tobacco.save()
    tour = mission(olga, "Visit to the customs", starts=-40, country=france)
    tour.topics.add(tobacco)
    tour.save()
    helping = under_way(lena)
    helping.instruments.add(convention)
    AdvisoryMission.objects.plan(helping, "Read the bill", day(-9), day(-8), by=lena, people=[dina])
    forum = held("coming", "Forum in Lyon", france, 30)
    client.force_login(lena)

    asked = client.get(BESIDE).context

    [row] = asked["rows"]
    assert [line.unit.eid for line in row.matrix.gaps] == ["art_2"]
    assert [(topic.slug, people) for topic, people in row.focal_points] == [("tobacco", [pavel])]
    assert (row.mission, [(one.event, one.people) for one in row.trainings]) == (tour, [(training, [pavel])])
    assert ([str(one) for one in row.assistance], str(asked["advisory"])) == (["Tobacco bill"], "Read the bill")
    assert (asked["forum"], asked["mission"]) == (forum, tour)


def test_people_of_another_desk_and_drafts_of_events_are_not_beside_it(
    client, gap, convention, tobacco, training, france, olga, lena
):
    """Whoever belongs to the Kenyan desk sees the gap, which is public, and nobody of France."""
    mission(olga, "Candlelight visit", starts=-40, country=france)
    under_way(lena, "Candlelight bill").instruments.add(convention)
    held("draft", "Candlelight forum", france, 5, status="DRAFT")
    kenyan = staff("legal officer", "kenyan@example.org")
    kenyan.desks.add(Desk.objects.create(name="Kenya", countries=[Country.objects.get(code="KE")]))
    client.force_login(kenyan)

    page = client.get(BESIDE)

    assert [line.unit.eid for line in page.context["rows"][0].matrix.gaps] == ["art_2"]
    assert [word for word in ("Pavel", "Candlelight", "Training of officers") if word in page.text] == []
    client.force_login(lena)
    full = client.get(BESIDE).text
    assert [
        word for word in ("Pavel", "Candlelight visit", "Candlelight bill", "Tobacco at the border") if word in full
    ]
    assert "Candlelight forum" not in full


def test_an_officer_may_ask_the_focal_points_of_the_country_to_look_through_its_law(client, france, pavel, dina, lena):
    industry = Organization.objects.create(kind="INDUSTRY", name="Makers", country=france)
    Affiliation.objects.create(person=person("Ina", "Dustry"), organization=industry, is_focal_point=True)
    client.force_login(lena)
    asked = client.get(BESIDE).context["national"]
    client.force_login(staff("reader", "reader@example.org"))

    assert ([str(one) for one in asked], client.get(BESIDE).context["national"]) == (["Pavel Novak"], [])


@pytest.mark.parametrize("role", ["editor", "front desk"])
def test_who_may_not_read_grades_or_people_is_turned_away(client, france, role):
    client.force_login(staff(role, "somebody@example.org"))

    assert client.get(BESIDE)["Location"] == "/admin/"


def test_the_matrix_and_the_card_of_the_country_lead_there(client, gap, convention, lena):
    client.force_login(lena)

    matrix = client.get(reverse("gaps:index"), {"standard": convention.slug, "country": "FR"}).text
    card = client.get(reverse("country:inspect", args=["FR"])).text

    assert [f'href="{BESIDE}"' in page for page in (matrix, card)] == [True, True]


def test_it_takes_as_many_queries_for_three_as_for_one(client, gap, act, training, france, dina, lena, luc):
    client.force_login(lena)
    first = queries_of(client, BESIDE)
    reviewed(place(gap.standard.work, "art_1"), place(act, "art_1"), "PARTIAL", lena, luc)
    trained(training, dina)

    assert queries_of(client, BESIDE) == first


def words_of_brief(client, language: str = "en") -> str:
    with override(language):
        answer = client.get(reverse("cms:country_brief", args=["FR"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def test_the_brief_says_on_paper_what_the_page_says(client, gap, convention, act, training, lena):
    completed(lena, "Tobacco bill").publish(by=lena)

    words = words_of_brief(client)

    for said in ("Country brief: France", "Protocol on tobacco", "Tobacco Act", "Training of officers", "Tobacco bill"):
        assert said in words, said


def test_the_brief_names_no_authority_and_no_draft_to_whoever_may_not_see_them(client, bill, france, lena):
    Authority.objects.create(country=france, name="Bureau of Candlelight")
    assert "Candlelight" not in words_of_brief(client)

    client.force_login(lena)
    words = words_of_brief(client)
    assert ("Bureau of Candlelight" in words, "Candlelight bill" in words) == (True, True)


def test_the_brief_has_no_heading_without_words_below_it(client, act):
    words = words_of_brief(client)

    assert ("Laws" in words, "Trainings" in words, "Forums held here" in words) == (True, False, False)


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_brief_is_set_in_each_language(client, act, language):
    assert act.number in words_of_brief(client, language)
