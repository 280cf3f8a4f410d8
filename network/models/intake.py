"""Intake: how the records of a file become rows, and the account of what became of each.

A file is taken in batches, each in a transaction of its own, and not in one transaction: SQLite has one writer, and a
long import would keep everybody else waiting. Every row is written whole or not at all. What is cut off in the middle
leaves whole rows, and taking the file once more does the rest, because what is known already is not written again. A
file that cannot be read to its end must write nothing; so whoever reads one goes through it once before (the commands
do, see `network.management.imports`).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from wagtail import hooks
from wagtail.log_actions import log

from network.models.country import Country
from network.names import fold
from network.sentences import Sentence
from network.sheets import OrganizationRecord, OtherName, Refusal, Tally

BATCH = 500

Progress = Callable[[int], None]


@hooks.register("register_log_actions")
def register_actions(actions):
    label = gettext_lazy("Imported organizations")
    actions.register_action("network.organization.import", label, label)


@dataclass(eq=False)
class Entry:
    """A record on its way into `row`, the object that it is about; `parts` belong to it and are new."""

    record: Any
    row: Any
    is_new: bool
    differs: bool = False
    parts: list[models.Model] = field(default_factory=list)


class Intake:
    """Takes records of one kind. A subclass says how a record is known (`key`), what speaks against it (`objection`),
    and how a batch of them becomes entries (`enter`)."""

    action: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]  # what an update writes

    def __init__(self, model: type[models.Model], by=None):
        self.model, self.by = model, by
        self.tally = Tally()
        self.countries = set(Country.objects.values_list("code", flat=True))
        self.said: dict[Hashable, int] = {}  # what the file has spoken of: key -> row
        self.claimed: dict[int, int] = {}  # and which of our objects that was: pk -> row
        self.first: models.Model | None = None

    def key(self, record) -> Hashable:
        raise NotImplementedError

    def objection(self, record) -> str:
        raise NotImplementedError

    def enter(self, records: list) -> Iterator[Entry]:
        raise NotImplementedError

    def take(self, records: Iterable, progress: Progress | None = None) -> Tally:
        """Take all `records`, and refuse the rows that are Refusals; `progress` hears how many rows are done."""
        done = 0
        try:
            for batch in in_batches(records):
                with transaction.atomic():
                    self._write(list(self.enter([record for record in batch if self._accept(record)])))
                done += len(batch)
                if progress:
                    progress(done)
        finally:  # what was taken in before the source broke off has its history as well
            self.conclude()
        return self.tally

    def conclude(self) -> None:
        """What remains to be done after the last record: the history. An import that changed nothing leaves none."""
        if self.first:
            counts = {"created": self.tally.created, "changed": self.tally.changed}
            log(self.first, self.action, user=self.by, data={**counts, "refused": len(self.tally.refused)})

    def refuse(self, record, reason: str) -> None:
        self.tally.refused.append(Refusal(record.row, reason))

    def note(self, row: int, reason: str) -> None:
        self.tally.notes.append(Refusal(row, reason))

    def claim(self, record, row: models.Model) -> bool:
        """Whether `record` is the first of its file that is about `row`; refuses it where it is not."""
        first = self.claimed.setdefault(row.pk, record.row)
        if first != record.row:
            self.refuse(record, _said_before(first))
        return first == record.row

    def unknown_country(self, record) -> str:
        if record.country and record.country not in self.countries:
            return Sentence(_("%(code)s is not a country we know."), code=record.country)
        return ""

    def _accept(self, record) -> bool:
        if isinstance(record, Refusal):
            self.tally.refused.append(record)
            return False
        key = self.key(record)
        reason = _said_before(self.said[key]) if key in self.said else self.objection(record)
        if reason:
            self.refuse(record, reason)
        else:
            self.said[key] = record.row
        return not reason

    def _write(self, entries: list[Entry]) -> None:
        write(self.model, entries, self.fields)
        self.claimed.update((entry.row.pk, entry.record.row) for entry in entries if entry.is_new)
        count(self.tally, entries)
        self.first = self.first or next((entry.row for entry in entries if entry.is_new or entry.differs), None)


class OrganizationManager(models.Manager):
    def take_records(
        self, records: Iterable[OrganizationRecord | Refusal], *, by=None, progress: Progress | None = None
    ) -> Tally:
        """Take what a file says of organizations, as `network.sheets.read_organizations` gives it, and say what became
        of it. `progress` is called with the number of rows done.

        An organization is known by its reference; without one, by name and country. What a record leaves empty stays as
        it is, other names are added, and a second time writes nothing. Raises what `records` raises; the rows before
        are then in (see the head of this module)."""
        return OrganizationIntake(self.model, by).take(records, progress)


class OrganizationIntake(Intake):
    action = "network.organization.import"
    fields = ("kind", "name", "acronym", "country", "website", "email", "status", "search_text")

    def __init__(self, model, by=None):
        super().__init__(model, by)
        self.other_name = model._meta.get_field("other_names").related_model
        self.children: list[Entry] = []  # those that name a parent
        self.names: dict[str, list[tuple[int, str]]] | None = None  # made when the first record without reference comes

    def key(self, record: OrganizationRecord) -> Hashable:
        return record.reference or (fold(record.name), record.country)

    def objection(self, record: OrganizationRecord) -> str:
        long = too_long(self.model, email=record.email) or next(
            filter(None, (too_long(self.other_name, language=other.language) for other in record.names)), ""
        )
        return self.unknown_country(record) or long

    def enter(self, records: list[OrganizationRecord]) -> Iterator[Entry]:
        known = self._known(records)
        names = self._other_names(known.values())
        for record in records:
            row = known.get(self.key(record))
            if row is None:
                row = self.model(reference=record.reference or None)
            elif not self.claim(record, row):
                continue
            yield self._entry(record, row, names[row.pk] if row.pk else set())

    def conclude(self) -> None:
        """Parents come last: a file may name one before its row."""
        for batch in in_batches(self.children):
            with transaction.atomic():
                self._link(batch)
        super().conclude()

    def _known(self, records: list[OrganizationRecord]) -> dict[Hashable, models.Model]:
        references = [record.reference for record in records if record.reference]
        everyone = self.model.everyone.filter(reference__in=references).select_related("merged_into")
        known = {row.reference: row.standing for row in everyone}
        bearers = self._bearers([record for record in records if not record.reference])
        rows = self.model.objects.in_bulk(bearers.values())
        return {**known, **{key: rows[pk] for key, pk in bearers.items()}}

    def _bearers(self, records: list[OrganizationRecord]) -> dict[Hashable, int]:
        """Key -> the organization of that name and country. Several of them are several rows of a register, of which
        the first stands for all."""
        found = {}
        for record in records:
            same = [pk for pk, country in self._named(record.name) if country == record.country]
            if same:
                found[self.key(record)] = same[0]
        return found

    def _named(self, name: str) -> list[tuple[int, str]]:
        if self.names is None:
            self.names = self.model.objects.by_name()
        return self.names.get(fold(name), [])

    def _other_names(self, rows: Iterable[models.Model]) -> dict[int, set[OtherName]]:
        names = defaultdict(set)
        others = self.other_name.objects.filter(organization__in=rows)
        for pk, *other in others.values_list("organization_id", "name", "language", "kind"):
            names[pk].add(OtherName(*other))
        return names

    def _entry(self, record: OrganizationRecord, row, names: set[OtherName]) -> Entry:
        is_new = row.pk is None
        added = [other for other in record.names if other not in names]
        differs = put(
            row,
            kind=self._kind(record, row),
            name=record.name,
            acronym=record.acronym,
            country_id=record.country,
            website=record.website,
            email=record.email,
            status=record.status,
        )
        if differs or added:
            spelled = sorted({other.name for other in names.union(added)})
            row.search_text = row.spell(spelled)
        parts = [
            self.other_name(organization=row, name=other.name, language=other.language, kind=other.kind)
            for other in added
        ]
        entry = Entry(record, row, is_new, differs or bool(added), parts)
        if record.parent_reference:
            self.children.append(entry)
        return entry

    def _kind(self, record: OrganizationRecord, row) -> str:
        """The kind that the record says, or none where a relationship is against it."""
        if row.pk is None or record.kind in ("", row.kind) or not (tie := row.tie_against(record.kind)):
            return record.kind
        reads, _other = tie.seen_from(row)
        sentence = _("It stays of the kind %(kind)s, for “%(relationship)s” is recorded of it.")
        self.note(record.row, Sentence(sentence, kind=row.kind, relationship=reads))
        return ""

    def _write(self, entries: list[Entry]) -> None:
        super()._write(entries)
        touched = [entry.row for entry in entries if entry.is_new or entry.differs]
        self.model._meta.get_field("match_keys").related_model.objects.renew(touched)
        if self.names is not None:
            for entry in entries:
                if entry.is_new:
                    self.names.setdefault(fold(entry.row.name), []).append((entry.row.pk, entry.row.country_id or ""))

    def _link(self, children: list[Entry]) -> None:
        wanted = {child.record.parent_reference for child in children}
        references = dict(self.model.objects.filter(reference__in=wanted).values_list("reference", "pk"))
        above = dict(self.model.objects.exclude(parent=None).values_list("pk", "parent"))
        moved = defaultdict(list)
        for child in children:
            text, pk = child.record.parent_reference, child.row.pk
            parent = references.get(text) or self._parent_named(text, child)
            if parent and above.get(pk) != parent and self._may_stand_under(child, parent, above):
                above[pk] = parent
                moved[parent].append(child)
        for parent, entries in moved.items():
            self.model.objects.filter(pk__in=[entry.row.pk for entry in entries]).update(parent=parent)
            self._recount(entries)

    def _parent_named(self, name: str, entry: Entry) -> int | None:
        """The only organization of that name, or the only one in the same country."""
        found = self._named(name)
        at_home = [pk for pk, country in found if country == (entry.row.country_id or "")]
        if len(found) == 1 or len(at_home) == 1:
            return at_home[0] if at_home else found[0][0]
        sentence = _("Several organizations are called “%(name)s”; it was not put under one of them.")
        if not found:
            sentence = _("“%(name)s”, of which it is part, is not known.")
        self.note(entry.record.row, Sentence(sentence, name=name))
        return None

    def _may_stand_under(self, entry: Entry, parent: int, above: dict[int, int]) -> bool:
        if entry.row.pk not in lineage(parent, above):
            return True
        sentence = _("“%(name)s” cannot be above it: it would be part of itself.")
        self.note(entry.record.row, Sentence(sentence, name=entry.record.parent_reference))
        return False

    def _recount(self, entries: list[Entry]) -> None:
        """Those that nothing but a parent was new for have changed after all."""
        unchanged = [entry for entry in entries if not entry.differs]
        self.tally.unchanged -= len(unchanged)
        self.tally.changed += len(unchanged)
        self.first = self.first or next((entry.row for entry in unchanged), None)


# -- pieces


def in_batches(items: Iterable, size: int = BATCH) -> Iterator[list]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def write(model: type[models.Model], entries: list[Entry], fields: Iterable[str]) -> None:
    """Write what is new in `entries`, and `fields` of those that differ; nothing where nothing does."""
    model.objects.bulk_create([entry.row for entry in entries if entry.is_new])
    kinds = defaultdict(list)
    for entry in entries:
        for part in entry.parts:
            kinds[type(part)].append(part)
    for kind, parts in kinds.items():
        kind._default_manager.bulk_create(parts)
    rewrite(model, [entry.row for entry in entries if entry.differs and not entry.is_new], fields)


def rewrite(model: type[models.Model], rows: list[models.Model], fields: Iterable[str]) -> None:
    """Write `fields` of many rows that are there, at once. (An insertion that meets what is there: `bulk_update` takes
    several times as long, for it writes a case for each field of each row. What is not written, and need not be there,
    is not sent either.)"""
    names = {"id", *fields}
    sent = [
        field.attname
        for field in model._meta.concrete_fields
        if field.name in names or not (field.null or field.has_default())
    ]
    bare = [model(**{name: getattr(row, name) for name in sent}) for row in rows]
    model._base_manager.bulk_create(
        bare, update_conflicts=True, unique_fields=["id"], update_fields=list(fields), batch_size=500
    )


def count(tally: Tally, entries: list[Entry]) -> None:
    for entry in entries:
        if entry.is_new:
            tally.created += 1
        elif entry.differs:
            tally.changed += 1
        else:
            tally.unchanged += 1


def put(row: models.Model, **values) -> bool:
    """Give `row` the values that say something; whether one of them differed."""
    differing = {name: value for name, value in values.items() if value and getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def too_long(model: type[models.Model], **values: str) -> str:
    """A sentence on the first of `values` that its field cannot hold, or ""."""
    for name, value in values.items():
        length = model._meta.get_field(name).max_length
        if len(value) > length:
            return Sentence(_("“%(column)s” is longer than %(length)s characters."), column=name, length=length)
    return ""


def lineage(pk: int, above: dict[int, int]) -> list[int]:
    """`pk` and everything above it."""
    line = []
    while pk is not None and pk not in line:
        line.append(pk)
        pk = above.get(pk)
    return line


def _said_before(row: int) -> str:
    return Sentence(_("The file speaks of the same one in row %(row)s."), row=row)
