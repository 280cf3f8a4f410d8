"""Works and their texts: who reads them, which text is shown, and what keeps its place."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from legal.models import Expression, Instrument, NationalLaw, Provision, Work
from legal.texts import Node, Text
from tests.legal.conftest import ADOPTED, expressed, text

YEAR = datetime.timedelta(days=365)


def test_a_reader_sees_what_is_published_and_a_legal_officer_drafts_too(act, bill, stranger, lena):
    assert list(NationalLaw.objects.visible_to(stranger)) == [act]
    assert set(NationalLaw.objects.visible_to(lena)) == {act, bill}
    assert list(Expression.objects.visible_to(stranger)) == list(act.expressions.all())


def test_a_draft_is_not_there_for_a_reader(client, bill, act, lena):
    page, listed = client.get(bill.get_absolute_url()), client.get(reverse("legal:index"))
    client.force_login(lena)

    assert (page.status_code, client.get(bill.get_absolute_url()).status_code) == (404, 200)
    assert [one["work"].slug for one in listed.context["results"]] == [act.slug]


def test_what_is_withdrawn_is_a_draft_again(act, stranger, lena):
    act.withdraw(by=lena)
    assert list(Work.objects.visible_to(stranger)) == []

    act.publish(by=lena)
    assert [work.slug for work in Work.objects.visible_to(stranger)] == [act.slug]


def test_a_work_is_found_by_words_in_any_language_and_script(convention, act):
    found = {words: [one.slug for one in Work.objects.matching(words)] for words in ("protocole TABAC", "2015-12", "x")}

    assert found == {"protocole TABAC": ["tobacco-protocol"], "2015-12": ["fr-tobacco-act"], "x": []}


def test_the_text_is_in_the_readers_language_else_authentic_else_english(convention, act):
    assert [convention.expression_in(language).language for language in ("fr", "ar", "es")] == ["fr", "ar", "en"]
    assert act.expression_in("en").language == "fr"


def test_the_text_is_as_it_read_on_the_day(act):
    later = Expression.objects.record(act, text("fr", [("Neuf", "Autre.")]), by=None, valid_on=act.in_force_on + YEAR)

    assert act.expression_in("fr") == later
    assert act.expression_in("fr", on=later.valid_on - datetime.timedelta(days=1)).passages.count() == 2
    assert act.expression_in("fr", on=act.in_force_on - YEAR) is None


def test_a_text_comes_back_as_the_tree_that_it_was(convention):
    section = Node("section", "sec_1__x", "1", "Means", "<p>By <i>any</i> means.</p>", "<p>Ends.</p>")
    told = Text("es", "Ley", nodes=[Node("part", "part_1", "I", children=[section]), Node("part", "part_2", "II")])

    kept = Expression.objects.record(convention, told, by=None, valid_on=ADOPTED).as_text()

    assert kept.nodes == told.nodes
    assert convention.expressions.get(language="es").passages.get(number="1").text == "By any means.\nEnds."


def test_what_refers_to_a_provision_stays_when_its_text_is_written_anew(convention):
    article, english = convention.provisions.get(eid="art_2"), convention.expressions.get(language="en")

    english.write(text("en", [("Scope", "All."), ("Offences", "Other words."), ("New", "More.")]))

    assert Provision.objects.get(pk=article.pk).passages.get(expression=english).text == "Other words."
    assert convention.provisions.count() == 3


def test_two_provisions_with_one_anchor_are_refused_and_nothing_is_kept(convention):
    twice = Text("es", nodes=[Node("article", "art_9"), Node("article", "art_9")])

    with pytest.raises(ValidationError) as refusal:
        Expression.objects.record(convention, twice, by=None, valid_on=ADOPTED)

    assert refusal.value.messages == ["Two provisions have the same anchor: art_9."]
    assert not convention.expressions.filter(language="es").exists()


def test_a_second_text_of_the_same_language_and_day_is_refused(convention):
    with pytest.raises(ValidationError) as refusal:
        expressed(convention, "en")

    assert refusal.value.messages == ["There is a text in that language from that day on already."]


def test_a_law_is_in_force_between_two_days(act):
    act.repealed_on = act.in_force_on + YEAR
    act.save()
    day = datetime.timedelta(days=1)
    days = [act.in_force_on - day, act.in_force_on, act.repealed_on - day, act.repealed_on]

    assert [act.status_on(on) for on in days] == ["NOT_YET", "IN_FORCE", "IN_FORCE", "REPEALED"]
    assert [NationalLaw.objects.in_force(on).count() for on in days] == [0, 1, 1, 0]


def test_what_nobody_verified_is_stale_and_what_was_verified_until_its_day(convention, act, lena):
    day = datetime.date(2026, 5, 1)
    convention.verify(by=lena, review_by=day, on=day - YEAR)

    assert [convention.is_stale(day), convention.is_stale(day + YEAR)] == [False, True]
    assert {one.slug for one in Work.objects.stale(day)} == {act.slug}
    assert set(Instrument.objects.stale(day + YEAR)) == {convention}


def test_what_names_no_source_cannot_be_verified(act, lena):
    with pytest.raises(ValidationError):
        act.verify(by=lena)

    assert act.verified_on is None
