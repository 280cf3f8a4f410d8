"""Judging: what would become of the rows of a file, a slice at a time; nothing is written."""

import hashlib
from collections.abc import Hashable, Iterable
from datetime import date

from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from contacts.models.imports.doubles import note_doubles
from contacts.models.imports.row import ImportRow
from contacts.models.imports.sight import Sight
from contacts.models.intake import PersonIntake
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.person import Person
from contacts.sheets import PersonRecord
from network.models import Organization
from network.models.intake import Entry
from network.names import fold
from network.sentences import Sentence
from network.sheets import Refusal, Tally

Verdict = ImportRow.Verdict
PERHAPS = 5  # of those called alike


class Judge(PersonIntake):
    """Judges slices of the rows of one batch, in the order of the file. Between slices it keeps only what is true of
    the house; what the file has said before is asked of the rows, so that any worker can go on at any row."""

    def __init__(self, batch, *, is_taking: bool = False):
        super().__init__(Person, batch.by)
        self.batch, self.sight, self.is_taking = batch, Sight(batch.by), is_taking
        self._forget()

    def held(self, people):
        """Whoever is about to be written is held until the transaction ends, so that nobody's edit is lost."""
        return people.select_for_update(of=("self",)) if self.is_taking else people

    def judge(self, rows: list[ImportRow]) -> dict[int, Entry]:
        """Say in each of `rows` what becomes of it; number of a row -> what would be written for it."""
        self._forget()
        batch = self.batch
        mapping, date_system = batch.mapping, batch.reading.get("date_system", "")
        records = [row.record(batch.columns, mapping, date_system) for row in rows]
        self._recall(records)
        accepted = [record for record in records if self._accept(record)]
        self.asked = {row.number: row.unknown_organization for row in rows}
        self._recall_organizations(accepted)
        entries = {entry.record.row: entry for entry in self.enter(accepted) if self._stays_in_sight(entry)}
        refused = {refusal.row: refusal.reason for refusal in self.tally.refused}
        changes = self._changes(entries)
        notes: dict[int, list[str]] = {}
        for note in self.tally.notes:
            notes.setdefault(note.row, []).append(note.reason)
        for row, record in zip(rows, records, strict=True):
            row.key = self.keys.get(row.number, "")
            row.notes = [*getattr(record, "notes", ()), *notes.get(row.number, ())]
            row.person, row.changes = self.met.get(row.number), changes.get(row.number, [])
            is_open = row.number in entries
            row.unknown_organization = self.unknown.get(row.number, "") if is_open else ""
            row.perhaps = self.perhaps.get(row.number, []) if is_open else []
            row.verdict, row.reason = _verdict(entries.get(row.number), refused.get(row.number, ""))
        note_doubles(batch, rows)
        return entries

    # -- what the file has said before

    def _forget(self) -> None:
        self.tally, self.said, self.claimed, self.corrected = Tally(), {}, {}, []
        self.keys: dict[int, str] = {}  # number of a row -> digest of its key
        self.seen: set[int] = set()
        self.met: dict[int, Person] = {}  # number of a row -> whom it is about
        self.befores: dict[int, dict] = {}
        self.places: dict[int, set] = {}
        self.positions: dict[int, list] = {}
        self.noted: set[tuple[int, str]] = set()  # what is kept of whom already
        self.notes: dict[int, str] = {}  # number of a row -> what is to be kept
        self.unknown: dict[int, str] = {}  # number of a row -> the folded name of its organization
        self.perhaps: dict[int, list[int]] = {}

    def _recall(self, records: list[PersonRecord | Refusal]) -> None:
        """Which of `records` speak of what an earlier row has spoken of."""
        keys = {record.row: self.key(record) for record in records if isinstance(record, PersonRecord)}
        self.keys = {number: _digest(key) for number, key in keys.items()}
        earlier: dict[str, int] = {}
        rows = self.batch.rows.standing().exclude(number__in=[record.row for record in records])
        for key, number in rows.filter(key__in=set(self.keys.values())).values_list("key", "number"):
            earlier[key] = min(number, earlier.get(key, number))
        for number, key in keys.items():
            if earlier.get(self.keys[number], number) < number:
                self.said.setdefault(key, earlier[self.keys[number]])

    def _recall_organizations(self, records: list[PersonRecord]) -> None:
        """Which organizations somebody has said are meant, as far as the importer may see them now."""
        told = self.batch.organizations
        keys = {name: told[name] for name in map(folded, records) if name in told}
        pairs = Organization.everyone.filter(pk__in=keys.values()).standing_for(self.by) if keys else []
        standing = {one.pk: standing.pk for one, standing in pairs}
        self.told = {name: standing[pk] for name, pk in keys.items() if pk in standing}

    def meet(self, people: set[int]) -> None:
        self.seen = self.sight.of(people)
        if "note" in self.batch.fields:
            parties = InteractionParty.objects.filter(person__in=people, interaction__kind=Interaction.Kind.NOTE)
            self.noted = set(parties.values_list("person", "interaction__text"))
        spoken = self.batch.rows.standing().filter(person__in=people).exclude(number__in=self.keys)
        for pk, number in spoken.order_by("-number").values_list("person", "number"):
            self.claimed[pk] = number

    def claim(self, record: PersonRecord, person) -> bool:
        self.met[record.row] = person
        if person.pk not in self.seen:
            self.refuse(record, _out_of_reach())
            return False
        if self.claimed.get(person.pk, 0) > record.row:  # a later row, which is judged again after this one
            self.claimed[person.pk] = record.row
        return super().claim(record, person)

    # -- organizations

    def _organizations_named(self, record: PersonRecord) -> list[int]:
        """Where none was known, what somebody has said goes before what would be found since."""
        name = folded(record)
        told = [self.told[name]] if name in self.told else []
        was_unknown = bool(name) and self.asked[record.row] == name
        found = [] if told and was_unknown else super()._organizations_named(record)
        if name and len(found) != 1:
            self.unknown[record.row] = name
            return told or found
        return found

    def _note_organization(self, record: PersonRecord, found: list[int]) -> None:
        super()._note_organization(record, found)
        match = self._meant(record) if record.organization_name and not found else None
        self.perhaps[record.row] = [match.body.key] if match else found[:PERHAPS]

    # -- what would be written

    def _entry(self, record, person, known, organization) -> Entry:
        self.befores[record.row] = {name: said(person, name) for name in FIELDS} if person.pk else {}
        self.places[record.row] = {held.organization_id for held in known.affiliations[person.pk]}
        entry = super()._entry(record, person, known, organization)
        if record.note and (person.pk, record.note) not in self.noted:
            self.notes[record.row], entry.differs = record.note, True
        return entry

    def _corrected(self, record, there) -> bool:
        before = {held.pk: held.position for held in there}
        is_corrected = super()._corrected(record, there)
        if is_corrected:
            held = self.corrected[-1]
            self.positions[record.row] = [held.pk, before[held.pk], held.position]
        return is_corrected

    def _stays_in_sight(self, entry: Entry) -> bool:
        """Whether the importer would see the person afterwards; refuses the row where not."""
        number = entry.record.row
        places = {*self.places[number], *(getattr(part, "organization_id", None) for part in entry.parts)}
        if self.sight.holds(entry.row.country_id, places):
            return True
        self.refuse(entry.record, _out_of_reach())
        self.corrected = [held for held in self.corrected if held.pk != self.positions.get(number, [None])[0]]
        return False

    def _changes(self, entries: dict[int, Entry]) -> dict[int, list[list[str]]]:
        names = self._organization_names(entries.values())
        with override(None):  # the labels as the catalogues know them: each reader has them translated
            return {number: self.changes(entry, names) for number, entry in entries.items()}

    def changes(self, entry: Entry, names: dict[int, str]) -> list[list[str]]:
        """What is written for a row, in words: the label, what was said before, what is said afterwards."""
        before = self.befores[entry.record.row]
        told = [
            [str(Person._meta.get_field(name).verbose_name), text(before.get(name)), text(said(entry.row, name))]
            for name in FIELDS
            if said(entry.row, name) not in (None, "", [], before.get(name))
            and (name != "languages" or entry.record.languages)  # a new record has English where nobody says anything
        ]
        for part in entry.parts:
            named = getattr(part, "organization_id", None)
            words = ", ".join(filter(None, (part.position, names.get(named, "")))) if named else str(part)
            told.append([str(part._meta.verbose_name), "", words])
        if moved := self.positions.get(entry.record.row):
            told.append([str(self.affiliation._meta.get_field("position").verbose_name), moved[1], moved[2]])
        if note := self.notes.get(entry.record.row):
            told.append([str(Interaction.Kind.NOTE.label), "", note])
        return told

    def _organization_names(self, entries: Iterable[Entry]) -> dict[int, str]:
        named = {getattr(part, "organization_id", None) for entry in entries for part in entry.parts} - {None}
        return dict(Organization.objects.filter(pk__in=named).values_list("pk", "name"))


FIELDS = tuple("country_id" if name == "country" else name for name in PersonIntake.fields if name != "search_text")


def folded(record: PersonRecord) -> str:
    """How a row's organization is told from others."""
    return fold(record.organization)[:500]


def said(person: Person, name: str):
    """What the record says in a field, so that nothing later changes it."""
    value = getattr(person, name)
    return list(value) if isinstance(value, list) else value


def text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _verdict(entry: Entry | None, refusal: str) -> tuple[Verdict, str]:
    if entry is None:
        return Verdict.REFUSE, refusal
    if entry.is_new:
        return Verdict.CREATE, Sentence(_("Nobody is known by this name and address."))
    if entry.differs:
        return Verdict.UPDATE, Sentence(_("This person is known; something is new."))
    return Verdict.SAME, Sentence(_("All of it is known already."))


def _out_of_reach() -> str:
    """The same words for somebody who exists and for nobody: they must not tell the two apart."""
    return Sentence(_("This row is outside of what you may change. Ask somebody whose desk it is to import it."))


def _digest(key: Hashable) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()
