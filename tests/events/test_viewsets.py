"""The lists and forms of events in the admin."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from events.models import Event, Invitation, Move, Room, Session, Spot, Track, Venue
from tests.conftest import at, person, queries_of, staff

LISTS = ("event", "session", "venue", "invitation", "registration")
EMPTY = {
    "event": "There is no event yet.",
    "session": "There is no session yet.",
    "venue": "There is no venue yet.",
    "invitation": "Nobody has been invited yet.",
    "registration": "Nobody has a seat yet",
}


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


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, olga, forum, name):
    forum.delete()
    several(forum, 1, olga)
    with_one = queries_of(desk, reverse(f"{name}:index"))
    Event.objects.all().delete()
    several(forum, 3, olga)

    assert queries_of(desk, reverse(f"{name}:index")) == with_one


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do_next(desk, name):
    page = desk.get(reverse(f"{name}:index")).content.decode()

    assert page.count(EMPTY[name]) == 1


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["front desk", "reader"])
def test_who_may_only_look_gets_lists_without_a_way_to_add(client, olga, forum, sessions, name, role):
    client.force_login(staff(role, "looker@example.org"))

    page = client.get(reverse(f"{name}:index"))

    may_see = (name, role) != ("venue", "front desk")
    assert page.status_code == (200 if may_see else 302)
    assert not may_see or page.context["can_add"] is False


def session_form(session: Session, **changes) -> dict:
    """What the form of `session` posts, with `changes`."""
    return {
        "title_en": "Opening",
        "status": "CONFIRMED",
        "seen_by": "PUBLIC",
        "starts_at": f"{session.event.starts_on} 09:30",
        "ends_at": f"{session.event.starts_on} 10:30",
        "appearances-TOTAL_FORMS": "0",
        "appearances-INITIAL_FORMS": "0",
        "appearances-MIN_NUM_FORMS": "0",
        "appearances-MAX_NUM_FORMS": "1000",
        **changes,
    }


def test_the_hours_of_a_session_are_those_of_its_event(desk, sessions):
    opening = sessions["opening"]  # half past nine in Paris
    url = reverse("session:edit", args=[opening.pk])
    assert f'value="{opening.event.starts_on} 09:30"' in desk.get(url).content.decode()

    desk.post(url, session_form(opening, starts_at=f"{opening.event.starts_on} 10:00"))

    opening.refresh_from_db()
    assert opening.starts_at == at(opening.event, 0, 10)


def opened_before_a_move(desk, session: Session, olga) -> tuple[str, str]:
    """The address of the form of `session`, and its stamp; then the board puts it half an hour later, to room B."""
    url = reverse("session:edit", args=[session.pk])
    was = desk.get(url).context["form"]["was"].value()
    starts_at, ends_at = (moment + datetime.timedelta(minutes=30) for moment in (session.starts_at, session.ends_at))
    to = Spot(starts_at, ends_at, session.event.venue.rooms.last().pk)
    session.event.arrange([Move(session.pk, Spot.of(session), to)], by=olga)
    return url, was


def test_a_form_that_was_opened_before_a_move_keeps_the_move(desk, sessions, olga):
    opening = sessions["opening"]
    url, was = opened_before_a_move(desk, opening, olga)

    page = desk.post(url, session_form(opening, title_en="Welcome", room=opening.room_id, was=was), follow=True)

    opening.refresh_from_db()
    assert (str(opening), opening.starts_at, str(opening.room)) == ("Welcome", at(opening.event, 0, 10), "Room B")
    assert "Somebody else has moved it meanwhile, and there it stays." in page.text


def test_a_form_that_was_opened_before_a_move_and_moves_it_too_asks_first(desk, sessions, olga):
    opening = sessions["opening"]
    url, was = opened_before_a_move(desk, opening, olga)
    own = {"starts_at": f"{opening.event.starts_on} 08:00", "room": opening.room_id}

    page = desk.post(url, session_form(opening, **own, was=was))

    [told] = page.context["form"].errors["starts_at"]
    assert "10:00–11:00 · Room B. Save once more" in told
    opening.refresh_from_db()
    assert opening.starts_at == at(opening.event, 0, 10)
    desk.post(url, session_form(opening, **own, was=page.context["form"]["was"].value()))
    opening.refresh_from_db()
    assert (opening.starts_at, str(opening.room)) == (at(opening.event, 0, 8), "Room A")


def test_a_session_takes_no_room_at_another_venue(desk, sessions, forum):
    elsewhere = Room.objects.create(venue=Venue.objects.create(name={"en": "Elsewhere"}), name={"en": "Attic"})
    opening = sessions["opening"]

    page = desk.post(reverse("session:edit", args=[opening.pk]), session_form(opening, room=elsewhere.pk))

    assert list(page.context["form"].errors) == ["room"]


def test_a_new_session_knows_its_event_from_the_desk(desk, forum):
    page = desk.get(reverse("session:add"), {"event": forum.pk})

    form = page.context["form"]
    assert form.initial["event"] == forum.pk
    assert list(form.fields["room"].queryset) == list(forum.venue.rooms.all())


def test_sessions_are_found_by_the_day_of_their_event(desk, sessions, forum):
    Session.objects.create(
        event=forum, title={"en": "Night talk"}, starts_at=at(forum, 1, 1), ends_at=at(forum, 1, 2)
    )  # at one in the morning it belongs to the evening before

    page = desk.get(reverse("session:index"), {"event": forum.pk, "day": forum.starts_on})

    assert [str(session) for session in page.context["object_list"]] == ["Opening", "Night talk"]


def event_form(event: Event, **changes) -> dict:
    """What the form of `event` posts, with `changes`."""
    return {
        "title_en": "Forum",
        "kind": "FORUM",
        "slug": event.slug,
        "starts_on": event.starts_on,
        "ends_on": event.ends_on,
        "timezone": "Europe/Paris",
        "day_starts_at": "09:00",
        "venue": event.venue_id,
        "is_public": "on",
        "letter_texts-TOTAL_FORMS": "0",
        "letter_texts-INITIAL_FORMS": "0",
        "booths-TOTAL_FORMS": "0",
        "booths-INITIAL_FORMS": "0",
        "tracks-TOTAL_FORMS": "0",
        "tracks-INITIAL_FORMS": "0",
        "tracks-MIN_NUM_FORMS": "0",
        "tracks-MAX_NUM_FORMS": "1000",
        **changes,
    }


def test_the_form_does_not_move_an_announced_event(desk, forum):
    before, later = forum.starts_on, forum.starts_on + datetime.timedelta(days=30)

    response = desk.post(
        reverse("event:edit", args=[forum.pk]), event_form(forum, starts_on=later, ends_on=later, slug="renamed")
    )

    assert response.url == reverse("event:desk", args=[forum.pk])
    forum.refresh_from_db()
    assert (forum.starts_on, forum.slug) == (before, "renamed")


def test_the_form_moves_a_draft(desk, forum):
    Event.objects.update(status=Event.Status.DRAFT)
    later = forum.starts_on + datetime.timedelta(days=30)

    desk.post(reverse("event:edit", args=[forum.pk]), event_form(forum, starts_on=later, ends_on=later))

    assert Event.objects.get().starts_on == later


def test_an_event_is_added_with_a_track(desk, venue):
    day = timezone.localdate()
    event = Event(slug="talks", starts_on=day, ends_on=day, venue=venue)
    track = {"name_en": "Plenary", "slug": "plenary", "color": "teal", "position": "0", "ORDER": "1"}
    tracks = {f"tracks-0-{name}": value for name, value in track.items()}

    response = desk.post(reverse("event:add"), event_form(event, **{**tracks, "tracks-TOTAL_FORMS": "1"}))

    added = Event.objects.get()
    assert response.url == reverse("event:desk", args=[added.pk])
    assert [(track.slug, str(track.name)) for track in added.tracks.all()] == [("plenary", "Plenary")]


@pytest.mark.parametrize(("body", "is_kept"), [("We invite you, {name}.", True), ("Your passport: {passport}", False)])
def test_the_text_of_a_formal_letter_is_written_in_the_form(desk, forum, body, is_kept):
    text = {"kind": "INVITATION", "language": "en", "subject": "Invitation", "body": body, "signatory": "Olga"}
    rows = {f"letter_texts-0-{name}": value for name, value in text.items()}
    form = event_form(forum, **rows, **{"letter_texts-TOTAL_FORMS": "1"})

    answer = desk.post(reverse("event:edit", args=[forum.pk]), form)

    assert forum.letter_texts.model.objects.filter(event=forum, body=body).exists() is is_kept
    assert is_kept or "These cannot be filled: passport." in answer.render().text


def test_an_announced_event_is_cancelled_and_never_deleted(desk, forum):
    desk.post(reverse("event:delete", args=[forum.pk]))

    assert Event.objects.get() == forum


def test_a_draft_is_taken_off_the_list_and_a_sent_invitation_is_not(desk, forum, pavel, dina, olga):
    forum.invitations.draft([pavel], by=olga)
    forum.invitations.send_drafts(by=olga)
    forum.invitations.draft([dina], by=olga)

    for invitation in forum.invitations.all():
        desk.post(reverse("invitation:delete", args=[invitation.pk]))

    assert [invitation.person for invitation in Invitation.objects.all()] == [pavel]


def test_invitations_are_found_by_name_in_any_script_and_by_answer(desk, forum, pavel, olga):
    zoe = person("Zoë", "Ångström")
    forum.invitations.draft([pavel, zoe], by=olga)
    forum.invitations.send_drafts(by=olga)
    forum.invitations.get(person=zoe).answer("DECLINED", by=olga)

    def found(**query) -> list[str]:
        page = desk.get(reverse("invitation:index"), query)
        return [invitation.person.name for invitation in page.context["object_list"]]

    assert found(q="angstrom") == ["Zoë Ångström"]
    assert found(event=forum.pk, reply="DECLINED") == ["Zoë Ångström"]
    assert found(kind="LAW_ENFORCEMENT") == ["Pavel Novak"]


def test_what_a_stranger_wrote_is_no_formula_in_an_export(desk, forum, pavel, olga):
    forum.invitations.draft([pavel], by=olga)
    forum.invitations.send_drafts(by=olga)
    forum.invitations.get().answer("DECLINED", reason="=HYPERLINK(1)")

    page = desk.get(reverse("invitation:index"), {"export": "csv"})

    row = b"".join(page.streaming_content).decode().splitlines()[1].split(",")
    assert (row[2], row[3], "'=HYPERLINK(1)" in row) == ("Pavel", "Novak", True)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_workbook_too(desk, forum, olga, name):
    several(forum, 2, olga)
    rows = {"event": 3, "venue": 3}.get(name, 2)  # the forum and its venue are there already

    page = desk.get(reverse(f"{name}:index"), {"export": "xlsx"})

    content = b"".join(page.streaming_content)
    assert load_workbook(BytesIO(content)).active.max_row == 1 + rows


def test_who_comes_back_from_a_record_finds_the_list_as_it_was_left(desk, forum):
    events, edit = reverse("event:index"), reverse("event:edit", args=[forum.pk])
    desk.get(f"{events}?q=forum&status=ANNOUNCED")

    back = desk.get(events, headers={"Referer": f"http://testserver{edit}"})
    afresh = desk.get(events, headers={"Referer": f"http://testserver{events}"})

    assert (back.status_code, back["Location"]) == (302, f"{events}?q=forum&status=ANNOUNCED")
    assert afresh.status_code == 200
    assert desk.get(events, headers={"Referer": f"http://testserver{edit}"}).status_code == 200
