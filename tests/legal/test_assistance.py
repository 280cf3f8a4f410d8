"""Requests for assistance: how they stand, who sees them, who works on them, and what is told of people."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from contacts.models import Merge
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from legal.models import AdvisoryMission, Assistance, Availability, Draft, Engagement, Expert, Milestone
from legal.models.effect import effects, helped, laws_since
from network.models import Country, Desk, Organization
from network.viewsets.timeline import timeline
from tests.conftest import person, staff
from tests.legal.assessed import FOUND, LATER, place, reviewed
from tests.legal.helping import asked, completed, day, expert, paper, under_way


def titles(rows) -> list[str]:
    return sorted(str(one) for one in rows)


# -- How it stands


def test_a_request_goes_from_received_to_completed(lena):
    one = asked(lena)
    states = [one.state]
    for verb, said in (("agree", []), ("begin", []), ("complete", ["The act is in force."])):
        getattr(one, verb)(*said, by=lena)
        states.append(one.state)

    assert states == ["RECEIVED", "AGREED", "UNDER_WAY", "COMPLETED"]
    assert (str(one.outcome), one.ended_on, one.is_open) == ("The act is in force.", timezone.localdate(), False)


@pytest.mark.parametrize(
    ("verbs", "state"), [([], "RECEIVED"), (["agree"], "AGREED"), (["agree", "begin"], "UNDER_WAY")]
)
def test_what_was_on_hold_goes_on_where_it_was(lena, verbs, state):
    one = asked(lena)
    for verb in verbs:
        getattr(one, verb)(by=lena)

    one.hold_back("Elections.", by=lena)
    held = (one.state, one.state_reason)
    one.resume(by=lena)

    assert (held, one.state, one.state_reason) == (("ON_HOLD", "Elections."), state, "")


@pytest.mark.parametrize(
    ("verb", "said"), [("begin", []), ("complete", ["Done."]), ("resume", []), ("decline", [" "]), ("hold_back", [""])]
)
def test_what_cannot_be_done_is_refused_and_nothing_changes(lena, verb, said):
    one = asked(lena)

    with pytest.raises(ValidationError):
        getattr(one, verb)(*said, by=lena)

    one.refresh_from_db()
    assert one.state == "RECEIVED"


def test_what_is_declined_says_why_and_is_over(lena):
    one = asked(lena)

    one.decline("Another programme does it.", by=lena)

    assert (one.state, one.state_reason, list(Assistance.objects.open())) == (
        "DECLINED",
        "Another programme does it.",
        [],
    )
    with pytest.raises(ValidationError, match="“Declined”"):
        one.agree(by=lena)


def test_it_is_not_completed_without_an_outcome_nor_published_before(lena):
    one = under_way(lena)

    with pytest.raises(ValidationError, match="came of it"):
        one.complete(" ", by=lena)
    with pytest.raises(ValidationError, match="Complete it first"):
        one.publish(by=lena)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assistance.objects.update(is_public=True)
    assert list(Assistance.objects.published()) == []


def test_what_is_published_can_be_taken_back(lena):
    one = completed(lena)
    one.publish(by=lena)
    shown = titles(Assistance.objects.published())

    one.withdraw(by=lena)

    assert (shown, titles(Assistance.objects.published())) == (["Tobacco bill"], [])


def test_a_milestone_is_overdue_the_day_after_and_not_while_all_is_on_hold(lena):
    one = under_way(lena)
    first = Milestone.objects.create(assistance=one, title="First draft", due_on=day(0))
    found = [Milestone.objects.overdue(day(days)).exists() for days in (0, 1)]

    one.hold_back("Elections.", by=lena)
    meanwhile = Milestone.objects.overdue(day(1)).exists()
    one.resume(by=lena)
    first.reach(by=lena)

    assert (found, meanwhile, Milestone.objects.overdue(day(1)).exists()) == ([False, True], False, False)
    with pytest.raises(ValidationError, match="already"):
        first.reach(by=lena)


# -- Who sees it


def test_a_desk_sees_the_requests_of_its_countries_and_organizations_and_an_owner_their_own(fatou, lena, customs):
    abroad = Organization.objects.create(kind="GOVERNMENT", name="Ministry", country_id="KE")
    asked(lena, "French")
    asked(lena, "Kenyan", "KE", organization=abroad)
    asked(lena, "Asked from France", "KE", organization=customs)
    asked(lena, "Hers", "KE", owner=fatou)

    assert titles(Assistance.objects.visible_to(fatou)) == ["Asked from France", "French", "Hers"]
    assert len(Assistance.objects.visible_to(lena)) == 4


def test_who_has_no_role_sees_none(lena, stranger):
    completed(lena).publish(by=lena)

    assert list(Assistance.objects.visible_to(stranger)) == []


# -- Who works on it


def test_an_expert_is_found_by_language_and_by_days(lena, dina, pavel):
    speaks, other = expert(dina, "ar", "fr"), expert(pavel, "fr")
    Availability.objects.create(expert=speaks, starts_on=day(0), ends_on=day(10))
    Engagement.objects.engage(under_way(lena), other, "Drafts", day(3), day(4), by=lena)

    assert titles(Expert.objects.speaking("ar")) == ["Dina Haddad"]
    assert titles(Expert.objects.free(day(2), day(5))) == ["Dina Haddad"]
    assert titles(Expert.objects.free(day(8), day(12))) == ["Pavel Novak"]
    assert titles(Expert.objects.free(day(5), day(5))) == ["Dina Haddad", "Pavel Novak"]


def test_nobody_is_engaged_twice_at_once_nor_for_what_is_closed(lena, dina):
    one, who = under_way(lena), expert(dina)
    Engagement.objects.engage(one, who, "Drafts", day(1), day(5), by=lena)

    for first, last in ((5, 6), (0, 1), (2, 3)):
        with pytest.raises(ValidationError, match="already"):
            Engagement.objects.engage(one, who, "More", day(first), day(last), by=lena)
    Engagement.objects.engage(one, who, "More", day(6), day(7), by=lena)
    one.complete("Done.", by=lena)
    with pytest.raises(ValidationError, match="closed"):
        Engagement.objects.engage(one, who, "Again", day(20), day(21), by=lena)
    assert [row.task for row in one.engagements.all()] == ["Drafts", "More"]


def test_what_something_was_done_for_is_kept(lena):
    one, other = under_way(lena), asked(lena, "Asked in error")
    Draft.objects.exchange(one, paper(), came_from="US", by=lena)

    other.delete()

    with pytest.raises(ValidationError, match="kept"):
        one.delete()
    assert titles(Assistance.objects.all()) == ["Tobacco bill"]


def test_a_mission_is_reported_once_it_has_begun(lena, dina):
    one = under_way(lena)
    mission = AdvisoryMission.objects.plan(one, "Look at the bill", day(0), day(2), by=lena, people=[dina])
    later = AdvisoryMission.objects.plan(one, "Second reading", day(9), day(10), by=lena)

    mission.hand_in("It was read.", by=lena, file=paper("report.pdf"))

    assert (str(mission.advisers.get()), mission.name, mission.reported_on) == ("Dina Haddad", "report.pdf", day(0))
    with pytest.raises(ValidationError, match="not begun"):
        later.hand_in("x", by=lena)
    with pytest.raises(ValidationError, match="came of it"):
        mission.hand_in(" ", by=lena)


def test_drafts_are_numbered_as_they_go_to_and_fro(lena):
    one = under_way(lena)
    for name, came_from in (("bill.pdf", "COUNTRY"), ("../bill with notes.pdf", "US")):
        Draft.objects.exchange(one, paper(name), came_from=came_from, by=lena)

    found = [(draft.number, draft.name, draft.get_came_from_display()) for draft in one.drafts.all()]

    assert found == [(2, "bill with notes.pdf", "From us"), (1, "bill.pdf", "From the country")]


# -- What came of it


@pytest.fixture
def helping(lena, convention, france) -> Assistance:
    """Began between what was found first and what was found later."""
    one = under_way(lena, on=FOUND + datetime.timedelta(days=100), received_on=FOUND)
    one.instruments.add(convention)
    return one


def test_what_our_help_changed_is_what_is_otherwise_since_it_began(helping, convention, act, france, lena, luc):
    reviewed(place(convention, "art_1"), place(act, "art_1"), "FULL", lena, luc, FOUND)
    reviewed(place(convention, "art_2"), france, "ABSENT", lena, luc, FOUND)
    before = effects(helping, lena, on=LATER)

    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc, LATER)

    [effect] = effects(helping, lena, on=LATER)
    assert (before, [(line.unit.eid, line.before, line.grade) for line in effect.lines]) == (
        [],
        [("art_2", "ABSENT", "FULL")],
    )


def test_of_a_request_about_one_article_no_other_is_told(helping, convention, act, france, lena, luc):
    helping.concern([place(convention, "art_1")], by=lena)
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc, LATER)

    assert effects(helping, lena) == []


def test_laws_that_came_since_are_asked_about_until_somebody_links_them(helping, act, lena):
    act.dated_on = LATER
    act.save()
    before = titles(laws_since(helping))

    helping.laws.add(act)

    assert (before, titles(laws_since(helping))) == (["Tobacco Act"], [])


def test_readers_learn_that_we_helped_once_the_outcome_is_published(helping, convention, france, lena, stranger):
    days = (FOUND, LATER)
    hidden = helped(france, convention, *days, stranger)
    helping.complete("The act is in force.", by=lena)
    helping.publish(by=lena)

    assert (hidden, helped(france, convention, *days, stranger)) == ([], [helping])
    assert helped(france, convention, LATER, LATER, stranger) == []


# -- People


@pytest.fixture
def worked(lena, dina, pavel) -> Assistance:
    """Pavel asked; Dina, of the roster, worked on it and went there."""
    one = under_way(lena, requester=pavel)
    Engagement.objects.engage(one, expert(dina, "ar"), "Drafts", day(1), day(5), by=lena)
    AdvisoryMission.objects.plan(one, "Look at the bill", day(0), day(2), by=lena, people=[dina])
    return one


def kinds(subject, viewer) -> list[str]:
    return sorted(entry.source.kind for entry in timeline(subject, viewer) if "legal" in entry.source.kind)


def test_it_stands_on_the_timelines_of_country_organization_and_people_for_who_may_see_it(
    worked, france, customs, dina, pavel, lena
):
    Assistance.objects.update(organization=customs)
    kenyan = staff("network officer", "kenyan@example.org")
    kenyan.desks.add(Desk.objects.create(name="Kenya", countries=[Country.objects.get(code="KE")]))

    assert kinds(pavel, lena) == ["legal_assistance"]
    for subject in (france, customs, dina):
        assert kinds(subject, lena) == ["legal_advisory", "legal_assistance"]
        assert kinds(subject, kenyan) == []


def test_the_dossier_tells_that_somebody_is_on_the_roster_and_what_they_did(worked, dina, pavel):
    told = {one.kind: one.label for one in dossier(dina)}

    assert {"expert", "engagement", "adviser"} <= set(told)
    assert "assistance" in {one.kind for one in dossier(pavel)}


def test_who_is_erased_leaves_the_roster_and_the_request_counts_on(worked, dina, pavel, noor):
    for who in (dina, pavel):
        erase(who, by=noor)

    worked.refresh_from_db()
    assert (worked.requester, Expert.objects.count()) == (None, 0)
    assert [(str(one.person), one.task) for one in worked.engagements.all()] == [("(erased)", "")]
    assert [str(one) for one in worked.missions.get().advisers.all()] == ["(erased)"]


def test_two_records_of_an_expert_become_one_with_the_work_of_both(worked, dina, lena, noor):
    double = person("Dina", "Hadad")
    Engagement.objects.engage(worked, expert(double, "fr"), "Trains", day(20), day(21), by=lena)

    Merge.objects.join(dina, double, by=noor)

    assert titles(dina.engagements.all()) == ["Dina Haddad, Drafts", "Dina Haddad, Trains"]
    assert [one.languages for one in Expert.objects.standing()] == [["ar"]]


def test_files_lie_where_nobody_can_guess(worked, lena):
    draft = Draft.objects.exchange(worked, paper("bill.pdf"), came_from="US", by=lena)

    folder, hidden, name = draft.file.name.split("/")
    assert (folder, len(hidden), name, default_storage.exists(draft.file.name)) == ("drafts", 20, "bill.pdf", True)
