"""Which column of a table of participation is which: by its name, in several languages."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.sheets import SheetError

# What a column can be.
FIELDS: dict[str, str | Promise] = {
    "country": gettext_lazy("country"),
    "treaty": gettext_lazy("treaty (its number or title)"),
    "signature": gettext_lazy("signed on"),
    "definitive": gettext_lazy("signed definitively on"),
    "consent": gettext_lazy("ratified, acceded or consented otherwise on"),
    "ratification": gettext_lazy("ratified on"),
    "accession": gettext_lazy("acceded on"),
    "acceptance": gettext_lazy("accepted on"),
    "approval": gettext_lazy("approved on"),
    "succession": gettext_lazy("succeeded on"),
    "kind": gettext_lazy("what was done (the act)"),
    "acted": gettext_lazy("date of the act in the column “what was done”"),
    "effective": gettext_lazy("in force for the country from"),
    "provisional": gettext_lazy("applied provisionally from"),
    "withdrawal": gettext_lazy("withdrew on, or was bound until"),
    "note": gettext_lazy("note"),
}
DATES = {
    "signature": "SIGNATURE",
    "definitive": "DEFINITIVE_SIGNATURE",
    "consent": "CONSENT",
    "ratification": "RATIFICATION",
    "accession": "ACCESSION",
    "acceptance": "ACCEPTANCE",
    "approval": "APPROVAL",
    "succession": "SUCCESSION",
    "acted": "CONSENT",
    "provisional": "PROVISIONAL",
    "withdrawal": "WITHDRAWAL",
}
CONSENTS = ("definitive", "consent", "ratification", "accession", "acceptance", "approval", "succession", "acted")

# Names of columns, the surest first.
WORDS = {
    "country": """stateid | iso3 | iso2 | iso | country code | code | participant | contracting party | state party
        | party | country | country name | state | name | member | pays | etat partie | etat | partie
        | partie contractante | pais | estado parte | estado | parte | البلد | الدولة | الدولة الطرف | الطرف""",
    "treaty": """treaty | treatyid | treaty id | treaty name | agreement | instrument | convention | title | traite
        | accord | titre | tratado | acuerdo | convenio | titulo | المعاهدة | الاتفاقية""",
    "signature": """statesignature | signature | signature date | date of signature | signed | signed on | date signed
        | date de signature | firma | fecha de firma | التوقيع | تاريخ التوقيع""",
    "definitive": "definitive signature | signature definitive | firma definitiva",
    "consent": """stateratification | ratification acceptance accession approval succession | ratification accession
        | consent | consent to be bound | deposit | date of deposit | deposit of instrument | ratificacion adhesion""",
    "ratification": "ratification | ratified | ratified on | date of ratification | ratificacion | التصديق",
    "accession": "accession | acceded | acceded on | adhesion | الانضمام",
    "acceptance": "acceptance | accepted | acceptation | aceptacion | القبول",
    "approval": "approval | approved | approbation | aprobacion | الموافقة",
    "succession": "succession | sucesion | الخلافة",
    "kind": """kind | act | action | action type | type of action | instrument type | type | treaty action | acte
        | accion | acto | الإجراء""",
    "acted": """instrument date | date of action | action date | date of notification deposit | date of the act | date
        | fecha | التاريخ""",
    "effective": """stateforce | entry into force date | entry into force | date of effect | effective | effective date
        | in force | in force from | takes effect | entree en vigueur | entrada en vigor | بدء النفاذ | تاريخ النفاذ""",
    "provisional": """provisional application | provisionally applied | application provisoire | aplicacion provisional
        | التطبيق المؤقت""",
    "withdrawal": """stateend | withdrawal | denunciation | withdrew | withdrawn | denounced | end of participation
        | retrait | denonciation | denuncia | retiro | الانسحاب""",
    "note": "note | notes | remarks | comments | comment | remarques | observaciones | ملاحظات",
}
# Letters behind a date, as the United Nations print them, where the head of the column does not say what they mean.
CODES = {
    **{"a": "ACCESSION", "A": "ACCEPTANCE", "AA": "APPROVAL", "d": "SUCCESSION"},
    **{"s": "DEFINITIVE_SIGNATURE", "c": "CONSENT", "P": "PROVISIONAL", "p": "PROVISIONAL"},
}
_ACTS = {
    "definitive signature": "DEFINITIVE_SIGNATURE",
    "ratification": "RATIFICATION",
    "accession": "ACCESSION",
    "acceptance": "ACCEPTANCE",
    "approval": "APPROVAL",
    "succession": "SUCCESSION",
    "formal confirmation": "CONSENT",
    "provisional application": "PROVISIONAL",
}
_CODED = re.compile(r"([^,;()]+)\(([A-Za-z]{1,3})\)")


def suggest(columns: Sequence[str]) -> dict[str, str]:
    """Column -> field of FIELDS, for each column whose name says one. A field is suggested once, for the column that
    says it best."""
    best: dict[str, tuple[int, str]] = {}
    for column in columns:
        field, rank = _named(column)
        if field and (field not in best or rank < best[field][0]):
            best[field] = rank, column
    found = {column: field for field, (_rank, column) in best.items()}
    by_act = "acted" in found.values() and "kind" in found.values()
    return {column: found[column] for column in columns if found.get(column, "acted") != "acted" or by_act}


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raises SheetError where these columns make no table of participation."""
    chosen = [mapping[column] for column in columns if mapping.get(column)]
    if twice := [field for field in dict.fromkeys(chosen) if chosen.count(field) > 1]:
        raise SheetError(_("Two columns are “%(field)s”. Choose one.") % {"field": FIELDS[twice[0]]})
    if "country" not in chosen:
        raise SheetError(_("Say which column is the country."))
    if not DATES.keys() & {*chosen}:
        raise SheetError(_("Say which column is the date on which a country signed, ratified or withdrew."))
    if "acted" in chosen and "kind" not in chosen:
        raise SheetError(_("A date of an act needs the column that says what was done."))


def codes_of(column: str) -> dict[str, str]:
    """What the letters behind the dates of a column mean, as its head says: "Ratification, Acceptance(A),
    Accession(a)"; under "" what a date without a letter means, where it says that."""
    told = {code: _act(words) for words, code in _CODED.findall(column)}
    rest = [_act(words) for words in _CODED.sub("", column).split(",")]
    plain = [act for act in rest if act and act not in told.values()]
    return {**CODES, **{code: act for code, act in told.items() if act}, **({"": plain[0]} if len(plain) == 1 else {})}


def _act(words: str) -> str:
    return _ACTS.get(_plain(words), "")


def _plain(column: str) -> str:
    text = unicodedata.normalize("NFKD", column.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


# "Signature, Succession to signature(d)", "Provisional application under article 5"
_STARTS = {"signature": "signature", "provisional": "provisional application", "withdrawal": "denunciation"}
PHRASES = {
    _plain(phrase): (field, rank)
    for field, phrases in WORDS.items()
    for rank, phrase in enumerate(" ".join(phrases.split()).split(" | "))
}


def _named(column: str) -> tuple[str, int]:
    """The field that goes by that name, and how sure that is."""
    if known := PHRASES.get(_plain(column)):
        return known
    acts = {act for part in _CODED.sub(r"\1,", column).split(",") if (act := _act(part))}
    if len(acts) > 1 or (acts and _CODED.search(column)):
        return "consent", 0
    words = _plain(column)
    for field, start in _STARTS.items():
        if words.startswith(start):
            return field, 50
    return "", 0
