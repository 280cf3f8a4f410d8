"""Offer: what becomes of a freed seat that is offered to who waits; and the transfer of a seat, to another sort or to
another person. An invitation says it of the seat that came of it."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Person
from contacts.models.introduction import Introduced, introduce
from events import mail
from events.models.quota import Quota, of_what


class SeatHolder(models.Model):
    """What an invitation can do about its seat, beside answering."""

    class Meta:
        abstract = True

    @transaction.atomic
    def take_offer(self, *, by=None, now: datetime.datetime | None = None) -> None:
        """The person takes the seat that is offered to them. Raises ValidationError where none is, or not any more."""
        self._hold()
        self._guard_offer(now)
        seat = self.registration
        if not seat.take():
            raise ValidationError(_("This seat is not offered to you any more."))
        seat.tell()
        log(self, "events.offer.take", user=by)

    @transaction.atomic
    def let_offer_go(self, *, by=None, now: datetime.datetime | None = None) -> None:
        """The person does not come: the seat goes to the next. Also when the time for other answers is over. Raises
        ValidationError where none is offered."""
        self._hold()
        self._guard_offer(now)
        self.give_place_back()
        self._note_answer(self.Reply.DECLINED, "", by, now or timezone.now())
        self._settle_seat()

    @transaction.atomic
    def lapse_offer(self, *, now: datetime.datetime | None = None) -> bool:
        """Nobody took the seat in time: it goes to the next, and the person is asked anew; who says yes again is last
        on the waiting list. False where it was taken, or passed on, meanwhile."""
        self._hold()
        now, seat = now or timezone.now(), self.registration
        if seat is None or seat.state != "OFFERED" or seat.offered_until > now:
            return False
        seat.withdraw(now)
        self.reply, self.reason, self.answered_at = self.Reply.NEEDS_ACTION, "", None
        self.save(update_fields=["reply", "reason", "answered_at"])
        self.answers.create(reply=self.reply, way="LAPSED", at=now)
        self._post(mail.offer_lapsed(self))
        log(self, "events.offer.lapse")
        return True

    def is_offered(self, now: datetime.datetime | None = None) -> bool:
        """Whether a seat is kept for the person, for them to take."""
        seat = self.registration
        return seat is not None and seat.state == "OFFERED" and seat.offered_until >= (now or timezone.now())

    @property
    def has_lapsed(self) -> bool:
        """Whether the last that was heard of the person is that they did not take a seat in time."""
        return self.reply == self.Reply.NEEDS_ACTION and getattr(self.answers.first(), "way", "") == "LAPSED"

    @transaction.atomic
    def transfer(self, role: str, place: str, *, by) -> None:
        """The person comes as another `role` or at another `place`: the new places, of the event and of the delegation,
        are taken before the old ones are given back, all of them or none. Raises ValidationError where one is full."""
        self._hold()
        if self.state != self.State.SENT or self.event.is_cancelled:
            raise ValidationError(_("This invitation is not open for changes."))
        if (role, place) == (self.role, self.place):
            raise ValidationError(_("Role and place are the same already."))
        before = of_what(self.role, self.place)
        theirs = Q(delegation=self.delegation_id) if self.delegation_id else Q()
        Quota.objects.filter(Q(delegation=None) | theirs, event=self.event_id).lock()
        if self.holds_place:
            self._move_place(role, place)
        seat = self.registration
        self.role, self.place = role, place
        self.save(update_fields=["role", "place"])
        if seat:
            seat.move(role, place)
        if self.is_expected:
            self._post(mail.seat_changed(self))
        log(self, "events.registration.transfer", user=by, data={"from": str(before), "to": str(of_what(role, place))})

    @transaction.atomic
    def hand_seat_to(self, named: Introduced | Person, *, by):
        """The one `named` has the seat instead, once they say that they come; it is held for them, and the person is
        told. Returns the other's invitation. Raises ValidationError where there is no seat, or they cannot be named."""
        self._hold()
        seat = self.registration
        if self.state != self.State.SENT or seat is None or seat.state not in ("CONFIRMED", "HELD"):
            raise ValidationError(_("There is no seat to hand over."))
        other = self.delegation.replace(self, named, by=by) if self.delegation else self._hand_to(named, by)
        log(self, "events.registration.hand_over", user=by, data={"to": other.pk})
        return other

    def _hand_to(self, named: Introduced | Person, by):
        person = named if isinstance(named, Person) else introduce(named, None, by=by)
        other = self.event.invitations.nominate(person, None, self.role, self.place)
        other.approval = ""  # whoever hands it over has decided
        other.save(update_fields=["approval"])
        self.pass_on_to(other)
        self.withdraw(by=by, letter=mail.seat_handed_over)
        other.send(by=by)
        return other

    def _move_place(self, role: str, place: str) -> None:
        """The place of the delegation becomes one of another sort, where such a place is left."""
        before = set(self.delegation.quotas.covering(self.role, self.place).values_list("pk", flat=True))
        after = set(self.delegation.quotas.covering(role, place).values_list("pk", flat=True))
        if not after or not Quota.objects.filter(pk__in=after - before).take():
            told = _("The delegation has no place left for this: %(sort)s.")
            raise ValidationError(told % {"sort": of_what(role, place)})
        Quota.objects.filter(pk__in=before - after).give_back()

    def _guard_offer(self, now: datetime.datetime | None) -> None:
        if not self.is_offered(now):
            raise ValidationError(_("This seat is not offered to you any more."))
        if self.event.is_cancelled:
            raise ValidationError(_("This event has been cancelled; no answer is needed."))
