"""What tables of treaties write for a day: ISO 8601, a name of a month, a letter behind it that says which act it was,
brackets around what has ended; and 31 December 9999 for none."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from django.utils.translation import gettext_noop as _

from contacts.sheets.words import day_of
from network.names import fold
from network.sentences import Sentence
from network.sheets import RowError, one_line

NONE = {"", "-", "–", "—", "n/a", "na", "null", "none", "9999-12-31", "9999", "31/12/9999", "31.12.9999", "0000-00-00"}
FIRST = date(1600, 1, 1)  # no multilateral treaty is older
SPOKEN = ("en", "fr", "es", "ar", "pt", "de", "it")

_TAGS = re.compile(r"<superscript>.*?</superscript>|<[^<>]*>")
_FOOTNOTES = re.compile(r"(?<=\d{4})\s*(?:\(\d+\)|\*+)")
_LETTERS = re.compile(r"(?P<day>.*\d{4}|\d{4}-\d\d-\d\d)\s*(?P<code>[A-Za-z]{1,3})")
_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-]+(?:de )?([^\W\d]+)\.?,?[\s\-]+(?:de )?(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


@dataclass(frozen=True, slots=True)
class Day:
    """`code` is the letter that stood behind it, as written; `is_over`: it stood in brackets."""

    on: date
    code: str = ""
    is_over: bool = False


def read_day(text: str, column: str, date_system: str = "") -> Day | None:
    """The day in a cell of `column`, or None where it says that there is none. Raises RowError where it says something
    else, or something that cannot be."""
    said = one_line(_FOOTNOTES.sub("", _TAGS.sub("", text)))
    bare = said.strip("[]() ")
    is_over = said.startswith("[") and said.endswith("]")
    if bare.casefold() in NONE:
        return None
    code = ""
    if found := _LETTERS.fullmatch(bare):
        bare, code = found["day"].strip(), found["code"]
    on = day_of(bare, date_system) or _in_words(bare)
    if on is None:
        raise RowError(_why(bare, said, column))
    if on < FIRST:
        raise RowError(Sentence(_("“%(text)s” in “%(column)s” is too long ago."), text=said, column=column))
    return Day(on, code, is_over)


def _why(bare: str, said: str, column: str) -> Sentence:
    if re.fullmatch(r"\d{4}", bare):
        sentence = _("“%(text)s” in “%(column)s” is a year only; the day is needed.")
    elif re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", bare) and max(map(int, bare.split("/")[:2])) <= 12:
        sentence = _("“%(text)s” in “%(column)s” could be two days. Write it as year-month-day.")
    else:
        sentence = _("“%(text)s” in “%(column)s” is no day that there is.")
    return Sentence(sentence, text=said, column=column)


def _in_words(text: str) -> date | None:
    if found := _IN_WORDS.fullmatch(text):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(text):
        month, day, year = found.groups()
    else:
        return None
    number = _months().get(fold(month).rstrip("."), 0)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """What the languages call the months, and English in three letters."""
    found = {}
    for spoken in reversed(SPOKEN):
        for form in ("abbreviated", "wide"):
            for number, name in Locale(spoken).months["format"][form].items():
                found[fold(name).rstrip(".")] = number
    return {**found, "sept": 9}
