"""The search: it finds the forms of words in four languages, counts what it shows, and knows nothing of drafts."""

import datetime
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from legal.models import Expression, SearchEntry
from legal.views.search import find
from legal.words import question
from tests.conftest import queries_of
from tests.legal.conftest import ADOPTED, expressed, text


def found(client, **asked) -> list[str]:
    """The short names of the works on the first page."""
    page = client.get(reverse("legal:index"), asked)
    assert page.status_code == 200
    return [one["work"].slug for one in page.context["results"]]


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("tobacco", ["tobacco-protocol", "model-tobacco-law", "fr-tobacco-act"]),
        ("unlawful party", ["tobacco-protocol", "model-tobacco-law"]),
        ("infraction", ["tobacco-protocol", "fr-tobacco-act"]),  # the text says "Infractions"
        ("presente", ["tobacco-protocol"]),
        ("المنتجات", ["tobacco-protocol"]),  # the text says منتجات
        ("الإتفاقية", ["tobacco-protocol"]),  # with another hamza than the text
        ("اتفاقيه", ["tobacco-protocol"]),  # without article, and ha for ta marbuta
        ("2015-12", ["fr-tobacco-act"]),
        ("tobacco -model", ["tobacco-protocol", "fr-tobacco-act"]),
        ('"make it unlawful"', ["tobacco-protocol", "model-tobacco-law"]),
        ('"unlawful make"', []),
        ("the of", []),
        ("zebra", []),
    ],
)
def test_a_word_is_found_in_its_forms(client, convention, act, model_law, words, slugs):
    convention.expressions.get(language="fr").write(
        text("fr", [("Champ", "Présente à tous."), ("Infractions", "Non.")])
    )

    assert sorted(found(client, q=words)) == sorted(slugs)


def test_the_title_comes_before_the_text(client, convention, act, model_law):
    act.title = {"en": "Unlawful goods"}
    act.save()

    assert found(client, q="unlawful")[0] == "fr-tobacco-act"


def test_the_place_where_it_is_said_is_shown_and_marked_in_the_readers_language(client, convention):
    page = client.get("/fr/law/", {"q": "infractions tabac"})

    [one] = page.context["results"]
    [passage, *_more] = one["passages"]
    assert (passage["label"], passage["language"], passage["url"]) == (
        "Article 1 Champ",
        "fr",
        "/fr/law/instruments/tobacco-protocol/?language=fr#art_1",
    )
    assert ("tabac", True) in passage["pieces"]
    assert "<mark>tabac</mark>" in page.text


def test_where_no_text_says_all_of_it_those_that_say_some_are_shown(client, convention, act):
    page = client.get(reverse("legal:index"), {"q": "unlawful zebra"})

    assert [one["work"].slug for one in page.context["results"]] == ["tobacco-protocol"]
    assert "No text says all of these words" in page.text


def counts(page) -> dict[str, dict[str, int]]:
    return {name: dict(values) for name, values in page.context["found"].counts.items() if values}


def test_facets_count_what_is_found(client, convention, act, model_law, case):
    page = client.get(reverse("legal:index"))

    assert counts(page) == {
        "kind": {"INSTRUMENT": 1, "LAW": 1, "MODEL": 1, "CASE": 1},
        "topic": {"tobacco": 2},
        "region": {"Europe": 2},
        "country": {"FR": 2},
        "instrument": {"tobacco-protocol": 2},
        "form": {"ACT": 1},
        "status": {"NOT_YET": 1, "IN_FORCE": 1},
        "language": {"en": 2, "fr": 2, "ar": 1},
        "year": {"2012": 2, "2015": 1},
    }


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ({"kind": "LAW"}, {"fr-tobacco-act"}),
        ({"kind": ["LAW", "CASE"]}, {"fr-tobacco-act", "container"}),
        ({"kind": "-LAW"}, {"tobacco-protocol", "model-tobacco-law", "container"}),
        ({"topic": "tobacco", "country": "FR"}, {"fr-tobacco-act"}),
        ({"topic": "-tobacco"}, {"model-tobacco-law", "container"}),
        ({"region": "Europe", "form": "-ACT"}, {"container"}),
        ({"instrument": "tobacco-protocol"}, {"model-tobacco-law", "container"}),
        ({"status": "IN_FORCE"}, {"fr-tobacco-act"}),
        ({"language": "fr", "year": "-2015"}, {"tobacco-protocol"}),
        ({"year": ["x", "99999"], "kind": "NOTHING"}, set()),
        ({"country": "\x00", "kind": "LAW"}, {"fr-tobacco-act"}),
    ],
)
def test_a_choice_narrows_and_leaves_out(client, convention, act, model_law, case, asked, slugs):
    assert set(found(client, **asked)) == slugs


def test_each_link_of_a_facet_leads_to_as_many_works_as_it_says(client, convention, act, model_law, case):
    page = client.get(reverse("legal:index"), {"q": "tobacco", "kind": "-CASE"})

    for group in page.context["groups"]:
        for value in group["values"]:
            there = client.get(reverse("legal:index") + value["url"])
            assert there.context["found"].count == value["count"], (group["label"], value["label"])


def test_a_draft_is_not_found_not_counted_and_not_shown(client, act, bill, lena):
    assert found(client, q="candlelight") == []
    page = client.get(reverse("legal:index"))
    assert counts(page)["country"] == {"FR": 1}
    assert "Candlelight" not in page.text

    client.force_login(lena)
    assert found(client, q="candlelight") == ["fr-secret-bill"]


def now(**asked) -> int:
    """How many a stranger finds, past what pages remember."""
    return find(QueryDict(urlencode(asked)), AnonymousUser()).count


def test_what_is_withdrawn_or_changed_is_found_as_it_is_now(act, lena):
    french = act.expressions.get()
    french.write(text("fr", [("Zèbres", "Aucun.")]))
    assert (now(q="zebre"), now(q="infractions")) == (1, 0)

    french.delete()
    assert (now(q="zebre"), now(q="tobacco")) == (0, 1)
    act.withdraw(by=lena)
    assert now(q="tobacco") == 0


def test_an_old_version_is_not_searched(client, act):
    later = act.in_force_on + datetime.timedelta(days=400)
    Expression.objects.record(act, text("fr", [("Neuf", "Autre chose.")]), by=None, valid_on=later)

    assert (found(client, q="infractions"), found(client, q="autre")) == ([], ["fr-tobacco-act"])


def test_as_many_questions_are_asked_for_many_works_as_for_few(client, convention, act, model_law, case):
    few = queries_of(client, reverse("legal:index") + "?q=tobacco")
    for place in range(5):
        more = type(act).objects.create(
            slug=f"more-{place}", title="Tobacco more", country=act.country, is_published=True
        )
        expressed(more, "en", "fr", on=ADOPTED)

    assert queries_of(client, reverse("legal:index") + "?q=tobacco") == few


def test_what_is_asked_is_read_as_it_was_meant():
    parts = question('smuggling -"model law" “mutual legal assistance” l’accès').parts

    assert [(len(part.words), part.is_unwanted) for part in parts] == [(1, False), (2, True), (3, False), (1, False)]


def test_a_hostile_question_is_only_a_question(client, convention):
    for words in ["'", "'::tsquery", "\\", "a:*", "!(&|)", "%", "<script>", '"', "-", "-" * 300, "ا" * 500]:
        assert found(client, q=words) == []


def test_the_entry_of_a_work_goes_with_it(act):
    act.delete()

    assert not SearchEntry.objects.exists()
