"""NationalLaw: what a country made law, or what its courts decided; a work with a life in time."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from legal.models.work import Work, WorkQuerySet


class NationalLawQuerySet(WorkQuerySet):
    def in_force(self, on: datetime.date | None = None):
        """Those that were law on the day `on` (today)."""
        on = on or timezone.localdate()
        return self.filter(Q(in_force_on__lte=on), Q(repealed_on=None) | Q(repealed_on__gt=on))


class NationalLaw(Work):
    class Form(models.TextChoices):
        CONSTITUTION = "CONSTITUTION", _("Constitution")
        ACT = "ACT", pgettext_lazy("of parliament", "Act")
        REGULATION = "REGULATION", _("Regulation")
        DECISION = "DECISION", _("Decision of a court")
        GUIDELINE = "GUIDELINE", _("Guideline")

    class Status(models.TextChoices):
        IN_FORCE = "IN_FORCE", _("In force")
        NOT_YET = "NOT_YET", _("Not yet in force")
        REPEALED = "REPEALED", _("Repealed")

    form = models.CharField(_("form"), max_length=12, choices=Form, default=Form.ACT)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    repealed_on = models.DateField(_("repealed"), null=True, blank=True)
    repealed_by = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("repealed by"), related_name="repeals", null=True, blank=True
    )
    citation = models.CharField(
        _("citation"), max_length=300, blank=True, help_text=_("As courts and gazettes of the country cite it.")
    )
    url = models.URLField(_("official page"), max_length=500, blank=True)

    objects = models.Manager.from_queryset(NationalLawQuerySet)()

    class Meta:
        verbose_name = _("national law")
        verbose_name_plural = _("national laws")
        constraints = [
            models.CheckConstraint(
                condition=Q(repealed_on=None) | Q(in_force_on=None) | Q(repealed_on__gte=models.F("in_force_on")),
                name="law_repealed_after_it_came_into_force",
                violation_error_message=_("It cannot be repealed before it came into force."),
            )
        ]

    def in_force_between(self):
        return self.in_force_on, self.repealed_on

    def own_facts(self):
        return {
            "form": str(self.get_form_display()),
            "official": self.citation,
            "status": str(self.status_on().value),
        }

    def status_on(self, on: datetime.date | None = None) -> "NationalLaw.Status":
        """What it was on the day `on` (today). One whose entry into force nobody knows is not yet in force."""
        on = on or timezone.localdate()
        if self.repealed_on and self.repealed_on <= on:
            return self.Status.REPEALED
        return self.Status.IN_FORCE if self.in_force_on and self.in_force_on <= on else self.Status.NOT_YET
