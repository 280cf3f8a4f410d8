"""A focal point makes a passkey and signs in with it from then on; the authenticator is Chromium's own virtual one."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from contacts.models import Message, User
from tests.conftest import several_connections
from tests.journeys.conftest import until
from tests.journeys.test_a_delegation import barriers, code, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow, several_connections]


def give_authenticator(page: Page, *, is_verified: bool = True) -> None:
    """A telephone that keeps passkeys, and asks for the finger of its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": is_verified, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def sign_in_with_a_code(page: Page, site: str) -> None:
    page.goto(f"{site}/en/accounts/login/code/")
    page.fill("input[name=email]", "pavel.novak@example.org")
    press(page, "Send me a code")
    page.fill("input[name=code]", code())
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()


@pytest.fixture
def account(pavel) -> User:
    return User.objects.open_for(pavel)


def test_a_passkey_is_made_and_signs_in(in_chromium, site, account):
    def live(page: Page) -> tuple:
        give_authenticator(page)
        sign_in_with_a_code(page, site)
        page.goto(f"{site}/en/accounts/passkeys/")
        found = barriers(page)
        page.get_by_role("link", name="Make a passkey").click()
        page.fill("input[name=name]", "My telephone")
        found += barriers(page)
        press(page, "Make it")
        named = page.locator("main h2").inner_text()
        found += barriers(page)
        page.goto(f"{site}/en/accounts/logout/")
        press(page, "Sign out")
        page.goto(f"{site}/en/accounts/login/code/")
        found += barriers(page)
        press(page, "Sign in with a passkey")
        return named, page.url, page.locator("main h1").inner_text(), fits(page), found

    seen = in_chromium(live, viewport={"width": 360, "height": 740})

    assert seen == ("My telephone", f"{site}/en/delegations/", "My delegations", True, [])
    assert [one.letter for one in Message.objects.all()] == ["passkey_added"]
    [passkey] = Authenticator.objects.all()
    assert (passkey.user, passkey.wrap().is_passwordless, passkey.last_used_at is not None) == (account, True, True)


def test_a_passkey_that_is_refused_is_said_in_the_page(in_chromium, site, account):
    def try_in_vain(page: Page) -> tuple:
        give_authenticator(page, is_verified=False)
        page.goto(f"{site}/en/accounts/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        until(page, "!document.getElementById('passkey_trouble').hidden")
        return page.locator("#passkey_trouble").inner_text(), page.locator("input[name=login]").is_visible()

    told = "The passkey was not used. Try once more, or sign in another way."
    assert in_chromium(try_in_vain) == (told, True)


def test_without_scripts_nothing_is_offered_that_cannot_work(in_chromium, site, account):
    def look(page: Page) -> bool:
        page.goto(f"{site}/en/accounts/login/code/")
        return page.get_by_role("button", name="Sign in with a passkey").is_visible()

    assert in_chromium(look, java_script_enabled=False) is False
