"""Takes every kind of page at three widths, in English and Arabic, by day and by night: `make screenshots`.

No test: it is run by hand when the look has changed, and somebody looks at what it took. The pictures lie in
`var/screenshots/`, with a page that shows them side by side."""

from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page
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
    wanted = [(code, name, path) for code, named in pages().items() for name, path in named.items()]

    def visit(first: Page) -> list[str]:
        browser = first.context.browser
        tabs = {who: browser.new_page(reduced_motion="reduce") for who in ("", *sessions)}
        for who, key in sessions.items():
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}
            tabs[who].context.add_cookies([cookie])
        taken: list[str] = []
        for language, name, path in wanted:
            page = tabs[name.partition("-")[0] if name.partition("-")[0] in sessions else ""]
            page.goto(f"{site}/{language}/{path}")
            page.evaluate("document.fonts.ready.then(() => true)")
            taken += [_take(page, f"{name}-{language}", *size) for size in product(WIDTHS, SCHEMES)]
        return taken

    taken = in_chromium(visit)
    figure = '<figure><img src="{0}" loading="lazy" width="300"><figcaption>{0}</figcaption></figure>'
    sheet = "body{font:14px sans-serif}figure{display:inline-block;vertical-align:top;margin:8px}"
    shown = "".join(figure.format(one) for one in taken)
    (FOLDER / "index.html").write_text(f"<!DOCTYPE html><title>Screenshots</title><style>{sheet}</style>{shown}")


def _take(page: Page, name: str, width: int, scheme: str) -> str:
    """The name of the picture."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    page.set_viewport_size({"width": width, "height": max(high, 900)})
    picture = f"{name}-{width}-{scheme}.png"
    page.screenshot(path=FOLDER / picture)
    return picture
