"""Session: one slot of an event's programme, with its Track, its room and the people who appear in it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from contacts.models import Person
from events import ical
from events.models.attribution import MayBeUnattributed
from events.models.audience import Audience, ForAudience, sight_of
from events.models.curriculum import Module
from events.models.event import Event
from events.models.intake import SessionManager
from events.models.quota import Quota
from events.models.venue import Room
from network.labels import LabelsField


def new_guid() -> uuid.UUID:
    return ical.new_guid()


# The usual kinds, so that they can be shown in the reader's language; an organizer may write any other.
KINDS = [_("Plenary"), _("Panel"), _("Workshop"), _("Registration"), _("Reception"), _("Demonstration")]
KINDS += [_("Closed session"), _("Consultation"), _("Keynote"), _("Lightning talk"), _("Break")]
KINDS += [_("Module")]


class Track(models.Model):
    class Color(models.TextChoices):
        STEELBLUE = "steelblue", _("Steel blue")
        TEAL = "teal", _("Teal")
        SEAGREEN = "seagreen", _("Sea green")
        OLIVE = "olive", _("Olive")
        GOLDENROD = "goldenrod", _("Golden")
        DARKORANGE = "darkorange", _("Orange")
        INDIANRED = "indianred", _("Red")
        MEDIUMVIOLETRED = "mediumvioletred", _("Crimson")
        REBECCAPURPLE = "rebeccapurple", _("Purple")
        SLATEBLUE = "slateblue", _("Slate blue")
        SLATEGRAY = "slategray", _("Grey")
        SADDLEBROWN = "saddlebrown", _("Brown")

    event = ParentalKey(Event, on_delete=models.CASCADE, verbose_name=_("event"), related_name="tracks")
    slug = models.SlugField(_("short name"), max_length=80)
    name = LabelsField(_("name"))
    color = models.CharField(_("colour"), max_length=20, choices=Color, default=Color.STEELBLUE)
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "slug"],
                name="track_once",
                violation_error_message=_("This event has a track of that name already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class SessionQuerySet(models.QuerySet):
    def whole(self):
        """With all that the programme says of them."""
        # Django would ask SQLite for a thousand people by a condition that is nested too deeply.
        appearing = models.Prefetch("appearances", Appearance.objects.select_related("person"))
        return self.select_related("track", "room", "circle").prefetch_related(appearing)

    def visible_to(self, viewer):
        """What `viewer` (a User) sees of the draft: staff who may see sessions all of it, and others of staff what is
        for everybody."""
        return self if sight_of(viewer).sees_all else self.filter(audience=Audience.PUBLIC)

    def scheduled(self):
        """Without those that wait for a place."""
        return self.filter(is_unscheduled=False)

    def taking_place(self):
        """Neither dropped nor waiting for a place."""
        return self.scheduled().exclude(status=Session.Status.CANCELLED)

    def in_order(self):
        return self.order_by("starts_at", "room__position", "pk")


class Session(MayBeUnattributed, ForAudience, ClusterableModel):
    class Status(models.TextChoices):
        CONFIRMED = "CONFIRMED", pgettext_lazy("session", "Confirmed")
        TENTATIVE = "TENTATIVE", pgettext_lazy("session", "Tentative")
        CANCELLED = "CANCELLED", pgettext_lazy("session", "Cancelled")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="sessions")
    guid = models.UUIDField(unique=True, default=new_guid, editable=False)
    uid = models.CharField(max_length=200, unique=True, editable=False)
    title = LabelsField(_("title"))
    abstract = LabelsField(_("abstract"), rows=5, blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Plenary, panel, workshop ..."))
    language = models.CharField(_("language"), max_length=12, blank=True)
    interpreted_into = models.JSONField(
        _("interpreted into"),
        default=list,
        blank=True,
        help_text=_("The languages that are spoken in the booths, beside the one of the floor."),
    )
    expected = models.PositiveIntegerField(
        _("people expected"), null=True, blank=True, help_text=_("Empty: nobody knows.")
    )
    track = models.ForeignKey(
        Track, models.SET_NULL, verbose_name=_("track"), related_name="sessions", null=True, blank=True
    )
    room = models.ForeignKey(
        Room, models.SET_NULL, verbose_name=_("room"), related_name="sessions", null=True, blank=True
    )
    module = models.ForeignKey(
        Module,
        models.SET_NULL,
        verbose_name=pgettext_lazy("of a curriculum", "module"),
        related_name="sessions",
        null=True,
        blank=True,
        help_text=_("Of the curriculum of the training."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_unscheduled = models.BooleanField(
        _("not scheduled yet"),
        default=False,
        help_text=_("It waits beside the board for a place, and is not published. Its hours are a wish."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CONFIRMED)
    reference = models.CharField(_("reference"), max_length=200, blank=True, editable=False)

    objects = SessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["event", "starts_at"], name="session_by_start")]
        constraints = [
            *ForAudience.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("A session cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def save(self, *args, **kwargs):
        self.identify()
        super().save(*args, **kwargs)

    def identify(self) -> None:
        """Its calendar UID, from the first moment on."""
        self.uid = self.uid or ical.session_uid(self.guid, settings.CALENDAR_NAMESPACE)

    @property
    def is_for_some(self) -> bool:
        """Whether it is, or is published, not for everybody."""
        return self.is_restricted or self.entries.exclude(audience=Audience.PUBLIC).exists()

    @property
    def is_unattributed(self) -> bool:
        """Whether nobody may be named with what is said there."""
        return self.is_chatham_house or self.event.is_chatham_house

    def wait_for_publication(self) -> None:
        list(Event.objects.select_for_update().filter(pk=self.event_id).values("pk"))

    def published_entries(self):
        return self.entries.all()

    @property
    def local_start(self):
        return timezone.localtime(self.starts_at, self.event.zone)

    @property
    def places(self) -> Quota | None:
        """The Quota of its seats, which are counted from the first one on; None before."""
        return Quota.objects.filter(session=self).first()

    def count_seats(self) -> Quota:
        """Count its seats from now on, without a limit where none is set."""
        return Quota.objects.get_or_create(session=self, defaults={"event_id": self.event_id})[0]

    def limit(self, size: int | None, *, by) -> None:
        """Give it so many seats (None: as many as are asked for); new ones go to those who wait. Raises
        ValidationError where more are taken already."""
        self.count_seats().resize(size, by=by)


class AppearanceQuerySet(models.QuerySet):
    def erase(self) -> None:
        """Nobody appears there any more; what was published says the name no longer, in no version."""
        for appearance in self.select_related("person", "session"):
            for entry in appearance.session.entries.select_related("programme__event__venue__country"):
                entry.forget(appearance.person)
        self.delete()


class Appearance(models.Model):
    class Role(models.TextChoices):
        SPEAKER = "SPEAKER", _("Speaker")
        MODERATOR = "MODERATOR", _("Moderator")
        PANELLIST = "PANELLIST", _("Panellist")
        INTERPRETER = "INTERPRETER", _("Interpreter")
        RAPPORTEUR = "RAPPORTEUR", _("Rapporteur")
        TRAINER = "TRAINER", _("Trainer")

    session = ParentalKey(Session, on_delete=models.CASCADE, verbose_name=_("session"), related_name="appearances")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="appearances")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.SPEAKER)
    language = models.CharField(
        _("interprets into"),
        max_length=12,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of an interpreter: in which booth. Empty: in any."),
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    objects = models.Manager.from_queryset(AppearanceQuerySet)()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person", "role"],
                name="appearance_once",
                violation_error_message=_("This person has that role in the session already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"
