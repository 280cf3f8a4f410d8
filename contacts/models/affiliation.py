"""Affiliation: a dated fact that a person holds a position at an organization."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from contacts.models.person import Person
from network.models import Organization, Topic
from network.models.dated import DatedQuerySet


class AffiliationQuerySet(DatedQuerySet):
    opened_by = "contacts.person"

    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def focal_points(self):
        return self.filter(is_focal_point=True)

    def in_precedence(self):
        """Those of an organization in the order of protocol: who heads it, then by rank, then the focal points."""
        rank = F("rank").asc(nulls_last=True)
        return self.order_by("-is_head", rank, "-is_focal_point", "person__family_name", "person__given_name", "pk")


class Affiliation(models.Model):
    class Rank(models.IntegerChoices):
        """The order of precedence, the highest first."""

        HEAD_OF_STATE = 10, _("Head of State or Government")
        MINISTER = 20, _("Minister")
        DEPUTY_MINISTER = 30, _("Deputy minister, secretary of State")
        AMBASSADOR = 40, _("Ambassador")
        HEAD_OF_AGENCY = 50, _("Head of an agency, director-general")
        DIRECTOR = 60, _("Director")
        HEAD_OF_UNIT = 70, _("Head of unit")
        OFFICER = 80, _("Officer, expert")

    person = ParentalKey(
        Person, on_delete=models.CASCADE, verbose_name=_("person"), related_name="affiliations", db_index=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organization"), related_name="affiliations"
    )
    position = models.CharField(_("position"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_head = models.BooleanField(_("head of the organization"), default=False)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    rank = models.PositiveSmallIntegerField(
        _("rank"), choices=Rank, null=True, blank=True, help_text=_("For the order of precedence.")
    )
    is_focal_point = models.BooleanField(_("focal point"), default=False)
    competence = models.ForeignKey(
        Topic,
        models.PROTECT,
        verbose_name=_("competence"),
        related_name="focal_points",
        null=True,
        blank=True,
        help_text=_("What the person is focal point for; empty means everything."),
    )

    objects = models.Manager.from_queryset(AffiliationQuerySet)()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-starts_on", "pk"]
        indexes = [
            models.Index(fields=["person", "organization"], name="affiliation_of_person"),
            models.Index(
                fields=["person", "starts_on", "ends_on"],
                name="affiliation_focal_person",
                condition=Q(is_focal_point=True),
            ),
            models.Index(
                fields=["organization"], include=["person", "starts_on", "ends_on"], name="affiliation_of_organization"
            ),
            models.Index(fields=["competence"], name="affiliation_focal_point", condition=Q(is_focal_point=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="affiliation_ends_after_it_starts",
                violation_error_message=_("An affiliation cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.organization.name}" if self.position else self.organization.name

    def holds_on(self, day: datetime.date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on >= day)
