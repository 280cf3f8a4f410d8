"""InvitationAnswer: what was said to an invitation, when, and by which way it came. They are added, never changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from events.models.invitation import Invitation


class AnswerQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That it was answered counts on; the words are forgotten."""
        self.update(reason="")


class InvitationAnswer(models.Model):
    class Way(models.TextChoices):
        LINK = "LINK", _("By the link in the letter")
        CALENDAR = "CALENDAR", _("From their calendar")
        ORGANIZER = "ORGANIZER", _("Noted by an organizer")
        DOOR = "DOOR", _("At the door")
        LAPSED = "LAPSED", _("An offer that nobody took in time")

    invitation = models.ForeignKey(Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="answers")
    reply = models.CharField(_("answer"), max_length=12, choices=Invitation.Reply)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    way = models.CharField(_("how it came"), max_length=10, choices=Way, default=Way.LINK)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("noted by"), related_name="+", null=True, blank=True)
    at = models.DateTimeField(_("answered"), default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_reply_display()
