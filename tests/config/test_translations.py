"""Every word that a reader sees exists in every language of the house. Needs no gettext programs."""

import re
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
KEYWORDS = {name: None for name in ("_", "gettext", "gettext_lazy", "gettext_noop")}
KEYWORDS |= {name: (1, 2) for name in ("ngettext", "ngettext_lazy")}
KEYWORDS |= {name: ((1, "c"), 2) for name in ("pgettext", "pgettext_lazy")}
KEYWORDS |= {name: ((1, "c"), 2, 3) for name in ("npgettext", "npgettext_lazy")}


def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def words() -> set[tuple[str, str | None]]:
    """(text, context) of all that the Python files and templates mark for translation."""
    apps = ("network", "contacts", "events", "cms", "config")
    python = chain.from_iterable((ROOT / app).rglob("*.py") for app in apps)
    sources = [path.read_text(encoding="utf-8") for path in python if "migrations" not in path.parts]
    found = chain.from_iterable(map(_marked, sources))
    templates = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.*")]
    return {*found, *chain.from_iterable(_marked(_plain(templatize(source))) for source in templates)}


def _marked(source: str):
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        yield (message[0] if isinstance(message, tuple) else message), context


def _plain(templatized: str) -> str:
    """Only the lines' own calls: what Django writes between them is no Python."""
    return "\n".join(line.strip() for line in templatized.splitlines())


def texts(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_the_search_for_words_finds_some():
    found = words()

    assert {("Accept", None), ("Draft", None), ("To", "a letter")} <= found
    assert len(found) > 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_missing_from_the_catalogue(language):
    known = {
        (message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
        for message in catalogue(language)
    }

    assert sorted(text for text, _context in words() - known) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated_in_all_its_plural_forms(language):
    messages = [message for message in catalogue(language) if message.id]

    assert [message.id for message in messages if not all(texts(message))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    """A catalogue marked fuzzy in its head is not even compiled."""
    whole = catalogue(language)

    assert (whole.fuzzy, [message.id for message in whole if message.id and message.fuzzy]) == (False, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_as_in_the_source(language):
    errors = [(message.id, str(error)) for message, found in catalogue(language).check() for error in found]

    assert errors == []


def test_a_french_sign_is_not_torn_from_its_word():
    """Before a colon, a semicolon, a question or exclamation mark, and inside the quotation marks, French has a space;
    with one that breaks, the sign begins a line of its own."""
    said = [text for message in catalogue("fr") if message.id for text in texts(message)]

    assert [text for text in said if re.search(r" [:;!?»](?!\w)|« ", text)] == []
