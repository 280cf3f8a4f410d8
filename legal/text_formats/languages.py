"""Languages of texts, and what their codes are called."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

# Those in which laws are written, by far the most of them; any other code that the CLDR knows is taken as well.
COMMON = (
    *("aa", "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "dv", "dz"),
    *("el", "en", "es", "et", "eu", "fa", "fi", "fil", "fj", "fr", "ga", "gl", "he", "hi", "hr", "ht"),
    *("hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km", "ko", "ky", "lo", "lt", "lv", "mg", "mi"),
    *("mk", "mn", "ms", "mt", "my", "ne", "nl", "no", "nr", "nso", "pl", "ps", "pt", "rn", "ro", "ru"),
    *("rw", "si", "sk", "sl", "sm", "so", "sq", "sr", "ss", "st", "sv", "sw", "ta", "tg", "th", "ti"),
    *("tk", "tn", "to", "tr", "ts", "uk", "ur", "uz", "ve", "vi", "xh", "zh", "zu"),
)


def language_choices() -> list[tuple[str, str]]:
    """The common ones, by name in the active language."""
    names = _names(get_language() or "en")
    return sorted(((code, names.get(code, code)) for code in COMMON), key=lambda one: one[1].casefold())


def is_language(code: str) -> bool:
    return code in _names("en")


def name_of(code: str) -> str:
    """The language `code` in the active language; the code itself where nobody knows it."""
    return _names(get_language() or "en").get(code, code)


@cache
def _names(active: str) -> dict[str, str]:
    return dict(Locale.parse(active, sep="-").languages)
