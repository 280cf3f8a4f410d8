"""The first morning of a forum: a telephone at the door, with a line and without, by its camera and by hand."""

import datetime
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import segno
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from events.models import Presence, Registration, Scanner
from tests.conftest import several_connections
from tests.journeys.conftest import AXE, until
from tests.journeys.test_in_the_browser import elsewhere

pytestmark = [pytest.mark.browser, several_connections]
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def door(forum, olga) -> Scanner:
    """A telephone at the door of a forum that takes place today."""
    today = timezone.now().astimezone(forum.zone).date()
    type(forum).objects.filter(pk=forum.pk).update(starts_on=today, ends_on=today + datetime.timedelta(days=1))
    forum.refresh_from_db()
    return forum.scanners.open(forum, "North door", by=olga)


@pytest.fixture
def seats(forum, dina, pavel) -> dict[str, Registration]:
    return {one.given_name: forum.registrations.enter(one) for one in (dina, pavel)}


def noted() -> list[tuple[str, str, bool]]:
    rows = Presence.objects.order_by("pk").select_related("registration__person")
    return [(one.registration.person.given_name, one.direction, one.is_late) for one in rows]


def said(page: Page) -> str:
    page.wait_for_selector("#verdict:not([hidden])")
    return page.locator("#verdict").inner_text()


def type_code(page: Page, code: str) -> None:
    page.fill("#code", code)
    page.press("#code", "Enter")


def ready(page: Page, address: str) -> None:
    """Opened once with a line: the page and its list are on the telephone."""
    page.goto(address)
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "Object.keys(localStorage).some((key) => key.startsWith('door:'))")


def test_a_code_is_typed_and_the_count_goes_up(in_chromium, site, door, seats):
    def let_in(page: Page) -> tuple[str, str]:
        ready(page, door.link_in("en"))
        type_code(page, seats["Dina"].badge)
        until(page, "document.getElementById('came').textContent === '1'")
        return said(page), page.locator("#counts").inner_text()

    verdict, counts = in_chromium(let_in, **PHONE)

    assert ("Welcome" in verdict, "Dina Haddad" in verdict, "Customs of Example" in verdict) == (True, True, True)
    assert counts == "1 came today, 1 are inside"
    assert noted() == [("Dina", "IN", False)]


def test_the_line_is_cut_people_go_on_coming_in_and_nothing_is_lost(in_chromium, site, door, seats):
    """The page is even opened anew without a line; a badge twice is told apart by the telephone alone."""

    def morning(page: Page) -> list[str]:
        ready(page, door.link_in("en"))
        page.context.set_offline(True)
        page.reload()
        told = []
        for code in (seats["Dina"].badge, seats["Dina"].badge, "ABCDEFGHJK"):
            type_code(page, code)
            until(page, "document.getElementById('waits').textContent !== ''")
            told.append(said(page))
            page.evaluate("document.getElementById('verdict').hidden = true")
        page.fill("#q", "novak")
        page.press("#q", "Enter")
        page.locator("#found button").click()
        told.append(said(page))
        told.append(page.locator("#waits").inner_text())
        with ThreadPoolExecutor(1) as worker:
            told.append(worker.submit(elsewhere, noted).result())
        page.context.set_offline(False)
        until(page, "document.getElementById('came').textContent === '2'")
        until(page, "document.getElementById('waits').textContent === ''")
        return told

    dina, again, stranger, pavel, waiting, before = in_chromium(morning, **PHONE)

    words = [text.splitlines()[0] for text in (dina, again, stranger, pavel)]
    assert words == ["Welcome", "Is inside already", "Badge not known", "Welcome"]
    assert (waiting, before) == ("Waiting for a line: 4", [])
    assert [(name, way) for name, way, _late in noted()] == [("Dina", "IN"), ("Pavel", "IN")]


