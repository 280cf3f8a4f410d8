"""Publishing a programme: what a version promises, and who may see it."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from events.models import ProgrammeEntry
from tests.conftest import PASSWORD


@pytest.fixture
def published(forum, sessions, olga):
    return forum.publish(by=olga)


@pytest.fixture
def page(forum):
    return f"/en/events/{forum.slug}/programme/"


def entry(programme, session) -> ProgrammeEntry:
    return programme.entries.get(guid=session.guid)


def test_an_unchanged_session_keeps_its_revision_and_its_bytes(forum, sessions, published, olga):
    first = entry(published, sessions["opening"])

    again = entry(forum.publish(by=olga), sessions["opening"])

    assert (again.sequence, again.revised_at, again.vevent_fr) == (0, first.revised_at, first.vevent_fr)


def test_text_changes_the_revision_and_not_the_sequence(forum, sessions, published, olga):
    sessions["opening"].title = {"en": "Grand opening"}
    sessions["opening"].save()

    changed = entry(forum.publish(by=olga), sessions["opening"])

    assert (changed.sequence, changed.revised_at > published.published_at) == (0, True)


@pytest.mark.parametrize("change", ["time", "room", "status"])
def test_time_place_and_cancellation_raise_the_sequence(forum, sessions, published, olga, change):
    session = sessions["opening"]
    if change == "time":
        session.starts_at += datetime.timedelta(minutes=15)
    elif change == "room":
        session.room = sessions["closed"].room
    else:
        session.status = "CANCELLED"
    session.save()

    assert entry(forum.publish(by=olga), session).sequence == 1


def test_a_session_that_is_gone_stays_cancelled_until_its_day_is_over(forum, sessions, published, olga):
    guid = sessions["opening"].guid
    sessions["opening"].delete()

    dropped = forum.publish(by=olga).entries.get(guid=guid)

    assert (dropped.status, dropped.sequence, "STATUS:CANCELLED" in dropped.vevent_en) == ("CANCELLED", 1, True)
    day_after = forum.starts_on + datetime.timedelta(days=1)
    assert not ProgrammeEntry.objects.for_calendar(on=day_after).filter(pk=dropped.pk).exists()


def test_readers_see_what_was_published_and_not_the_draft(client, forum, sessions, published, page):
    sessions["opening"].title = {"en": "A secret draft"}
    sessions["opening"].save()

    text = client.get(page, {"day": "all"}).text

    assert ("Opening" in text, "A secret draft" in text) == (True, False)


@pytest.mark.parametrize(
    "path", ["programme/?day=all", "programme/?q=candlelight", "programme.ics", "sessions/{closed}/"]
)
def test_a_stranger_finds_no_trace_of_a_closed_session(client, forum, sessions, published, path):
    assert published.entries.filter(title__contains="Candlelight").count() == 1

    answer = client.get(f"/en/events/forum/{path}".format(closed=sessions["closed"].guid))

    assert "Operation Candlelight" not in answer.text
    assert answer.status_code == (404 if "sessions" in path else 200)


def test_a_closed_session_is_not_counted_either(client, published, page):
    assert client.get(page, {"day": "all"}).context["total"] == 1


def test_the_closed_session_is_shown_to_who_has_a_seat(client, forum, sessions, published, page, pavel, stranger):
    pavel.user = stranger
    pavel.save()
    client.force_login(stranger)
    assert client.get(page, {"day": "all"}).context["total"] == 1

    forum.registrations.enter(pavel)

    assert client.get(page, {"day": "all"}).context["total"] == 2


def test_a_day_a_track_a_room_and_words_choose_what_is_shown(client, forum, sessions, published, page):
    def titles(**query):
        groups = client.get(page, query).context["groups"]
        return [row["title"] for day in groups for time in day["times"] for row in time["rows"]]

    assert titles(day=forum.starts_on) == ["Opening"]
    assert titles(day="all", track="plenary") == ["Opening"]
    assert titles(track="plenary", room="room-a") == ["Opening"]
    assert titles(room="room-b") == []
    assert titles(q="öpening haddad") == ["Opening"]
    assert titles(q="nothing of the kind") == []


def test_the_programme_speaks_the_readers_language(client, published):
    page = client.get("/fr/events/forum/programme/")

    assert ('<html lang="fr" dir="ltr">' in page.text, "Ouverture" in page.text) == (True, True)
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/events/forum/programme/").text


def test_a_talk_after_midnight_belongs_to_the_day_before(forum, sessions):
    at_one = datetime.datetime.combine(forum.ends_on, datetime.time(1), forum.zone)

    assert forum.day_of(at_one) == forum.starts_on


def test_an_event_that_is_not_announced_or_not_public_is_nowhere(client, forum, sessions, published):
    for field, value in (("status", "DRAFT"), ("is_public", False)):
        setattr(forum, field, value)
        forum.save()
        cache.clear()
        for path in ("", "programme/", "programme.ics", "event.ics", f"sessions/{sessions['opening'].guid}.ics"):
            assert client.get(f"/en/events/forum/{path}").status_code == 404
        forum.is_public = True


def test_a_programme_not_yet_published_says_so(client, forum):
    page = client.get("/en/events/forum/programme/")

    assert (page.status_code, page.context["programme"]) == (200, None)
    assert client.get("/en/events/forum/programme.ics").status_code == 404


def test_publishing_again_is_seen_at_once_by_anonymous_readers(
    client, forum, sessions, published, page, olga, django_capture_on_commit_callbacks
):
    assert "Grand opening" not in client.get(page).text
    sessions["opening"].title = {"en": "Grand opening"}
    sessions["opening"].save()

    with django_capture_on_commit_callbacks(execute=True):
        forum.publish(by=olga)

    assert "Grand opening" in client.get(page).text


def test_a_cached_page_costs_no_query(client, published, page, django_assert_num_queries):
    client.get(page)

    with django_assert_num_queries(0):
        assert client.get(page).status_code == 200


def test_who_is_signed_in_is_never_served_from_the_cache(client, published, page, olga):
    client.get(page, {"day": "all"})
    client.login(email=olga.email, password=PASSWORD)

    assert client.get(page, {"day": "all"}).context["total"] == 2
    client.logout()
    assert "Operation Candlelight" not in client.get(page, {"day": "all"}).text


def test_the_page_of_a_thousand_sessions_asks_the_database_the_same_few_times(
    client, forum, sessions, published, page, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        client.get(page, {"day": "all"})


def test_the_event_page_links_to_programme_and_calendar(client, forum, published):
    page = client.get(reverse("events:event_detail", args=["forum"]))

    assert page.context["programme_url"] == "/en/events/forum/programme/"
    assert page.context["feed_links"]["webcal_url"] == "webcal://localhost:8000/en/events/forum/event.ics"


def test_moving_the_event_moves_what_is_published_and_keeps_the_draft_unpublished(forum, sessions, published, olga):
    """Across the change to summer time a session keeps its hour on the wall."""
    before = forum.day_of(sessions["opening"].starts_at), sessions["opening"].starts_at.astimezone(forum.zone).time()
    sessions["opening"].title = {"en": "A secret draft"}
    sessions["opening"].save()
    days = datetime.timedelta(days=120)

    forum.reschedule(forum.starts_on + days, forum.ends_on + days, by=olga)

    moved = entry(forum.programme, sessions["opening"])
    sessions["opening"].refresh_from_db()
    assert (moved.day, moved.starts_at.astimezone(forum.zone).time()) == (before[0] + days, before[1])
    assert (str(moved.title), moved.sequence, sessions["opening"].starts_at) == ("Opening", 1, moved.starts_at)


def test_cancelling_the_event_cancels_what_is_published(forum, sessions, published, olga):
    sessions["opening"].title = {"en": "A secret draft"}
    sessions["opening"].save()

    forum.cancel(by=olga)

    entries = forum.programme.entries.in_order()
    assert [(str(row.title), row.status, row.sequence) for row in entries] == [
        ("Opening", "CANCELLED", 1),
        ("Operation Candlelight", "CANCELLED", 1),
    ]


def test_a_new_title_is_a_new_revision_and_a_new_venue_a_new_sequence(forum, olga, venue):
    first = forum.revised_at
    forum.title = {"en": "Another title"}
    forum.save()
    second = forum.revised_at
    elsewhere = type(venue).objects.create(name={"en": "Town hall"}, city="Nice")

    forum.reschedule(forum.starts_on, forum.ends_on, venue=elsewhere, by=olga)

    assert (second > first, forum.sequence, forum.venue) == (True, 1, elsewhere)
