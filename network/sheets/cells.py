"""One cell of a sheet, read and checked. What is wrong with it is a RowError: one sentence for the sender."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_noop as _

from network.sentences import Sentence, SentenceError

# What registers write for an international body (ISO 3166 reserves both), and two spellings of the European Union.
NO_COUNTRY = {"", "ZZ", "EU"}
SPELLED = {"UK": "GB", "EL": "GR"}

_valid_url = URLValidator(schemes=["http", "https"])
# Control characters, what turns the direction of a text, the zero-width space and the byte-order mark; joiners stay,
# Persian and Hindi need them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")


class SheetError(SentenceError):
    """Why a whole file cannot be read, in a sentence for the person who sent it."""


class RowError(SentenceError):
    """What is wrong with one row, in a sentence for the person who sent the file."""


def one_line(text: str) -> str:
    """`text` on one line, composed (NFC), with single spaces and without unseen characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(_UNSEEN.sub("", text).split())


def within(text: str, length: int, column: str) -> str:
    """`text` itself; RowError where it is longer than `length`."""
    if len(text) > length:
        raise RowError(Sentence(_("“%(column)s” is longer than %(length)s characters."), column=column, length=length))
    return text


def country_code(text: str) -> str:
    """An ISO 3166-1 alpha-2 code, or "" for no country."""
    code = one_line(text).upper()
    if code in NO_COUNTRY:
        return ""
    if not re.fullmatch("[A-Z]{2}", code):
        sentence = _("The country “%(country)s” is not a code of two letters, such as FR.")
        raise RowError(Sentence(sentence, country=one_line(text)))
    return SPELLED.get(code, code)


def web_address(text: str) -> str:
    """A web address with its scheme (https where none is written), or ""."""
    text = one_line(text)
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        _valid_url(address)
    except ValidationError:
        raise RowError(Sentence(_("“%(text)s” is not a web address."), text=text)) from None
    return within(address, 500, "website")


def email_address(text: str) -> str:
    """An e-mail address in small letters, or ""."""
    text = one_line(text).lower()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise RowError(Sentence(_("“%(text)s” is not an e-mail address."), text=text)) from None
    return text
