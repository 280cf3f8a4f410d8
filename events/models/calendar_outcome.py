"""Outcome: what becomes of an answer from a calendar, by the table of docs/reference/calendar-answers.md."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from events import ical
from events.models.invitation import Invitation

DAY = datetime.timedelta(days=1)
MOST_A_DAY = 20  # for one invitation
GIVEN = (Invitation.Reply.ACCEPTED, Invitation.Reply.DECLINED, Invitation.Reply.TENTATIVE)


class Outcome(models.TextChoices):
    """What became of it. A person decides what is among TO_DECIDE, and can take back what is among TO_LOOK_AT."""

    APPLIED = "APPLIED", _("Taken as the answer")
    UNVERIFIED = "UNVERIFIED", _("Taken, the sender is not proven")
    ASSISTANT = "ASSISTANT", _("Taken, answered by somebody else")
    SAME = "SAME", _("The same answer once more")
    OLDER = "OLDER", _("Older than the answer that we have")
    EARLIER = "EARLIER", _("Answers the earlier version")
    FORWARDED = "FORWARDED", _("Forwarded: somebody else answered")
    DELEGATED = "DELEGATED", _("Names somebody to come instead")
    COUNTER = "COUNTER", _("Proposes another time")
    REFRESHED = "REFRESHED", _("Asked for the entry again")
    DISOWNED = "DISOWNED", _("The sender may be forged")
    NOBODY = "NOBODY", _("Does not say who answers")
    REFUSED = "REFUSED", _("Could not be taken")
    HELD = "HELD", _("Too many answers in a day")
    SESSION = "SESSION", _("Answers about a session")
    UNMATCHED = "UNMATCHED", _("Belongs to no invitation")
    OTHER = "OTHER", _("Something else")
    UNREADABLE = "UNREADABLE", _("Could not be read")


DONE = (Outcome.APPLIED, Outcome.SAME, Outcome.OLDER, Outcome.REFRESHED)
TO_LOOK_AT = (Outcome.UNVERIFIED, Outcome.ASSISTANT)
TO_DECIDE = tuple(one for one in Outcome if one not in (*DONE, *TO_LOOK_AT))


class Weighed(models.Model):
    """What a CalendarReply does by itself."""

    session_title = ""  # where it came by the entry of a session, which asks for no answer

    class Meta:
        abstract = True

    def _work_out(self, verdict: ical.Verdict) -> None:
        """Settle what becomes of it, by the table of the outcomes."""
        plain = {ical.Verdict.OTHER: Outcome.OTHER, ical.Verdict.NOTHING: Outcome.NOBODY}
        if self.session_title:
            self._note_of_session()
        elif self.invitation is None:
            self.outcome = Outcome.UNMATCHED
        elif self._are_too_many():
            self.outcome = Outcome.HELD
        elif verdict is ical.Verdict.REFRESH:
            self.invitation.send_calendar_again()
            self.outcome = Outcome.REFRESHED
        elif verdict is ical.Verdict.COUNTER:
            self.outcome = Outcome.COUNTER
        else:
            self.outcome = plain.get(verdict) or self._weigh()
        self.save()

    def _note_of_session(self) -> None:
        """Who comes is not asked session by session; a person sees who does not, in time to find somebody else."""
        self.outcome, self.detail = Outcome.SESSION, self.session_title
        if self.partstat == Invitation.Reply.ACCEPTED:
            self.settled_at = self.came_at

    def _are_too_many(self) -> bool:
        of_today = self.invitation.calendar_replies.filter(came_at__gte=self.came_at - DAY)
        return of_today.count() > MOST_A_DAY

    def _weigh(self) -> Outcome:
        """Of a REPLY that says something: whether it is who was invited, and the last that they said."""
        if not self.attendee:
            return Outcome.NOBODY
        if self.attendee not in self.invitation.known_addresses:
            return Outcome.FORWARDED
        if self.is_disowned:
            return Outcome.DISOWNED
        if self.partstat not in (*GIVEN, Invitation.Reply.DELEGATED):
            return Outcome.OTHER
        if self._is_to_earlier_version():
            return Outcome.EARLIER
        if self._is_older():
            return Outcome.OLDER
        return self._follow()

    def _is_to_earlier_version(self) -> bool:
        """Whether time or place have changed since the version that it answers."""
        if self.sequence is not None:
            return self.sequence < self.invitation.sequence
        has_changed = self.invitation.sequence > 0 and self.stamped_at is not None
        return has_changed and self.stamped_at < self.invitation.revised_at

    def _is_older(self) -> bool:
        last = self.invitation.answers.select_related("calendar_reply").first()
        if last is None:
            return False
        if before := getattr(last, "calendar_reply", None):
            return self._order < before._order
        return self.said_at < last.at.replace(microsecond=0)

    @property
    def _order(self) -> tuple:
        return (self.sequence or 0, self.said_at, self.came_at)

    def _follow(self) -> Outcome:
        """Do what it says. What a button refuses is refused here as well, and a person decides."""
        if self._says_the_same():
            return Outcome.COUNTER if self.proposed_start else Outcome.SAME
        try:
            with transaction.atomic():
                self._answer(now=self.came_at)
        except ValidationError as refusal:
            self.invitation.refresh_from_db()
            with override(settings.LANGUAGE_CODE):
                self.detail = " ".join(str(one) for one in refusal.messages)
            return Outcome.REFUSED
        if self.partstat == Invitation.Reply.DELEGATED:
            return Outcome.DELEGATED
        if self.proposed_start:
            return Outcome.COUNTER
        if not self.is_proven:
            return Outcome.UNVERIFIED
        is_own = self.sender in self.invitation.known_addresses
        return Outcome.APPLIED if is_own else Outcome.ASSISTANT

    def _says_the_same(self) -> bool:
        invitation = self.invitation
        is_said = self.partstat == invitation.reply and self.comment in ("", invitation.reason)
        return is_said and not invitation.is_to_be_confirmed and not invitation.is_offered(self.came_at)

    def _answer(self, *, by=None, now: datetime.datetime | None = None) -> None:
        invitation, before = self.invitation, self.invitation.answers.first()
        if self.partstat == Invitation.Reply.DELEGATED:
            invitation.hand_on(reason=self.comment, now=now)
        else:
            invitation.answer(self.partstat, reason=self.comment, by=by, now=now, way="CALENDAR")
        last = invitation.answers.first()
        self.answer = last if last != before else None  # who says the same once more adds nothing
        self.save(update_fields=["answer"])
