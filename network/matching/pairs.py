"""Which records may be about one and the same: keys bring candidates together, and a weighing says why.

Weights are logarithms of how much more often a thing is seen between two records of one than between records of
different ones, rounded by reason; they add up, and what speaks against is negative (Fellegi and Sunter, 1969).
"""

import re
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

from django.utils.translation import gettext

from network.names import countries_named

MOST_IN_BLOCK = 60  # a key that more records share brings none together


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (weight above 0) or against; `str()` says it in the active language. A subclass has the
    `table`: code -> (weight, sentence with %(one)s and %(other)s)."""

    table: ClassVar[Mapping[str, tuple[float, str]]] = {}

    code: str
    one: str = ""
    other: str = ""

    @property
    def weight(self) -> float:
        return self.table[self.code][0]

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self, house: Mapping[str, object] | None = None) -> str:
        """The sentence, with countries as the `house` calls them."""
        one, other = self.one, self.other
        if self.code.startswith("country"):
            one, other = countries_named(one, house), countries_named(other, house)
        return gettext(self.table[self.code][1]) % {"one": one, "other": other}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for and against two profiles being of one, the weightiest first; from the weight `bar` on a pair is
    shown."""

    reasons: tuple[Reason, ...]
    bar: float

    @classmethod
    def weighing(cls, reasons: Iterable[Reason], bar: float) -> Self:
        return cls(tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))), bar)

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_likely(self) -> bool:
        return self.score >= self.bar


class Comparable(ABC):
    """What is known of one record; `key` tells it from others."""

    key: Hashable

    @abstractmethod
    def match_keys(self) -> frozenset[str]:
        """Short words (up to 120 letters), of which two profiles of one nearly always share one, other pairs seldom."""

    @abstractmethod
    def compare(self, other: Self) -> Comparison:
        """What speaks for and against this and `other` being of one."""


Known = TypeVar("Known", bound=Comparable)


def pairs(profiles: Iterable[Known]) -> Iterator[tuple[Known, Known, Comparison]]:
    """The likely pairs among `profiles`, each once. A key with more than MOST_IN_BLOCK holders is passed over."""
    blocks = defaultdict(list)
    for profile in profiles:
        for key in profile.match_keys():
            blocks[key].append(profile)
    seen = set()
    for block in blocks.values():
        for place, one in enumerate(block if len(block) <= MOST_IN_BLOCK else []):
            for other in block[place + 1 :]:
                if (one.key, other.key) not in seen:
                    seen |= {(one.key, other.key), (other.key, one.key)}
                    if (comparison := one.compare(other)).is_likely:
                        yield one, other, comparison


def sound(word: str) -> str:
    """What remains of a word when a letter more or less does not matter: its first letter and its other consonants."""
    return word[:1] + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw ]", "", word[1:]))
