"""OrganizationMerge: that two records were one organization; it can be taken back."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from network.models.guarded import GuardedQuerySet
from network.models.organization import Organization, OrganizationName
from network.models.twins import OrganizationKey, OrganizationPair
from network.names import fold

# What the two may say differently. Whether it is listed publicly stays as it is: nothing is published by a merge.
FIELDS = ("name", "acronym", "kind", "country_id", "parent_id", "website", "email", "status")


Belonging = tuple[str, models.Model, models.ManyToOneRel]


class OrganizationMergeQuerySet(GuardedQuerySet):
    opened_by = "network.organization"

    def of_desks(self, desks):
        return self.filter(kept__in=Organization.objects.of_desks(desks).values("pk"))

    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(undone_at=None)


class OrganizationMergeManager(models.Manager.from_queryset(OrganizationMergeQuerySet)):
    @transaction.atomic
    def join(self, kept: Organization, gone: Organization, *, take: Iterable[str] = (), by=None) -> "OrganizationMerge":
        """Make `gone` one with `kept`, which keeps its own words but for the fields named in `take` (of FIELDS).

        Everything that belonged to `gone` goes over, and its name becomes another name of `kept`; of what both have,
        only one can stay, and what `gone` has of it is left with the old record and named in `left`. The old record
        stays, hidden, and leads to `kept`. Raises ValidationError where the two cannot be one."""
        held = _held(kept, gone)
        if len(held) < 2:
            raise ValidationError(_("Choose two different records that have not been merged yet."))
        kept, gone = held[kept.pk], held[gone.pk]
        if gone.pk in kept.above() or kept.pk in gone.above():
            raise ValidationError(_("One of the two is part of the other. Change that first."))
        merge = self.model(kept=kept, gone=gone)
        merge.before = merge._facts()
        merge._take(set(take))
        merge._move_all()
        merge._keep_name(gone.name)
        merge._keep_name(merge.before["name"])
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        merge.kept = kept = Organization.everyone.get(pk=kept.pk)
        kept.save()  # found under its new names from now on
        merge.after = merge._facts()
        merge.save()
        log(kept, "network.organization.merge", user=by, data={"gone": gone.pk, "took": sorted(take)})
        return merge


class OrganizationMerge(models.Model):
    kept = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("kept record"), related_name="merges")
    gone = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("old record"), related_name="merges_away")
    merged_at = models.DateTimeField(_("merged"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    moved = models.JSONField(default=dict, editable=False, help_text="Label of a relation -> keys of the rows moved.")
    added = models.JSONField(default=list, editable=False, help_text="Keys of the names that it gave.")
    left = models.JSONField(default=list, editable=False, help_text="What stayed with the old record, in words.")

    objects = OrganizationMergeManager()

    class Meta:
        verbose_name = _("merge of organizations")
        verbose_name_plural = _("merges of organizations")
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
        for merge, *double in doubles:
            merge._bring_over(*double)
        self._restore(changed_since)
        self.undone_at = timezone.now()
        self.save(update_fields=["undone_at"])
        data = {"gone": self.gone_id, "kept_fields": changed_since}
        log(self.kept, "network.organization.unmerge", user=by, data=data)
        return [str(Organization._meta.get_field(name).verbose_name) for name in changed_since]

    def _facts(self) -> dict:
        facts = {name: getattr(self.kept, name) for name in (*FIELDS, "reference")}
        return facts | {"topics": sorted(self.kept.topics.values_list("pk", flat=True))}

    def _take(self, fields: set[str]) -> None:
        kept, gone = self.kept, self.gone
        for name in FIELDS:
            mine, theirs = getattr(kept, name), getattr(gone, name)
            if theirs and (name in fields or not mine):
                setattr(kept, name, theirs)
        kept.clean()
        if kept.reference is None:
            kept.reference, gone.reference = gone.reference, None
        kept.topics.add(*gone.topics.all())
        gone.save()  # first: what is unique leaves the one before it comes to the other
        kept.save()

    def _move_all(self) -> None:
        for words, row, relation in self._belongings():
            if _is_there(row):
                self.left.append(words)
            else:
                self._move(row, relation)

    def _belongings(self) -> Iterator[Belonging]:
        """Each row of the old record, in words, and as it would be with the kept one."""
        for relation in _relations():
            for row in relation.related_model._base_manager.filter(**{relation.field.name: self.gone}):
                words = f"{row._meta.verbose_name}: {row}"
                setattr(row, relation.field.name, self.kept)
                yield words, row, relation

    def _doubles(self) -> list[tuple]:
        """What other old records of the kept one have, and it has as well: perhaps only through this merge."""
        others = self.kept.merges.standing().exclude(pk=self.pk)
        return [(merge, *one) for merge in others for one in merge._belongings() if _is_there(one[1])]

    def _bring_over(self, words: str, row: models.Model, relation) -> None:
        """What could not come to the kept record comes now if nothing there says the same any more."""
        if not _is_there(row):
            self.left = [told for told in self.left if told != words]
            self._move(row, relation)
            self.save(update_fields=["left", "moved"])

    def _move(self, row: models.Model, relation) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**{relation.field.name: self.kept})
        self.moved.setdefault(str(relation.field), []).append(row.pk)

    def _keep_name(self, name: str) -> None:
        """`name` is another name of the kept record from now on, unless it says so already."""
        kept = self.kept
        said = {fold(other) for other in (kept.name, *kept.other_names.values_list("name", flat=True))}
        if fold(name) not in said:
            self.added.append(OrganizationName.objects.create(organization=kept, name=name).pk)

    def _move_back(self) -> None:
        OrganizationName.objects.filter(pk__in=self.added, organization=self.kept).delete()
        for relation in _relations():
            keys = self.moved.get(str(relation.field), [])
            rows = relation.related_model._base_manager.filter(pk__in=keys, **{relation.field.name: self.kept})
            rows.update(**{relation.field.name: self.gone})

    def _restore(self, changed_since: list[str]) -> None:
        kept = self.kept = Organization.everyone.get(pk=self.kept_id)
        gone = self.gone = Organization.everyone.get(pk=self.gone_id)
        back = {name: value for name, value in self.before.items() if name not in changed_since}
        if "topics" in back:
            kept.topics.set(back.pop("topics"))
        if "reference" in back and back["reference"] is None:
            gone.reference = kept.reference
        for name, value in back.items():
            setattr(kept, name, value)
        kept.save()
        gone.merged_into = None
        gone.save()


def _held(*organizations: Organization) -> dict[int, Organization]:
    """Those of `organizations` that have not been merged away, by key, held until the transaction ends."""
    keys = {organization.pk for organization in organizations}
    found = Organization.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {organization.pk: organization for organization in found}


def _relations() -> list:
    """All that belongs to an organization, in whatever room."""
    ours = {OrganizationMerge, OrganizationKey, OrganizationPair}
    return [
        relation
        for relation in Organization._meta.related_objects
        if relation.related_model not in ours and not relation.many_to_many
    ]


def _is_there(row: models.Model) -> bool:
    """Whether another row says the same already, or it would say something that cannot be."""
    try:
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        return True
    return False
