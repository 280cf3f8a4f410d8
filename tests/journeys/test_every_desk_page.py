"""The admin's lists and records of network and contacts on a telephone: nothing is cut off, no title and no column.

Wagtail hides what is wider than the screen instead of letting it be pushed sideways, so each thing on the page is
measured. What may be wider lies in a box of its own that scrolls: a matrix of countries, the cells of a file."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from contacts.models import (
    DuplicatePair,
    Interaction,
    InteractionParty,
    Mailing,
    MailingText,
    Person,
    Segment,
    Task,
)
from network.models import Desk, Organization, Relationship
from tests.conftest import several_connections
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, several_connections]

PHONE = {"width": 390, "height": 844}
MENU = r'"(/admin/(?:network|contacts)/[^"]+/)"'
DOWNLOAD = re.compile(r"document|\.\w+$")
# Wagtail's own drawers wait outside the screen; of a title, what does not fit is in a box that hides it.
CUT_OFF = """() => {
    const scrolls = ".record__table", drawers = ".w-minimap, .form-side, svg";
    const isOut = ({left, right, width, height}) => width && height && (right > innerWidth + 1 || left < -1);
    const out = [...document.querySelectorAll("main *")].filter(one => isOut(one.getBoundingClientRect())
        && !one.closest(drawers) && !one.parentElement.closest(scrolls));
    const titles = [...document.querySelectorAll(".w-breadcrumbs")]
        .filter(one => one.scrollWidth > one.clientWidth + 1);
    return [...out, ...titles].map(one => `${one.tagName}.${one.className}`).slice(0, 3);
}"""


@pytest.fixture
def busy_desk(root) -> None:
    """The demonstration, and one of each thing that it has none of, under a long name."""
    call_command("load_demo", verbosity=0)
    name = "Focal points for the recovery of assets in the countries of the Mediterranean and of North Africa"
    people = Person.objects.order_by("pk")[:2]
    first, second = Organization.objects.order_by("pk")[:2]
    Relationship.objects.create(first=first, kind="PARTNER", second=second)
    mailing = Mailing.objects.create(name=name, segment=Segment.objects.create(name=name))
    MailingText.objects.create(mailing=mailing, language="en", subject=name, body="Dear {name},")
    call = Interaction.objects.create(subject=name, text=name)
    for one in people:
        mailing.segment.put(one, is_in=True, by=root)
        InteractionParty.objects.create(interaction=call, person=one)
    Task.objects.set_for(root, name, None, by=root, person=people[0])
    Desk.objects.create(name=name).countries.set(["EG", "TN", "LB", "MA"])
    DuplicatePair.objects.create(first=people[0], second=people[1], score=7)


class Walk:
    """Opens pages of the site, each once, and notes what of them is cut off."""

    def __init__(self, page: Page, site: str):
        self.page, self.site = page, site
        self.cut_off: dict[str, list[str]] = {}

    def open(self, path: str) -> str:
        text = self.page.goto(self.site + path).text()
        self.cut_off[path] = self.page.evaluate(CUT_OFF)
        return text

    def links(self, path: str, prefix: str) -> list[str]:
        """The paths below `prefix` that a page leads to, without those of the page's own parts."""
        found = re.findall(r'href="([^"?#]+)', self.open(path))
        return [link for link in found if link.startswith(prefix) and link != prefix and not DOWNLOAD.search(link)]

    def through(self, index: str) -> None:
        """A list, the form for a new record, one record, and all that can be done with it."""
        listed = self.links(index, index)
        forms = [link for link in listed if link.endswith("/new/")]
        cards = [link for link in listed if "/inspect/" in link][:1]
        acts = [act for card in cards for act in self.links(card, index) if f"/{card.split('/')[-2]}/" in act]
        for path in dict.fromkeys([*forms, *acts]):
            if path not in self.cut_off:
                self.open(path)


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_is_cut_off_on_a_telephone(in_chromium, site, root, busy_desk, half):
    def visit(page: Page) -> dict[str, list[str]]:
        sign_in(page, site, root.email)
        menu = re.findall(MENU, page.locator("#wagtail-sidebar-props").text_content())
        walk = Walk(page, site)
        for index in list(dict.fromkeys(menu))[half::2]:
            walk.through(index)
        return walk.cut_off

    cut_off = in_chromium(visit, viewport=PHONE)

    assert (len(cut_off) > 40, {path: parts for path, parts in cut_off.items() if parts}) == (True, {})
