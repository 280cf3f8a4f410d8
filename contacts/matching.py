"""Whether two records are about one human being: keys that bring candidates together, and a weighing that says why.

Weights are logarithms of how much more often a thing is seen among two records of one person than among two of
different people, rounded by reason; they add up, and what speaks against is negative (Fellegi and Sunter, 1969).
Knows no models: profiles in, comparisons out.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext, gettext_noop
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from network.names import fold

LIKELY = 6.0  # from here on a pair is shown
MOST_IN_BLOCK = 60  # a key that more people share brings nobody together
# Mailboxes of an office rather than of a person.
OFFICE = {"admin", "contact", "enquiries", "hello", "info", "mail", "office", "press", "reception", "secretariat"}
PROVIDERS = {"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "mail.ru", "outlook.com", "yahoo.com"}

SENTENCES = {
    "address": gettext_noop("The same e-mail address: %(one)s"),
    "office_address": gettext_noop("The same address of an office: %(one)s"),
    "domain": gettext_noop("E-mail addresses of one house: %(one)s"),
    "phone": gettext_noop("The same telephone number: %(one)s"),
    "name": gettext_noop("The same name: %(one)s"),
    "name_scripts": gettext_noop("The same name in two scripts or spellings: %(one)s, %(other)s"),
    "name_swapped": gettext_noop("Given and family name changed places: %(one)s, %(other)s"),
    "family": gettext_noop("The same family name: %(one)s"),
    "family_similar": gettext_noop("Family names that are nearly the same: %(one)s, %(other)s"),
    "family_differs": gettext_noop("Different family names: %(one)s, %(other)s"),
    "given": gettext_noop("The same given name: %(one)s"),
    "given_similar": gettext_noop("Given names that are nearly the same: %(one)s, %(other)s"),
    "given_initial": gettext_noop("An initial that fits: %(one)s, %(other)s"),
    "given_differs": gettext_noop("Different given names: %(one)s, %(other)s"),
    "organization": gettext_noop("The same organization: %(one)s"),
    "organization_similar": gettext_noop("Organizations with nearly the same name: %(one)s, %(other)s"),
    "organization_differs": gettext_noop("Different organizations: %(one)s, %(other)s"),
    "country_differs": gettext_noop("Different countries: %(one)s, %(other)s"),
}
WEIGHTS = {
    "address": 7.0,
    "office_address": 0.5,
    "domain": 0.5,
    "phone": 2.5,
    "name": 5.0,
    "name_scripts": 5.0,
    "name_swapped": 4.5,
    "family": 2.5,
    "family_similar": 1.5,
    "family_differs": -4.0,
    "given": 2.0,
    "given_similar": 1.0,
    "given_initial": 0.5,
    "given_differs": -3.5,
    "organization": 2.5,
    "organization_similar": 1.5,
    "organization_differs": -1.5,
    "country_differs": -1.0,
}


@dataclass(frozen=True)
class Profile:
    """What is known of somebody. `organizations` are names, `country` a code of two letters; empty is not known."""

    key: Hashable
    given_name: str
    family_name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    country: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @cached_property
    def given(self) -> str:
        return _letters(self.given_name)

    @cached_property
    def family(self) -> str:
        return _letters(self.family_name)

    @cached_property
    def mailboxes(self) -> frozenset[str]:
        return frozenset(map(mailbox, self.emails))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The last eight digits of each telephone number."""
        return frozenset(number[-8:] for phone in self.phones if len(number := re.sub(r"\D", "", phone)) >= 8)

    @cached_property
    def houses(self) -> frozenset[str]:
        return frozenset(map(_letters, self.organizations))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (weight above 0) or against; `str()` says it in the active language."""

    code: str
    one: str
    other: str = ""

    @property
    def weight(self) -> float:
        return WEIGHTS[self.code]

    def __str__(self) -> str:
        return gettext(SENTENCES[self.code]) % {"one": self.one, "other": self.other}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What speaks for and against two profiles being one person, the weightiest first."""

    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


def mailbox(address: str) -> str:
    """`address` as the same mailbox is written by everybody: small letters, without what follows a plus sign."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def match_keys(profile: Profile) -> frozenset[str]:
    """Short words, of which two profiles of one person nearly always share one, and other pairs seldom.

    They say a mailbox, the end of a telephone number, the names in either order, one name with the sound of the other,
    and each name's sound at each organization."""
    words = sorted([*profile.given.split(), *profile.family.split()])
    sounds = {_sound(word) for word in words if len(word) > 1}
    keys = {f"m:{box}" for box in profile.mailboxes if not _is_office(box)}
    keys |= {f"p:{number}" for number in profile.numbers}
    keys.add(f"n:{' '.join(words)}")
    keys |= {f"s:{' '.join(sorted(sounds))}"} if len(sounds) > 1 else set()
    keys |= {f"o:{_sound(house)[:24]}:{sound}" for house in profile.houses for sound in sounds}
    return frozenset(key[:120] for key in keys)


