"""Event: something that we convene on certain days at a venue."""

import datetime
import zoneinfo
from collections.abc import Collection
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone as clock  # the event has a time zone of its own
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from events import ical, mail
from events.models.again import Repeatable
from events.models.attribution import MayBeUnattributed
from events.models.board import Arranged
from events.models.curriculum import Curriculum
from events.models.difference import Foreseen
from events.models.lessons import Teaching
from events.models.openness import MayBeOpen
from events.models.planning import Planned
from events.models.venue import Venue
from events.programme_formats import Frame, Schedule
from network.labels import LabelsField
from network.sheets import Tally


def new_uid() -> str:
    """The calendar UID of an event; stored at creation and never changed (calendar.md, Identity)."""
    return ical.session_uid(ical.new_guid(), settings.CALENDAR_NAMESPACE)


def morning() -> datetime.time:
    return datetime.time(9, 0)


class EventQuerySet(models.QuerySet):
    def announced(self):
        """Those that are no drafts: coming, past or cancelled."""
        return self.exclude(status=Event.Status.DRAFT)

    def coming(self, on: datetime.date | None = None):
        return self.filter(ends_on__gte=on or clock.localdate())

    def visible_to(self, viewer):
        """What `viewer` (a User, a Person, an anonymous user or None) may see: public events, those that the
        person, or an organization of which they are focal point, is invited to, and everything for staff who may see
        events."""
        if viewer is not None and getattr(viewer, "is_active", False) and viewer.has_perm("events.view_event"):
            return self
        seen = Q(is_public=True) & ~Q(status=Event.Status.DRAFT)
        if person := person_of(viewer):
            led = self.model._meta.get_field("delegations").related_model.objects.led_by(person)
            invited = Q(pk__in=person.invitations.sent().values("event")) | Q(pk__in=led.values("event"))
            seen |= invited & ~Q(status=Event.Status.DRAFT)
        return self.filter(seen)


def person_of(viewer):
    """The Person behind a viewer: a Person itself, a User's person, or None."""
    if viewer is None or not getattr(viewer, "pk", None):
        return None
    return getattr(viewer, "person", None) if hasattr(viewer, "is_authenticated") else viewer


class EventManager(models.Manager.from_queryset(EventQuerySet)):
    @transaction.atomic
    def begin(self, slug: str, schedule: Schedule, *, by=None) -> tuple["Event", Tally]:
        """A new draft with the title, days and time zone of `schedule`, and its sessions in it. Raises
        ValidationError, of which the short name may be a reason."""
        event = self.model(
            slug=slug,
            kind=Event.Kind.CONFERENCE,
            title=schedule.title or schedule.acronym or slug,
            starts_on=schedule.starts_on,
            ends_on=schedule.ends_on,
            timezone=schedule.timezone,
            day_starts_at=schedule.day_starts_at,
        )
        event.full_clean()
        event.save()
        return event, event.take_schedule(schedule, by=by)


