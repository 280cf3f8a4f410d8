"""Watchlists: files of listed people and organizations, read into facts, and what it is to be alike one of them."""

from contacts.watchlists.comparison import ASKED_FROM, Comparison, Reason, compare, named
from contacts.watchlists.facts import ORGANIZATION, PERSON, Facts, Listed
from contacts.watchlists.index import Index
from contacts.watchlists.reading import KINDS, Reader, open_watchlist

__all__ = [
    "ASKED_FROM",
    "KINDS",
    "ORGANIZATION",
    "PERSON",
    "Comparison",
    "Facts",
    "Index",
    "Listed",
    "Reader",
    "Reason",
    "compare",
    "named",
    "open_watchlist",
]
