"""Whether two records are about one human being. Knows no models: profiles in, comparisons out."""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from django.utils.translation import gettext_noop
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from network.matching.pairs import Comparable, Comparison, sound
from network.matching.pairs import Reason as AnyReason
from network.names import fold

LIKELY = 6.0  # from here on a pair is shown
# Mailboxes of an office rather than of a person.
OFFICE = {"admin", "contact", "enquiries", "hello", "info", "mail", "office", "press", "reception", "secretariat"}
PROVIDERS = {"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "mail.ru", "outlook.com", "yahoo.com"}
ABJAD = re.compile("[\u0590-\u07ff]")  # Hebrew, Arabic and their kin leave out short vowels


class Reason(AnyReason):
    __slots__ = ()

    table = {
        "address": (7.0, gettext_noop("The same e-mail address: %(one)s")),
        "office_address": (0.5, gettext_noop("The same address of an office: %(one)s")),
        "domain": (0.5, gettext_noop("E-mail addresses of one house: %(one)s")),
        "phone": (2.5, gettext_noop("The same telephone number: %(one)s")),
        "name": (5.0, gettext_noop("The same name: %(one)s")),
        "name_scripts": (5.0, gettext_noop("The same name in two scripts or spellings: %(one)s, %(other)s")),
        "name_swapped": (4.5, gettext_noop("Given and family name changed places: %(one)s, %(other)s")),
        "family": (2.5, gettext_noop("The same family name: %(one)s")),
        "family_similar": (1.5, gettext_noop("Family names that are nearly the same: %(one)s, %(other)s")),
        "family_differs": (-4.0, gettext_noop("Different family names: %(one)s, %(other)s")),
        "given": (2.0, gettext_noop("The same given name: %(one)s")),
        "given_similar": (1.0, gettext_noop("Given names that are nearly the same: %(one)s, %(other)s")),
        "given_initial": (0.5, gettext_noop("An initial that fits: %(one)s, %(other)s")),
        "given_differs": (-3.5, gettext_noop("Different given names: %(one)s, %(other)s")),
        "organization": (2.5, gettext_noop("The same organization: %(one)s")),
        "organization_similar": (1.5, gettext_noop("Organizations with nearly the same name: %(one)s, %(other)s")),
        "organization_differs": (-1.5, gettext_noop("Different organizations: %(one)s, %(other)s")),
        "country": (1.0, gettext_noop("The same country: %(one)s")),
        "country_differs": (-1.0, gettext_noop("Different countries: %(one)s, %(other)s")),
    }


@dataclass(frozen=True)
class Profile(Comparable):
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
    def plain(self) -> tuple[str, str]:
        return _plain(self.given_name), _plain(self.family_name)

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

    def match_keys(self) -> frozenset[str]:
        """They say a mailbox, the end of a telephone number, the names in either order, one name with the sound of the
        other, and each name's sound at each organization."""
        keys = {f"m:{box}" for box in self.mailboxes if not _is_office(box)}
        keys |= {f"p:{number}" for number in self.numbers}
        for names in {(self.given, self.family), self.plain}:
            keys |= _keys_of_name(sorted(" ".join(names).split()), self.houses)
        return frozenset(key[:120] for key in keys)

    def compare(self, other: "Profile") -> Comparison:
        return Comparison.weighing([*_names(self, other), *_marks(self, other)], LIKELY)


def _keys_of_name(words: list[str], houses: Iterable[str]) -> set[str]:
    sounds = {sound(word) for word in words if len(word) > 1}
    keys = {f"n:{' '.join(words)}"}
    keys |= {f"s:{' '.join(sorted(sounds))}"} if len(sounds) > 1 else set()
    return keys | {f"o:{sound(house)[:24]}:{heard}" for house in houses for heard in sounds}


def mailbox(address: str) -> str:
    """`address` as the same mailbox is written by everybody: small letters, without what follows a plus sign."""
    local, _at, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _marks(one: Profile, other: Profile) -> Iterator[Reason]:
    """What is not the name."""
    yield from _addresses(one, other)
    yield from _houses(one, other)
    if numbers := one.numbers & other.numbers:
        yield Reason("phone", min(numbers))
    if one.country and one.country == other.country:
        yield Reason("country", one.country)
    elif one.country and other.country:
        yield Reason("country_differs", one.country, other.country)


def same_name(one: str, other: str) -> float:
    """How much two names of organizations (folded) are alike, of 100; 0 where they are not likely the same."""
    weight = fuzz.token_sort_ratio(one, other)
    return weight if weight >= 85 else 0


def _names(one: Profile, other: Profile) -> list[Reason]:
    if (one.given, one.family) == (other.given, other.family) and one.given and one.family:
        same = one.name.casefold() == other.name.casefold()
        return [Reason("name", one.name) if same else Reason("name_scripts", one.name, other.name)]
    if one.plain == other.plain and all(one.plain):
        return [Reason("name_scripts", one.name, other.name)]
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
    is_one_word = one.replace(" ", "") == other.replace(" ", "")
    if JaroWinkler.similarity(one, other) >= 0.88 or is_one_word or _is_same_but_for_vowels(shown, other_shown):
        return [Reason(f"{which}_similar", shown, other_shown)]
    return [Reason(f"{which}_differs", shown, other_shown)]


def _is_same_but_for_vowels(shown: str, other_shown: str) -> bool:
    """Whether the two have the same consonants, of which there are several, and a script leaves vowels out."""
    if not ABJAD.search(shown + other_shown):
        return False
    bones = _bones(shown)
    return bones == _bones(other_shown) and len(bones) > 1


def _bones(text: str) -> str:
    """The consonants of `text` in Latin letters, none twice in a row."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouwy ]", "", _plain(text)))


class Mentions:
    """A text, of which it is asked whom it names, in whatever script."""

    def __init__(self, text: str):
        self.text = text
        self.spelled: dict[str, tuple[int, int]] = {}  # one to five words, as they sound -> where they stand
        self.bones: dict[str, tuple[int, int]] = {}
        words = [(found.start(), found.end(), found[0]) for found in re.finditer(r"\w+", text)]
        letters = [_plain(word).replace(" ", "") for _start, _end, word in words]
        small = [word[0].islower() for _start, _end, word in words]
        for first, (start, _end, _word) in enumerate(words):
            for last in range(first, min(first + 5, len(words))):
                if all(small[first : last + 1]):  # a name has a capital letter, or its script has none
                    continue
                key, place = "".join(letters[first : last + 1]), (start, words[last][1])
                self.spelled.setdefault(key, place)
                self.bones.setdefault(_bones(key), place)

    def of(self, *names: str) -> str:
        """How it names somebody by all these `names`, in any order, as it is written there; "" where it does not. A
        script that leaves vowels out is read by the consonants of a name, where these are four at least."""
        for row in permutations(name for name in names if name):
            key = "".join(_plain(name).replace(" ", "") for name in row)
            if key and (place := self.spelled.get(key)):
                return self._at(place)
            bones = _bones(key)
            place = self.bones.get(bones) if len(bones) >= 4 else None
            if place and ABJAD.search(self._at(place) + "".join(names)):
                return self._at(place)
        return ""

    def _at(self, place: tuple[int, int]) -> str:
        return " ".join(self.text[slice(*place)].split())


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


def _plain(text: str) -> str:
    """`_letters`, where standards of writing in Latin letters differ: Х and خ are KH (ICAO 9303) or H (ISO 9), and the
    soft sign is an apostrophe or nothing."""
    return _letters(fold(text).replace("'", "").replace("kh", "h"))


def _is_office(box: str) -> bool:
    return box.partition("@")[0] in OFFICE


def _domain(box: str) -> str:
    return box.partition("@")[2]