class Event(MayBeOpen, Teaching, Repeatable, Planned, Arranged, MayBeUnattributed, ClusterableModel):
    class Kind(models.TextChoices):
        FORUM = "FORUM", _("Forum")
        CONFERENCE = "CONFERENCE", _("Conference")
        TRAINING = "TRAINING", _("Training")
        EXPERT_MEETING = "EXPERT_MEETING", _("Expert meeting")
        WEBINAR = "WEBINAR", _("Webinar")

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ANNOUNCED = "ANNOUNCED", _("Announced")
        CANCELLED = "CANCELLED", _("Cancelled")

    slug = models.SlugField(_("short name"), unique=True, help_text=_("Part of the address of its pages."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FORUM)
    title = LabelsField(_("title"))
    summary = LabelsField(_("summary"), rows=3, blank=True)
    curriculum = models.ForeignKey(
        Curriculum,
        models.PROTECT,
        verbose_name=_("curriculum"),
        related_name="runs",
        null=True,
        blank=True,
        help_text=_("What a training teaches."),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Paris", help_text=_("As in the IANA list, such as Europe/Paris.")
    )
    day_starts_at = models.TimeField(
        _("a day starts at"), default=morning, help_text=_("What begins earlier belongs to the day before.")
    )
    venue = models.ForeignKey(
        Venue, models.PROTECT, verbose_name=_("venue"), related_name="events", null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    is_public = models.BooleanField(_("public"), default=True, help_text=_("Shown to everybody once announced."))
    answer_by = models.DateTimeField(
        _("answers until"), null=True, blank=True, help_text=_("Invitations can be answered and changed until then.")
    )
    nominate_by = models.DateTimeField(
        _("names until"),
        null=True,
        blank=True,
        help_text=_("Delegations can say who comes until then. Empty: as long as answers are taken."),
    )
    is_approved_by_two = models.BooleanField(
        _("two people approve"), default=False, help_text=_("Who is named comes once two organizers have agreed.")
    )
    certificate_share = models.PositiveSmallIntegerField(
        _("certificate from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Per cent of the sessions that somebody was in. Empty: there are no certificates."),
    )
    publishes_participants = models.BooleanField(
        _("public list of participants"),
        default=False,
        help_text=_("Those with a seat who agree to be listed publicly stand on a page of the event."),
    )
    reply_to = models.EmailField(_("the team's address"), blank=True, help_text=_("Where replies to letters go."))
    mailbox = models.SlugField(_("mailbox"), editable=False)
    uid = models.CharField(max_length=200, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(default=clock.now, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)  # since then, who said yes is asked again

    objects = EventManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_on", "slug"]
        indexes = [models.Index(fields=["starts_on"], name="event_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="event_ends_after_it_starts",
                violation_error_message=_("An event cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title) or self.slug

    @transaction.atomic
    def save(self, *args, **kwargs):
        is_new = self.pk is None
        self.mailbox = self.mailbox or self.slug  # stays when the slug changes: replies must keep finding us
        if not is_new and not kwargs.get("update_fields") and self._reads_otherwise():
            self.revised_at = clock.now()  # what a calendar shows has changed
        super().save(*args, **kwargs)
        if is_new:
            for place in ("ROOM", "ONLINE", "PLENARY"):  # without a limit, and counted from the first seat on
                self.quotas.create(place=place)

    def clean(self):
        if self.timezone not in zoneinfo.available_timezones():
            raise ValidationError({"timezone": _("%(name)s is not a time zone.") % {"name": self.timezone}})

    def get_absolute_url(self) -> str:
        return reverse("events:event_detail", args=[self.slug])

    def wait_for_publication(self) -> None:
        list(Event.objects.select_for_update().filter(pk=self.pk).values("pk"))

    def published_entries(self):
        """The sessions of each version of its programme."""
        programmes = self._meta.get_field("programmes").related_model
        return programmes._meta.get_field("entries").related_model.objects.filter(programme__event=self)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def dates(self) -> str:
        """Its days, in words of the active language."""
        return mail.dates(self)

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def organizer(self) -> ical.Address:
        """ORGANIZER and From of its invitations: stable, with a mailbox of ours behind it."""
        return ical.Address(str(self.title), f"{self.mailbox}@{settings.RSVP_DOMAIN}")

    @property
    def seats(self):
        """The Quota of the seats in the room."""
        return self.quotas.of_event().get(role="", place="ROOM")

    @property
    def programme(self):
        """The published Programme, or None."""
        return self.programmes.order_by("-version").first()

    def day_of(self, moment: datetime.datetime) -> datetime.date:
        """The day of the programme that `moment` belongs to: a talk at 01:00 is the evening of the day before."""
        local = moment.astimezone(self.zone)
        return local.date() - datetime.timedelta(days=local.time() < self.day_starts_at)

    @property
    def closes_at(self) -> datetime.datetime:
        """Until when invitations may be answered."""
        day_after = self.ends_on + datetime.timedelta(days=1)
        return self.answer_by or datetime.datetime.combine(day_after, datetime.time(), self.zone)

    @property
    def names_close_at(self) -> datetime.datetime:
        """Until when delegations can say who comes."""
        return min(self.nominate_by or self.closes_at, self.closes_at)

    def takes_answers(self, now: datetime.datetime | None = None) -> bool:
        """Whether invitations may still be answered."""
        return not self.is_cancelled and (now or clock.now()) <= self.closes_at

    @property
    def starts_at(self) -> datetime.datetime:
        """When its first day begins, at its place."""
        return datetime.datetime.combine(self.starts_on, datetime.time(), self.zone)

    @cached_property
    def texts_of_letters(self) -> list:
        """What its formal letters say."""
        return list(self._meta.get_field("letter_texts").related_model.objects.filter(event=self.pk))

    def takes_names(self, now: datetime.datetime | None = None) -> bool:
        """Whether delegations may still say who comes."""
        return self.takes_answers(now) and (not self.nominate_by or (now or clock.now()) <= self.nominate_by)

    def slot(self, language: str) -> ical.Slot:
        """The event as one all-day calendar entry (exclusive end), in `language`."""
        return ical.Slot(
            uid=self.uid,
            sequence=self.sequence,
            revised_at=self.revised_at,
            starts=self.starts_on,
            ends=self.ends_on + datetime.timedelta(days=1),
            timezone="",
            summary=self.title.in_language(language),
            description=self.summary.in_language(language),
            location=self.venue.place(language) if self.venue else "",
            url=f"{settings.SITE_URL}/{language}/events/{self.slug}/",
            status="CANCELLED" if self.is_cancelled else "CONFIRMED",
            language=language,
        )

    @transaction.atomic
    def announce(self, *, by) -> None:
        """Make a draft known: its pages, feeds and invitations open."""
        self._hold()
        if self.status != self.Status.DRAFT:
            raise ValidationError(_("This event has been announced already."))
        self.status = self.Status.ANNOUNCED
        self._revise("status")
        log(self, "events.event.announce", user=by)

    @transaction.atomic
    def reschedule(self, starts_on: datetime.date, ends_on: datetime.date, *, by, venue: Venue | None = None) -> None:
        """Move the event to other days, another venue (None: the same), or both, and the day until which answers are
        taken along; everybody who was invited and did not decline gets an updated request, and focal points hear."""
        self._hold()
        if self.is_cancelled:
            raise ValidationError(_("A cancelled event cannot be moved."))
        venue = venue or self.venue
        if (starts_on, ends_on, venue) == (self.starts_on, self.ends_on, self.venue):
            raise ValidationError(_("These are the days and the venue that the event has already."))
        if ends_on < starts_on:
            raise ValidationError(_("An event cannot end before it starts."))
        self.questionnaires.stay_closed(self)
        before = [self.starts_on, self.ends_on]
        self.starts_on, self.ends_on, self.venue = starts_on, ends_on, venue
        for name in ("answer_by", "nominate_by"):  # and with them the reminders
            if until := getattr(self, name):
                setattr(self, name, self.shift(until, starts_on - before[0]))
        self.sequence += 1
        self.moved_at = clock.now()
        self._revise("starts_on", "ends_on", "venue", "sequence", "moved_at", "answer_by", "nominate_by")
        self._move_programme(starts_on - before[0], by)
        self.registrations.cut_offers(self)
        letter = partial(mail.event_rescheduled, has_programme=self.programme is not None)
        for invitation in self.invitations.expecting():
            invitation.update_calendar(letter, self.revised_at)
        self.delegations.tell_of_move()
        log(self, "events.event.reschedule", user=by, data={"from": before, "to": [starts_on, ends_on]})

    @transaction.atomic
    def cancel(self, reason: str = "", *, by) -> None:
        """Call the event off; who was invited and did not decline gets a cancellation, and focal points hear."""
        self._hold()
        if self.is_cancelled:
            raise ValidationError(_("This event has been cancelled already."))
        self.status = self.Status.CANCELLED
        self.sequence += 1
        self._revise("status", "sequence")
        for invitation in self.invitations.expecting():
            invitation.cancel_calendar(reason, self.revised_at)
        self.delegations.tell_of_cancellation(reason)
        if self.programme:
            self.programmes.call_off(self, by=by)
        log(self, "events.event.cancel", user=by, data={"reason": reason})

    @property
    def frame(self) -> Frame:
        """What a file with its programme need not say."""
        return Frame(self.slug, self.timezone, self.day_starts_at, self.starts_on, self.ends_on)

    @transaction.atomic
    def take_schedule(self, schedule: Schedule, *, by=None, **how) -> Tally:
        """Take the sessions of a programme from a file, with the rooms, tracks and people that they need, and say what
        became of them: all in one transaction, and a second time nothing is written. Sessions are known by their guid,
        people by their reference. What the file leaves empty stays as it is, and so does what is not in it any more,
        with a note; with `drops` it is cancelled. A draft without sessions takes its days and time zone from the file.
        Nothing is published. Raises ValidationError where the event is cancelled, or where something else would change
        than was `foreseen`."""
        self._hold()
        return self.sessions.take_schedule(self, schedule, by=by, **how)

    def foresee(self, schedule: Schedule) -> Foreseen:
        """What taking `schedule` would do. Raises ValidationError where it would."""
        return self.sessions.foresee(self, schedule)

    @transaction.atomic
    def publish(self, *, by, note: dict | None = None, spare: Collection = ()):
        """Publish the sessions as they are now as the next version of the programme, and return it. `note` stands in
        the changelog; whom a change concerns gets a letter after a pause, but for the people whom we `spare`. Raises
        ValidationError where a conflict blocks."""
        self._hold()
        self.guard_conflicts()
        return self.programmes.publish(self, by=by, note=note, spare=spare)

    @transaction.atomic
    def go_back(self, version: int, *, by, note: dict | None = None, spare: Collection = ()):
        """Publish what that earlier version of the programme promised as the next one, and return it. The draft stays
        as it is. Raises ValidationError where there is nothing to go back to."""
        self._hold()
        if self.is_cancelled:
            raise ValidationError(_("A cancelled event keeps its programme as it is."))
        old = self.programmes.filter(version=version).first()
        if old is None or old == self.programme:
            raise ValidationError(_("Choose an earlier version of the programme."))
        return self.programmes.go_back(self, old, by=by, note=note, spare=spare)

    def unpublished(self):
        """How the sessions as they are now differ from what readers see, as a Difference."""
        return self.programmes.unpublished(self)

    def shift(self, moment: datetime.datetime, days: datetime.timedelta) -> datetime.datetime:
        """`moment` that many days later, at the same time on the wall of the place."""
        local = moment.astimezone(self.zone)
        return datetime.datetime.combine(local.date() + days, local.time(), self.zone)

    def _move_programme(self, days: datetime.timedelta, by) -> None:
        """The sessions move along: the draft, and what is published."""
        sessions = list(self.sessions.all())
        for session in sessions:
            session.starts_at, session.ends_at = self.shift(session.starts_at, days), self.shift(session.ends_at, days)
        self.sessions.bulk_update(sessions, ["starts_at", "ends_at"], batch_size=200)
        if self.programme:
            self.programmes.move(self, days, by=by)

    def _reads_otherwise(self) -> bool:
        fields = ("title", "summary", "venue", "slug")
        before = Event.objects.filter(pk=self.pk).values(*fields).first()
        return before is not None and before != {
            name: getattr(self, Event._meta.get_field(name).attname) for name in fields
        }

    def _hold(self) -> None:
        """Two verbs at once come one after the other, and the second sees what the first did."""
        fields = ("status", "starts_on", "ends_on", "venue", "answer_by", "nominate_by", "sequence", "is_chatham_house")
        self.refresh_from_db(fields=fields, from_queryset=Event.objects.select_for_update())

    def _revise(self, *fields: str) -> None:
        self.revised_at = clock.now()
        self.save(update_fields=[*fields, "revised_at"])
