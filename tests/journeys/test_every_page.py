"""Every public page of the demonstration, in Chromium: it fits the screen, reads in the right direction, asks for
nothing that is forbidden, and keeps WCAG 2.2 AA as far as a program can tell (axe)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page
from wagtail.models import Page as CmsPage

from contacts.models import Application, Message, Person
from events.models import Event, Invitation
from tests.conftest import several_connections
from tests.journeys.conftest import AXE

pytestmark = [pytest.mark.browser, several_connections]

COMING, TRAINING = "illicit-trade-marseille", "evidence-at-the-port"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# The page itself where it can be pushed sideways, with the first things that stick out, at the right or at the left.
TOO_WIDE = """() => {
    const sticksOut = ({left, right}) => right > innerWidth + 1 || left < -1;
    const all = [...document.querySelectorAll("body *")].filter(one => sticksOut(one.getBoundingClientRect()));
    const names = all.map(one => `${one.tagName}.${one.className}`).slice(0, 3);
    return document.documentElement.scrollWidth > innerWidth ? ["the page", ...names] : [];
}"""


@pytest.fixture
def addresses(site) -> dict[str, list[str]]:
    """Language -> the pages that a reader of that language comes to."""
    call_command("load_demo", verbosity=0)
    event = Event.objects.get(slug=COMING)
    session = event.programme.entries.filter(audience="PUBLIC").in_order()[0]
    here = f"events/{COMING}"
    common = [f"{here}/", f"{here}/programme/", f"{here}/programme/?day=all", f"{here}/sessions/{session.guid}/"]
    common += [
        "accounts/login/",
        "accounts/login/code/",
        "accounts/password/reset/",
        "unknown/",
        "apply/",
        "apply/sent/",
        "law/",
        "law/open-data/",
        *(f"law/laws/ma-control-of-tobacco-trade/{tail}" for tail in ("", "changes/", "beside/", "?language=ar")),
        "law/gaps/",
        "law/gaps/demo-illicit-trade-convention/SN/?since=2022-01-01",
        "countries/",
        "countries/SN/",
    ]
    found = {code: [f"{site}/{code}/{path}" for path in common] for code in ("en", "fr", "es", "ar")}
    for page in CmsPage.objects.live().filter(depth__gt=1).select_related("locale"):
        found[page.locale.language_code].append(site + page.url)
    for invitation in Invitation.objects.filter(event=event, state="SENT", reply__in=["ACCEPTED", "DELEGATED"]):
        found[invitation.language].append(invitation.link)
    for code, pages in found.items():
        pages += [page.replace("/en/", f"/{code}/", 1) for page in _questionnaires()]
    return {code: [*pages, *_own_pages(code)] for code, pages in found.items()}


def _questionnaires() -> list[str]:
    """To be answered, and answered, in English."""
    training = Event.objects.get(slug=TRAINING)
    first, *_others, last = training.invitations.order_by("pk")
    tails = [one.tail for one in training.questionnaires.order_by("pk")]
    links = [re.sub(r"/\w\w/invitations/", "/en/invitations/", one.link) for one in (first, last)]
    return [links[0] + tails[1], links[1] + tails[2], links[1]]


def _own_pages(language: str) -> list[str]:
    """What a reader of the language opens without signing in: an application, what is held of them, their letters."""
    applications = [application.link for application in Application.objects.filter(language=language)]
    readers = [person.link for person in Person.objects.filter(languages__0=language)[:1]]
    letters = Message.objects.filter(language=language)[:1]
    chosen = [letter.preferences_link(page) for letter in letters for page in ("preferences", "unsubscribe")]
    invited = Invitation.objects.filter(language=language, state="SENT")[:1]
    return [*applications, *readers, *chosen, *(f"{one.link}feeds/" for one in invited)]


def faults(page: Page, address: str, language: str) -> list[str]:
    """What is wrong with the page as it stands there."""
    where = address.partition("/invitations/")[0]
    html = page.locator("html")
    direction = "rtl" if language == "ar" else "ltr"
    found = [f"{where}: {one} is wider than the screen" for one in page.evaluate(TOO_WIDE)]
    if (html.get_attribute("lang"), html.get_attribute("dir")) != (language, direction):
        found.append(f"{where}: language or direction")
    if page.locator("h1").count() != 1:
        found.append(f"{where}: {page.locator('h1').count()} main headings")
    return found


def complaints_of(page: Page) -> list[str]:
    """Grows with what the browser complains about, but for the page that is unknown on purpose."""
    complaints = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" and "404" not in said.text else None,
    )
    return complaints


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_fits_and_reads_in_its_direction(in_chromium, addresses, screen):
    def visit(page: Page) -> list[str]:
        complaints, found = complaints_of(page), []
        for language, pages in addresses.items():
            for address in pages:
                page.goto(address)
                found += faults(page, address, language)
        return found + complaints

    assert min(map(len, addresses.values())) >= 10
    assert in_chromium(visit, viewport=screen) == []


@pytest.mark.parametrize(
    ("language", "screen", "scheme"),
    [("en", PHONE, "light"), ("ar", DESKTOP, "light"), ("ar", PHONE, "dark")],
    ids=["english-phone", "arabic-desktop", "arabic-phone-dark"],
)
def test_every_page_is_accessible(in_chromium, addresses, language, screen, scheme):
    def visit(page: Page) -> list[str]:
        found = []
        for address in addresses[language]:
            page.goto(address)
            for violation in Axe().run(page, options=AXE).response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"]][:3]
                found.append(f"{address.partition('/invitations/')[0]}: {violation['help']}: {nodes}")
        return found

    assert in_chromium(visit, viewport=screen, color_scheme=scheme) == []
