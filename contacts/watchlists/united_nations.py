"""The consolidated list of the United Nations Security Council, in XML: elements INDIVIDUAL and ENTITY."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from contacts.watchlists.facts import (
    ORGANIZATION,
    PERSON,
    YEARS,
    Facts,
    Listed,
    countries,
    identifiers,
    listed,
    once,
    years,
)
from contacts.watchlists.told import Told
from network.sheets import SheetError

KINDS = {"INDIVIDUAL": PERSON, "ENTITY": ORGANIZATION}
PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
COUNTRIES = (
    *("NATIONALITY/VALUE", "{}_ADDRESS/COUNTRY", "INDIVIDUAL_PLACE_OF_BIRTH/COUNTRY"),
    *("INDIVIDUAL_DOCUMENT/ISSUING_COUNTRY", "INDIVIDUAL_DOCUMENT/COUNTRY_OF_ISSUE"),
)
LONGEST_SPAN = 10  # years; what is vaguer says nothing

_LABEL = re.compile(r"^.*\bNo\.? ")  # what a few numbers have before them: "Card No. 12345678"


def read(path: Path, _beside: Sequence[Path], told: Told) -> Iterator[Listed]:
    try:
        for number, (kind, element) in enumerate(_entries(path, told), 1):
            yield _entry(number, kind, element)
            element.clear()
    except ParseError as error:
        line, _column = error.position
        raise SheetError(_("Line %(line)s cannot be read: the XML is damaged.") % {"line": line}) from None
    except DefusedXmlException:
        raise SheetError(_("The file has a document type of its own; a list has none.")) from None


def _entries(path: Path, told: Told) -> Iterator[tuple[str, Element]]:
    root = None
    with path.open("rb") as file:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if root is None:
                root = element
                if root.tag != "CONSOLIDATED_LIST":
                    sentence = _("The file begins with “%(name)s”: this is not the Security Council's list.")
                    raise SheetError(sentence % {"name": root.tag})
                told.version = root.get("dateGenerated", "")
            elif event == "end" and element.tag in KINDS:
                yield KINDS[element.tag], element


def _entry(number: int, kind: str, element: Element) -> Listed:
    prefix = "INDIVIDUAL" if kind == PERSON else "ENTITY"
    reference = _text(element, "DATAID") or _text(element, "REFERENCE_NUMBER")
    name = " ".join(filter(None, (_text(element, part) for part in PARTS)))
    aliases = [alias for text in _texts(element, f"{prefix}_ALIAS/ALIAS_NAME") for alias in text.split(";")]
    places = (path.format(prefix) for path in COUNTRIES)
    facts = Facts(
        kind,
        once([name, _text(element, "NAME_ORIGINAL_SCRIPT"), *aliases]),
        countries(text for place in places for text in _texts(element, place)),
        tuple(sorted({year for born in element.iter("INDIVIDUAL_DATE_OF_BIRTH") for year in _born(born)})),
        identifiers(_LABEL.sub("", text) for text in _texts(element, "INDIVIDUAL_DOCUMENT/NUMBER")),
    )
    where = _("Entry %(number)s (%(reference)s)") % {"number": number, "reference": reference or "?"}
    programme = " ".join(filter(None, (_text(element, "UN_LIST_TYPE"), _text(element, "REFERENCE_NUMBER"))))
    return listed(where, reference, facts, programme)


def _born(element: Element) -> Iterable[int]:
    """The years of one date, which may be a year, a day or a span."""
    first, last = years([_text(element, "FROM_YEAR")]), years([_text(element, "TO_YEAR")])
    if first and last and last[0] - first[0] <= LONGEST_SPAN:
        return set(range(first[0], last[0] + 1)).intersection(YEARS)
    return years([_text(element, "YEAR"), _text(element, "DATE")])


def _texts(element: Element, path: str) -> list[str]:
    return [found.text or "" for found in element.iterfind(path)]


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
