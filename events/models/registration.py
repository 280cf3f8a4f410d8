"""Registration: a person's seat at an event, or place on its waiting list (see `events.models.quota`)."""

import datetime
import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Message, Person
from events import ical, mail
from events.models.event import Event
from events.models.quota import Place, Quota, Role, of_what
from network.models.guarded import GuardedQuerySet

WITH_SEAT = ("CONFIRMED", "HELD", "OFFERED")  # the states that take a place
LEGIBLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letter that can be read as a digit, or as another


def new_badge() -> str:
    """What a badge carries: typed in ten letters where nothing can scan it, and too much to be guessed."""
    return get_random_string(10, LEGIBLE)


class RegistrationQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        """The seats that were taken count on; those at coming events are free again."""
        for registration in self.filter(event__ends_on__gte=timezone.localdate()):
            registration.withdraw()

    def confirmed(self):
        return self.filter(state=Registration.State.CONFIRMED)

    def with_seat(self):
        """Those that take a place: confirmed, held, or offered."""
        return self.filter(state__in=WITH_SEAT)

    def offered(self):
        return self.filter(state=Registration.State.OFFERED).order_by("offered_until", "pk")

    def lapsed(self, now: datetime.datetime | None = None):
        """Offers of which the time is over, to events that are still to come or under way."""
        standing = self.offered().filter(event__status=Event.Status.ANNOUNCED)
        return standing.filter(offered_until__lte=now or timezone.now())

    def on_site(self):
        """Those with a seat who come to the place: who is given a badge."""
        return self.confirmed().exclude(place=Place.ONLINE)

    def present(self):
        """Those of whoever came, on any day and at any door."""
        return self.filter(pk__in=self.model._meta.get_field("presences").related_model.objects.values("registration"))

    def waiting(self):
        """The waiting list, in its order."""
        return self.filter(state=Registration.State.WAITING).order_by("-priority", "entered_at", "pk")


class RegistrationManager(models.Manager.from_queryset(RegistrationQuerySet)):
    @transaction.atomic
    def enter(self, person: Person, *, role: str = Role.DELEGATE, place: str = Place.ROOM) -> "Registration":
        """Give `person` a seat, the one that is held for them or a free one, or a place on the waiting list where none
        is left. Idempotent. Called on an event."""
        registration, _created = self.get_or_create(person=person)
        state = Registration.State
        if registration.state == state.HELD:
            registration._turn(state.CONFIRMED)
        if registration.state != state.CANCELLED:
            return registration
        registration.role, registration.place = role, place
        seated = registration.quotas.take()
        if not seated:
            # Somebody may free a seat at this instant: wait for them and look again, so that a seat never stays
            # empty beside a waiting list.
            registration.quotas.lock()
            seated = registration.quotas.take()
        if not registration._turn(state.CONFIRMED if seated else state.WAITING) and seated:
            registration.quotas.give_back()  # the same person, twice at once: one seat is enough
        registration.refresh_from_db()
        return registration

    @transaction.atomic
    def seat_waiting(self, now: datetime.datetime | None = None) -> list["Registration"]:
        """Give every free seat to the next who waits for one of its kind, or offer it where the event offers, and tell
        them. Called on an event."""
        seated, full = [], set()
        for registration in self.waiting().select_related("event", "person"):
            sort = (registration.role, registration.place)
            if sort in full:
                continue
            if not registration.quotas.take():
                full.add(sort)
                continue
            if not registration._be_given(now or timezone.now()):
                registration.quotas.give_back()
                continue
            registration.tell()
            log(registration.event, "events.registration.offer", data={"registration": registration.pk})
            seated.append(registration)
        return seated

    @transaction.atomic
    def prioritize(self, rows: Iterable["Registration"], priority: int, reason: str, *, by) -> int:
        """Those with a higher `priority` come first on the waiting list; returns for how many it has changed. Raises
        ValidationError without a reason."""
        if not (reason := reason.strip()):
            raise ValidationError(_("Say why: it stays in the history."))
        changed = 0
        for row in rows:
            others = Registration.objects.filter(pk=row.pk).exclude(priority=priority)
            if others.update(priority=priority):
                data = {"from": row.priority, "to": priority, "reason": reason}
                log(row, "events.registration.prioritize", user=by, data=data)
                changed += 1
        return changed

    def cut_offers(self, event: Event) -> None:
        """No offer stands longer than until the start of `event`, which has moved. Called on an event."""
        self.offered().filter(offered_until__gt=event.starts_at).update(offered_until=event.starts_at)

    def lapse_offers(self, now: datetime.datetime | None = None) -> int:
        """Pass on what nobody took in time; returns how many offers that were. Each is passed on once, however many
        workers look."""
        lapsed = list(self.lapsed(now).select_related("event", "person"))
        invitations = [invitation for registration in lapsed if (invitation := registration.invitation)]
        return sum(invitation.lapse_offer(now=now) for invitation in invitations)


