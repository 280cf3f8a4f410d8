"""Venue: where an event takes place; and its Rooms."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from network.labels import LabelsField
from network.models import Country


class Venue(ClusterableModel):
    name = LabelsField(_("name"))
    address = models.TextField(_("address"), blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="venues", null=True, blank=True
    )

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]

    def __str__(self) -> str:
        return str(self.name)

    def place(self, language: str | None = None) -> str:
        """Name, city and country on one line, in the language given (None: the active one)."""
        language = language or (get_language() or "en").split("-")[0]
        country = self.country.in_language(language) if self.country else ""
        parts = dict.fromkeys(filter(None, (self.name.in_language(language), self.city, country)))
        return ("، " if language == "ar" else ", ").join(parts)


class Room(models.Model):
    class Admits(models.TextChoices):
        PUBLIC = "PUBLIC", _("Sessions for everybody alone")
        PARTICIPANTS = "PARTICIPANTS", _("Sessions for participants alone")

    venue = ParentalKey(Venue, on_delete=models.CASCADE, verbose_name=_("venue"), related_name="rooms")
    name = LabelsField(_("name"))
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    admits = models.CharField(
        _("may be used for"),
        max_length=12,
        choices=Admits,
        blank=True,
        help_text=_("A hall without a door is for everybody; behind the badge check nobody else comes. Empty: any."),
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.name)
