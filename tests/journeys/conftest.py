"""A real browser, and a house that it can visit."""

import shutil
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import PASSWORD

# What a program can tell of WCAG 2.2 AA.
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.fixture
def in_chromium() -> Callable:
    """Calls a function with an empty page of Chromium (options as Playwright has them) and returns what it returns.
    The function must not ask the database: Playwright's loop is running meanwhile."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")

    def visit(act: Callable[[Page], Any], *, flags: Sequence[str] = (), **options) -> Any:
        with sync_playwright() as playwright:
            args = ["--no-sandbox", "--disable-gpu", *flags]
            browser = playwright.chromium.launch(executable_path=program, args=args)
            try:
                return act(browser.new_page(**options))
            finally:
                browser.close()

    return visit


def sign_in(page: Page, site: str, email: str) -> None:
    """Comes to the admin's first page."""
    page.goto(f"{site}/admin/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


@pytest.fixture
def site(live_server, settings) -> str:
    settings.SITE_URL = live_server.url
    return live_server.url


def until(page: Page, truth: str) -> None:
    """Waits for what Playwright cannot wait for on a page that forbids eval."""
    for _try in range(100):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(100)
    raise AssertionError(truth)
