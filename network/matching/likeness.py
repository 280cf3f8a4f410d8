"""Whether two records are about one organization. Knows no models: profiles in, comparisons out."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop
from rapidfuzz import fuzz

from network.matching.affiliations import Words, is_a_slip, is_common, words_of
from network.matching.pairs import Comparable, Comparison, sound
from network.matching.pairs import Reason as AnyReason
from network.names import fold

LIKELY = 4.5  # from here on a pair is shown


class Reason(AnyReason):
    __slots__ = ()

    table = {
        "name": (5.0, gettext_noop("The same name: %(one)s")),
        "name_spelled": (5.0, gettext_noop("The same name in two spellings, languages or scripts: %(one)s, %(other)s")),
        "name_order": (4.0, gettext_noop("The same words in another order: %(one)s, %(other)s")),
        "name_similar": (3.5, gettext_noop("Names that are nearly the same: %(one)s, %(other)s")),
        "name_differs": (-2.0, gettext_noop("Different names: %(one)s, %(other)s")),
        "acronym": (1.5, gettext_noop("The same acronym: %(one)s")),
        "domain": (3.0, gettext_noop("The same website: %(one)s")),
        "country": (1.0, gettext_noop("The same country: %(one)s")),
        "country_differs": (-6.0, gettext_noop("Different countries: %(one)s, %(other)s")),
        "kind_differs": (-1.0, gettext_noop("Different kinds of organizations")),
    }


@dataclass(frozen=True)
class Profile(Comparable):
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

    def match_keys(self) -> frozenset[str]:
        keys = set()
        for words in self.worded:
            spelled = " ".join(sorted(words))
            keys.add(f"n:{self.country}:{spelled}")
            keys |= set() if is_common(words) else {f"n:{spelled}"}
            keys.add(f"s:{self.country}:{' '.join(map(sound, words))}")
        keys |= {f"d:{self.domain}"} if self.domain else set()
        return frozenset(key[:120] for key in keys)

    def compare(self, other: "Profile") -> Comparison:
        return Comparison.weighing([_names(self, other), *_marks(self, other)], LIKELY)


def _marks(one: Profile, other: Profile) -> Iterator[Reason]:
    """What is not the name."""
    if one.acronym and fold(one.acronym) == fold(other.acronym):
        yield Reason("acronym", one.acronym)
    if one.domain and one.domain == other.domain:
        yield Reason("domain", one.domain)
    if one.country and one.country == other.country:
        yield Reason("country", one.country)
    elif one.country and other.country:
        yield Reason("country_differs", one.country, other.country)
    if one.kind and other.kind and one.kind != other.kind:
        yield Reason("kind_differs")


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
