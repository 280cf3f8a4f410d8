"""Which organization is meant: by what somebody wrote, and by another record."""

from network.matching.affiliations import Body, Index, Match, parts_of, words_of
from network.matching.likeness import Comparison, Profile, compare, match_keys, pairs

__all__ = ["Body", "Comparison", "Index", "Match", "Profile", "compare", "match_keys", "pairs", "parts_of", "words_of"]
