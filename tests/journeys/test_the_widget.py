"""The programme on a page of somebody else: another origin, a policy that allows nothing more than it must."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from events.models import Session
from tests.conftest import at, several_connections
from tests.journeys.conftest import AXE

pytestmark = [pytest.mark.browser, several_connections]


@pytest.fixture
def foreign(site) -> Iterator[str]:
    """A website of others: /en and /ar show the forum, /none an event that is not there."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            language, slug = ("en", "nothing") if self.path == "/none" else (self.path[1:3], "forum")
            policy = f"default-src 'none'; script-src {site}; connect-src {site}; require-trusted-types-for 'script'"
            body = f"""<!DOCTYPE html><html lang="en"><title>Others</title><h1>Others</h1><main>
                <script src="{site}/{language}/programme.js" defer></script>
                <entente-programme event="{slug}"><a href="{site}/en/">Look there</a></entente-programme></main>"""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_programme_stands_on_a_page_of_others(in_chromium, foreign, forum, sessions, olga):
    Session.objects.create(event=forum, title="Ports", starts_at=at(forum, 1, 9), ends_at=at(forum, 1, 10, 30))
    forum.publish(by=olga)
    complaints: list[str] = []

    def read(page: Page) -> dict:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{foreign}/en")
        sessions = page.locator("entente-programme li.session")
        sessions.first.wait_for()
        first = [list(filter(None, row.inner_text().split("\n"))) for row in sessions.all() if row.is_visible()]
        second = page.locator("entente-programme nav button").nth(1)
        second.focus()
        page.keyboard.press("Enter")
        shown = [row.locator("a").inner_text() for row in sessions.all() if row.is_visible()]
        violations = Axe().run(page, options=AXE).response["violations"]
        said = [second.get_attribute("aria-pressed"), sessions.first.locator("a").get_attribute("href")]
        page.goto(f"{foreign}/ar")
        sessions.first.wait_for()
        arabic = page.locator("entente-programme section")
        turned = [arabic.get_attribute("dir"), arabic.evaluate("one => getComputedStyle(one).direction")]
        errors = [text for text in complaints if "favicon" not in text]
        with page.expect_console_message(lambda message: "entente-programme: nothing" in message.text):
            page.goto(f"{foreign}/none")
        return {
            "first": first,
            "second": shown,
            "rules": [one["id"] for one in violations],
            "said": said,
            "turned": turned,
            "errors": errors,
            "none": page.locator("entente-programme").inner_text(),
        }

    found = in_chromium(read)

    opening = Session.objects.get(title__contains="Opening")
    assert found == {
        "first": [["09:30–10:30", "Opening", "Dr Dina Haddad", "Room A · Plenary"]],
        "second": ["Ports"],
        "rules": [],
        "said": ["true", opening.entries.get().slot("en").url],
        "turned": ["rtl", "rtl"],
        "errors": [],
        "none": "Look there",
    }
