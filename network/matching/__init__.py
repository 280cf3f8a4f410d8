"""Which organization is meant: by what somebody wrote, and by another record."""

from network.matching.affiliations import Body, Index, Match, parts_of, words_of
from network.matching.likeness import Profile
from network.matching.pairs import MOST_IN_BLOCK, Comparison, Reason, country_name, pairs

__all__ = [
    "MOST_IN_BLOCK",
    "Body",
    "Comparison",
    "Index",
    "Match",
    "Profile",
    "Reason",
    "country_name",
    "pairs",
    "parts_of",
    "words_of",
]
