"""CalendarReply: what a calendar program mailed about an invitation, what became of it, and what a person decided.
Nothing is ever created from one but the answer of who was invited."""

import datetime
import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.incoming import Sender, sender_of
from contacts.models import CalendarPost, Person, ReceivedLetter, User
from contacts.models.introduction import Introduced
from events import ical, mail
from events.models.answer import InvitationAnswer
from events.models.appointment import Appointment
from events.models.calendar_outcome import DAY, GIVEN, TO_DECIDE, TO_LOOK_AT, Outcome, Weighed
from events.models.invitation import Invitation
from network.models.guarded import GuardedQuerySet

SECONDS = 5  # to read one
MOST_UNMATCHED = 2000  # in a day: whoever sends more sends rubbish
LETTERS = ("", "PUBLISH")  # METHODs of calendars that ask nothing: they belong to a letter

logger = logging.getLogger(__name__)


class CalendarReplyQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those to invitations of the desks' people; what belongs to no invitation is for those who see everything."""
        return self.filter(invitation__person__in=Person.objects.of_desks(desks).values("pk"))

    def open(self):
        """Those that a person is to decide on."""
        return self.filter(settled_at=None, outcome__in=TO_DECIDE)

    def to_look_at(self):
        """Those that were taken on trust, and can be taken back."""
        return self.filter(settled_at=None, outcome__in=TO_LOOK_AT)

    def held_of(self, people):
        """Those that speak of `people`: to their invitations, or from their addresses."""
        addresses = [email.address.lower() for one in people for email in one.emails.all()]
        theirs = Q(sender__in=addresses) | Q(attendee__in=addresses) | Q(delegate__in=addresses)
        return self.filter(Q(invitation__person__in=people) | theirs)

    def counts(self) -> dict[str, int]:
        """How many of each outcome nobody has dealt with."""
        rows = self.filter(settled_at=None, outcome__in=(*TO_DECIDE, *TO_LOOK_AT)).order_by()
        return dict(rows.values_list("outcome").annotate(Count("pk")))

    def erase(self) -> None:
        """That it came counts on; who wrote and what was said is forgotten."""
        gone = ("sender", "attendee", "attendee_name", "delegate", "comment", "uid")
        self.update(**dict.fromkeys(gone, ""))


class CalendarReplyManager(models.Manager.from_queryset(CalendarReplyQuerySet)):
    def work_off(self) -> int:
        """Read the calendar mails that wait; returns how many."""
        return CalendarPost.objects.hand_over(self._take_post)

    def _take_post(self, post: CalendarPost) -> None:
        try:
            with transaction.atomic():
                self.take(bytes(post.raw), key=post.key, came_at=post.came_at, envelope_to=post.envelope_to)
        except Exception:  # whatever is in it, the next one is read: a person looks at this one
            logger.exception("A calendar mail could not be taken")
            ReceivedLetter.objects.take_letter(bytes(post.raw), envelope_to=post.envelope_to)
            self._list(key=post.key, came_at=post.came_at, outcome=Outcome.UNREADABLE)

    @transaction.atomic
    def take(
        self, raw: bytes, *, key: str, came_at: datetime.datetime | None = None, envelope_to: str = ""
    ) -> "CalendarReply | None":
        """Take what the calendar in the mail `raw` answers; the same mail twice changes nothing. None where it answers
        nothing: the mail is filed as a letter."""
        if self.filter(key=key).exists():
            return None
        facts = {"key": key, "came_at": came_at or timezone.now()}
        try:
            with ical.within(SECONDS):
                sender = sender_of(raw, settings.MAIL_SERVER_NAME)
                reading = ical.read_answer(raw)
        except (ical.Unreadable, TimeoutError) as trouble:
            ReceivedLetter.objects.take_letter(raw, envelope_to=envelope_to)
            return self._list(outcome=Outcome.UNREADABLE, detail=str(trouble), **facts)
        if reading.method in LETTERS:
            ReceivedLetter.objects.take_letter(raw, envelope_to=envelope_to)
            return None
        reply = self._read_out(reading, sender, **facts)
        if self._is_flooded(reply.invitation):
            return None
        reply.save()
        reply._work_out(reading.verdict)
        log(reply, "events.calendar_reply.take", data={"outcome": reply.outcome})
        return reply

    def _is_flooded(self, invitation: Invitation | None = None) -> bool:
        """Whether so much came today, about the invitation or about none, that no more is kept."""
        today = self.filter(invitation=invitation, came_at__gte=timezone.now() - DAY)
        return today.count() >= (settings.RECEIVED_MOST_A_DAY if invitation else MOST_UNMATCHED)

    def _list(self, **facts) -> "CalendarReply | None":
        return None if self._is_flooded() else self.get_or_create(key=facts.pop("key"), defaults=facts)[0]

    def _read_out(self, reading: ical.Reading, sender: Sender, **facts) -> "CalendarReply":
        entry = reading.entry
        invitation, session_title = Invitation.objects.by_uid(entry.uid), ""
        if invitation is None and (known := Appointment.objects.filter(uid=entry.uid).first()):
            invitation = known.event.invitations.filter(person=known.person).first()
            session_title = known.title
        if invitation:
            invitation._hold()  # of two answers at once the second sees what the first did
        known = invitation.known_addresses if invitation else set()
        who = next((one for one in entry.attendees if one.address in known), None)
        who = who or next(iter(entry.attendees), ical.Attendee(""))
        starts, ends = (who.proposed, None) if who.proposed else (entry.starts, entry.ends)
        is_counter = reading.verdict is ical.Verdict.COUNTER or who.proposed is not None
        reply = self.model(
            invitation=invitation,
            method=reading.method,
            program=reading.program,
            uid=entry.uid,
            attendee=who.address,
            attendee_name=who.name,
            partstat=who.partstat,
            delegate=next(iter(who.delegated_to), "") if who.partstat == Invitation.Reply.DELEGATED else "",
            sequence=entry.sequence,
            stamped_at=entry.stamp if entry.stamp and entry.stamp.tzinfo else None,
            comment=entry.comment,
            proposed_start=starts.isoformat() if starts and is_counter else "",
            proposed_end=ends.isoformat() if ends and is_counter else "",
            sender=sender.address,
            is_proven=sender.is_proven,
            is_disowned=sender.is_disowned,
            **facts,
        )
        reply.session_title = session_title
        return reply


