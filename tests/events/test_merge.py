"""Two records of one human being become one: what belongs to an event goes over whole, or stays whole."""

import pytest

from contacts.models import Merge, Person
from events.models import Answer, FormalLetter, Invitation, LetterText, Presence, Question, Registration
from events.models.presence import Scan
from tests.conftest import at, person


@pytest.fixture
def double(db) -> Person:
    return person("Dina", "Hadad")


def seated(forum, who, by):
    [invitation] = forum.invitations.draft([who], by=by)
    invitation.send(by=by)
    invitation.answer("ACCEPTED")
    return invitation


def holders(forum) -> dict[str, list[str]]:
    """Who is invited, and who has a seat."""
    rows = {"invited": forum.invitations.all(), "seated": forum.registrations.confirmed()}
    return {name: sorted(one.person.family_name for one in found) for name, found in rows.items()}


def test_a_seat_comes_over_with_what_was_said_and_done_there(forum, dina, double, noor, olga):
    invitation = seated(forum, double, olga)
    question = Question.objects.create(event=forum, label={"en": "Diet"})
    invitation.fill_in({question.pk: "none"})
    LetterText.objects.create(event=forum, language="en", subject="Come", body="{name}", signatory="A. Director")
    invitation = Invitation.objects.get()
    invitation.formal_letters.issue(invitation, "INVITATION", by=olga)
    door, came = forum.scanners.open(forum, "Door", by=olga), at(forum, 0, 9)
    Presence.objects.scan(door, Scan(forum.registrations.get().badge, "n1", came), now=came)

    merge = Merge.objects.join(dina, double, by=noor)

    seat = Registration.objects.get()
    assert (holders(forum), merge.left) == ({"invited": ["Haddad"], "seated": ["Haddad"]}, [])
    assert (seat.person, Answer.objects.get().registration, Presence.objects.get().registration) == (dina, seat, seat)
    assert FormalLetter.objects.get().invitation.person == dina
    merge.undo(by=noor)
    assert holders(forum) == {"invited": ["Hadad"], "seated": ["Hadad"]}


def test_what_is_in_a_calendar_stays_with_the_seat(forum, sessions, dina, double, noor, olga):
    """Both are invited, so the seat stays; so does what its holder was told of a session."""
    forum.invitations.draft([dina], by=olga)
    seated(forum, double, olga)
    forum.publish(by=olga)
    Registration.objects.get().plan.mark(sessions["closed"].guid)
    told = forum.appointments.create(person=double, guid=sessions["closed"].guid)

    Merge.objects.join(dina, double, by=noor)

    told.refresh_from_db()
    assert (told.person, holders(forum)["seated"]) == (double, ["Hadad"])


def test_a_seat_stays_with_the_invitation_that_it_came_of(forum, dina, double, noor, olga):
    """Both are invited: the seat of the one must not come to the other without the answer."""
    forum.invitations.draft([dina], by=olga)
    seated(forum, double, olga)

    merge = Merge.objects.join(dina, double, by=noor)

    assert holders(forum) == {"invited": ["Hadad", "Haddad"], "seated": ["Hadad"]}
    assert [words.partition(":")[0] for words in merge.left] == ["invitation", "registration"]
