"""Where a country stands on a day follows from what it did: withdrawals that take effect later, accession anew,
succession, provisional application, and an instrument that is not in force itself."""

import datetime

import pytest

from legal.models.standing import NOTHING, Act, Deed, Force, Standing, Status, in_force_from, standing_of

DAY = datetime.timedelta(days=1)
IN_FORCE = datetime.date(2000, 1, 1)
FORCE = Force(IN_FORCE, 90)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def done(act: Act, acted_on: str, effective_on: str = "") -> Deed:
    return Deed(act, day(acted_on), day(effective_on) if effective_on else None)


def statuses(acts: list[Deed], *days: str, force: Force = FORCE) -> list[str]:
    """On each of `days`, whichever the order in which the acts were written down."""
    found = [standing_of(acts, day(on), force).status for on in days]
    assert found == [standing_of(acts[::-1], day(on), force).status for on in days]
    return found


SIGNED, RATIFIED = done(Act.SIGNATURE, "2003-05-01"), done(Act.RATIFICATION, "2005-03-01")


def test_who_did_nothing_stands_nowhere():
    assert standing_of([], IN_FORCE) == NOTHING


def test_what_is_done_counts_from_its_day_on():
    days = ["2003-04-30", "2003-05-01", "2005-02-28", "2005-03-01", "2005-05-29", "2005-05-30"]

    assert statuses([SIGNED, RATIFIED], *days) == [
        "NONE",
        "SIGNATORY",
        "SIGNATORY",
        "BOUND_LATER",
        "BOUND_LATER",
        "PARTY",
    ]


def test_it_is_said_since_when_by_which_act_and_until_when():
    acts = [SIGNED, RATIFIED, done(Act.WITHDRAWAL, "2010-01-01", "2011-01-01")]
    binds_on = RATIFIED.acted_on + 90 * DAY

    assert [standing_of(acts, day(on), FORCE) for on in ("2004-01-01", "2005-04-01", "2006-01-01", "2010-06-01")] == [
        Standing(Status.SIGNATORY, SIGNED.acted_on, Act.SIGNATURE),
        Standing(Status.BOUND_LATER, RATIFIED.acted_on, Act.RATIFICATION, until=binds_on),
        Standing(Status.PARTY, binds_on, Act.RATIFICATION),
        Standing(Status.PARTY, binds_on, Act.RATIFICATION, until=day("2011-01-01")),
    ]


@pytest.mark.parametrize("act", [Act.ACCESSION, Act.ACCEPTANCE, Act.APPROVAL, Act.DEFINITIVE_SIGNATURE, Act.CONSENT])
def test_each_way_to_consent_makes_a_party(act):
    assert statuses([done(act, "2005-03-01")], "2005-03-01", "2005-05-30") == ["BOUND_LATER", "PARTY"]


def test_the_day_that_the_source_gives_goes_before_the_days_of_the_final_clauses():
    early = done(Act.RATIFICATION, "2005-03-01", "2005-03-02")

    assert statuses([early], "2005-03-01", "2005-03-02") == ["BOUND_LATER", "PARTY"]


def test_a_deposit_before_the_entry_into_force_binds_from_that_on():
    acts = [done(Act.RATIFICATION, "1998-01-01")]

    assert statuses(acts, "1999-12-31", "2000-01-01") == ["BOUND_LATER", "PARTY"]


def test_a_deposit_just_before_the_entry_into_force_binds_after_its_own_days():
    acts = [done(Act.RATIFICATION, "1999-12-01")]

    assert statuses(acts, "2000-01-01", "2000-02-28", "2000-02-29") == ["BOUND_LATER", "BOUND_LATER", "PARTY"]


def test_nobody_is_bound_by_what_is_not_in_force():
    assert statuses([SIGNED, RATIFIED], "2024-01-01", force=Force(None, 90)) == ["BOUND_LATER"]
    assert standing_of([RATIFIED], day("2024-01-01"), Force(None)).until is None


def test_a_withdrawal_counts_from_when_it_takes_effect():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2010-01-01", "2011-01-01")]

    assert statuses(acts, "2010-12-31", "2011-01-01") == ["PARTY", "WITHDRAWN"]


def test_a_withdrawal_of_which_nobody_says_more_counts_at_once():
    assert statuses([RATIFIED, done(Act.WITHDRAWAL, "2010-01-01")], "2009-12-31", "2010-01-01") == [
        "PARTY",
        "WITHDRAWN",
    ]


def test_who_accedes_anew_is_a_party_again():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2010-01-01", "2011-01-01"), done(Act.ACCESSION, "2015-01-01", "2015-04-01")]
    days = ["2010-06-01", "2012-01-01", "2015-02-01", "2016-01-01"]

    assert statuses(acts, *days) == ["PARTY", "WITHDRAWN", "BOUND_LATER", "PARTY"]
    assert standing_of(acts, day("2016-01-01")) == Standing(Status.PARTY, day("2015-04-01"), Act.ACCESSION)


def test_who_consents_again_before_the_withdrawal_takes_effect_stays():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2010-01-01", "2011-01-01"), done(Act.CONSENT, "2010-06-01", "2010-06-01")]

    assert statuses(acts, "2010-03-01", "2010-07-01", "2011-06-01") == ["PARTY", "PARTY", "PARTY"]
    assert standing_of(acts, day("2010-07-01"), FORCE).until is None


