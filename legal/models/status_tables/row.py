"""StatusRow: one thing that a table says a country did: whether that is new, known, or differs from what is recorded,
and whether it is to be taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models.sentence import SentenceField
from legal.models.instrument import Instrument
from legal.models.participation import Participation
from legal.models.standing import Act
from network.models import Country


class Verdict(models.TextChoices):
    NEW = "NEW", pgettext_lazy("a row of a table", "New")
    SAME = "SAME", pgettext_lazy("a row of a table", "Same")
    DIFFERS = "DIFFERS", _("Differs")
    DISPUTED = "DISPUTED", _("Said in two ways")
    REFUSED = "REFUSED", pgettext_lazy("a row of a table", "Refused")


OPEN = (Verdict.NEW, Verdict.DIFFERS, Verdict.DISPUTED)  # of these somebody says whether they are taken


class StatusRowQuerySet(models.QuerySet):
    def open(self):
        """Those of which somebody says whether they are taken."""
        return self.filter(verdict__in=OPEN)

    def taken(self):
        return self.filter(is_taken=True)

    def in_order(self):
        return self.order_by("number", "pk")


class StatusRow(models.Model):
    Verdict = Verdict

    table = models.ForeignKey("legal.StatusTable", models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    written_country = models.CharField(max_length=200, blank=True)
    written_treaty = models.CharField(max_length=500, blank=True)
    country = models.ForeignKey(
        Country, models.CASCADE, verbose_name=_("country"), related_name="+", null=True, blank=True
    )
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, verbose_name=_("instrument"), related_name="+", null=True, blank=True
    )
    act = models.CharField(_("act"), max_length=20, choices=Act, blank=True)
    acted_on = models.DateField(pgettext_lazy("of an act", "date"), null=True, blank=True)
    effective_on = models.DateField(_("takes effect"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    reason = SentenceField(_("why"), blank=True)
    changes = models.JSONField(default=list, help_text="Where it differs: label, recorded, in the table.")
    ours = models.ForeignKey(
        Participation, models.SET_NULL, related_name="+", null=True, help_text="What is recorded of the same."
    )
    slot = models.CharField(max_length=60, blank=True, help_text="Of those with the same one can be true.")
    is_taken = models.BooleanField(_("taken"), default=False)
    written = models.ForeignKey(
        Participation, models.SET_NULL, related_name="+", null=True, help_text="What was written for it."
    )

    objects = StatusRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a status table")
        verbose_name_plural = _("rows of status tables")
        ordering = ["table", "number", "pk"]
        indexes = [models.Index(fields=["table", "verdict", "number"], name="status_row_by_verdict")]

    def __str__(self) -> str:
        return _("row %(row)s") % {"row": self.number}

    @property
    def is_open(self) -> bool:
        return self.verdict in OPEN

    @property
    def key(self) -> tuple:
        """What stays the same when the table is judged anew."""
        return self.number, self.act, self.acted_on, self.effective_on
