"""What people write for a country, a language or a day, when they do not write its code."""

import re
from datetime import date, timedelta
from functools import cache

from babel import Locale

SPOKEN = ("en", "fr", "es", "ar", "ru", "de", "pt", "it", "zh")
SHORT = {"usa": "US", "u.s.a.": "US", "uk": "GB", "u.k.": "GB", "uae": "AE"}
FIRST_DAYS = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}  # day 0; 1900 has a 29 February in Excel


def country_of(name: str) -> str:
    """The code of the country that is called `name` in one of SPOKEN (CLDR), or ""."""
    return SHORT.get(name.casefold()) or _countries().get(name.casefold(), "")


def language_of(name: str) -> str:
    """The code of the language that is called `name` in one of SPOKEN (CLDR), or ""."""
    return _languages().get(name.casefold(), "")


def day_of(text: str, date_system: str = "") -> date | None:
    """The day that `text` says: 2026-03-01 (also with a time), 1.3.2026, 31/12/2026 or 12/31/2026, and a number of days
    as `date_system` counts them. None where it says none, or could be two days: 3/4/2026."""
    if date_system and re.fullmatch(r"\d{5}", text):
        return FIRST_DAYS[date_system] + timedelta(days=int(text))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text):
        return _day(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text):
        return _day(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        days = {_day(found[3], found[2], found[1]), _day(found[3], found[1], found[2])} - {None}
        return days.pop() if len(days) == 1 else None
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@cache
def _countries() -> dict[str, str]:
    codes = [(code, name) for spoken in reversed(SPOKEN) for code, name in Locale(spoken).territories.items()]
    return {name.casefold(): code for code, name in codes if re.fullmatch("[A-Z]{2}", code)}


@cache
def _languages() -> dict[str, str]:
    codes = [(code, name) for spoken in reversed(SPOKEN) for code, name in Locale(spoken).languages.items()]
    return {name.casefold(): code for code, name in codes if re.fullmatch("[a-z]{2,3}", code)}
