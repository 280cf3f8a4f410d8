"""The desk: grading from the matrix and side by side, reviewing, and what the lists show to whom."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from legal.models import Correspondence
from network.models import Country
from tests.conftest import queries_of, rows_of_sheet, staff
from tests.legal.assessed import FOUND, LATER, assessed, place, reviewed

INDEX = reverse("gaps:index")


@pytest.fixture
def officer(client, lena):
    client.force_login(lena)
    return client


def compare(standard, whose: str = "FR") -> str:
    return reverse("gaps:compare", args=[whose, standard.pk])


def told(response) -> list[str]:
    return [str(one).strip() for one in get_messages(response.wsgi_request)]


def test_an_officer_grades_from_the_matrix_and_comes_back_to_the_article(officer, convention, act, lena):
    standard = place(convention, "art_2")

    answer = officer.post(
        compare(standard), {"grade": "FULL", "place": "fr-tobacco-act#art_2", "rationale": "All three acts."}
    )

    assert answer["Location"] == f"{INDEX}?standard=tobacco-protocol&country=FR#art_2"
    [found] = Correspondence.objects.all()
    assert (found.grade, found.relation, found.provision, found.assessor) == (
        "FULL",
        "IMPLEMENTS",
        place(act, "art_2"),
        lena,
    )
    page = officer.get(INDEX, {"standard": "tobacco-protocol", "country": "FR"})
    assert [one.label for one in page.context["matrix"].lines[1].waiting] == ["Article 2 Infractions"]


def test_what_is_absent_needs_no_provision_whatever_was_typed(officer, convention, act, france):
    officer.post(compare(place(convention, "art_2")), {"grade": "ABSENT", "place": "rubbish", "rationale": "Nothing."})

    [found] = Correspondence.objects.all()
    assert (found.grade, found.provision, found.country) == ("ABSENT", None, france)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"grade": "FULL", "place": "fr-tobacco-act#art_9"}, "“fr-tobacco-act#art_9” is no provision here."),
        ({"grade": "FULL", "place": "fr-tobacco-act#art_2"}, "Say why: whoever reviews it, and every reader"),
        ({"grade": "FULL", "place": ""}, "Choose the provision that is graded."),
        ({"grade": "x", "place": ""}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_still_there(officer, convention, act, sent, sentence):
    answer = officer.post(compare(place(convention, "art_2")), {"evidence": "https://gazette.example/1", **sent})

    assert (answer.status_code, sentence in answer.text, "https://gazette.example/1" in answer.text) == (
        422,
        True,
        True,
    )
    assert Correspondence.objects.count() == 0


def test_a_law_of_another_country_is_no_place_here(officer, convention, act):
    sent = {"grade": "FULL", "place": "fr-tobacco-act#art_2", "rationale": "x"}

    answer = officer.post(compare(place(convention, "art_2"), "KE"), sent)

    assert (answer.status_code, Correspondence.objects.count()) == (422, 0)


def test_both_texts_stand_side_by_side_and_the_provision_asked_for_is_shown(officer, convention, act):
    page = officer.get(compare(place(convention, "art_2")), {"law": act.slug, "at": "art_2"})

    shown = [[part.text for part in page.context[name].paragraphs] for name in ("article", "shown")]
    assert shown == [["Each Party shall make it unlawful."], ["Chaque Partie érige."]]
    assert page.context["form"].initial["place"] == "fr-tobacco-act#art_2"


def test_a_model_law_is_graded_against_an_instrument_in_the_same_way(officer, convention, model_law):
    standard = place(convention, "art_2")

    answer = officer.post(
        compare(standard, model_law.slug), {"grade": "FULL", "place": "model-tobacco-law#art_1", "rationale": "x"}
    )

    assert answer["Location"] == f"{INDEX}?standard=tobacco-protocol#art_2"
    assert [one.provision for one in Correspondence.objects.of_models()] == [place(model_law, "art_1")]


def test_another_officer_reviews_on_the_card_and_the_assessor_has_no_button(client, convention, act, lena, luc):
    found = assessed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena)
    card = reverse("correspondence:inspect", args=[found.pk])
    review = reverse("correspondence:review", args=[found.pk])
    client.force_login(lena)
    own = review in client.get(card).text
    refused = told(client.post(review))
    client.force_login(luc)
    others = review in client.get(card).text

    client.post(review)

    found.refresh_from_db()
    assert (own, others, found.reviewer) == (False, True, luc)
    assert refused == ["Who assessed it cannot review it: another legal officer does."]


def test_a_reader_sees_the_matrix_and_grades_nothing(client, convention, act, lena):
    client.force_login(staff("reader", "reader@example.org"))
    standard = place(convention, "art_2")
    sent = {"grade": "FULL", "place": "fr-tobacco-act#art_2", "rationale": "x"}

    page = client.get(INDEX, {"standard": "tobacco-protocol", "country": "FR"})
    answer = client.post(compare(standard), sent)

    assert (page.status_code, 'name="grade"' in page.text, answer["Location"]) == (200, False, "/admin/")
    assert Correspondence.objects.count() == 0


def test_the_list_shows_what_waits_for_the_review_of_others(officer, convention, act, lena, luc):
    mine = assessed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena)
    others = assessed(place(convention, "art_1"), place(act, "art_1"), "FULL", luc)
    url = reverse("correspondence:index")

    def rows(**asked):
        return list(officer.get(url, asked).context["object_list"])

    assert rows(state="awaiting_review", others="true") == [others]
    assert rows(state="awaiting_review", others="false") == [mine]
    assert rows(state="current") == []


def test_the_sheet_has_a_row_for_each_provision_and_no_formula(officer, convention, act, france, lena, luc):
    reviewed(place(convention, "art_2"), place(act, "art_2"), "PARTIAL", lena, luc, rationale="=1+1")
    reviewed(place(convention, "art_2"), place(act, "art_1"), "FULL", lena, luc)

    sheet = officer.get(INDEX, {"standard": convention.slug, "country": "FR", "export": "csv"}).text.splitlines()

    assert [line.split(",")[1:4] for line in sheet[1:]] == [
        ["Article 1 Scope", "art_1", "Not assessed"],
        ["Article 2 Offences", "art_2", "Full"],
        ["Article 2 Offences", "art_2", "Full"],
    ]
    assert "'=1+1" in sheet[3]


def test_of_many_countries_the_shares_are_shown_and_the_sheet_has_a_row_for_each(officer, convention, act, lena, luc):
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc)

    page = officer.get(INDEX, {"region": "Europe"})
    sheet = officer.get(INDEX, {"region": "Europe", "export": "csv"}).text.splitlines()

    assert [row.country.pk for row in page.context["assessed"]] == ["FR"]
    assert len(sheet) - 1 == Country.objects.filter(region="Europe").count() == len(page.context["found"].rows)
    assert "FR,France,Not assessed,Full" in sheet


def test_as_of_an_earlier_day_nothing_can_be_graded(officer, convention, act, france, lena, luc):
    reviewed(place(convention, "art_2"), france, "ABSENT", lena, luc, FOUND)
    asked = {"standard": convention.slug, "country": "FR", "on": str(LATER)}

    page = officer.get(INDEX, asked)

    assert (page.context["matrix"].lines[1].grade, page.context["may_assess"]) == ("ABSENT", False)


def test_the_matrix_takes_as_many_queries_for_many_as_for_one(officer, convention, act, france, lena, luc):
    url = f"{INDEX}?standard={convention.slug}&country=FR"
    reviewed(place(convention, "art_1"), place(act, "art_1"), "FULL", lena, luc)
    first = queries_of(officer, url)
    for standard, section in (("art_1", "art_2"), ("art_2", "art_1"), ("art_2", "art_2")):
        reviewed(place(convention, standard), place(act, section), "FULL", lena, luc)

    assert queries_of(officer, url) == first


def test_the_list_takes_as_many_queries_for_three_as_for_one_and_is_a_sheet(officer, convention, act, lena):
    url = reverse("correspondence:index")
    assessed(place(convention, "art_1"), place(act, "art_1"), "FULL", lena)
    first = queries_of(officer, url)
    for section in ("art_1", "art_2"):
        assessed(place(convention, "art_2"), place(act, section), "FULL", lena)

    assert (queries_of(officer, url), len(rows_of_sheet(officer.get(url, {"export": "csv"})))) == (first, 4)


def test_what_is_asked_for_badly_is_not_asked_for(officer, convention, act):
    page = officer.get(INDEX, {"standard": "no-such", "country": "XX", "on": "31.31.2020", "since": "x", "group": "x"})

    assert (page.status_code, page.context["standard"].slug) == (200, "tobacco-protocol")
