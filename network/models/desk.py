"""Desk: a country desk or a team. Who belongs to one sees the records of its countries and organizations alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from network.models.country import Country
from network.models.organization import Organization


class Desk(ClusterableModel):
    name = models.CharField(_("name"), max_length=100, unique=True)
    countries = ParentalManyToManyField(
        Country,
        verbose_name=_("countries"),
        related_name="desks",
        blank=True,
        help_text=_("Their organizations, and the people who belong to these or live there."),
    )

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeskOrganization(models.Model):
    """An organization that a desk keeps besides those of its countries: an international body, for example."""

    desk = ParentalKey(Desk, on_delete=models.CASCADE, verbose_name=_("desk"), related_name="named")
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="named_by_desks"
    )

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "organization"],
                name="desk_names_organization_once",
                violation_error_message=_("The desk keeps this organization already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)
