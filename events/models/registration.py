"""Registration: a person's seat at an event, or place on its waiting list (see `events.models.quota`)."""

import hashlib
from collections.abc import Iterable

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Message, Person
from events import ical, mail
from events.models.event import Event
from events.models.quota import Place, Role
from network.models.guarded import GuardedQuerySet

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
        """Those that take a place: confirmed, or held."""
        return self.filter(state__in=[Registration.State.CONFIRMED, Registration.State.HELD])

    def on_site(self):
        """Those with a seat who come to the place: who is given a badge."""
        return self.confirmed().exclude(place=Place.ONLINE)

    def present(self):
        """Those of whoever came, on any day and at any door."""
        return self.filter(pk__in=self.model._meta.get_field("presences").related_model.objects.values("registration"))

    def waiting(self):
        """The waiting list, in its order."""
        return self.filter(state=Registration.State.WAITING).order_by("entered_at", "pk")


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
    def seat_waiting(self) -> list["Registration"]:
        """Give every free seat to the next who waits for one of its kind, and tell them. Called on an event."""
        seated, full = [], set()
        for registration in self.waiting().select_related("event", "person"):
            sort = (registration.role, registration.place)
            if sort in full:
                continue
            if not registration.quotas.take():
                full.add(sort)
                continue
            if not registration._turn(Registration.State.CONFIRMED):
                registration.quotas.give_back()
                continue
            registration.tell()
            log(registration.event, "events.registration.offer", data={"registration": registration.pk})
            seated.append(registration)
        return seated


class Registration(models.Model):
    class State(models.TextChoices):
        CONFIRMED = "CONFIRMED", pgettext_lazy("registration", "Confirmed")
        HELD = "HELD", _("Held until the answer")
        WAITING = "WAITING", _("Waiting list")
        CANCELLED = "CANCELLED", pgettext_lazy("registration", "Cancelled")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="registrations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="registrations")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.DELEGATE)
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.ROOM)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CANCELLED)
    entered_at = models.DateTimeField(_("since"), default=timezone.now)
    badge = models.CharField(max_length=10, unique=True, default=new_badge, editable=False)

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
        return self.event.quotas.of_event().covering(self.role, self.place)

    @property
    def badge_hash(self) -> str:
        """What stands for the badge where the badge itself is not to be read."""
        return hashlib.sha256(self.badge.encode()).hexdigest()

    @transaction.atomic
    def withdraw(self) -> None:
        """Give up the seat or the place on the waiting list; a freed seat goes to the next who waits."""
        seated = self.state in (self.State.CONFIRMED, self.State.HELD)
        if self._turn(self.State.CANCELLED) and seated:
            self.quotas.give_back()
            self.event.registrations.seat_waiting()

    @transaction.atomic
    def renew_badge(self, *, by) -> None:
        """Make the badge void, which was lost; the next one that is printed lets in."""
        self.badge = new_badge()
        self.save(update_fields=["badge"])
        log(self.event, "events.registration.renew_badge", user=by, data={"registration": self.pk})

    @transaction.atomic
    def hand_over(self, person: Person) -> None:
        """Hold the seat for `person`, who is to say whether they come; it is never free in between. A place on the
        waiting list is given up."""
        other, _created = self.event.registrations.get_or_create(person=person)
        if self.state == self.State.WAITING or other.state != self.State.CANCELLED:
            return self.withdraw()
        if self.state != self.State.CANCELLED and self._turn(self.State.CANCELLED):
            other.role, other.place = self.role, self.place
            other._turn(self.State.HELD)
        return None

    def tell(self) -> None:
        """Post a letter about the seat, with the calendar entry attached, or about the place on the waiting list."""
        invitation = self.invitation
        if invitation is None:
            return
        if self.state == self.State.CONFIRMED:
            calendar = ical.publish(invitation.slot())
            letter = mail.registration_confirmed(invitation).with_calendar(calendar, "PUBLISH")
        else:
            letter = mail.registration_waiting(invitation)
        Message.objects.post(self.person, letter, address=invitation.address, about=invitation)

    def _turn(self, state: str) -> bool:
        """Change the state if nobody has changed it meanwhile."""
        rows = Registration.objects.filter(pk=self.pk, state=self.state)
        changed = rows.update(state=state, role=self.role, place=self.place, entered_at=timezone.now())
        if changed:
            self.state = state
        return bool(changed)
