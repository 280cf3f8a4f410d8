"""Undoing: rows that were taken in are taken back, but for what somebody has changed since."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from contacts.models.affiliation import Affiliation
from contacts.models.duplicate import DuplicatePair, MatchKey
from contacts.models.imports.judging import FIELDS, said, text
from contacts.models.imports.row import ImportRow
from contacts.models.imports.sight import Sight
from contacts.models.imports.taking import bare, facts, own_words
from contacts.models.imports.trail import log_all
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.merge import Merge
from contacts.models.person import Person, PersonEmail, PersonPhone
from contacts.sheets import PersonRecord
from network.models.intake import rewrite
from network.sentences import Sentence

Undone = ImportRow.Undone
PARTS = {kind._meta.model_name: kind for kind in (PersonEmail, PersonPhone, Affiliation)}
# What hangs on a person without anybody having done anything with them.
INNER = {*PARTS.values(), MatchKey, DuplicatePair, ImportRow, Person}


class Undoing:
    """The way back for slices of the rows of one batch."""

    def __init__(self, batch, *, by):
        self.batch, self.by, self.sight = batch, by, Sight(by)

    def take_back(self, rows: list[ImportRow]) -> None:
        """Called in a transaction."""
        keys = {row.person_id for row in rows if row.person_id}
        people = Person.everyone.select_for_update().filter(pk__in=keys).order_by("pk")
        self.people = {person.pk: person for person in people}
        self.seen = self.sight.of(keys)
        self.parts = {name: _by_person(kind, keys) for name, kind in PARTS.items()}
        self.elsewhere = _said_elsewhere(self.batch, keys)
        self.notes = _notes_as_written(rows)
        self.dropped: dict[str, list[int]] = defaultdict(list)
        self.dropped_notes: list[int] = []
        self.gone: list[tuple[Person, list]] = []
        self.changed: list[tuple[Person, list]] = []
        with override(None):  # the labels as the catalogues know them: each reader has them translated
            self.busy = _busy(keys, self.notes)
            for row in rows:
                self._row(row)
        self._write(rows)

    def _row(self, row: ImportRow) -> None:
        person, written = self.people.get(row.person_id), row.written
        if sentence := self._obstacle(person, written):
            row.undone, row.undone_why = Undone.STUCK, sentence
        elif row.outcome == ImportRow.Outcome.CREATED:
            self._uncreate(row, person)
        else:
            self._revert(row, person)

    def _obstacle(self, person: Person | None, written: dict) -> str:
        if person is None or not written or person.erased_at:
            return Sentence(_("This person is not there any more."))
        if person.merged_into_id or person.pk != written["person"]:
            return Sentence(_("This record has been merged with another one. Take that back first."))
        return "" if person.pk in self.seen else Sentence(_("This row is outside of what you may change."))

    def _uncreate(self, row: ImportRow, person: Person) -> None:
        """A new record goes as a whole, or stays as a whole."""
        now, then, written = own_words(person), bare(row.written["words"]), row.written
        changed = [_label(name) for name in {**then, **now} if now.get(name) != then.get(name)]
        for name, held in self.parts.items():
            then = {pk: bare(said_of) for kind, pk, said_of in written["parts"] if kind == name}
            if {part.pk: facts(part) for part in held[person.pk]} != then:
                changed.append(str(PARTS[name]._meta.verbose_name_plural))
        changed += self.busy[person.pk]
        if self.elsewhere[person.pk]:
            changed.append(str(self.batch._meta.verbose_name_plural))
        if changed:
            row.undone = Undone.KEPT
            row.undone_why = Sentence(_("New or changed since: %(what)s."), what=list(map(Sentence, changed)))
        else:
            row.undone = Undone.REVERSED
            self.gone.append((person, [[label, after, before] for label, before, after in row.changes]))
            self.dropped_notes += {_note_of(row)} & self.notes.keys()

    def _revert(self, row: ImportRow, person: Person) -> None:
        """Of what was written each thing goes back by itself."""
        kept: list[str] = []
        told: list[list[str]] = []
        for name, (before, after) in row.written["fields"].items():
            if said(person, name) != after or self._is_said_elsewhere(person, name, before, after):
                kept.append(_label(name))
            else:
                setattr(person, name, before)
                told.append([_label(name), text(after), text(before)])
        for name, pk, then in row.written["parts"]:
            self._drop(person, name, pk, then, kept, told)
        if row.written["position"]:
            self._reposition(person, row.written["position"], kept, told)
        if note := _note_of(row):
            self._drop_note(person, note, kept, told)
        row.undone = Undone.KEPT if kept else Undone.REVERSED
        row.undone_why = Sentence(_("Changed since: %(what)s."), what=list(map(Sentence, kept))) if kept else ""
        if told:
            self.changed.append((person, told))

    def _drop(self, person, name: str, pk: int, then: dict, kept: list, told: list) -> None:
        part = next((part for part in self.parts[name][person.pk] if part.pk == pk), None)
        if part is None:  # somebody has removed it already
            return
        is_spoken_of = name == "affiliation" and part.pk in self._spoken_of(person)
        if (
            facts(part) != bare(then)
            or is_spoken_of
            or any(_names(record, part) for record in self.elsewhere[person.pk])
        ):
            kept.append(str(part._meta.verbose_name))
            return
        told.append([str(part._meta.verbose_name), str(part), ""])
        self.parts[name][person.pk].remove(part)
        self.dropped[name].append(pk)

    def _is_said_elsewhere(self, person, name: str, before, after) -> bool:
        """Whether another file says in a field what it says now, and did not before."""
        told = [getattr(record, name.removesuffix("_id")) for record in self.elsewhere[person.pk]]
        return any(one and _holds(after, one) and not _holds(before, one) for one in told)

    def _spoken_of(self, person) -> set[int]:
        """The posts of `person` that something else refers to."""
        own = self.parts["affiliation"][person.pk]
        found: set[int] = set()
        for relation in Affiliation._meta.related_objects:
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": own})
            found.update(rows.values_list(name, flat=True))
        return found

    def _reposition(self, person, moved: list, kept: list, told: list) -> None:
        pk, before, after = moved
        label = str(Affiliation._meta.get_field("position").verbose_name)
        if self._is_said_elsewhere(person, "position", before, after):
            kept.append(label)
        elif Affiliation.objects.filter(pk=pk, person=person, position=after).update(position=before):
            told.append([label, after, before])
        else:
            kept.append(label)

    def _drop_note(self, person, pk: int, kept: list, told: list) -> None:
        label, note = str(Interaction.Kind.NOTE.label), self.notes.get(pk)
        if note and not any(record.note == note.text for record in self.elsewhere[person.pk]):
            told.append([label, note.text, ""])
            self.dropped_notes.append(pk)
        elif note or Interaction.objects.filter(pk=pk).exists():
            kept.append(label)

    def _write(self, rows: list[ImportRow]) -> None:
        data = {"import": self.batch.pk}
        log_all("contacts.person.undo_import", self.gone, by=self.by, data=data, deleted=True)
        log_all("contacts.person.undo_import", self.changed, by=self.by, data=data)
        for name, keys in self.dropped.items():
            PARTS[name].objects.filter(pk__in=keys).delete()
        Interaction.objects.filter(pk__in=self.dropped_notes).delete()
        changed = [person for person, _told in self.changed]
        for person in changed:
            person.search_text = person.spell(email.address for email in self.parts["personemail"][person.pk])
        fields = [name.removesuffix("_id") for name in FIELDS]
        rewrite(Person, changed, [*fields, "search_text"])
        MatchKey.objects.renew(changed)
        gone = [person.pk for person, _told in self.gone]
        for row in rows:
            if row.person_id in gone:
                row.person = None
        ImportRow.objects.put_back(rows, ["undone", "undone_why", "person"])
        Person.everyone.filter(pk__in=gone).delete()


def _by_person(kind, keys: set[int]) -> dict[int, list]:
    found = defaultdict(list)
    for part in kind._base_manager.filter(person__in=keys).order_by("pk"):
        found[part.person_id].append(part)
    return found


def _note_of(row: ImportRow) -> int | None:
    """The key of the note that was kept for a row."""
    note = row.written.get("note")
    return note[0] if note else None


def _notes_as_written(rows: list[ImportRow]) -> dict[int, Interaction]:
    """The notes that were kept for `rows`, by key, as far as each says what was written, of that person alone."""
    written = {_note_of(row): (bare(row.written["note"][1]), [(row.person_id, None)]) for row in rows if _note_of(row)}
    notes = Interaction.objects.filter(pk__in=written).prefetch_related("parties")
    return {
        note.pk: note
        for note in notes
        if written[note.pk] == (facts(note), [(party.person_id, party.organization_id) for party in note.parties.all()])
    }


def _busy(keys: set[int], notes: Iterable[int]) -> dict[int, list[str]]:
    """Who has come to have something that is not of the import: letters, invitations, other notes; in words."""
    found = defaultdict(list)
    for relation in Person._meta.related_objects:
        if relation.related_model not in INNER:
            name, rows = relation.field.name, relation.related_model._base_manager.all()
            if relation.related_model is InteractionParty:
                rows = rows.exclude(interaction__in=notes)
            held = rows.filter(**{f"{name}__in": keys}).values_list(name, flat=True).distinct()
            for pk in held:
                found[pk].append(str(relation.related_model._meta.verbose_name_plural))
    for pk in Person.everyone.filter(merged_into__in=keys).values_list("merged_into", flat=True):
        found[pk].append(str(Merge._meta.verbose_name_plural))
    return found


def _said_elsewhere(batch, keys: set[int]) -> dict[int, list[PersonRecord]]:
    """What other files, taken in and not taken back, say of these people."""
    others = ImportRow.objects.filter(person__in=keys, undone="").exclude(batch=batch)
    found = defaultdict(list)
    for row in others.exclude(outcome__in=["", ImportRow.Outcome.REFUSED]).select_related("batch"):
        record = row.record(row.batch.columns, row.batch.mapping, row.batch.reading.get("date_system", ""))
        if isinstance(record, PersonRecord):
            found[row.person_id].append(record)
    return found


def _names(record: PersonRecord, part) -> bool:
    """Whether a file says that a person has `part`."""
    if isinstance(part, PersonEmail):
        return part.address.lower() in record.emails
    if isinstance(part, PersonPhone):
        return part.number in record.phones
    return bool(record.organization_name or record.organization_reference)


def _holds(value, told) -> bool:
    return set(told) <= set(value or ()) if isinstance(told, tuple) else told == value


def _label(name: str) -> str:
    return str(Person._meta.get_field(name).verbose_name)
