"""Audience: who may see a session, a document, the minutes. The one policy, asked by each surface; and Circle: some of
those who come to an event, by what they have in common."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, RestrictedError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from events.models.event import Event, person_of
from events.models.lessons import TRAINER
from network.labels import LabelsField

SEES_ALL = "events.view_session"  # who has this permission sees everything of every event


class Audience(models.TextChoices):
    PUBLIC = "PUBLIC", _("Everybody")
    PARTICIPANTS = "PARTICIPANTS", _("Participants with a seat")
    TRAINERS = "TRAINERS", _("Trainers of the event")
    CIRCLE = "CIRCLE", _("A circle of participants")


class CircleManager(models.Manager):
    @transaction.atomic
    def keep(self, circle: "Circle", delegations, *, by) -> "Circle":
        """Save `circle` with its `delegations`; it holds at once, for everything that is for it. Raises ValidationError
        where nobody would be in it."""
        if not (circle.kinds or circle.roles or circle.parts or delegations):
            raise ValidationError(_("Tick at least one thing: else nobody would be in this circle."))
        circle.save()
        circle.delegations.set(delegations)
        log(circle.event, "events.circle.keep", user=by, data={"circle": str(circle.name)})
        return circle


class Circle(models.Model):
    """Whoever fits one thing that is ticked: a seat as one of `roles`, for an organization of one of `kinds`, or in one
    of `delegations`, of which the focal points are too; or a part in a session."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="circles")
    name = LabelsField(_("name"))
    kinds = models.JSONField(_("kinds of organizations"), default=list, blank=True)
    roles = models.JSONField(_("those who come as"), default=list, blank=True)
    parts = models.JSONField(_("those who appear as"), default=list, blank=True)
    delegations = models.ManyToManyField(
        "events.Delegation", verbose_name=_("delegations"), related_name="circles", blank=True
    )

    objects = CircleManager()

    class Meta:
        verbose_name = pgettext_lazy("of participants", "circle")
        verbose_name_plural = pgettext_lazy("of participants", "circles")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Take it away. Raises ValidationError where something is for it."""
        name = str(self.name)
        try:
            self.delete()
        except RestrictedError as reason:
            used = ", ".join(f"“{one}”" for one in sorted(map(str, reason.restricted_objects)))
            told = _("This circle is still needed: %(things)s. Say first who else may see that.")
            raise ValidationError(told % {"things": used}) from reason
        log(self.event, "events.circle.drop", user=by, data={"circle": name})


class ForAudience(models.Model):
    """What somebody may see and others not. Beside this it has a `session`, which may be None."""

    audience = models.CharField(_("who may see this?"), max_length=12, choices=Audience, default=Audience.PUBLIC)
    circle = models.ForeignKey(
        Circle,
        models.RESTRICT,  # and not PROTECT: with the event both go
        verbose_name=pgettext_lazy("of participants", "circle"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.CIRCLE, circle__isnull=False)
                | ~Q(audience=Audience.CIRCLE) & Q(circle=None),
                name="%(class)s_for_circle",
                violation_error_message=_("Choose the circle."),
            )
        ]

    @property
    def readers(self) -> str:
        """Who may see it, in words."""
        return str(self.circle) if self.circle_id else Audience(self.audience).label

    @property
    def is_restricted(self) -> bool:
        return self.audience != Audience.PUBLIC


@dataclass(frozen=True)
class Sight:
    """What somebody may see of what has an audience, beyond what is for everybody: at which events (keys) each audience
    is open to them, their circles, and the sessions in which they appear."""

    sees_all: bool = False
    events: dict[str, frozenset[int]] = field(default_factory=dict)
    circles: frozenset[int] = frozenset()
    sessions: frozenset[int] = frozenset()

    def rows(self, event: str) -> Q:
        """The rows that they may see; `event`: the way from a row to its event."""
        if self.sees_all:
            return Q()
        seen = self._own()
        for audience, events in self.events.items():
            seen |= Q(audience=audience, **{f"{event}__in": events})
        return seen

    def at(self, event: Event) -> Q:
        """The rows of `event` that they may see."""
        if self.sees_all:
            return Q()
        return self._own() | Q(audience__in=[name for name, events in self.events.items() if event.pk in events])

    def ingredients(self) -> list:
        """The same in an order of its own: when this is the same, the same is seen."""
        events = [(audience, sorted(keys)) for audience, keys in sorted(self.events.items())]
        return [self.sees_all, events, sorted(self.circles), sorted(self.sessions)]

    def _own(self) -> Q:
        seen = Q(audience=Audience.PUBLIC)
        if self.circles:
            seen |= Q(audience=Audience.CIRCLE, circle__in=self.circles)
        if self.sessions:
            seen |= Q(session__in=self.sessions)
        return seen


def sight_of(viewer) -> Sight:
    """The Sight of `viewer`: a User, a Person, somebody unknown, None, or a Sight that is known already. The
    database is asked nothing for who is nobody in particular."""
    if isinstance(viewer, Sight):
        return viewer
    if viewer is not None and getattr(viewer, "is_active", False) and viewer.has_perm(SEES_ALL):
        return Sight(sees_all=True)
    person = person_of(viewer)
    return Sight() if person is None else _sight_of_person(person)


def _sight_of_person(person) -> Sight:
    seats = dict(person.registrations.confirmed().values_list("event", "role"))
    parts, sessions = defaultdict(set), set()
    appearing = person.appearances.values_list(
        "session", "session__event", "role", "session__status", "session__is_unscheduled"
    )
    for session, event, role, status, waits in appearing:
        sessions.add(session)
        if status != "CANCELLED" and not waits:
            parts[event].add(role)
    teaching = frozenset(event for event, roles in parts.items() if TRAINER in roles)
    events = {Audience.PARTICIPANTS.value: teaching.union(seats), Audience.TRAINERS.value: teaching}
    return Sight(events=events, circles=_circles(person, seats, parts), sessions=frozenset(sessions))


def _circles(person, seats: dict[int, str], parts: dict[int, set[str]]) -> frozenset[int]:
    """The circles (keys) in which `person` is, by the role of their seat and their parts at each event."""
    delegations = Circle._meta.get_field("delegations").related_model.objects
    led = dict(delegations.led_by(person).values_list("pk", "event"))  # whoever prepares them reads what they read
    there = Circle.objects.filter(event__in={*seats, *parts, *led.values()})
    circles = list(there.prefetch_related("delegations"))
    if not circles:
        return frozenset()
    sent = person.invitations.filter(event__in=seats).exclude(delegation=None)
    for_whom = {row[0]: row[1:] for row in sent.values_list("event", "delegation", "delegation__organization__kind")}
    own = set(person.affiliations.current().values_list("organization__kind", flat=True))

    def holds(circle: Circle) -> bool:
        if not parts.get(circle.event_id, set()).isdisjoint(circle.parts):
            return True
        delegations = {one.pk for one in circle.delegations.all()}
        if not delegations.isdisjoint(led):
            return True
        if circle.event_id not in seats:
            return False
        delegation, kind = for_whom.get(circle.event_id, (None, None))
        return (
            seats[circle.event_id] in circle.roles
            or not ({kind} if kind else own).isdisjoint(circle.kinds)
            or delegation in delegations
        )

    return frozenset(circle.pk for circle in circles if holds(circle))
