"""People from a contact list, and from Entente's own template, in any table that `network.sheets` reads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from network.sheets import (
    Layout,
    Reading,
    Refusal,
    Row,
    RowError,
    country_code,
    email_address,
    one_line,
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


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What a file says of one person. Empty text or no item means that the file does not say: keep what is known.

    `languages`: small-letter codes, the language of letters first. `organization_reference`: the register and the
    number there, as organizations have it. `phone_kinds`: for each of `phones` WORK, MOBILE, ASSISTANT or "" where the
    file does not say; () where it says of none. `starts_on`, `ends_on`: in that position. `notes`: what was left out of
    the row, and what could be doubted, in sentences for the sender.
    """

    row: int
    reference: str
    honorific: str
    given_name: str
    family_name: str
    position: str
    organization_name: str
    organization_reference: str
    country: str
    languages: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    phone_kinds: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    passport_given_name: str = ""
    passport_family_name: str = ""
    notes: tuple[str, ...] = ()


def read_people(
    path: str | Path, mapping: Mapping[str, str] | None = None, reading: Reading | None = None
) -> Iterator[PersonRecord | Refusal]:
    """A record for each row of the file at `path`, or the row's Refusal. Raises SheetError, before the first record,
    where the file is not a table or its columns are unknown.

    The columns are those of the template (reference, honorific, given name, family name, position, organization,
    organization reference, country, languages, email, phone), in any order, or their SYNONYMS. A cell may hold several
    e-mail addresses, phone numbers or languages, with semicolons or line breaks between them."""
    return read_records(path, (LAYOUT,))


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
        languages=tuple(_language(code) for code in _items(row, "languages", ";,")),
        emails=tuple(dict.fromkeys(email_address(address) for address in _items(row, "email", ";,"))),
        phones=tuple(_phone(number) for number in _items(row, "phone", ";")),
    )


def _text(row: Row, column: str, length: int) -> str:
    return within(row.text(column), length, column)


def _items(row: Row, column: str, marks: str) -> list[str]:
    items = map(one_line, re.split(f"[{marks}\n\r]", row.values.get(column, "")))
    return list(dict.fromkeys(filter(None, items)))


def _language(text: str) -> str:
    code = text.replace("_", "-").lower()
    if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
        raise RowError(_("“%(text)s” is not the code of a language, such as fr.") % {"text": text})
    return code


def _phone(text: str) -> str:
    """A number as it was written; what cannot be one is refused."""
    if len(text) > 40 or not re.search(r"\d", text):
        raise RowError(_("“%(text)s” is not a telephone number.") % {"text": text})
    return text


LAYOUT = Layout(
    _person,
    frozenset({"given_name", "family_name"}),
    COLUMNS,
    SYNONYMS,
)
