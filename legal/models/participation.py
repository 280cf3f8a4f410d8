"""Participation: what a country did about an instrument, on which day. Where it stands on any day follows from that."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from legal.models.instrument import Instrument
from legal.models.sourced import Sourced, SourcedQuerySet
from legal.models.work import Work
from network.models import Country


class Act(models.TextChoices):
    """Vienna Convention on the Law of Treaties, articles 2, 11 to 17, 25 and 54."""

    SIGNATURE = "SIGNATURE", _("Signature")
    DEFINITIVE_SIGNATURE = "DEFINITIVE_SIGNATURE", _("Definitive signature")
    RATIFICATION = "RATIFICATION", _("Ratification")
    ACCESSION = "ACCESSION", _("Accession")
    ACCEPTANCE = "ACCEPTANCE", pgettext_lazy("of a treaty", "Acceptance")
    APPROVAL = "APPROVAL", pgettext_lazy("of a treaty", "Approval")
    SUCCESSION = "SUCCESSION", _("Succession")
    PROVISIONAL = "PROVISIONAL", _("Provisional application")
    WITHDRAWAL = "WITHDRAWAL", pgettext_lazy("from a treaty", "Withdrawal")


CONSENTS = {
    *(Act.DEFINITIVE_SIGNATURE, Act.RATIFICATION, Act.ACCESSION),
    *(Act.ACCEPTANCE, Act.APPROVAL, Act.SUCCESSION),
}


class Status(models.TextChoices):
    PARTY = "PARTY", pgettext_lazy("to a treaty", "Party")
    BOUND_LATER = "BOUND_LATER", _("Deposited, not yet in force")
    PROVISIONAL = "PROVISIONAL", _("Applies it provisionally")
    SIGNATORY = "SIGNATORY", _("Signatory")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("from a treaty", "Withdrawn")
    NONE = "NONE", _("Not a party")


@dataclass(frozen=True)
class Standing:
    """Where a country stands: the status, since which day, and by which act."""

    status: Status
    since: datetime.date | None = None
    act: str = ""


class ParticipationQuerySet(SourcedQuerySet):
    def visible_to(self, viewer):
        return self.filter(instrument__in=Work.objects.visible_to(viewer).values("pk"))

    def up_to(self, on: datetime.date):
        return self.filter(acted_on__lte=on)

    def in_order(self):
        return self.order_by("acted_on", "pk")


class Participation(Sourced):
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, verbose_name=_("instrument"), related_name="participations"
    )
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="participations")
    act = models.CharField(_("act"), max_length=20, choices=Act)
    acted_on = models.DateField(pgettext_lazy("of an act", "date"), help_text=_("Of the signature or the deposit."))
    effective_on = models.DateField(
        _("takes effect"), null=True, blank=True, help_text=_("When it binds the country, or ceases to.")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = models.Manager.from_queryset(ParticipationQuerySet)()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["instrument", "country", "acted_on", "pk"]
        indexes = [models.Index(fields=["country", "instrument"])]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "country", "act", "acted_on"],
                name="participation_once",
                violation_error_message=_("This act of that day is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(effective_on__gte=models.F("acted_on")),
                name="participation_takes_effect_afterwards",
                violation_error_message=_("It cannot take effect before it was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_act_display()}, {self.acted_on}"


def standing_of(acts: list[Participation], on: datetime.date | None = None) -> Standing:
    """Where a country stands on the day `on` (today) that did `acts` about one instrument: the last of them that
    counts. A withdrawal counts from when it takes effect; until a consent takes effect, it is only deposited."""
    on = on or timezone.localdate()
    found = Standing(Status.NONE)
    for one in sorted(acts, key=lambda act: (act.acted_on, act.act == Act.WITHDRAWAL)):
        if one.acted_on <= on:
            found = _after(found, one, on)
    return found


def _after(before: Standing, one: Participation, on: datetime.date) -> Standing:
    effective_on = one.effective_on or one.acted_on
    if one.act in CONSENTS:
        if effective_on <= on:
            return Standing(Status.PARTY, effective_on, one.act)
        return before if before.status == Status.PARTY else Standing(Status.BOUND_LATER, one.acted_on, one.act)
    if one.act == Act.WITHDRAWAL:
        return Standing(Status.WITHDRAWN, effective_on, one.act) if effective_on <= on else before
    if one.act == Act.PROVISIONAL and before.status not in (Status.PARTY, Status.BOUND_LATER) and effective_on <= on:
        return Standing(Status.PROVISIONAL, effective_on, one.act)
    if one.act == Act.SIGNATURE and before.status in (Status.NONE, Status.WITHDRAWN):
        return Standing(Status.SIGNATORY, one.acted_on, one.act)
    return before
