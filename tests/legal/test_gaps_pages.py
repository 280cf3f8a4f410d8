"""What readers see of gaps: what was reviewed, of what is published, on any day; nothing else."""

import datetime
import re

import pytest
from django.urls import reverse

from tests.conftest import queries_of
from tests.legal.assessed import FOUND, LATER, assessed, place, reviewed
from tests.legal.helping import completed, under_way


def url(convention, code: str = "FR") -> str:
    return reverse("legal:country_gaps", args=[convention.slug, code])


@pytest.fixture
def graded(convention, act, france, lena, luc):
    """Absent first, and met since."""
    reviewed(place(convention, "art_2"), france, "ABSENT", lena, luc)
    return reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc, LATER)


def test_the_page_says_by_sign_word_and_colour_how_far_each_article_is_met(client, graded, convention):
    page = client.get(url(convention))

    assert '<span class="grade grade--FULL"><span aria-hidden="true">●</span> Full</span>' in page.text
    assert '<th scope="row" role="rowheader"><a href="/en/law/instruments/tobacco-protocol/#art_2">' in page.text
    assert "public" in page["Cache-Control"]


def test_it_is_read_as_of_a_day_and_compared_with_an_earlier_one(client, graded, convention):
    then = client.get(url(convention), {"on": str(FOUND)}).context["matrix"]
    now = client.get(url(convention), {"since": str(FOUND)}).context["matrix"]

    assert [line.grade for line in then.lines] == ["NOT_ASSESSED", "ABSENT"]
    assert [(line.before, line.grade) for line in now.changed] == [("ABSENT", "FULL")]


def test_readers_are_told_of_our_help_once_its_outcome_is_published(client, graded, convention, lena):
    on = FOUND + datetime.timedelta(days=9)
    for one in (under_way(lena, "Operation Candlelight", on=on), completed(lena, "Tobacco bill", on=on)):
        one.instruments.add(convention)
        if one.state == "COMPLETED":
            one.publish(by=lena)

    page = client.get(url(convention), {"since": str(FOUND)})

    assert ("Tobacco bill" in page.text, "The act is in force." in page.text) == (True, True)
    assert "Candlelight" not in page.text


def test_what_waits_and_what_is_of_a_draft_is_nowhere(client, convention, act, bill, lena, luc):
    assessed(place(convention, "art_1"), place(act, "art_1"), "FULL", lena, rationale="Waits as Candlelight.")
    reviewed(place(convention, "art_2"), place(bill, "art_1"), "FULL", lena, luc, rationale="Of the Candlelight bill.")
    pages = [
        client.get(url(convention)),
        client.get(url(convention), {"export": "csv"}),
        client.get(reverse("legal:gaps")),
        client.get(reverse("legal:gaps"), {"export": "csv"}),
        client.get(reverse("cms:country", args=["FR"])),
    ]

    assert [("Candlelight" in page.text, "Full," in page.text) for page in pages] == [(False, False)] * 5
    client.force_login(lena)
    assert "Candlelight" in client.get(url(convention)).text


def test_a_standard_that_is_a_draft_and_a_country_that_is_none_are_not_there(client, graded, convention, act, lena):
    found = [client.get(where).status_code for where in (url(convention), url(convention, "XX"), url(act))]
    convention.withdraw(by=lena)

    assert (found, client.get(url(convention) + "?again").status_code) == ([200, 404, 404], 404)
    assert client.get(reverse("legal:gaps"), {"standard": convention.slug}).context.get("standard") is None


def test_the_page_of_many_countries_leads_to_each_that_was_graded(client, graded, convention):
    page = client.get(reverse("legal:gaps"), {"standard": convention.slug})

    assert [row.country.pk for row in page.context["assessed"]] == ["FR"]
    assert f'href="{url(convention)}"' in page.text


def test_it_takes_as_many_queries_for_many_as_for_one(client, convention, act, lena, luc):
    reviewed(place(convention, "art_1"), place(act, "art_1"), "FULL", lena, luc)
    pages = [url(convention) + "?since=2019-01-01", reverse("legal:gaps") + "?region=Europe"]
    first = [queries_of(client, page + "&n=1") for page in pages]
    for section in ("art_1", "art_2"):
        reviewed(place(convention, "art_2"), place(act, section), "FULL", lena, luc)

    assert [queries_of(client, page + "&n=3") for page in pages] == first


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_it_is_there_in_each_language_and_reads_the_same_days(client, graded, convention, language, direction):
    page = client.get(url(convention).replace("/en/", f"/{language}/"), {"on": str(FOUND)})

    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert [line.grade for line in page.context["matrix"].lines] == ["NOT_ASSESSED", "ABSENT"]


def test_a_page_says_that_nobody_has_checked_it_or_not_for_too_long(client, act, lena):
    act.source = "Gazette"
    act.save()
    page = act.get_absolute_url()  # asked for in other words each time: what was cached is not the question here
    never = client.get(page).text
    act.verify(by=lena)
    for expression in act.expressions.all():
        expression.source = "Gazette"
        expression.save()
        expression.verify(by=lena)
    checked = client.get(page + "?checked").text
    act.verify(by=lena, review_by=datetime.date(2020, 1, 1), on=datetime.date(2019, 1, 1))
    old = client.get(page + "?old").text

    assert "Nobody has compared this text with its source yet." in never
    assert "This may be out of date: it was last compared with its source on 1 January 2019" in old
    assert ("Nobody has compared" in checked, "out of date" in checked) == (False, False)


def test_the_bars_are_whole_numbers_in_every_language(client, graded, convention):
    """Arabic writes 0,4 where a picture reads 0.4."""
    page = client.get(reverse("legal:gaps").replace("/en/", "/ar/"), {"standard": convention.slug, "region": "Europe"})

    [first, second] = [[width for _grade, _start, width in share.bars] for share in page.context["found"].shares]
    assert (sum(first), sum(second), 0 < second[0] < 100) == (1000, 1000, True)
    assert re.findall(r'<rect[^>]*(?:x|width)="[^"]*[^0-9"][^"]*"', page.text) == []