class Registration(models.Model):
    class State(models.TextChoices):
        CONFIRMED = "CONFIRMED", pgettext_lazy("registration", "Confirmed")
        HELD = "HELD", _("Held until the answer")
        OFFERED = "OFFERED", _("Offered until the answer")
        WAITING = "WAITING", _("Waiting list")
        CANCELLED = "CANCELLED", pgettext_lazy("registration", "Cancelled")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="registrations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="registrations")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.DELEGATE)
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.ROOM)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CANCELLED)
    entered_at = models.DateTimeField(_("since"), default=timezone.now)
    badge = models.CharField(max_length=10, unique=True, default=new_badge, editable=False)
    priority = models.SmallIntegerField(_("priority"), default=0)  # on the waiting list: higher first
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)

    objects = RegistrationManager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                name="registration_once",
                violation_error_message=_("This person is registered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    @property
    def merge_company(self) -> tuple:
        return ("event", self.event_id)

    @property
    def invitation(self):
        """The invitation that the seat came from, or None."""
        return self.event.invitations.filter(person=self.person).first()

    @property
    def waiting_position(self) -> int:
        """The place on the waiting list, from 1; 0 for who is not on it."""
        waiting: Iterable[int] = self.event.registrations.waiting().values_list("pk", flat=True)
        return next((place for place, pk in enumerate(waiting, 1) if pk == self.pk), 0)

    @property
    def quotas(self):
        """The quotas of the event in which it takes a place."""
        return self._quotas_of(self.role, self.place)

    @property
    def badge_hash(self) -> str:
        """What stands for the badge where the badge itself is not to be read."""
        return hashlib.sha256(self.badge.encode()).hexdigest()

    @transaction.atomic
    def withdraw(self, now: datetime.datetime | None = None) -> None:
        """Give up the seat or the place on the waiting list; a freed seat goes to the next who waits."""
        seated = self.state in WITH_SEAT
        if seated:
            self.quotas.lock()  # before the row, as whoever gives a seat out does: nobody waits for each other
        if self._turn(self.State.CANCELLED) and seated:
            self.quotas.give_back()
            self.event.registrations.seat_waiting(now)
        self.answers.give_places_back()
        self.plan.clear()

    @transaction.atomic
    def renew_badge(self, *, by) -> None:
        """Make the badge void, which was lost; the next one that is printed lets in."""
        self.badge = new_badge()
        self.save(update_fields=["badge"])
        log(self.event, "events.registration.renew_badge", user=by, data={"registration": self.pk})

    @transaction.atomic
    def hand_over(self, person: Person) -> None:
        """Hold the seat for `person`, who is to say whether they come; it is never free in between. A place on the
        waiting list, and an offer, are given up."""
        other, _created = self.event.registrations.get_or_create(person=person)
        if self.state in (self.State.WAITING, self.State.OFFERED) or other.state != self.State.CANCELLED:
            return self.withdraw()
        if self.state != self.State.CANCELLED and self._turn(self.State.CANCELLED):
            self.plan.clear()
            other.role, other.place = self.role, self.place
            other._turn(self.State.HELD)
        return None

    def take(self) -> bool:
        """The seat that is offered is theirs; False where it is offered no more."""
        return self.state == self.State.OFFERED and self._turn(self.State.CONFIRMED)

    @transaction.atomic
    def move(self, role: str, place: str) -> None:
        """The seat is one of another sort from now on: the new place is taken before the old one is given back. Raises
        ValidationError where none of that sort is left; who waits, waits for one of that sort."""
        self.event.quotas.of_event().lock()
        before, after = ({*rows.values_list("pk", flat=True)} for rows in (self.quotas, self._quotas_of(role, place)))
        gained, lost = Quota.objects.filter(pk__in=after - before), Quota.objects.filter(pk__in=before - after)
        if self.state in WITH_SEAT and not gained.take():
            raise ValidationError(_("No seat is left for this: %(sort)s.") % {"sort": of_what(role, place)})
        rows = Registration.objects.filter(pk=self.pk, state=self.state)
        if not rows.update(role=role, place=place):
            raise ValidationError(_("The seat has changed meanwhile. Please look once more."))
        if self.state in WITH_SEAT:
            lost.give_back()
        self.role, self.place = role, place
        self.event.registrations.seat_waiting()

    def tell(self) -> None:
        """Post a letter about the seat, with the calendar entry attached, or about the place on the waiting list."""
        invitation = self.invitation
        if invitation is None or not invitation.address:
            return
        if self.state == self.State.CONFIRMED:
            calendar = ical.publish(invitation.slot())
            letter = mail.registration_confirmed(invitation).with_calendar(calendar, "PUBLISH")
        elif self.state == self.State.OFFERED:
            letter = mail.seat_offered(invitation, self.offered_until)
        else:
            letter = mail.registration_waiting(invitation)
        Message.objects.post(self.person, letter, address=invitation.address, about=invitation)

    def _quotas_of(self, role: str, place: str):
        return self.event.quotas.of_event().covering(role, place)

    def _be_given(self, now: datetime.datetime) -> bool:
        """Have a free seat, or be offered it: whom no letter reaches cannot be asked."""
        until = self.event.offers_until(now) if self.invitation else None
        return self._turn(self.State.OFFERED if until else self.State.CONFIRMED, until)

    def _turn(self, state: str, offered_until: datetime.datetime | None = None) -> bool:
        """Change the state if nobody has changed it meanwhile."""
        self.offered_until = offered_until
        rows = Registration.objects.filter(pk=self.pk, state=self.state)
        changed = rows.update(
            state=state, role=self.role, place=self.place, entered_at=timezone.now(), offered_until=offered_until
        )
        if changed:
            self.state = state
        return bool(changed)
