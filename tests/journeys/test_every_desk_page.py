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


def links(page: Page, address: str, prefix: str) -> list[str]:
    """The addresses below `prefix` that the page at `address` leads to, without those of the page's own parts."""
    found = re.findall(r'href="([^"?#]+)', page.goto(address).text())
    return [link for link in found if link.startswith(prefix) and link != prefix and not DOWNLOAD.search(link)]


def pages_of(page: Page, site: str, index: str) -> list[str]:
    """A list, the form for a new record, one record, and all that can be done with it."""
    listed = links(page, site + index, index)
    forms = [link for link in listed if link.endswith("/new/")]
    cards = [link for link in listed if "/inspect/" in link][:1]
    acts = [act for card in cards for act in links(page, site + card, index) if f"/{card.split('/')[-2]}/" in act]
    return list(dict.fromkeys([index, *forms, *cards, *acts]))


def test_nothing_is_cut_off_on_a_telephone(in_chromium, site, root, busy_desk):
    def visit(page: Page) -> tuple[list[str], list[str]]:
        sign_in(page, site, root.email)
        menu = re.findall(MENU, page.locator("#wagtail-sidebar-props").text_content())
        addresses = [address for index in dict.fromkeys(menu) for address in pages_of(page, site, index)]
        found = []
        for address in addresses:
            page.goto(site + address)
            found += [f"{address}: {one}" for one in page.evaluate(CUT_OFF)]
        return addresses, found

    visited, found = in_chromium(visit, viewport=PHONE)

    assert (len(visited) > 120, found) == (True, [])
