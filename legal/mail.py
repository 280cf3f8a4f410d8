"""Letters of the legal database: objects in, letters out. Knows no models."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_noop, override

from contacts.mail import LINK, Letter, Purpose, write

if TYPE_CHECKING:
    from legal.models import SavedSearch, Work

# How lists of letters say the names below: marked here so that they are translated.
KINDS = [gettext_noop("Search confirm"), gettext_noop("Search alert")]


def search_confirm(saved: "SavedSearch") -> Letter:
    """Is it you who wants to hear of what is new? With the link that says so."""
    return write("search_confirm", saved.language, {"person": saved, "saved": saved, "link": LINK})


def search_alert(saved: "SavedSearch", works: "Sequence[Work]") -> Letter:
    """What is new for a saved search. With the link that ends it."""
    with override(saved.language):
        told = [(work.name, settings.SITE_URL + work.get_absolute_url(), str(work.country or "")) for work in works]
    context = {"person": saved, "saved": saved, "works": told, "results": saved.results_link, "link": LINK}
    return replace(write("search_alert", saved.language, context), purpose=Purpose.NEWS)
