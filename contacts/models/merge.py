"""Merge: that two records were one human being; it can be taken back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.duplicate import DuplicatePair, MatchKey
from contacts.models.person import Person, PersonEmail
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet

# What the two may say differently; of the rest there is room for both.
FIELDS = (
    *("honorific", "given_name", "family_name", "is_family_name_first", "form_of_address"),
    *("passport_given_name", "passport_family_name", "country_id", "birth_year"),
)

# Of these there is one in the whole base: they go over to a record that has none.
UNIQUE = ("user_id", "reference")


class Belonging(NamedTuple):
    """A row of the old record, in words, and as it would be with the kept one."""

    words: str
    row: models.Model
    relation: models.ManyToOneRel


class MergeQuerySet(GuardedQuerySet):
    opened_by = "contacts.person"

    def of_desks(self, desks):
        return self.filter(kept__in=Person.objects.of_desks(desks).values("pk"))


class MergeManager(models.Manager.from_queryset(MergeQuerySet)):
    @transaction.atomic
    def join(self, kept: Person, gone: Person, *, take: Iterable[str] = (), by) -> "Merge":
        """Make `gone` one with `kept`, which keeps its own words but for the fields named in `take` (of FIELDS).

        Everything that belonged to `gone` goes over; of what both have, only one can stay, and what `gone` has of it
        is left with the old record and named in `Merge.left`. The old record stays, hidden, and leads to `kept`.
        Raises ValidationError where the two cannot be one."""
        held = _held(kept, gone)
        if len(held) < 2:
            raise ValidationError(_("Choose two different records that have not been merged yet."))
        kept, gone = held[kept.pk], held[gone.pk]
        merge = self.model(kept=kept, gone=gone, by=by)
        merge.before = merge._facts()
        merge._take(take)
        merge._move_all()
        merge._choose_address()
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        kept = Person.everyone.get(pk=kept.pk)
        kept.save()  # found under its new names and addresses from now on
        merge.after = merge._facts()
        merge.save()
        log(kept, "contacts.person.merge", user=by, data={"gone": gone.pk, "took": sorted(take)})
        return merge


class Merge(models.Model):
    kept = models.ForeignKey(Person, models.CASCADE, verbose_name=_("kept record"), related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, verbose_name=_("old record"), related_name="merges_away")
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    moved = models.JSONField(default=dict, editable=False, help_text="Label of a model -> keys of the rows moved.")
    demoted = models.JSONField(default=list, editable=False, help_text="Keys of addresses that were for letters.")
    left = models.JSONField(default=list, editable=False, help_text="What stayed with the old record, in words.")

    objects = MergeManager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return _("%(gone)s into %(kept)s") % {"gone": self.gone, "kept": self.kept}

    @transaction.atomic
    def undo(self, *, by) -> list[str]:
        """Make two records of it again. What was moved goes back unless somebody has taken it elsewhere since; a field
        goes back unless somebody has changed it since. Returns the labels of the fields that were kept for that
        reason. Raises ValidationError where it cannot be taken back."""
        if self.undone_at:
            raise ValidationError(_("This merge has been taken back already."))
        if not _held(self.kept):
            raise ValidationError(_("The kept record has been merged into another one; take that back first."))
        changed_since = [name for name, value in self._facts().items() if value != self.after[name]]
        doubles = self._doubles()
        self._move_back()
        for merge, double in doubles:
            merge._bring_over(double)
        for name, value in self.before.items():
            if name not in changed_since:
                if name in UNIQUE and value is None:
                    setattr(self.gone, name, getattr(self.kept, name))
                setattr(self.kept, name, value)
        self.kept.save()
        self.gone.merged_into = None
        self.gone.save()
        self.undone_at = timezone.now()
        self.save(update_fields=["undone_at"])
        log(self.kept, "contacts.person.unmerge", user=by, data={"gone": self.gone_id, "kept_fields": changed_since})
        return [str(Person._meta.get_field(name).verbose_name) for name in changed_since]

    def _facts(self) -> dict:
        return {name: getattr(self.kept, name) for name in (*FIELDS, *UNIQUE, "languages")}

    def _take(self, fields: Iterable[str]) -> None:
        for name in FIELDS:
            mine, theirs = getattr(self.kept, name), getattr(self.gone, name)
            if theirs and (name in fields or not mine):
                setattr(self.kept, name, theirs)
        self.kept.languages = list(dict.fromkeys([*self.kept.languages, *self.gone.languages]))
        for name in UNIQUE:
            if getattr(self.kept, name) is None:
                setattr(self.kept, name, getattr(self.gone, name))
                setattr(self.gone, name, None)
        self.gone.save()  # first: what is unique leaves the one before it comes to the other
        self.kept.save()

    def _move_all(self) -> None:
        for words, row, relation in self._belongings():
            if _is_there(row):
                self.left.append(words)
            else:
                self._move(row, relation)

    def _belongings(self) -> Iterator[Belonging]:
        for relation in _relations():
            for row in relation.related_model._base_manager.filter(**{relation.field.name: self.gone}):
                words = f"{row._meta.verbose_name}: {row}"
                setattr(row, relation.field.name, self.kept)
                yield Belonging(words, row, relation)

    def _move(self, row: models.Model, relation) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**{relation.field.name: self.kept})
        self.moved.setdefault(row._meta.label, []).append(row.pk)

    def _doubles(self) -> list[tuple["Merge", Belonging]]:
        """What other old records of the kept one have, and it has as well: perhaps only through this merge."""
        others = self.kept.merges.filter(undone_at=None).exclude(pk=self.pk)
        return [(merge, one) for merge in others for one in merge._belongings() if _is_there(one.row)]

    def _bring_over(self, double: Belonging) -> None:
        """What could not come to the kept record comes now if nothing there says the same any more."""
        if not _is_there(double.row):
            self.left = [words for words in self.left if words != double.words]
            self._move(double.row, double.relation)
            self.save(update_fields=["left", "moved"])

    def _choose_address(self) -> None:
        """Letters go on to the address that the kept record has for them."""
        moved = PersonEmail.objects.filter(pk__in=self.moved.get(PersonEmail._meta.label, []), is_primary=True)
        if self.kept.emails.exclude(pk__in=moved).filter(is_primary=True).exists():
            self.demoted = list(moved.values_list("pk", flat=True))
            moved.update(is_primary=False)

    def _move_back(self) -> None:
        PersonEmail.objects.filter(pk__in=self.demoted, person=self.kept).update(is_primary=True)
        for relation in _relations():
            keys = self.moved.get(relation.related_model._meta.label, [])
            rows = relation.related_model._base_manager.filter(pk__in=keys, **{relation.field.name: self.kept})
            rows.update(**{relation.field.name: self.gone})


def _held(*people: Person) -> dict[int, Person]:
    """Those of `people` who have not been merged away, by key, held until the transaction ends."""
    keys = {person.pk for person in people}
    return {person.pk: person for person in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _relations() -> list:
    """All that belongs to a person, in whatever room."""
    ours = {Merge, Person, MatchKey, DuplicatePair}
    return [relation for relation in Person._meta.related_objects if relation.related_model not in ours]


def _is_there(row: models.Model) -> bool:
    """Whether another row says the same already."""
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        return True
    return False
