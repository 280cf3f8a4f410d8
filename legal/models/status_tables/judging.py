"""Judging: what a table says is compared with what is recorded, and with what else it says itself.

Of what one country did about one instrument, that is compared which can be the same: a consent with a consent, as long
as no withdrawal lies between the two; a withdrawal with a withdrawal, as long as no consent lies between."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext_noop as _

from legal.models.participation import Participation
from legal.models.standing import CONSENTS, Act
from legal.models.status_tables.names import Countries
from legal.models.status_tables.row import StatusRow, Verdict
from legal.sheets import Claim, why_none
from network.changes import change
from network.models.facts import told
from network.sentences import Sentence

Place = tuple[int, str]  # key of the instrument, code of the country
Slot = tuple[str, int]


class Judge:
    """`instruments`: what the table calls a treaty -> the key of the instrument; what is not there is left out.
    `countries`: what the table calls a country -> its code, where a person has said it."""

    def __init__(self, instruments: Mapping[str, int], countries: Mapping[str, str]):
        self.instruments, self.said, self.known = instruments, countries, Countries()
        self.recorded: dict[Place, list[Participation]] = defaultdict(list)
        for one in Participation.objects.filter(instrument__in=set(instruments.values())).in_order():
            self.recorded[one.instrument_id, one.country_id].append(one)

    def judge(self, claims: Iterable[Claim]) -> list[StatusRow]:
        """A row for each of `claims` about an instrument that is not left out."""
        rows = [self._row(claim) for claim in claims if claim.treaty in self.instruments]
        places = defaultdict(list)
        for row in rows:
            if not row.verdict:
                places[row.instrument_id, row.country_id].append(row)
        for place, several in places.items():
            _compare(several, self.recorded[place])
        return rows

    def _row(self, claim: Claim) -> StatusRow:
        row = StatusRow(
            number=claim.row,
            written_country=claim.country[:200],
            written_treaty=claim.treaty[:500],
            country_id=self.said.get(claim.country) or self.known.find(claim.country) or None,
            instrument_id=self.instruments[claim.treaty],
            **{name: getattr(claim, name) for name in ("act", "acted_on", "effective_on", "note")},
        )
        if claim.why_not:
            _refuse(row, claim.why_not)
        elif row.country_id is None:
            unknown = Sentence(_("No country is known by “%(text)s”."), text=claim.country)
            _refuse(row, why_none(claim.country) or unknown)
        return row


def _refuse(row: StatusRow, why: str) -> None:
    row.verdict, row.reason = Verdict.REFUSED, why


def _compare(rows: list[StatusRow], recorded: list[Participation]) -> None:
    """Judge `rows`, which are about what one country did about one instrument."""
    everything = [*rows, *recorded]
    slots: dict[Slot, list[StatusRow]] = defaultdict(list)
    for row in rows:
        slots[_slot(row, everything)].append(row)
    ours = defaultdict(list)
    for one in recorded:
        ours[_slot(one, everything)].append(one)
    for slot, several in slots.items():
        for row in several:
            row.slot = f"{row.instrument_id}:{row.country_id}:{slot[0]}:{slot[1]}"
        _compare_slot(list(_each_once(several)), ours[slot])


def _slot(one: StatusRow | Participation, everything: list) -> Slot:
    """With what it can be the same: acts of its kind, in its time of participation; of signatures and the like, as
    many withdrawals came before."""
    if not _turns(one):
        left = {other.acted_on for other in everything if other.act == Act.WITHDRAWAL and other.acted_on < one.acted_on}
        return one.act, len(left)
    times, is_out = 0, False
    turns = {(other.acted_on, other.act == Act.WITHDRAWAL) for other in everything if _turns(other)}
    for day, is_withdrawal in sorted(turns):
        if (day, is_withdrawal) > (one.acted_on, one.act == Act.WITHDRAWAL):
            break
        times += is_out and not is_withdrawal
        is_out = is_withdrawal
    return Act.WITHDRAWAL if one.act == Act.WITHDRAWAL else Act.CONSENT, times


def _turns(one: StatusRow | Participation) -> bool:
    """Whether it makes or ends a participation."""
    return one.act in CONSENTS or one.act == Act.WITHDRAWAL


def _each_once(rows: list[StatusRow]) -> Iterator[StatusRow]:
    """Those of `rows` that say something of their own; the others say the same as one of these, or less."""
    kept: list[StatusRow] = []
    for row in sorted(rows, key=lambda one: (one.act == Act.CONSENT, one.effective_on is None, one.number)):
        other = next((one for one in kept if _agrees(row, one)), None)
        if other:
            row.verdict = Verdict.SAME
            row.reason = Sentence(_("The table says the same in row %(row)s."), row=other.number)
        else:
            kept.append(row)
            yield row


def _compare_slot(rows: list[StatusRow], ours: list[Participation]) -> None:
    for row in rows:
        if any(_agrees(row, one) for one in ours):
            row.verdict, row.reason = Verdict.SAME, ""
            row.ours = next(one for one in ours if _agrees(row, one))
        elif ours:
            row.verdict, row.ours = Verdict.DIFFERS, min(ours, key=lambda one: _distance(row, one))
            row.changes = differences(row, row.ours)
        elif len(rows) == 1:
            row.verdict, row.is_taken = Verdict.NEW, True
        else:
            others = [str(other.number) for other in rows if other is not row]
            row.verdict = Verdict.DISPUTED
            row.reason = Sentence(_("The table says something else in row %(rows)s."), rows=", ".join(others))


def _agrees(row: StatusRow, one: StatusRow | Participation) -> bool:
    """Whether `row` says nothing that `one` does not say."""
    is_act = row.act in (one.act, Act.CONSENT)
    return is_act and row.acted_on == one.acted_on and row.effective_on in (None, one.effective_on)


def _distance(row: StatusRow, one: Participation) -> tuple[int, bool]:
    return abs((row.acted_on - one.acted_on).days), row.act != one.act


def differences(row: StatusRow, one: Participation) -> list:
    """What `row` would make of `one`: label, as it is recorded, as the table says it."""
    labels = {name: StatusRow._meta.get_field(name).verbose_name for name in correction(row, one)}
    return [change(label, told(one, name), told(row, name)) for name, label in labels.items()]


def correction(row: StatusRow, one: Participation) -> dict:
    """The fields of `one` that say something else in `row`. A table that does not say which act it was leaves that, and
    one that does not say when it took effect leaves that as well, unless it would be before the act."""
    facts = {}
    if row.act not in (one.act, Act.CONSENT):
        facts["act"] = row.act
    if row.acted_on != one.acted_on:
        facts["acted_on"] = row.acted_on
    is_too_early = one.effective_on and one.effective_on < row.acted_on and one.act != Act.SUCCESSION
    if row.effective_on != one.effective_on and (row.effective_on or is_too_early):
        facts["effective_on"] = row.effective_on
    return facts
