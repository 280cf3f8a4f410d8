"""The desk's lists and cards of what countries did and said about an instrument."""

import pytest
from django.urls import reverse

from legal.models import Act, Participation, Statement
from tests.conftest import queries_of, rows_of_sheet, staff
from tests.legal.test_treaties import DEPOSITED, record, reservation


@pytest.fixture
def desk(client, lena):
    """As Lena sees it."""
    client.force_login(lena)
    return client


def listed(client, name: str, **asked) -> list:
    return list(client.get(reverse(f"{name}:index"), asked).context["object_list"])


def test_acts_are_found_by_country_in_any_language_and_by_instrument(desk, convention):
    france, germany = record(convention, "FR"), record(convention, "DE", Act.ACCESSION)

    assert listed(desk, "participation", q="Frankreich") == []
    assert listed(desk, "participation", q="Allemagne") == [germany]
    assert set(listed(desk, "participation", q="protocole")) == {france, germany}
    assert listed(desk, "participation", country="FR") == [france]
    assert listed(desk, "participation", act="ACCESSION", instrument=convention.pk) == [germany]


def test_what_is_to_be_checked_again_is_filtered(desk, convention, lena):
    checked, other = record(convention, "FR", source="Depositary"), record(convention, "DE")
    checked.verify(by=lena)

    assert listed(desk, "participation", stale="true") == [other]


@pytest.mark.parametrize("name", ["participation", "statement"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, convention, name):
    make = record if name == "participation" else reservation
    make(convention, "FR")
    asked_for_one = queries_of(desk, reverse(f"{name}:index"))
    for country in ("DE", "KE"):
        make(convention, country)

    assert queries_of(desk, reverse(f"{name}:index")) == asked_for_one


def test_an_act_is_written_down_on_the_desk_and_verified_on_its_card(desk, convention, lena):
    answers = {"country": "FR", "instrument": convention.pk, "act": "RATIFICATION", "acted_on": "2014-05-01"}
    page = desk.post(reverse("participation:add"), {**answers, "source": "Depositary"}, follow=True)
    done = Participation.objects.get()
    assert page.redirect_chain[-1][0] == reverse("participation:inspect", args=[done.pk])

    desk.post(reverse("participation:verify", args=[done.pk]), {"review_by": "2030-01-01"})

    done.refresh_from_db()
    assert (done.verified_by, str(done.review_by)) == (lena, "2030-01-01")


def test_what_names_no_source_is_not_verified(desk, convention):
    done = record(convention, "FR")

    page = desk.post(reverse("participation:verify", args=[done.pk]), follow=True)

    assert [str(message).strip() for message in page.context["messages"]] == [
        "Say first where it comes from: without a source nothing can be verified."
    ]


def test_who_only_reads_sees_the_card_and_verifies_nothing(client, convention):
    done = record(convention, "FR", source="Depositary")
    client.force_login(staff("reader", "reader@example.org"))
    card = client.get(reverse("participation:inspect", args=[done.pk]))

    client.post(reverse("participation:verify", args=[done.pk]))

    done.refresh_from_db()
    assert (card.status_code, card.context["acts"], done.verified_on) == (200, [], None)


def test_the_form_of_a_statement_offers_what_belongs_to_its_instrument(desk, convention, model_law):
    said = reservation(convention)
    form = desk.get(reverse("statement:add"), {"instrument": convention.pk, "country": "DE"}).context["form"]

    assert [str(one) for one in form["objects_to"].field.queryset] == [str(said)]
    assert [label for _pk, label in form["provisions"].field.choices] == ["Article 1 Scope", "Article 2 Offences"]
    assert (form["instrument"].initial, form["country"].initial) == (convention.pk, "DE")


def test_a_statement_is_written_down_with_its_provisions(desk, convention):
    article = convention.provisions.get(eid="art_2")
    answers = {"country": "FR", "instrument": convention.pk, "kind": "RESERVATION", "made_on": "2014-05-01"}

    desk.post(reverse("statement:add"), {**answers, "text_en": "Not bound.", "provisions": [article.pk]})

    statement = Statement.objects.get()
    assert (list(statement.provisions.all()), dict(statement.text)) == ([article], {"en": "Not bound."})


def test_the_export_names_codes(desk, convention):
    record(convention, "FR", Act.ACCESSION)

    rows = rows_of_sheet(desk.get(reverse("participation:index"), {"export": "csv"}))

    assert rows[1][:4] == ["tobacco-protocol", "FR", "ACCESSION", str(DEPOSITED)]
