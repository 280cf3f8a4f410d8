"""Questionnaire: what is asked of those who came to an event, or are to come: how it was, or what they know before a
training and after it. To whom it is put is an Addressee, what they hand in is a Sheet (see `events.models.sheet`)."""

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Message
from events import mail
from events.models.event import Event
from events.models.invitation import AN_HOUR, LINK_LIVES, Invitation
from events.models.question import Said
from events.models.quota import Place
from events.models.registration import Registration, RegistrationQuerySet
from events.models.usual_items import TITLES
from network.labels import LabelsField

AT_ONCE = 100  # letters in one transaction: nobody else waits long for the database


class QuestionnaireQuerySet(models.QuerySet):
    def opened(self):
        """Those that people can see: open, or closed since."""
        return self.exclude(opened_at=None)

    def with_counts(self):
        """Each with how many sheets were handed in, as `handed_in`."""
        return self.annotate(handed_in=Count("sheets"))

    def put_to(self, invitation: Invitation) -> list["Questionnaire"]:
        """Those of its event that the invited person finds behind their link, each with whether they have answered, as
        `is_answered`."""
        found = list(self.filter(event=invitation.event_id).opened().order_by("pk"))
        for one in found:
            one.event = invitation.event
        seat = invitation.seat_or_none if found else None
        shown = [one for one in found if seat and one.is_put_to(seat)]
        for one in shown:
            one.is_answered = one.is_answered_by(seat)
        return [one for one in shown if one.is_answered or one.takes_sheets()]


class QuestionnaireManager(models.Manager.from_queryset(QuestionnaireQuerySet)):
    @transaction.atomic
    def begin(self, event: Event, kind: str, *, by) -> "Questionnaire":
        """A new one, to be written. Raises ValidationError for a second assessment of the same kind."""
        Event.objects.select_for_update().get(pk=event.pk)  # two at once come one after the other
        if kind not in Questionnaire.Kind.values:
            raise ValidationError(_("Choose what kind of questionnaire it is."))
        if kind != Questionnaire.Kind.FEEDBACK and event.questionnaires.filter(kind=kind).exists():
            raise ValidationError(_("This event has such an assessment already."))
        is_feedback = kind == Questionnaire.Kind.FEEDBACK
        new = self.create(event=event, kind=kind, title=TITLES[kind], is_anonymous=is_feedback)
        log(event, "events.questionnaire.begin", user=by, data={"kind": kind})
        return new

    def stay_closed(self, event: Event) -> None:
        """What ran out by its day stays closed when `event` moves: its results have been shown. Called on an event."""
        for one in self.filter(closed_at=None).exclude(opened_at=None):
            one.event = event
            if one.is_over():
                self.filter(pk=one.pk).update(closed_at=timezone.now())


