"""Calendar feeds as calendar programs meet them: over HTTP, byte by byte, and with something to leak."""

import datetime
import gzip
import logging
import os
import subprocess

import pytest
from django.apps import apps
from django.core.cache import cache
from django.utils import timezone
from django.utils.http import http_date
from icalendar import Calendar

from config.logs import ScrubTokens
from events.models import CalendarFeed, Event, Invitation, Session
from tests.conftest import PASSWORD, at, limited
from tests.events.test_ical_real import BENCH, CHECK, PARSERS

PROGRAMME = "/en/events/forum/programme.ics"
EVENT = "/en/events/forum/event.ics"
TRACK, ROOM = "/en/events/forum/tracks/plenary.ics", "/en/events/forum/rooms/room-a.ics"
ALL = "/en/events.ics"


@pytest.fixture
def published(forum, sessions, olga):
    return forum.publish(by=olga)


@pytest.fixture
def session_feed(sessions) -> str:
    return f"/en/events/forum/sessions/{sessions['opening'].guid}.ics"


@pytest.fixture(params=["programme", "event", "session", "track", "room"])
def feed(request, published, session_feed) -> str:
    """The address of each public feed of an event in turn."""
    found = {"programme": PROGRAMME, "event": EVENT, "session": session_feed, "track": TRACK, "room": ROOM}
    return found[request.param]


@pytest.fixture
def seat(forum, published, pavel, olga) -> Invitation:
    """Pavel's, accepted."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return invitation


@pytest.fixture
def secret(seat) -> str:
    """The token of Pavel's own calendar."""
    _feed, token = seat.person.feeds.open()
    return token


@pytest.fixture
def mine(secret) -> str:
    """The address of Pavel's own calendar."""
    return f"/en/calendar/{secret}.ics"


def uids(body: bytes) -> list[str]:
    return sorted(str(event["UID"]) for event in Calendar.from_ical(body).events)


def titles(body: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(body).events]


# -- Every public feed ------------------------------------------------------------------------------------------------


def test_a_feed_is_a_calendar_with_a_name_that_everybody_may_keep_for_five_minutes(client, feed):
    answer = client.get(feed)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Content-Disposition"] == f'inline; filename="{feed.split("/events/")[1].replace("/", "-")}"'
    assert sorted(answer["Cache-Control"].split(", ")) == ["max-age=300", "public"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (answer["ETag"][0], answer["ETag"][-1]) == ('"', '"')


def test_a_feed_sets_no_cookie_and_does_not_depend_on_one(client, feed):
    answer = client.get(feed)

    assert (dict(answer.cookies), dict(client.cookies)) == ({}, {})
    assert "cookie" not in answer["Vary"].lower()


@pytest.mark.parametrize("known", ["{etag}", "W/{etag}", '"another", {etag}', "*"])
def test_who_has_the_feed_already_gets_no_second_copy(client, feed, known):
    etag = client.get(feed)["ETag"]

    answer = client.get(feed, headers={"If-None-Match": known.format(etag=etag)})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_who_has_an_older_feed_gets_the_new_one(client, feed):
    assert client.get(feed, headers={"If-None-Match": '"older"'}).status_code == 200


def test_a_program_that_asks_by_date_is_answered_by_date(client, feed):
    written = client.get(feed)["Last-Modified"]
    day_before = http_date((timezone.now() - datetime.timedelta(days=1)).timestamp())

    assert client.get(feed, headers={"If-Modified-Since": written}).status_code == 304
    assert client.get(feed, headers={"If-Modified-Since": day_before}).status_code == 200


def test_a_head_says_what_a_get_would_say(client, feed):
    head, get = client.head(feed), client.get(feed)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_a_compressed_feed_has_an_etag_of_its_own(client, feed):
    plain = client.get(feed)

    zipped = client.get(feed, headers={"Accept-Encoding": "gzip"})

    assert (zipped["Content-Encoding"], zipped["Vary"]) == ("gzip", plain["Vary"])
    assert "accept-encoding" in zipped["Vary"].lower()
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped["ETag"] != plain["ETag"]
    again = client.get(feed, headers={"Accept-Encoding": "gzip", "If-None-Match": zipped["ETag"]})
    assert again.status_code == 304


def test_the_bytes_stay_the_same_when_nothing_is_kept_in_memory(client, feed):
    first = client.get(feed)

    cache.clear()

    second = client.get(feed)
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])


