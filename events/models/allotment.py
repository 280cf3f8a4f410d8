"""Allotment: how many places an event gives to each delegation of a kind of organization, of one role or place or of
any. A delegation starts with them; they can be changed for it alone."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from events.models.event import Event
from events.models.quota import Place, Role, of_what
from network.models import Organization


class AllotmentManager(models.Manager):
    @transaction.atomic
    def give(self, event: Event, kind: str, role: str, place: str, size: int | None, *, by) -> int:
        """Each delegation of the `kind` has `size` places (None: no limit) of the `role` and `place` ("": any) from
        now on: those that start later, and of the others those to which nothing else was given. Returns how many keep
        what they have, because more places are taken."""
        allotment, is_new = self.get_or_create(event=event, kind=kind, role=role, place=place, defaults={"size": size})
        before, allotment.size = allotment.size, size
        allotment.save(update_fields=["size"])
        told = {"kind": kind, "role": role, "place": place, "from": None if is_new else before, "to": size}
        log(event, "events.allotment.give", user=by, data=told)
        delegations = event.delegations.standing().filter(organization__kind=kind)
        return sum(not delegation.follow(allotment, before, by=by) for delegation in delegations)


class Allotment(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="allotments")
    kind = models.CharField(_("kind of organization"), max_length=20, choices=Organization.Kind)
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    place = models.CharField(_("place"), max_length=10, choices=Place, blank=True)
    size = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: no limit."))

    objects = AllotmentManager()

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "kind", "role", "place"], name="allotment_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.of_what}"

    @property
    def of_what(self) -> str:
        """The role and the place that it is for, in words."""
        return of_what(self.role, self.place)

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Take it back; delegations that have started keep what they have."""
        told = {"kind": self.kind, "role": self.role, "place": self.place, "from": self.size}
        log(self.event, "events.allotment.drop", user=by, data=told)
        self.delete()
