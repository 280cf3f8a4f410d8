"""Draws the pictures of the how-to pages anew, from the demonstration: `make pictures`.

No test: it is run by hand when a screen has changed, and somebody looks at what it drew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page

from contacts.models import (
    Affiliation,
    Agreement,
    Application,
    Delivery,
    ImportBatch,
    Mailing,
    MailingText,
    Message,
    Person,
    ReceivedLetter,
    ScreeningQuestion,
    ScreeningRun,
    Segment,
)
from events.models import Event
from legal.models import Pathway, StatusTable
from network.models import CountryGroup, Organization, OrganizationPair, Topic
from tests.conftest import several_connections, staff
from tests.contacts.incoming_mail import report
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, several_connections]

PICTURES = Path(settings.BASE_DIR) / "docs" / "images"
BARE = """#wagtail-sidebar, .sidebar, aside { display: none !important }
    .wrapper { margin: 0 !important; padding: 0 !important }"""
AFRICA = ["EG", "ET", "GH", "KE", "MA", "NG", "SN", "TZ", "UG", "ZA"]


@pytest.fixture
def demonstration(noor) -> None:
    call_command("load_demo", verbosity=0)
    Organization.objects.create(
        kind="IGO", name="Organisation Mondiale des Douanes", acronym="OMD", website="https://www.wcoomd.org"
    )
    OrganizationPair.objects.scan()
    ImportBatch.objects.update(by=noor)  # a file is its maker's
    ScreeningRun.objects.ask(by=noor)
    ScreeningRun.objects.run_next()
    CountryGroup.objects.create(slug="africa", name={"en": "Africa"}).countries.set(AFRICA)


@pytest.fixture
def twin(demonstration) -> tuple[Person, Person]:
    """Somebody who is there twice."""
    first = Person.objects.filter(affiliations__isnull=False, languages__0="es").order_by("pk").first()
    second = Person(given_name=first.given_name, family_name=first.family_name.replace("ó", "o"), languages=["en"])
    second.save()
    second.emails.create(address="x.arrieta@impi.example", is_primary=True)
    Affiliation.objects.create(person=second, organization=first.affiliations.first().organization, position="Director")
    return first, second


@pytest.fixture
def mailings(demonstration, noor) -> tuple[Mailing, Mailing]:
    """One to be sent, in two languages; and one that went out, of which some letters came back."""
    segment = Segment.objects.create(name="Focal points, French and Spanish", answers={"language": ["fr", "es"]})
    draft = Mailing.objects.create(name="Asset recovery network: who answers for it", segment=segment, by=noor)
    for code, subject in (("fr", "Réseau de recouvrement des avoirs"), ("es", "Red de recuperación de activos")):
        MailingText.objects.create(mailing=draft, language=code, subject=subject, body="{salutation}\n\n…")
    customs = Segment.objects.create(name="Customs and police", answers={"kind": ["LAW_ENFORCEMENT"]})
    sent = Mailing.objects.create(name="New toolkit on free zones", segment=customs, by=noor)
    MailingText.objects.create(mailing=sent, language="en", subject="The toolkit is there", body="{salutation}\n\n…")
    sent.send(by=noor)
    while sent.write_some():
        pass
    Delivery.objects.update(state="SENT")
    reports = [("5.1.1", "550 User unknown"), ("5.1.2", "550 Host unknown"), ("4.2.2", "452 Mailbox full")]
    for letter, (status, words) in zip(Message.objects.filter(letter="mailing"), reports, strict=False):
        told = report(letter.message_id, letter.to_address, status=status, words=words, key=status)
        ReceivedLetter.objects.take(told)
    sent.refresh_from_db()
    return draft, sent


def _pages(twin, mailings) -> dict[str, tuple[str, int]]:
    """Name of a picture -> what it shows, and how high it is."""
    first, second = twin
    draft, sent = mailings
    competences = Topic.objects.filter(slug__in=["medicines", "customs-transit", "asset-recovery"])
    topics = "".join(f"&topics={topic.pk}" for topic in competences)
    head = Affiliation.objects.filter(is_focal_point=True).exclude(person__messages=None).first()
    application = Application.objects.filter(state="IN_REVIEW", asked_at=None).first()
    group = CountryGroup.objects.get(slug="africa")
    return {
        "agreements": (reverse("agreement:index"), 560),
        "bounces": (reverse("mailing:inspect", args=[sent.pk]), 700),
        "data-protection": (reverse("person:data_protection", args=[head.person_id]), 620),
        "duplicates": (reverse("organizationpair:index"), 330),
        "find-gaps": (f"{reverse('coverage:index')}?group={group.pk}{topics}", 860),
        "hand-over": (reverse("person:hand_over", args=[head.pk]), 820),
        "import-contacts": (reverse("importbatch:inspect", args=[ImportBatch.objects.get().pk]), 1200),
        "membership": (reverse("organization:inspect", args=[head.organization_id]), 1420),
        "merge": (f"{reverse('person:merge', args=[first.pk])}?other={second.pk}", 960),
        "partners": (reverse("application:inspect", args=[application.pk]), 1500),
        "record-a-call": (f"{reverse('interaction:add')}?person={first.pk}", 1240),
        "screening": (reverse("screeningquestion:inspect", args=[ScreeningQuestion.objects.open().first().pk]), 1092),
        "world": (reverse("world:index"), 1440),
        "write-to-them": (reverse("mailing:inspect", args=[draft.pk]), 1000),
    }


def _pages_of_events() -> dict[str, tuple[str, int]]:
    """The same, of what organizers alone open."""
    forum = Event.objects.get(slug="illicit-trade-marseille")
    return {
        "board": (reverse("event:board", args=[forum.pk]), 800),
        "delegations": (reverse("event:delegations", args=[forum.pk]), 760),
    }


def _pages_of_law() -> dict[str, tuple[str, int]]:
    """The same, of what legal officers open."""
    table = StatusTable.objects.get()
    overdue = Pathway.objects.with_next().overdue().get()
    return {
        "ratification": (reverse("pathway:inspect", args=[overdue.pk]), 1260),
        "status-table": (f"{reverse('statustable:inspect', args=[table.pk])}?p=1", 1500),
    }


def test_the_pictures(in_chromium: Callable, site: str, noor, olga, twin, mailings):
    assert Agreement.objects.exists()
    lawyer = staff("legal officer", "lawyer@example.org")
    tours = {
        noor.email: _pages(twin, mailings),
        olga.email: _pages_of_events(),
        lawyer.email: _pages_of_law(),
    }

    def draw(page: Page) -> None:
        for address, pages in tours.items():
            page.context.clear_cookies()
            sign_in(page, site, address)
            for name, (path, height) in pages.items():
                page.set_viewport_size({"width": 1080, "height": height})
                page.goto(site + path)
                page.add_style_tag(content=BARE)
                page.wait_for_timeout(500)
                page.screenshot(path=PICTURES / f"{name}.png")

    in_chromium(draw)
