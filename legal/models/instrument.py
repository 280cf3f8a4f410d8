"""Instrument: a treaty, convention or protocol, and what brings it into force."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legal.models.work import Work, WorkManager
from network.labels import LabelsField


def no_languages() -> list[str]:
    return []


class Instrument(Work):
    place = models.CharField(_("place"), max_length=100, blank=True, help_text=_("Where it was adopted."))
    opened_on = models.DateField(_("opened for signature"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    in_force_clause = LabelsField(
        _("entry into force"), blank=True, rows=2, help_text=_("What its final clauses say, with the article.")
    )
    deposits_needed = models.PositiveSmallIntegerField(
        _("deposits needed"), null=True, blank=True, help_text=_("So many bring it into force.")
    )
    days_after_deposit = models.PositiveSmallIntegerField(
        _("days after the deposit"), null=True, blank=True, help_text=_("So long after its deposit it binds a country.")
    )
    depositary = models.CharField(_("depositary"), max_length=200, blank=True)
    registration = models.CharField(_("registration"), max_length=100, blank=True)
    authentic_languages = models.JSONField(_("authentic languages"), default=no_languages, blank=True)

    objects = WorkManager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def in_force_between(self):
        return self.in_force_on, None
