"""Changes: what a history says of one field, its label, what it said before and what it says since. They are kept so
that each reader reads them in their own language; what was kept as words stays as it was written."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import override

from network.labels import Labels, language_name, told_apart
from network.names import countries_named
from network.sentences import Sentence, kept, said


def change(label: Any, before: Any, after: Any) -> list:
    """As JSON keeps it. Each side is a text, a Sentence, Labels, or a list of them."""
    return [Sentence.of(label).text, kept(before), kept(after)]


def in_words(label: str, stored: Any, countries: Mapping[str, object] | None = None) -> str:
    """What the field called `label` was kept to say, in the active language; codes by their names."""
    words = said(stored)
    if isinstance(words, list):
        return ", ".join(str(word) for word in words if word)
    if label == "languages":
        return ", ".join(map(language_name, filter(None, str(words).split(", "))))
    return countries_named(str(words), countries) if label == "country" else str(words)


def both_in_words(
    label: str, before: Any, after: Any, countries: Mapping[str, object] | None = None
) -> tuple[str, str]:
    """What it said before and says now, so that the two can be told apart."""
    texts = said(before), said(after)
    if all(isinstance(one, Labels) for one in texts):
        return told_apart(*texts)
    return in_words(label, before, countries), in_words(label, after, countries)


def named(record: Any) -> str | Labels:
    """What `record` is called: in each language of the house, where that is not the same in all of them."""
    names = Labels()
    for code, _language in settings.LANGUAGES:
        with override(code):
            names[code] = str(record)
    return names if len(set(names.values())) > 1 else str(record)
