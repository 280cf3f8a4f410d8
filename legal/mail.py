"""The letters about the law: one small function each, a record in, a letter out. Knows no models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_noop, override

from contacts.mail import LINK, Letter, Purpose, write

if TYPE_CHECKING:
    from contacts.models import Person
    from legal.models import SavedSearch, Suggestion, Work

# How lists of letters say the names below: marked here so that they are translated.
KINDS = [gettext_noop("Contribution invited"), gettext_noop("Suggestion accepted"), gettext_noop("Suggestion returned")]
KINDS += [gettext_noop("Search confirm"), gettext_noop("Search alert")]

# The link leads to a page where its reader signs in; it is no secret.
SIGN_IN = {"signs_in": True}


def contribution_invited(person: Person, country: str, link: str) -> Letter:
    """To a focal point: is what we hold of the law of your country right? With the page where they sign in."""
    return write(
        "contribution_invited", person.language, {"person": person, "country": country, "link": link, **SIGN_IN}
    )


def suggestion_accepted(suggestion: Suggestion) -> Letter:
    """To who suggested it: it is taken over."""
    return _about("suggestion_accepted", suggestion)


def suggestion_returned(suggestion: Suggestion) -> Letter:
    """To who suggested it: it is not taken over, and why."""
    return _about("suggestion_returned", suggestion)


def search_confirm(saved: SavedSearch) -> Letter:
    """Is it you who wants to hear of what is new? With the link that says so."""
    return write("search_confirm", saved.language, {"person": saved, "saved": saved, "link": LINK})


def search_alert(saved: SavedSearch, works: Sequence[Work]) -> Letter:
    """What is new for a saved search. With the link that ends it."""
    with override(saved.language):
        told = [(work.name, settings.SITE_URL + work.get_absolute_url(), str(work.country or "")) for work in works]
    context = {"person": saved, "saved": saved, "works": told, "results": saved.results_link, "link": LINK}
    return replace(write("search_alert", saved.language, context), purpose=Purpose.NEWS)


def _about(name: str, suggestion: Suggestion) -> Letter:
    person: Person = suggestion.person
    return write(name, person.language, {"person": person, "suggestion": suggestion, "link": LINK, **SIGN_IN})
