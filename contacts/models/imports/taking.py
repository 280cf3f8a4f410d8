"""Taking: rows of a file become people, a slice in a transaction; what was written is noted for the way back."""

from django.db import models

from contacts.models.imports.judging import Judge, said
from contacts.models.imports.row import ImportRow
from contacts.models.imports.trail import log_all
from contacts.models.interaction import Interaction, InteractionParty
from network.models.intake import Entry

Outcome, Verdict = ImportRow.Outcome, ImportRow.Verdict
OUTCOMES = {
    Verdict.CREATE: Outcome.CREATED,
    Verdict.UPDATE: Outcome.UPDATED,
    Verdict.SAME: Outcome.SAME,
    Verdict.REFUSE: Outcome.REFUSED,
}
# What a record says only for the house's own machinery, or together with another field.
TECHNICAL = {"id", "person_id", "search_text", "nonce", "created_at", "merged_into_id", "confirmed_by_id", "by_id"}


def take(judge: Judge, rows: list[ImportRow]) -> None:
    """Judge `rows` by what is known now, and write them. Called in a transaction."""
    before = {row.number: row.judged() for row in rows}
    entries = judge.judge(rows)
    judge._write(list(entries.values()))
    notes = _keep_notes(judge, entries)
    for row in rows:
        row.outcome = OUTCOMES[row.verdict]
        if entry := entries.get(row.number):
            row.person = entry.row
            row.written = _written(judge, entry, notes.get(row.number))
    _name_doubles(judge.batch, rows)
    _put_back(rows, before)
    told = [(row.person, row.changes) for row in rows if row.written]
    log_all("contacts.person.import", told, by=judge.by, data={"import": judge.batch.pk})


def _keep_notes(judge: Judge, entries: dict[int, Entry]) -> dict[int, Interaction]:
    """Number of a row -> the note that is kept with its person."""
    said = {"kind": Interaction.Kind.NOTE, "subject": judge.batch.name, "by": judge.by}
    notes = {number: Interaction(**said, text=text) for number, text in judge.notes.items() if number in entries}
    Interaction.objects.bulk_create(notes.values())
    InteractionParty.objects.bulk_create(
        InteractionParty(interaction=note, person=entries[number].row) for number, note in notes.items()
    )
    return notes


def _put_back(rows: list[ImportRow], before: dict[int, list]) -> None:
    """Of most rows is said what was said `before` (number of a row -> that); only of the others it is written anew."""
    told: dict[bool, list[ImportRow]] = {True: [], False: []}
    for row in rows:
        told[row.judged() == before[row.number]].append(row)
    ImportRow.objects.put_back(told[True], ImportRow.TAKEN)
    ImportRow.objects.put_back(told[False], {*ImportRow.JUDGED, *ImportRow.TAKEN})


def _name_doubles(batch, rows: list[ImportRow]) -> None:
    """A row that is refused because an earlier one has spoken of the same is about the same person."""
    doubles = [row for row in rows if row.key and row.person is None]
    if doubles:
        known = batch.rows.filter(key__in=[row.key for row in doubles]).exclude(person=None).select_related("person")
        people = {row.key: row.person for row in [*known, *rows] if row.person}
        for row in doubles:
            row.person = people.get(row.key)


def facts(part: models.Model) -> dict:
    """What a part says, as JSON keeps it; it is taken back only as long as it says so."""
    said_of = {name: getattr(part, name) for name in names(part)}
    return bare({name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in said_of.items()})


def own_words(person) -> dict:
    """All that a record says of itself, as JSON keeps it."""
    return bare(
        {
            name: value if isinstance(value := said(person, name), bool | list | dict) else value and str(value)
            for name in names(person)
        }
    )


def bare(words: dict) -> dict:
    """`words` without those that say nothing: most of a record; and of a field that there was not yet, an import says
    nothing either."""
    return {name: value for name, value in words.items() if value not in (None, "", False, [])}


def names(record: models.Model) -> list[str]:
    """All fields that there are, so that none that is added later can be forgotten."""
    return [field.attname for field in record._meta.concrete_fields if field.attname not in TECHNICAL]


def _written(judge: Judge, entry: Entry, note: Interaction | None) -> dict:
    """What was written, and what it said before: {} where nothing was."""
    if not (entry.is_new or entry.differs):
        return {}
    number, person = entry.record.row, entry.row
    before = judge.befores[number]
    changed = {name: [value, said(person, name)] for name, value in before.items() if value != said(person, name)}
    return {
        "person": person.pk,
        "fields": changed,
        "words": own_words(person) if entry.is_new else {},
        "parts": [[part._meta.model_name, part.pk, facts(part)] for part in entry.parts],
        "position": judge.positions.get(number),
        "note": [note.pk, facts(note)] if note else None,
    }
