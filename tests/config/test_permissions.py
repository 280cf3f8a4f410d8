"""Who gets which answer at which address: the table in permissions.txt, and every address of the house has its row.

A cell is the status of the answer, or where a redirect leads: `sign-in` is the sign-in page, `home` is Wagtail's way
to say no (its first page, with a sentence), `->` is anywhere else. A row is asked for with GET; one that begins with
POST with an empty form, which permits nothing that a full one does not. Of Wagtail's own addresses those stand here
that need no argument; a walk over all that is below /admin/ follows the table.
"""

import re
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.roles import ROLES
from contacts.models import (
    User,
)
from tests.conftest import PASSWORD, staff

VIEWERS = ["anonymous", "no role", *(role.name for role in ROLES)]
# Who opens every page does so on each database; of the others the question is who may, which is the same on all.
EVERYWHERE = "administrator"
ONCE = [pytest.param(viewer, marks=pytest.mark.same_everywhere) for viewer in VIEWERS if viewer != EVERYWHERE]

TABLE = (Path(__file__).parent / "permissions.txt").read_text()
ROWS = {
    row[0]: dict(zip(VIEWERS, row[1:], strict=True))
    for row in (re.split(r"\s{2,}", line.strip()) for line in TABLE.splitlines() if line and line[0] != "#")
}
# Parts of Wagtail's pages that have no look of their own, and a page that fails on purpose.
PARTS = re.compile(
    "_results$|choose|_api:|embeds:|error_test|autocomplete|password_reset_(done|complete)|catalog|sprite"
    "|translations_report|dismissibles|preview|add_multiple"
)


def walk(patterns, space: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address below `patterns`."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space, here)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name, here


def is_wagtails(name: str) -> bool:
    return name.startswith("wagtail")


def expected_rows() -> set[str]:
    """Every named address of ours, and Wagtail's pages that need no argument."""
    return {name for name, path in walk(get_resolver().url_patterns) if not is_wagtails(name) or is_page(name, path)}


def is_page(name: str, path: str) -> bool:
    return not (PARTS.search(name) or re.search(r"[<(]", path))


def address(name: str, arguments: dict[str, list]) -> str:
    """The path of a row; with the argument of its name, or else of its group."""
    paths = dict(walk(get_resolver().url_patterns))
    if not re.search(r"[<(]", paths[name]):
        return reverse(name)
    return reverse(name, args=arguments.get(name) or arguments[name.partition(":")[0]])


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer == "no role":
        client.force_login(User.objects.create_user("nobody@example.org"))
    elif viewer != "anonymous":
        client.force_login(staff(viewer, "somebody@example.org"))
    return client


def ask(client: Client, row: str, arguments: dict[str, list]) -> str:
    """The cell: what the viewer gets. Whatever the question changed is taken back."""
    method, name = row.split() if " " in row else ("GET", row)
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address(name, arguments))
        transaction.set_rollback(True)
    b"".join(answer.streaming_content if answer.streaming else [])  # a file is closed once it was read
    client.cookies = cookies
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    where = urlsplit(answer["Location"]).path
    return {"/admin/": "home"}.get(where, "sign-in" if where.endswith(("/login/", "/login/code/")) else "->")


def test_every_address_has_its_row():
    asked = {row.split()[-1] for row in ROWS}

    assert (expected_rows() - asked, asked - expected_rows()) == (set(), set())


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [EVERYWHERE, *ONCE])
def test_each_viewer_gets_what_the_table_says(viewer, arguments, monkeypatch):
    client = client_of(viewer)
    if viewer != EVERYWHERE:  # who may is said before the page is drawn
        monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")

    answers = {row: ask(client, row, arguments) for row in ROWS}

    assert answers == {row: cells[viewer] for row, cells in ROWS.items()}


# Open to everybody below /admin/: what sign-in pages are made of, and the ways out.
DOORS = re.compile(r"wagtailadmin_(login|logout|sprite|javascript_catalog|password_reset.*)$")


def admin_paths() -> list[str]:
    """A path for every address below /admin/, with an argument that leads somewhere if anything does."""
    named = walk(get_resolver().url_patterns)
    return [filled(path) for name, path in named if path.startswith("admin/") and not DOORS.match(name)]


def filled(path: str) -> str:
    path = re.sub(r"<int:[^>]*>", "1", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", path)
    return "/" + re.sub(r"[\^$]|\\Z", "", path)


@pytest.mark.slow
@pytest.mark.same_everywhere
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("viewer", ["anonymous", "no role"])
def test_nobody_without_a_staff_role_enters_the_admin(viewer, method, arguments):
    client = client_of(viewer)

    answers = {path: client.generic(method, path) for path in admin_paths()}

    inside = {path: answer.status_code for path, answer in answers.items() if not is_outside(answer)}
    assert (len(answers) > 250, inside) == (True, {})


def is_outside(answer) -> bool:
    """Sent to the door, or away."""
    return answer.status_code in (403, 404) or "/login/?next=" in answer.get("Location", "")


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client, olga):
    asked = client.get("/admin/events/event/", follow=True)

    [*_steps, (page, _status)] = asked.redirect_chain
    signed_in = client.post(page, {"login": olga.email, "password": PASSWORD})
    assert page == "/en/accounts/login/?next=%2Fadmin%2Fevents%2Fevent%2F"
    assert signed_in["Location"] == "/admin/events/event/"


def test_an_account_without_a_role_is_told_no_and_not_led_in_circles(client, stranger):
    client.force_login(stranger)

    answer = client.get("/admin/", follow=True)

    assert (answer.status_code, "This is not open to you" in answer.text) == (403, True)


@pytest.mark.parametrize("door", ["/admin/login/", "/en/_util/login/", "/en/accounts/login/"])
def test_passwords_cannot_be_tried_without_end_at_any_door(client, olga, door):
    page, _status = (client.get(door, follow=True).redirect_chain or [(door, 200)])[-1]
    wrong = [client.post(page, {"login": olga.email, "password": "wrong"}) for _time in range(12)]

    right = client.post(page, {"login": olga.email, "password": PASSWORD})

    assert (len(wrong), right.status_code) == (12, 200)
    assert client.post(door, {"username": olga.email, "password": PASSWORD}).status_code in (200, 302)
    assert client.get("/admin/").status_code == 302
