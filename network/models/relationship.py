"""Relationship: a dated tie between two organizations, which reads from both sides."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.models.dated import DatedQuerySet
from network.models.organization import Organization

IN_OFFICE = {
    Organization.Kind.IGO,
    Organization.Kind.GOVERNMENT,
    Organization.Kind.LAW_ENFORCEMENT,
    Organization.Kind.CRIMINAL_JUSTICE,
}
WITH_MEMBERS = {
    Organization.Kind.IGO,
    Organization.Kind.INDUSTRY,
    Organization.Kind.NGO,
    Organization.Kind.ACADEMIA,
}


@dataclass(frozen=True)
class Tie:
    """How a kind of relationship reads from either side, and which kinds of organizations it may join (empty: any)."""

    forth: str
    back: str
    first: frozenset[str] = frozenset()
    second: frozenset[str] = frozenset()

    @property
    def is_mutual(self) -> bool:
        return str(self.forth) == str(self.back)


TIES = {
    "MEMBER": Tie(_("Member of"), _("Has as member"), second=frozenset(WITH_MEMBERS)),
    "FUNDER": Tie(_("Funds"), _("Funded by")),
    "SUPERVISOR": Tie(_("Supervises"), _("Supervised by"), first=frozenset(IN_OFFICE)),
    "PARTNER": Tie(_("Cooperates with"), _("Cooperates with")),
    "SUCCESSOR": Tie(_("Successor of"), _("Succeeded by")),
}


class RelationshipQuerySet(DatedQuerySet):
    def of_desks(self, desks):
        """Those of which both sides may be seen."""
        seen = Organization.objects.of_desks(desks).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def of(self, organization: Organization):
        """Those of `organization`, whichever side it stands on."""
        return self.filter(Q(first=organization) | Q(second=organization))

    def against(self, organization: Organization, kind: str):
        """Those in which `organization` could not stand where it stands, were it of the kind `kind`."""
        first = [name for name, tie in TIES.items() if tie.first and kind not in tie.first]
        second = [name for name, tie in TIES.items() if tie.second and kind not in tie.second]
        return self.filter(Q(first=organization, kind__in=first) | Q(second=organization, kind__in=second))


class Relationship(models.Model):
    class Kind(models.TextChoices):
        MEMBER = "MEMBER", TIES["MEMBER"].forth
        FUNDER = "FUNDER", TIES["FUNDER"].forth
        SUPERVISOR = "SUPERVISOR", TIES["SUPERVISOR"].forth
        PARTNER = "PARTNER", TIES["PARTNER"].forth
        SUCCESSOR = "SUCCESSOR", TIES["SUCCESSOR"].forth

    first = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="relationships"
    )
    kind = models.CharField(_("relationship"), max_length=12, choices=Kind)
    second = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("other organization"), related_name="relationships_back"
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = models.Manager.from_queryset(RelationshipQuerySet)()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        ordering = ["kind", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="relationship_joins_two",
                violation_error_message=_("An organization has no relationship with itself."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="relationship_ends_after_it_starts",
                violation_error_message=_("A relationship cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first.name}: {self.get_kind_display()} {self.second.name}"

    @property
    def tie(self) -> Tie:
        return TIES[self.kind]

    def seen_from(self, organization: Organization) -> tuple[str, Organization]:
        """How it reads from `organization`, and the organization on the other side."""
        return (self.tie.forth, self.second) if self.first_id == organization.pk else (self.tie.back, self.first)

    def clean(self):
        if not (self.kind and self.first_id and self.second_id):
            return
        self._check_side("first", self.first, self.tie.first)
        self._check_side("second", self.second, self.tie.second)
        if self._twins().within(self.starts_on, self.ends_on).exists():
            raise ValidationError(_("This relationship is recorded already for some of these days."))

    def _check_side(self, field: str, organization: Organization, kinds: frozenset[str]) -> None:
        if kinds and organization.kind not in kinds:
            sentence = _("%(organization)s is of the kind “%(kind)s”, which does not stand on this side.")
            facts = {"organization": organization.name, "kind": organization.get_kind_display()}
            raise ValidationError({field: sentence % facts})

    def _twins(self):
        """The other rows that say the same, also from the other side where that is the same."""
        sides = Q(first=self.first, second=self.second)
        if self.tie.is_mutual:
            sides |= Q(first=self.second, second=self.first)
        return Relationship.objects.filter(sides, kind=self.kind).exclude(pk=self.pk)
