"""Claim: what one row of a table says that a country did. A row says several; each is taken or refused by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_noop as _

from legal.sheets.columns import CONSENTS, DATES, codes_of
from legal.sheets.days import Day, read_day
from network.names import fold
from network.sentences import Sentence
from network.sheets import Row, RowError

# What tables write for an act, besides its own name.
KINDS = {
    "SIGNATURE": "signature | signed | signatory | firma",
    "DEFINITIVE_SIGNATURE": "definitive signature | definitive",
    "RATIFICATION": "ratification | ratified | ratificacion | r",
    "ACCESSION": "accession | acceded | adhesion | a",
    "ACCEPTANCE": "acceptance | accepted | acceptation | aceptacion",
    "APPROVAL": "approval | approved | approbation | aprobacion | aa",
    "SUCCESSION": """succession | succeeded | sucesion | declaration of continued application | d
        | declaration/notification of succession | notification of succession | declaration of succession""",
    "CONSENT": "consent | formal confirmation | acceptance/approval | ratification/accession",
    "PROVISIONAL": "provisional application | provisional | application provisoire | aplicacion provisional",
    "WITHDRAWAL": "withdrawal | withdrawn | denunciation | denounced | retrait | denonciation | denuncia | retiro",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """`act` is one of the acts of a participation; `why_not` says why it cannot be taken, whatever is known already."""

    row: int
    country: str
    treaty: str
    act: str = ""
    acted_on: date | None = None
    effective_on: date | None = None
    note: str = ""
    why_not: str | None = None


def claims_of(row: Row, mapping: Mapping[str, str], today: date, date_system: str = "") -> list[Claim]:
    """What `row` says, by the fields (`columns.FIELDS`) of its columns. A row of which nothing can be taken is one
    claim with the reason; one that gives no date at all is none."""
    return _Reader(row, mapping, today, date_system).claims()


class _Reader:
    def __init__(self, row: Row, mapping: Mapping[str, str], today: date, date_system: str):
        self.row, self.today, self.date_system = row, today, date_system
        self.columns = {field: column for column, field in mapping.items() if field}
        self.bare = Claim(row.number, self.text("country"), self.text("treaty"), note=self.text("note")[:500])

    def text(self, field: str) -> str:
        return self.row.text(self.columns[field]) if field in self.columns else ""

    def claims(self) -> list[Claim]:
        if self.row.is_ragged:
            return [self.refused(_("The row has more cells than the header has columns."))]
        found = list(self.read())
        if found and not self.bare.country:
            return [self.refused(_("The row names no country."))]
        return self.in_order(found)

    def read(self) -> Iterator[Claim]:
        for field in DATES:
            if field not in self.columns:
                continue
            try:
                yield from self.claim(field)
            except RowError as error:
                yield replace(self.bare, act=self.kind(field) or "", why_not=error.sentence)
        if self.text("effective") and not any(self.text(field) for field in CONSENTS):
            yield from self.without_a_deposit()

    def claim(self, field: str) -> Iterator[Claim]:
        day = self.day(field)
        if day is None:
            return
        act = self.kind(field, day)
        if act is None:
            raise RowError(Sentence(_("What was done is not known: “%(text)s”."), text=self.text("kind") or day.code))
        if day.is_over:
            raise RowError(
                Sentence(_("The source has this in brackets: it has ended, and the table does not say when."))
            )
        if day.on > self.today:
            raise RowError(Sentence(_("%(day)s is still to come."), day=day.on.isoformat()))
        effective = self.effective() if field in CONSENTS and act not in ("SIGNATURE", "WITHDRAWAL") else None
        if effective and effective < day.on and act != "SUCCESSION":
            sentence = _("It would take effect on %(effective)s, before %(day)s: only a succession does that.")
            raise RowError(Sentence(sentence, effective=effective.isoformat(), day=day.on.isoformat()))
        yield replace(self.bare, act=act, acted_on=day.on, effective_on=effective)

    def day(self, field: str) -> Day | None:
        return read_day(self.text(field), self.columns[field], self.date_system)

    def effective(self) -> date | None:
        found = self.day("effective") if "effective" in self.columns else None
        return found.on if found else None

    def kind(self, field: str, day: Day | None = None) -> str | None:
        """Which act a date of the column is; None where the row says one that we do not know."""
        if field == "acted" or (field == "consent" and self.text("kind")):
            return _KINDS.get(fold(self.text("kind")))
        if field == "signature" and day and day.code:
            return "DEFINITIVE_SIGNATURE" if day.code == "s" else "SIGNATURE"
        if field != "consent":
            return DATES[field]
        codes = codes_of(self.columns[field])
        return codes.get(day.code if day else "", None if day and day.code else DATES[field])

    def without_a_deposit(self) -> Iterator[Claim]:
        try:
            if self.effective():
                sentence = _("It says from when it binds the country, and not on which day the country consented.")
                yield self.refused(sentence)
        except RowError as error:
            yield replace(self.bare, why_not=error.sentence)

    def refused(self, text: str) -> Claim:
        return replace(self.bare, why_not=Sentence(text))

    def in_order(self, found: list[Claim]) -> list[Claim]:
        """Nobody signs after the consent, nor withdraws before it."""
        consents = [one.acted_on for one in found if one.acted_on and one.act in _CONSENTS]
        return [self.judged(one, min(consents)) if consents and not one.why_not else one for one in found]

    def judged(self, one: Claim, consented_on: date) -> Claim:
        days = {"day": one.acted_on.isoformat() if one.acted_on else "", "consent": consented_on.isoformat()}
        if one.act == "SIGNATURE" and one.acted_on and one.acted_on > consented_on:
            sentence = _("The signature of %(day)s would come after the consent of %(consent)s.")
            return replace(one, why_not=Sentence(sentence, **days))
        if one.act == "WITHDRAWAL" and one.acted_on and one.acted_on < consented_on:
            sentence = _("The withdrawal of %(day)s would come before the consent of %(consent)s.")
            return replace(one, why_not=Sentence(sentence, **days))
        return one


_CONSENTS = {"RATIFICATION", "ACCESSION", "ACCEPTANCE", "APPROVAL", "SUCCESSION", "CONSENT", "DEFINITIVE_SIGNATURE"}
_KINDS = {fold(phrase): act for act, phrases in KINDS.items() for phrase in " ".join(phrases.split()).split(" | ")}
