"""Names of people as others write them, on one line, and the titles before them."""

import re

# What begins a family name in the languages that have such words ("van de Hel", "da Silva", "bin Rashid").
PARTICLES = frozenset(
    [
        *("al", "af", "av", "ap", "bin", "binti", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du"),
        *("el", "ibn", "la", "le", "st", "ten", "ter", "van", "vande", "von", "zu", "zum", "zur"),
    ]
)

# Titles that each language has; the first spelling is ours. Ranks, degrees and "H.E." are the person's own words.
TITLES: list[dict[str, tuple[str, ...]]] = [
    {"en": ("Mr",), "fr": ("M.", "Monsieur"), "es": ("Sr.", "Señor"), "ar": ("السيد",)},
    {"en": ("Ms", "Mrs"), "fr": ("Mme", "Madame"), "es": ("Sra.", "Señora"), "ar": ("السيدة",)},
    {"en": ("Dr",), "fr": ("Dr",), "es": ("Dr.", "Dra."), "ar": ("د.",)},
]


def honorific_in(language: str, honorific: str) -> str:
    """The honorific as a letter in `language` says it: "Mme" is "Ms" in English; what is no such title stays."""
    for title in TITLES:
        spelled = {code: [word.rstrip(".").casefold() for word in words] for code, words in title.items()}
        plain = honorific.rstrip(".").casefold()
        if plain in spelled.get(language, []):
            return honorific
        if language in title and any(plain in words for words in spelled.values()):
            return title[language][0]
    return honorific


def given_and_family(name: str) -> tuple[str, str]:
    """The given and the family name in `name`, as far as its form tells: the last word is the family's, with particles
    before it and a remark (", Ph.D.", "(she/her)") after it. One word alone is a given name; one word, a comma and
    others are the family name and the given ones."""
    name = " ".join(name.split())
    words = re.split(r",| \(", name, maxsplit=1)[0].split()
    if len(words) == 1 and name.startswith(f"{words[0]}, "):
        return name[len(words[0]) + 2 :], words[0]
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    given = " ".join(words[: max(start, 1)])
    return given, name[len(given) :].strip()
