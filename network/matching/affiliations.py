"""Which organization a written affiliation means: "Dept. of Physics, Univ. of Vienna, Austria".

Names are compared in small Latin letters, with their small words left out and the words for kinds of bodies brought to
one form in whatever language. A name is looked for in the text as it stands; where none is there, a part of the text
that is nearly a name will do. Where the text leaves several bodies possible, or speaks of something that only begins
like one, the answer is nothing: no link is better than a wrong one. Knows no models: bodies in, matches out.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop
from rapidfuzz import fuzz

from network.names import fold

NEARLY = 85.0  # from here on two words may be one with a slip
LONGEST = 14  # words of a name that is looked for

SENTENCES = {
    "name": gettext_noop("The text names it: %(one)s"),
    "acronym": gettext_noop("The text is its acronym: %(one)s"),
    "similar": gettext_noop("The text has nearly its name: %(one)s, %(other)s"),
    "country": gettext_noop("The text names its country: %(one)s"),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SMALL = _set(
    "the of for de la le les du des der die das dem und and et y e di da do dos del della dell degli delle den van"
    " von l d al el in at on a ve i w zu fur fuer pour para og och s sur"
)
# The one form of a word for a kind of body -> how else it is written.
FORMS = {
    "university": "univ universidad universite universitat universitaet universita universidade universiteit"
    " universitet universitesi uniwersytet univerzita univerzitet universitas universitatea univerza yliopisto"
    " egyetem universiti universities universitario universitaire universitari",
    "institute": "inst instituto institut istituto instytut enstitusu instituut institutet institucio institutes",
    "hospital": "hosp hopital ospedale krankenhaus hospitalier hospitais hopitaux hospitals szpital sjukhus sykehus",
    "ministry": "min ministere ministerio ministerium ministero ministerie ministerstvo ministerstwo bakanligi",
    "department": "dept dep departamento departement departments dipartimento",
    "national": "natl nacional nationale nationaal nazionale",
    "international": "intl internacional internationale internazionale",
    "centre": "center centro zentrum ctr centrum centers centres centar",
    "academy": "acad academie akademie accademia akademi akademia",
    "agency": "agence agencia agentur agenzia",
    "authority": "autorite autoridad autorita autoridade",
    "customs": "douane douanes aduana aduanas zoll dogana alfandega",
    "police": "policia polizia polizei policie politie",
    "research": "recherche investigacion ricerca forschung pesquisa recherches investigaciones",
    "medical": "med medico medica medicale medizinische medicas",
    "science": "sci sciences scientifique ciencias scienze wissenschaften ciencia cientificas",
    "technology": "technol tecnologia technologie tech tecnologias technologies",
    "technical": "technische technique tecnica teknik",
    "republic": "republique republica repubblica republik",
    "federal": "federale federaal",
    "health": "hlth sante salud salute saude gesundheit",
    "justice": "justicia giustizia justiz justica",
    "school": "sch escuela ecole scuola schule escola hochschule",
    "college": "coll colegio",
    "polytechnic": "politecnico politecnica polytechnique politechnika polytechnical politehnica",
    "university hospital": "universitatsklinikum universitaetsklinikum universitatsspital",
    "university medical": "universitatsmedizin",
    "engineering": "eng engn ingenieria ingenierie",
    "foundation": "fondation fundacion fondazione stiftung fundacao",
    "association": "assoc asociacion associazione associacao",
    "saint": "st",
    "office": "off bureau oficina ufficio",
    "council": "conseil consejo consiglio conselho",
    "commission": "comision kommission commissione comissao",
}
WORDS = {other: words.split() for words, others in FORMS.items() for other in others.split()}
# Words for a part of a body: a name may stand right after one.
UNITS = _set(
    "department institute centre school college faculty division unit section laboratory laboratories lab clinic"
    " programme program hospital service services group office foundation council agency academy"
)
# Words that say what a body is and not which one: a name of these alone is that of one in the country that is told.
COMMON = (
    UNITS
    | frozenset(word for words in FORMS for word in words.split())
    | _set(
        "medicine general public state central clinical biology chemistry physics law education studies agriculture"
        " environment biomedical affiliated first second third cancer children regional city county province new north"
        " south east west royal institution graduate business management economics finance art arts social human"
        " development food water energy physical applied advanced systems system information computer sciences"
        " network society company corporation inc ltd gmbh llc bank museum library"
    )
)
# What makes another body of a name, before it ("Hospital of ...") or after it.
HEADS = _set("hospital hospitals press foundation library museum clinic clinics klinikum trust")
# What is nobody's own where the text goes on to name the body that it is part of.
WITHIN = _set("university academy ministry polytechnic")

# Countries as people write them, beside their names in the standard.
ALSO = {
    **dict.fromkeys(["uk", "u.k", "england", "scotland", "wales", "northern ireland"], "GB"),
    **dict.fromkeys(["u.s.a", "united states of america", "u.s", "estados unidos de america"], "US"),
    **dict.fromkeys(["korea", "republic of korea"], "KR"),
    **dict.fromkeys(["p. r. china", "pr china", "p.r. china", "p.r.china", "people's republic of china"], "CN"),
    **dict.fromkeys(["the netherlands", "holland"], "NL"),
    **{"czech republic": "CZ", "turkey": "TR", "russian federation": "RU", "viet nam": "VN", "hong kong": "HK"},
    **{"islamic republic of iran": "IR", "iran": "IR", "kingdom of saudi arabia": "SA", "uae": "AE", "taiwan": "TW"},
}

SHORTEST_SLIP = 6  # letters: shorter words, and numbers, are other words where they differ

Words = tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """What is known of an organization: all its names, the one to show first; `country` is a code, or empty."""

    key: Hashable
    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a match; `str()` says it in the active language."""

    code: str
    one: str
    other: str = ""

    def __str__(self) -> str:
        return gettext(SENTENCES[self.code]) % {"one": self.one, "other": self.other}


