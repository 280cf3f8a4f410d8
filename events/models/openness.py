"""Openness: whether anybody may register for an event by themselves, where, and how long a freed seat is offered."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

OPEN_PLACES = ("ROOM", "ONLINE")  # for who registers by themselves: the usual one first


class MayBeOpen(models.Model):
    """What an event has to do with those who are not invited."""

    class OpenTo(models.TextChoices):
        INVITED = "", _("Nobody: by invitation alone")
        EVERYBODY = "EVERYBODY", _("Everybody, at once")
        APPROVED = "APPROVED", _("Everybody, once we have approved")

    open_to = models.CharField(
        _("who may register by themselves"),
        max_length=10,
        choices=OpenTo,
        blank=True,
        help_text=_("Everybody registers on the public page of the event, and confirms by a letter."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to take a freed seat"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_("A freed seat is offered to the next who waits for so long. Empty: it is theirs at once."),
    )

    class Meta:
        abstract = True

    def open_places(self) -> list[str]:
        """Where who registers by themselves can come, in the room or online: where a number of places is set, and else
        in the room, or, to a webinar, online."""
        sizes = dict(self.quotas.of_event().filter(role="", place__in=OPEN_PLACES).values_list("place", "size"))
        usual, other = OPEN_PLACES if self.kind != self.Kind.WEBINAR else reversed(OPEN_PLACES)
        is_open = {usual: sizes[usual] != 0, other: bool(sizes[other]) or (sizes[other] is None and sizes[usual] == 0)}
        return [place for place in OPEN_PLACES if is_open[place]]

    def full_places(self) -> list[str]:
        """Those of them where who comes now waits for a seat."""
        quotas = self.quotas.of_event().filter(role="", place__in=OPEN_PLACES)
        return [quota.place for quota in quotas if quota.left == 0]

    def takes_registrations(self, now: datetime.datetime | None = None) -> bool:
        """Whether anybody may register on its public page."""
        is_open = self.is_public and self.status == self.Status.ANNOUNCED and self.open_to != self.OpenTo.INVITED
        return is_open and self.takes_answers(now) and bool(self.open_places())

    def guard_registrations(self, now: datetime.datetime | None = None) -> None:
        if not self.takes_registrations(now):
            raise ValidationError(_("This event takes no registrations any more."))

    def offers_until(self, now: datetime.datetime) -> datetime.datetime | None:
        """Until when a seat that is free `now` is offered, never later than its start; None: it is given at once."""
        if not self.offer_hours or now >= self.starts_at:
            return None
        return min(now + datetime.timedelta(hours=self.offer_hours), self.starts_at)
