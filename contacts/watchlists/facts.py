"""What is compared of somebody, on either side: the same few facts of a record and of an entry in a list."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext as _

from contacts.sheets.words import country_of
from network.names import fold
from network.sheets import SheetError, one_line

PERSON, ORGANIZATION, EITHER = "PERSON", "ORGANIZATION", ""

YEARS = range(1850, 2101)
NAME_LIMIT = 1000  # characters
# Codes of CLDR for what is no country.
_NO_COUNTRY = {"EU", "EZ", "QO", "QU", "UN", "XA", "XB", "ZZ"}
# How lists spell countries that CLDR calls otherwise.
_SPELLED = {
    "Bolivia (Plurinational State of)": "BO",
    "Burma": "MM",
    "Congo, Democratic Republic of the": "CD",
    "Congo, Republic of the": "CG",
    "Cote d Ivoire": "CI",
    "Czech Republic": "CZ",
    "Democratic People's Republic of Korea": "KP",
    "Democratic Republic of the Congo": "CD",
    "East Timor": "TL",
    "Falkland Islands (Islas Malvinas)": "FK",
    "Holy See": "VA",
    "Hong Kong": "HK",
    "Hong Kong, China": "HK",
    "Iran (Islamic Republic of)": "IR",
    "Korea, North": "KP",
    "Korea, South": "KR",
    "Lao People's Democratic Republic": "LA",
    "Libyan Arab Jamahiriya": "LY",
    "Macau": "MO",
    "Macedonia": "MK",
    "Man, Isle of": "IM",
    "Micronesia (Federated States of)": "FM",
    "Micronesia, Federated States of": "FM",
    "Netherlands (Kingdom of the)": "NL",
    "North Macedonia, The Republic of": "MK",
    "Occupied Palestinian Territory": "PS",
    "Palestinian": "PS",
    "Republic of Korea": "KR",
    "Republic of Moldova": "MD",
    "Republic of the Congo": "CG",
    "Russian Federation": "RU",
    "State of Libya": "LY",
    "State of Palestine": "PS",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "Taiwan (Province of China)": "TW",
    "Taiwan, Province of China": "TW",
    "The former Yugoslav Republic of Macedonia": "MK",
    "Turkey": "TR",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "United Republic of Tanzania": "TZ",
    "United States of America": "US",
    "Venezuela (Bolivarian Republic of)": "VE",
    "Viet Nam": "VN",
    "Virgin Islands, British": "VG",
    "Virgin Islands, U.S.": "VI",
    "West Bank": "PS",
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
    """The codes of what lists write for countries: FR, fr, UK, gb-sct, France, Russian Federation. What is no country
    that is there today (`suhh`, `xx`) is left out."""
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
        return _codes().get(code[1].upper(), "")
    found = _spelled().get(_plain(text)) or country_of(text)
    return found if found in _codes() else ""


@cache
def _codes() -> dict[str, str]:
    """Code of two letters -> the one of today: UK is GB; one that has become several (SU) is none."""
    today: dict[str, str] = {
        code: code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)
    }
    aliases: dict[str, list[str]] = dict(get_global("territory_aliases"))
    former = {code: new[0] for code, new in aliases.items() if len(code) == 2 and len(new) == 1}
    return {code: new for code, new in (former | today).items() if code not in _NO_COUNTRY}


@cache
def _spelled() -> dict[str, str]:
    """Plain name -> code: CLDR's in English, and how lists spell them."""
    names = Locale("en").territories
    known = {str(names[code]): code for code, new in _codes().items() if code == new}
    return {_plain(name): code for name, code in (known | _SPELLED).items()}


def _plain(name: str) -> str:
    """“St. Kitts & Nevis” and “Saint Kitts and Nevis” are the same, “Bahamas, The” and “Bahamas” as well."""
    words = re.findall("[a-z]+", fold(name.replace("&", " and ")).replace("'", ""))
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


def _identifier(text: str) -> str:
    if "@" in text:
        return text.casefold()
    spelled = re.sub(r"[^A-Z0-9]", "", text.upper())
    return spelled if len(spelled) >= 6 and re.search(r"\d", spelled) else ""
