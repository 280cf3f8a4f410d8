"""Appointment: what we put into one person's calendar of a session; Notice: that a letter about changes waits for them.

A publication leaves a notice for everybody whom it concerns. The letter is written once the notice is due, about
everything that is otherwise by then than what the person was told last: what was corrected meanwhile is never told.
"""

import logging
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from contacts.mail import LINK
from contacts.models import Message, Person
from contacts.models.dossier import records_of
from events import ical, mail
from events.models.change import Change, Kind, change, when
from events.models.event import Event
from events.models.invitation import Invitation, new_invitation_uid
from events.models.plan import PlanItem
from events.models.programme import VEVENTS, ProgrammeEntry

logger = logging.getLogger(__name__)
AN_HOUR = timedelta(hours=1)
Entries = Mapping[uuid.UUID, ProgrammeEntry]
LABELS = {
    Kind.ADDED: pgettext_lazy("to who appears in a session", "New for you"),
    Kind.CHANGED: pgettext_lazy("to who has a session", "Moved"),
    Kind.DROPPED: pgettext_lazy("to who has a session", "Does not take place"),
}


@dataclass(frozen=True)
class Concern:
    """What is otherwise for one person about one session, in words of the active language. `takes_place`, of one that
    is dropped for them: without them."""

    change: Change
    takes_place: bool = False

    @property
    def label(self) -> str:
        return str(_("Without you") if self.takes_place else LABELS[self.change.kind])

    @property
    def title(self) -> str:
        return str(self.change.entry.title)

    @property
    def now(self) -> str:
        return _where(self.change.entry)

    @property
    def before(self) -> str:
        """When and where it was to be, of what has moved."""
        return _where(self.change.before) if self.change.kind == Kind.CHANGED else ""


@dataclass
class Reader:
    """Somebody whom changes concern: what, and where a letter about it goes ("" : nowhere)."""

    person: Person
    concerns: list[Concern]
    invitation: Invitation | None

    @property
    def address(self) -> str:
        return (self.invitation.address if self.invitation else "") or self.person.address

    @property
    def language(self) -> str:
        return self.invitation.language if self.invitation else self.person.language


class AppointmentQuerySet(models.QuerySet):
    def erase(self) -> None:
        """Nothing of it stays, and what was published of these sessions names the person no longer, in no version."""
        for row in self.select_related("person"):
            rows = ProgrammeEntry.objects.filter(programme__event=row.event_id, guid=row.guid)
            for entry in rows.select_related("programme__event__venue__country"):
                entry.forget(row.person)
        self.delete()

    def in_calendars(self):
        """Those that we have put into a calendar and not taken out."""
        return self.exclude(sent_at=None).exclude(told=None)

    def whole(self):
        """With what the person was told, but for the bytes of feeds."""
        return self.select_related("told").defer(*(f"told__{name}" for name in VEVENTS))

    def known_at(self, event: Event) -> "list[Appointment]":
        """Those of `event` with what was told; versions and event are read once."""
        versions = {one.pk: one for one in event.programmes.all()}
        rows = list(self.whole())
        for row in rows:
            if row.told:
                row.told.programme = versions[row.told.programme_id]
                row.told.programme.event = event
        return rows


