"""Versions of a programme: what each changed, what is said of it and to whom, and the way back."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contacts.models.erasure import erase
from events.models import Appearance, Circle, Notice, Session
from events.models.change import Kind
from events.models.changelog import changelog
from tests.conftest import at, queries_of


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def published(forum, sessions, olga):
    return forum.publish(by=olga)


def change(session, **fields) -> Session:
    Session.objects.filter(pk=session.pk).update(**fields)
    return Session.objects.get(pk=session.pk)


def told(changes) -> list[tuple]:
    return [(one.kind, str(one.entry.title), one.fields) for one in changes]


def test_the_difference_names_all_that_readers_would_see(forum, sessions, published, venue, olga):
    """Title, people, start, end, room, status and audience of one; one new, one gone."""
    opening, hour = sessions["opening"], datetime.timedelta(hours=1)
    room = venue.rooms.last()
    new = {"title": {"en": "Grand opening"}, "status": "TENTATIVE", "audience": "PARTICIPANTS", "room": room}
    change(opening, starts_at=opening.starts_at + hour, ends_at=opening.ends_at + 2 * hour, **new)
    opening.appearances.all().delete()
    sessions["closed"].delete()
    Session.objects.create(event=forum, title="Added", starts_at=at(forum, 0, 16), ends_at=at(forum, 0, 17))

    found = forum.unpublished()

    fields = ["title", "starts_at", "ends_at", "room_name", "people", "status", "readership"]
    assert told(found.changes) == [
        (Kind.CHANGED, "Grand opening", fields),
        (Kind.ADDED, "Added", []),
        (Kind.DROPPED, "Operation Candlelight", []),
    ]
    assert (found.new, found.changed, found.gone, found.total) == (1, 1, 1, 3)
    facts = {fact.label: (fact.before, fact.after) for fact in found.changes[0].facts}
    assert (facts["Room"], facts["Audience"]) == (("Room A", "Room B"), ("Everybody", "Participants with a seat"))
    assert facts["Starts"][1].endswith("10:30")


def test_a_title_that_changes_in_another_language_is_told_in_that_one(forum, sessions, published):
    change(sessions["opening"], title={"en": "Opening", "fr": "Accueil"})

    [one] = forum.unpublished().changes

    assert [(fact.before, fact.after) for fact in one.facts] == [
        ("\u2068French: Ouverture\u2069", "\u2068French: Accueil\u2069")
    ]


def test_the_language_of_the_organizer_changes_nothing(forum, sessions, published, dina):
    """Dina is Dr Haddad, and د. in Arabic letters to her."""
    with override("ar"):
        found = forum.unpublished()
        assert dina.formal_name.startswith("د.")

    assert (found.changes, published.entries.exclude(people=[]).get().people[0]["name"]) == ([], "Dr Dina Haddad")


def test_publishing_shows_the_difference_and_the_letters_first(desk, forum, sessions, published, dina, olga):
    Notice.objects.work_off(timezone.now() + settings.CALENDAR_UPDATE_DELAY)
    change(sessions["opening"], starts_at=at(forum, 0, 9), ends_at=at(forum, 0, 10))
    page = desk.get(reverse("event:publish", args=[forum.pk]))
    assert told(page.context["changes"]) == [(Kind.CHANGED, "Opening", ["starts_at", "ends_at"])]
    assert [(one.person, [str(c.label) for c in one.concerns]) for one in page.context["readers"]] == [
        (dina, ["Moved"])
    ]
    assert forum.programme == published

    said = {"seen": page.context["difference"].digest, "tell": [dina.pk], "note_en": "An earlier start"}
    desk.post(reverse("event:publish", args=[forum.pk]), said)

    assert (forum.programme.version, forum.programme.note, Notice.objects.get().person) == (
        2,
        {"en": "An earlier start"},
        dina,
    )


def test_whoever_is_not_ticked_gets_no_letter(desk, forum, sessions, published):
    change(sessions["opening"], starts_at=at(forum, 0, 9))
    digest = forum.unpublished().digest

    desk.post(reverse("event:publish", args=[forum.pk]), {"seen": digest})

    assert (forum.programme.version, Notice.objects.count()) == (2, 0)


def test_what_has_changed_since_it_was_shown_is_shown_once_more(desk, forum, sessions, published):
    digest = forum.unpublished().digest
    change(sessions["opening"], title={"en": "Meanwhile"})

    page = desk.post(reverse("event:publish", args=[forum.pk]), {"seen": digest, "note_en": "Kept"})

    assert (page.status_code, forum.programme.version) == (409, 1)
    assert ("Meanwhile" in page.text, "Kept" in page.text) == (True, True)


@pytest.mark.parametrize("what", ["the colour of a track", "who appears, whom nobody may name"])
def test_what_no_line_of_the_difference_shows_is_a_change_too(desk, forum, sessions, published, pavel, what):
    sessions["closed"].is_chatham_house = True
    sessions["closed"].save()
    digest = forum.unpublished().digest
    if what == "the colour of a track":
        forum.tracks.update(color="teal")
    else:
        Appearance.objects.create(session=sessions["closed"], person=pavel)

    page = desk.post(reverse("event:publish", args=[forum.pk]), {"seen": digest})

    assert (page.status_code, forum.programme.version) == (409, 1)


def test_going_back_is_a_new_version_of_which_the_sequences_rise(desk, forum, sessions, published, olga):
    opening, first = sessions["opening"], sessions["opening"].starts_at
    change(opening, starts_at=first - datetime.timedelta(hours=1))
    sessions["closed"].delete()
    Session.objects.create(event=forum, title="Added", starts_at=at(forum, 0, 16), ends_at=at(forum, 0, 17))
    forum.publish(by=olga)
    page = desk.get(reverse("event:go_back", args=[forum.pk, 1]))
    assert [(one.kind, str(one.entry.title)) for one in page.context["changes"]] == [
        (Kind.CHANGED, "Opening"),
        (Kind.DROPPED, "Added"),
        (Kind.ADDED, "Operation Candlelight"),
    ]

    desk.post(reverse("event:go_back", args=[forum.pk, 1]), {"seen": page.context["difference"].digest})

    newest = forum.programme
    rows = newest.entries.in_order().values_list("starts_at", "status", "sequence")
    assert (newest.version, newest.restores) == (3, published)
    assert list(rows) == [
        (first, "CONFIRMED", 2),
        (at(forum, 0, 16), "CANCELLED", 1),
        (at(forum, 1, 14), "CONFIRMED", 2),
    ]
    assert change(opening).starts_at != first  # the draft stays
    assert "Version 1" in desk.get(reverse("event:version", args=[forum.pk, 1])).text
    listed = desk.get(reverse("event:versions", args=[forum.pk])).context["versions"]
    assert [(one.version, one.count) for one in listed] == [(3, 3), (2, 3), (1, 2)]


def test_there_is_no_way_to_the_newest_version_nor_to_none(forum, published, olga):
    for version in (1, 2):
        with pytest.raises(ValidationError, match="Choose an earlier version"):
            forum.go_back(version, by=olga)


def test_a_session_that_comes_back_after_its_day_keeps_its_sequence_rising(forum, sessions, published, olga):
    """Dropped, over, and imported anew with the same guid."""
    opening = sessions["opening"]
    guid, uid, fields = opening.guid, opening.uid, {"starts_at": opening.starts_at, "ends_at": opening.ends_at}
    opening.delete()
    forum.publish(by=olga)
    forum.programme.entries.filter(guid=guid).update(day=timezone.localdate() - datetime.timedelta(days=1))
    forum.publish(by=olga)
    assert not forum.programme.entries.filter(guid=guid).exists()

    Session.objects.create(event=forum, guid=guid, uid=uid, title="Opening", **fields)

    assert forum.publish(by=olga).entries.get(guid=guid).sequence == 2


def test_the_changelog_tells_each_version_in_the_readers_language(client, forum, sessions, published, olga):
    change(sessions["opening"], starts_at=at(forum, 0, 9))
    forum.publish(by=olga, note={"en": "An earlier start", "fr": "Un début plus tôt"})

    english, french = (client.get(f"/{code}/events/forum/programme/changes/") for code in ("en", "fr"))

    assert [one["programme"].version for one in english.context["editions"]] == [2, 1]
    assert ("An earlier start" in english.text, "Un début plus tôt" in french.text) == (True, True)
    assert ("09:30" in english.text, "09:00" in english.text) == (True, True)


def test_the_changelog_goes_back_as_far_as_it_is_asked_and_reads_no_further(
    forum, sessions, published, olga, django_assert_num_queries
):
    """Versions of which there is nothing to say do not count."""
    for hour in (8, 7, None, None, 6):
        change(sessions["opening"], **({"starts_at": at(forum, 0, hour)} if hour else {}))
        forum.publish(by=olga)

    assert [one.programme.version for one in changelog(forum, None, 2)] == [6, 3]
    assert [one.programme.version for one in changelog(forum, None, 9)] == [6, 3, 2, 1]
    with django_assert_num_queries(5):  # the versions, who sees what twice, what has changed in two and what it was
        assert [one.programme.version for one in changelog(forum, None, 1)] == [6]


@pytest.mark.parametrize("path", ["changes/", "changes.atom", "versions/1/", "versions/2/"])
def test_a_restricted_session_is_not_even_countable(client, forum, sessions, published, olga, path):
    """Of version 2, in which it alone changed, nothing is said at all."""
    change(sessions["closed"], title={"en": "Operation Candlelight, moved"}, starts_at=at(forum, 1, 13))
    forum.publish(by=olga)
    assert [len(one.changes) for one in changelog(forum, olga, 20)] == [1, 0]

    answer = client.get(f"/en/events/forum/programme/{path}")

    assert answer.status_code == 200
    assert re.findall("Candlelight|2 sessions", answer.text) == []
    if "changes" in path:
        assert re.findall("Version 2|version-2|programme.versions.2", answer.text) == []
        assert "with 1 session." in answer.text
    else:
        assert answer.context["total"] == 1


@pytest.mark.parametrize("path", ["changes/", "changes.atom", "versions/1/", "versions/2/", "versions/3/"])
def test_what_is_restricted_today_is_not_read_in_old_versions_either(client, forum, sessions, published, olga, path):
    change(sessions["opening"], title={"en": "Opening of the vault"})
    forum.publish(by=olga)
    assert "vault" in client.get("/en/events/forum/programme/versions/2/").text
    change(sessions["opening"], audience="PARTICIPANTS")
    forum.publish(by=olga, note={"en": "Closed now"})

    answer = client.get(f"/en/events/forum/programme/{path}", {"again": 1})

    assert (answer.status_code, re.findall("Opening|vault", answer.text)) == (200, [])


def test_a_session_that_left_and_came_back_for_some_is_for_those_in_every_version(forum, sessions, published, olga):
    guid, day = sessions["opening"].guid, datetime.timedelta(days=400)
    facts = {name: getattr(sessions["opening"], name) for name in ("guid", "uid", "title", "starts_at", "ends_at")}
    sessions["opening"].delete()
    forum.programme.entries.update(day=timezone.localdate() - day)  # its day is over: the next version forgets it
    forum.publish(by=olga)

    Session.objects.create(event=forum, audience="PARTICIPANTS", **facts)
    forum.publish(by=olga)

    assert {one.audience for one in published.entries.filter(guid=guid)} == {"PARTICIPANTS"}


def test_what_was_told_stays_told_once_nobody_may_be_named(client, forum, sessions, published, olga):
    change(sessions["opening"], starts_at=at(forum, 0, 9))
    forum.publish(by=olga)

    forum.is_chatham_house = True
    forum.save()

    assert [told(one.changes) for one in changelog(forum, None, 20)] == [[(Kind.CHANGED, "Opening", ["starts_at"])], []]


def test_who_is_erased_is_named_in_no_version_where_they_were_taken_out_before(forum, sessions, published, dina, olga):
    Notice.objects.work_off(timezone.now() + settings.CALENDAR_UPDATE_DELAY)
    sessions["opening"].appearances.all().delete()
    forum.publish(by=olga)
    assert "Haddad" in str([entry.people for entry in published.entries.all()])

    erase(dina, by=olga)

    assert "Haddad" not in str([entry.people for entry in published.entries.all()])


def test_who_has_a_seat_reads_of_the_closed_session(client, forum, sessions, published, pavel, stranger, olga):
    change(sessions["closed"], starts_at=at(forum, 1, 13))
    forum.publish(by=olga)
    pavel.user = stranger
    pavel.save()
    client.force_login(stranger)
    assert [one.programme.version for one in changelog(forum, stranger, 20)] == [1]

    forum.registrations.enter(pavel)

    assert "Candlelight" in client.get("/en/events/forum/programme/changes/").text


def test_the_atom_feed_is_the_same_bytes_and_asks_nothing_when_it_is_cached(
    client, forum, sessions, published, olga, django_assert_num_queries
):
    change(sessions["opening"], starts_at=at(forum, 0, 9))
    newest = forum.publish(by=olga)
    first = client.get("/en/events/forum/programme/changes.atom")
    with django_assert_num_queries(0):
        again = client.get("/en/events/forum/programme/changes.atom")
        unchanged = client.get("/en/events/forum/programme/changes.atom", headers={"If-None-Match": first["ETag"]})

    assert (first["Content-Type"], first.content == again.content, unchanged.status_code) == (
        "application/atom+xml; charset=utf-8",
        True,
        304,
    )
    assert f"<updated>{newest.published_at.isoformat()}</updated>" in first.text
    assert f"tag:{settings.CALENDAR_NAMESPACE},2026:{forum.uid}/en/2" in first.text


def test_an_event_without_a_programme_or_that_is_not_public_has_no_changelog(client, forum, sessions, olga):
    for path in ("changes/", "changes.atom", "versions/1/"):
        assert client.get(f"/en/events/forum/programme/{path}").status_code == 404
    forum.publish(by=olga)
    forum.is_public = False
    forum.save()
    for path in ("changes/", "changes.atom", "versions/1/"):
        assert client.get(f"/en/events/forum/programme/{path}").status_code == 404


def test_many_versions_and_changes_cost_as_many_queries_as_few(client, desk, forum, sessions, published, olga):
    pages = [reverse(f"event:{name}", args=[forum.pk]) for name in ("versions", "publish", "plans")]
    pages += [reverse("event:version", args=[forum.pk, 2]), "/en/events/forum/programme/changes/"]
    change(sessions["opening"], starts_at=at(forum, 0, 9))
    forum.publish(by=olga)
    change(sessions["opening"], starts_at=at(forum, 0, 8))
    few = {page: queries_of(desk, page) for page in pages}

    for hour in (9, 10, 11):
        for session in sessions.values():
            change(session, title={"en": f"At {hour}"})
            Session.objects.create(event=forum, title="x", starts_at=at(forum, 0, hour), ends_at=at(forum, 0, 13))
        forum.publish(by=olga)
    change(sessions["opening"], starts_at=at(forum, 0, 7))

    assert {page: queries_of(desk, page) for page in pages} == few


def test_changes_of_who_may_see_sessions_cost_as_many_queries_as_one(desk, forum, sessions, published, olga):
    """Circles have names."""
    pages = [reverse("event:publish", args=[forum.pk]), reverse("event:version", args=[forum.pk, 2])]
    pages.append("/en/events/forum/programme/changes/")
    some = [
        Session.objects.create(event=forum, title=f"x{n}", starts_at=at(forum, 0, n + 8), ends_at=at(forum, 0, 13))
        for n in range(3)
    ]
    circle = lambda name: Circle.objects.keep(Circle(event=forum, name=name, roles=["HEAD"]), [], by=olga)  # noqa: E731
    forum.publish(by=olga)

    def narrowed(*rows) -> dict[str, int]:
        for session in rows:
            change(session, audience="CIRCLE", circle=circle(f"First {session}"))
        forum.publish(by=olga)
        for session in rows:
            change(session, circle=circle(f"Second {session}"))
        pages[1] = reverse("event:version", args=[forum.pk, forum.programme.version])
        return [queries_of(desk, page) for page in pages]

    few = narrowed(some[0])
    forum.publish(by=olga)

    assert narrowed(*some[1:]) == few
