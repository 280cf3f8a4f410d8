"""The desk's screens for ratifications: begun, planned, taken step by step, deposited; and what is next for whom."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from legal.models import Participation, Pathway
from network.models import Country
from tests.conftest import queries_of, staff
from tests.legal.test_pathway import DAY
from tests.legal.test_treaties import DEPOSITED


@pytest.fixture
def desk(client, lena):
    """As Lena sees it."""
    client.force_login(lena)
    return client


def at(name: str, one: Pathway) -> str:
    return reverse(f"pathway:{name}", args=[one.pk])


def messages(page) -> list[str]:
    return [str(message).strip() for message in page.context["messages"]]


def begin(convention, code: str, by) -> Pathway:
    return Pathway.objects.begin(convention, Country.objects.get(pk=code), by=by, owner=by)


def test_a_ratification_is_begun_on_the_desk(desk, convention, lena):
    form = desk.get(reverse("pathway:add"), {"country": "FR", "instrument": convention.pk}).context["form"]
    assert (form["country"].value(), form["owner"].value()) == ("FR", lena.pk)
    answers = {"country": "FR", "instrument": convention.pk, "act": "ACCESSION", "begun_on": "2026-01-05"}

    sent = desk.post(reverse("pathway:add"), {**answers, "steps": ["CABINET", "PARLIAMENT"]})

    begun = Pathway.objects.get()
    assert sent.url == at("inspect", begun)
    assert (begun.act, [step.kind for step in begun.steps_in_order]) == (
        "ACCESSION",
        ["CABINET", "PARLIAMENT", "DEPOSIT"],
    )


def test_what_cannot_begin_is_said_on_the_form(desk, convention, pathway):
    answers = {"country": "FR", "instrument": convention.pk, "act": "ACCESSION", "begun_on": "2026-01-05"}

    page = desk.post(reverse("pathway:add"), answers)

    assert page.context["form"].non_field_errors() == ["This country is on its way to this instrument already."]


def test_steps_are_planned_put_in_and_taken_on_the_card(desk, pathway, luc):
    first = pathway.next_step
    desk.post(at("plan", pathway), {"step": first.pk, "owner": luc.pk, "due_on": "2026-03-01"})
    desk.post(at("add_step", pathway), {"step": first.pk, "title": "Ask the provinces"})
    put_in = Pathway.objects.get().next_step

    page = desk.post(at("take", pathway), {"step": put_in.pk, "on": "2026-02-01", "note": "All agree"}, follow=True)

    assert (str(put_in), messages(page)) == (
        "Ask the provinces",
        ["It is planned.", "There is one more step.", "It is noted."],
    )
    assert [(str(step), step.owner, step.taken_on) for step in page.context["steps"]][:2] == [
        ("Ask the provinces", None, datetime.date(2026, 2, 1)),
        ("Consultation of ministries and of those concerned", luc, None),
    ]


def test_a_deposit_is_recorded_from_the_card(desk, pathway):
    answers = {"on": "2014-05-01", "source": "Depositary notification", "as_at": "2014-05-02"}

    page = desk.post(at("deposit", pathway), answers, follow=True)

    done = Participation.objects.get()
    assert messages(page) == ["The deposit is recorded; the ratification has come to its end."]
    assert (done.acted_on, done.source, page.context["acts"]) == (DEPOSITED, "Depositary notification", [])


def test_the_card_says_from_when_it_would_bind(desk, pathway, convention):
    convention.deposits_needed, convention.days_after_deposit = 40, 90
    convention.save()
    facts = {fact["label"]: fact["value"] for fact in desk.get(at("inspect", pathway)).context["fields"]}
    assert facts["The instrument"] == "not in force: 0 of 40 deposits"
    assert facts["Would bind the country"] == "The day cannot be told before the instrument is in force."

    convention.in_force_on = DEPOSITED
    convention.save()
    Pathway.objects.update(expected_on=datetime.date(2027, 1, 1))
    facts = {fact["label"]: fact["value"] for fact in desk.get(at("inspect", pathway)).context["fields"]}

    assert facts["Would bind the country"] == "from 1 April 2027, if it deposits when expected"


def test_what_is_next_is_listed_by_whose_turn_it_is(desk, pathway, convention, lena, luc):
    german = begin(convention, "DE", luc)
    german.plan(german.next_step, due_on=timezone.localdate() - DAY, owner=None, by=luc)
    listed = {
        name: [str(one.country) for one in desk.get(reverse("pathway:index"), asked).context["object_list"]]
        for name, asked in {
            "all": {},
            "mine": {"turn": lena.pk},
            "his": {"turn": luc.pk},
            "late": {"overdue": "true"},
            "found": {"q": "Allemagne"},
        }.items()
    }

    assert listed == {
        **{"all": ["Germany", "France"], "mine": ["France"], "his": ["Germany"]},
        **{"late": ["Germany"], "found": ["Germany"]},
    }


def test_my_turn_stands_on_the_first_page(desk, pathway, convention, luc):
    begin(convention, "DE", luc)

    [panel] = [
        panel for panel in desk.get(reverse("wagtailadmin_home")).context["panels"] if panel.name == "next_steps"
    ]

    assert list(panel.get_context_data({})["pathways"]) == [pathway]


def test_the_list_asks_as_often_for_three_rows_as_for_one(desk, pathway, convention, lena):
    asked_for_one = queries_of(desk, reverse("pathway:index"))
    for code in ("DE", "KE"):
        begin(convention, code, lena)

    assert queries_of(desk, reverse("pathway:index")) == asked_for_one


def test_a_desk_begins_and_sees_what_is_of_its_countries(client, convention, pathway, lena, french_officer):
    german = begin(convention, "DE", lena)
    client.force_login(french_officer)
    form = client.get(reverse("pathway:add")).context["form"]

    sent = client.post(at("take", german), {"step": german.next_step.pk, "on": "2026-02-01"})

    assert [code for code, _name in form["country"].field.choices] == ["", "FR"]
    assert list(client.get(reverse("pathway:index")).context["object_list"]) == [pathway]
    assert [client.get(at("inspect", one)).status_code for one in (pathway, german)] == [200, 302]
    assert (sent.status_code, german.steps.filter(taken_on=None).count()) == (302, 8)


def test_who_only_reads_takes_no_steps(client, pathway):
    client.force_login(staff("reader", "reader@example.org"))

    card = client.get(at("inspect", pathway))
    client.post(at("stop", pathway), {"reason": "x"})

    pathway.refresh_from_db()
    assert (card.context["acts"], pathway.is_open) == ([], True)
