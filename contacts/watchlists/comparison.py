"""How alike a record and an entry of a list are, and why: names first, then what speaks for or against it.

The points are set by reasoning and measured (see docs/reference/screening.md). Nobody is judged by them: from
ASKED_FROM on a person is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from contacts.watchlists.facts import EITHER, ORGANIZATION, Facts
from contacts.watchlists.words import alike, telling, weight, words_of
from network.names import countries_named

ASKED_FROM = 80  # points
HIGHEST = 100

SENTENCES = {
    "name": gettext_noop("The same name: %(one)s"),
    "name_spelled": gettext_noop("The same name in another order, script or spelling: %(one)s, %(other)s"),
    "name_part": gettext_noop("The same name, of which one has more parts: %(one)s, %(other)s"),
    "name_similar": gettext_noop("Names that are nearly the same: %(one)s, %(other)s"),
    "identifier": gettext_noop("The same number or address: %(one)s"),
    "birth_year": gettext_noop("Born in the same year: %(one)s"),
    "birth_year_near": gettext_noop("Born at about the same time: %(one)s, %(other)s"),
    "birth_year_differs": gettext_noop("Born in different years: %(one)s, %(other)s"),
    "country": gettext_noop("The same country: %(one)s"),
    "country_differs": gettext_noop("Different countries: %(one)s, %(other)s"),
}
POINTS = {
    "identifier": 80,
    "birth_year": 10,
    "birth_year_near": 3,
    "birth_year_differs": -20,
    "country": 5,
    "country_differs": -10,
}
MORE_PARTS = 4  # points less for each word that only the longer name has
MOST_FOR_PARTS = 12
NEAR = 2  # years


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (points above 0) or against. Countries are codes: "FR, RU"."""

    code: str
    points: int
    one: str
    other: str = ""

    def __str__(self) -> str:
        return self.in_words({})

    def in_words(self, names: Mapping[str, object]) -> str:
        """The sentence in the active language; `names` are what the house calls countries, by their codes."""
        one, other = self.one, self.other
        if self.code in ("country", "country_differs"):
            one, other = countries_named(one, names), countries_named(other, names)
        return gettext(SENTENCES[self.code]) % {"one": one, "other": other}


@dataclass(frozen=True, slots=True)
class Comparison:
    reasons: tuple[Reason, ...] = ()

    @property
    def score(self) -> int:
        return max(0, min(HIGHEST, sum(reason.points for reason in self.reasons)))

    @property
    def is_asked(self) -> bool:
        """Whether a person is to look at it."""
        return self.score >= ASKED_FROM


def compare(one: Facts, other: Facts) -> Comparison:
    """What speaks for and against a record `one` being the entry `other`. Nothing where one is a person and the other
    an organization, or neither a name nor a number brings them together."""
    if EITHER not in (one.kind, other.kind) and one.kind != other.kind:
        return Comparison()
    name = _names(one, other)
    shared = sorted(set(one.identifiers).intersection(other.identifiers))
    if not (name or shared):
        return Comparison()
    found = [name] if name else []
    found += [Reason("identifier", POINTS["identifier"], shared[0])] if shared else []
    return Comparison((*found, *_births(one, other), *_countries(one, other)))


def coverage(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, int]:
    """How much of the shorter name is in the longer one, from 0 to 1, each word once; and how many words are left in
    the longer one. The words are those that tell."""
    short, long = sorted((one, other), key=lambda words: (len(words), words))
    pairs = sorted(
        ((degree, place, there) for place, word in enumerate(short) for there, degree in _like(word, long)),
        reverse=True,
    )
    taken: set[int] = set()
    found: dict[int, float] = {}
    weights = [weight(word) for word in short]
    for degree, place, there in pairs:
        if place not in found and there not in taken:
            found[place] = degree
            taken.add(there)
            weights[place] = min(weights[place], weight(long[there]))  # an initial weighs little on either side
    left = sum(1 for there, word in enumerate(long) if there not in taken and len(word) > 1)
    return sum(degree * weights[place] for place, degree in found.items()) / sum(weights), left


def _like(word: str, long: tuple[str, ...]) -> Iterator[tuple[int, float]]:
    for there, candidate in enumerate(long):
        if degree := alike(word, candidate):
            yield there, degree


def _names(one: Facts, other: Facts) -> Reason | None:
    """The best that a name of the one and a name of the other say, or None where they are strangers."""
    is_person = ORGANIZATION not in (one.kind, other.kind)
    found = [reason for a in one.names for b in other.names if (reason := _name(a, b, is_person))]
    return max(found, key=lambda reason: reason.points, default=None)


def _name(one: str, other: str, is_person: bool) -> Reason | None:
    mine, theirs = words_of(one), words_of(other)
    if not mine or not theirs:
        return None
    if mine == theirs:
        is_told = len(mine) > 1 or len(mine[0]) > 3
        same = "name" if one.casefold() == other.casefold() else "name_spelled"
        return Reason(same, HIGHEST if is_told else 60, one, "" if same == "name" else other)
    if "".join(mine) == "".join(theirs) and len("".join(mine)) > 4:
        return Reason("name_spelled", HIGHEST - 2, one, other)
    mine, theirs = telling(mine), telling(theirs)
    if min(len(mine), len(theirs)) < 2:
        return None if is_person else _single(one, other, mine, theirs)
    covered, left = coverage(mine, theirs)
    less = min(left * MORE_PARTS, MOST_FOR_PARTS) if is_person else _uneven(mine, theirs)
    points = round(HIGHEST * covered - less)
    return Reason(_code(covered, left), points, one, other) if points > 50 else None


def _single(one: str, other: str, mine: tuple[str, ...], theirs: tuple[str, ...]) -> Reason | None:
    """Two organizations of which one has one telling word: the other must have no other, and the word be long."""
    if len(mine) == len(theirs) == 1 and len(mine[0]) > 4 and (degree := alike(mine[0], theirs[0])):
        return Reason("name_spelled" if degree == 1 else "name_similar", round(95 * degree), one, other)
    return None


def _uneven(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """What the words cost that only the longer name of an organization has: they mostly name another one."""
    whole, longer = sorted((sum(map(weight, mine)), sum(map(weight, theirs))))
    return HIGHEST * (longer - whole) / (longer + whole)


def _code(covered: float, left: int) -> str:
    if covered < 0.9:
        return "name_similar"
    return "name_part" if left else "name_spelled"


def _births(one: Facts, other: Facts) -> list[Reason]:
    if not (one.birth_years and other.birth_years):
        return []
    apart, mine, theirs = min((abs(a - b), a, b) for a in one.birth_years for b in other.birth_years)
    code = "birth_year" if not apart else "birth_year_near" if apart <= NEAR else "birth_year_differs"
    return [Reason(code, POINTS[code], str(mine), str(theirs))]


def _countries(one: Facts, other: Facts) -> list[Reason]:
    if not (one.countries and other.countries):
        return []
    if shared := sorted(set(one.countries).intersection(other.countries)):
        return [Reason("country", POINTS["country"], shared[0])]
    return [Reason("country_differs", POINTS["country_differs"], one.countries[0], ", ".join(other.countries[:5]))]
