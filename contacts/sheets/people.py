"""People from a contact list, and from Entente's own template, in any table that `network.sheets` reads."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from contacts.sheets.mapped import mapped_people
from contacts.sheets.records import PersonRecord, language_code, phone_number
from network.sheets import (
    Layout,
    Reading,
    Refusal,
    Row,
    RowError,
    country_code,
    email_address,
    one_line,
    open_sheet,
    read_records,
    within,
)

COLUMNS = frozenset(
    {
        "reference",
        "honorific",
        "given_name",
        "family_name",
        "position",
        "organization",
        "organization_reference",
        "country",
        "languages",
        "email",
        "phone",
        "locale",  # of the writing; understood, and not kept
    }
)
SYNONYMS = {
    "contact_id": "reference",
    "first_name": "given_name",
    "last_name": "family_name",
    "surname": "family_name",
    "job_title": "position",
    "organisation": "organization",
    "organisation_ref": "organization_reference",
    "organization_ref": "organization_reference",
    "organisation_reference": "organization_reference",
    "language": "languages",
    "preferred_language": "languages",
    "preferred_languages": "languages",
    "e_mail": "email",
    "e_mails": "email",
    "emails": "email",
    "phones": "phone",
    "telephone": "phone",
}


def read_people(
    path: str | Path, mapping: Mapping[str, str] | None = None, reading: Reading | None = None
) -> Iterator[PersonRecord | Refusal]:
    """A record for each row of the file at `path`, or the row's Refusal. Raises SheetError, before the first record,
    where the file cannot be read or its columns do not fit. `reading` corrects how it is read (see `open_sheet`).

    With `mapping` (column -> field of FIELDS, "" to leave it out) any list is read, and what has no place is told in
    the notes of its record. Without it a vCard or LDIF file is read as `suggest` maps it, and a table has to be the
    template (reference, honorific, given name, family name, position, organization, organization reference, country,
    languages, email, phone, in any order, or their SYNONYMS). A cell may hold several e-mail addresses, phone numbers
    or languages, with semicolons or line breaks between them."""
    sheet = open_sheet(path, reading)
    if mapping is None and not sheet.reading.format.startswith(("vCard", "LDIF")):
        return read_records(path, (LAYOUT,), sheet.reading)
    return mapped_people(sheet, mapping)


def _person(row: Row) -> PersonRecord:
    if not row.text("given_name") and not row.text("family_name"):
        raise RowError(_("There is no name."))
    return PersonRecord(
        row=row.number,
        reference=_text(row, "reference", 200),
        honorific=_text(row, "honorific", 40),
        given_name=_text(row, "given_name", 150),
        family_name=_text(row, "family_name", 150),
        position=_text(row, "position", 200),
        organization_name=_text(row, "organization", 500),
        organization_reference=_text(row, "organization_reference", 500),
        country=country_code(row.text("country")),
        languages=tuple(language_code(code) for code in _items(row, "languages", ";,")),
        emails=tuple(dict.fromkeys(email_address(address) for address in _items(row, "email", ";,"))),
        phones=tuple(phone_number(number) for number in _items(row, "phone", ";")),
    )


def _text(row: Row, column: str, length: int) -> str:
    return within(row.text(column), length, column)


def _items(row: Row, column: str, marks: str) -> list[str]:
    items = map(one_line, re.split(f"[{marks}\n\r]", row.values.get(column, "")))
    return list(dict.fromkeys(filter(None, items)))


LAYOUT = Layout(
    _person,
    frozenset({"given_name", "family_name"}),
    COLUMNS,
    SYNONYMS,
)
