"""Takes every kind of page at three widths, in English and Arabic, by day and by night: `make screenshots`.

No test: it is run by hand when the look has changed, and somebody looks at what it took. The pictures lie in
`var/screenshots/`, with a page that shows them side by side."""

from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, Page
from wagtail.models import Page as CmsPage

from contacts.models import Application, Message, Person, User
from events.models import Delegation, Event, Invitation, Scanner
from tests.conftest import several_connections

pytestmark = [pytest.mark.browser, several_connections]

FOLDER = Path(settings.BASE_DIR) / "var" / "screenshots"
COMING, OVER, TRAINING = "illicit-trade-marseille", "illicit-trade-nairobi", "evidence-at-the-port"
LANGUAGES, WIDTHS, SCHEMES = ("en", "ar"), (360, 768, 1440), ("light", "dark")
HIGHEST = 6000  # px: of a longer page the beginning


@pytest.fixture
def demonstration(db) -> None:
    call_command("load_demo", verbosity=0)


@pytest.fixture
def sessions(demonstration) -> dict[str, str]:
    """Who opens the pages that are not for everybody -> the cookie of their session."""
    users = {"partner": _delegation().focal_points[0].user, "staff": User.objects.get(email="editor@entente.example")}
    found = {}
    for name, user in users.items():
        client = Client()
        client.force_login(user)
        found[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def _delegation() -> Delegation:
    """One whose focal point has an account."""
    return next(
        one for one in Delegation.objects.filter(event__slug=COMING) if any(who.user for who in one.focal_points)
    )


def pages() -> dict[str, dict[str, str]]:
    """Language -> name of the kind -> its path."""
    event = Event.objects.get(slug=COMING)
    session = event.programme.entries.filter(audience="PUBLIC").in_order()[0]
    here = f"events/{COMING}"
    common = {
        "event": f"{here}/",
        "programme": f"{here}/programme/",
        "programme-found": f"{here}/programme/?day=all&q=customs",
        "session": f"{here}/sessions/{session.guid}/",
        "changes": f"{here}/programme/changes/",
        "commitments": f"events/{OVER}/commitments/",
        "sign-in": "accounts/login/",
        "not-found": "unknown/",
        "apply": "apply/",
        "partner-delegations": "delegations/",
        "partner-delegation": f"delegations/{_delegation().pk}/",
        "staff-styleguide": "styleguide/",
    }
    return {code: {**common, **_published(code), **_links(code)} for code in LANGUAGES}


def _published(code: str) -> dict[str, str]:
    """One page of each kind that editors publish."""
    live = CmsPage.objects.live().filter(depth__gt=1, locale__language_code=code).specific()
    return {type(page).__name__.removesuffix("Page").lower(): page.url.removeprefix(f"/{code}/") for page in live}


def _links(code: str) -> dict[str, str]:
    """What readers open by their own links; in English, and shown in the other language all the same."""
    sent = Invitation.objects.filter(event__slug=COMING, state="SENT").order_by("pk")
    asked, coming = sent.filter(reply="NEEDS-ACTION").first(), sent.filter(reply="ACCEPTED").first()
    training = Event.objects.get(slug=TRAINING)
    tail = training.questionnaires.order_by("pk")[1].tail
    links = {
        "invitation": asked and asked.link,
        "invitation-accepted": coming.link,
        "plan": f"{coming.link}plan/",
        "feeds": f"{coming.link}feeds/",
        "questionnaire": training.invitations.order_by("pk").first().link + tail,
        "application": Application.objects.first().link,
        "own-data": Person.objects.first().link,
        "preferences": Message.objects.first().preferences_link("preferences"),
        "door": _door(),
    }
    return {name: link.split("/", 4)[4] for name, link in links.items() if link}


def _door() -> str:
    event = Event.objects.get(slug=COMING)
    by = User.objects.get(email="organizer@entente.example")
    scanner = Scanner.objects.filter(event=event).first() or event.scanners.open(event, "Main door", by=by)
    return scanner.link_in("en")


def test_take(in_chromium, site, sessions):
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    taken: list[str] = []

    def visit(first: Page) -> None:
        browser = first.context.browser
        for width, scheme in product(WIDTHS, SCHEMES):
            for language, (name, path) in ((code, one) for code in LANGUAGES for one in wanted[code].items()):
                picture = f"{name}-{language}-{width}-{scheme}.png"
                _take(browser, f"{site}/{language}/{path}", picture, sessions.get(name.partition("-")[0]))
                taken.append(picture)

    def _take(browser: Browser, address: str, picture: str, cookie: str | None) -> None:
        _name, _language, width, scheme = picture.removesuffix(".png").rsplit("-", 3)
        context = browser.new_context(viewport={"width": int(width), "height": 900}, color_scheme=scheme)
        if cookie:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
        page.set_viewport_size({"width": int(width), "height": max(high, 900)})
        page.screenshot(path=FOLDER / picture)
        context.close()

    in_chromium(visit)
    shown = "".join(
        f'<figure><img src="{one}" loading="lazy" width="300"><figcaption>{one}</figcaption></figure>' for one in taken
    )
    sheet = "body{font:14px sans-serif}figure{display:inline-block;vertical-align:top;margin:8px}"
    (FOLDER / "index.html").write_text(f"<!DOCTYPE html><title>Screenshots</title><style>{sheet}</style>{shown}")
