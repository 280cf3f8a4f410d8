"""By calendar: what a calendar program brings about for an invitation, beside the answer that a button gives too."""

import datetime

from django.db import models, transaction
from django.utils import timezone
from wagtail.log_actions import log

from contacts.models import Message
from events import mail

REFRESH_EVERY = datetime.timedelta(hours=1)


class InCalendars(models.Model):
    """What an invitation can do about the calendars in which it stands."""

    class Meta:
        abstract = True

    @property
    def known_addresses(self) -> set[str]:
        """Those by which the invited person is known, in small letters."""
        return {self.address.lower(), *(email.address.lower() for email in self.person.emails.all())} - {""}

    @property
    def proposed_alternate(self):
        """The CalendarReply in which the person has named somebody whom we have not asked yet; or None."""
        if self.reply != self.Reply.DELEGATED or self.alternate:
            return None
        return self.calendar_replies.filter(outcome="DELEGATED", settled_at=None).first()

    @transaction.atomic
    def hand_on(self, *, reason: str = "", now: datetime.datetime | None = None) -> None:
        """The person's calendar says that somebody else comes, whom we have not asked. A seat is kept for them, until
        an organizer has named them or not. Raises ValidationError where no answers are taken."""
        self._hold()
        self._guard_answer(now)
        self._note_answer(self.Reply.DELEGATED, reason, None, now or timezone.now(), way="CALENDAR")

    @transaction.atomic
    def let_nobody_come(self) -> None:
        """Whom the person named by calendar does not come, and nobody else: the seat is free. Nothing where they have
        said something else since, or where somebody was asked."""
        self._hold()
        if self.reply != self.Reply.DELEGATED or self.alternate:
            return
        self.give_place_back()
        if seat := self.registration:
            seat.withdraw()
        self.settle_options()

    @transaction.atomic
    def reopen(self, *, by) -> None:
        """The answer that was taken was none: the person is to answer again, and a seat that came of it is free."""
        self._hold()
        self._guard_answer()
        self.give_place_back()
        if seat := self.registration:
            seat.withdraw()
        self._note_answer(self.Reply.NEEDS_ACTION, "", by, timezone.now())
        self.settle_options()

    @transaction.atomic
    def send_calendar_again(self) -> bool:
        """Post the request as it is now, because a calendar program asked for it; False where one went within the hour,
        or where nothing is to be in the calendar any more."""
        self._hold()
        since = timezone.now() - REFRESH_EVERY
        lately = Message.objects.about(self).filter(letter="calendar_again", created_at__gt=since)
        if lately.exists() or not self.is_expected or self.event.status != self.event.Status.ANNOUNCED:
            return False
        self._post(mail.calendar_again(self).with_calendar(self.request(), "REQUEST"))
        log(self, "events.invitation.send_calendar_again")
        return True
