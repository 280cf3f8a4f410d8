"""Reminder: the rule that those who have not answered, or focal points who have named nobody, are asked again so many
days before the answers, or the names, close; and Reminded: that somebody was asked again, by a rule or by hand."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from events.models.delegation import Delegation
from events.models.event import Event
from events.models.invitation import Invitation, InvitationQuerySet
from events.models.standing import Standing

MORNING = datetime.time(9)  # on the clock of the event


class Whom(models.TextChoices):
    UNANSWERED = "UNANSWERED", _("Who has not answered")
    UNSURE = "UNSURE", _("Who is not sure yet")
    RECONFIRM = "RECONFIRM", _("Who is to confirm again, because the event has moved")
    UNNAMED = "UNNAMED", _("Focal points whose delegation has named nobody")


# Of people; the focal points of delegations are asked otherwise.
STANDINGS = {
    Whom.UNANSWERED: [Standing.SENT, Standing.DELIVERED, Standing.OPENED],
    Whom.UNSURE: [Standing.TENTATIVE],
    Whom.RECONFIRM: [Standing.RECONFIRM],
}


def to_remind(invitations: InvitationQuerySet, whom: list[str], now: datetime.datetime | None = None):
    """Those of `invitations` that are one of `whom`: who could be asked again. What came back reaches nobody."""
    standings = [standing for one in whom for standing in STANDINGS.get(Whom(one), ())]
    return invitations.with_standing(now).filter(standing__in=standings)


class ReminderManager(models.Manager):
    @transaction.atomic
    def set_for(self, event: Event, days: int, whom: str, *, by, now: datetime.datetime | None = None) -> "Reminder":
        """Ask `whom` again that many days before the answers to `event` close. Raises ValidationError where it is set
        already, or where that morning has passed."""
        reminder, is_new = self.get_or_create(event=event, days=days, whom=whom)
        if not is_new:
            raise ValidationError(_("This reminder is set already."))
        if reminder.due_at <= (now or timezone.now()):
            raise ValidationError(_("That morning has passed. Remind them by hand instead."))
        log(event, "events.reminder.set", user=by, data={"days": days, "whom": whom})
        return reminder

    def due(self, now: datetime.datetime | None = None) -> list["Reminder"]:
        """Those whose morning has come, and whose event takes answers still."""
        now = now or timezone.now()
        coming = self.filter(event__status=Event.Status.ANNOUNCED, event__ends_on__gte=now.date())
        return [reminder for reminder in coming.select_related("event") if reminder.is_due(now)]

    def work_off(self, now: datetime.datetime | None = None) -> int:
        """Write the letters that are due; returns how many."""
        return sum(reminder.remind(now) for reminder in self.due(now))


class Reminder(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="reminders")
    days = models.PositiveSmallIntegerField(_("days before the answers close"))
    whom = models.CharField(_("whom"), max_length=10, choices=Whom, default=Whom.UNANSWERED)
    done_for = models.DateTimeField(null=True, editable=False)  # the morning for which it has written

    objects = ReminderManager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-days", "whom"]
        constraints = [models.UniqueConstraint(fields=["event", "days", "whom"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.days}: {self.get_whom_display()}"

    @property
    def due_at(self) -> datetime.datetime:
        """The morning on which it writes, at the place of the event; it moves with the event."""
        event = self.event
        closes_at = event.names_close_at if self.is_of_delegations else event.closes_at
        day = closes_at.astimezone(event.zone).date() - datetime.timedelta(days=self.days)
        return datetime.datetime.combine(day, MORNING, event.zone)

    @property
    def is_of_delegations(self) -> bool:
        return self.whom == Whom.UNNAMED

    def is_due(self, now: datetime.datetime) -> bool:
        due_at, event = self.due_at, self.event
        is_open = event.takes_names(now) if self.is_of_delegations else event.takes_answers(now)
        return due_at <= now and due_at != self.done_for and is_open

    def waiting(self, now: datetime.datetime | None = None):
        """Whom it would ask now, invitations or delegations: of those that were invited before its morning, and that it
        has not asked before."""
        if self.is_of_delegations:
            asked = self.event.delegations.naming_nobody().filter(invited_at__lt=self.due_at)
            return asked.exclude(reminded__rule=self).select_related("event__venue__country", "organization")
        invited = self.event.invitations.filter(sent_at__lt=self.due_at).exclude(reminded__rule=self)
        return to_remind(invited.select_related("event__venue__country", "person"), [self.whom], now)

    def remind(self, now: datetime.datetime | None = None) -> int:
        """Write to all for whom it waits; returns to how many. Each is asked once by one rule, however many workers ask
        and wherever the event moves; who is cut off in the middle goes on where it stopped."""
        due_at = self.due_at
        count = sum(one.remind(by=None, rule=self) for one in list(self.waiting(now)))
        Reminder.objects.filter(pk=self.pk).update(done_for=due_at)
        return count

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Take the rule back; that somebody was asked stays known."""
        log(self.event, "events.reminder.drop", user=by, data={"days": self.days, "whom": self.whom})
        self.delete()


class Reminded(models.Model):
    # One of the two.
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="reminded", null=True
    )
    delegation = models.ForeignKey(
        Delegation, models.CASCADE, verbose_name=_("delegation"), related_name="reminded", null=True
    )
    rule = models.ForeignKey(Reminder, models.SET_NULL, related_name="reminded", null=True)
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    at = models.DateTimeField(_("asked again"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder sent")
        verbose_name_plural = _("reminders sent")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "rule"], name="reminded_once_by_a_rule"),
            models.UniqueConstraint(fields=["delegation", "rule"], name="delegation_reminded_once_by_a_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation or self.delegation}: {self.at:%Y-%m-%d}"
