"""What is wrong gets a plain sentence, the right status and a way on, in the reader's language; nothing is written."""

import datetime
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from config.page_cache import PageCacheMiddleware, public
from contacts.models import Message
from events.models import CalendarFeed, Event, Invitation, Registration
from tests.conftest import PASSWORD


@pytest.fixture
def invitation(forum, pavel, olga) -> Invitation:
    """Pavel's, sent."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return invitation


def link(invitation, language: str = "en") -> str:
    return f"/{language}/invitations/{invitation.token}/"


def sentence(page) -> tuple[str, str]:
    """The heading of a page that says what is wrong, and what it says."""
    heading, text = re.search(r'<h1>(.*?)</h1>\s*<p class="standfirst">(.*?)</p>', page.text, re.S).groups()
    return heading, text


def way_on(page) -> str:
    return re.findall(r'<a class="button[^"]*" href="([^"]*)"', page.text)[-1]


# -- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9" * 30, "9" * 5000, "x", "²", ""])
@pytest.mark.parametrize(
    "form",
    ["agreement", "interaction", "task?person", "relationship?first", "mailing?segment", "segment", "watchlist?list"],
)
def test_an_address_that_names_no_record_opens_an_empty_form(client, root, form, key):
    name, _mark, asked = form.partition("?")
    client.force_login(root)

    assert client.get(reverse(f"{name}:add"), {asked or "organization": key}).status_code == 200


@pytest.mark.parametrize("path", ["/de/", "/de/events/forum/", "/xx/calendar/unknown.ics"])
def test_a_language_that_we_do_not_speak_is_nowhere_in_the_one_that_the_reader_prefers(client, forum, path):
    page = client.get(path, follow=True, headers={"Accept-Language": "fr"})

    assert page.status_code == 404
    assert '<html lang="fr" dir="ltr">' in page.text
    assert way_on(page) == "/fr/"


def test_a_page_that_is_not_there_says_so_and_leads_home(client, db):
    page = client.get("/en/nothing/here/")

    assert (page.status_code, sentence(page)[0], way_on(page)) == (404, "There is nothing at this address", "/en/")


@pytest.mark.parametrize("path", ["event.ics", "programme/", "sessions/0192f1c4-aaaa-7bbb-8ccc-000000000001/"])
def test_an_event_that_is_not_there_is_nowhere(client, db, path):
    assert client.get(f"/en/events/none/{path}").status_code == 404


@pytest.mark.parametrize(
    "query", ["day=2026-13-45", "day=%00", "track=none&room=none", "q=%F0%9F%92%A9%00", "q=" + "a" * 3000]
)
def test_a_filter_that_makes_no_sense_shows_what_there_is(client, forum, sessions, olga, query):
    forum.publish(by=olga)

    assert client.get(f"/en/events/forum/programme/?{query}").status_code == 200


# -- Links ------------------------------------------------------------------------------------------------------------


def test_a_forged_link_is_not_known(client, invitation):
    forged = client.get(f"/en/invitations/{invitation.token[:-4]}AAAA/")

    assert forged.status_code == 404
    assert sentence(forged)[0] == "We do not know this link"


def test_a_link_without_its_end_is_not_known(client, invitation):
    assert client.get(f"/en/invitations/{invitation.token[:-4]}/").status_code == 404


def test_the_link_of_a_withdrawn_invitation_is_not_known_and_takes_no_answer(client, invitation, olga):
    path = link(invitation)
    invitation.withdraw(by=olga)

    answers = [client.get(path).status_code, client.post(path, {"reply": "ACCEPTED"}).status_code]

    assert (answers, Registration.objects.count()) == ([404, 404], 0)


def test_the_link_to_an_event_long_over_has_expired(client, invitation, forum):
    over = timezone.localdate() - datetime.timedelta(days=40)
    Event.objects.update(starts_on=over, ends_on=over)

    pages = [client.get(link(invitation)), client.post(link(invitation), {"reply": "ACCEPTED"})]

    assert [(page.status_code, sentence(page)) for page in pages] == [
        (410, ("This link has expired", "This link was for an event that is over."))
    ] * 2


def test_somebody_elses_calendar_cannot_be_revoked(client, invitation, dina):
    theirs, _token = dina.feeds.open()

    assert client.post(f"{link(invitation)}feeds/{theirs.pk}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


@pytest.mark.parametrize("path", ["plan/feed/", "feeds/1/revoke/"])
def test_what_acts_is_not_done_by_following_a_link(client, invitation, path):
    assert client.get(link(invitation) + path).status_code == 405
    assert CalendarFeed.objects.count() == 0


# -- Answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [{}, {"reply": ""}, {"reply": "MAYBE"}, {"reply": "NEEDS-ACTION"}, {"reply": "ACCEPTED", "reason": "a" * 1001}],
    ids=["nothing", "empty", "another word", "no answer", "a novel"],
)
def test_a_reply_that_is_none_is_not_taken(client, invitation, answer):
    page = client.post(link(invitation), answer)

    invitation.refresh_from_db()
    assert (page.status_code, page.context["form"].is_valid()) == (422, False)
    assert (invitation.reply, Registration.objects.count(), Message.objects.count()) == ("NEEDS-ACTION", 0, 1)


def test_after_the_deadline_the_reader_is_told_and_the_answer_stays(client, invitation, forum):
    client.post(link(invitation), {"reply": "TENTATIVE"})
    Event.objects.update(answer_by=timezone.now() - datetime.timedelta(minutes=1))

    page = client.post(link(invitation), {"reply": "ACCEPTED"})

    invitation.refresh_from_db()
    assert (page.status_code, invitation.reply, Registration.objects.count()) == (409, "TENTATIVE", 0)
    assert "The time for answers is over. Please write to the organizers." in page.text


def test_an_event_that_was_cancelled_needs_no_answer(client, invitation, forum, olga):
    forum.cancel(by=olga)

    page = client.post(link(invitation), {"reply": "ACCEPTED"})

    assert (page.status_code, Registration.objects.count()) == (409, 0)
    assert "This event has been cancelled" in page.text
    assert "There is nothing left to do." in page.text


def test_a_form_of_another_site_answers_nothing(invitation):
    page = Client(enforce_csrf_checks=True).post(link(invitation, "ar"), {"reply": "ACCEPTED"})

    invitation.refresh_from_db()
    assert (page.status_code, invitation.reply) == (403, "NEEDS-ACTION")
    assert '<html lang="ar" dir="rtl">' in page.text
    assert way_on(page) == "/ar/"


# -- Too much ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["invitations/{number}-forged/", "calendar/unknown-{number}.ics"])
def test_who_guesses_addresses_is_braked(client, db, path):
    answers = [client.get(f"/en/{path}".format(number=number)) for number in range(61)]

    assert [answer.status_code for answer in answers] == [404] * 60 + [429]
    assert sentence(answers[-1])[0] == "Please wait a little"


def test_a_reader_with_a_good_link_is_not_braked_by_the_guesses_of_another(client, invitation):
    for number in range(61):
        client.get(f"/en/invitations/{number}-forged/")

    assert client.get(link(invitation)).status_code == 200


def test_calendar_addresses_are_not_made_without_end(client, invitation):
    invitation.answer("ACCEPTED")

    answers = [client.post(f"{link(invitation)}feeds/").status_code for _number in range(21)]

    assert (answers, CalendarFeed.objects.count()) == ([201] * 20 + [429], 20)


def test_a_new_password_is_not_asked_for_without_end(client, db):
    answers = [client.post("/ar/accounts/password/reset/", {"email": "a@example.org"}) for _number in range(30)]

    assert answers[-1].status_code == 429
    assert ('<html lang="ar" dir="rtl">' in answers[-1].text, way_on(answers[-1])) == (True, "/ar/")


# -- In the language of the prefix ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_every_problem_is_told_in_the_language_of_the_address(client, invitation, forum, language, direction):
    feed, token = invitation.person.feeds.open()
    feed.revoke()
    pages = {
        404: client.get(f"/{language}/nothing/"),
        410: client.get(f"/{language}/calendar/{token}.ics"),
        422: client.post(link(invitation, language), {}),
    }
    Event.objects.update(answer_by=timezone.now() - datetime.timedelta(minutes=1))
    pages[409] = client.post(link(invitation, language), {"reply": "ACCEPTED"})

    assert {status: page.status_code for status, page in pages.items()} == {status: status for status in pages}
    heads = {re.search(r"<html [^>]*>", page.text)[0] for page in pages.values()}
    assert heads == {f'<html lang="{language}" dir="{direction}">'}
    assert {page["Content-Language"] for page in pages.values()} == {language}


# -- What is never kept for others ------------------------------------------------------------------------------------


class Page:
    """A public page behind the cache that counts how often it is asked for."""

    def __init__(self, *, status: int = 200, cookie: bool = False, is_public: bool = True):
        self.status, self.cookie, self.is_public, self.asked = status, cookie, is_public, 0
        self.cache = PageCacheMiddleware(self)

    def __call__(self, request) -> HttpResponse:
        self.asked += 1
        response = HttpResponse("A page", status=self.status)
        if self.cookie:
            response.set_cookie("seen", "yes")
        return public(response) if self.is_public else response

    def read_twice(self, **cookies) -> int:
        """How often the page itself was asked for, when a reader comes twice."""
        for _time in range(2):
            request = RequestFactory().get("/en/page/")
            request.user, request.COOKIES = AnonymousUser(), cookies
            self.cache(request)
        return self.asked


def test_a_public_page_is_made_once():
    assert Page().read_twice() == 1


@pytest.mark.parametrize(
    "page",
    [Page(status=404), Page(status=410), Page(status=500), Page(cookie=True), Page(is_public=False)],
    ids=["not found", "gone", "failed", "with a cookie", "not public"],
)
def test_what_is_not_for_everybody_is_made_each_time(page):
    assert page.read_twice() == 2


def test_a_page_is_made_anew_for_who_has_a_session():
    assert Page().read_twice(sessionid="abc") == 2


def test_a_page_made_for_who_is_signed_in_is_not_shown_to_others(client, forum, sessions, olga):
    forum.publish(by=olga)
    client.login(email=olga.email, password=PASSWORD)
    assert "Operation Candlelight" in client.get("/en/events/forum/programme/?day=all").text

    assert "Operation Candlelight" not in Client().get("/en/events/forum/programme/?day=all").text


def test_an_event_that_appears_is_shown_although_it_was_missed_before(client, forum):
    Event.objects.update(is_public=False)
    assert client.get("/en/events/forum/").status_code == 404

    Event.objects.update(is_public=True)

    assert client.get("/en/events/forum/").status_code == 200


def test_the_page_of_an_invitation_is_kept_nowhere(client, invitation):
    cache.clear()

    page = client.get(link(invitation))

    assert "no-store" in page["Cache-Control"]
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("same-origin", "noindex")
