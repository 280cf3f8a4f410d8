"""The registration form in a real browser: on a phone, with scripts and without, without a barrier that axe finds."""

import pytest
from playwright.sync_api import Page

from events.models import Invitation, Question
from events.models.usual_questions import SETS
from tests.conftest import several_connections
from tests.events.test_details import coming, said
from tests.journeys.test_a_delegation import PHONE, barriers, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow, several_connections]


@pytest.fixture
def asked(site, forum, dina, olga) -> Invitation:
    """Dina has a seat, and is asked all that is usual."""
    Question.objects.add_usual(forum, SETS, by=olga)
    return coming(forum, dina, olga)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_does_not_apply_is_hidden_or_said_so(in_chromium, asked, language, scripts):
    visa = Question.objects.get(label__contains="Do you need a letter for a visa?").name
    passport = Question.objects.get(label__contains="Number of the passport").name
    link = asked.link.replace("/ar/", f"/{language}/")

    def fill_in(page: Page):
        page.goto(link)
        before = page.locator(f"#id_{passport}").is_visible()
        page.select_option(f"#id_{visa}", "YES")
        after = page.locator(f"#id_{passport}").is_visible()
        page.locator(f"#id_{passport}").fill("X123")
        found = barriers(page) if scripts else []
        with page.expect_navigation():
            page.locator("#details button[type=submit]").click()
        return (before, after), found + (barriers(page) if scripts else []), fits(page)

    seen, found, is_fitting = in_chromium(fill_in, viewport=PHONE, java_script_enabled=scripts)

    assert (seen, found, is_fitting) == ((not scripts, True), [], True)
    assert said(asked)["Number of the passport"] == "X123"
