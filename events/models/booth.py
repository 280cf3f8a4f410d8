"""Booth: where in a room of an event it is interpreted into a language, and on which channel one hears it; and what is
said of the interpretation of a session."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from events.models.event import Event
from events.models.venue import Room
from network.labels import language_name

if TYPE_CHECKING:
    from events.models.session import Session

Interpretation = list[dict]  # of each language that is heard: {"language": its code, "channel": a number or None}


OF_BOOTHS = ("room_id", "language", "channel")


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


def channels_of(event: Event) -> dict[tuple[int, str], int | None]:
    """Room (key) and language -> the channel of the booth there."""
    return {(room, language): channel for room, language, channel in event.booths.values_list(*OF_BOOTHS)}


def interpretation_of(session: "Session", channels: dict[tuple[int, str], int | None]) -> Interpretation:
    """Into which languages `session` is interpreted, beside the one of the floor, and on which of `channels` each is
    heard."""
    return [
        {"language": code, "channel": channels.get((session.room_id, code))}
        for code in session.interpreted_into
        if code != session.language
    ]


def languages_heard(interpretation: Interpretation) -> str:
    """The languages with their channels, in words of the active language."""
    told = []
    for one in interpretation:
        words = {"language": language_name(one["language"]), "channel": one["channel"]}
        told.append(gettext("%(language)s (channel %(channel)d)") % words if one["channel"] else words["language"])
    return ("، " if get_language() == "ar" else ", ").join(told)
