"""How a programme from a file becomes the sessions of an event.

A programme is small and read whole before anything is written, so it is taken in one transaction: all of it or nothing.
What staff did to it since the last time stays: names that they corrected, translations, roles, colours, cancellations.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from contacts.models import MatchKey, Person
from contacts.names import given_and_family, honorific_in
from events import ical
from events.models.audience import Audience
from events.models.difference import Foreseen, SessionDifference, facts_of
from events.models.event import Event
from events.models.venue import Room, Venue
from events.programme_formats import (
    Schedule,
    ScheduledPerson,
    ScheduledSession,
    ScheduledTrack,
    Wording,
    paragraphs,
    words,
)
from network.labels import Labels
from network.models.intake import Entry, count, in_batches, put, too_long, write
from network.names import fold
from network.sheets import Refusal, Tally

LANGUAGES = dict(settings.LANGUAGES)
# The colours of tracks as their names mean them in CSS.
COLORS = {
    "steelblue": 0x4682B4,
    "teal": 0x008080,
    "seagreen": 0x2E8B57,
    "olive": 0x808000,
    "goldenrod": 0xDAA520,
    "darkorange": 0xFF8C00,
    "indianred": 0xCD5C5C,
    "mediumvioletred": 0xC71585,
    "rebeccapurple": 0x663399,
    "slateblue": 0x6A5ACD,
    "slategray": 0x708090,
    "saddlebrown": 0x8B4513,
}


class SessionManager(models.Manager):
    @transaction.atomic
    def take_schedule(
        self, event: Event, schedule: Schedule, *, by=None, drops: bool = False, foreseen: Foreseen | None = None
    ) -> Tally:
        """Take the sessions of `schedule` into `event`; see `Event.take_schedule`."""
        intake = self._intake(event, schedule, drops=drops)
        if foreseen is not None and intake.differences != foreseen.differences:
            raise ValidationError(_("The programme has changed since this was compared. Compare it again, and look."))
        tally = intake.tally
        if tally.created or tally.changed or intake.dropped:
            counts = {"created": tally.created, "changed": tally.changed, "refused": len(tally.refused)}
            more = {"dropped": intake.dropped} if intake.dropped else {}
            log(event, "events.programme.import", user=by, data={**counts, **more})
        return tally

    def foresee(self, event: Event, schedule: Schedule) -> Foreseen:
        """What `take_schedule` would do: it is done, told, and not kept."""
        with transaction.atomic():
            intake = self._intake(Event.objects.get(pk=event.pk), schedule, drops=False)
            transaction.set_rollback(True)
        return Foreseen(intake.tally, intake.differences)

    def _intake(self, event: Event, schedule: Schedule, *, drops: bool) -> "ScheduleIntake":
        if event.is_cancelled:
            raise ValidationError(_("This event has been cancelled."))
        if schedule.ends_on < schedule.starts_on:
            raise ValidationError(_("An event cannot end before it starts."))
        intake = ScheduleIntake(event, schedule, self.model)
        intake.take(drops=drops)
        return intake


class ScheduleIntake:
    fields = ("title", "abstract", "kind", "language", "room", "track", "starts_at", "ends_at", "reference")
    fields += ("status", "audience", "circle")

    def __init__(self, event: Event, schedule: Schedule, model: type[models.Model]):
        self.event, self.schedule, self.model = event, schedule, model
        self.appearance = model._meta.get_field("appearances").related_model
        self.track = Event._meta.get_field("tracks").related_model
        self.tally = Tally(refused=list(schedule.refused))
        self.differences: list[SessionDifference] = []
        self.dropped = 0
        for sentence in schedule.ignored:
            self._note(sentence)

    def take(self, *, drops: bool) -> None:
        self.known = self._known()
        fit = [scheduled for scheduled in self.schedule.sessions if self._accept(scheduled)]
        self._take_frame()
        self.rooms = self._rooms(dict.fromkeys(scheduled.room for scheduled in fit if scheduled.room))
        self.tracks = self._tracks(dict.fromkeys(scheduled.track for scheduled in fit if scheduled.track))
        self.people = self._people(dict.fromkeys(person for scheduled in fit for person in scheduled.persons))
        self.origins = {_origin(person.reference) for person in self.people if person.reference}
        self.appearing = self._appearing()
        entries = [self._entry(scheduled) for scheduled in fit]
        write(self.model, entries, self.fields)
        count(self.tally, entries)
        self._part_with_what_is_gone(drops=drops)
        self._note_days(fit)

    def _known(self) -> dict[UUID, models.Model]:
        """The sessions of the event, and those of others that the file speaks of."""
        guids = [scheduled.guid for scheduled in self.schedule.sessions]
        sessions = self.model.objects.filter(Q(event=self.event) | Q(guid__in=guids)).select_related(
            "event", "room", "track"
        )
        return {session.guid: session for session in sessions}

    def _accept(self, scheduled: ScheduledSession) -> bool:
        if reason := self._objection(scheduled):
            self.tally.refused.append(Refusal(0, reason, _place(scheduled)))
        return not reason

    def _objection(self, scheduled: ScheduledSession) -> str:
        session = self.known.get(scheduled.guid)
        if session and session.event_id != self.event.pk:
            return _("It is in the programme of “%(event)s” already.") % {"event": session.event}
        for name in ("status", "audience"):
            code, choices = getattr(scheduled, name), dict(self.model._meta.get_field(name).choices)
            if code and code not in choices:
                told = {"text": code, "choices": ", ".join(map(str, choices.values()))}
                return _("“%(text)s” is none of these: %(choices)s.") % told
        if scheduled.audience == Audience.CIRCLE and not (session and session.circle_id):
            return _("Which circle may see it is chosen in the form of the session; a file cannot say it.")
        texts = {name: getattr(scheduled, name) for name in ("kind", "language", "reference")}
        long = (too_long(Person, reference=person.reference) for person in scheduled.persons)
        return too_long(self.model, **texts) or next(filter(None, long), "")

    # -- the event, its venue, rooms and tracks

    def _take_frame(self) -> None:
        event, schedule = self.event, self.schedule
        is_blank = event.status == Event.Status.DRAFT and not any(s.event_id == event.pk for s in self.known.values())
        if is_blank:
            frame = {name: getattr(schedule, name) for name in ("timezone", "day_starts_at", "starts_on", "ends_on")}
            if put(event, **frame):
                event.save(update_fields=[*frame])
        elif schedule.timezone != event.timezone:
            sentence = _("The file is in the time zone %(zone)s, and the event in %(own)s.")
            self._note(sentence % {"zone": schedule.timezone, "own": event.timezone})

    def _venue(self) -> Venue:
        """The event's venue, or else one of the name and city in the file, which becomes the event's."""
        if self.event.venue is None:
            self.event.venue = self._known_venue() or Venue.objects.create(
                name=Labels.of(self.schedule.venue or str(self.event)), city=self.schedule.city[:100]
            )
            self.event.revised_at = timezone.now()  # what a calendar shows has changed
            self.event.save(update_fields=["venue", "revised_at"])
        return self.event.venue

    def _known_venue(self) -> Venue | None:
        venues = Venue.objects.filter(city=self.schedule.city[:100]).order_by("pk")
        return _by_name(venues).get(fold(self.schedule.venue)) if self.schedule.venue else None

    def _rooms(self, names: Iterable[str]) -> dict[str, Room]:
        if not names:
            return {}
        venue = self._venue()
        known = _by_name(venue.rooms.all())
        for name in names:
            if fold(name) not in known:
                known[fold(name)] = Room.objects.create(venue=venue, name=Labels.of(name), position=len(known))
        return {name: known[fold(name)] for name in names}

    def _tracks(self, names: Iterable[str]) -> dict[str, Any]:
        """Tracks are known by name, or by the slug in the file where staff corrected the name."""
        tracks = list(self.event.tracks.all())
        known, wanted = _by_name(tracks), {fold(name) for name in names}
        renamed = {track.slug: track for track in tracks if wanted.isdisjoint(_by_name([track]))}
        described = {track.name: track for track in self.schedule.tracks}
        slugs = {track.slug for track in tracks}
        for name in names:
            if fold(name) not in known:
                track = described.get(name) or ScheduledTrack(name, slugify(fold(name)) or "track")
                known[fold(name)] = renamed.get(track.slug) or self._new_track(track, len(known), slugs)
        return {name: known[fold(name)] for name in names}

    def _new_track(self, track: ScheduledTrack, position: int, slugs: set[str]):
        slug = _free(track.slug, slugs)
        slugs.add(slug)
        color = nearest_color(track.color) or list(COLORS)[position % len(COLORS)]
        return self.track.objects.create(
            event=self.event, name=Labels.of(track.name), slug=slug, color=color, position=position
        )

    # -- people

    def _people(self, named: Iterable[ScheduledPerson]) -> dict[ScheduledPerson, Person]:
        """Who they are: known by reference, or without one by the name among those who appear in the event. The others
        are new."""
        references = {
            person.reference: person.standing
            for batch in in_batches(person.reference for person in named if person.reference)
            for person in Person.everyone.filter(reference__in=batch).select_related("merged_into")
        }
        speakers = Person.objects.filter(appearances__session__event=self.event).order_by("-pk").distinct()
        names: dict[str, Person] = {}
        for spell in (_addressed, _called):  # the name itself before what is one with an honorific
            for person in speakers:
                names |= dict.fromkeys(spell(person), person)
        new, found = [], {}
        for scheduled in sorted(named, key=lambda person: not person.reference):  # a name alone may be one of theirs
            known, keys = (references, [scheduled.reference]) if scheduled.reference else (names, _spelled(scheduled))
            key = next((key for key in keys if key in known), keys[0])
            if key not in known:
                known[key] = _person(scheduled)
                new.append(known[key])
            found[scheduled] = known[key]
            for name in _spelled(scheduled):
                names.setdefault(name, known[key])
        Person.objects.bulk_create(new)
        MatchKey.objects.renew(new)
        return found

    def _appearing(self) -> dict[int, list]:
        """The appearances in each session of the event, as we know them."""
        found = defaultdict(list)
        for appearance in self.appearance.objects.filter(session__event=self.event).select_related("person"):
            found[appearance.session_id].append(appearance)
        return found

    def _who(self, scheduled: ScheduledPerson, there: list) -> Person:
        """Of two people of one name, the one who appears in the session already."""
        if not scheduled.reference:
            for person in (appearance.person for appearance in there):
                if not {*_called(person), *_addressed(person)}.isdisjoint(_spelled(scheduled)):
                    return person
        return self.people[scheduled]

    # -- sessions

    def _entry(self, scheduled: ScheduledSession) -> Entry:
        row = self.known.get(scheduled.guid)
        is_new = row is None
        if row is None:
            uid = ical.session_uid(scheduled.guid, settings.CALENDAR_NAMESPACE)
            row = self.model(event=self.event, guid=scheduled.guid, uid=uid)
        there, before = self.appearing[row.pk], facts_of(row, self.event)
        people = dict.fromkeys((self._who(person, there), person.role) for person in scheduled.persons)
        parts = [
            self.appearance(session=row, person=person, position=position, **({"role": role} if role else {}))
            for position, (person, role) in enumerate(people)
            if not any(one.person == person and role in ("", one.role) for one in there)
        ]
        if not row.is_unattributed:  # no file names who appears there
            self._note_speakers(scheduled, there, {person for person, _role in people})
        if row.is_unscheduled:
            self._note(
                _("It waits beside the board still, and is not published: put it on the board."), _place(scheduled)
            )
        differs = self._put(row, scheduled) or bool(parts)
        if differs or is_new:
            added = [str(part.person) for part in parts]
            what = "NEW" if is_new else "CHANGED"
            self.differences.append(SessionDifference.of(what, row, self.event, scheduled.place, before, added))
        return Entry(scheduled, row, is_new, differs, parts)

    def _put(self, row, scheduled: ScheduledSession) -> bool:
        """Give `row` what the file says; whether any of it was new."""
        title, abstract = row.title, row.abstract
        for wording in scheduled.wordings or (self._wording(scheduled),):
            title = _said(title, wording.language, wording.title, words)
            abstract = _said(abstract, wording.language, wording.abstract, paragraphs)
        if scheduled.audience not in ("", Audience.CIRCLE):
            row.circle = None
        return put(
            row,
            title=title,
            abstract=abstract,
            kind=row.kind if words(row.kind) == scheduled.kind else scheduled.kind,
            language=row.language if row.language.lower() == scheduled.language else scheduled.language,
            room=_kept(row.room, scheduled.room) or self.rooms.get(scheduled.room),
            track=_kept(row.track, scheduled.track) or self.tracks.get(scheduled.track),
            starts_at=scheduled.starts_at,
            ends_at=scheduled.ends_at,
            reference=scheduled.reference,
            status=scheduled.status,
            audience=scheduled.audience,
        )

    def _wording(self, scheduled: ScheduledSession) -> Wording:
        texts = dict.fromkeys(filter(None, (scheduled.subtitle, scheduled.abstract, scheduled.description)))
        return Wording(_house_language(scheduled.language), scheduled.title, "\n\n".join(texts))

    # -- what there is to say

    def _note(self, reason: str, place: str = "") -> None:
        self.tally.notes.append(Refusal(0, reason, place or _("the programme")))

    def _note_speakers(self, scheduled: ScheduledSession, there: list, said: set[Person]) -> None:
        """Of those who came from where the file comes from; whom staff added, the file cannot know."""
        for person in dict.fromkeys(appearance.person for appearance in there):
            is_from_here = bool(person.reference) and _origin(person.reference) in self.origins
            if person not in said and (is_from_here or self.schedule.is_whole):
                sentence = _("%(name)s is not in the file any more, and still appears in the session.")
                self._note(sentence % {"name": person.name}, _place(scheduled))

    def _part_with_what_is_gone(self, *, drops: bool) -> None:
        """Sessions that the file should hold and does not, not even to be refused: they stay, or are cancelled where it
        `drops` them."""
        there = {*self.schedule.unreadable, *(scheduled.guid for scheduled in self.schedule.sessions)}
        for session in self.known.values():
            is_from_here = session.reference.startswith(f"{self.schedule.acronym}:") or self.schedule.is_whole
            is_gone = session.event_id == self.event.pk and session.guid not in there and session.status != "CANCELLED"
            if session.is_unscheduled or not (is_gone and is_from_here):  # what waits is in no file
                continue
            self.differences.append(SessionDifference.of("GONE", session, self.event))
            if drops:
                session.status = "CANCELLED"
                session.save(update_fields=["status"])
                self.dropped += 1
            else:
                sentence = _("“%(title)s” is not in the file any more; it stays in the programme.")
                self._note(sentence % {"title": session.title}, _place(session))

    def _note_days(self, fit: list[ScheduledSession]) -> None:
        event = self.event
        outside = [one for one in fit if not event.starts_on <= event.day_of(one.starts_at) <= event.ends_on]
        for scheduled in outside:
            self._note(_("It is outside the days of the event."), _place(scheduled))


# -- pieces


def nearest_color(text: str) -> str:
    """The colour of tracks that looks most like `text` (#rrggbb or #rgb); "" where that is no colour."""
    digits = text.strip().removeprefix("#")
    if not re.fullmatch("[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits):
        return ""
    wanted = int(digits if len(digits) == 6 else "".join(digit * 2 for digit in digits), 16)
    return min(COLORS, key=lambda name: _distance(COLORS[name], wanted))


def _distance(one: int, other: int) -> int:
    return sum(((one >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (16, 8, 0))


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """Folded name in any language -> row."""
    return {fold(words(text)): row for row in rows for text in row.name.values()}


def _kept(row: Any, name: str) -> Any:
    """The room or track itself where `name` is one of its names; of two of one name it stays the same."""
    return row if row and fold(name) in _by_name([row]) else None


def _said(labels: Labels, language: str, text: str, normal: Callable[[str], str]) -> Labels:
    """`labels` with `text`, unless that is what they say in `language` already."""
    if not text or normal(labels.in_language(language)) == text:
        return labels
    return Labels.of({**labels, language: text})


def _free(slug: str, taken: set[str]) -> str:
    """`slug`, as short as it must be, and with a number where it is taken."""
    tries = (slug[:80] if n == 1 else f"{slug[:75]}-{n}" for n in itertools.count(1))
    return next(free for free in tries if free not in taken)


def _names(scheduled: ScheduledPerson) -> tuple[str, str]:
    given, family = given_and_family(scheduled.name)
    return given[:150], family[:150]


def _spelled(scheduled: ScheduledPerson) -> list[str]:
    """As we would write the name, and as the file does."""
    return [_folded(" ".join(_names(scheduled))), _folded(scheduled.name)]


def _called(person: Person) -> list[str]:
    return [_folded(person.name)]


def _addressed(person: Person) -> list[str]:
    """With the honorific, as programmes have it in one language or another."""
    return [_folded(f"{honorific_in(code, person.honorific)} {person.name}") for code in LANGUAGES]


def _folded(name: str) -> str:
    return fold(words(name).replace(";", ","))  # which stands between two names in a table


def _person(scheduled: ScheduledPerson) -> Person:
    given, family = _names(scheduled)
    person = Person(given_name=given, family_name=family, reference=scheduled.reference or None)
    person.search_text = person.spell(())
    return person


def _origin(reference: str) -> str:
    return reference.rpartition(":")[0]


def _place(one) -> str:
    """Where in the file it stands, or did: of a scheduled session, or of one of ours."""
    return getattr(one, "place", "") or _("session %(id)s") % {"id": one.reference.rpartition(":")[2] or one.guid}


def _house_language(code: str) -> str:
    """The language of the house that a text in `code` is kept under."""
    language = code.split("-")[0]
    return language if language in LANGUAGES else settings.LANGUAGE_CODE
