"""The lists and forms of events in the admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event, Room, Session, Track, Venue
from tests.conftest import at, person

LISTS = ("event", "session", "venue", "invitation", "registration")


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def several(forum, count: int, by) -> None:
    """`count` events, each with a session, a venue, an answered invitation and a seat."""
    for number in range(count):
        venue = Venue.objects.create(name={"en": f"Hall {number}"}, city="Lyon", country=forum.venue.country)
        room = Room.objects.create(venue=venue, name={"en": "Room"})
        event = Event.objects.create(
            slug=f"event-{number}",
            title={"en": f"Event {number}"},
            starts_on=forum.starts_on,
            ends_on=forum.ends_on,
            venue=venue,
            status=Event.Status.ANNOUNCED,
        )
        track = Track.objects.create(event=event, slug="one", name={"en": "One"})
        Session.objects.create(
            event=event,
            title={"en": "Talk"},
            track=track,
            room=room,
            starts_at=at(event, 0, 9),
            ends_at=at(event, 0, 10),
        )
        guest = person(f"Guest{number}", f"Family{number}", country=forum.venue.country)
        event.invitations.draft([guest], by=by)
        event.invitations.send_drafts(by=by)
        event.invitations.get().answer("ACCEPTED", by=by)


def queries(client, url: str) -> int:
    client.get(url)  # what is cached once and for all
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, olga, forum, name):
    forum.delete()
    several(forum, 1, olga)
    with_one = queries(desk, reverse(f"{name}:index"))
    Event.objects.all().delete()
    several(forum, 3, olga)

    assert queries(desk, reverse(f"{name}:index")) == with_one
