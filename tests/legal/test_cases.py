"""The page of a case study: what a reader learns from it, and nothing of what is a draft."""

from tests.conftest import queries_of


def test_a_reader_learns_what_was_done_by_which_channel_and_under_which_article(client, case, convention):
    case.provisions.add(convention.provisions.get(eid="art_2"))

    page = client.get(case.get_absolute_url())

    for words in ("Cigarettes in a container", "Ask early.", "INTERPOL’s I-24/7, Mutual legal assistance"):
        assert words in page.text
    assert f"{convention.get_absolute_url()}#art_2" in page.text


def test_what_was_applied_and_is_a_draft_is_not_named(client, case, convention, lena):
    case.provisions.add(convention.provisions.get(eid="art_2"))
    convention.withdraw(by=lena)

    page = client.get(case.get_absolute_url())

    assert ("Protocol on tobacco" in page.text, list(page.context["provisions"])) == (False, [])


def test_the_page_of_a_case_asks_as_often_with_many_articles_as_with_one(client, case, convention):
    first, second = convention.provisions.all()
    case.provisions.add(first)
    few = queries_of(client, case.get_absolute_url())
    case.provisions.add(second)

    assert queries_of(client, case.get_absolute_url() + "?x=1") == few
