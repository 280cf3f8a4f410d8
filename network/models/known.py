"""Known: what people and organizations have in common: found by any of their names, and made one with another."""

from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel, get_all_child_relations

from network.models.guarded import GuardedQuerySet
from network.names import fold


class KnownQuerySet(GuardedQuerySet):
    def matching(self, text: str):
        """Those whose names or addresses hold every word of `text`, in any script or accent."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Known(ClusterableModel):
    """A record with names and a profile (`spell`, `spelled_with`, `profile`); one that was merged away leads on to the
    record that stands. What it is compared with others by, its `match_keys`, is written with its `profile_fields`."""

    profile_fields: ClassVar[set[str]]

    reference = models.CharField(
        _("reference"),
        max_length=500,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text=_("The register that the record came from, and its number there."),
    )
    search_text = models.TextField(editable=False, default="")
    merged_into = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("merged into"), related_name="+", null=True, editable=False
    )

    class Meta:
        abstract = True

    def save(self, *args, update_fields: Iterable[str] | None = None, **kwargs):
        """Writes all but `merged_into`, which is written by its name alone: who has read the record before a merge and
        saves it afterwards does not take the merge back."""
        self.reference = self.reference or None
        self.search_text = self.spell(self.spelled_with())
        names = None if update_fields is None else {*update_fields, "search_text"}
        if names is None and not self._state.adding:
            names = self._saved()
        super().save(*args, update_fields=names, **kwargs)
        if names is None or names & self.profile_fields:
            self._meta.get_field("match_keys").related_model.objects.renew([self])

    def _saved(self) -> set[str]:
        """The names of its fields, and of the rows that belong to it, but for `merged_into`."""
        fields = {field.name for field in self._meta.concrete_fields if not field.primary_key} - {"merged_into"}
        unread = {self._meta.get_field(name).name for name in self.get_deferred_fields()}
        return fields - unread | {relation.get_accessor_name() for relation in get_all_child_relations(self)}

    @property
    def standing(self) -> Self:
        """The record that stands for this one: itself, or the one that it was merged into."""
        record = self
        while record.merged_into_id:
            record = record.merged_into
        return record

    def spelled_with(self) -> Iterable[str]:
        """What `spell` is told of the parts that are stored."""
        raise NotImplementedError