class CalendarReply(Weighed):
    key = models.CharField(max_length=64, unique=True, editable=False)
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="calendar_replies", null=True
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.UNMATCHED)
    detail = models.TextField(_("why"), blank=True)
    method = models.CharField(_("method"), max_length=20, blank=True)
    program = models.CharField(_("calendar program"), max_length=200, blank=True)
    uid = models.CharField(max_length=200, blank=True)
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    is_proven = models.BooleanField(_("the sender is proven"), default=False)
    is_disowned = models.BooleanField(_("the sender’s domain disowns it"), default=False)
    attendee = models.CharField(_("who answers"), max_length=320, blank=True)
    attendee_name = models.CharField(_("their name"), max_length=200, blank=True)
    partstat = models.CharField(_("answer"), max_length=20, blank=True)
    delegate = models.CharField(_("who comes instead"), max_length=320, blank=True)
    sequence = models.BigIntegerField(null=True)
    stamped_at = models.DateTimeField(_("answered"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    proposed_start = models.CharField(max_length=40, blank=True)  # a day or a time, as ISO 8601
    proposed_end = models.CharField(max_length=40, blank=True)
    answer = models.OneToOneField(
        InvitationAnswer, models.SET_NULL, verbose_name=_("answer taken"), related_name="calendar_reply", null=True
    )
    came_at = models.DateTimeField(_("came in"), default=timezone.now, db_index=True)
    settled_at = models.DateTimeField(_("dealt with"), null=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("dealt with by"), related_name="+", null=True, blank=True
    )

    objects = CalendarReplyManager()

    class Meta:
        verbose_name = _("answer from a calendar")
        verbose_name_plural = _("answers from calendars")
        ordering = ["-came_at", "-pk"]
        indexes = [models.Index(fields=["outcome", "settled_at"], name="calendar_reply_open")]

    def __str__(self) -> str:
        who = self.attendee_name or self.attendee or self.sender or gettext("(nobody)")
        return f"{who}: {self.said}" if self.partstat or self.method else who

    @property
    def said(self) -> str:
        """What it says, in words where we have them."""
        replies = dict(Invitation.Reply.choices)
        return str(replies.get(self.partstat) or self.partstat or self.method)

    @property
    def why(self) -> str:
        """Why it could not be taken, in the active language; "" where nothing is to be said."""
        is_ours = self.outcome != Outcome.SESSION  # else it is a title
        return gettext(self.detail) if self.detail and is_ours else self.detail

    @property
    def proposal(self) -> str:
        """The time that is proposed, in words of the active language."""
        event = self.invitation.event if self.invitation else None
        moments = [_in_words(one, event) for one in (self.proposed_start, self.proposed_end) if one]
        return " – ".join(moments)

    @property
    def said_at(self) -> datetime.datetime:
        """When it was said, to the second, which is how calendars write it: by its own clock, unless that is before
        what it answers, or still to come."""
        since = self.invitation.revised_at if self.invitation else self.came_at
        is_believable = self.stamped_at is not None and since < self.stamped_at <= self.came_at
        return (self.stamped_at if is_believable else self.came_at).replace(microsecond=0)

    @property
    def is_open(self) -> bool:
        return self.settled_at is None and self.outcome in TO_DECIDE

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it has become the answer, on trust, and is it still."""
        is_kind = self.outcome in (*TO_LOOK_AT, Outcome.DELEGATED)
        is_last = self.answer is not None and self.invitation.answers.first() == self.answer
        return self.settled_at is None and is_kind and is_last

    @property
    def can_be_applied(self) -> bool:
        """Whether a person may say that it counts all the same."""
        kinds = (Outcome.EARLIER, Outcome.DISOWNED, Outcome.REFUSED, Outcome.HELD, Outcome.FORWARDED)
        return self.is_open and self.outcome in kinds and self.partstat in GIVEN and self.method == "REPLY"

    @property
    def nominee(self) -> tuple[str, str]:
        """Name and address of who could come instead: who answered, or whom the person has named; "" where nobody."""
        if not self.is_open:
            return "", ""
        if self.outcome == Outcome.DELEGATED:
            return "", self.delegate
        return (self.attendee_name, self.attendee) if self.outcome == Outcome.FORWARDED else ("", "")

    @transaction.atomic
    def settle(self, *, by) -> None:
        """`by` has seen it, and nothing more is to follow; who has named another that nobody asked does not come.
        Raises ValidationError where somebody dealt with it before."""
        self._settle(by)
        if self.outcome == Outcome.DELEGATED:
            self.invitation.let_nobody_come()
        log(self, "events.calendar_reply.settle", user=by)

    @transaction.atomic
    def apply(self, *, by) -> None:
        """It counts as the answer of who was invited, says `by`. Raises ValidationError where no answers are taken."""
        if not self.can_be_applied:
            raise ValidationError(_("There is no answer in it to take."))
        self._settle(by)
        self._answer(by=by)
        log(self, "events.calendar_reply.apply", user=by)

    @transaction.atomic
    def add_alias(self, *, by) -> None:
        """Who answered is who was invited, by another address: it is theirs from now on, and the answer counts."""
        if self.outcome != Outcome.FORWARDED or not self.attendee:
            raise ValidationError(_("There is no other address in it."))
        self.invitation.person.add_address(self.attendee, by=by)
        self.apply(by=by)

    @transaction.atomic
    def nominate(self, named: Introduced, *, by) -> Invitation:
        """The one `named` is asked to come in the invited person's place; returns their invitation. Raises
        ValidationError where nobody can be named."""
        if not self.nominee[1]:
            raise ValidationError(_("Nobody is to come instead."))
        self._settle(by)
        log(self, "events.calendar_reply.nominate", user=by)
        return self.invitation.delegate(named, by=by)

    @transaction.atomic
    def take_back(self, *, by) -> None:
        """It was not the answer of who was invited: what was said before counts again. Raises ValidationError where
        they have answered since, or where no answers are taken any more."""
        if not self.can_be_taken_back:
            raise ValidationError(_("They have answered since, or somebody has dealt with it."))
        self._settle(by)
        before = self.invitation.answers.exclude(pk=self.answer_id).first()
        if before and before.reply in GIVEN:
            self.invitation.answer(before.reply, reason=before.reason, by=by)
        else:
            self.invitation.reopen(by=by)
        log(self, "events.calendar_reply.take_back", user=by)

    def _settle(self, by) -> None:
        now = timezone.now()
        rows = CalendarReply.objects.filter(pk=self.pk, settled_at=None)
        if not rows.update(settled_at=now, settled_by=by):
            raise ValidationError(_("Somebody has dealt with this already."))
        self.settled_at, self.settled_by = now, by


def _in_words(moment: str, event) -> str:
    """`moment`, a day or a time as ISO 8601, on the clock of `event`."""
    if "T" not in moment:
        return date_format(datetime.date.fromisoformat(moment), "DATE_FORMAT")
    at = datetime.datetime.fromisoformat(moment)
    if event is None or at.tzinfo is None:
        return date_format(at, "DATETIME_FORMAT")
    return mail.moment(event, at)
