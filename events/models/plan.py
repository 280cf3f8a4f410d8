"""PlanItem: that a registered person has marked a session, and has a seat in it. What they marked, and where they
appear themselves, is their plan."""

import uuid
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Person
from events.models.programme import ProgrammeEntry
from events.models.quota import Quota
from events.models.registration import Registration
from events.models.session import Session

if TYPE_CHECKING:
    from events.models.event import Event


@dataclass(frozen=True)
class Clash:
    """Two sessions of a plan at the same time."""

    one: ProgrammeEntry
    other: ProgrammeEntry


class PlanItemQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Of the registrations that `viewer` sees."""
        return self.filter(registration__in=Registration.objects.visible_to(viewer).values("pk"))

    def of_person(self, person: Person):
        """What `person` has marked, where their seat stands."""
        return self.filter(registration__person=person, registration__state=Registration.State.CONFIRMED)

    def erase(self) -> None:
        """Nothing is left of what they planned."""
        self.clear()

    def clear(self) -> None:
        """Nothing of it is planned any more; the seats are free."""
        for item in self.select_related("registration").order_by("guid"):
            item.drop()


class PlanItemManager(models.Manager.from_queryset(PlanItemQuerySet)):
    @transaction.atomic
    def mark(self, guid: uuid.UUID, *, by=None) -> "PlanItem":
        """Put the session into the plan, and take a seat in it. Done twice it is done once. Raises ValidationError for
        who has no seat at the event, for what cannot be planned, and where the session is full. Called on a
        registration."""
        registration = Registration.objects.select_for_update().get(pk=self.instance.pk)
        if registration.state != Registration.State.CONFIRMED:
            raise ValidationError(_("Only those who have a seat at the event can plan sessions."))
        entry = _plannable(registration).filter(guid=guid).first()
        if entry is None:
            raise ValidationError(_("This session is not open to you, or takes place no more."))
        item, _is_new = self.get_or_create(guid=guid, defaults={"holds_seat": False})
        if item.holds_seat:
            return item
        if not item.seat():
            raise ValidationError(_("No seat is left in “%(session)s”.") % {"session": entry})
        log(registration, "events.plan.mark", user=by, data={"session": str(guid)})
        return item

    def settle(self, event: "Event", entries: list[ProgrammeEntry]) -> None:
        """Seats in sessions that do not take place any more are free; where one takes place after all, whoever had
        marked it is seated again as far as there are seats, in the order in which they came."""
        takes_place = {entry.guid: not entry.is_cancelled for entry in entries}
        gone = [guid for guid, does in takes_place.items() if not does]
        rows = self.filter(Q(holds_seat=False) | Q(guid__in=gone, holds_seat=True), registration__event=event)
        for item in rows.order_by("guid", "pk"):
            if item.guid in gone:
                item.free()
            elif takes_place.get(item.guid):
                item.seat()


class PlanItem(models.Model):
    registration = models.ForeignKey(Registration, models.CASCADE, verbose_name=_("registration"), related_name="plan")
    guid = models.UUIDField(db_index=True)  # of the session: what is published stays when the draft is deleted
    holds_seat = models.BooleanField(_("has a seat"), default=True, editable=False)  # in the quota of the session
    marked_at = models.DateTimeField(_("marked"), default=timezone.now)

    objects = PlanItemManager()

    class Meta:
        verbose_name = _("planned session")
        verbose_name_plural = _("planned sessions")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["registration", "guid"], name="plan_item_once")]

    def __str__(self) -> str:
        return f"{self.registration.person}: {self.guid}"

    @property
    def quota(self):
        """The places of the session: a queryset of one; of none where the session is deleted."""
        session = Session.objects.filter(guid=self.guid).first()
        if session is None:
            return Quota.objects.none()
        return Quota.objects.filter(pk=session.places.pk)

    @transaction.atomic
    def drop(self, *, by=None) -> None:
        """Take the session out of the plan; the seat is free. What we put into the person's calendar by mail is taken
        out by mail."""
        registration = self.registration
        self.free()
        deleted, _rows = PlanItem.objects.filter(pk=self.pk).delete()
        if deleted:
            registration.event.notices.put_for(registration.person, self.guid)
            log(registration, "events.plan.drop", user=by, data={"session": str(self.guid)})

    def seat(self) -> bool:
        """Take a seat in the session, once however often it is asked for; False where none is left."""
        if not self.quota.take():
            return False
        if not PlanItem.objects.filter(pk=self.pk, holds_seat=False).update(holds_seat=True):
            self.quota.give_back()  # at the same instant it was seated, or taken out of the plan
        self.holds_seat = True
        return True

    def free(self) -> None:
        """Give the seat back, once however often it is asked for."""
        if PlanItem.objects.filter(pk=self.pk, holds_seat=True).update(holds_seat=False):
            self.quota.give_back()


def planned_by(person: Person) -> Q:
    """Which entries are in the plan of `person`: what they marked, and where they appear."""
    marked = PlanItem.objects.of_person(person).values("guid")
    return Q(guid__in=marked) | Q(session__in=person.appearances.values("session"))


def clashes(entries: list[ProgrammeEntry]) -> list[Clash]:
    """Which of `entries` are at the same time."""
    held = sorted((one for one in entries if not one.is_cancelled), key=lambda one: (one.starts_at, one.uid))
    return [Clash(one, other) for one, other in combinations(held, 2) if other.starts_at < one.ends_at]


def _plannable(registration: Registration):
    """The published sessions that whoever is registered may mark: they see them, and they are not over."""
    rows = ProgrammeEntry.objects.filter(programme=registration.event.programme).visible_to(registration.person)
    return rows.exclude(status=Session.Status.CANCELLED).filter(ends_at__gt=timezone.now())
