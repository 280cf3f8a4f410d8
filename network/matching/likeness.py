"""Whether two records are about one organization: keys that bring candidates together, and a weighing that says why.

Weights are rounded by reason, as those for people are; they add up, and what speaks against is negative. Knows no
models: profiles in, comparisons out.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.utils.translation import gettext, gettext_noop
from rapidfuzz import fuzz

from network.matching.affiliations import Words, is_a_slip, is_common, words_of
from network.names import fold

LIKELY = 4.5  # from here on a pair is shown
MOST_IN_BLOCK = 60  # a key that more organizations share brings none together

SENTENCES = {
    "name": gettext_noop("The same name: %(one)s"),
    "name_spelled": gettext_noop("The same name in two spellings, languages or scripts: %(one)s, %(other)s"),
    "name_order": gettext_noop("The same words in another order: %(one)s, %(other)s"),
    "name_similar": gettext_noop("Names that are nearly the same: %(one)s, %(other)s"),
    "name_differs": gettext_noop("Different names: %(one)s, %(other)s"),
    "acronym": gettext_noop("The same acronym: %(one)s"),
    "domain": gettext_noop("The same website: %(one)s"),
    "country": gettext_noop("The same country: %(one)s"),
    "country_differs": gettext_noop("Different countries: %(one)s, %(other)s"),
    "kind_differs": gettext_noop("Different kinds of organizations"),
}
WEIGHTS = {
    "name": 5.0,
    "name_spelled": 5.0,
    "name_order": 4.0,
    "name_similar": 3.5,
    "name_differs": -2.0,
    "acronym": 1.5,
    "domain": 3.0,
    "country": 1.0,
    "country_differs": -6.0,
    "kind_differs": -1.0,
}


@dataclass(frozen=True)
class Profile:
    """What is known of an organization: all its names, the one to show first; `country` is a code; empty is unknown."""

    key: Hashable
    names: tuple[str, ...]
    acronym: str = ""
    country: str = ""
    website: str = ""
    kind: str = ""

    @cached_property
    def worded(self) -> dict[Words, str]:
        """The words of each name -> the name."""
        return {words: name for name in reversed(self.names) if (words := words_of(name))}

    @cached_property
    def domain(self) -> str:
        return (urlsplit(self.website).hostname or "").removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (weight above 0) or against; `str()` says it in the active language."""

    code: str
    one: str = ""
    other: str = ""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.code]

    def __str__(self) -> str:
        return gettext(SENTENCES[self.code]) % {"one": self.one, "other": self.other}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for and against two profiles being one organization, the weightiest first."""

    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def match_keys(profile: Profile) -> frozenset[str]:
    """Short words, of which two profiles of one organization nearly always share one, and other pairs seldom."""
    keys = set()
    for words in profile.worded:
        spelled = " ".join(sorted(words))
        keys.add(f"n:{profile.country}:{spelled}")
        keys |= set() if is_common(words) else {f"n:{spelled}"}
        keys.add(f"s:{profile.country}:{' '.join(map(_sound, words))}")
    keys |= {f"d:{profile.domain}"} if profile.domain else set()
    return frozenset(key[:120] for key in keys)


def compare(one: Profile, other: Profile) -> Comparison:
    """What speaks for and against `one` and `other` being the same organization."""
    reasons = [_names(one, other)]
    if one.acronym and fold(one.acronym) == fold(other.acronym):
        reasons.append(Reason("acronym", one.acronym))
    if one.domain and one.domain == other.domain:
        reasons.append(Reason("domain", one.domain))
    if one.country and other.country:
        same = one.country == other.country
        reasons.append(
            Reason("country", one.country) if same else Reason("country_differs", one.country, other.country)
        )
    if one.kind and other.kind and one.kind != other.kind:
        reasons.append(Reason("kind_differs"))
    return Comparison(tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))


def pairs(profiles: Iterable[Profile]) -> Iterator[tuple[Profile, Profile, Comparison]]:
    """The likely pairs among `profiles`, each once. A key with more than MOST_IN_BLOCK holders is passed over."""
    blocks = defaultdict(list)
    for profile in profiles:
        for key in match_keys(profile):
            blocks[key].append(profile)
    seen = set()
    for block in blocks.values():
        for place, one in enumerate(block if len(block) <= MOST_IN_BLOCK else []):
            for other in block[place + 1 :]:
                if (one.key, other.key) not in seen:
                    seen |= {(one.key, other.key), (other.key, one.key)}
                    if (comparison := compare(one, other)).is_likely:
                        yield one, other, comparison


def _sound(word: str) -> str:
    """What remains of a word when a letter more or less does not matter: its first letter and its other consonants."""
    return word[:1] + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw]", "", word[1:]))


def _names(one: Profile, other: Profile) -> Reason:
    """The best that any two of their names say."""
    if shared := one.worded.keys() & other.worded.keys():
        words = min(shared)
        mine, theirs = one.worded[words], other.worded[words]
        same = mine.casefold() == theirs.casefold()
        return Reason("name", mine) if same else Reason("name_spelled", mine, theirs)
    for code, holds in (("name_order", _is_reordered), ("name_similar", _is_similar)):
        for words, mine in one.worded.items():
            for others, theirs in other.worded.items():
                if holds(words, others):
                    return Reason(code, mine, theirs)
    return Reason("name_differs", one.names[0], other.names[0])


def _is_reordered(one: Words, other: Words) -> bool:
    return len(one) > 2 and sorted(one) == sorted(other)


def _is_similar(one: Words, other: Words) -> bool:
    if len(one) == len(other) > 1 and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return is_a_slip(one, other)
    return min(len(one), len(other)) > 3 and fuzz.ratio(" ".join(one), " ".join(other)) >= 95
