"""Who sends invitations is killed in the middle: none is lost, and none is written twice."""

import os
import random
import signal
import time
from collections import Counter

import pytest

from contacts.models import Message, Person, PersonEmail
from events.models import Invitation
from tests.conftest import several_connections
from tests.contacts.test_outbox import start, wait_until

SEND = "from events.models import Event; Event.objects.get(slug='forum').invitations.send_drafts(by=None)"
PEOPLE = 1000


@pytest.mark.slow
@pytest.mark.exhaustive
@several_connections
def test_killing_who_sends_the_drafts_writes_each_invitation_once(forum):
    people = Person.objects.bulk_create(
        Person(given_name=f"P{number}", family_name="Amari", languages=["en"]) for number in range(PEOPLE)
    )
    PersonEmail.objects.bulk_create(
        PersonEmail(person=person, address=f"p{person.pk}@example.org", is_primary=True) for person in people
    )
    forum.invitations.draft(Person.objects.filter(family_name="Amari"), by=None)
    for time_of_death in range(4):
        sent = Invitation.objects.sent().count()
        web = start(["shell", "-c", SEND])
        wait_until(lambda: Invitation.objects.sent().count() > sent or web.poll() is not None)  # noqa: B023
        time.sleep(random.random() / 20)  # noqa: S311 (no secret)
        os.kill(web.pid, signal.SIGKILL)
        assert (time_of_death, web.wait()) == (time_of_death, -signal.SIGKILL)  # cut off, not done
    forum.invitations.send_drafts(by=None)

    written = Counter(Message.objects.filter(letter="invitation").values_list("person", flat=True))
    assert (len(written), set(written.values())) == (PEOPLE, {1})
    assert Invitation.objects.sent().count() == PEOPLE