class AppointmentManager(models.Manager.from_queryset(AppointmentQuerySet)):
    def outlook(self, before: Entries, after: Entries) -> list[Reader]:
        """Whom it concerns that a programme is `after` and no more `before`, and what. Called on an event."""
        known = _Knowledge(self.instance, before, after)
        return _readers(
            self.instance, {person: [one for _guid, one in rows] for person, rows in known.concerns.items()}
        )

    def told_with_the_event(self) -> list[Person]:
        """Those who hear that an event has moved, and need no letter that the programme moves along: nothing of it is
        in their calendar by our mail, and nothing else waits to be told to them. Called on an event."""
        event = self.instance
        hear = Person.objects.filter(pk__in=event.invitations.expecting().values("person"))
        hear = hear.exclude(pk__in=self.in_calendars().values("person"))
        return list(hear.exclude(pk__in=event.notices.values("person")))

    def follow(self, before: Entries, after: Entries, *, spare: Collection[Person] = ()) -> None:
        """See to it that people hear of the changes, but for those whom we `spare`, who are taken to know. Called on an
        event, in the transaction that publishes."""
        event = self.instance
        PlanItem.objects.settle(event, list(after.values()))
        if event.status == Event.Status.DRAFT:
            return
        known = _Knowledge(event, before, after)
        readers = _readers(event, {person: [] for person in known.concerns})
        told = {one.person.pk for one in readers if one.address} - {person.pk for person in spare}
        if event.is_cancelled:  # that letter goes of itself; this one takes out what we put into calendars
            told &= set(self.in_calendars().values_list("person", flat=True))
        rows = [
            known.appointment(person, guid, is_told=person in told)
            for person, concerns in known.concerns.items()
            for guid, _concern in concerns
        ]
        self.bulk_create([row for row in rows if row.pk is None], batch_size=200)
        self.bulk_update([row for row in rows if row.pk], ["told"], batch_size=200)
        event.notices.filter(person__in=known.concerns.keys() - told).delete()
        event.notices.put(told)


