"""Quota: how many places there are, at an event or for one delegation, of one role or place or of any; or of one option
of a question, or in one session.

Capacity is exact: a place is taken by one conditional update, never by counting first (measured elsewhere: check-then-
insert gave 78 to 93 seats out of 60; row locks do nothing on SQLite).
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from events.models.event import Event

HAS_ROOM = Q(size=None) | Q(used__lt=F("size"))


class Role(models.TextChoices):
    """As what somebody comes, in the order of a list of participants."""

    HEAD = "HEAD", _("Head of delegation")
    ALTERNATE = "ALTERNATE", _("Alternate head")
    DELEGATE = "DELEGATE", _("Delegate")
    ADVISER = "ADVISER", _("Adviser")
    OBSERVER = "OBSERVER", _("Observer")
    SPEAKER = "SPEAKER", pgettext_lazy("at an event", "Speaker")
    STAFF = "STAFF", pgettext_lazy("at an event", "Staff")
    PRESS = "PRESS", pgettext_lazy("at an event", "Press")


class Place(models.TextChoices):
    ROOM = "ROOM", _("In the room")
    ONLINE = "ONLINE", _("Online")
    PLENARY = "PLENARY", _("Plenary only (floating badge)")


class QuotaQuerySet(models.QuerySet):
    def of_event(self):
        """Those of an event as a whole."""
        return self.filter(delegation=None, option=None, session=None)

    def covering(self, role: str, place: str):
        """Those that somebody with this role at this place takes a place of."""
        return self.filter(role__in=["", role], place__in=["", place])

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
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="quotas")
    delegation = models.ForeignKey(
        "Delegation", models.CASCADE, verbose_name=_("delegation"), related_name="quotas", null=True, blank=True
    )
    option = models.OneToOneField(
        "Option", models.CASCADE, verbose_name=_("option"), related_name="quota", null=True, blank=True
    )
    session = models.OneToOneField(
        "Session", models.CASCADE, verbose_name=_("session"), related_name="quota", null=True, blank=True
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    place = models.CharField(_("place"), max_length=10, choices=Place, blank=True)
    size = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: no limit."))
    used = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    objects = models.Manager.from_queryset(QuotaQuerySet)()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "role", "place"],
                condition=Q(delegation=None, option=None, session=None),
                name="quota_once",
            ),
            models.UniqueConstraint(fields=["delegation", "role", "place"], name="quota_once_in_a_delegation"),
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
    def of_what(self) -> str:
        """The option or the session, or the role and the place that it counts, in words."""
        counted = self.option or self.session
        return str(counted) if counted else of_what(self.role, self.place)

    @property
    def left(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.size is None else self.size - self.used

    @transaction.atomic
    def resize(self, size: int | None, *, by) -> None:
        """Give it `size` places (None: no limit); new ones of the event, and of a session, go to the waiting list at
        once. Raises ValidationError where more are taken already."""
        fits = Q() if size is None else Q(used__lte=size)
        if not Quota.objects.filter(fits, pk=self.pk).update(size=size):
            raise ValidationError(_("More places than that are taken already."))
        before, self.size = self.size, size
        if self.delegation_id is None and self.option_id is None and self.session_id is None:
            self.event.registrations.seat_waiting()
        elif self.session_id:
            plans = self.event.registrations.model._meta.get_field("plan").related_model
            plans.objects.seat_waiting(self.session.guid)
        log(self.delegation or self.event, "events.quota.resize", user=by, data={"from": before, "to": size})


def of_what(role: str, place: str) -> str:
    """A role and a place ("": any) in words, as in "Adviser, Online"."""
    words = {"role": Role(role).label if role else "", "place": Place(place).label if place else ""}
    if role and place:
        return _("%(role)s, %(place)s") % words
    return str(words["role"] or words["place"] or _("Any role and place"))
