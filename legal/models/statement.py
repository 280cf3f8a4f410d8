"""Statement: what a country said about an instrument: a reservation, a declaration, an objection to what another said,
a notification of its authorities; withdrawn, where it was."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from legal.models.instrument import Instrument
from legal.models.recorded import SOURCE, Recorded
from legal.models.sourced import SourcedQuerySet
from legal.models.text import Provision
from legal.models.work import Work
from network.labels import LabelsField
from network.models import Country


class StatementQuerySet(SourcedQuerySet):
    def visible_to(self, viewer):
        return self.filter(instrument__in=Work.objects.visible_to(viewer).values("pk"))

    def standing(self, on: datetime.date | None = None):
        """Those that were made by the day `on` (today), and not withdrawn by then."""
        on = on or timezone.localdate()
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), made_on__lte=on)

    def in_order(self):
        return self.order_by("made_on", "pk")


class Statement(Recorded):
    said = ("instrument_id", "country_id", "kind", "made_on", "withdrawn_on", "objects_to_id", "text", *SOURCE)

    class Kind(models.TextChoices):
        """Vienna Convention on the Law of Treaties, articles 2 (1) (d) and 19 to 23."""

        RESERVATION = "RESERVATION", pgettext_lazy("to a treaty", "Reservation")
        DECLARATION = "DECLARATION", pgettext_lazy("about a treaty", "Declaration")
        OBJECTION = "OBJECTION", pgettext_lazy("to a reservation", "Objection")
        NOTIFICATION = "NOTIFICATION", _("Notification of authorities")

    instrument = models.ForeignKey(Instrument, models.CASCADE, verbose_name=_("instrument"), related_name="statements")
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="statements")
    kind = models.CharField(_("kind of statement"), max_length=12, choices=Kind)
    made_on = models.DateField(_("made"), help_text=_("The day on which the depositary received it."))
    withdrawn_on = models.DateField(pgettext_lazy("a statement", "withdrawn"), null=True, blank=True)
    objects_to = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("objects to"),
        related_name="objections",
        null=True,
        blank=True,
        help_text=_("The reservation or declaration of another country, where this is an objection."),
    )
    text = LabelsField(_("text"), rows=8, help_text=_("In the languages in which the depositary circulated it."))
    provisions = models.ManyToManyField(
        Provision, verbose_name=_("about the provisions"), related_name="statements", blank=True
    )

    objects = models.Manager.from_queryset(StatementQuerySet)()

    class Meta:
        verbose_name = pgettext_lazy("about a treaty", "statement")
        verbose_name_plural = pgettext_lazy("about treaties", "statements")
        ordering = ["instrument", "country", "made_on", "pk"]
        indexes = [models.Index(fields=["country", "instrument"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("made_on")),
                name="statement_withdrawn_after_it_was_made",
                violation_error_message=_("It cannot be withdrawn before it was made."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_kind_display()}, {self.made_on}"

    def clean(self):
        is_objection = self.kind == self.Kind.OBJECTION
        if is_objection != bool(self.objects_to_id):
            sentence = _("Say to what it objects.") if is_objection else _("Only an objection objects to something.")
            raise ValidationError({"objects_to": sentence})
        if is_objection and self.objects_to.instrument_id != self.instrument_id:
            raise ValidationError({"objects_to": _("That was said about another instrument.")})
        if is_objection and self.objects_to.country_id == self.country_id:
            raise ValidationError({"objects_to": _("A country does not object to what it said itself.")})
        if self.made_on and self.made_on > timezone.localdate():
            raise ValidationError({"made_on": _("This day is still to come.")})

    def stands(self, on: datetime.date | None = None) -> bool:
        on = on or timezone.localdate()
        return self.made_on <= on and (self.withdrawn_on is None or self.withdrawn_on > on)
