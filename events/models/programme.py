"""Programme: one published version of an event's sessions; ProgrammeEntry: a session as it was promised then.

Readers and calendars see entries, never the draft sessions. What a calendar program needs to believe us is decided
here, at publication: SEQUENCE rises when time, place or cancellation changes, the moment of revision is kept where
nothing changed, and the bytes of each VEVENT are computed once and stored.
"""

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Person, User
from events import ical
from events.models.audience import Audience, Circle, sight_of
from events.models.booth import channels_of, interpretation_of, languages_heard
from events.models.change import Change, Kind, changes
from events.models.event import Event
from events.models.session import Session
from network.labels import LabelsField
from network.names import fold

LANGUAGES = [code for code, _name in settings.LANGUAGES]
VEVENTS = [f"vevent_{language}" for language in LANGUAGES]
# A change of these moves the slot in a calendar (SEQUENCE + 1); a change of the others is text.
PLACE_AND_TIME = ("starts_at", "ends_at", "room_name", "is_cancelled")
CONTENT = (
    *("starts_at", "ends_at", "day", "title", "abstract", "kind", "language", "interpretation"),
    *("track_name", "track_color"),
    *("track_slug", "room_name", "room_slug", "people", "status", "audience"),
    *("circle_id", "is_unattributed"),
)


@dataclass(frozen=True)
class Difference:
    """How the sessions of a programme (guid -> entry) are otherwise `after` than `before`."""

    before: "Mapping[uuid.UUID, ProgrammeEntry]" = field(default_factory=dict)
    after: "Mapping[uuid.UUID, ProgrammeEntry]" = field(default_factory=dict)

    @cached_property
    def changes(self) -> list[Change]:
        return changes(self.before, self.after)

    @property
    def digest(self) -> str:
        """The same for who looks once more only where nothing has changed since."""
        asked = (*CONTENT, "appearing")
        said = sorted((str(guid), [getattr(one, name) for name in asked]) for guid, one in self.after.items())
        known = sorted((str(guid), entry.pk) for guid, entry in self.before.items())
        return hashlib.sha256(repr((said, known)).encode()).hexdigest()[:32]

    @property
    def new(self) -> int:
        return self._count(Kind.ADDED)

    @property
    def changed(self) -> int:
        return self._count(Kind.CHANGED)

    @property
    def gone(self) -> int:
        return self._count(Kind.DROPPED)

    @property
    def total(self) -> int:
        return len(self.changes)

    def _count(self, kind: Kind) -> int:
        return sum(one.kind == kind for one in self.changes)


