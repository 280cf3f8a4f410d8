"""What a draft, or a law that was changed, must not let through the search and what stands around it."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from legal.models import SavedSearch, SearchEntry, Work
from legal.text_formats import rendering
from legal.texts import Node, Text
from legal.views.search import find
from tests.legal.conftest import text


def test_a_draft_instrument_is_no_facet_and_asking_for_it_finds_nothing(client, convention, case, lena):
    convention.withdraw(by=lena)

    page = client.get(reverse("legal:index"))
    asked = client.get(reverse("legal:index"), {"instrument": convention.slug})

    assert page.context["found"].counts["instrument"] == {}
    assert (asked.context["found"].count, "Protocol on tobacco" in asked.text) == (0, False)


def test_a_text_that_is_set_right_leaves_the_facts_of_its_law_in_the_search(act):
    work = Work.objects.get(pk=act.pk)  # as an expression that is read from the database knows it

    work.expressions.get().write(text("fr", [("Neuf", "Autre.")]))

    entry = SearchEntry.objects.get(work=act.pk)
    assert (entry.form, entry.in_force_on, entry.is_published) == ("ACT", act.in_force_on, True)


def test_what_was_withdrawn_meanwhile_does_not_come_back_by_a_text(act, lena):
    stale = Work.objects.get(pk=act.pk)
    act.withdraw(by=lena)

    stale.expressions.get().write(text("fr"))
    SearchEntry.objects.keep(stale)

    assert find(QueryDict("q=infractions"), AnonymousUser()).count == 0


def test_a_long_search_makes_a_short_subject(client, act, lena):
    client.post(reverse("legal:save_search"), {"email": "ada@example.org", "asked": "q=" + "tabac+" * 30})

    saved = SavedSearch.objects.get()
    assert (len(saved.words) <= 80, len(QueryDict(saved.asked)["q"]) <= 200) == (True, True)
    long_ago = act.published_at or datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    saved.confirm(now=long_ago)
    act.publish(by=lena)
    assert SavedSearch.objects.work_off() == 1


@pytest.mark.django_db
def test_marks_that_no_feed_may_hold_are_no_reason_to_fail(client):
    assert client.get(reverse("legal:search_feed"), {"q": "\x01tobacco\x00"}).status_code == 200


def test_an_anchor_cannot_carry_markup_into_a_page():
    note = '<p>Words<authorialNote marker="1"><p>x</p></authorialNote></p>'
    told = Text("en", nodes=[Node("article", 'x"><img src=y>', "1", content=note)])

    assert "<img" not in rendering.page(told)
