"""Two reviewers press the same button at the same instant: it is done once. The guard has its control, in which the
same two do it twice as soon as the guard is off."""

import pytest
from django.db.models import Q

from contacts.models import Application, Message, User
from contacts.models.membership import Membership
from network.models import Organization
from tests.conftest import several_connections, staff
from tests.contacts.test_application import in_review
from tests.events.test_two_at_once import two_at_once

pytestmark = [pytest.mark.slow, several_connections]


@pytest.fixture
def reviewers(noor) -> list[User]:
    return [noor, staff("network officer", "nina@example.org")]


@pytest.fixture
def ready(reviewers) -> Application:
    """Everything is ticked."""
    return in_review(reviewers[0])


def seen_by(reviewers: list[User]):
    """Each of the two fetches the application, and acts as one of the two reviewers."""
    turns = list(reviewers)
    return lambda: (Application.objects.get(), turns.pop())


def admit(seen) -> None:
    application, reviewer = seen
    application.admit(by=reviewer)


def test_two_who_admit_admit_once(ready, reviewers):
    told = two_at_once(seen_by(reviewers), admit)

    assert told == ["", "This has been changed in the meantime. Please look at it again."]
    assert (Organization.objects.count(), Message.objects.filter(letter="application_admitted").count()) == (1, 1)


def test_without_the_conditional_update_there_are_two_organizations(ready, reviewers, monkeypatch):
    def look_first(application, state, *, of, where=None, **values):
        """What everybody writes first: look at what was fetched, then write."""
        if application.state in of:
            Application.objects.filter(pk=application.pk).update(state=state, **values)

    monkeypatch.setattr(Application, "_move", look_first)

    told = two_at_once(seen_by(reviewers), admit)

    assert (told, Organization.objects.count()) == (["", ""], 2)


def test_one_who_recommends_twice_in_two_windows_has_not_agreed_with_themselves(reviewers):
    noor, _nina = reviewers
    in_review(noor, kind="NGO")

    told = two_at_once(lambda: Application.objects.get(), lambda application: application.approve(by=noor))

    assert told == ["", "This has been changed in the meantime. Please look at it again."]
    assert Application.objects.filter(Q(state="IN_REVIEW"), approved_by=noor).count() == 1


def test_one_admits_and_one_refuses_and_one_of_them_is_told(ready, reviewers):
    def decide(seen):
        application, reviewer = seen
        application.admit(by=reviewer) if reviewer == reviewers[0] else application.refuse("No.", by=reviewer)

    told = two_at_once(seen_by(reviewers), decide)

    assert told == ["", "This has been changed in the meantime. Please look at it again."]
    is_admitted = Application.objects.get().state == "ADMITTED"
    assert Organization.objects.count() == is_admitted


# -- the membership of an organization that nobody applied for


@pytest.fixture
def member(reviewers) -> Organization:
    return Organization.objects.create(kind="GOVERNMENT", name="Customs", email="office@example.org")


def end(seen) -> None:
    organization, reviewer = seen
    Membership(organization).end("It was dissolved.", by=reviewer)


def member_seen_by(reviewers: list[User]):
    turns = list(reviewers)
    return lambda: (Organization.objects.get(), turns.pop())


def test_two_who_end_it_end_it_once(member, reviewers):
    told = two_at_once(member_seen_by(reviewers), end)

    assert told == ["", "This has been changed in the meantime. Please look at it again."]
    assert Message.objects.filter(letter="membership_ended").count() == 1


def test_without_its_conditional_update_two_letters_say_so(member, reviewers, monkeypatch):
    def look_first(membership, status, of):
        if membership.organization.status in of:
            Organization.objects.filter(pk=membership.organization.pk).update(status=status)
        return "ACTIVE"

    monkeypatch.setattr(Membership, "_move", look_first)

    two_at_once(member_seen_by(reviewers), end)

    assert Message.objects.filter(letter="membership_ended").count() == 2