@dataclass(frozen=True, slots=True)
class Match:
    body: Body
    reasons: tuple[Reason, ...]

    @property
    def is_strong(self) -> bool:
        """Whether the text has a name of the body as it is, and not nearly."""
        return self.reasons[0].code != "similar"


class _Word(NamedTuple):
    word: str
    part: int  # which part of the text between commas it stands in
    after_small: bool  # "of", "and" or the like stands before it


class Index:
    """The bodies among which affiliations are looked up. `countries` leads from folded names of countries to codes."""

    def __init__(self, bodies: Iterable[Body], countries: Mapping[str, str]):
        self.countries = {**ALSO, **countries}
        self.by_name: dict[Words, list[Body]] = defaultdict(list)
        self.by_acronym: dict[str, list[Body]] = defaultdict(list)
        self.by_rest: dict[Words, list[Words]] = defaultdict(list)  # a name without one of its words
        for body in bodies:
            self._add(body)

    def _add(self, body: Body) -> None:
        for words in {key for name in body.names if (key := words_of(self._bare(name)))}:
            if words not in self.by_name:
                for rest in rests(words):
                    self.by_rest[rest].append(words)
            self.by_name[words].append(body)
        for acronym in {fold(acronym) for acronym in body.acronyms}:
            self.by_acronym[acronym].append(body)

    def _bare(self, name: str) -> str:
        """`name` without the country that a register puts behind it."""
        before, _bracket, last = name.rpartition(" (")
        return before if fold(last.removesuffix(")")) in self.countries else name

    def match(self, text: str, country: str = "") -> list[Match]:
        """The bodies that `text` means, each once, in the order in which it names them. `country` is where it is to be
        looked for where the text does not say."""
        parts = parts_of(text)
        told, country = self._country(parts, country)
        ways = (self._named(_flat(parts), told, country), self._abbreviated(text, country))
        return next(filter(None, map(list, ways)), None) or list(self._nearly(parts, told, country))

    def best(self, text: str, country: str = "") -> Match | None:
        """The one body that `text` means, if it means one."""
        found = self.match(text, country)
        return found[0] if len(found) == 1 else None

    def _country(self, parts: list[str], country: str) -> tuple[str, str]:
        for part in reversed(parts):
            if code := self.countries.get(fold(part).strip(" .")):
                return part, code
        return country, country

    def _named(self, words: list[_Word], told: str, country: str) -> Iterator[Match]:
        start, seen = 0, set()
        while start < len(words):
            end, body = self._longest(words, start, country)
            if body and body.key not in seen and not _is_within(words, start, end):
                seen.add(body.key)
                yield Match(body, _reasons(Reason("name", body.names[0]), body, told, country))
            start = end

    def _longest(self, words: list[_Word], start: int, country: str) -> tuple[int, Body | None]:
        for end in range(min(len(words), start + LONGEST), start, -1):
            key = tuple(word.word for word in words[start:end])
            if key in self.by_name and _stands_alone(words, start, end):
                said = {word.word for word in words}
                return end, _only([body for body in self.by_name[key] if _is_all_said(body, key, said)], key, country)
        return start + 1, None

    def _abbreviated(self, text: str, country: str) -> Iterator[Match]:
        """An acronym counts where it is all that is said: among other words it may be a place or anything else."""
        if body := _only(self.by_acronym.get(fold(text), []), words_of(text), country):
            yield Match(body, (Reason("acronym", text.strip()),))

    def _nearly(self, parts: list[str], told: str, country: str) -> Iterator[Match]:
        for part in parts:
            key = words_of(part)
            near = {words for rest in rests(key) for words in self.by_rest.get(rest, []) if is_a_slip(key, words)}
            bodies = {body.key: body for words in near for body in self.by_name[words]}
            if body := _only(list(bodies.values()), key, country):
                yield Match(body, _reasons(Reason("similar", part, body.names[0]), body, told, country))


