"""Absence: from when until when a room is closed, or somebody is not available, as the planners of an event know it."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Person
from events.models.event import Event
from events.models.venue import Room


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Those of nobody in particular, and of people whom `viewer` may see."""
        return self.filter(Q(person=None) | Q(person__in=Person.objects.visible_to(viewer).values("pk")))


class AbsenceManager(models.Manager.from_queryset(AbsenceQuerySet)):
    @transaction.atomic
    def note(self, absence: "Absence", *, by) -> "Absence":
        """Keep a new one. Raises ValidationError where it is of nobody, or ends before it starts."""
        absence.full_clean()
        absence.save()
        log(absence.event, "events.absence.note", user=by, data=absence.facts)
        return absence


class Absence(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="absences")
    room = models.ForeignKey(
        Room, models.CASCADE, verbose_name=_("room"), related_name="absences", null=True, blank=True
    )
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="absences", null=True, blank=True
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AbsenceManager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(room=None, person__isnull=False) | Q(room__isnull=False, person=None),
                name="absence_of_one",
                violation_error_message=_("Choose a room, or a person."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.room or self.person)

    @property
    def facts(self) -> dict:
        """For the history: keys, no names."""
        return {
            "room": self.room_id,
            "person": self.person_id,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }

    @transaction.atomic
    def drop(self, *, by) -> None:
        """It is not so any more."""
        log(self.event, "events.absence.drop", user=by, data=self.facts)
        self.delete()
