"""A setting, role, command or letter is finished when `docs/reference/` names it."""

import inspect
import re
from pathlib import Path

import pytest
from django.conf import settings

from config.roles import ROLES
from contacts import mail as contacts_mail
from contacts.mail import Letter
from contacts.models import Delivery
from contacts.urls import urlpatterns as contacts_urls
from events import mail
from events.models import InvitationAnswer, Standing
from events.models.reminder import Whom
from events.urls import urlpatterns
from legal import mail as legal_mail

ROOT = Path(settings.BASE_DIR)
READS = re.compile(r"\b(?:text|flag|number)\(\s*\"([A-Z_]+)\"")
COMMANDS = [path.stem for path in ROOT.glob("*/management/commands/*.py") if path.stem != "__init__"]
SETTINGS = sorted(
    {name for path in ("settings", "environment") for name in READS.findall((ROOT / f"config/{path}.py").read_text())}
)
LETTERS = [
    name
    for paper in (mail, contacts_mail, legal_mail)
    for name, function in inspect.getmembers(paper, inspect.isfunction)
    if function.__module__ == paper.__name__ and not name.startswith("_") and name != "write"
    if inspect.signature(function).return_annotation in (Letter, "Letter")
]


def reference(name: str) -> str:
    return (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")


def rows(name: str) -> list[str]:
    """What the tables of a reference page name in their first column."""
    return re.findall(r"^\| `([^`]+)` \|", reference(name), re.MULTILINE)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_row(name):
    assert rows("settings").count(name) == 1


def test_no_setting_is_described_that_nobody_reads():
    assert sorted(rows("settings")) == SETTINGS


def test_the_settings_that_an_installation_needs_are_among_those_read():
    assert {"DATABASE_URL", "REDIS_URL", "ENTENTE_SECRET_KEY", "ENTENTE_URL"} <= set(SETTINGS)


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_every_role_has_its_row(role):
    assert rows("roles").count(role) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_row(command):
    assert rows("commands").count(command) == 1


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_has_its_row_and_its_words(letter):
    assert rows("letters").count(letter) == 1
    assert [(ROOT / "templates" / "mail" / f"{letter}.{kind}").is_file() for kind in ("txt", "html")] == [True, True]


def test_no_words_of_a_letter_lie_about_unused():
    words = {path.stem for path in (ROOT / "templates" / "mail").iterdir()} - {"base"}

    assert words == set(LETTERS)


def test_every_state_of_a_letter_is_explained():
    assert [state for state in Delivery.State.values if state not in rows("letters")] == []


@pytest.mark.parametrize("word", [*Standing.labels, *InvitationAnswer.Way.labels, *Whom.labels])
def test_every_standing_of_an_invitation_and_every_way_of_an_answer_is_explained(word):
    assert re.search(rf"^\| {word} \|", reference("invitations"), re.M)


def test_every_public_address_is_listed():
    """In full, or as what follows an address of the same row."""
    listed = re.sub(r"<[^>]*>", "<>", reference("addresses"))
    paths = [re.sub(r"<[^>]*>", "<>", str(url.pattern)) for url in (*urlpatterns, *contacts_urls)]
    tails = [re.sub(r"^(?:events|invitations)/<>/(?=.)", "", path) for path in paths]

    assert [tail for tail in tails if f"`{tail}`" not in listed and f"/{tail}`" not in listed] == []


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{page.name}: {target}"
        for page in (*ROOT.glob("docs/**/*.md"), ROOT / "README.md")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_index_leads_to_every_page_and_every_link_leads_somewhere():
    folder = ROOT / "docs"
    pages = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.md") if path.parent.name != "decisions"}
    linked = set(re.findall(r"\]\(([\w/-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in (ROOT / "README.md", *folder.rglob("*.md"))
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert (linked, broken) == (pages, [])
