"""The stage of a delegation, and small words to read it."""

import pytest

from contacts.models import Message, Person, User
from contacts.models.introduction import Introduced
from events.models import Allotment, Delegation, Invitation

LAYLA = Introduced("Layla", "Amari", "layla@example.org", "fr", "Adviser")
OMAR = Introduced("Omar", "Saleh", "omar@example.org")


@pytest.fixture
def delegation(forum, customs, pavel, olga) -> Delegation:
    """The customs service, invited: two delegates in the room, one of them head; one adviser online."""
    give = Allotment.objects.give
    give(forum, customs.kind, "", "ROOM", 2, by=olga)
    give(forum, customs.kind, "HEAD", "", 1, by=olga)
    give(forum, customs.kind, "ADVISER", "ONLINE", 1, by=olga)
    [delegation] = forum.delegations.draft([customs], by=olga)
    delegation.invite(by=olga)
    return delegation


@pytest.fixture
def focal(delegation) -> User:
    """With what Pavel, the focal point, signs in."""
    return User.objects.get(person__given_name="Pavel")


def places(delegation) -> list[tuple]:
    return [(quota.role, quota.place, quota.used, quota.size) for quota in delegation.quotas.all()]


def letters(who: Person | None = None) -> list[str]:
    found = Message.objects.order_by("pk")
    return list((found.filter(person=who) if who else found).values_list("letter", flat=True))


def confirmed(nominee: Invitation) -> Invitation:
    nominee.answer("ACCEPTED")
    return nominee