def test_who_denounces_before_being_bound_never_is():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2005-04-01")]

    assert statuses(acts, "2005-03-15", "2005-04-01", "2006-01-01") == ["BOUND_LATER", "WITHDRAWN", "WITHDRAWN"]


def test_who_denounces_before_being_bound_with_notice_is_bound_until_then():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2005-04-01", "2006-04-01")]

    assert statuses(acts, "2005-05-01", "2005-06-01", "2006-04-01") == ["BOUND_LATER", "PARTY", "WITHDRAWN"]


def test_a_signature_after_the_consent_changes_nothing():
    acts = [RATIFIED, done(Act.SIGNATURE, "2005-05-30"), done(Act.SIGNATURE, "2008-01-01")]

    assert statuses(acts, "2005-05-01", "2005-05-30", "2009-01-01") == ["BOUND_LATER", "PARTY", "PARTY"]


def test_what_is_signed_and_ratified_on_one_day_is_ratified():
    acts = [done(Act.SIGNATURE, "2005-03-01"), RATIFIED]

    assert statuses(acts, "2005-03-01") == ["BOUND_LATER"]


def test_a_signatory_may_say_that_it_does_not_intend_to_be_bound():
    assert statuses([SIGNED, done(Act.WITHDRAWAL, "2004-01-01")], "2003-06-01", "2004-01-01") == [
        "SIGNATORY",
        "WITHDRAWN",
    ]


def test_who_signs_after_a_withdrawal_is_a_signatory():
    acts = [RATIFIED, done(Act.WITHDRAWAL, "2010-01-01"), done(Act.SIGNATURE, "2012-01-01")]

    assert statuses(acts, "2012-01-01") == ["SIGNATORY"]


def test_a_successor_is_a_party_since_it_took_the_place_of_another():
    acts = [done(Act.SUCCESSION, "1993-05-28", "1993-01-01")]

    assert statuses(acts, "1992-12-31", "1993-01-01", "1993-05-28") == ["NONE", "PARTY", "PARTY"]


def test_a_successor_of_whom_no_day_is_said_is_a_party_since_it_notified():
    assert statuses([done(Act.SUCCESSION, "2001-05-28")], "2001-05-27", "2001-09-01") == ["NONE", "PARTY"]


def test_provisional_application_lasts_until_the_consent_binds():
    acts = [SIGNED, done(Act.PROVISIONAL, "2004-01-01", "2004-02-01"), RATIFIED]
    days = ["2004-01-15", "2004-02-01", "2005-03-15", "2005-06-01"]

    assert statuses(acts, *days) == ["SIGNATORY", "PROVISIONAL", "PROVISIONAL", "PARTY"]


def test_provisional_application_may_be_said_with_the_deposit_or_after_it():
    acts = [RATIFIED, done(Act.PROVISIONAL, "2005-03-02")]

    assert statuses(acts, "2005-03-01", "2005-03-02", "2005-06-01") == ["BOUND_LATER", "PROVISIONAL", "PARTY"]


def test_provisional_application_of_a_party_is_nothing_more():
    assert statuses([RATIFIED, done(Act.PROVISIONAL, "2008-01-01")], "2008-01-01") == ["PARTY"]


def test_provisional_application_may_be_ended():
    acts = [SIGNED, done(Act.PROVISIONAL, "2004-01-01"), done(Act.WITHDRAWAL, "2004-06-01")]

    assert statuses(acts, "2004-05-31", "2004-06-01") == ["PROVISIONAL", "WITHDRAWN"]


def test_an_act_that_is_written_down_twice_changes_nothing():
    acts = [RATIFIED, done(Act.CONSENT, "2006-03-01", "2006-05-30")]

    assert standing_of(acts, day("2010-01-01"), FORCE).since == RATIFIED.acted_on + 90 * DAY


def test_a_withdrawal_from_nothing_is_nothing_until_it_takes_effect():
    acts = [done(Act.WITHDRAWAL, "2010-01-01", "2011-01-01")]

    assert statuses(acts, "2010-06-01", "2011-01-01") == ["NONE", "WITHDRAWN"]


# -- by the number of deposits


def deposits(*days: str) -> list[tuple[str, Deed]]:
    return [(f"C{place}", done(Act.RATIFICATION, on)) for place, on in enumerate(days)]


def test_an_instrument_comes_into_force_so_many_days_after_the_deposit_that_was_missing():
    acts = deposits("2001-03-01", "2001-01-01", "2001-02-01")

    assert [in_force_from(acts, needed, 90) for needed in (2, 3, 4)] == [day("2001-05-02"), day("2001-05-30"), None]


def test_two_consents_of_one_country_are_one_deposit():
    twice = [("FR", done(Act.RATIFICATION, "2001-01-01")), ("FR", done(Act.CONSENT, "2001-01-05"))]

    assert in_force_from(twice, 2, 0) is None


def test_a_signature_is_no_deposit():
    assert in_force_from([("FR", SIGNED)], 1, 0) is None


def test_who_denounces_before_the_entry_into_force_does_not_count():
    acts = [*deposits("2001-01-01", "2001-02-01", "2001-04-01"), ("C0", done(Act.WITHDRAWAL, "2001-01-15"))]

    assert in_force_from(acts, 2, 0) == day("2001-04-01")


def test_who_denounces_afterwards_does_not_put_it_out_of_force():
    acts = [*deposits("2001-01-01", "2001-02-01"), ("C0", done(Act.WITHDRAWAL, "2002-01-15"))]

    assert in_force_from(acts, 2, 0) == day("2001-02-01")
