"""Programme: one published version of an event's sessions; ProgrammeEntry: a session as it was promised then.

Readers and calendars see entries, never the draft sessions. What a calendar program needs to believe us is decided
here, at publication: SEQUENCE rises when time, place or cancellation changes, the moment of revision is kept where
nothing changed, and the bytes of each VEVENT are computed once and stored.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from events import ical
from events.models.event import Event, person_of
from events.models.session import Audience, Session
from network.labels import LabelsField
from network.names import fold

LANGUAGES = [code for code, _name in settings.LANGUAGES]
VEVENTS = [f"vevent_{language}" for language in LANGUAGES]
# A change of these moves the slot in a calendar (SEQUENCE + 1); a change of the others is text.
PLACE_AND_TIME = ("starts_at", "ends_at", "room_name", "is_cancelled")
CONTENT = (
    *("starts_at", "ends_at", "day", "title", "abstract", "kind", "language", "track_name", "track_color"),
    *("track_slug", "room_name", "room_slug", "people", "status", "audience"),
)


@dataclass(frozen=True)
class Difference:
    """In how many sessions the draft of a programme differs from what is published."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.gone


class ProgrammeManager(models.Manager):
    @transaction.atomic
    def publish(self, event: Event, *, by) -> "Programme":
        """The sessions of `event` as they are now, as its next version."""
        programme, promised = self._next(event, by)
        sessions = event.sessions.scheduled().whole().in_order()
        entries = [programme.enter(session, promised.pop(session.guid, None)) for session in sessions]
        gone = [entry for entry in promised.values() if entry.day >= timezone.localdate()]
        entries += [programme.repeat(entry, status=Session.Status.CANCELLED) for entry in gone]
        ProgrammeEntry.objects.bulk_create(entries, batch_size=200)
        log(event, "events.programme.publish", user=by, data={"version": programme.version, "sessions": len(entries)})
        return programme

    @transaction.atomic
    def move(self, event: Event, days: datetime.timedelta, *, by) -> None:
        """What is published, on other days: its next version. Unpublished changes of the draft stay unpublished."""
        programme, promised = self._next(event, by)
        ProgrammeEntry.objects.bulk_create(
            programme.repeat(
                entry,
                starts_at=event.shift(entry.starts_at, days),
                ends_at=event.shift(entry.ends_at, days),
                day=entry.day + days,
            )
            for entry in promised.values()
        )

    @transaction.atomic
    def call_off(self, event: Event, *, by) -> None:
        """What is published, cancelled as far as it is not over: its next version."""
        programme, promised = self._next(event, by)
        today = timezone.localdate()
        ProgrammeEntry.objects.bulk_create(
            programme.repeat(entry, status=Session.Status.CANCELLED) if entry.day >= today else programme.repeat(entry)
            for entry in promised.values()
        )

    def unpublished(self, event: Event) -> Difference:
        """What publishing `event` now would change for readers."""
        programme = event.programme
        if programme is None:
            return Difference(new=event.sessions.scheduled().count())
        promised = {entry.guid: entry for entry in programme.entries.defer(*VEVENTS)}
        drafts = {session.guid: programme.draft(session) for session in event.sessions.scheduled().whole()}
        changed = [_differ(drafts[guid], promised[guid], CONTENT) for guid in drafts.keys() & promised.keys()]
        gone = [not promised[guid].is_cancelled for guid in promised.keys() - drafts.keys()]
        return Difference(len(drafts.keys() - promised.keys()), sum(changed), sum(gone))

    def _next(self, event: Event, by) -> "tuple[Programme, dict[uuid.UUID, ProgrammeEntry]]":
        """A new version without entries, and what was promised before."""
        before = event.programme
        version = before.version + 1 if before else 1
        programme = self.create(event=event, version=version, published_by=by, frame=_frame(event))
        return programme, {entry.guid: entry for entry in before.entries.all()} if before else {}


class Programme(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="programmes")
    version = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    frame = models.JSONField(default=dict, editable=False, help_text="What every entry's calendar bytes depend on.")
    published_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("published by"), null=True, related_name="+")

    objects = ProgrammeManager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["event", "version"], name="programme_version_once")]

    def __str__(self) -> str:
        return _("%(event)s, version %(version)d") % {"event": self.event, "version": self.version}

    def enter(self, session: Session, promised: "ProgrammeEntry | None") -> "ProgrammeEntry":
        """The entry for `session`, compared with what was promised before; not saved."""
        entry = self.draft(session)
        entry.revise(promised)
        return entry

    def draft(self, session: Session) -> "ProgrammeEntry":
        """What `session` would promise; not compared, not saved."""
        room, track = session.room, session.track
        cancelled = self.event.is_cancelled or session.status == Session.Status.CANCELLED
        return ProgrammeEntry(
            programme=self,
            session=session,
            guid=session.guid,
            uid=session.uid,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            day=self.event.day_of(session.starts_at),
            title=session.title,
            abstract=session.abstract,
            kind=session.kind,
            language=session.language,
            track_name=track.name if track else {},
            track_color=track.color if track else "",
            track_slug=track.slug if track else "",
            room_name=room.name if room else {},
            room_slug=slugify(fold(room.name.in_language("en"))) or f"room-{room.pk}" if room else "",
            people=[
                {"name": appearance.person.formal_name, "role": appearance.role}
                for appearance in session.appearances.all()
            ],
            status=Session.Status.CANCELLED if cancelled else session.status,
            audience=session.audience,
        )

    def repeat(self, promised: "ProgrammeEntry", **changes) -> "ProgrammeEntry":
        """The entry as it was promised but for `changes`; a session that is gone stays so, cancelled, until its day
        is over. Not saved."""
        content = {field: getattr(promised, field) for field in CONTENT} | changes
        session_id = promised.session_id
        entry = ProgrammeEntry(programme=self, session_id=session_id, guid=promised.guid, uid=promised.uid, **content)
        entry.revise(promised)
        return entry


class ProgrammeEntryQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """The one audience policy for sessions, on every surface. `viewer` is a User, a Person or None:
        public sessions for everybody; those for participants for people with a seat and for people who appear."""
        if viewer is not None and getattr(viewer, "is_active", False) and viewer.has_perm("events.view_session"):
            return self
        seen = Q(audience=Audience.PUBLIC)
        if person := person_of(viewer):
            seats = person.registrations.confirmed().values("event")
            seen |= Q(programme__event__in=seats) | Q(session__in=person.appearances.values("session"))
        return self.filter(seen)

    def for_calendar(self, on: datetime.date | None = None):
        """What belongs into a feed on the day `on`: a cancelled session stays until its day is over."""
        over = Q(status=Session.Status.CANCELLED, day__lt=on or timezone.localdate())
        return self.exclude(over).order_by("starts_at", "uid")

    def vevents(self, language: str) -> list[str]:
        """The stored VEVENTs in `language`."""
        return list(self.values_list(f"vevent_{language}", flat=True))

    def in_order(self):
        return self.order_by("starts_at", "room_slug", "uid")

    def lean(self):
        """Without the texts that only a session's own page and the calendars need."""
        return self.defer("abstract", *VEVENTS)


class ProgrammeEntry(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, verbose_name=_("programme"), related_name="entries")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="entries")
    guid = models.UUIDField(db_index=True)
    uid = models.CharField(max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    day = models.DateField(_("day"))
    title = LabelsField(_("title"))
    abstract = LabelsField(_("abstract"), blank=True)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    track_name = LabelsField(_("track"), blank=True)
    track_color = models.CharField(max_length=20, blank=True)
    track_slug = models.CharField(max_length=80, blank=True)
    room_name = LabelsField(_("room"), blank=True)
    room_slug = models.CharField(max_length=80, blank=True)
    people = models.JSONField(_("people"), default=list)
    status = models.CharField(_("status"), max_length=10, choices=Session.Status)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    sequence = models.PositiveIntegerField(default=0)
    revised_at = models.DateTimeField()
    vevent_en = models.TextField()
    vevent_fr = models.TextField()
    vevent_es = models.TextField()
    vevent_ar = models.TextField()

    objects = models.Manager.from_queryset(ProgrammeEntryQuerySet)()

    class Meta:
        verbose_name = _("programme entry")
        verbose_name_plural = _("programme entries")
        ordering = ["starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "guid"], name="programme_entry_once")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_cancelled(self) -> bool:
        return self.status == Session.Status.CANCELLED

    def revise(self, promised: "ProgrammeEntry | None") -> None:
        """Take over SEQUENCE, moment of revision and VEVENTs from what was promised, or set them anew."""
        self.revised_at, self.sequence = self.programme.published_at, 0
        if promised:
            frame, before = self.programme.frame, promised.programme.frame
            moved = frame["venue"] != before["venue"] or _differ(self, promised, PLACE_AND_TIME)
            self.sequence = promised.sequence + moved
            if frame == before and not _differ(self, promised, CONTENT):
                self.revised_at = promised.revised_at
        for language in LANGUAGES:
            same = promised and self.revised_at == promised.revised_at
            text = getattr(promised, f"vevent_{language}") if same else ical.vevent(self.slot(language))
            setattr(self, f"vevent_{language}", text)

    def forget(self, name: str) -> None:
        """The person called `name` has been erased: they are not named any more, here and in the calendars."""
        people = [person for person in self.people if not person["name"].endswith(name)]
        if people != self.people:
            self.people, self.revised_at = people, timezone.now()
            for language in LANGUAGES:
                setattr(self, f"vevent_{language}", ical.vevent(self.slot(language)))
            self.save(update_fields=["people", "revised_at", *VEVENTS])

    def slot(self, language: str) -> ical.Slot:
        """The entry as a calendar slot in `language`; no names of people beyond those on the public programme."""
        event = self.programme.event
        venue = event.venue.place(language) if event.venue else ""
        return ical.Slot(
            uid=self.uid,
            sequence=self.sequence,
            revised_at=self.revised_at,
            starts=self.starts_at,
            ends=self.ends_at,
            timezone=event.timezone,
            summary=self.title.in_language(language),
            description="\n\n".join(filter(None, (_names(self.people), self.abstract.in_language(language)))),
            location=", ".join(filter(None, (self.room_name.in_language(language), venue))),
            url=f"{settings.SITE_URL}/{language}/events/{event.slug}/sessions/{self.guid}/",
            status=self.status,
            categories=tuple(filter(None, (self.track_name.in_language(language),))),
            language=language,
        )


def _frame(event: Event) -> dict[str, str]:
    """What the bytes of every VEVENT depend on beside the session itself."""
    venue = "; ".join(event.venue.place(language) for language in LANGUAGES) if event.venue else ""
    address = f"{settings.SITE_URL}/{event.slug}"
    return {"venue": venue, "timezone": event.timezone, "address": address, "zones": ical.TZDATA_VERSION}


def _differ(one: ProgrammeEntry, other: ProgrammeEntry, fields: Iterable[str]) -> bool:
    return any(getattr(one, field) != getattr(other, field) for field in fields)


def _names(people: list[dict[str, str]]) -> str:
    return ", ".join(person["name"] for person in people)