def test_signing_in_changes_nothing_in_a_public_feed(client, feed, olga):
    stranger_sees = client.get(feed).content
    client.login(email=olga.email, password=PASSWORD)

    assert client.get(feed).content == stranger_sees


def test_the_language_comes_from_the_address_and_from_nothing_else(client, feed):
    english = client.get(feed).content
    cache.clear()
    client.cookies["django_language"] = "fr"

    assert client.get(feed, headers={"Accept-Language": "fr"}).content == english
    assert client.get(feed.replace("/en/", "/fr/")).content != english


def test_a_feed_names_nobody_who_was_invited_and_no_secret(client, feed, seat, secret):
    body = client.get(feed).text

    for hidden in ("ATTENDEE", "ORGANIZER", "mailto", "example.org", "Pavel", seat.token, seat.uid, secret):
        assert hidden not in body


def test_the_closed_session_is_in_no_public_feed(client, feed, sessions):
    assert "Candlelight" not in client.get(feed).text
    assert client.get(f"/en/events/forum/sessions/{sessions['closed'].guid}.ics").status_code == 404


@pytest.mark.parametrize("address", [TRACK, ROOM, "/en/events/forum/rooms/room-b.ics"])
def test_a_track_and_a_room_hold_what_is_for_everybody_there_and_are_not_there_where_nothing_is(
    client, forum, published, sessions, olga, address
):
    """The closed session is in the track, and alone in room B; whoever may see it does not get it here either."""
    client.force_login(olga)

    answer = client.get(address)

    if "room-b" in address:
        assert (answer.status_code, client.get("/en/events/forum/rooms/nowhere.ics").status_code) == (404, 404)
    else:
        assert (titles(answer.content), "Candlelight" in answer.text) == (["Opening"], False)


def test_a_calendar_of_a_room_that_somebody_has_is_empty_and_not_gone_when_its_sessions_are(
    client, forum, published, sessions, olga
):
    sessions["opening"].room = sessions["closed"].room
    sessions["opening"].save()
    forum.publish(by=olga)

    assert (titles(client.get(ROOM).content), client.get("/en/events/forum/rooms/room-b.ics").status_code) == ([], 200)


def test_who_makes_all_of_a_room_restricted_leaves_no_trace_of_it(client, forum, published, sessions, olga):
    sessions["opening"].audience = "PARTICIPANTS"
    sessions["opening"].save()
    forum.publish(by=olga)

    assert [client.get(address).status_code for address in (TRACK, ROOM, PROGRAMME)] == [404, 404, 404]


