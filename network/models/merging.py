"""Merging: making two records of one, and two again. Each kind of record says what its two may say differently."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from network.changes import change
from network.models.facts import told
from network.models.guarded import GuardedQuerySet
from network.models.pairs import AbstractKey, AbstractPair

NOTHING = (None, "", [], {}, False)


class Belonging(NamedTuple):
    """A row of the old record, in words, and as it would be with the kept one."""

    words: str
    row: models.Model
    relation: models.ManyToOneRel

    @property
    def company(self) -> tuple | None:
        """What it shares with the rows that go over together with it, or not at all; None where it goes alone."""
        return getattr(self.row, "merge_company", None)

    @property
    def is_there(self) -> bool:
        """Whether a row of the kept record says all of this already, or it would say something that cannot be."""
        if not _holds(self.row):
            return _holds(type(self.row)._base_manager.get(pk=self.row.pk))  # it comes over where it never held
        if self.row._meta.related_objects:  # more is known of it than it says itself
            return False
        fields = [field for field in self.row._meta.concrete_fields if not field.primary_key]
        said = {field.name: value for field in fields if (value := getattr(self.row, field.attname)) not in NOTHING}
        return type(self.row)._base_manager.filter(**said).exclude(pk=self.row.pk).exists()


class MergeQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(kept__in=self.model.records().of_desks(desks).values("pk"))

    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(undone_at=None)


class MergeManager(models.Manager.from_queryset(MergeQuerySet)):
    @transaction.atomic
    def join(self, kept: models.Model, gone: models.Model, *, take: Iterable[str] = (), by) -> "AbstractMerge":
        """Make `gone` one with `kept`, which keeps its own words but for the fields named in `take` (of `fields`).

        Everything that belonged to `gone` goes over; of what both have, only one can stay, and what `gone` has of it
        is left with the old record and named in `left`. The old record stays, hidden, and leads to `kept`.
        Raises ValidationError where the two cannot be one."""
        held = self.model.hold(kept, gone)
        if len(held) < 2:
            raise ValidationError(_("Choose two different records that have not been merged yet."))
        merge = self.model(kept=held[kept.pk], gone=held[gone.pk])
        merge.guard()
        merge.before, said = merge._facts(), merge._said()
        merge._take(set(take))
        merge._move_all()
        merge.settle()
        merge.gone.merged_into = merge.kept
        merge.gone.save(update_fields=["merged_into"])
        merge.kept = self.model.records("everyone").get(pk=kept.pk)
        merge.kept.save()  # found under its new names and addresses from now on
        merge.after = merge._facts()
        merge.save()
        data = {"gone": gone.pk, "took": sorted(take), "changes": _changes(merge.kept, said, merge._said())}
        log(merge.kept, merge.action("merge"), user=by, data=data)
        return merge


class AbstractMerge(models.Model):
    """That the records `kept` and `gone` (relations of a subclass) were of one."""

    fields: ClassVar[tuple[str, ...]]  # what the two may say differently
    joined: ClassVar[tuple[str, ...]]  # lists, of which the kept record has both from now on
    unique: ClassVar[tuple[str, ...]]  # of these there is one in the whole base: they go over to a record that has none

    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    moved = models.JSONField(default=dict, editable=False, help_text="Relation -> keys of the rows moved.")
    left = models.JSONField(default=list, editable=False, help_text="What stayed with the old record, in words.")

    objects = MergeManager()

    class Meta:
        abstract = True
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return _("%(gone)s into %(kept)s") % {"gone": self.gone, "kept": self.kept}

    @classmethod
    def records(cls, manager: str = "objects") -> models.Manager:
        """The records that it joins, as one of their managers knows them."""
        return getattr(cls.kept.field.related_model, manager)

    @classmethod
    def hold(cls, *records: models.Model) -> dict[int, models.Model]:
        """Those of `records` that have not been merged away, by key, held until the transaction ends."""
        keys = {record.pk for record in records}
        return {one.pk: one for one in cls.records().select_for_update().filter(pk__in=keys).order_by("pk")}

    @classmethod
    def action(cls, verb: str) -> str:
        """What the history calls a verb of the records."""
        return f"{cls.records().model._meta.label_lower}.{verb}"

    def guard(self) -> None:
        """Raises ValidationError where the two cannot be one."""

    def settle(self) -> None:
        """See to what follows from having become one."""

    def unsettle(self) -> None:
        """And take that back."""

    @transaction.atomic
    def undo(self, *, by) -> list[str]:
        """Make two records of it again. What was moved goes back unless somebody has taken it elsewhere since; a field
        goes back unless somebody has changed it since. Returns the labels of the fields that were kept for that
        reason. Raises ValidationError where it cannot be taken back."""
        if self.undone_at:
            raise ValidationError(_("This merge has been taken back already."))
        if not self.hold(self.kept):
            raise ValidationError(_("The kept record has been merged into another one; take that back first."))
        before = self._said()
        changed_since = [name for name, value in self._facts().items() if value != self.after[name]]
        doubles = self._doubles()
        self.unsettle()
        self._move_back()
        for merge, double in doubles:
            merge._bring_over(double)
        self._restore(changed_since)
        self.undone_at = timezone.now()
        self.save(update_fields=["undone_at"])
        changes = _changes(self.kept, before, self._said())
        data = {"gone": self.gone_id, "kept_fields": changed_since, "changes": changes}
        log(self.kept, self.action("unmerge"), user=by, data=data)
        return [str(self.kept._meta.get_field(name).verbose_name) for name in changed_since]

    def _facts(self) -> dict[str, Any]:
        return {name: _said(self.kept, name) for name in (*self.fields, *self.unique, *self.joined)}

    def _said(self) -> dict[str, Any]:
        """The same, as every reader can read it."""
        return {name: told(self.kept, name.removesuffix("_id")) for name in (*self.fields, *self.unique, *self.joined)}

    def _take(self, fields: set[str]) -> None:
        kept, gone = self.kept, self.gone
        for name in self.fields:
            mine, theirs = getattr(kept, name), getattr(gone, name)
            if theirs and (name in fields or not mine):
                setattr(kept, name, theirs)
        for name in self.joined:
            _say(kept, name, list(dict.fromkeys([*_said(kept, name), *_said(gone, name)])))
        for name in self.unique:
            if getattr(kept, name) is None:
                setattr(kept, name, getattr(gone, name))
                setattr(gone, name, None)
        gone.save()  # first: what is unique leaves the one before it comes to the other
        kept.save()

    def _move_all(self) -> None:
        belongings = [(one, one.is_there) for one in self._belongings()]
        stays = {one.company for one, is_there in belongings if is_there} - {None}
        for one, is_there in belongings:
            if is_there or one.company in stays:
                self.left.append(one.words)
            else:
                self._move(one)

    def _belongings(self) -> Iterator[Belonging]:
        for relation in self._relations():
            for row in relation.related_model._base_manager.filter(**{relation.field.name: self.gone}):
                setattr(row, relation.field.name, self.gone)  # for its words: known, and need not be asked for
                words = f"{row._meta.verbose_name}: {row}"
                setattr(row, relation.field.name, self.kept)
                yield Belonging(words, row, relation)

    def _relations(self) -> Iterator[models.ManyToOneRel]:
        """All that belongs to a record, in whatever room."""
        for relation in self.kept._meta.related_objects:
            ours = issubclass(relation.related_model, AbstractMerge | AbstractKey | AbstractPair)
            if not (ours or relation.many_to_many):
                yield relation

    def _move(self, one: Belonging) -> None:
        type(one.row)._base_manager.filter(pk=one.row.pk).update(**{one.relation.field.name: self.kept})
        self.moved.setdefault(str(one.relation.field), []).append(one.row.pk)

    def _move_back(self) -> None:
        for relation in self._relations():
            name, keys = relation.field.name, self.moved.get(str(relation.field), [])
            rows = relation.related_model._base_manager.filter(pk__in=keys, **{name: self.kept})
            rows.update(**{name: self.gone})

    def _doubles(self) -> list[tuple["AbstractMerge", Belonging]]:
        """What other old records of the kept one have, and it has as well: perhaps only through this merge."""
        others = self.kept.merges.standing().exclude(pk=self.pk)
        return [(merge, one) for merge in others for one in merge._belongings() if one.is_there]

    def _bring_over(self, double: Belonging) -> None:
        """What could not come to the kept record comes now if nothing there says the same any more."""
        if not double.is_there:
            self.left = [words for words in self.left if words != double.words]
            self._move(double)
            self.settle()
            self.save()

    def _restore(self, changed_since: list[str]) -> None:
        everyone = self.records("everyone")
        kept, gone = self.kept, self.gone = everyone.get(pk=self.kept_id), everyone.get(pk=self.gone_id)
        for name, value in self.before.items():
            if name not in changed_since:
                if name in self.unique and value is None:
                    setattr(gone, name, getattr(kept, name))
                _say(kept, name, _standing(kept, name, value))
        kept.save()  # first, for what is unique
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])  # first: only what stands has keys
        gone.save()


def _holds(row: models.Model) -> bool:
    try:
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        return False
    return True


def _said(record: models.Model, name: str) -> Any:
    """What a field says, rows that it leads to by their keys."""
    if record._meta.get_field(name).many_to_many:
        return sorted(getattr(record, name).values_list("pk", flat=True))
    return getattr(record, name)


def _say(record: models.Model, name: str, value: Any) -> None:
    if record._meta.get_field(name).many_to_many:
        getattr(record, name).set(value)
    else:
        setattr(record, name, value)


def _standing(record: models.Model, name: str, value: Any) -> Any:
    """`value` of a field, where it leads to other rows without those that are gone, and to those that stand now."""
    field = record._meta.get_field(name)
    if field.many_to_many:
        return list(field.related_model._base_manager.filter(pk__in=value).values_list("pk", flat=True))
    if field.is_relation and value is not None:
        row = field.related_model._base_manager.filter(pk=value).first()
        return row and getattr(row, "standing", row).pk
    return value


def _changes(record: models.Model, before: dict[str, Any], after: dict[str, Any]) -> list[list]:
    """What each field said before and says now, as the history keeps it."""
    fields = {name: record._meta.get_field(name) for name in before}
    return [
        change(fields[name].verbose_name, before[name], after[name]) for name in before if before[name] != after[name]
    ]
