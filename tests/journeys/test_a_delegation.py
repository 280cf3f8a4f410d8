"""The story of a delegation in a real browser: invited from the table, named by a focal point on a phone, confirmed,
approved; with scripts and without, and without a barrier that axe finds (WCAG 2.2 AA)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Page

from contacts.models import Message
from events.models import Allotment, Delegation, Invitation, LetterText
from tests.conftest import several_connections
from tests.journeys.conftest import AXE, sign_in, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, several_connections]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def drafted(site, forum, customs, pavel, olga) -> Delegation:
    """The customs service on the list: two places in the room, one online."""
    Allotment.objects.give(forum, customs.kind, "", "ROOM", 2, by=olga)
    Allotment.objects.give(forum, customs.kind, "ADVISER", "ONLINE", 1, by=olga)
    [delegation] = forum.delegations.draft([customs], by=olga)
    return delegation


def code() -> str:
    """The code in the last mail."""
    return re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)$", mail.outbox[-1].body, re.M)[1]


def barriers(page: Page, within: str = "html") -> list[str]:
    found = Axe().run(page, context={"include": [within]}, options=AXE).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def enter(page: Page, site: str, delegation: Delegation, language: str) -> None:
    """Follow the letter, ask for the code, and type it in."""
    page.goto(f"{site}/{language}/delegations/{delegation.pk}/")
    page.fill("input[name=email]", "pavel.novak@example.org")
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()
    page.fill("input[name=code]", code())
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_is_invited_from_the_table(in_chromium, site, drafted, forum, olga, scripts):
    def invite(page: Page) -> tuple[str, list[str]]:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/delegations/")
        found = barriers(page, "#listing-results") if scripts else []
        page.locator("input[name=rows]").first.check()
        with page.expect_navigation():
            page.get_by_role("button", name="Invite those ticked").click()
        return page.locator(".messages").inner_text(), found

    said, found = in_chromium(invite, java_script_enabled=scripts)
    assert ("1 letter is in the outbox." in said, found) == (True, [])
    assert Delegation.objects.get().state == "INVITED"


def test_the_letters_are_looked_at_and_sent_without_scripts(in_chromium, site, drafted, forum, olga):
    LetterText.objects.write_usual(forum, "DELEGATION", by=olga)

    def send(page: Page) -> tuple[bool, str]:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/delegation-letters/")
        is_on_paper = page.get_by_role("link", name="The letter on paper").is_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="Send 1 letter").click()
        return is_on_paper, page.locator(".messages").inner_text()

    is_on_paper, said = in_chromium(send, java_script_enabled=False)

    assert (is_on_paper, "1 letter is in the outbox." in said) == (True, True)
    assert drafted.formal_letters.count() == 1


def test_a_wrong_address_is_no_dead_end_and_what_is_wrong_is_where_the_eyes_are(in_chromium, site, drafted, olga):
    drafted.invite(by=olga)

    def try_it(page: Page) -> tuple:
        page.goto(f"{site}/en/delegations/{drafted.pk}/")
        page.fill("input[name=email]", "somebody.else@example.org")
        with page.expect_navigation():
            page.locator("main button[type=submit]").first.click()
        page.get_by_text("No code comes?").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Give another address, or ask for a new code").click()
        page.fill("input[name=email]", "pavel.novak@example.org")
        with page.expect_navigation():
            page.locator("main button[type=submit]").first.click()
        found = barriers(page)
        page.fill("input[name=code]", code())
        with page.expect_navigation():
            page.locator("main button[type=submit]").first.click()
        with page.expect_navigation():
            page.locator("#name button[type=submit]").click()
        top = page.locator("#name [role=alert]").bounding_box()["y"]
        return page.url.partition("#")[2], 0 <= top <= PHONE["height"], found

    assert in_chromium(try_it, viewport=PHONE) == ("name", True, [])


def test_the_table_shows_what_others_do_meanwhile_and_keeps_the_ticks(in_chromium, site, drafted, dina, forum, olga):
    drafted.invite(by=olga)
    member = drafted.nominate(dina, "DELEGATE", "ROOM", by=olga)

    def watch(page: Page) -> tuple:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/delegations/")
        row = page.locator("#live-delegations tbody tr")
        before = row.locator("td").nth(6).inner_text()
        page.locator("input[name=rows]").first.check()
        guest = page.context.browser.new_page()
        guest.goto(member.link)
        guest.locator("button[value=ACCEPTED]").click()
        guest.close()
        until(page, "document.querySelectorAll('#live-delegations td')[6].innerText.trim() === '1'")
        return before, page.locator("input[name=rows]").first.is_checked(), row.locator(".desk-fresh").count() > 0

    assert in_chromium(watch) == ("0", True, True)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_focal_point_names_somebody_on_a_phone(in_chromium, site, drafted, olga, language, scripts):
    drafted.invite(by=olga)

    def name(page: Page) -> tuple[str, list[str], bool]:
        enter(page, site, drafted, language)
        found = barriers(page) if scripts else []
        page.select_option("select[name=seat]", "ADVISER:ONLINE")
        for field, value in (("given_name", "Layla"), ("family_name", "Amari"), ("email", "layla@example.org")):
            page.locator(f"#id_{field}").fill(value)
        with page.expect_navigation():
            page.locator("#name button[type=submit]").click()
        return page.locator(".members").inner_text(), found + (barriers(page) if scripts else []), fits(page)

    members, found, is_fitting = in_chromium(name, viewport=PHONE, java_script_enabled=scripts)

    assert ("Layla Amari" in members, found, is_fitting) == (True, [], True)
    nominee = Invitation.objects.get()
    assert (nominee.role, nominee.place, nominee.approval) == ("ADVISER", "ONLINE", "PENDING")
    assert Message.objects.filter(person=nominee.person).get().letter == "nomination"


def test_who_was_named_confirms_and_the_organizer_approves(in_chromium, site, drafted, forum, dina, olga):
    drafted.invite(by=olga)
    nominee = drafted.nominate(dina, "DELEGATE", "ROOM", by=olga)

    def confirm(page: Page) -> tuple[str, list[str]]:
        page.goto(nominee.link)
        found = barriers(page)
        with page.expect_navigation():
            page.locator("button[value=ACCEPTED]").click()
        return page.locator("#reply .notice").first.inner_text(), found + barriers(page)

    def approve(page: Page) -> tuple[str, list[str]]:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/approvals/")
        found = barriers(page, ".desk")
        page.locator("input[name=members]").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Approve those ticked").click()
        return page.locator(".messages").inner_text(), found

    _thanks, found = in_chromium(confirm, viewport=PHONE)
    said, more = in_chromium(approve)

    assert (found, more) == ([], [])
    assert "1 person is approved." in said
    assert forum.registrations.confirmed().get().person == dina


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_who_is_invited_names_somebody_to_come_instead(in_chromium, site, forum, dina, olga, scripts):
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)

    def name(page: Page) -> tuple[str, list[str], bool]:
        page.goto(invitation.link)
        page.locator("#alternate summary").click()
        for field, value in (("given_name", "Layla"), ("family_name", "Amari"), ("email", "layla@example.org")):
            page.locator(f"#id_alternate-{field}").fill(value)
        found = barriers(page) if scripts else []
        with page.expect_navigation():
            page.locator("#alternate button[type=submit]").click()
        return page.locator("#reply .notice__title").first.inner_text(), found, fits(page)

    title, found, is_fitting = in_chromium(name, viewport=PHONE, java_script_enabled=scripts)

    assert ("Layla Amari" in title, found, is_fitting) == (True, [], True)
    assert Invitation.objects.get(person=dina).reply == "DELEGATED"
