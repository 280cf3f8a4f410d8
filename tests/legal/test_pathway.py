"""Ratifications: from consultation to deposit, whose turn it is, and from when the instrument binds."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from legal.models import Act, Instrument, Participation, Pathway, PathwayStep
from network.models import Country, Desk
from tests.conftest import staff
from tests.legal.conftest import ADOPTED
from tests.legal.test_treaties import DEPOSITED, record

DAY = datetime.timedelta(days=1)


def kinds(pathway: Pathway) -> list[str]:
    return list(pathway.steps.in_order().values_list("kind", flat=True))


def refusal(act, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        act(*args, **kwargs)
    return caught.value.messages


def test_a_ratification_begins_with_the_usual_steps(pathway):
    assert kinds(pathway) == [
        *("CONSULTATION", "TRANSLATION", "REVIEW", "CABINET", "PARLIAMENT", "PROMULGATION", "POWERS", "DEPOSIT"),
    ]
    assert str(pathway.next_step) == "Consultation of ministries and of those concerned"


def test_the_last_step_is_the_deposit_whatever_is_chosen(convention, france, lena):
    chosen = Pathway.objects.begin(convention, france, by=lena, steps=["DEPOSIT", "PARLIAMENT"])

    assert kinds(chosen) == ["PARLIAMENT", "DEPOSIT"]


def test_who_is_bound_already_does_not_begin(convention, france, lena):
    record(convention, "FR")

    assert refusal(Pathway.objects.begin, convention, france, by=lena) == ["France has consented to be bound already."]
    assert Pathway.objects.count() == 0


def test_a_country_is_on_its_way_once(pathway, convention, france, lena):
    assert refusal(Pathway.objects.begin, convention, france, by=lena) == [
        "This country is on its way to this instrument already."
    ]

    pathway.stop("A new government.", by=lena)

    assert Pathway.objects.begin(convention, france, by=lena).is_open


def test_steps_are_taken_one_by_one(pathway, lena):
    first, second = pathway.steps.in_order()[:2]

    pathway.take_step(first, by=lena, on=DEPOSITED, note="Six ministries")

    first.refresh_from_db()
    assert (first.taken_on, first.taken_by, first.note) == (DEPOSITED, lena, "Six ministries")
    assert Pathway.objects.get().next_step == second
    assert refusal(pathway.take_step, first, by=lena) == ["This step was taken already."]
    tomorrow = timezone.localdate() + DAY
    assert refusal(pathway.take_step, second, by=lena, on=tomorrow) == ["This day is still to come."]


def test_a_step_is_planned_for_somebody_by_a_day(pathway, lena, luc):
    step = pathway.next_step

    pathway.plan(step, due_on=timezone.localdate() - DAY, owner=luc, by=lena)

    step.refresh_from_db()
    assert (step.owner, step.is_overdue) == (luc, True)


def test_a_step_of_its_own_comes_before_another(pathway, lena):
    pathway.add_step("Opinion of the council of state", before=pathway.steps.get(kind="CABINET"), by=lena)

    assert [str(step) for step in pathway.steps.in_order()][2:5] == [
        *("Comparison with national law", "Opinion of the council of state", "Approval by the cabinet"),
    ]


def test_a_deposit_is_recorded_and_ends_the_ratification(pathway, lena, convention):
    step = pathway.steps.get(kind="DEPOSIT")
    assert refusal(pathway.take_step, step, by=lena) == ["A deposit is recorded by itself, with what it says."]

    done = pathway.deposit(by=lena, on=DEPOSITED, source="Depositary notification", as_at=DEPOSITED)

    pathway.refresh_from_db()
    step.refresh_from_db()
    assert (pathway.closed_on, pathway.deposit_made, step.taken_on) == (DEPOSITED, done, DEPOSITED)
    assert (done.act, done.country_id, done.source) == ("RATIFICATION", "FR", "Depositary notification")
    assert Participation.objects.standings()[convention.pk, "FR"].status == "BOUND_LATER"
    assert refusal(pathway.stop, "x", by=lena) == ["This ratification is closed."]
    assert [entry.action for entry in ModelLogEntry.objects.order_by("pk")][-2:] == [
        *("legal.participation.record", "legal.pathway.deposit"),
    ]


def test_a_deposit_that_cannot_be_recorded_ends_nothing(pathway, lena):
    refused = refusal(pathway.deposit, by=lena, on=timezone.localdate() + DAY)

    pathway.refresh_from_db()
    assert (refused, pathway.is_open, Participation.objects.count()) == (["This day is still to come."], True, 0)


def test_it_is_computed_from_when_the_instrument_would_bind(pathway, convention):
    convention.in_force_on, convention.days_after_deposit = ADOPTED, 90
    convention.save()
    pathway.expected_on = DEPOSITED

    assert pathway.binds_from() == DEPOSITED + 90 * DAY
    assert pathway.binds_from(DEPOSITED + DAY) == DEPOSITED + 91 * DAY


def test_it_may_be_the_deposit_that_brings_it_into_force(pathway, convention):
    convention.deposits_needed, convention.days_after_deposit = 2, 90
    convention.save()
    assert pathway.binds_from(DEPOSITED) is None

    record(convention, "DE", on=DEPOSITED - DAY)

    assert pathway.binds_from(DEPOSITED) == DEPOSITED + 90 * DAY


# -- whose turn it is


def test_the_next_step_is_the_turn_of_whoever_sees_to_it_else_of_the_owner(pathway, lena, luc):
    turns = [Pathway.objects.with_next().turn_of(user).exists() for user in (lena, luc)]

    pathway.plan(pathway.next_step, due_on=None, owner=luc, by=lena)

    assert turns == [True, False]
    assert [Pathway.objects.with_next().turn_of(user).exists() for user in (lena, luc)] == [False, True]


def test_what_is_overdue_is_known_and_comes_first(pathway, convention, lena):
    german = Pathway.objects.begin(convention, Country.objects.get(pk="DE"), by=lena)
    today = timezone.localdate()
    pathway.plan(pathway.next_step, due_on=today, owner=None, by=lena)
    german.plan(german.next_step, due_on=today - DAY, owner=None, by=lena)

    assert list(Pathway.objects.with_next().overdue()) == [german]
    assert list(Pathway.objects.with_next().by_due()) == [german, pathway]


def test_of_each_ratification_one_step_is_the_next(pathway, lena):
    pathway.take_step(pathway.next_step, by=lena)

    assert [step.kind for step in PathwayStep.objects.next_ones()] == ["TRANSLATION"]


# -- who sees it


def test_a_desk_sees_the_ratifications_of_its_countries_alone(pathway, french_officer, stranger):
    elsewhere = staff("legal officer", "hans@example.org")
    elsewhere.desks.add(Desk.objects.create(name="Germany", countries=[Country.objects.get(pk="DE")]))
    reader = staff("reader", "reader@example.org")
    seen = {
        user.email: list(Pathway.objects.visible_to(user)) for user in (french_officer, elsewhere, stranger, reader)
    }

    assert list(seen.values()) == [[pathway], [], [], [pathway]]


def test_a_step_of_another_ratification_is_not_taken_with_this_one(pathway, lena, france):
    other = Pathway.objects.begin(Instrument.objects.create(slug="x", title="X"), france, by=lena, act=Act.ACCESSION)

    assert refusal(pathway.take_step, other.next_step, by=lena) == ["This step was taken already."]