class ProgrammeManager(models.Manager):
    @transaction.atomic
    def publish(self, event: Event, *, by, note: dict | None = None, spare: Collection[Person] = ()) -> "Programme":
        """The sessions of `event` as they are now, as its next version. `note` says in the changelog what it is about;
        whom the changes concern gets a letter, but for those whom we `spare`."""
        programme, promised = self._next(event, by, note=note or {})
        sessions = list(event.sessions.scheduled().whole().in_order())
        earlier = self._last_of(event, {session.guid for session in sessions} - promised.keys())
        known = {**earlier, **promised}
        entries = [programme.enter(session, known.get(session.guid)) for session in sessions]
        entries += programme.call_off_others(promised, entries)
        log(event, "events.programme.publish", user=by, data={"version": programme.version, "sessions": len(entries)})
        return programme._fill(entries, promised, spare)

    @transaction.atomic
    def go_back(
        self, event: Event, old: "Programme", *, by, note: dict | None = None, spare: Collection[Person] = ()
    ) -> "Programme":
        """What version `old` promised, as the next version; the draft stays as it is. A SEQUENCE only rises."""
        programme, promised = self._next(event, by, note=note or {}, restores=old)
        rows = list(old._known(old.entries.all()))
        earlier = self._last_of(event, {entry.guid for entry in rows} - promised.keys())
        known = {**earlier, **promised}
        entries = [programme.repeat(entry, known[entry.guid]) for entry in rows]
        entries += programme.call_off_others(promised, entries)
        data = {"version": programme.version, "restores": old.version}
        log(event, "events.programme.go_back", user=by, data=data)
        return programme._fill(entries, promised, spare)

    @transaction.atomic
    def move(self, event: Event, days: datetime.timedelta, *, by) -> None:
        """What is published, on other days: its next version. Unpublished changes of the draft stay unpublished. Whom
        the letter about the event tells enough gets no other."""
        programme, promised = self._next(event, by)
        entries = [
            programme.repeat(
                entry,
                starts_at=event.shift(entry.starts_at, days),
                ends_at=event.shift(entry.ends_at, days),
                day=entry.day + days,
            )
            for entry in promised.values()
        ]
        programme._fill(entries, promised, event.appointments.told_with_the_event())

    @transaction.atomic
    def call_off(self, event: Event, *, by) -> None:
        """What is published, cancelled as far as it is not over: its next version."""
        programme, promised = self._next(event, by)
        today = timezone.localdate()
        entries = [
            programme.repeat(entry, status=Session.Status.CANCELLED) if entry.day >= today else programme.repeat(entry)
            for entry in promised.values()
        ]
        programme._fill(entries, promised)

    def unpublished(self, event: Event) -> Difference:
        """What publishing `event` now would change for readers."""
        before = event.programme
        programme = Programme(event=event, frame=_frame(event))
        drafts = {session.guid: programme.draft(session) for session in event.sessions.scheduled().whole()}
        return Difference(before.promised() if before else {}, drafts)

    def _next(self, event: Event, by, **more) -> "tuple[Programme, dict[uuid.UUID, ProgrammeEntry]]":
        """A new version without entries, and what was promised before."""
        before = event.programme
        version = before.version + 1 if before else 1
        programme = self.create(event=event, version=version, published_by=by, frame=_frame(event), **more)
        return programme, {entry.guid: entry for entry in before._known(before.entries.all())} if before else {}

    def _last_of(self, event: Event, guids: set[uuid.UUID]) -> "dict[uuid.UUID, ProgrammeEntry]":
        """What was last promised of sessions that the newest version does not know any more."""
        rows = ProgrammeEntry.objects.filter(programme__event=event, guid__in=guids).select_related("programme")
        return {entry.guid: entry for entry in rows.order_by("programme__version")} if guids else {}


