"""The words of a name, and how alike two words are, whatever the script and whoever transliterated them."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from network.names import fold

# What stands in names without telling one from another.
PARTICLES = {
    *("al", "el", "ul", "bin", "ibn", "ben", "bint", "abu", "abd", "de", "del", "der", "di", "du", "la"),
    *("le", "van", "von", "the", "of", "and", "for", "y", "e"),
}
FORMS = {
    *("co", "company", "corp", "corporation", "gmbh", "inc", "ag", "sa", "sarl", "srl", "llc", "llp", "ltd", "limited"),
    *("ooo", "oao", "pjsc", "plc", "jsc"),
}
# Words that many organizations have: they count for little.
COMMON = {
    *("agency", "association", "bank", "bureau", "center", "centre", "commercial", "council", "department"),
    *("development", "enterprise", "enterprises", "foundation", "general", "global", "group", "holding"),
    *("holdings", "import", "export", "industrial", "industries", "industry", "institute", "international"),
    *("investment", "investments", "ministry", "national", "office", "organization", "organisation"),
    *("petroleum", "services", "shipping", "society", "state", "trade", "trading", "transport"),
    *("union", "university"),
}

_SPELLINGS = (
    *(("schtsch", "s"), ("chtch", "s"), ("shch", "s"), ("tsch", "k"), ("sch", "s"), ("tch", "k"), ("sh", "s")),
    *(("ck", "k"), ("kh", "k"), ("gh", "k"), ("ph", "f"), ("dh", "d"), ("th", "t"), ("zh", "s"), ("dj", "j")),
    *(("ts", "s"), ("tz", "s"), ("x", "ks"), ("q", "k"), ("g", "k"), ("z", "s"), ("v", "f"), ("j", "y")),
)
_SYLLABLES = re.compile(r"([\u3400-\u9fff\uac00-\ud7a3])")  # Chinese and Korean: each sign is a word of its own
_FIRST_VOWEL = re.compile("(?<!\\w)[\u0622\u0623\u0625\u0627\u0639]")  # alef and ayn, which have no letter in Latin
_ARTICLE = re.compile(r"(?<!\w)ال(?=\w{2})")  # Arabic writes it as a part of the word


@lru_cache(maxsize=200_000)
def words_of(name: str) -> tuple[str, ...]:
    """The words of `name` in small Latin letters."""
    apart = _SYLLABLES.sub(r"\1 ", _FIRST_VOWEL.sub("a", _ARTICLE.sub("al ", name)))
    return tuple(re.findall("[a-z0-9]+", re.sub("['’`ʼʻ]", "", fold(apart))))


def telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `words` that tell one name from another; all of them where none does."""
    return tuple(word for word in words if word not in PARTICLES and word not in FORMS) or words


def weight(word: str) -> float:
    """How much it says that a word is the same."""
    if len(word) == 1:
        return 0.4
    return 0.4 if word in COMMON else 1.0


def alike(one: str, other: str) -> float:
    """From 0, which is nothing, to 1, which is the same word."""
    if one == other:
        return 1.0
    short, long = sorted((len(one), len(other)))
    if short == 1:
        return 0.5 if one[0] == other[0] else 0.0
    if short > 3 and (edits := OSA.distance(one, other, score_cutoff=2)) <= (2 if short > 7 else 1):
        return 0.95 if edits == 1 else 0.9
    if bones := skeletons(one) & skeletons(other):
        near = Indel.normalized_similarity(one, other)
        if near >= 0.55 or max(map(len, bones)) > 2:
            return 0.9 if near >= 0.45 else 0.85
    return 0.85 if short > 4 and long - short < 3 and JaroWinkler.similarity(one, other) >= 0.93 else 0.0


@lru_cache(maxsize=200_000)
def skeletons(word: str) -> frozenset[str]:
    """What remains of a word when it does not matter which letters stand for its sounds: Qadhafi and Gaddafi, Sergei
    and Sergey, Husayn and Hossein. Where the letters leave it open, each way to read them has a skeleton of its own:
    a w is a sound in some languages and none in others, a ch is sh in French."""
    for spelling, sound in _SPELLINGS:
        word = word.replace(spelling, sound)
    read = {word.replace("w", w).replace("ch", ch).replace("c", "k") for w in ("f", "") for ch in ("k", "s")}
    return frozenset(bones for one in read for bones in _bones(one) if len(bones) > 1)


def trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def _bones(word: str) -> set[str]:
    """The first sound, where all vowels are one, and the other consonants. Doubled letters count once; so do those that
    are doubled without the vowels between them, which some scripts do not write."""
    single = _once(word)
    bones = ("a" if single[:1] in "aeiouyh" else single[:1]) + re.sub("[aeiouyh]", "", single[1:])
    return {bones, _once(bones)}


def _once(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)