def test_all_public_events_are_one_calendar(client, forum, venue, django_assert_num_queries):
    days = {"starts_on": forum.starts_on, "ends_on": forum.ends_on, "venue": venue}
    past = timezone.localdate() - datetime.timedelta(days=30)
    rows = {
        "hidden": {"is_public": False, "status": "ANNOUNCED", **days},
        "draft": {"status": "DRAFT", **days},
        "over": {"status": "ANNOUNCED", "starts_on": past, "ends_on": past},
        "off": {"status": "CANCELLED", "starts_on": past, "ends_on": past},
        "old": {"status": "ANNOUNCED", "starts_on": past.replace(year=past.year - 2), "ends_on": past},
    }
    for slug, facts in rows.items():
        Event.objects.create(slug=slug, title={"en": slug}, **facts)
    Event.objects.filter(slug="old").update(ends_on=past.replace(year=past.year - 2))

    with django_assert_num_queries(1):
        answer = client.get(ALL)

    assert titles(answer.content) == ["over", "Forum on illicit trade"]
    assert (answer["Content-Disposition"], answer["Access-Control-Allow-Origin"]) == (
        'inline; filename="events.ics"',
        "*",
    )
    again = client.get(ALL, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_of_the_programme_offers_the_calendar_of_what_is_chosen(client, forum, published, sessions, olga):
    page, feeds = "/en/events/forum/programme/", {}
    for query in ("", "?track=plenary", "?room=room-a", "?track=plenary&room=room-a"):
        feeds[query] = client.get(f"{page}{query}").context["feed_links"]["download_url"]
    client.force_login(olga)
    feeds["closed"] = client.get(f"{page}?room=room-b").context["feed_links"]["download_url"]

    assert feeds == {
        "": PROGRAMME,
        "?track=plenary": TRACK,
        "?room=room-a": ROOM,
        "?track=plenary&room=room-a": PROGRAMME,
        "closed": PROGRAMME,
    }


def test_a_uid_outlives_the_short_name_of_its_event(client, forum, published, olga):
    before = uids(client.get(PROGRAMME).content) + uids(client.get(EVENT).content)

    forum.slug = "another-name"
    forum.save()
    forum.publish(by=olga)

    pages = [client.get(path.replace("/forum/", "/another-name/")).content for path in (PROGRAMME, EVENT)]
    assert uids(pages[0]) + uids(pages[1]) == before


def test_publishing_again_changes_the_etag_and_leaves_the_untouched_session_as_it_was(
    client, forum, sessions, published, olga, session_feed, django_capture_on_commit_callbacks
):
    programme, opening = client.get(PROGRAMME), client.get(session_feed)
    Session.objects.create(event=forum, title={"en": "Closing"}, starts_at=at(forum, 1, 16), ends_at=at(forum, 1, 17))

    with django_capture_on_commit_callbacks(execute=True):
        forum.publish(by=olga)

    changed = client.get(PROGRAMME, headers={"If-None-Match": programme["ETag"]})
    assert (changed.status_code, titles(changed.content)) == (200, ["Opening", "Closing"])
    assert client.get(session_feed, headers={"If-None-Match": opening["ETag"]}).status_code == 304


# -- A person's own feed ----------------------------------------------------------------------------------------------


def test_a_personal_calendar_is_for_one_reader(client, mine):
    answer = client.get(mine)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert sorted(answer["Cache-Control"].split(", ")) == ["max-age=300", "private"]
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert dict(answer.cookies) == {}
    known = client.get(mine, headers={"If-None-Match": answer["ETag"]})
    assert (known.status_code, known["ETag"]) == (304, answer["ETag"])
    assert client.get(mine).content == answer.content


def test_it_holds_the_event_and_all_that_a_participant_may_see(client, mine):
    assert titles(client.get(mine).content) == ["Forum on illicit trade", "Opening", "Operation Candlelight"]


def test_it_names_nobody_and_does_not_say_its_own_address(client, mine, secret, seat):
    body = client.get(mine).text

    for hidden in ("ATTENDEE", "ORGANIZER", "mailto", "example.org", "Pavel", secret, seat.token):
        assert hidden not in body


def test_the_event_of_others_is_not_in_it(client, mine, forum, dina, olga):
    other = Event.objects.create(
        slug="other",
        title={"en": "Secret meeting"},
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        status="ANNOUNCED",
    )
    other.sessions.create(title={"en": "Secret session"}, starts_at=at(other, 0, 9), ends_at=at(other, 0, 10))
    other.publish(by=olga)
    [invitation] = other.invitations.draft([dina], by=olga)
    invitation.send(by=olga)
    _feed, dinas = dina.feeds.open()

    assert "Secret" in client.get(f"/en/calendar/{dinas}.ics").text
    assert "Secret" not in client.get(mine).text


def test_the_closed_session_is_not_for_who_waits(client, forum, published, dina, pavel, olga):
    limited(forum, 0)
    invitations = forum.invitations.draft([pavel], by=olga)
    invitations[0].send(by=olga)
    invitations[0].answer("ACCEPTED")
    _feed, token = pavel.feeds.open()

    assert titles(client.get(f"/en/calendar/{token}.ics").content) == ["Forum on illicit trade", "Opening"]


def test_who_declines_has_an_empty_calendar(client, mine, seat):
    etag = client.get(mine)["ETag"]

    seat.answer("DECLINED")

    assert titles(client.get(mine, headers={"If-None-Match": etag}).content) == []


def test_who_is_not_sure_any_more_loses_the_closed_session_with_the_seat(client, mine, seat):
    etag = client.get(mine)["ETag"]

    seat.answer("TENTATIVE")

    answer = client.get(mine, headers={"If-None-Match": etag})
    assert titles(answer.content) == ["Forum on illicit trade", "Opening"]


def test_a_withdrawn_invitation_takes_the_event_out(client, mine, seat, olga):
    seat.withdraw(by=olga)

    assert titles(client.get(mine).content) == []


def test_an_unknown_address_is_nothing_and_a_revoked_one_is_gone(client, mine, seat):
    assert client.get("/en/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics").status_code == 404

    seat.person.feeds.get().revoke()

    gone = client.get(mine)
    assert (gone.status_code, "has been revoked" in gone.text) == (410, True)
    assert '<html lang="ar" dir="rtl">' in client.get(mine.replace("/en/", "/ar/")).text


def test_one_address_is_revoked_and_the_other_stays(client, mine, seat):
    _second, token = seat.person.feeds.open()

    seat.person.feeds.earliest("created_at").revoke()

    assert (client.get(mine).status_code, client.get(f"/en/calendar/{token}.ics").status_code) == (410, 200)


def test_its_owner_sees_who_fetched_it_last(client, mine):
    client.get(mine, headers={"User-Agent": "Thunderbird/140.0"})

    feed = CalendarFeed.objects.get()
    assert (feed.last_agent, feed.last_fetched_at <= timezone.now()) == ("Thunderbird/140.0", True)


def test_the_address_of_a_personal_calendar_is_nowhere_in_the_database(client, mine, secret):
    client.get(mine)

    holding = [
        model.__name__
        for model in apps.get_models()
        if model._meta.managed and secret in str(list(model._base_manager.values_list()))
    ]

    assert holding == []


def test_secret_addresses_are_not_in_the_log(client, mine, secret, seat, caplog):
    caplog.handler.addFilter(ScrubTokens())
    caplog.set_level(logging.DEBUG)
    CalendarFeed.objects.update(revoked_at=timezone.now())

    client.get(mine)
    client.get(f"/en/calendar/{secret}x.ics")
    client.get(f"/en/invitations/{seat.token}x/")
    caplog.handler.filters.clear()

    messages = [record.getMessage() for record in caplog.records if record.name == "django.request"]
    assert messages == [
        "Gone: /en/calendar/***",
        "Not Found: /en/calendar/***",
        "Not Found: /en/invitations/***/",
    ]


# -- Before the jury --------------------------------------------------------------------------------------------------


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("name", ["programme", "event", "session", "mine", "request", "update", "cancel"])
def test_independent_parsers_accept_what_the_house_serves_and_sends(
    name, client, forum, sessions, session_feed, seat, mine, olga, tmp_path
):
    python = BENCH / "venv" / "bin" / "python"
    if not (CHECK.exists() and python.exists()):
        pytest.skip(f"The calendar checks or their bench are not on this machine ({CHECK.name}, {python}).")
    feeds = {"programme": PROGRAMME, "event": EVENT, "session": session_feed, "mine": mine}
    week = datetime.timedelta(days=7)
    if name in feeds:
        written = client.get(feeds[name]).content
    elif name == "request":
        written = seat.request()
    else:
        forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)
        if name == "cancel":
            forum.cancel(by=olga)
        letter = {"update": "event_rescheduled", "cancel": "event_cancelled"}[name]
        written = seat.person.messages.get(letter=letter).calendar.encode()
    file = tmp_path / f"{name}.ics"
    file.write_bytes(written)

    checked = subprocess.run(
        [python, CHECK, file, "--profile", "feed" if name in feeds else "invite", "--need", PARSERS, "--strict"],
        env={**os.environ, "ICALBENCH": str(BENCH)},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
