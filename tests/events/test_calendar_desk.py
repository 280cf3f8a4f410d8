"""The review list of answers from calendars, and the page on which people see who fetches their addresses."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Person
from contacts.models.dossier import as_json
from contacts.models.erasure import erase
from events.models import CalendarFeed, CalendarReply, Invitation
from network.models import Country, Desk
from tests.conftest import PASSWORD, person, queries_of, rows_of_sheet, staff
from tests.events.calendar_mail import calendar, mailed

pytestmark = pytest.mark.django_db
LIST = reverse("calendarreply:index")


@pytest.fixture
def invitation(forum, pavel, olga) -> Invitation:
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return Invitation.objects.get()


def came(
    invitation: Invitation | None, who: str = "x@example.com", partstat: str = "ACCEPTED", **more
) -> CalendarReply:
    """An answer that came in."""
    uid = invitation.uid if invitation else "unknown"
    return CalendarReply.objects.take(mailed(who, calendar(uid, who, partstat, **more)), key=f"{timezone.now()}")


@pytest.fixture
def replies(invitation, pavel) -> dict[str, CalendarReply]:
    """One of each that a person decides on, and one that was taken on trust."""
    asked = {"lines": ["DTSTART:20270301T090000Z"], "method": "COUNTER"}
    return {
        "forwarded": came(invitation, params=";CN=Xenia Moor"),
        "counter": came(invitation, pavel.address, "ACCEPTED", **asked),
        "unmatched": came(None),
        "trusted": came(invitation, pavel.address),
    }


def press(client, reply: CalendarReply, verb: str, **data):
    return client.post(reverse(f"calendarreply:{verb}", args=[reply.pk]), data, follow=True)


def test_the_list_shows_what_is_to_decide_with_counts_and_buttons(client, olga, replies):
    client.force_login(olga)

    page = client.get(f"{LIST}?state=open")

    bar = [(str(label), count) for label, count, _url in page.context["bar"]]
    assert bar == [
        ("To decide", 3),
        ("Proposes another time", 1),
        ("Forwarded: somebody else answered", 1),
        ("Belongs to no invitation", 1),
        ("Taken on trust", 1),
    ]
    assert {row.pk for row in page.context["object_list"]} == {
        replies[name].pk for name in ("forwarded", "counter", "unmatched")
    }
    assert page.content.count(b"It is their other address") == 1


@pytest.mark.parametrize(("asked", "shown"), [("trusted", ["trusted"]), ("done", [])])
def test_the_list_is_narrowed_by_state(client, olga, replies, asked, shown):
    client.force_login(olga)

    rows = client.get(f"{LIST}?state={asked}").context["object_list"]

    assert [row.pk for row in rows] == [replies[name].pk for name in shown]


def test_an_empty_list_says_what_would_be_there(client, olga):
    client.force_login(olga)

    assert "No calendar has answered yet" in client.get(LIST).text
    assert "Nothing waits for you to decide." in client.get(f"{LIST}?state=open").text


def test_the_list_needs_as_many_queries_for_three_as_for_one(client, olga, invitation, pavel):
    client.force_login(olga)
    came(invitation)
    one = queries_of(client, LIST)
    came(invitation, pavel.address)
    came(invitation)

    assert queries_of(client, LIST) == one


def test_each_decision_is_one_press_and_leads_back_to_the_list(client, olga, invitation, replies, pavel):
    client.force_login(olga)

    page = press(client, replies["forwarded"], "add_alias", next=f"{LIST}?state=open")
    assert page.redirect_chain[-1][0] == f"{LIST}?state=open"
    assert pavel.emails.filter(address="x@example.com").exists()
    press(client, replies["counter"], "settle")
    press(client, replies["unmatched"], "settle", next="//elsewhere.example/")
    press(client, replies["trusted"], "take_back")

    assert CalendarReply.objects.visible_to(olga).open().count() == 0
    twice = press(client, replies["counter"], "settle")
    assert "Somebody has dealt with this already." in twice.text


def test_who_was_forwarded_it_is_named_by_one_press_with_the_name_from_the_calendar(client, olga, invitation, replies):
    client.force_login(olga)
    reply = replies["forwarded"]
    form = client.get(reverse("calendarreply:inspect", args=[reply.pk])).context["named"]
    filled = {f"named-{name}": form[name].initial or "" for name in form.fields}

    bad = press(client, reply, "nominate", **{**filled, "named-email": "x"})
    assert ("E-mail address: " in bad.text, Invitation.objects.count()) == (True, 1)
    press(client, reply, "nominate", **filled)

    named = Invitation.objects.get(stands_for=invitation)
    assert (named.person.name, named.address, named.language) == ("Xenia Moor", "x@example.com", "fr")


def test_a_desk_sees_the_answers_of_its_people_alone_on_every_surface(client, replies, french_desk, invitation):
    """Pavel is of the French desk by his organization; of what belongs to no invitation nobody knows whose it is."""
    german = staff("organizer", "german@example.org")
    german.desks.add(Desk.objects.create(name="Germany", countries=[Country.objects.get(code="DE")]))
    french = staff("organizer", "french@example.org")
    french.desks.add(french_desk)
    front = staff("front desk", "front@example.org")
    seen = CalendarReply.objects.visible_to

    assert [seen(viewer).count() for viewer in (german, french, front)] == [0, 3, 0]
    for viewer in (german, french):
        client.force_login(viewer)
        page, sheet = client.get(LIST), rows_of_sheet(client.get(f"{LIST}?export=csv"))
        shown = {row.pk for row in page.context["object_list"]}
        assert shown == set(seen(viewer).values_list("pk", flat=True))
        assert sum(count for _label, count, _url in page.context["bar"][1:]) == len(shown)
        assert len(sheet) - 1 == len(shown)
        assert ("Xenia Moor" in page.text) is (viewer == french)
        unmatched = replies["unmatched"]
        assert client.get(reverse("calendarreply:inspect", args=[unmatched.pk]), follow=True).status_code == 404
        assert press(client, unmatched, "settle").status_code == 404


def test_an_answer_stands_in_the_dossier_and_is_forgotten_with_the_person(replies, pavel, olga):
    told = as_json(pavel)
    assert (b"x@example.com" in told, b"unknown" in told) == (True, False)

    erase(Person.objects.get(pk=pavel.pk), by=olga)

    assert set(CalendarReply.objects.exclude(invitation=None).values_list("sender", "attendee")) == {("", "")}


# -- The page of who owns a feed -------------------------------------------------------------------------------------


def feeds_page(invitation: Invitation) -> str:
    return reverse("events:invitation_feeds", args=[invitation.token])


PROGRAMS = [
    ("Google-Calendar-Importer", "Google"),
    ("macOS/15.1 (24B83) dataaccessd/1.0", "Apple"),
    ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1; Pro)", "Outlook on a computer"),
    ("Microsoft.Exchange/15.20", "Outlook on the web"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0", "Thunderbird"),
    ("Mozilla/5.0 (X11) Firefox/130.0", "a browser"),
    ("vdirsyncer/0.21.0", "vdirsyncer"),
    ("", "a program that does not say its name"),
]


@pytest.mark.parametrize(("agent", "name"), PROGRAMS)
def test_its_owner_reads_who_fetched_a_feed_and_when(client, invitation, agent, name):
    feed, _token = invitation.person.feeds.open()
    feed.note_fetch(agent, now=timezone.now() - datetime.timedelta(hours=3, minutes=1))

    page = client.get(feeds_page(invitation), headers={"Accept-Language": "en"})

    assert f"Last fetched 3\xa0hours, 1\xa0minute ago: {name}" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_a_new_address_is_shown_once_with_words_for_five_programs(client, invitation):
    page = client.post(feeds_page(invitation))

    token = page.context["new_feed"]["https_url"].rpartition("/")[2]
    named = [
        name in page.text for name in ("Google", "Apple", "Outlook on a computer", "Thunderbird", "Outlook on the web")
    ]
    assert (page.status_code, named) == (201, [True] * 5)
    assert (token in client.get(feeds_page(invitation)).text, client.get(f"/en/calendar/{token}").status_code) == (
        False,
        200,
    )


def test_an_address_is_ended_by_its_owner_alone_and_stays_to_be_read(client, invitation, dina):
    feed, _token = invitation.person.feeds.open()
    others, _token = dina.feeds.open()

    client.post(reverse("events:feed_revoke", args=[invitation.token, feed.pk]))
    theirs = client.post(reverse("events:feed_revoke", args=[invitation.token, others.pk]))

    assert (list(CalendarFeed.objects.live()), theirs.status_code) == ([others], 404)
    page = client.get(feeds_page(invitation))
    assert (page.context["feeds"], list(page.context["ended"])) == ([], [feed])


def test_a_partner_who_signs_in_has_the_same_page(client, focal, invitation, dina):
    others, _token = dina.feeds.open()
    client.force_login(focal)
    assert reverse("events:own_feeds") in client.get(reverse("events:delegations")).text

    made = client.post(reverse("events:own_feeds"))
    [(feed, url)] = made.context["feeds"]
    theirs = client.post(reverse("events:own_feed_revoke", args=[others.pk]))
    client.post(url)

    assert (made.status_code, theirs.status_code, feed.person) == (201, 404, focal.person)
    assert list(CalendarFeed.objects.live()) == [others]


def test_the_answer_page_leads_there_and_tells_of_whom_the_calendar_has_named(client, invitation):
    invitation.person.feeds.open()
    came(invitation, invitation.address, "DELEGATED", params=';DELEGATED-TO="mailto:layla@example.com"')

    page = client.get(reverse("events:invitation_reply", args=[invitation.token]))

    assert feeds_page(invitation) in page.text
    assert "Your calendar says that layla@example.com comes in your place" in page.text


def test_an_account_that_is_nobodys_has_no_such_page(client, stranger):
    client.login(email=stranger.email, password=PASSWORD)

    assert client.get(reverse("events:own_feeds")).status_code == 404
    assert person("Somebody", "Else").feeds.count() == 0