class Programme(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="programmes")
    version = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    # Since when what everybody sees of it has been so: what is not for everybody moves nothing that everybody sees.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    frame = models.JSONField(default=dict, editable=False, help_text="What every entry's calendar bytes depend on.")
    published_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("published by"), null=True, related_name="+")
    note = LabelsField(_("what it is about"), rows=3, blank=True)
    restores = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("goes back to"), null=True, blank=True, related_name="+"
    )

    objects = ProgrammeManager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["event", "version"], name="programme_version_once")]

    def __str__(self) -> str:
        return _("%(event)s, version %(version)d") % {"event": self.event, "version": self.version}

    def settle(self, entries: "list[ProgrammeEntry]", before: "dict[uuid.UUID, ProgrammeEntry]") -> None:
        """What follows from the new `entries`: older versions open to nobody a session that is not for everybody any
        more, and where everybody sees what they saw `before`, nothing has changed for them."""
        guids = defaultdict(list)
        for entry in entries:
            if entry.is_restricted:
                guids[entry.readership].append(entry.guid)
        for (audience, circle), some in guids.items():
            older = ProgrammeEntry.objects.filter(programme__event=self.event, guid__in=some)
            older.update(audience=audience, circle=circle)
        seen, seen_before = _seen_by_everybody(entries), _seen_by_everybody(before.values())
        self.changed_at = self.published_at
        if before and seen == seen_before:
            self.changed_at = next(iter(before.values())).programme.changed_at
        self.save(update_fields=["changed_at"])

    def promised(self) -> "dict[uuid.UUID, ProgrammeEntry]":
        """Its sessions by their guid, without the bytes of calendars."""
        return {entry.guid: entry for entry in self._known(self.entries.select_related("circle").defer(*VEVENTS))}

    def seen_by(self, viewer) -> "list[ProgrammeEntry]":
        """Its sessions in their order, as far as `viewer` may see them today: whoever may not see a session as it was
        last published does not see how it was before."""
        hidden = ProgrammeEntry.objects.hidden_from(viewer, self.event)
        rows = self.entries.visible_to(viewer).in_order().lean()
        return [entry for entry in self._known(rows) if entry.guid not in hidden]

    def call_off_others(
        self, promised: "dict[uuid.UUID, ProgrammeEntry]", entries: "list[ProgrammeEntry]"
    ) -> "list[ProgrammeEntry]":
        """What was promised and is not among `entries`, cancelled, until its day is over; not saved."""
        here, today = {entry.guid for entry in entries}, timezone.localdate()
        gone = [entry for guid, entry in promised.items() if guid not in here and entry.day >= today]
        return [self.repeat(entry, status=Session.Status.CANCELLED) for entry in gone]

    def enter(self, session: Session, promised: "ProgrammeEntry | None") -> "ProgrammeEntry":
        """The entry for `session`, compared with what was promised before; not saved."""
        entry = self.draft(session)
        entry.revise(promised)
        return entry

    def draft(self, session: Session) -> "ProgrammeEntry":
        """What `session` would promise; not compared, not saved."""
        room, track = session.room, session.track
        cancelled = self.event.is_cancelled or session.status == Session.Status.CANCELLED
        is_unattributed = self.event.is_chatham_house or session.is_chatham_house
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
            interpretation=interpretation_of(session, self._channels),
            track_name=track.name if track else {},
            track_color=track.color if track else "",
            track_slug=track.slug if track else "",
            room_name=room.name if room else {},
            room_slug=slugify(fold(room.name.in_language("en"))) or f"room-{room.pk}" if room else "",
            people=[
                # in one language for all readers, whatever that of the organizer is
                {"name": appearance.person.formal_name_in(settings.LANGUAGE_CODE), "role": appearance.role}
                for appearance in session.appearances.all()
                if not is_unattributed
            ],
            is_unattributed=is_unattributed,
            appearing=sorted({appearance.person_id for appearance in session.appearances.all()}),
            status=Session.Status.CANCELLED if cancelled else session.status,
            audience=session.audience,
            circle=session.circle,
        )

    def repeat(self, like: "ProgrammeEntry", promised: "ProgrammeEntry | None" = None, **changes) -> "ProgrammeEntry":
        """The entry as it was in `like` but for `changes`, compared with what was `promised` last (None: `like`); a
        session that is gone stays so, cancelled, until its day is over. Not saved."""
        content = {field: getattr(like, field) for field in (*CONTENT, "session_id", "guid", "uid", "appearing")}
        entry = ProgrammeEntry(programme=self, **{**content, **changes})
        entry.revise(promised or like)
        return entry

    @cached_property
    def _channels(self) -> dict[tuple[int, str], int | None]:
        return channels_of(self.event)

    def _known(self, rows: "Iterable[ProgrammeEntry]") -> "Iterable[ProgrammeEntry]":
        """`rows` of this version, which need not ask for it and its event."""
        for entry in rows:
            entry.programme = self
            yield entry

    def _fill(
        self,
        entries: "list[ProgrammeEntry]",
        promised: "dict[uuid.UUID, ProgrammeEntry]",
        spare: Collection[Person] = (),
    ) -> "Programme":
        """Save its `entries`, and see to the people whom it concerns that something is otherwise than `promised`."""
        ProgrammeEntry.objects.bulk_create(entries, batch_size=200)
        self.settle(entries, promised)
        self.event.appointments.follow(promised, {entry.guid: entry for entry in entries}, spare=spare)
        return self


class ProgrammeEntryQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Those that `viewer` (a User, a Person, None, or a Sight) may see, by the one policy: `audience`."""
        return self.filter(sight_of(viewer).rows("programme__event"))

    def newest_of(self, event: Event):
        """Those of the programme of `event` as it is published now."""
        return self.filter(programme=event.programmes.order_by("-version").values("pk")[:1])

    def beside(self, entry: "ProgrammeEntry"):
        """Those of the same programme while `entry` lasts."""
        during = self.filter(programme=entry.programme_id, starts_at__lt=entry.ends_at, ends_at__gt=entry.starts_at)
        return during.exclude(pk=entry.pk).exclude(status=Session.Status.CANCELLED).in_order()

    def withhold(self) -> None:
        """Say of none of them who appears."""
        for entry in self.exclude(people=[]).select_related("programme__event__venue__country"):
            entry.rewrite([], is_unattributed=True)
        self.update(is_unattributed=True)

    def hidden_from(self, viewer, event: Event) -> set[uuid.UUID]:
        """The sessions (guid) of `event` that `viewer` may not see as they were last published."""
        rows = ProgrammeEntry.objects.filter(programme__event=event)
        last = dict(rows.order_by("programme__version").values_list("guid", "pk"))
        seen = set(rows.visible_to(viewer).values_list("pk", flat=True))
        return {guid for guid, pk in last.items() if pk not in seen}

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
        """Without the texts that only a session's own page and the calendars need; with who may see them."""
        return self.select_related("circle").defer("abstract", *VEVENTS)


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
    interpretation = models.JSONField(_("interpretation"), default=list, blank=True)
    track_name = LabelsField(_("track"), blank=True)
    track_color = models.CharField(max_length=20, blank=True)
    track_slug = models.CharField(max_length=80, blank=True)
    room_name = LabelsField(_("room"), blank=True)
    room_slug = models.CharField(max_length=80, blank=True)
    people = models.JSONField(_("people"), default=list)
    appearing = models.JSONField(default=list, editable=False)  # keys of the same people, for letters to them
    status = models.CharField(_("status"), max_length=10, choices=Session.Status)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience)
    # A circle that is no more leaves nobody who may see it.
    circle = models.ForeignKey(Circle, models.SET_NULL, related_name="+", null=True)
    is_unattributed = models.BooleanField(default=False)  # the Chatham House Rule: `people` are not said
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

    @property
    def is_restricted(self) -> bool:
        return self.audience != Audience.PUBLIC

    @property
    def readership(self) -> tuple[str, int | None]:
        """Who may see it, to be compared."""
        return self.audience, self.circle_id

    @property
    def readers(self) -> str:
        """Who may see it, in words."""
        return str(self.circle or Audience(self.audience).label)

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

    def forget(self, erased: Person) -> None:
        """The person has been erased: they are not named any more, here and in the calendars."""
        people = [person for person in self.people if not person["name"].endswith(erased.name)]
        appearing = [key for key in self.appearing if key != erased.pk]
        if (people, appearing) != (self.people, self.appearing):
            self.appearing = appearing
            self.rewrite(people)

    def rewrite(self, people: list[dict[str, str]], **changes) -> None:
        """`people` are named from now on, here and in the calendars, whatever was published."""
        changes = {"people": people, "revised_at": timezone.now(), **changes}
        for name, value in changes.items():
            setattr(self, name, value)
        for language in LANGUAGES:
            setattr(self, f"vevent_{language}", ical.vevent(self.slot(language)))
        self.save(update_fields=[*changes, "appearing", *VEVENTS])
        if not self.is_restricted:
            Programme.objects.filter(pk=self.programme_id).update(changed_at=self.revised_at)

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
            description="\n\n".join(filter(None, self._description(language))),
            location=", ".join(filter(None, (self.room_name.in_language(language), venue))),
            url=f"{settings.SITE_URL}/{language}/events/{event.slug}/sessions/{self.guid}/",
            status=self.status,
            categories=tuple(filter(None, (self.track_name.in_language(language),))),
            language=language,
        )

    def _description(self, language: str) -> list[str]:
        told = [_names(self.people), "", self.abstract.in_language(language)]
        if self.interpretation:
            with override(language):
                heard = languages_heard(self.interpretation)
                told[1] = gettext("Interpretation: %(languages)s") % {"languages": heard}
        return told


def _frame(event: Event) -> dict[str, str]:
    """What the bytes of every VEVENT depend on beside the session itself."""
    venue = "; ".join(event.venue.place(language) for language in LANGUAGES) if event.venue else ""
    address = f"{settings.SITE_URL}/{event.slug}"
    return {"venue": venue, "timezone": event.timezone, "address": address, "zones": ical.TZDATA_VERSION}


def _seen_by_everybody(entries: "Iterable[ProgrammeEntry]") -> dict[uuid.UUID, datetime.datetime]:
    return {entry.guid: entry.revised_at for entry in entries if not entry.is_restricted}


def _differ(one: ProgrammeEntry, other: ProgrammeEntry, fields: Iterable[str]) -> bool:
    return any(getattr(one, field) != getattr(other, field) for field in fields)


def _names(people: list[dict[str, str]]) -> str:
    return ", ".join(person["name"] for person in people)