class Appointment(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="appointments")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="appointments")
    guid = models.UUIDField(db_index=True)  # of the session
    told = models.ForeignKey(
        ProgrammeEntry, models.SET_NULL, verbose_name=_("as they know it"), null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    uid = models.CharField(max_length=200, unique=True, default=new_invitation_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppointmentManager()

    class Meta:
        verbose_name = _("session in a calendar")
        verbose_name_plural = _("sessions in calendars")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "person", "guid"], name="appointment_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Of the session, as the person knows it, or else as it was published last."""
        published = ProgrammeEntry.objects.filter(programme__event=self.event_id, guid=self.guid)
        return str(self.told or published.order_by("-programme__version").first() or self.guid)

    @property
    def merge_company(self) -> tuple:
        """What we have put into their calendar stays with their seat and their invitation."""
        return ("event", self.event_id)

    def tell(self, concern: Concern, reader: Reader, at: datetime) -> tuple[bytes, str]:
        """The person is told `concern` now: the calendar object and its METHOD. SEQUENCE rises with each but the first
        that says something new."""
        entry, is_dropped = concern.change.entry, concern.change.kind == Kind.DROPPED
        self.sequence += bool(self.sent_at or concern.change.kind != Kind.ADDED)
        self.revised_at = self.sent_at = at
        self.told = None if is_dropped else entry
        self.save(update_fields=["sequence", "revised_at", "sent_at", "told"])
        slot = replace(entry.slot(reader.language), uid=self.uid, sequence=self.sequence, revised_at=at)
        attendee = ical.Address(reader.person.name, reader.address)
        if is_dropped:
            return ical.cancel(slot, self.event.organizer, attendee), "CANCEL"
        return ical.request(slot, self.event.organizer, attendee), "REQUEST"


class NoticeQuerySet(models.QuerySet):
    def due(self, now: datetime | None = None):
        return self.filter(due_at__lte=now or timezone.now())


class NoticeManager(models.Manager.from_queryset(NoticeQuerySet)):
    def put(self, people: Iterable[int]) -> None:
        """A letter waits for each of `people` (keys); one that waits already waits anew. Called on an event."""
        due_at = timezone.now() + settings.CALENDAR_UPDATE_DELAY
        rows = [Notice(event=self.instance, person_id=key, due_at=due_at) for key in people]
        again = {"update_conflicts": True, "unique_fields": ["event", "person"], "update_fields": ["due_at"]}
        self.bulk_create(rows, batch_size=200, **again)

    def put_for(self, person: Person, guid: uuid.UUID) -> None:
        """The session is not in the plan of `person` any more: a letter waits where we have put it into their calendar.
        Called on an event."""
        if self.instance.appointments.in_calendars().filter(person=person, guid=guid).exists():
            self.put([person.pk])

    def work_off(self, now: datetime | None = None) -> int:
        """Write the letters that are due; returns how many. What two workers find is written once; one that cannot be
        written waits an hour, and keeps no other back."""
        count = 0
        for key in self.due(now).order_by("due_at", "pk").values_list("pk", flat=True):
            try:
                count += self._write(key, now)
            except Exception as error:  # no name in the logs
                logger.error("The letter of notice %s could not be written: %s", key, type(error).__name__)
                self.filter(pk=key).update(due_at=timezone.now() + AN_HOUR)
        return count

    @transaction.atomic
    def _write(self, key: int, now: datetime | None) -> bool:
        notice = self.due(now).select_for_update().filter(pk=key).first()
        if notice is None:
            return False
        is_written = notice.write()
        notice.delete()
        return is_written


class Notice(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="notices")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="notices")
    due_at = models.DateTimeField(_("due"), db_index=True)

    objects = NoticeManager()

    class Meta:
        verbose_name = _("waiting letter about the programme")
        verbose_name_plural = _("waiting letters about the programme")
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"

    @property
    def merge_company(self) -> tuple:
        return ("event", self.event_id)

    def write(self) -> bool:
        """Post the letter with everything that is otherwise than what the person was told; False where that is
        nothing, or nobody is there to read it."""
        readers = _readers(self.event, {self.person_id: []})
        if not readers or not readers[0].address:
            return False
        [reader] = readers
        told = self._concerns(reader.person)
        reader.concerns = [concern for _appointment, concern in told]
        if not told:
            return False
        now = timezone.now()
        objects = [appointment.tell(concern, reader, now) for appointment, concern in told]
        objects.sort(key=lambda one: one[1], reverse=True)  # requests first: the first is what programs look at
        letter = mail.programme_changed(self.event, reader, self._link(reader))
        letter = letter.with_calendar(b"".join(part for part, _method in objects), objects[0][1])
        Message.objects.post(reader.person, letter, address=reader.address, about=reader.invitation or self.event)
        return True

    def _concerns(self, person: Person) -> list[tuple[Appointment, Concern]]:
        rows = self.event.appointments.filter(person=person).known_at(self.event)
        programme, guids = self.event.programme, [row.guid for row in rows]
        asked = programme.entries.filter(guid__in=guids) if programme else ProgrammeEntry.objects.none()
        entries = {entry.guid: entry for entry in programme._known(asked)} if programme else {}
        seen = set(asked.visible_to(person).values_list("guid", flat=True))
        records = {one.pk for one in records_of(person)}
        marked = set(PlanItem.objects.of_person(person).filter(guid__in=guids).values_list("guid", flat=True))
        found = []
        for row in rows:
            entry = entries.get(row.guid)
            holds = row.guid in seen and (row.guid in marked or _named(entry, records))
            concern = _concern(row.told, entry, holds=holds)
            if concern and (row.sent_at or holds or entry is None or entry.is_cancelled or _named(row.told, records)):
                found.append((row, concern))  # else it was marked and taken out before we ever wrote of it
        return sorted(found, key=lambda one: (one[1].change.entry.starts_at, one[0].pk))

    def _link(self, reader: Reader) -> str:
        """To the reader's plan, behind their own link; of who has none, to the programme."""
        if reader.invitation:
            return f"{LINK}plan/"
        with override(reader.language):
            return settings.SITE_URL + reverse("events:event_programme", args=[self.event.slug])


