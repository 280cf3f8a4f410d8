"""Nomination: for whom an invited person comes, as what and where; the place of a delegation that they hold, who comes
in whose place, and whether we approve."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Message, User
from contacts.models.introduction import Introduced, introduce
from events import mail
from events.models.details import Detailed
from events.models.quota import Place, Role


class Approval(models.TextChoices):
    PENDING = "PENDING", pgettext_lazy("nomination", "To be approved")
    APPROVED = "APPROVED", pgettext_lazy("nomination", "Approved")
    REJECTED = "REJECTED", pgettext_lazy("nomination", "Not approved")


class Nomination(Detailed):
    """What an invitation says of it. Who was invited by us needs no approval: it is empty."""

    delegation = models.ForeignKey(
        "Delegation", models.PROTECT, verbose_name=_("delegation"), related_name="members", null=True, blank=True
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.DELEGATE)
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.ROOM)
    stands_for = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("in the place of"), related_name="alternates", null=True, blank=True
    )
    holds_place = models.BooleanField(default=False, editable=False)  # in the quotas of the delegation
    approval = models.CharField(_("approval"), max_length=10, choices=Approval, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("decided by"), related_name="+", null=True, blank=True
    )
    # Who came by the public page of the event, with what they wrote of themselves there.
    is_asked_for = models.BooleanField(_("has registered by themselves"), default=False, editable=False)
    typed_position = models.CharField(_("position, as they wrote it"), max_length=200, blank=True)
    typed_organization = models.CharField(_("organization, as they wrote it"), max_length=300, blank=True)
    objection = models.TextField(_("why it was not approved"), max_length=1000, blank=True)

    class Meta:
        abstract = True

    @property
    def alternate(self):
        """Who comes in the person's place, as an invitation; or None."""
        return self.alternates.sent().exclude(reply="DECLINED").exclude(approval=Approval.REJECTED).first()

    @property
    def is_to_be_approved(self) -> bool:
        """Whether the person has confirmed, and we have not said yet whether they may come."""
        return (self.state, self.reply, self.approval) == ("SENT", "ACCEPTED", Approval.PENDING)

    @property
    def comes(self) -> bool:
        """Whether a seat is due: the person said yes, and nothing is to be approved any more."""
        return self.reply == "ACCEPTED" and self.approval in ("", Approval.APPROVED)

    def take_place(self) -> None:
        """Hold a place of the delegation, where there is one. Raises ValidationError where none is left."""
        if self.delegation is None or self.holds_place:
            return
        quotas = self.delegation.quotas.covering(self.role, self.place)
        if not quotas.exists() or not quotas.take():
            told = _("The delegation has no place left for this: %(role)s, %(place)s.")
            raise ValidationError(told % {"role": self.get_role_display(), "place": self.get_place_display()})
        self._hold_place(True)

    def give_place_back(self) -> None:
        if self.holds_place:
            self.delegation.quotas.covering(self.role, self.place).give_back()
            self._hold_place(False)

    def pass_on_to(self, other) -> None:
        """`other`, an invitation of the same role and place, holds from now on what this one held: the place of the
        delegation and the seat. Neither is free in between."""
        if self.holds_place:
            self._hold_place(False)
            other._hold_place(True)
        else:
            other.take_place()
        if seat := self.registration:
            seat.hand_over(other.person)

    def ask(self, *, by, now: datetime.datetime | None = None) -> Message:
        """Post the letter that says who named the person, and asks to confirm, with its calendar request."""
        self.state, self.sent_at = "SENT", now or timezone.now()
        self.revised_at = self.sent_at
        self.save(update_fields=["state", "sent_at", "revised_at"])
        log(self, "events.nomination.ask", user=by)
        return self._post(mail.nomination(self).with_calendar(self.request(), "REQUEST"))

    def sit_down(self, *, by=None) -> None:
        """The person stands at the door unasked, and has a seat at once. Raises ValidationError where none is left."""
        now = timezone.now()
        self.approval, self.state, self.sent_at, self.revised_at = "", "SENT", now, now
        typed = ("typed_organization", "typed_position")
        self.save(update_fields=["approval", "state", "sent_at", "revised_at", *typed])
        self._note_answer("ACCEPTED", "", by, now, way="DOOR")
        seat = self.event.registrations.enter(self.person, role=self.role, place=self.place)
        if seat.state != "CONFIRMED":
            raise ValidationError(_("All seats are taken."))
        seat.tell()

    @transaction.atomic
    def delegate(self, named: Introduced, *, by=None, now: datetime.datetime | None = None):
        """The one `named` comes in the person's place, once they have confirmed and we have approved; returns their
        invitation. Raises ValidationError where nobody can be named."""
        self._hold()
        self._guard_answer(now)
        if self.is_asked_for:
            raise ValidationError(_("Whoever wants to come registers on the page of the event."))
        if self.registration and self.registration.state == "OFFERED":
            raise ValidationError(_("A seat is offered to you. Take it, or let it go, first."))
        if self.stands_for_id:
            raise ValidationError(
                _("You come in somebody's place yourself and cannot name another. Please write to the organizers.")
            )
        if self.alternate:
            told = _("You have named %(name)s already. Take that back first.")
            raise ValidationError(told % {"name": self.alternate.person})
        person = introduce(named, self.delegation.organization if self.delegation else None, by=by)
        if person == self.person:
            raise ValidationError(_("That is you. Name somebody else, or accept."))
        alternate = self.event.invitations.nominate(person, self.delegation, self.role, self.place, stands_for=self)
        self.pass_on_to(alternate)
        alternate.ask(by=by)
        self._note_answer("DELEGATED", "", by, now or timezone.now())
        self.settle_options()
        self._post(mail.answer_received(self))
        return alternate

    @transaction.atomic
    def recall(self, *, by=None) -> None:
        """The person takes back that somebody comes in their place, and is to answer again; what was held for the other
        is held for them."""
        self._hold()
        self._guard_answer()
        if (alternate := self.alternate) is None:
            raise ValidationError(_("Nobody comes in your place."))
        alternate.pass_on_to(self)
        alternate.withdraw(by=by)
        self._note_answer("NEEDS-ACTION", "", by, timezone.now())

    @transaction.atomic
    def approve(self, *, by) -> bool:
        """Say that the person may come: they get a seat, or a place on the waiting list. Where the event wants two
        people, the first agrees and the second approves; False where somebody else is still to agree. Raises
        ValidationError where there is nothing to approve, or where one person would agree twice."""
        self._hold()
        if not self.is_to_be_approved:
            told = _("%(name)s has not confirmed, or has been decided on already.")
            raise ValidationError(told % {"name": self.person})
        if self.event.is_approved_by_two and self.decided_by_id is None:
            self._decide(Approval.PENDING, by)
            log(self, "events.nomination.agree", user=by)
            return False
        if self.event.is_approved_by_two and self.decided_by == by:
            raise ValidationError(_("You have agreed already; somebody else is to agree as well."))
        if self.reopened_at is None:  # else they have their letter already
            self.formal_letters.issue(self, "INVITATION", by=by)
        self._decide(Approval.APPROVED, by)
        self._enter()
        log(self, "events.nomination.approve", user=by)
        return True

    @transaction.atomic
    def reject(self, objection: str, *, by) -> None:
        """Say that the person cannot come, and why: they and the focal points are told, and the place is free for
        somebody else. Raises ValidationError without a reason, or where there is nothing to decide."""
        self._hold()
        objection = objection.strip()
        if not objection:
            raise ValidationError(_("Say why: the person and the focal points read it."))
        if self.state != "SENT" or self.approval not in (Approval.PENDING, Approval.APPROVED):
            raise ValidationError(_("%(name)s has been decided on already.") % {"name": self.person})
        self.objection = objection
        self._decide(Approval.REJECTED, by)
        self.give_place_back()
        if seat := self.registration:
            seat.withdraw()
        self.settle_options()
        if self.reply != "DECLINED":
            self.cancel_calendar(objection, timezone.now(), letter=mail.nomination_rejected)
        self._tell_who_named()
        log(self, "events.nomination.reject", user=by, data={"reason": objection})

    def _decide(self, approval: str, by) -> None:
        self.approval, self.decided_by = approval, by
        self.reopened_at = self.reopened_at if approval == Approval.PENDING else None
        self.save(update_fields=["approval", "decided_by", "objection", "reopened_at"])

    def _hold_place(self, holds: bool) -> None:
        self.holds_place = holds
        self.save(update_fields=["holds_place"])

    def _tell_who_named(self) -> None:
        """Who has named the person hears of it: the focal points, or in whose place they would come."""
        if self.stands_for:
            self.stands_for._post(mail.alternate_lost(self.stands_for, self))
        elif self.delegation:
            self.delegation.tell_of_free_place(self)


class NominationQuerySet(models.QuerySet):
    def of_sort(self, role: str, place: str):
        """Those with the role and the place ("": any)."""
        return self.filter(**{name: value for name, value in (("role", role), ("place", place)) if value})

    def holding_places(self):
        """Those that hold a place of their delegation."""
        return self.filter(holds_place=True)

    def to_be_approved(self):
        return self.filter(state="SENT", reply="ACCEPTED", approval=Approval.PENDING)

    def not_rejected(self):
        return self.exclude(approval=Approval.REJECTED)
