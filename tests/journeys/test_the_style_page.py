"""The style page in Chromium: every component keeps WCAG 2.2 AA as far as a program can tell, in both directions, by
day and by night; fits a telephone; and works without a script, enlarged, and for who goes by keyboard."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from cms.models import ForumPage
from tests.cms.test_pages import home
from tests.conftest import several_connections
from tests.journeys.conftest import AXE
from tests.journeys.test_every_page import TOO_WIDE, complaints_of

pytestmark = [pytest.mark.browser, several_connections]

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
# Smaller than 24 px in a direction, not within a line of text and not within 24 px of another: WCAG 2.2, 2.5.8.
TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, main summary, header a, header button")]
    .filter(one => {
        const {width, height} = one.getBoundingClientRect();
        return width && height && Math.min(width, height) < 24 && getComputedStyle(one).display !== "inline";
    })
    .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def on_style_page(in_chromium, site, olga) -> Callable:
    """Calls a function with the style page, open in a language; options as Playwright has them."""
    client = Client()
    client.force_login(olga)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}

    def visit(language: str, act: Callable, **options):
        def show(page: Page):
            page.context.add_cookies([{**cookie, "url": site}])
            complaints = complaints_of(page)
            page.goto(f"{site}/{language}/styleguide/")
            return act(page), complaints

        return in_chromium(show, **options)

    return visit


@pytest.mark.parametrize(
    ("language", "screen", "scheme"),
    [("en", DESKTOP, "light"), ("en", PHONE, "dark"), ("ar", PHONE, "light"), ("ar", DESKTOP, "dark")],
    ids=["english-desktop", "english-phone-dark", "arabic-phone", "arabic-desktop-dark"],
)
def test_every_component_is_accessible(on_style_page, language, screen, scheme):
    def look(page: Page) -> list[str]:
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        found = Axe().run(page, options=AXE).response["violations"]
        seen = [f"{one['help']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found]
        return seen + page.evaluate(TOO_WIDE) + page.evaluate(TOO_SMALL)

    assert on_style_page(language, look, viewport=screen, color_scheme=scheme) == ([], [])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_at_four_times_the_size_nothing_is_cut_off(on_style_page, language):
    """1280 px at 400 % are 320."""

    def look(page: Page) -> list[str]:
        return page.evaluate(TOO_WIDE)

    assert on_style_page(language, look, viewport={"width": 320, "height": 256}) == ([], [])


def test_the_first_key_leads_past_the_header(on_style_page):
    def walk(page: Page) -> tuple[str, bool, str]:
        page.keyboard.press("Tab")
        first = page.evaluate("document.activeElement.className")
        is_seen = page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        return first, is_seen, page.evaluate("document.activeElement.id")

    assert on_style_page("en", walk, reduced_motion="reduce")[0] == ("skip", True, "content")


def test_the_menu_opens_and_closes_without_a_script(on_style_page, forum):
    def open_and_close(page: Page) -> list[bool]:
        link = page.locator("#menu a").first
        seen = [link.is_visible()]
        page.locator(".menu__open").click()
        seen.append(link.is_visible())
        page.locator(".menu__close").click()
        return [*seen, link.is_visible()]

    home().add_child(instance=ForumPage(title="The forum", slug="forum", event=forum, show_in_menus=True))
    assert on_style_page("en", open_and_close, viewport=PHONE, java_script_enabled=False)[0] == [False, True, False]
