"""What countries did and said about an instrument: recorded once, corrected, verified, and derived for many at once."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from legal.models import Act, Instrument, Participation, Provision, Standing, Statement, Status
from network.models import Country
from tests.legal.conftest import ADOPTED

DAY = datetime.timedelta(days=1)
DEPOSITED = datetime.date(2014, 5, 1)


def record(instrument: Instrument, country: str, act: Act = Act.RATIFICATION, on: datetime.date = DEPOSITED, **facts):
    return Participation.objects.record(instrument, Country.objects.get(pk=country), act, on, by=None, **facts)


def reservation(instrument: Instrument, country: str = "FR", **facts) -> Statement:
    facts = {"kind": "RESERVATION", "made_on": DEPOSITED, "text": {"en": "Not bound by article 2."}, **facts}
    statement = Statement(instrument=instrument, country_id=country, **facts)
    statement.full_clean()
    statement.save()
    return statement


# -- what they did


def test_an_act_is_recorded_once(convention):
    record(convention, "FR")

    with pytest.raises(ValidationError) as refusal:
        record(convention, "FR")

    assert refusal.value.messages == ["This act of that day is recorded already."]


def test_an_act_cannot_lie_in_the_future(convention):
    with pytest.raises(ValidationError) as refusal:
        record(convention, "FR", on=timezone.localdate() + DAY)

    assert refusal.value.message_dict == {"acted_on": ["This day is still to come."]}


def test_only_a_succession_takes_effect_before_it_is_notified(convention):
    record(convention, "SK", Act.SUCCESSION, effective_on=DEPOSITED - DAY)

    with pytest.raises(ValidationError) as refusal:
        record(convention, "FR", effective_on=DEPOSITED - DAY)

    assert refusal.value.messages == ["Only a succession takes effect before it is notified."]


def test_a_correction_says_what_it_said_before_and_is_to_be_verified_again(convention, lena):
    done = record(convention, "FR", source="Depositary", as_at=DEPOSITED)
    done.verify(by=lena)

    done.correct(by=lena, acted_on=DEPOSITED + DAY, source="Gazette", as_at=DEPOSITED)

    kept = Participation.objects.get()
    assert (kept.acted_on, kept.source, kept.verified_by, kept.verified_on) == (DEPOSITED + DAY, "Gazette", None, None)
    assert ModelLogEntry.objects.filter(action="legal.participation.correct").get().data["changes"] == [
        ["date", "2014-05-01", "2014-05-02"],
        ["source", "Depositary", "Gazette"],
    ]


def test_to_verify_an_act_changes_nothing_that_it_says(convention, lena):
    done = record(convention, "FR", source="Depositary")
    before = done.changed_at

    done.verify(by=lena)

    kept = Participation.objects.get()
    assert (kept.changed_at, kept.verified_by) == (before, lena)


def test_a_correction_that_cannot_be_changes_nothing(convention, lena):
    done = record(convention, "FR")

    with pytest.raises(ValidationError):
        done.correct(by=lena, effective_on=DEPOSITED - DAY)

    assert Participation.objects.get().effective_on is None


def test_a_reader_knows_who_takes_part_in_what_is_published(convention, lena, stranger):
    draft = Instrument.objects.create(slug="draft", title="Draft")
    shown, hidden = record(convention, "FR"), record(draft, "FR")

    assert list(Participation.objects.visible_to(stranger)) == [shown]
    assert set(Participation.objects.visible_to(lena)) == {shown, hidden}


# -- where they stand


def test_many_standings_take_one_question(convention):
    convention.in_force_on, convention.days_after_deposit = ADOPTED, 90
    convention.save()
    other = Instrument.objects.create(slug="other", title="Other", in_force_on=ADOPTED)
    for country in ("FR", "DE", "KE"):
        record(convention, country)
    record(other, "FR", Act.SIGNATURE)

    with CaptureQueriesContext(connection) as captured:
        found = Participation.objects.standings(DEPOSITED + DAY)

    assert len(captured) == 1
    assert found[convention.pk, "KE"] == Standing(
        Status.BOUND_LATER, DEPOSITED, Act.RATIFICATION, until=DEPOSITED + 90 * DAY
    )
    assert [found[key].status for key in ((other.pk, "FR"), (other.pk, "KE"))] == ["SIGNATORY", "NONE"]
    assert found.count(Status.BOUND_LATER) == 3


def test_an_instrument_that_needs_deposits_comes_into_force_by_them(convention):
    convention.deposits_needed, convention.days_after_deposit = 2, 90
    convention.save()
    record(convention, "FR")
    assert convention.binds_from("FR", DEPOSITED) is None
    assert convention.binds_from("DE", DEPOSITED + DAY) == DEPOSITED + 91 * DAY

    record(convention, "DE", on=DEPOSITED + DAY)

    with CaptureQueriesContext(connection) as captured:
        found = Participation.objects.filter(country="FR").standings(DEPOSITED + 91 * DAY)
    assert (len(captured), found[convention.pk, "FR"].status) == (2, "PARTY")
    assert convention.force().since == DEPOSITED + 91 * DAY
    assert convention.deposits() == 2


def test_an_instrument_may_come_into_force_after_other_days_than_it_binds_a_country(convention):
    convention.deposits_needed, convention.days_after_deposit, convention.days_to_force = 1, 30, 90
    convention.save()
    record(convention, "FR")

    found = [
        Participation.objects.standings(DEPOSITED + days * DAY)[convention.pk, "FR"].status for days in (30, 89, 90)
    ]

    assert (found, convention.force().since) == (["BOUND_LATER", "BOUND_LATER", "PARTY"], DEPOSITED + 90 * DAY)


def test_the_day_that_is_recorded_goes_before_the_number_of_deposits(convention):
    convention.deposits_needed, convention.in_force_on = 40, ADOPTED
    convention.save()
    record(convention, "FR")

    assert Participation.objects.standings(DEPOSITED)[convention.pk, "FR"].status == "PARTY"


# -- what they said


def test_a_statement_stands_until_it_is_withdrawn(convention):
    statement = reservation(convention, withdrawn_on=DEPOSITED + DAY)
    days = [DEPOSITED - DAY, DEPOSITED, DEPOSITED + DAY]

    assert [list(Statement.objects.standing(on)) for on in days] == [[], [statement], []]
    assert [statement.stands(on) for on in days] == [False, True, False]


def test_an_objection_says_to_what(convention):
    other = Instrument.objects.create(slug="other", title="Other")
    said, elsewhere = reservation(convention), reservation(other)
    wrong = {
        "Say to what it objects.": {"kind": "OBJECTION"},
        "That was said about another instrument.": {"kind": "OBJECTION", "objects_to": elsewhere},
        "A country does not object to what it said itself.": {"kind": "OBJECTION", "objects_to": said},
        "Only an objection objects to something.": {"country": "DE", "objects_to": said},
    }
    refused = {}
    for sentence, facts in wrong.items():
        with pytest.raises(ValidationError) as refusal:
            reservation(convention, **facts)
        refused[sentence] = refusal.value.message_dict["objects_to"]

    assert refused == {sentence: [sentence] for sentence in wrong}
    assert list(said.objections.all()) == []
    assert reservation(convention, "DE", kind="OBJECTION", objects_to=said).objects_to == said


def test_a_statement_cannot_be_withdrawn_before_it_was_made(convention):
    with pytest.raises(ValidationError) as refusal:
        reservation(convention, withdrawn_on=DEPOSITED - DAY)

    assert refusal.value.messages == ["It cannot be withdrawn before it was made."]


def test_a_statement_about_a_draft_is_not_for_readers(convention, stranger, lena):
    draft = Instrument.objects.create(slug="draft", title="Draft")
    shown, hidden = reservation(convention), reservation(draft)

    assert list(Statement.objects.visible_to(stranger)) == [shown]
    assert set(Statement.objects.visible_to(lena)) == {shown, hidden}


def test_what_a_statement_is_about_stays_as_long_as_the_provision(convention):
    statement, article = reservation(convention), Provision.objects.get(work=convention, eid="art_2")
    statement.provisions.add(article)

    assert list(article.statements.all()) == [statement]
