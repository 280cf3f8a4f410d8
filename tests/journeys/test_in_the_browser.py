"""What only a real browser tells: Debian's Chromium opens our pages and presses our buttons."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import Page

from contacts.models import DuplicateScan, Person
from events.models import Event, Invitation
from tests.conftest import person, several_connections
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, several_connections]


def test_a_guest_follows_the_link_and_accepts(in_chromium, site, forum, pavel, olga):
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)

    def accept(page: Page) -> str:
        page.goto(invitation.link)
        with page.expect_navigation():
            page.locator("button[value=ACCEPTED]").click()
        return page.url

    assert in_chromium(accept) == invitation.link
    assert Invitation.objects.get().reply == Invitation.Reply.ACCEPTED
    assert [seat.person for seat in forum.registrations.confirmed()] == [pavel]


def test_the_programme_is_filtered_and_breaks_no_rule_of_the_page(in_chromium, site, forum, sessions, olga):
    """The content security policy holds: nothing on the page asks for what it forbids."""
    forum.publish(by=olga)
    complaints = []

    def read(page: Page) -> str:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{site}/en/events/forum/programme/")
        page.select_option("select[name=track]", "plenary")
        with page.expect_navigation():
            page.get_by_role("button", name="Show", exact=True).click()
        return page.locator("main").text_content()  # a day that is not drawn yet has no inner text

    assert "Opening" in in_chromium(read)
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []


def test_an_organizer_moves_an_event_at_its_desk(in_chromium, site, forum, olga):
    before = Event.objects.get().starts_on

    def move(page: Page) -> str:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/reschedule/")
        for name, days in (("starts_on", 7), ("ends_on", 8)):
            page.evaluate(
                "([name, value]) => { document.querySelector(`input[name=${name}]`).value = value }",
                [name, (before.fromordinal(before.toordinal() + days)).isoformat()],
            )
        with page.expect_navigation():
            page.locator("form.desk-form button.button").click()
        return page.locator(".messages").inner_text()

    assert "The event takes place on" in in_chromium(move)
    assert (Event.objects.get().starts_on - before).days == 7


@pytest.mark.parametrize("is_writing", [False, True])
def test_a_page_that_waits_for_the_worker_looks_again_but_takes_nothing_from_who_is_writing(
    in_chromium, site, noor, pavel, is_writing
):
    person("Павел", "Новак", "ru", birth_year=1970)
    Person.objects.filter(pk=pavel.pk).update(birth_year=1970)
    DuplicateScan.objects.ask(by=noor)

    def wait(page: Page) -> tuple[str, str]:
        sign_in(page, site, noor.email)
        page.goto(f"{site}/admin/contacts/duplicates/")
        page.evaluate("window.isTheSame = true")
        if is_writing:
            page.get_by_role("textbox", name="Search term").fill("Nov")
        with ThreadPoolExecutor(1) as worker:
            worker.submit(elsewhere, DuplicateScan.objects.run_next).result()
        if is_writing:
            page.get_by_role("link", name="Look again").wait_for()
        else:
            page.wait_for_function("!window.isTheSame")
        return page.locator("main").inner_text(), bool(page.evaluate("window.isTheSame"))

    text, is_the_same = in_chromium(wait)

    assert ("the worker is at it" in text, is_the_same) == (False, is_writing)
    assert "Last done" in text or is_writing


def elsewhere(act):
    """Calls `act` in a thread of its own, whose connection is closed afterwards."""
    try:
        return act()
    finally:
        connection.close()


def test_without_scripts_a_guest_declines_with_a_reason(in_chromium, site, forum, dina, olga):
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)

    def decline(page: Page) -> str:
        page.goto(invitation.link)
        page.fill("textarea[name=reason]", "جلسة استماع")
        with page.expect_navigation():
            page.locator("button[value=DECLINED]").click()
        return page.locator("html").get_attribute("dir")

    assert in_chromium(decline, java_script_enabled=False) == "rtl"
    assert Invitation.objects.values_list("reply", "reason").get() == ("DECLINED", "جلسة استماع")
