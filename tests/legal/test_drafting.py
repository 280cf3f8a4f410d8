"""Model laws: commentary, options, what a country chooses, and texts side by side."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from legal.alignment import aligned
from legal.models import Commentary, DraftingOption, NationalDraft, NationalLaw
from tests.conftest import queries_of
from tests.legal.conftest import expressed


@pytest.fixture
def article(model_law):
    """Article 2 of the model law, explained, with two other ways to write it; the second leaves it out."""
    article = model_law.provisions.get(eid="art_2")
    Commentary.objects.create(provision=article, text={"en": "Why it is an offence."})
    said = {"provision": article, "note": {"en": "Where there are courts."}}
    DraftingOption.objects.create(letter="A", title={"en": "Strict"}, text={"en": "It is a crime.\nAlways."}, **said)
    DraftingOption.objects.create(letter="B", title={"en": "None"}, **said)
    return article


@pytest.fixture
def draft(model_law, article, france, lena) -> NationalDraft:
    return NationalDraft.objects.begin(model_law, france, "en", by=lena)


def contents(draft: NationalDraft) -> dict[str, str]:
    return {node.eid: node.content for _depth, node in draft.as_text().walk()}


def option(article, letter: str) -> DraftingOption:
    return article.drafting_options.get(letter=letter)


def test_a_draft_says_what_the_model_law_says_until_something_is_chosen(draft, article, lena):
    before = contents(draft)

    draft.choose(article, option(article, "A"), by=lena, reason="As our courts want it.")

    assert before == {
        "art_1": "<p>It applies to tobacco products.</p>",
        "art_2": "<p>Each Party shall make it unlawful.</p>",
    }
    assert contents(draft) == {**before, "art_2": "<p>It is a crime.</p><p>Always.</p>"}
    [choice] = draft.choices.all()
    assert (choice.option.letter, choice.reason, choice.by) == ("A", "As our courts want it.", lena)


def test_an_option_without_words_leaves_the_provision_out_and_can_be_taken_back(draft, article, lena):
    draft.choose(article, option(article, "B"), by=lena)
    assert list(contents(draft)) == ["art_1"]

    draft.choose(article, None, by=lena)
    assert list(contents(draft)) == ["art_1", "art_2"]


def test_an_option_of_another_provision_is_refused(draft, article, model_law, lena):
    with pytest.raises(ValidationError):
        draft.choose(model_law.provisions.get(eid="art_1"), option(article, "A"), by=lena)

    assert not draft.choices.exists()


def test_a_draft_becomes_a_law_that_readers_do_not_see_and_stays_as_it_was_chosen(
    draft, article, convention, lena, stranger
):
    draft.choose(article, option(article, "A"), by=lena)

    law = draft.record("fr-new-act", by=lena)

    assert (law.country_id, list(law.instruments.all()), law.is_published) == ("FR", [convention], False)
    assert law.expressions.get().passages.get(provision__eid="art_2").text == "It is a crime.\nAlways."
    assert list(NationalLaw.objects.visible_to(stranger)) == []
    with pytest.raises(ValidationError):
        draft.choose(article, None, by=lena)
    with pytest.raises(ValidationError):
        draft.record("again", by=lena)


def test_a_draft_in_a_language_without_text_is_refused(model_law, france, lena):
    with pytest.raises(ValidationError):
        NationalDraft.objects.begin(model_law, france, "ar", by=lena)


def test_an_officer_explains_a_provision_and_offers_an_option(client, model_law, lena):
    client.force_login(lena)
    first = model_law.provisions.get(eid="art_1")
    url = reverse("modellaw:drafting_provision", args=[model_law.pk, first.pk])

    client.post(url, {"comment": "1", "text_en": "Because."})
    client.post(url, {"letter": "A", "title_en": "Wide", "text_en": "It applies to all goods."})
    client.post(url, {"letter": "A", "title_en": "Wider", "text_en": "It applies to all."})

    assert (str(first.commentary), [str(one) for one in first.drafting_options.all()]) == ("Because.", ["A: Wider"])


def test_a_wrong_option_says_what_is_wrong_and_keeps_what_was_typed(client, model_law, lena):
    client.force_login(lena)
    first = model_law.provisions.get(eid="art_1")

    page = client.post(reverse("modellaw:drafting_provision", args=[model_law.pk, first.pk]), {"text_en": "All goods."})

    assert (page.status_code, set(page.context["option_form"].errors)) == (422, {"letter", "title"})
    assert "All goods." in page.text
    assert not first.drafting_options.exists()


def test_an_option_that_a_draft_has_chosen_stays(client, draft, article, lena):
    client.force_login(lena)
    draft.choose(article, option(article, "A"), by=lena)
    url = reverse("modellaw:drafting_provision", args=[draft.model_id, article.pk])

    for one in article.drafting_options.all():
        client.post(url, {"drop": one.pk})

    assert [one.letter for one in article.drafting_options.all()] == ["A"]


def test_an_officer_begins_a_draft_chooses_and_records_it(client, model_law, article, lena):
    client.force_login(lena)
    assert "Why it is an offence." in client.get(reverse("modellaw:drafting", args=[model_law.pk])).text
    began = client.post(reverse("modellaw:begin_draft", args=[model_law.pk]), {"country": "FR", "language": "en"})
    [draft] = NationalDraft.objects.all()
    url = reverse("nationaldraft:choose", args=[draft.pk])
    assert began["Location"] == url

    client.post(url, {"provision": article.pk, "option": option(article, "A").pk, "reason": "Ours."})
    page = client.get(url)
    recorded = client.post(url, {"slug": "fr-new"})

    assert (page.context["unanswered"], draft.choices.get().option.letter) == (0, "A")
    assert "It is a crime." in page.text
    assert recorded["Location"] == reverse("nationallaw:inspect", args=[NationalLaw.objects.get(slug="fr-new").pk])


def test_who_may_not_change_model_laws_finds_no_door(client, model_law, article, olga):
    client.force_login(olga)

    answers = [
        client.get(reverse("modellaw:drafting", args=[model_law.pk])),
        client.post(reverse("modellaw:begin_draft", args=[model_law.pk]), {"country": "FR", "language": "en"}),
        client.post(reverse("modellaw:drafting_provision", args=[model_law.pk, article.pk]), {"drop": 1}),
    ]

    assert [answer["Location"] for answer in answers] == ["/admin/"] * 3
    assert (NationalDraft.objects.count(), article.drafting_options.count()) == (0, 2)


def test_readers_find_commentary_and_options_beside_the_provision(client, model_law, article):
    page = client.get(model_law.get_absolute_url())

    for words in ("Why it is an offence.", "Option A: Strict", "It is a crime.", "The provision is left out."):
        assert words in page.text


def test_the_page_asks_as_often_for_many_options_as_for_one(client, model_law, article):
    few = queries_of(client, model_law.get_absolute_url())
    for place, one in enumerate(model_law.provisions.all()):
        DraftingOption.objects.create(provision=one, letter=f"X{place}", title={"en": "More"})
    Commentary.objects.create(provision=model_law.provisions.get(eid="art_1"), text={"en": "More."})

    assert queries_of(client, model_law.get_absolute_url() + "?language=en") == few


def test_two_texts_of_one_work_stand_beside_each_other_by_anchor(client, convention):
    english, arabic = (convention.expressions.get(language=code) for code in ("en", "ar"))

    page = client.get(reverse("legal:compare"), {"left": english.pk, "right": arabic.pk})

    assert [(a.provision.eid, b.provision.eid) for a, b in page.context["rows"]] == [
        ("art_1", "art_1"),
        ("art_2", "art_2"),
    ]


def test_passages_of_different_works_stand_beside_what_is_nearest_in_words():
    left = [("a", "Scope. It applies to tobacco products.", "en"), ("b", "Nobody shall sell to children.", "en")]
    words = ("Children: none may sell to them.", "Final clauses and languages.", "Tobacco products")
    right = [(str(place), said, "en") for place, said in enumerate(words)]

    assert aligned(left, right, by_anchor=False) == [(0, 2), (1, 0), (None, 1)]
    assert aligned([], right[:1], by_anchor=False) == [(None, 0)]


def test_a_draft_is_neither_offered_nor_compared(client, convention, bill):
    secret, english = bill.expressions.get(), convention.expressions.get(language="en")

    page = client.get(reverse("legal:compare"))
    asked = client.get(reverse("legal:compare"), {"left": english.pk, "right": secret.pk})

    assert (asked.status_code, "Candlelight" in page.text, "Protocol on tobacco" in page.text) == (404, False, True)


def test_a_text_that_is_not_there_is_not_found(client, convention):
    assert [client.get(reverse("legal:compare"), {"left": key}).status_code for key in ("x", "999999")] == [404, 404]


def test_texts_of_many_works_are_offered_by_the_same_questions(client, convention, act):
    few = queries_of(client, reverse("legal:compare"))
    expressed(act, "en", "ar", on=act.in_force_on)

    assert queries_of(client, reverse("legal:compare") + "?x=1") == few
