"""Names: one spelling for searching and matching, whatever script or accents they were written in; and of countries."""

from collections.abc import Mapping

from anyascii import anyascii
from babel import Locale
from django.utils.translation import get_language


def fold(*texts: str) -> str:
    """`texts` joined, transliterated to ASCII, in small letters: "Güler  Sabancı" and "guler sabanci" are the same."""
    return " ".join(anyascii(" ".join(texts)).casefold().split())


def countries_named(codes: str, house: Mapping[str, object] | None = None) -> str:
    """What the active language calls the countries of `codes` ("FR, DE"; ISO 3166): as the `house` does where it has a
    name, else as the CLDR does; what is no code stays as it is."""
    names = {**Locale.parse(get_language() or "en", sep="-").territories, **(house or {})}
    return ", ".join(str(names.get(code, code)) for code in codes.split(", "))
