"""What is compared of somebody, on either side: the same few facts of a record and of an entry in a list."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.sheets.words import country_of
from network.sheets import SheetError, one_line

PERSON, ORGANIZATION, EITHER = "PERSON", "ORGANIZATION", ""

YEARS = range(1850, 2101)
NAME_LIMIT = 1000  # characters
# How lists spell countries that CLDR calls otherwise.
_SPELLED = {
    "bosnia and herzegovina": "BA",
    "burma": "MM",
    "congo, democratic republic of the": "CD",
    "cote d'ivoire": "CI",
    "democratic people's republic of korea": "KP",
    "democratic republic of the congo": "CD",
    "iran (islamic republic of)": "IR",
    "korea, north": "KP",
    "korea, south": "KR",
    "lao people's democratic republic": "LA",
    "palestinian": "PS",
    "republic of korea": "KR",
    "republic of moldova": "MD",
    "russian federation": "RU",
    "state of palestine": "PS",
    "syrian arab republic": "SY",
    "turkey": "TR",
    "united kingdom of great britain and northern ireland": "GB",
    "united republic of tanzania": "TZ",
    "united states of america": "US",
    "venezuela (bolivarian republic of)": "VE",
    "viet nam": "VN",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """`kind` is PERSON, ORGANIZATION or EITHER; countries are codes of two letters; what is empty is not known.
    Identifiers are numbers of documents and registers, and addresses of mail, as `identifiers` spells them."""

    kind: str
    names: tuple[str, ...]
    countries: tuple[str, ...] = ()
    birth_years: tuple[int, ...] = ()
    identifiers: tuple[str, ...] = ()

    def digest(self) -> str:
        """Another one as soon as one of the facts is another; their order does not matter."""
        told = [self.kind, sorted(self.names), sorted(self.countries), sorted(self.birth_years)]
        told.append(sorted(self.identifiers))
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list: where it stands in the file, what the list calls it, its facts, and why it is listed."""

    place: str
    reference: str
    facts: Facts
    programme: str = ""


def listed(place: str, reference: str, facts: Facts, programme: str = "") -> Listed:
    """An entry that is fit to be compared. Raises SheetError with its place where it is not."""
    reference = one_line(reference)
    if not reference or len(reference) > 200:
        raise SheetError(_("%(place)s: the entry has no reference of at most 200 characters.") % {"place": place})
    if not facts.names:
        raise SheetError(_("%(place)s: the entry has no name.") % {"place": place})
    if any(len(name) > NAME_LIMIT for name in facts.names):
        told = _("%(place)s: a name is longer than %(length)s characters.")
        raise SheetError(told % {"place": place, "length": NAME_LIMIT})
    return Listed(place, reference, facts, one_line(programme)[:500])


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """`texts` on one line each, without what is empty or said before."""
    return tuple(dict.fromkeys(filter(None, map(one_line, texts))))


def countries(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of what lists write for countries: FR, fr, gb-sct, France, Russian Federation. What is no country that
    is there today (`suhh`) is left out."""
    return tuple(sorted({code for text in texts if (code := _country(one_line(text)))}))


def years(texts: Iterable[str]) -> tuple[int, ...]:
    """Every year in dates such as 1957, 1957-03-01, 01 Mar 1957 or circa 1957."""
    found = {int(year) for text in texts for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text)}
    return tuple(sorted(found.intersection(YEARS)))


def identifiers(texts: Iterable[str]) -> tuple[str, ...]:
    """Numbers in capitals without what stands between their signs, addresses in small letters. What is too short, or
    has no figure in it, tells nobody apart and is left out."""
    return tuple(sorted({spelled for text in texts if (spelled := _identifier(one_line(text)))}))


def _country(text: str) -> str:
    if code := re.fullmatch(r"([A-Za-z]{2})(-[A-Za-z0-9]{1,3})?", text):
        return code[1].upper()
    return _SPELLED.get(text.casefold()) or country_of(text)


def _identifier(text: str) -> str:
    if "@" in text:
        return text.casefold()
    spelled = re.sub(r"[^A-Z0-9]", "", text.upper())
    return spelled if len(spelled) >= 6 and re.search(r"\d", spelled) else ""