def words_of(name: str) -> Words:
    """The words that tell a name from others, each in its one form."""
    return tuple(word.word for word in _flat([name]))


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;|()\[\]/]| - ", text) if part.strip()]


def _flat(parts: list[str]) -> list[_Word]:
    words = []
    for place, part in enumerate(parts):
        after_small = False
        for token in re.findall(r"[a-z0-9]+", fold(part.replace("&", " and "))):
            if token in SMALL:
                after_small = True
                continue
            for word in WORDS.get(token, [_plain(token)]):
                words.append(_Word(word, place, after_small))
                after_small = False
    return words


def _plain(word: str) -> str:
    """German vowels with two dots are also written with an e behind them."""
    return re.sub(r"([aou])e(?=.)", r"\1", word)


def _stands_alone(words: list[_Word], start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are a name there, and not a piece of another."""
    name = words[start:end]
    before = [word for word in words[:start] if word.part == name[0].part]
    after = [word for word in words[end : end + 3] if word.part == name[-1].part]
    if len(name) == 1 or is_common(word.word for word in name) or name[0].part != name[-1].part:
        return not before and not after
    return _may_follow(before, name[0]) and _may_go_on(name, after)


def _may_follow(before: list[_Word], first: _Word) -> bool:
    if not before:
        return True
    if first.after_small:
        return not (_is_medical_centre(before[-2:]) or {word.word for word in before} & HEADS)
    return before[-1].word in UNITS


def _may_go_on(name: list[_Word], after: list[_Word]) -> bool:
    if not after:
        return True
    if after[0].after_small:  # "Nanjing University" and "of Science" are one
        return name[-1].word not in COMMON
    if not any(word.word in COMMON for word in name):  # "European Union" and "Agency" are one
        return False
    is_house = after[0].word in HEADS or _is_medical_centre(after[:2])
    return after[0].word in COMMON and not is_house


def is_common(words: Iterable[str]) -> bool:
    return all(word in COMMON for word in words)


def _is_medical_centre(words: list[_Word]) -> bool:
    return [word.word for word in words] == ["medical", "centre"]


def _is_within(words: list[_Word], start: int, end: int) -> bool:
    """Whether this is an institute of something that the text names later on."""
    is_unit = any(word.word in UNITS for word in words[start:end])
    name = {word.word for word in words[start:end]}
    return is_unit and not name & WITHIN and any(word.word in WITHIN for word in words[end:])


def rests(words: Words) -> Iterator[Words]:
    """`words` with a gap in the place of each one that tells which body it is, and in which there may be a slip."""
    if len(words) > 1:
        told = (at for at, word in enumerate(words) if len(word) >= SHORTEST_SLIP and word not in COMMON)
        yield from ((*words[:at], "", *words[at + 1 :]) for at in told)


def is_a_slip(one: Words, other: Words) -> bool:
    """Whether the two, which differ in one word, spell it nearly alike."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return bool(pairs) and all(min(len(a), len(b)) >= SHORTEST_SLIP and fuzz.ratio(a, b) >= NEARLY for a, b in pairs)


def _is_all_said(body: Body, key: Words, said: set[str]) -> bool:
    """Where the text has a short form of a name ("University of Texas"), it must say the rest somewhere as well."""
    full = set(words_of(body.names[0]))
    return not set(key) < full or full <= said


def _only(bodies: list[Body], words: Words, country: str) -> Body | None:
    """The one of `bodies` that is meant, if there is only one: at home rather than abroad, by its first name rather
    than by another."""
    fit = [body for body in bodies if not (country and body.country) or body.country == country]
    at_home = [body for body in fit if country and body.country == country]
    fit = at_home if is_common(words) else at_home or fit
    if len(fit) > 1:
        fit = [body for body in fit if words_of(body.names[0]) == words]
    return fit[0] if len(fit) == 1 else None


def _reasons(first: Reason, body: Body, told: str, country: str) -> tuple[Reason, ...]:
    return (first, Reason("country", told)) if country and body.country == country else (first,)