def compare(one: Profile, other: Profile) -> Comparison:
    """What speaks for and against `one` and `other` being the same person."""
    reasons = [*_names(one, other), *_addresses(one, other), *_houses(one, other)]
    if numbers := one.numbers & other.numbers:
        reasons.append(Reason("phone", min(numbers)))
    if one.country and other.country and one.country != other.country:
        reasons.append(Reason("country_differs", one.country, other.country))
    return Comparison(tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))


def pairs(profiles: Iterable[Profile]) -> Iterator[tuple[Profile, Profile, Comparison]]:
    """The likely pairs among `profiles`, each once. A key with more than MOST_IN_BLOCK holders is passed over."""
    blocks = defaultdict(list)
    for profile in profiles:
        for key in match_keys(profile):
            blocks[key].append(profile)
    seen = set()
    for block in blocks.values():
        if len(block) > MOST_IN_BLOCK:
            continue
        for place, one in enumerate(block):
            for other in block[place + 1 :]:
                if (one.key, other.key) not in seen:
                    seen |= {(one.key, other.key), (other.key, one.key)}
                    if (comparison := compare(one, other)).is_likely:
                        yield one, other, comparison


def same_name(one: str, other: str) -> float:
    """How much two names of organizations (folded) are alike, of 100; 0 where they are not likely the same."""
    weight = fuzz.token_sort_ratio(one, other)
    return weight if weight >= 85 else 0


def _names(one: Profile, other: Profile) -> list[Reason]:
    if (one.given, one.family) == (other.given, other.family) and one.given and one.family:
        same = one.name.casefold() == other.name.casefold()
        return [Reason("name", one.name) if same else Reason("name_scripts", one.name, other.name)]
    if (one.given, one.family) == (other.family, other.given) and one.given:
        return [Reason("name_swapped", one.name, other.name)]
    return [
        *_name("family", one.family_name, other.family_name, one.family, other.family),
        *_name("given", one.given_name, other.given_name, one.given, other.given),
    ]


def _name(which: str, shown: str, other_shown: str, one: str, other: str) -> list[Reason]:
    if not one or not other:
        return []
    if one == other:
        return [Reason(which, shown)]
    if which == "given" and one[0] == other[0] and min(len(one), len(other)) == 1:
        return [Reason("given_initial", shown, other_shown)]
    if JaroWinkler.similarity(one, other) >= 0.88 or one.replace(" ", "") == other.replace(" ", ""):
        return [Reason(f"{which}_similar", shown, other_shown)]
    return [Reason(f"{which}_differs", shown, other_shown)]


def _addresses(one: Profile, other: Profile) -> list[Reason]:
    shared = one.mailboxes & other.mailboxes
    if own := [box for box in shared if not _is_office(box)]:
        return [Reason("address", min(own))]
    if shared:
        return [Reason("office_address", min(shared))]
    domains = {_domain(box) for box in one.mailboxes} & {_domain(box) for box in other.mailboxes} - PROVIDERS
    return [Reason("domain", min(domains))] if domains else []


def _houses(one: Profile, other: Profile) -> list[Reason]:
    if not one.houses or not other.houses:
        return []
    shown, other_shown = min(one.organizations), min(other.organizations)
    if one.houses & other.houses:
        return [Reason("organization", shown)]
    if any(fuzz.ratio(a, b) >= 88 for a in one.houses for b in other.houses):
        return [Reason("organization_similar", shown, other_shown)]
    return [Reason("organization_differs", shown, other_shown)]


def _letters(text: str) -> str:
    """`text` in small Latin letters, words with one blank between them."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def _sound(word: str) -> str:
    """What remains of a word when a letter more or less does not matter: its first letter and its other consonants."""
    consonants = re.sub(r"[aeiouyhw ]", "", word[1:])
    return word[:1] + re.sub(r"(.)\1+", r"\1", consonants)


def _is_office(box: str) -> bool:
    return box.partition("@")[0] in OFFICE


def _domain(box: str) -> str:
    return box.partition("@")[2]
