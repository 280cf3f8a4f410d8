"""The stage of a delegation, and small words to read it."""

import datetime

import pytest
from django.contrib.auth.models import Permission

from contacts.models import Message, Person, User
from contacts.models.introduction import Introduced
from events.models import (
    Allotment,
    Curriculum,
    Delegation,
    Event,
    FormalLetter,
    Invitation,
    LetterText,
    Module,
    Room,
    Scanner,
    Session,
)
from tests.conftest import PASSWORD, at, person
from tests.events.crowd import PEOPLE

LAYLA = Introduced("Layla", "Amari", "layla@example.org", "fr", "Adviser")
OMAR = Introduced("Omar", "Saleh", "omar@example.org")


@pytest.fixture
def guests(forum, olga) -> list[Invitation]:
    """As many as a crowd has, with a seat each."""
    invitations = forum.invitations.draft([person("Guest", f"G{number}") for number in range(PEOPLE)], by=olga)
    for invitation in invitations:
        invitation.send(by=olga)
        invitation.answer("ACCEPTED")
    return invitations


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
def door(forum, olga) -> Scanner:
    """A telephone."""
    return forum.scanners.open(forum, "North door", by=olga)


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


@pytest.fixture
def curriculum(tobacco) -> Curriculum:
    """For customs and prosecutors: an hour and a half, two hours, and three hours and a half."""
    curriculum = Curriculum.objects.create(
        title={"en": "Containers", "fr": "Conteneurs"},
        summary={"en": "From the warning to the report."},
        audience=["CUSTOMS", "PROSECUTORS"],
        certificate_share=80,
    )
    curriculum.topics.add(tobacco)
    curriculum.save()
    rows = [("Risk", 90), ("Search", 120), ("Exercise", 210)]
    for position, (title, minutes) in enumerate(rows):
        goals = {"en": f"Knows {title}.\nShows {title}."}
        Module.objects.create(
            curriculum=curriculum, title={"en": title}, objectives=goals, minutes=minutes, position=position
        )
    return Curriculum.objects.get()


@pytest.fixture
def training(forum, curriculum) -> Event:
    """The forum, as a training of two days on that curriculum."""
    forum.kind, forum.curriculum, forum.certificate_share = Event.Kind.TRAINING, curriculum, 80
    forum.save()
    return Event.objects.get(pk=forum.pk)


def trained(event: Event, *people: Person, **fields) -> list[FormalLetter]:
    """Each of `people` took part in `event` and has a certificate."""
    LetterText.objects.write_usual(event, by=None)
    event = Event.objects.get(pk=event.pk)
    for invitation in event.invitations.draft(people, by=None):
        invitation.send(by=None)
        invitation.answer("ACCEPTED")
        for name, value in fields.items():
            setattr(invitation, name, value)
        invitation.save()
        invitation.formal_letters.issue(invitation, "CERTIFICATE", by=None, attended=4, held=4)
    return list(event.formal_letters.certificates().order_by("serial"))


# -- A programme on its board


@pytest.fixture
def two_rooms(forum) -> tuple[Room, Room]:
    return tuple(forum.venue.rooms.all())


def planned(forum: Event, title: str, hour: float, room: Room | None = None, *, day=0, minutes=60, **more) -> Session:
    starts_at = at(forum, day, int(hour), round(hour % 1 * 60))
    ends_at = starts_at + datetime.timedelta(minutes=minutes)
    return Session.objects.create(
        event=forum, title={"en": title}, room=room, starts_at=starts_at, ends_at=ends_at, **more
    )


@pytest.fixture
def morning(forum, two_rooms) -> tuple[Session, Session, Session]:
    """Two in room A, at 9 and at 10, and one in room B at 10, an hour and a half long."""
    room_a, room_b = two_rooms
    return (
        planned(forum, "Opening", 9, room_a),
        planned(forum, "Customs", 10, room_a),
        planned(forum, "Ports", 10, room_b, minutes=90),
    )


@pytest.fixture
def outsider(db) -> User:
    """Of staff, may change events and sessions, and sees of the draft only what is for everybody."""
    user = User.objects.create_user("outsider@example.org", PASSWORD)
    names = ["access_admin", "change_event", "change_session", "add_session"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return User.objects.get(pk=user.pk)
