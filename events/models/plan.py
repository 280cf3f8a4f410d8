"""PlanItem: that a registered person has marked a session, and has a seat in it, or waits for one. What they marked,
and where they appear themselves, is their plan.

Seats are exact: the quota of the session is taken or waited for before a row is changed, by whoever takes a seat, gives
one up or waits, so that no seat stays empty beside somebody who waits.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models import Message, Person
from events import mail
from events.models.change import when
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
        """What `person` has marked, where their seat stands; not what they wait for."""
        state = Registration.State.CONFIRMED
        return self.filter(registration__person=person, registration__state=state, waits=False)

    def waiting(self):
        """The waiting lists of sessions, in their order."""
        return self.filter(waits=True, registration__state=Registration.State.CONFIRMED).order_by("guid", "pk")

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
        item, entry = self._item(guid)
        if item.holds_seat:
            return item
        if not item.seat():
            raise ValidationError(_("No seat is left in “%(session)s”.") % {"session": entry})
        log(item.registration, "events.plan.mark", user=by, data={"session": str(guid)})
        return item

    @transaction.atomic
    def wait(self, guid: uuid.UUID, *, by=None) -> "PlanItem":
        """Wait for a seat in the session, behind those who wait already; have it at once where one is free by now.
        Done twice it is done once. Raises ValidationError as `mark` does."""
        item, _entry = self._item(guid)
        if item.holds_seat or item.waits:
            return item
        item.quota.lock()  # whoever frees a seat at this instant does so first
        if item.seat():
            log(item.registration, "events.plan.mark", user=by, data={"session": str(guid)})
            return item
        item.waits = True
        item.save(update_fields=["waits"])
        log(item.registration, "events.plan.wait", user=by, data={"session": str(guid)})
        return item

    @transaction.atomic
    def seat_waiting(self, guid: uuid.UUID, *, knowing: Collection[int] = ()) -> None:
        """Give each free seat of the session to the first who waits and may go there still, and tell them, but for the
        items (keys) of those who hear of it otherwise."""
        Quota.objects.filter(session__guid=guid).lock()
        for item in self.waiting().filter(guid=guid).select_related("registration__event", "registration__person"):
            entry = _plannable(item.registration).filter(guid=guid).first()
            if entry is None:
                continue
            if not item.seat():
                break
            if item.pk not in knowing:
                item.tell(entry)
            log(item.registration, "events.plan.seat", data={"session": str(guid)})

    def settle(self, event: "Event", entries: list[ProgrammeEntry]) -> None:
        """Seats in sessions that do not take place any more are free; where one takes place after all, whoever had
        marked it is seated again as far as there are seats, in the order in which they came, and waits otherwise."""
        takes_place = {entry.guid: not entry.is_cancelled for entry in entries}
        rows = self.filter(registration__event=event).order_by()
        seated = set(rows.filter(holds_seat=True).values_list("guid", flat=True))
        for guid in sorted(guid for guid in seated if not takes_place.get(guid, True)):
            self._free(guid)
        without = [row for row in rows.filter(holds_seat=False) if takes_place.get(row.guid)]
        back = [row.pk for row in without if not row.waits]  # who hears that the session takes place after all
        self.filter(pk__in=back).update(waits=True)
        for guid in sorted({row.guid for row in without}):
            self.seat_waiting(guid, knowing=back)

    def _item(self, guid: uuid.UUID) -> "tuple[PlanItem, ProgrammeEntry]":
        """The item for that session, and how it is published; the registration is held until this is done."""
        registration = Registration.objects.select_for_update().get(pk=self.instance.pk)
        if registration.state != Registration.State.CONFIRMED:
            raise ValidationError(_("Only those who have a seat at the event can plan sessions."))
        entry = _plannable(registration).filter(guid=guid).first()
        if entry is None:
            raise ValidationError(_("This session is not open to you, or takes place no more."))
        return self.get_or_create(guid=guid, defaults={"holds_seat": False})[0], entry

    def _free(self, guid: uuid.UUID) -> None:
        """All seats of the session that are taken by a plan."""
        quota = Quota.objects.filter(session__guid=guid)
        quota.lock()
        if freed := self.filter(guid=guid, holds_seat=True).update(holds_seat=False):
            quota.update(used=F("used") - freed)


class PlanItem(models.Model):
    registration = models.ForeignKey(Registration, models.CASCADE, verbose_name=_("registration"), related_name="plan")
    guid = models.UUIDField(db_index=True)  # of the session: what is published stays when the draft is deleted
    holds_seat = models.BooleanField(_("has a seat"), default=True, editable=False)  # in the quota of the session
    waits = models.BooleanField(_("waits for a seat"), default=False, editable=False)
    marked_at = models.DateTimeField(_("marked"), default=timezone.now)

    objects = PlanItemManager()

    class Meta:
        verbose_name = _("planned session")
        verbose_name_plural = _("planned sessions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "guid"], name="plan_item_once"),
            models.CheckConstraint(condition=Q(waits=False) | Q(holds_seat=False), name="plan_item_waits_without_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.registration.person}: {self.guid}"

    @property
    def quota(self):
        """The places of the session: a queryset of one; of none where the session is deleted."""
        return Quota.objects.filter(session__guid=self.guid)

    @transaction.atomic
    def drop(self, *, by=None) -> None:
        """Take the session out of the plan, or wait for it no longer; the seat goes to the first who waits. What we put
        into the person's calendar by mail is taken out by mail."""
        registration = self.registration
        self.quota.lock()  # before the row, as whoever gives a seat out does: nobody waits for each other
        if PlanItem.objects.filter(pk=self.pk, holds_seat=True).update(holds_seat=False):
            self.quota.give_back()
        deleted, _rows = PlanItem.objects.filter(pk=self.pk).delete()
        if deleted:
            registration.event.notices.put_for(registration.person, self.guid)
            log(registration, "events.plan.drop", user=by, data={"session": str(self.guid)})
        PlanItem.objects.seat_waiting(self.guid)

    def seat(self) -> bool:
        """Take a seat in the session, once however often it is asked for; False where none is left."""
        if not self.quota.exists() and (session := Session.objects.filter(guid=self.guid).first()):
            session.count_seats()
        if not self.quota.take():
            return False
        if not PlanItem.objects.filter(pk=self.pk, holds_seat=False).update(holds_seat=True, waits=False):
            self.quota.give_back()  # at the same instant it was seated
        self.holds_seat, self.waits = True, False
        return True

    def tell(self, entry: ProgrammeEntry) -> None:
        """Post a letter that a seat is theirs, with what else of their plan is at the same time."""
        registration = self.registration
        invitation = registration.invitation
        if invitation is None:
            return
        planned = ProgrammeEntry.objects.visible_to(registration.person).filter(planned_by(registration.person))
        with override(invitation.language):
            told = {
                "when": when(entry),
                "room": str(entry.room_name),
                "clashes": [str(one) for one in planned.beside(entry)],
            }
        letter = mail.seat_in_session(invitation, entry, **told)
        Message.objects.post(registration.person, letter, address=invitation.address, about=invitation)


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
    rows = rows.select_related("programme__event")
    return rows.exclude(status=Session.Status.CANCELLED).filter(ends_at__gt=timezone.now())
