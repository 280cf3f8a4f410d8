"""Registration: a person's seat at an event, or place on its waiting list; Quota: how many seats a scope has.

Capacity is exact: a seat is taken by one conditional update, never by counting first (measured elsewhere: check-then-
insert gave 78 to 93 seats out of 60; row locks do nothing on SQLite).
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Message, Person
from events import ical, mail
from events.models.event import Event
from network.models.guarded import GuardedQuerySet

HAS_ROOM = Q(size=None) | Q(used__lt=F("size"))


class QuotaQuerySet(models.QuerySet):
    def take(self) -> bool:
        """Take a place in each of these quotas, or in none; False when one of them is full.

        To be called inside the transaction of the verb that needs the place; ids are sorted against deadlock.
        """
        taken = []
        for pk in self.order_by("pk").values_list("pk", flat=True):
            if not Quota.objects.filter(HAS_ROOM, pk=pk).update(used=F("used") + 1):
                Quota.objects.filter(pk__in=taken).update(used=F("used") - 1)
                return False
            taken.append(pk)
        return True

    def give_back(self) -> None:
        """Free one place in each of these quotas."""
        for pk in self.order_by("pk").values_list("pk", flat=True):
            Quota.objects.filter(pk=pk, used__gt=0).update(used=F("used") - 1)

    def lock(self) -> None:
        """Wait for whoever is taking or freeing places right now (PostgreSQL; SQLite has one writer anyway)."""
        list(self.select_for_update().order_by("pk").values_list("pk", flat=True))


class Quota(models.Model):
    EVENT = "event"

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="quotas")
    scope = models.CharField(_("scope"), max_length=60, default=EVENT)
    size = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: no limit."))
    used = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    objects = models.Manager.from_queryset(QuotaQuerySet)()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["scope"]
        constraints = [
            models.UniqueConstraint(fields=["event", "scope"], name="quota_once"),
            models.CheckConstraint(
                condition=Q(size=None) | Q(used__lte=F("size")),
                name="quota_never_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        if self.size is None:
            return _("%(used)d, without a limit") % {"used": self.used}
        return _("%(used)d of %(size)d") % {"used": self.used, "size": self.size}

    @property
    def left(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.size is None else self.size - self.used

    @transaction.atomic
    def resize(self, size: int | None, *, by) -> None:
        """Give the scope `size` places (None: no limit); new places go to the waiting list at once. Raises
        ValidationError where more are taken already."""
        fits = Q() if size is None else Q(used__lte=size)
        if not Quota.objects.filter(fits, pk=self.pk).update(size=size):
            raise ValidationError(_("There are more people with a seat than places."))
        before, self.size = self.size, size
        self.event.registrations.seat_waiting()
        log(self.event, "events.quota.resize", user=by, data={"from": before, "to": size})


class RegistrationQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        """The seats that were taken count on; those at coming events are free again."""
        for registration in self.filter(event__ends_on__gte=timezone.localdate()):
            registration.withdraw()

    def confirmed(self):
        return self.filter(state=Registration.State.CONFIRMED)

    def waiting(self):
        """The waiting list, in its order."""
        return self.filter(state=Registration.State.WAITING).order_by("entered_at", "pk")


class RegistrationManager(models.Manager.from_queryset(RegistrationQuerySet)):
    @transaction.atomic
    def enter(self, person: Person) -> "Registration":
        """Give `person` a seat, or a place on the waiting list where none is left. Idempotent. Called on an event."""
        registration, _created = self.get_or_create(person=person)
        if registration.state != Registration.State.CANCELLED:
            return registration
        quotas = registration.event.quotas.all()
        seated = quotas.take()
        if not seated:
            # Somebody may free a seat at this instant: wait for them and look again, so that a seat never stays
            # empty beside a waiting list.
            quotas.lock()
            seated = quotas.take()
        state = Registration.State.CONFIRMED if seated else Registration.State.WAITING
        if not registration._turn(state) and seated:  # the same person, twice at once: one seat is enough
            quotas.give_back()
        registration.refresh_from_db()
        return registration

    @transaction.atomic
    def seat_waiting(self) -> list["Registration"]:
        """Give every free seat to the next on the waiting list and tell them. Called on an event."""
        seated = []
        for registration in self.waiting().select_related("event", "person"):
            quotas = registration.event.quotas.all()
            if not quotas.take():
                break
            if not registration._turn(Registration.State.CONFIRMED):
                quotas.give_back()
                continue
            registration.tell()
            log(registration.event, "events.registration.offer", data={"registration": registration.pk})
            seated.append(registration)
        return seated


class Registration(models.Model):
    class State(models.TextChoices):
        CONFIRMED = "CONFIRMED", pgettext_lazy("registration", "Confirmed")
        WAITING = "WAITING", _("Waiting list")
        CANCELLED = "CANCELLED", pgettext_lazy("registration", "Cancelled")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="registrations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="registrations")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CANCELLED)
    entered_at = models.DateTimeField(_("since"), default=timezone.now)

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

    @transaction.atomic
    def withdraw(self) -> None:
        """Give up the seat or the place on the waiting list; a freed seat goes to the next who waits."""
        seated = self.state == self.State.CONFIRMED
        if self._turn(self.State.CANCELLED) and seated:
            self.event.quotas.all().give_back()
            self.event.registrations.seat_waiting()

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
        changed = rows.update(state=state, entered_at=timezone.now())
        if changed:
            self.state = state
        return bool(changed)
