"""One spelling of a name for searching and matching, whatever script or accents it was written in."""

from anyascii import anyascii


def fold(*texts: str) -> str:
    """`texts` joined, transliterated to ASCII, in small letters: "Güler  Sabancı" and "guler sabanci" are the same."""
    return " ".join(anyascii(" ".join(texts)).casefold().split())