class Questionnaire(models.Model):
    class Kind(models.TextChoices):
        FEEDBACK = "FEEDBACK", _("Feedback")
        BEFORE = "BEFORE", _("Assessment before")
        AFTER = "AFTER", _("Assessment after")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="questionnaires")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FEEDBACK, editable=False)
    title = LabelsField(_("title"))
    introduction = LabelsField(_("introduction"), rows=3, blank=True)
    is_anonymous = models.BooleanField(
        _("anonymous"),
        default=False,
        help_text=_("Nothing that is kept says who has said what. Fixed once it is open."),
    )
    shows_score = models.BooleanField(
        _("people see their score"), default=False, help_text=_("As soon as they have handed it in.")
    )
    closes_on = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_(
            "Until when answers are taken. Empty: an assessment before, until the first day of the event; all others, "
            "until thirty days after its last day, when the links in the letters expire."
        ),
    )
    opened_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionnaireManager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind"], condition=~Q(kind="FEEDBACK"), name="assessment_once_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(kind="FEEDBACK"), name="assessment_is_never_anonymous"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_assessment(self) -> bool:
        return self.kind != self.Kind.FEEDBACK

    @property
    def can_be_changed(self) -> bool:
        """Whether who has handed a sheet in can change it: what is anonymous cannot be found again, and a test is taken
        once."""
        return not self.is_anonymous and not self.is_assessment

    @property
    def latest_day(self) -> datetime.date:
        """After it the links lead nowhere."""
        return self.event.ends_on + LINK_LIVES

    @property
    def last_day(self) -> datetime.date:
        usual = self.event.starts_on if self.kind == self.Kind.BEFORE else self.latest_day
        return min(self.closes_on or usual, self.latest_day)

    def is_over(self, now: datetime.datetime | None = None) -> bool:
        """Whether it was open and takes no answers any more."""
        today = (now or timezone.now()).astimezone(self.event.zone).date()
        is_late = today > self.last_day or self.event.is_cancelled
        return self.opened_at is not None and (self.closed_at is not None or is_late)

    def takes_sheets(self, now: datetime.datetime | None = None) -> bool:
        return self.opened_at is not None and not self.is_over(now)

    @property
    def is_locked(self) -> bool:
        """Whether somebody has answered: what is asked stays as it is."""
        return self.sheets.exists()

    @property
    def tail(self) -> str:
        """What follows the address of an invitation where it leads to this."""
        return f"questionnaires/{self.pk}/"

    @property
    def before(self) -> "Questionnaire | None":
        """The assessment before the event with which this one, after it, is compared."""
        if self.kind != self.Kind.AFTER:
            return None
        return self.event.questionnaires.filter(kind=self.Kind.BEFORE).first()

    def addressed(self) -> RegistrationQuerySet:
        """The seats of those to whom it is put. Before the event, and where no door has counted: whoever has a
        confirmed seat; else those who came, and who had a seat online. Whoever has answered is among them; whom no
        letter reaches is not."""
        seats = self.event.registrations
        came = seats.present()
        is_meant = Q(state=Registration.State.CONFIRMED)
        if self.kind != self.Kind.BEFORE and came.exists():
            is_meant = Q(pk__in=came.values("pk")) | (is_meant & Q(place=Place.ONLINE))
        answered = self.addressees.filter(has_answered=True).values("registration")
        reached = self.event.invitations.sent().exclude(address="").values("person")
        return seats.filter(is_meant | Q(pk__in=answered), person__in=reached)

    def unanswered(self, viewer=None) -> RegistrationQuerySet:
        """Those of them who have not answered, and whom `viewer` sees (None: everybody)."""
        answered = self.addressees.filter(has_answered=True).values("registration")
        return self.addressed().within_reach_of(viewer).exclude(pk__in=answered)

    def is_put_to(self, seat: Registration) -> bool:
        return self.addressed().filter(pk=seat.pk).exists()

    def is_answered_by(self, seat: Registration) -> bool:
        return self.addressees.filter(registration=seat, has_answered=True).exists()

    def asked_last(self) -> datetime.datetime | None:
        """When letters about it went out last."""
        return self.addressees.aggregate(last=Max("asked_at"))["last"]

    @transaction.atomic
    def open(self, *, by, now: datetime.datetime | None = None) -> None:
        """From now on whoever is meant finds it behind their link. Raises ValidationError where it cannot be."""
        self._hold()
        now = now or timezone.now()
        self._guard_opening(now)
        self.opened_at, self.closed_at = now, None
        self.save(update_fields=["opened_at", "closed_at"])
        self.addressees.enlist(self)
        log(self, "events.questionnaire.open", user=by)

    @transaction.atomic
    def close(self, *, by, now: datetime.datetime | None = None) -> None:
        """Take no answers any more."""
        self._hold()
        if not self.takes_sheets(now):
            raise ValidationError(_("It is not open."))
        self.closed_at = now or timezone.now()
        self.save(update_fields=["closed_at"])
        log(self, "events.questionnaire.close", user=by)

    def ask(self, *, by, now: datetime.datetime | None = None) -> int:
        """Write to those who have not answered and whom `by` sees, never twice within the hour; returns how many
        letters that are. Raises ValidationError where it is not open."""
        count = 0
        while some := self._ask_some(by, now or timezone.now()):
            count += some
        if count:
            log(self, "events.questionnaire.ask", user=by, data={"letters": count})
        return count

    @transaction.atomic
    def hand_in(self, invitation: Invitation, said: Mapping[int, Said], *, now: datetime.datetime | None = None):
        """Take what the person has `said` (item -> answer), or, where that can be, take it anew; returns the Sheet.
        Raises ValidationError where they are not asked, have answered, or must say something more. What is anonymous
        leaves nothing in the history."""
        self._hold()
        seat = invitation.seat_or_none
        if not self.takes_sheets(now) or seat is None or not self.is_put_to(seat):
            raise ValidationError(_("No answers are taken any more. Thank you all the same."))
        if self.is_answered_by(seat) and not self.can_be_changed:
            raise ValidationError(_("You have answered already. Thank you."))
        self.addressees.enlist(self)
        sheet = self.sheets.take(self, seat, said, now or timezone.now())
        self.addressees.mark_answered(seat)
        if not self.is_anonymous:
            log(invitation, "events.questionnaire.answer", data={"questionnaire": self.pk})
        return sheet

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Delete it, which nobody has seen yet. Raises ValidationError once it was open."""
        self._hold()
        if self.opened_at:
            raise ValidationError(_("It has been open and stays."))
        log(self.event, "events.questionnaire.drop", user=by, data={"kind": self.kind})
        self.delete()

    def guard_writing(self) -> None:
        """Raises ValidationError once somebody has answered: what they were asked stays what it was."""
        if self.is_locked:
            raise ValidationError(_("Somebody has answered; what is asked cannot be changed any more."))

    def _guard_opening(self, now: datetime.datetime) -> None:
        if self.event.status != Event.Status.ANNOUNCED:
            raise ValidationError(_("Only for an announced event can a questionnaire be opened."))
        if not self.items.exists():
            raise ValidationError(_("Nothing is asked yet. Add a question first."))
        if self.takes_sheets(now):
            raise ValidationError(_("It is open already."))
        today = now.astimezone(self.event.zone).date()
        if self.kind != self.Kind.BEFORE and today < self.event.starts_on:
            raise ValidationError(_("The event has not begun: nobody can say yet how it was."))
        if today > self.last_day:
            raise ValidationError(_("Its last day has passed. Set a later one first."))
        if self.closed_at and self.is_anonymous and self.sheets.is_enough():
            raise ValidationError(_("Its results have been shown. Who answers now would be found out by comparing."))

    @transaction.atomic
    def _ask_some(self, by, now: datetime.datetime) -> int:
        self._hold()
        if not self.takes_sheets(now):
            raise ValidationError(_("It is not open."))
        self.addressees.enlist(self)
        lately = self.addressees.filter(asked_at__gte=now - AN_HOUR).values("registration")
        seats = list(self.unanswered(by).exclude(pk__in=lately).values_list("pk", "person").order_by("pk")[:AT_ONCE])
        rows = {one.registration_id: one for one in self.addressees.filter(registration__in=[pk for pk, _p in seats])}
        invited = self.event.invitations.filter(person__in=[person for _pk, person in seats]).select_related("person")
        invitations = {one.person_id: one for one in invited}
        for pk, person in seats:
            invitation = invitations[person]
            invitation.event = self.event  # read once: all are to the same
            letter = self.letter(invitation, is_again=rows[pk].asked_at is not None)
            Message.objects.post(invitation.person, letter, address=invitation.address, about=invitation)
        self.addressees.filter(registration__in=rows).update(asked_at=now)
        return len(seats)

    def letter(self, invitation: Invitation, *, is_again: bool):
        """What is written to the one invited, the first time or again."""
        if is_again:
            return mail.questionnaire_reminder(invitation, self)
        return (mail.assessment_request if self.is_assessment else mail.feedback_request)(invitation, self)

    def _hold(self) -> None:
        """Two verbs at once come one after the other, and the second sees what the first did."""
        self.refresh_from_db(
            fields=("opened_at", "closed_at", "closes_on", "is_anonymous"),
            from_queryset=Questionnaire.objects.select_for_update(),
        )
