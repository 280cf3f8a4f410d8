"""Booth: where in a room of an event it is interpreted into a language, and on which channel one hears it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from events.models.event import Event, Room


class Booth(models.Model):
    event = ParentalKey(Event, on_delete=models.CASCADE, verbose_name=_("event"), related_name="booths")
    room = models.ForeignKey(Room, models.CASCADE, verbose_name=_("room"), related_name="booths")
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    channel = models.PositiveSmallIntegerField(
        _("channel"), null=True, blank=True, help_text=_("Of the receivers, on which the language is heard.")
    )

    class Meta:
        verbose_name = _("booth")
        verbose_name_plural = _("booths")
        ordering = ["room__position", "channel", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "room", "language"],
                name="booth_once",
                violation_error_message=_("This room has a booth for that language already."),
            ),
            models.UniqueConstraint(
                fields=["event", "room", "channel"],
                name="channel_once",
                violation_error_message=_("This channel of the room carries another language already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room}: {self.get_language_display()}"
