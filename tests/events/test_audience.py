"""Audience: the one policy, asked at each surface with something there to leak; what is not for a reader is not even
counted."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Locale

from cms.models import ForumPage, HomePage
from contacts.models import User
from events.models import (
    Appearance,
    Circle,
    Document,
    Event,
    Minutes,
    Presence,
    Programme,
    ProgrammeEntry,
    Room,
    Session,
    Track,
)
from events.models.attendance import attendance
from tests.conftest import at, person, queries_of, staff
from tests.events.papers import added

SECRET = "Operation Nightingale"


@pytest.fixture
def hela(forum, customs, olga):
    """Comes as head of the delegation of the customs service, and has an account."""
    hela = person("Hela", "Mansour")
    hela.user = User.objects.create_user("hela@example.net")
    hela.save()
    [delegation] = forum.delegations.draft([customs], by=olga)
    delegation.give("HEAD", "", 1, by=olga)
    invited(forum, hela, olga, role="HEAD", delegation=delegation)
    return hela


@pytest.fixture
def seated(forum, pavel, olga):
    """Pavel, with a seat like any other."""
    pavel.user = User.objects.create_user("pavel@example.net")
    pavel.save()
    invited(forum, pavel, olga)
    return pavel


@pytest.fixture
def heads(forum) -> Circle:
    return circle(forum, roles=["HEAD"])


@pytest.fixture
def secret(forum, sessions, heads, olga) -> Session:
    """Beside the two sessions, one for heads of delegation alone, on a day and in a track and room of its own."""
    track = Track.objects.create(event=forum, slug="birds", name={"en": "Birds"}, position=5)
    room = Room.objects.create(venue=forum.venue, name={"en": "Aviary"}, position=9)
    forum.ends_on = forum.starts_on.fromordinal(forum.starts_on.toordinal() + 2)
    forum.save()
    session = Session.objects.create(
        event=forum,
        title=SECRET,
        abstract="Where the birds nest.",
        track=track,
        room=room,
        starts_at=at(forum, 2, 9),
        ends_at=at(forum, 2, 11),
        audience="CIRCLE",
        circle=heads,
    )
    Appearance.objects.create(session=session, person=person("Wren", "Warbler"))
    forum.publish(by=olga)
    return session


def invited(event, who, olga, **seat) -> None:
    [invitation] = event.invitations.draft([who], by=olga)
    for name, value in seat.items():
        setattr(invitation, name, value)
    invitation.save()
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")


def circle(event, **who) -> Circle:
    delegations = who.pop("delegations", [])
    return Circle.objects.keep(Circle(event=event, name="Some", **who), delegations, by=None)


def seen_by(viewer) -> list[str]:
    return sorted({str(one) for one in ProgrammeEntry.objects.visible_to(viewer)})


# -- The policy -------------------------------------------------------------------------------------------------------


def test_a_session_for_a_circle_is_for_who_is_in_it_and_for_who_appears_there(secret, hela, seated, stranger):
    assert seen_by(None) == seen_by(stranger) == ["Opening"]
    assert seen_by(seated) == seen_by(seated.user) == ["Opening", "Operation Candlelight"]
    assert seen_by(hela) == seen_by(hela.user) == ["Opening", "Operation Candlelight", SECRET]
    assert seen_by(secret.appearances.get().person) == ["Opening", SECRET]
    assert seen_by(staff("reader", "rita@example.org")) == ["Opening", "Operation Candlelight", SECRET]


@pytest.mark.parametrize(
    ("who", "is_in"),
    [
        ({"roles": ["HEAD"]}, {"hela"}),
        ({"roles": ["DELEGATE", "OBSERVER"]}, {"pavel"}),
        ({"kinds": ["LAW_ENFORCEMENT"]}, {"hela", "pavel"}),  # by the delegation, and by where he works
        ({"kinds": ["INDUSTRY"]}, set()),
        ({"parts": ["SPEAKER"]}, {"dina"}),  # speaks, and has no seat
        ({"parts": ["MODERATOR"], "roles": ["HEAD"]}, {"hela"}),
        ({"delegations": True}, {"hela"}),
    ],
)
def test_who_fits_one_thing_that_is_ticked_is_in_a_circle(secret, forum, hela, seated, dina, who, is_in):
    if "delegations" in who:
        who = {"delegations": forum.delegations.all()}
    ProgrammeEntry.objects.filter(session=secret).update(circle=circle(forum, **who))

    cast = {"hela": hela, "pavel": seated, "dina": dina}
    assert {name for name, one in cast.items() if SECRET in seen_by(one)} == is_in


def test_who_gives_the_seat_up_is_in_no_circle_any_more(secret, hela):
    hela.invitations.get().answer("DECLINED")

    assert seen_by(hela) == ["Opening"]


def test_a_circle_in_which_nobody_would_be_is_refused(forum):
    with pytest.raises(ValidationError, match="Tick at least one thing"):
        circle(forum)


def test_a_circle_that_is_needed_stays_and_says_for_what(secret, heads, olga):
    with pytest.raises(ValidationError, match=f"still needed: “{SECRET}”"):
        heads.drop(by=olga)

    Session.objects.filter(pk=secret.pk).update(audience="PUBLIC", circle=None)
    heads.drop(by=olga)
    assert seen_by(None) == ["Opening"]  # what is published for a circle that is no more is for nobody


def test_older_versions_open_to_nobody_what_is_not_for_everybody_any_more(sessions, forum, heads, olga):
    forum.publish(by=olga)
    Session.objects.filter(pk=sessions["opening"].pk).update(audience="CIRCLE", circle=heads)
    forum.publish(by=olga)

    assert (ProgrammeEntry.objects.filter(session=sessions["opening"]).count(), seen_by(None)) == (2, [])


def test_a_second_run_has_circles_of_its_own(secret, forum, heads, olga):
    again = forum.run_again("again", "Again", forum.starts_on, by=olga)

    copy = again.sessions.get(title__icontains="Nightingale")
    assert (copy.circle.event, copy.circle.roles, copy.circle == heads) == (again, ["HEAD"], False)


# -- Each surface -----------------------------------------------------------------------------------------------------


def pages(forum, secret) -> dict[str, str]:
    base = f"/en/events/{forum.slug}"
    return {
        "programme": f"{base}/programme/?day=all",
        "search": f"{base}/programme/?q=nightingale",
        "speaker": f"{base}/programme/?q=warbler",
        "feed": f"{base}/programme.ics",
        "session": f"{base}/sessions/{secret.guid}/",
        "session feed": f"{base}/sessions/{secret.guid}.ics",
        "event": f"{base}/",
        "forum page": "/en/forum/",
    }


LEAKS = ("Nightingale", "Warbler", "Birds", "Aviary", "nest")


@pytest.fixture
def forum_page(forum):
    home = HomePage.objects.get(locale=Locale.objects.get(language_code="en"))
    page = home.add_child(instance=ForumPage(title="Forum", slug="forum", event=forum))
    page.save_revision().publish()
    return page


def test_no_surface_says_a_word_of_it_to_others(client, forum, secret, seated, forum_page):
    added("Nightingale papers", event=forum, session=secret)

    for user in (None, seated.user):
        if user:
            client.force_login(user)
        for name, url in pages(forum, secret).items():
            words = client.get(url).content.decode().replace("?q=nightingale", "").replace('value="nightingale"', "")
            words = words.replace('value="warbler"', "")
            assert (name, [word for word in LEAKS if word in words]) == (name, [])


def test_each_surface_has_something_to_leak(client, forum, secret, hela, forum_page):
    added("Nightingale papers", event=forum, session=secret)
    client.force_login(hela.user)

    shown = {name: client.get(url).content.decode() for name, url in pages(forum, secret).items() if "feed" not in name}
    assert {name: "Nightingale" in words for name, words in shown.items()} == dict.fromkeys(shown, True)


def test_it_is_not_counted(client, forum, secret, sessions, hela, seated):
    def counted() -> tuple:
        page = client.get(f"/en/events/{forum.slug}/programme/?day=all").context
        days = [day["count"] for day in page["days"]]
        return page["total"], days, [one["slug"] for one in page["tracks"]], [one["name"] for one in page["rooms"]]

    assert counted() == (1, [1, 1], ["plenary"], ["Room A"])
    client.force_login(seated.user)
    assert counted() == (2, [1, 1, 2], ["plenary"], ["Room A", "Room B"])
    client.force_login(hela.user)
    assert counted() == (3, [1, 1, 1, 3], ["birds", "plenary"], ["Aviary", "Room A", "Room B"])


def test_what_goes_on_at_the_same_time_is_asked_by_the_same_policy(client, forum, secret, sessions, hela, olga):
    Session.objects.filter(pk=secret.pk).update(starts_at=at(forum, 0, 9), ends_at=at(forum, 0, 10))
    forum.publish(by=olga)
    url = f"/en/events/{forum.slug}/sessions/{sessions['opening'].guid}/"

    assert client.get(url).context["beside"] == []
    client.force_login(hela.user)
    assert [row["title"] for row in client.get(url).context["beside"]] == [SECRET]


def test_nothing_that_others_get_moves_when_it_changes(client, forum, secret, sessions, seated, olga):
    _feed, token = seated.feeds.open()
    urls = [url for name, url in pages(forum, secret).items() if name in ("programme", "feed", "event")]
    urls += [f"/en/events/{forum.slug}/sessions/{sessions['opening'].guid}/", f"/en/calendar/{token}.ics"]

    def got() -> list[tuple]:
        cache.clear()  # in a test nothing is committed, which would begin a new generation of pages
        answers = [client.get(url) for url in urls]
        return [(one.content, one["ETag"], one.get("Last-Modified", "")) for one in answers]

    before = got()
    Session.objects.filter(pk=secret.pk).update(title={"en": "Operation Nightingale II"})
    forum.publish(by=olga)
    assert got() == before
    Session.objects.filter(pk=sessions["opening"].pk).update(title={"en": "Opening, at last"})
    forum.publish(by=olga)
    assert [now == then for now, then in zip(got(), before, strict=True)] == [False, False, True, False, False]


def test_a_programme_with_nothing_for_everybody_looks_as_if_there_were_none(client, forum, secret, hela, olga):
    forum.sessions.exclude(pk=secret.pk).delete()
    forum.publish(by=olga)
    ProgrammeEntry.objects.exclude(session=secret).delete()

    programme = f"/en/events/{forum.slug}/programme/"
    assert client.get(programme).context["programme"] is None
    assert client.get(f"/en/events/{forum.slug}/programme.ics").status_code == 404
    assert client.get(f"/en/events/{forum.slug}/").context["programme_url"] == ""
    client.force_login(hela.user)
    assert client.get(programme).context["total"] == 1


def test_a_draft_goes_with_its_circles_and_what_has_minutes_says_so(client, forum, secret, root):
    Event.objects.update(status="DRAFT")
    Programme.objects.all().delete()
    client.force_login(root)
    minutes = Minutes.objects.create(session=secret, language="en", text="Said.")
    url = reverse("event:delete", args=[forum.pk])
    assert "cannot be deleted while these refer to it" in client.post(url, follow=True).text
    minutes.delete()

    client.post(url)

    assert Event.objects.count() == 0


def test_a_persons_own_feed_holds_it_as_long_as_they_are_in_the_circle(client, forum, secret, hela, heads):
    _feed, token = hela.feeds.open()
    url = f"/en/calendar/{token}.ics"
    before = client.get(url)
    assert b"Nightingale" in before.content

    heads.roles = ["OBSERVER"]
    Circle.objects.keep(heads, [], by=None)

    after = client.get(url, headers={"If-None-Match": before["ETag"]})
    assert (after.status_code, b"Nightingale" in after.content) == (200, False)


def test_a_certificate_does_not_count_what_its_holder_could_not_see(forum, secret, sessions, hela, seated):
    seats = {one.person: one for one in forum.registrations.all()}
    for who, session in ((seated, sessions["opening"]), (hela, secret)):
        facts = {"at": session.starts_at, "received_at": session.starts_at, "day": forum.starts_on}
        Presence.objects.create(registration=seats[who], session=session, **facts)

    found = attendance(forum)
    assert {who: (found[seats[who].pk].attended, found[seats[who].pk].held) for who in (seated, hela)} == {
        seated: (1, 2),
        hela: (1, 3),
    }


def test_the_anonymous_view_asks_as_little_as_before(client, forum, secret, django_assert_num_queries):
    url = f"/en/events/{forum.slug}/programme/"
    few = queries_of(client, f"{url}?day=all&x=1")
    for number in range(3):
        ProgrammeEntry.objects.filter(session=secret).update(audience="PUBLIC", circle=None)
        added(f"Paper {number}", event=forum)
    assert queries_of(client, f"{url}?day=all&x=2") == few
    with django_assert_num_queries(1):
        seen_by(None)


def test_the_programme_says_for_whom_a_session_is_and_asks_the_same_however_many(client, forum, secret, hela, olga):
    client.force_login(hela.user)
    url = f"/en/events/{forum.slug}/programme/?day=all"
    rows = [row for day in client.get(url).context["groups"] for time in day["times"] for row in time["rows"]]
    assert [row["readers"] for row in rows] == ["", "Participants with a seat", "Some"]
    few = queries_of(client, url)
    for number in range(3):
        Session.objects.create(
            event=forum,
            title=f"x{number}",
            starts_at=at(forum, 0, 12),
            ends_at=at(forum, 0, 13),
            audience="CIRCLE",
            circle=circle(forum, roles=["HEAD"]),
        )
    forum.publish(by=olga)

    assert queries_of(client, url) == few


def test_the_page_of_an_event_asks_the_same_for_one_document_and_for_three(client, forum, secret, hela):
    client.force_login(hela.user)
    url = f"/en/events/{forum.slug}/"
    added("One", "CIRCLE", event=forum, circle=secret.circle)
    one = queries_of(client, url)
    for name in ("Two", "Three"):
        added(name, "CIRCLE", event=forum, circle=secret.circle, session=None)

    assert (queries_of(client, url), Document.objects.count()) == (one, 3)


# -- On the desk ------------------------------------------------------------------------------------------------------


def test_an_organizer_makes_changes_and_drops_a_circle(client, forum, customs, olga):
    client.force_login(olga)
    url = reverse("event:circles", args=[forum.pk])
    [delegation] = forum.delegations.draft([customs], by=olga)

    assert client.post(url, {"name_en": "Heads"}).status_code == 422
    client.post(url, {"name_en": "Heads", "roles": ["HEAD"], "delegations": [delegation.pk]})
    [made] = forum.circles.all()
    assert (made.roles, list(made.delegations.all())) == (["HEAD"], [delegation])
    client.post(f"{url}?circle={made.pk}", {"name_en": "Police", "kinds": ["LAW_ENFORCEMENT"]})
    made.refresh_from_db()
    assert (str(made), made.kinds, made.roles, made.delegations.count()) == ("Police", ["LAW_ENFORCEMENT"], [], 0)
    assert client.get(url).context["circles"] == [(made, "Law enforcement")]
    client.post(url, {"drop": made.pk})
    assert forum.circles.count() == 0


def test_the_form_of_a_session_asks_in_one_question_who_may_see_it(client, forum, secret, sessions, heads, olga):
    client.force_login(olga)
    url = reverse("session:edit", args=[secret.pk])
    form = client.get(url).context["form"]
    labels = [str(label) for _value, label in form.fields["seen_by"].choices]
    assert (labels, form["seen_by"].value()) == (
        ["Everybody", "Participants with a seat", "Trainers of the event", "Only: Some"],
        str(heads.pk),
    )

    posted = {"title_en": SECRET, "status": "CONFIRMED", "starts_at": f"{forum.ends_on} 09:00"}
    posted |= {"ends_at": f"{forum.ends_on} 11:00"}
    posted |= {f"appearances-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    client.post(url, {**posted, "appearances-MAX_NUM_FORMS": "1000", "seen_by": "PARTICIPANTS"})

    secret.refresh_from_db()
    assert (secret.audience, secret.circle) == ("PARTICIPANTS", None)
