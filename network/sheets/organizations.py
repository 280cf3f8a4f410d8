"""Organizations from the registers that we know, told apart by their header, and from Entente's own template."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets.cells import RowError, country_code, email_address, one_line, web_address, within
from network.sheets.kinds import kind_in_ror, kind_of_public_body
from network.sheets.reading import Row
from network.sheets.rows import Layout, read_records
from network.sheets.tally import Refusal

KINDS = ("IGO", "GOVERNMENT", "LAW_ENFORCEMENT", "CRIMINAL_JUSTICE", "INDUSTRY", "NGO", "ACADEMIA")
ROR_STATUS = {"active": "ACTIVE", "inactive": "ENDED", "withdrawn": "ENDED"}


@dataclass(frozen=True, slots=True)
class OtherName:
    """`kind` is TRANSLATION or ALIAS; `language` is "" where the file does not say."""

    name: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """What a file says of one organization. Empty text means that the file does not say: keep what is known.

    `reference` names the register and the number there ("ror:001symg34"). `parent_reference` is such a reference, or in
    Entente's own template whatever stands in the column: a reference or a name.
    """

    row: int
    reference: str
    name: str
    kind: str
    acronym: str = ""
    country: str = ""
    website: str = ""
    email: str = ""
    status: str = ""
    names: tuple[OtherName, ...] = ()
    parent_reference: str = ""


def read_organizations(path: str | Path) -> Iterator[OrganizationRecord | Refusal]:
    """A record for each row of the file at `path`, or the row's Refusal. Raises SheetError, before the first record,
    where the file is not a table or its columns are unknown.

    Understood are the CSV extracts of ROR (https://ror.org), of Supraverden's list of international organizations, a
    list of enforcement bodies taken from both and from PublicBodies, and the template."""
    return read_records(path, LAYOUTS)


def _ror(row: Row) -> OrganizationRecord:
    name = _name(row, "name")
    acronym, aliases = _acronym(row.text("acronyms").split("|"))
    return OrganizationRecord(
        row=row.number,
        reference=f"ror:{_required(row, 'ror_id')}",
        name=name,
        kind=kind_in_ror(set(row.text("types").split("|")), name),
        acronym=acronym,
        country=country_code(row.text("country")),
        website=web_address(row.text("website")),
        status=_ror_status(row.text("status")),
        names=_names(
            name, [*_labels(row.text("labels_by_lang")), *_aliases(aliases), *_aliases(_list(row, "aliases"))]
        ),
    )


def _ror_status(text: str) -> str:
    if text not in ROR_STATUS:
        raise RowError(_("The status “%(status)s” is unknown.") % {"status": text})
    return ROR_STATUS[text]


def _labels(text: str) -> Iterator[OtherName]:
    """ "en:Name|fr:Nom": a piece without a language belongs to the name before it, which has a bar of its own."""
    for piece in re.split(r"\|(?=[a-z]{2,3}(?:-\w+)*:)", text):
        language, _colon, name = piece.partition(":")
        yield OtherName(name.strip(), language, "TRANSLATION")


def _supraverden(row: Row) -> OrganizationRecord:
    name = _name(row, "Name_en")
    acronym, aliases = _acronym([row.text("Abbreviation_en")])
    translations = [OtherName(row.text(f"Name_{code}"), code, "TRANSLATION") for code in ("fr", "es", "ar")]
    return OrganizationRecord(
        row=row.number,
        reference=f"supraverden:{_required(row, 'SPRVD_id')}",
        name=name,
        kind="IGO",
        acronym=acronym,
        country=country_code(row.text("Country")),
        website=web_address(row.text("Website")),
        names=_names(name, [*translations, *_aliases(aliases)]),
    )


def _enforcement(row: Row) -> OrganizationRecord:
    name, source = _name(row, "name"), _required(row, "source")
    acronym, aliases = _acronym(row.text("acronym").split("|"))
    return OrganizationRecord(
        row=row.number,
        reference=within(f"{source}:{_required(row, 'source_id')}", 500, "source_id"),
        name=name,
        kind=_enforcement_kind(source, row.text("type"), name),
        acronym=acronym,
        country=country_code(row.text("country")),
        website=web_address(row.text("website")),
        email=email_address(row.text("email")),
        names=_names(name, _aliases(aliases)),
    )


def _enforcement_kind(source: str, types: str, name: str) -> str:
    if source == "ror":
        return kind_in_ror(set(types.split("|")), name)
    return "IGO" if source == "supraverden" else kind_of_public_body(name)


def _template(row: Row) -> OrganizationRecord:
    name = _name(row, "name")
    acronym, aliases = _acronym([row.text("acronym")])
    return OrganizationRecord(
        row=row.number,
        reference=within(row.text("reference"), 500, "reference"),
        name=name,
        kind=_kind(row.text("kind")),
        acronym=acronym,
        country=country_code(row.text("country")),
        website=web_address(row.text("website")),
        email=email_address(row.text("email")),
        names=_names(name, _aliases(aliases)),
        parent_reference=row.text("parent"),
    )


def _kind(text: str) -> str:
    kind = re.sub(r"[\s\-]+", "_", text.upper())
    if kind not in KINDS:
        sentence = _("The kind “%(kind)s” is not one of %(kinds)s.")
        raise RowError(sentence % {"kind": text, "kinds": ", ".join(KINDS)})
    return kind


# -- cells of several layouts


def _required(row: Row, column: str) -> str:
    if text := row.text(column):
        return text
    raise RowError(_("“%(column)s” is empty.") % {"column": column})


def _name(row: Row, column: str) -> str:
    if name := row.text(column):
        return within(name, 500, column)
    raise RowError(_("There is no name."))


def _acronym(found: Iterable[str]) -> tuple[str, list[str]]:
    """The acronym and what else stood there; what is too long for an acronym is another name."""
    words = [word for word in map(one_line, found) if word]
    acronym = next((word for word in words if len(word) <= 30), "")
    return acronym, [word for word in words if word != acronym]


def _list(row: Row, column: str) -> list[str]:
    return [one_line(piece) for piece in row.values.get(column, "").split("|")]


def _aliases(names: Iterable[str]) -> list[OtherName]:
    return [OtherName(name, "", "ALIAS") for name in names]


def _names(name: str, others: Iterable[OtherName]) -> tuple[OtherName, ...]:
    """Each other name once, in the order of the file: an alias only where it is not a translation already."""
    kept = [other for other in dict.fromkeys(others) if other.name not in ("", name)]
    for other in kept:
        within(other.name, 500, "name")
    translated = {other.name for other in kept if other.kind == "TRANSLATION"}
    return tuple(other for other in kept if other.kind == "TRANSLATION" or other.name not in translated)


def _layout(read: Callable[[Row], OrganizationRecord], required: str, others: str) -> Layout[OrganizationRecord]:
    return Layout(read, frozenset(required.split()), frozenset(f"{required} {others}".split()))


LAYOUTS = (
    _layout(
        _ror,
        "ror_id name types status country",
        "acronyms aliases labels_by_lang subdivision city website domains established wikidata",
    ),
    _layout(
        _supraverden,
        "SPRVD_id Name_en",
        "Abbreviation_en Name_fr Name_es Name_ar Entity_type Type Org_family Country Headquarters Year_established "
        "Website Wikidata_code LEI",
    ),
    _layout(_enforcement, "source source_id name type", "acronym country website email"),
    Layout(
        _template,
        frozenset({"name", "kind"}),
        frozenset({"name", "acronym", "kind", "country", "website", "email", "parent", "reference"}),
        synonyms={"e_mail": "email", "web_site": "website"},
    ),
)