def test_guests_are_noted_without_a_line_and_who_gets_no_seat_is_told_of(in_chromium, site, door, forum):
    """Two guests, one typed a second time by mistake: each has one seat, and the mistake is told."""

    def morning(page: Page) -> tuple[list[str], str]:
        ready(page, door.link_in("en"))
        page.locator("summary").last.click()
        page.context.set_offline(True)
        told = []
        for given, family in (("Nils", "Berg"), ("Nils", "Berg"), ("Ida", "Holm")):
            page.fill("#id_guest-given_name", given)
            page.fill("#id_guest-family_name", family)
            page.locator("#guest button").click()
            until(page, "document.getElementById('id_guest-given_name').value === ''")
            told.append(said(page).splitlines()[0])
        page.context.set_offline(False)
        until(page, "document.getElementById('came').textContent === '2'")
        until(page, "document.getElementById('refused').textContent !== ''")
        return [*told, said(page).splitlines()[0]], page.locator("#refused").inner_text()

    told, refused = in_chromium(morning, **PHONE)

    assert told == [*["Noted: a seat once there is a line, where one is left"] * 3, "Welcome"]
    assert refused.startswith("Nils Berg: Nils Berg is on the list already")
    assert [(name, way) for name, way, _late in noted()] == [("Nils", "IN"), ("Ida", "IN")]


def test_the_camera_reads_a_badge(in_chromium, site, door, seats, tmp_path):
    """A picture of the badge is held before Chromium's own false camera."""
    film = tmp_path / "badge.mjpeg"
    film.write_bytes(filmed(seats["Dina"].badge))

    def hold(page: Page) -> str:
        ready(page, door.link_in("en"))
        page.click("#start")
        return said(page)

    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    verdict = in_chromium(hold, flags=[*camera, f"--use-file-for-fake-video-capture={film}"], **PHONE)

    assert "Dina Haddad" in verdict
    assert noted() == [("Dina", "IN", False)]


def filmed(code: str) -> bytes:
    """The code on white paper, a little askew, as a film of two pictures."""
    picture = io.BytesIO()
    segno.make(code, error="m", micro=False).save(picture, kind="png", scale=9, border=4)
    paper = Image.new("RGB", (640, 480), "#d8d4c8")
    paper.paste(Image.open(picture).convert("RGB").rotate(4, expand=True, fillcolor="white"), (190, 90))
    frame = io.BytesIO()
    paper.save(frame, "JPEG", quality=85)
    return frame.getvalue() * 2


def test_a_link_that_is_taken_back_leaves_no_name_on_the_telephone(in_chromium, site, door, seats, olga):
    def taken_back(page: Page) -> list[str]:
        ready(page, door.link_in("en"))
        with ThreadPoolExecutor(1) as worker:
            worker.submit(elsewhere, lambda: door.revoke(by=olga)).result()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        until(page, "!document.getElementById('verdict').hidden")
        return page.evaluate("Object.keys(localStorage).filter((key) => !key.endsWith('queue'))")

    assert in_chromium(taken_back, **PHONE) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_of_the_door_breaks_no_rule_and_fits_a_telephone(in_chromium, site, door, seats, language):
    def look(page: Page) -> tuple[list, int]:
        page.goto(f"{door.link_in(language)}?q=haddad")
        return Axe().run(page, options=AXE).response["violations"], page.evaluate(
            "document.documentElement.scrollWidth"
        )

    violations, width = in_chromium(look, **PHONE)

    assert ([one["id"] for one in violations], width) == ([], 390)


def test_without_javascript_a_name_is_found_and_let_in(in_chromium, site, door, seats):
    def let_in(page: Page) -> str:
        page.goto(door.link_in("en"))
        page.fill("#q", "haddad")
        page.press("#q", "Enter")
        page.locator("#found button").click()
        return said(page)

    assert "Dina Haddad" in in_chromium(let_in, java_script_enabled=False, **PHONE)
    assert noted() == [("Dina", "IN", False)]


def test_without_javascript_a_guest_is_registered_and_let_in(in_chromium, site, door, forum):
    def let_in(page: Page) -> str:
        page.goto(door.link_in("ar"))
        page.locator("summary").last.click()
        page.fill("#id_guest-given_name", "Nils")
        page.fill("#id_guest-family_name", "Berg")
        page.fill("#id_guest-organization", "Port of Oslo")
        page.locator("#guest button").click()
        return said(page)

    told = in_chromium(let_in, java_script_enabled=False, **PHONE)

    assert ("Nils Berg" in told, "Port of Oslo" in told) == (True, True)
    assert noted() == [("Nils", "IN", False)]
