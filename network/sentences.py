"""Sentence: what is said to a reader. It knows what it is made of, so that it can be kept and said again to another
reader in another language."""

from typing import Any, Self

from django.utils.translation import gettext, override

from network.labels import Labels


class Sentence(str):
    """`text`, as the catalogues know it, in the active language, with `words` in its places. Among the words may be
    sentences, and lists of them."""

    __slots__ = ("text", "words")
    text: str
    words: dict[str, Any]

    def __new__(cls, text: str, /, **words: Any) -> Self:
        filled = {name: ", ".join(word) if isinstance(word, list) else word for name, word in words.items()}
        sentence = super().__new__(cls, gettext(text) % filled if words else gettext(text))
        sentence.text, sentence.words = text, words
        return sentence

    @classmethod
    def of(cls, label: Any) -> Self:
        """What a label of a model says."""
        with override(None):
            text = str(label)
        return cls(text)


class SentenceError(ValueError):
    """What is wrong, in a sentence for whoever can mend it."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def kept(told: Any) -> Any:
    """A sentence, Labels, a list of them, or a word, as JSON keeps it."""
    if isinstance(told, Labels):
        return {"labels": dict(told)}
    if isinstance(told, Sentence):
        return {"text": told.text, "words": {name: kept(word) for name, word in told.words.items()}}
    return list(map(kept, told)) if isinstance(told, list) else told


def said(stored: Any) -> Any:
    """What was kept, in the active language; a text that was kept as it is stays so."""
    if isinstance(stored, dict) and "labels" in stored:
        return Labels(stored["labels"])
    if isinstance(stored, dict):
        return Sentence(stored["text"], **{name: said(word) for name, word in stored["words"].items()})
    return list(map(said, stored)) if isinstance(stored, list) else stored
