"""Words as the search knows them: one spelling for what a reader may write in many ways, and a stem for its forms.

English, French and Spanish are stemmed by Snowball; Arabic by "light10" (Larkey, Ballesteros and Connell 2007), after
the forms of alef, hamza, ya and ta marbuta are made one. Both databases get the same words. Knows no models."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer import stemmer

WORD = re.compile(r"[^\W_]+")
STEMMERS = {code: stemmer(name) for code, name in {"en": "english", "fr": "french", "es": "spanish"}.items()}
ARABIC = re.compile(r"[\u0621-\u064a]")
LONGEST = 40  # letters of a stem
LAST_PLACE = 16_383  # PostgreSQL counts the places of a text so far
# Words that every text has.
IDLE = {
    "en": "a an and are as at be by for from in is it its of on or such that the this to was were which with",
    "fr": "a au aux ce ces d dans de des du elle en est et il l la le les leur ne on ou par pas pour qu que qui s sa "
    "se ses son sont sur un une",
    "es": "a al con de del e el en es la las lo los no o para por que se su sus un una y",
    "ar": "في من على الى عن ان او و هذا هذه التي الذي ما لا كل اي ذلك تلك بين",
}
# Arabic letters that are written in many ways -> one.
ONE_FORM = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None, "ء": None})
BEFORE = ("وال", "بال", "كال", "فال", "لل", "ال")
BEHIND = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


@dataclass(frozen=True)
class Place:
    """What stands at one place of a text: the spellings by which it is found, and whether it is of a title."""

    stems: tuple[str, ...]
    is_title: bool = False


def places(text: str, language: str, *, is_title: bool = False) -> Iterator[Place]:
    """Each word of `text` that is not idle, in its order."""
    for word in WORD.findall(plain(text)):
        if found := stems(word, language):
            yield Place(found, is_title)


def plain(text: str) -> str:
    """`text` in small letters, composed, without the vowel marks of Arabic and Hebrew."""
    decomposed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in decomposed if unicodedata.category(mark) != "Mn")


@lru_cache(maxsize=200_000)
def stems(word: str, language: str) -> tuple[str, ...]:
    """The spellings by which `word` (as `plain` writes it) of a text in `language` is found; none where it is idle.
    The second is for whoever leaves the accents out: their stem is another one."""
    if ARABIC.search(word):
        light = _light(word.translate(ONE_FORM))
        return () if light in idle("ar") else (light[:LONGEST],)
    bare = _bare(word)
    if bare in idle(language):
        return ()
    if not (found := STEMMERS.get(language)):
        return (bare[:LONGEST],)
    return tuple(dict.fromkeys(_bare(found.stemWord(one))[:LONGEST] for one in (word, bare)))


def asked(word: str) -> tuple[str, ...]:
    """The spellings under which `word` (as `plain` writes it) of a question may be found: two for each language that a
    text may have, always in the same order; none where it is idle in one of them."""
    found = [stems(word, language) for language in ("", *STEMMERS)]
    return tuple(one for spellings in found for one in (spellings[0], spellings[-1])) if all(found) else ()


@lru_cache
def idle(language: str) -> frozenset[str]:
    return frozenset(IDLE.get(language, "").split())


@dataclass(frozen=True)
class Asked:
    """A part of a question: words that stand one after another, each in its spellings (`asked`)."""

    words: tuple[tuple[str, ...], ...]
    is_unwanted: bool = False


@dataclass(frozen=True)
class Question:
    """What a reader looks for. `"exact words"` stand one after another; `-word` must not be there."""

    parts: tuple[Asked, ...] = ()

    @property
    def wanted(self) -> tuple[Asked, ...]:
        return tuple(part for part in self.parts if not part.is_unwanted)

    @property
    def stems(self) -> frozenset[str]:
        """Every spelling that is looked for."""
        return frozenset(one for part in self.wanted for word in part.words for one in word)


PART = re.compile(r'(?P<no>(?<!\S)-)?(?:["«“](?P<phrase>[^"»”]*)["»”]|(?P<word>[^\s"«»“”]+))')


def question(text: str) -> Question:
    """From what was typed into the box."""
    parts: list[Asked] = []
    for match in PART.finditer(text[:300]):
        words = WORD.findall(plain(match["phrase"] or match["word"] or ""))
        spelled = tuple(filter(None, (asked(word) for word in words)))
        groups = [spelled] if match["phrase"] or match["no"] else [(one,) for one in spelled]
        parts += [Asked(group, bool(match["no"])) for group in groups if group]
    return Question(tuple(dict.fromkeys(parts)))


def as_vector(found: Iterable[Place]) -> str:
    """A `tsvector` of PostgreSQL, written out: what its own parser would make of these words."""
    places_of: dict[str, list[str]] = {}
    for number, place in enumerate(found, start=1):
        for one in place.stems:
            known = places_of.setdefault(one, [])
            if len(known) < 200:
                known.append(f"{min(number, LAST_PLACE)}{'A' if place.is_title else ''}")
    return " ".join(f"'{one}':{','.join(dict.fromkeys(known))}" for one, known in places_of.items())


def as_lines(found: Iterable[Place]) -> str:
    """The same for a database without `tsvector`: the words in a line, and in a second one their other spellings."""
    listed = list(found)
    first, second = (" ".join(place.stems[number % len(place.stems)] for place in listed) for number in (0, 1))
    return f" {first} \n {second} "


def as_lines_asked(part: Asked) -> list[str]:
    """What to look for in `as_lines`: one of these stands there."""
    return list(dict.fromkeys(f" {' '.join(words)} " for words in zip(*part.words, strict=True)))


def as_query(asked_for: Iterable[Asked], *, any_of: bool = False) -> str:
    """A `tsquery` of PostgreSQL, written out."""
    written = []
    for part in asked_for:
        words = " <-> ".join("(" + " | ".join(f"'{one}'" for one in dict.fromkeys(word)) + ")" for word in part.words)
        written.append(f"{'!' if part.is_unwanted else ''}({words})")
    return (" | " if any_of else " & ").join(written)


def marked(text: str, wanted: frozenset[str], language: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is a word that was looked for."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in re.finditer(r"[^\W_][\w\u064b-\u0652]*", text):
        if wanted.intersection(stems(plain(match[0]), language)):
            pieces += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def excerpt(text: str, wanted: frozenset[str], language: str, length: int = 240) -> list[tuple[str, bool]]:
    """The part of `text` about where most of what was looked for stands together, in pieces as `marked` gives them."""
    hits = [match.start() for match in WORD.finditer(text) if wanted.intersection(stems(plain(match[0]), language))]
    best = max(hits, key=lambda start: sum(start <= other < start + length for other in hits), default=0)
    start = 0 if best < length // 4 else text.rfind(" ", 0, best - 30) + 1
    end = len(text) if start + length >= len(text) else max(text.rfind(" ", start, start + length), start + 1)
    found = marked(text[start:end], wanted, language)
    return [*([("… ", False)] if start else []), *found, *([(" …", False)] if end < len(text) else [])]


def _bare(word: str) -> str:
    """Without accents."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))


def _light(word: str) -> str:
    """The light stem of an Arabic word: without article and conjunction, and without endings, where two letters stay
    (article) or three (endings)."""
    if word.startswith("و") and len(word) > 3:
        word = word[1:]
    for prefix in BEFORE:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            word = word[len(prefix) :]
            break
    for suffix in BEHIND:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
    return word
