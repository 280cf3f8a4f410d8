"""Gap matrices: one country against a standard, many countries together, and how it was before."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from legal.models import Expression, Grade, NationalLaw
from legal.models.gaps import gap_matrix, group_gaps
from legal.texts import Node, Text
from network.models import Country
from tests.legal.assessed import FOUND, LATER, NOW, assessed, place, reviewed
from tests.legal.conftest import expressed


def grades(matrix) -> list[str]:
    return [line.grade.value for line in matrix.lines]


def test_an_article_that_nobody_assessed_says_so(convention, france, stranger):
    matrix = gap_matrix(france, convention, stranger)

    assert [line.unit.label for line in matrix.lines] == ["Article 1 Scope", "Article 2 Offences"]
    assert grades(matrix) == ["NOT_ASSESSED", "NOT_ASSESSED"]
    assert matrix.counts[-1] == (Grade.NOT_ASSESSED, "–", 2)


def test_the_matrix_shows_what_of_the_law_meets_which_article(convention, act, france, lena, luc, stranger):
    reviewed(place(convention, "art_1"), france, "ABSENT", lena, luc)
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc)

    absent, full = gap_matrix(france, convention, stranger).lines

    assert ([one.label for one in absent.national], [one.label for one in full.national]) == (
        [""],
        ["Article 2 Infractions"],
    )
    assert ((absent.grade, absent.sign), (full.grade, full.sign)) == (("ABSENT", "✕"), ("FULL", "●"))


def test_a_model_article_stands_for_the_article_that_it_puts_into_practice(
    convention, model_law, act, france, lena, luc, stranger
):
    reviewed(place(convention, "art_2"), place(model_law, "art_1"), "FULL", lena, luc)
    reviewed(place(model_law, "art_1"), place(act, "art_2"), "PARTIAL", lena, luc)

    scope, offences = gap_matrix(france, convention, stranger).lines

    assert [one.label for one in offences.models] == ["Article 1 Scope"]
    assert [(one.label, one.of) for one in offences.national] == [("Article 2 Infractions", "Article 1 Scope")]
    assert (scope.grade, offences.grade) == ("NOT_ASSESSED", "PARTIAL")


def test_one_model_article_may_stand_for_two_and_one_that_nobody_assessed_keeps_it_from_being_full(
    convention, model_law, act, france, lena, luc, stranger
):
    first, second = (place(model_law, eid) for eid in ("art_1", "art_2"))
    reviewed(place(convention, "art_1"), first, "FULL", lena, luc)
    reviewed(place(convention, "art_2"), first, "FULL", lena, luc)
    reviewed(place(convention, "art_2"), second, "FULL", lena, luc)
    reviewed(first, place(act, "art_1"), "FULL", lena, luc)

    assert grades(gap_matrix(france, convention, stranger)) == ["FULL", "PARTIAL"]


@pytest.mark.parametrize(
    ("found", "together"),
    [
        ([("FULL", "IMPLEMENTS"), ("PARTIAL", "IMPLEMENTS")], "FULL"),
        ([("FULL", "GOES_BEYOND"), ("FULL", "CONTRADICTS")], "PARTIAL"),
        ([("PARTIAL", "CONTRADICTS")], "ABSENT"),
        ([("NOT_ASSESSED", "IMPLEMENTS")], "NOT_ASSESSED"),
    ],
)
def test_the_best_grade_counts_and_what_contradicts_takes_of_it(
    convention, act, france, lena, luc, stranger, found, together
):
    for section, (grade, relation) in zip(act.provisions.all(), found, strict=False):
        reviewed(place(convention, "art_2"), section, grade, lena, luc, relation=relation)

    assert grades(gap_matrix(france, convention, stranger))[1] == together


def test_an_article_is_met_by_its_parts(convention, act, france, lena, luc, stranger):
    parts = [Node("paragraph", f"art_1__para_{n}", str(n), content="<p>x</p>") for n in (1, 2)]
    long = Text("en", nodes=[Node("chapter", "chp_1", "I", children=[Node("article", "art_1", "1", children=parts)])])
    Expression.objects.record(convention, long, by=None, valid_on=LATER)
    convention.expressions.exclude(valid_on=LATER).delete()
    for part, grade in (("art_1__para_1", "FULL"), ("art_1__para_2", "FULL")):
        before = grades(gap_matrix(france, convention, stranger))
        reviewed(place(convention, part), place(act, "art_1"), grade, lena, luc)

    [line] = gap_matrix(france, convention, stranger).lines

    assert (before, line.grade, [one.of for one in line.national]) == (["PARTIAL"], "FULL", ["1, 1", "1, 2"])


def test_what_waits_for_a_review_is_shown_beside_and_to_staff_alone(convention, act, lena, france, stranger):
    assessed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena)

    mine, theirs = (gap_matrix(france, convention, viewer).lines[1] for viewer in (lena, stranger))

    assert ([one.label for one in mine.waiting], mine.grade) == (["Article 2 Infractions"], "NOT_ASSESSED")
    assert (theirs.waiting, theirs.grade) == ([], "NOT_ASSESSED")


def test_a_draft_of_a_law_fills_no_gap_for_readers(convention, bill, lena, luc, france, stranger):
    reviewed(place(convention, "art_2"), place(bill, "art_1"), "FULL", lena, luc)

    assert [grades(gap_matrix(france, convention, viewer))[1] for viewer in (lena, stranger)] == [
        "FULL",
        "NOT_ASSESSED",
    ]


def test_the_matrix_is_read_as_of_any_day_and_compared_with_an_earlier_one(
    convention, act, france, lena, luc, stranger
):
    reviewed(place(convention, "art_2"), france, "ABSENT", lena, luc)
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc, LATER)

    then = gap_matrix(france, convention, stranger, on=FOUND)
    now = gap_matrix(france, convention, stranger, on=NOW, since=FOUND)

    assert (grades(then), grades(now)) == (["NOT_ASSESSED", "ABSENT"], ["NOT_ASSESSED", "FULL"])
    assert [(line.unit.eid, line.before, line.grade) for line in now.changed] == [("art_2", "ABSENT", "FULL")]
    assert grades(gap_matrix(france, convention, stranger, on=FOUND - datetime.timedelta(days=1))) == [
        "NOT_ASSESSED",
        "NOT_ASSESSED",
    ]


def kenyan(sections: int = 2) -> NationalLaw:
    law = NationalLaw.objects.create(slug="ke-act", title="Kenyan act", country_id="KE", is_published=True)
    expressed(law, "en")
    return law


def test_of_a_group_each_article_has_its_shares(convention, act, france, lena, luc, stranger):
    kenya = Country.objects.get(code="KE")
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc)
    reviewed(place(convention, "art_2"), place(kenyan(), "art_1"), "PARTIAL", lena, luc)

    found = group_gaps([france, kenya, Country.objects.get(code="DE")], convention, stranger)

    assert [row.is_assessed for row in found.rows] == [True, True, False]
    assert [(grade.value, count, percent) for grade, _sign, count, percent in found.shares[1].shares] == [
        ("FULL", 1, 33),
        ("PARTIAL", 1, 33),
        ("ABSENT", 0, 0),
        ("NOT_ASSESSED", 1, 33),
    ]


def test_many_countries_take_no_more_queries_than_one(convention, model_law, act, france, lena, luc, stranger):
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc)
    reviewed(place(convention, "art_1"), place(kenyan(), "art_1"), "PARTIAL", lena, luc)

    everywhere = list(Country.objects.all())

    def queries(countries) -> int:
        with CaptureQueriesContext(connection) as captured:
            group_gaps(countries, convention, stranger)
        return len(captured)

    queries([france])  # what the viewer may is asked once
    assert queries([france]) == queries(everywhere)
