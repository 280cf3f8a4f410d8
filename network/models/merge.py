"""OrganizationMerge: that two records were one organization; it can be taken back."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.merging import AbstractMerge, MergeManager, MergeQuerySet
from network.models.organization import Organization, OrganizationName
from network.names import fold


class OrganizationMergeQuerySet(MergeQuerySet):
    opened_by = "network.organization"


class OrganizationMerge(AbstractMerge):
    # Whether it is listed publicly stays as it is: nothing is published by a merge.
    fields = ("name", "acronym", "kind", "country_id", "parent_id", "website", "email", "status")
    joined = ("topics",)
    unique = ("reference",)

    kept = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("kept record"), related_name="merges")
    gone = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("old record"), related_name="merges_away")
    added = models.JSONField(default=list, editable=False, help_text="Keys of the names that it gave.")

    objects = MergeManager.from_queryset(OrganizationMergeQuerySet)()

    class Meta(AbstractMerge.Meta):
        verbose_name = _("merge of organizations")
        verbose_name_plural = _("merges of organizations")

    def guard(self) -> None:
        if self.gone.pk in self.kept.above() or self.kept.pk in self.gone.above():
            raise ValidationError(_("One of the two is part of the other. Change that first."))

    def settle(self) -> None:
        """What either was called stays among its names. Raises ValidationError where it would be part of itself."""
        self.kept.clean()
        self._keep_name(self.gone.name)
        self._keep_name(self.before["name"])

    def unsettle(self) -> None:
        OrganizationName.objects.filter(pk__in=self.added, organization=self.kept).delete()

    def _keep_name(self, name: str) -> None:
        """`name` is another name of the kept record from now on, unless it says so already."""
        said = {fold(other) for other in (self.kept.name, *self.kept.other_names.values_list("name", flat=True))}
        if fold(name) not in said:
            self.added.append(OrganizationName.objects.create(organization=self.kept, name=name).pk)
