"""What a file says of one person, and the checks that every file has to pass."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from network.sentences import Sentence
from network.sheets import RowError


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What a file says of one person. Empty text or no item means that the file does not say: keep what is known.

    `languages`: small-letter codes, the language of letters first. `organization_reference`: the register and the
    number there, as organizations have it. `phone_kinds`: for each of `phones` WORK, MOBILE, ASSISTANT or "" where the
    file does not say; () where it says of none. `starts_on`, `ends_on`: in that position. `note`: what is to be kept
    with the person as it stands in the file, a line for each column. `notes`: what was left out of the row, and what
    could be doubted, in sentences for the sender.
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
    note: str = ""
    notes: tuple[str, ...] = ()

    @property
    def organization(self) -> str:
        """What the file says of the organization: its name, or else its reference."""
        return self.organization_name or self.organization_reference


def language_code(text: str) -> str:
    code = text.replace("_", "-").lower()
    if not re.fullmatch("[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
        raise RowError(Sentence(_("“%(text)s” is not the code of a language, such as fr."), text=text))
    return code


def phone_number(text: str) -> str:
    """A number as it was written; what cannot be one is refused."""
    if len(text) > 40 or not re.search(r"\d", text):
        raise RowError(Sentence(_("“%(text)s” is not a telephone number."), text=text))
    return text
