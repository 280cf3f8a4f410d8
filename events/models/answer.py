"""InvitationAnswer: what was said to an invitation, when, and by which way it came. They are added, never changed."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from events.models.event import Event
from events.models.invitation import Invitation
from events.sheets import GivenAnswer
from network.sheets import Refusal, Tally


class AnswerQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That it was answered counts on; the words are forgotten."""
        self.update(reason="")


class AnswerManager(models.Manager.from_queryset(AnswerQuerySet)):
    @transaction.atomic
    def take_file(self, event: Event, rows: Iterable[GivenAnswer | Refusal], *, by) -> Tally:
        """Take what stands in a table as the answers of those who are invited to `event`; what cannot be taken is told,
        row by row, and the others are."""
        tally = Tally()
        for row in rows:
            if isinstance(row, Refusal):
                tally.refused.append(row)
                continue
            try:
                with transaction.atomic():
                    changed = self._take(event, row, by)
            except ValidationError as refusal:
                tally.refused.append(Refusal(row.row, " ".join(refusal.messages)))
                continue
            tally.changed += changed
            tally.unchanged += not changed
        if tally.changed:
            data = {"changed": tally.changed, "refused": len(tally.refused)}
            log(event, "events.invitation.import_answers", user=by, data=data)
        return tally

    def foresee_file(self, event: Event, rows: Iterable[GivenAnswer | Refusal], *, by) -> Tally:
        """What `take_file` would do: it is done, told, and not kept."""
        with transaction.atomic():
            tally = self.take_file(event, rows, by=by)
            transaction.set_rollback(True)
        return tally

    def _take(self, event: Event, row: GivenAnswer, by) -> bool:
        """Whether the answer is another than the last."""
        meant = Q(address__iexact=row.email) | Q(person__emails__address__iexact=row.email)
        seen = event.invitations.sent().within_reach_of(by).filter(meant)
        found = list(seen.select_related("event__venue__country", "person").distinct()[:2])
        if len(found) != 1:
            told = _("Nobody with the address %(email)s is invited.")
            if found:
                told = _("Several people with the address %(email)s are invited: enter it on the card of one.")
            raise ValidationError(told % {"email": row.email})
        [invitation] = found
        before = (invitation.reply, invitation.answered_at)
        if row.reply != invitation.reply:
            invitation.answer(row.reply, reason=row.reason, by=by, way=InvitationAnswer.Way.IMPORT)
        return before != (invitation.reply, invitation.answered_at)


class InvitationAnswer(models.Model):
    class Way(models.TextChoices):
        LINK = "LINK", _("By the link in the letter")
        CALENDAR = "CALENDAR", _("From their calendar")
        ORGANIZER = "ORGANIZER", _("Noted by an organizer")
        IMPORT = "IMPORT", _("From a file")
        DOOR = "DOOR", _("At the door")
        LAPSED = "LAPSED", _("An offer that nobody took in time")

    invitation = models.ForeignKey(Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="answers")
    reply = models.CharField(_("answer"), max_length=12, choices=Invitation.Reply)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    way = models.CharField(_("how it came"), max_length=10, choices=Way, default=Way.LINK)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("noted by"), related_name="+", null=True, blank=True)
    at = models.DateTimeField(_("answered"), default=timezone.now)

    objects = AnswerManager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_reply_display()