class _Knowledge:
    """What people know of a programme, and what of it concerns them."""

    def __init__(self, event: Event, before: Entries, after: Entries):
        self.event, self.before, self.after = event, before, after
        marked = PlanItem.objects.filter(registration__event=event, registration__state="CONFIRMED", waits=False)
        self.marked = set(marked.values_list("registration__person", "guid"))
        self.appointments = {(row.person_id, row.guid): row for row in event.appointments.known_at(event)}

    @cached_property
    def appeared(self) -> set[tuple[int, uuid.UUID]]:
        return self._appearing(self.before)

    @cached_property
    def appears(self) -> set[tuple[int, uuid.UUID]]:
        return self._appearing(self.after)

    @cached_property
    def concerns(self) -> dict[int, list[tuple[uuid.UUID, Concern]]]:
        """Person (key) -> what concerns them, by session, in the order of the programme."""
        found: dict[int, list[tuple[uuid.UUID, Concern]]] = {}
        for who in self.marked | self.appeared | self.appears | self.appointments.keys():
            holds = who in self.marked or who in self.appears
            if concern := _concern(self.known(who), self.after.get(who[1]), holds=holds):
                found.setdefault(who[0], []).append((who[1], concern))
        for rows in found.values():
            rows.sort(key=lambda row: (row[1].change.entry.starts_at, row[0]))
        return found

    def known(self, who: tuple[int, uuid.UUID]) -> ProgrammeEntry | None:
        """The session as the person knows it: as we told them, or else as it was published."""
        if who in self.appointments:
            return self.appointments[who].told
        return self.before.get(who[1]) if who in self.marked or who in self.appeared else None

    def appointment(self, person: int, guid: uuid.UUID, *, is_told: bool) -> Appointment:
        """The person's, a new one where there is none; who is not told is taken to know."""
        who = (person, guid)
        holds = who in self.marked or who in self.appears
        row = self.appointments.get(who) or Appointment(
            event=self.event, person_id=person, guid=guid, told=self.known(who)
        )
        if not is_told:
            entry = self.after.get(guid)
            row.told = entry if holds and entry and not entry.is_cancelled else None
        return row

    def _appearing(self, entries: Entries) -> set[tuple[int, uuid.UUID]]:
        pairs = [(key, guid) for guid, entry in entries.items() for key in entry.appearing]
        now = _standing({key for key, _guid in pairs})
        return {(now.get(key, key), guid) for key, guid in pairs}


def _standing(keys: set[int]) -> dict[int, int]:
    """Record -> the one that it was merged into, of those that were."""
    merged = dict(Person.everyone.filter(pk__in=keys).exclude(merged_into=None).values_list("pk", "merged_into"))
    further = _standing(set(merged.values())) if merged else {}
    return {key: further.get(into, into) for key, into in merged.items()}


def _concern(known: ProgrammeEntry | None, entry: ProgrammeEntry | None, *, holds: bool) -> Concern | None:
    """What somebody is to be told who knows a session as `known`, and `holds` it now, or does not."""
    found = change(known, entry if holds else None)
    if found is None or max(one.ends_at for one in (known, entry) if one) < timezone.now():
        return None  # or over
    if found.kind == Kind.DROPPED:  # as they know it: what it has become since may not be for them
        return Concern(Change(Kind.DROPPED, known, known), takes_place=entry is not None and not entry.is_cancelled)
    if found.kind == Kind.ADDED:
        return Concern(found)
    venues = {one.programme.frame.get("venue") for one in (known, entry)}
    return Concern(found) if found.is_move or len(venues) > 1 else None


def _readers(event: Event, concerns: Mapping[int, list[Concern]]) -> list[Reader]:
    """The people (keys) who are there to read it, by name."""
    people = Person.objects.filter(pk__in=concerns).prefetch_related("emails")
    invited = {one.person_id: one for one in event.invitations.sent().filter(person__in=concerns)}
    return [Reader(person, concerns[person.pk], invited.get(person.pk)) for person in people]


def _named(entry: ProgrammeEntry | None, records: set[int]) -> bool:
    """Whether a person, of whom these are the `records`, appears there."""
    return entry is not None and not records.isdisjoint(entry.appearing)


def _where(entry: ProgrammeEntry) -> str:
    return " · ".join(filter(None, (when(entry), str(entry.room_name))))
