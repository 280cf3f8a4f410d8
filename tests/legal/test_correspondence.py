"""Correspondences: who assesses and who reviews, what replaces what, and what readers see of it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Task
from legal.models import Correspondence, NationalLaw
from network.models import Country
from tests.legal.assessed import FOUND, LATER, assessed, place, reviewed
from tests.legal.conftest import expressed


@pytest.fixture
def offences(convention):
    return place(convention, "art_2")


@pytest.fixture
def section(act):
    return place(act, "art_2")


def standing(on: datetime.date | None = None) -> list[str]:
    return sorted(one.grade for one in Correspondence.objects.as_of(on))


def test_what_one_assessed_stands_once_another_has_reviewed_it(offences, section, lena, luc, france):
    found = assessed(offences, section, "PARTIAL", lena)
    before = standing()

    found.review(by=luc, on=LATER)

    assert (found.country, found.state, before, standing()) == (france, "Reviewed", [], ["PARTIAL"])
    assert (standing(LATER - datetime.timedelta(days=1)), standing(LATER)) == ([], ["PARTIAL"])


def test_nobody_reviews_or_returns_what_is_their_own(offences, section, lena):
    found = assessed(offences, section, "FULL", lena)

    with pytest.raises(ValidationError, match="another legal officer"):
        found.review(by=lena)
    with pytest.raises(ValidationError, match="your own"):
        found.return_with("No.", by=lena)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correspondence.objects.update(reviewer=lena, reviewed_on=LATER)
    assert standing() == []


def test_a_later_finding_replaces_the_earlier_once_it_is_reviewed_and_history_stays(offences, section, lena, luc):
    first = reviewed(offences, section, "PARTIAL", lena, luc)
    second = assessed(offences, section, "FULL", luc, LATER)
    meanwhile = standing(LATER)

    second.review(by=lena, on=LATER)

    first.refresh_from_db()
    assert (meanwhile, standing(FOUND), standing(LATER)) == (["PARTIAL"], ["PARTIAL"], ["FULL"])
    assert (first.superseded_on, first.state) == (LATER, "Superseded")


def test_what_is_absent_ends_when_a_provision_is_found_and_the_other_way_round(offences, section, france, lena, luc):
    reviewed(offences, france, "ABSENT", lena, luc)
    reviewed(offences, section, "FULL", lena, luc, LATER)
    filled = standing()

    reviewed(offences, france, "ABSENT", lena, luc, LATER + datetime.timedelta(days=9))

    assert (standing(FOUND), filled, standing()) == (["ABSENT"], ["FULL"], ["ABSENT"])


def test_who_assesses_anew_replaces_what_waits(offences, section, lena, luc):
    first = assessed(offences, section, "PARTIAL", lena)
    assessed(offences, section, "FULL", luc)

    assert [one.grade for one in Correspondence.objects.awaiting_review()] == ["FULL"]
    with pytest.raises(ValidationError, match="does not wait"):
        first.review(by=luc)


def test_what_is_returned_is_on_the_desk_of_its_assessor_with_the_reason(offences, section, lena, luc):
    found = assessed(offences, section, "FULL", lena)

    found.return_with(" Section 2 says nothing of aiding. ", by=luc)

    [task] = Task.objects.open().filter(owner=lena)
    assert (found.state, task.note, task.country_id) == ("Returned", "Section 2 says nothing of aiding.", "FR")
    assert list(Correspondence.objects.returned()) == [found]
    assert (standing(), list(Correspondence.objects.awaiting_review())) == ([], [])
    with pytest.raises(ValidationError, match="does not wait"):
        found.review(by=luc)


def test_without_a_reason_nothing_is_graded_or_returned(offences, section, lena, luc):
    for words in ("", "  "):
        with pytest.raises(ValidationError, match="Say why"):
            assessed(offences, section, "FULL", lena, rationale=words)
    found = assessed(offences, section, "NOT_ASSESSED", lena, rationale="")
    with pytest.raises(ValidationError, match="Say why"):
        found.return_with(" ", by=luc)
    assert Correspondence.objects.count() == 1


def test_what_is_taken_back_stands_no_more_and_only_once(offences, section, lena, luc):
    found = reviewed(offences, section, "FULL", lena, luc)

    found.supersede(by=lena, on=LATER)

    assert (standing(FOUND), standing(LATER)) == (["FULL"], [])
    with pytest.raises(ValidationError, match="already"):
        found.supersede(by=lena)


@pytest.mark.parametrize(
    ("standard", "what", "grade", "sentence"),
    [
        ("act", "act", "FULL", "Only an instrument or a model law is a standard."),
        ("convention", "convention", "FULL", "Only a national law or a model law is graded."),
        ("model_law", "model_law", "FULL", "A model law is graded against an instrument."),
        ("convention", "act", "ABSENT", "What is absent has no provision."),
        ("convention", "", "FULL", "Choose the provision that is graded."),
        ("convention", "", "ABSENT", "Say in which country it is absent."),
    ],
)
def test_what_cannot_be_compared_is_refused(request, convention, model_law, act, lena, standard, what, grade, sentence):
    works = {"act": act, "convention": convention, "model_law": model_law}
    provision = place(works[what], "art_1") if what else None

    with pytest.raises(ValidationError) as refusal:
        Correspondence.objects.assess(
            place(works[standard], "art_2"), grade, by=lena, provision=provision, rationale="x"
        )

    assert refusal.value.messages == [sentence]


def test_a_law_is_graded_for_its_own_country_alone(offences, section, lena):
    kenya = Country.objects.get(code="KE")

    with pytest.raises(ValidationError, match="another country"):
        Correspondence.objects.assess(offences, "FULL", by=lena, provision=section, country=kenya, rationale="x")


def test_a_model_law_meets_an_instrument_for_no_country(offences, model_law, lena, luc):
    reviewed(offences, place(model_law, "art_1"), "FULL", lena, luc)

    assert [one.country for one in Correspondence.objects.of_models()] == [None]


def test_readers_see_what_was_reviewed_of_what_is_published(offences, section, bill, france, lena, luc, stranger):
    shown = reviewed(offences, section, "FULL", lena, luc)
    hidden = [
        assessed(place(offences.work, "art_1"), section, "FULL", lena),
        reviewed(offences, place(bill, "art_1"), "PARTIAL", lena, luc),
    ]

    assert list(Correspondence.objects.visible_to(stranger)) == [shown]
    assert set(Correspondence.objects.visible_to(lena)) == {shown, *hidden}


def test_nothing_is_said_of_a_standard_that_is_a_draft(offences, france, lena, luc, stranger):
    reviewed(offences, france, "ABSENT", lena, luc)
    before = Correspondence.objects.visible_to(stranger).count()

    offences.work.withdraw(by=lena)

    assert (before, Correspondence.objects.visible_to(stranger).count()) == (1, 0)


# What may be done, in any order: which provision (None: absent), which grade, who, and what becomes of it.
STEPS = st.lists(
    st.tuples(st.sampled_from([0, 1, None]), st.sampled_from(["FULL", "PARTIAL"]), st.integers(0, 3)), max_size=12
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_at_most_one_of_a_place_stands_on_any_day_in_whatever_order(steps, convention, act, france, lena, luc):
    with transaction.atomic():
        follow(steps, convention, act, france, lena, luc)
        for day in range(len(steps) + 1):
            rows = list(Correspondence.objects.as_of(FOUND + datetime.timedelta(days=day)))
            places = [(one.country_id, one.standard_id, one.provision_id) for one in rows]
            assert len(places) == len(set(places))
            assert not (len(rows) > 1 and any(one.grade == "ABSENT" for one in rows))
        transaction.set_rollback(True)


def follow(steps, convention, act, france, lena, luc) -> None:
    standard, sections = place(convention, "art_2"), list(act.provisions.all())
    for day, (which, grade, what) in enumerate(steps):
        on = FOUND + datetime.timedelta(days=day)
        one = (
            assessed(standard, france, "ABSENT", lena, on)
            if which is None
            else assessed(standard, sections[which], grade, lena, on)
        )
        if what in (1, 2):
            one.review(by=luc, on=on)
        if what == 2:
            one.supersede(by=luc, on=on)
        if what == 3:
            one.return_with("No.", by=luc, on=on)


def test_a_text_that_is_graded_is_kept(offences, section, act, lena, france):
    assessed(offences, section, "FULL", lena)
    other = NationalLaw.objects.create(slug="other", title="Other", country=france)
    expressed(other, "fr")

    other.delete()

    with pytest.raises(Exception, match="protected"):
        act.delete()
