"""Board: how the draft of a programme is arranged. A session has a Spot, a Move takes it from one to another, and
nobody moves what another has moved meanwhile. Each tool gives back its moves, so that they can be taken back."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from events.models.again import copied

if TYPE_CHECKING:
    from events.models.session import Session

LONGEST = datetime.timedelta(hours=24)
PLACED = ("starts_at", "ends_at", "room", "is_unscheduled")  # of a session, and so of a spot


@dataclass(frozen=True, slots=True)
class Spot:
    """When a session takes place and where: `room` is the key of one, None all over the house. What is unscheduled
    keeps its hours and its room as a wish."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: int | None
    is_unscheduled: bool = False

    @classmethod
    def of(cls, session: "Session") -> "Spot":
        return cls(session.starts_at, session.ends_at, session.room_id, session.is_unscheduled)

    @property
    def length(self) -> datetime.timedelta:
        return self.ends_at - self.starts_at

    def later(self, by: datetime.timedelta) -> "Spot":
        return Spot(self.starts_at + by, self.ends_at + by, self.room, self.is_unscheduled)

    def as_told(self) -> list:
        """As the script of the board knows it: from and until in seconds since 1970."""
        return [self.starts_at.timestamp(), self.ends_at.timestamp(), self.room, self.is_unscheduled]

    def as_data(self) -> list:
        return [self.starts_at.isoformat(), self.ends_at.isoformat(), self.room, self.is_unscheduled]


@dataclass(frozen=True, slots=True)
class Move:
    """That the session `key` goes from one place to another; it is refused where it is not there any more."""

    key: int
    was: Spot
    to: Spot


class Stale(ValidationError):
    """Somebody else has moved one of `keys` meanwhile, or taken it away."""

    def __init__(self, keys: list[int]):
        super().__init__(_("Somebody else has changed this meanwhile. Nothing was moved."))
        self.keys = keys


class Arranged(models.Model):
    """What can be done with the sessions of an event on its board, as far as the one who does it sees them. Each verb
    raises ValidationError where it makes no sense, and writes all or nothing."""

    class Meta:
        abstract = True

    @transaction.atomic
    def arrange(self, moves: Iterable[Move], *, by) -> list[Move]:
        """Make `moves`; raises Stale, with nothing moved, where one of them begins where its session is not."""
        moves = list(moves)
        sessions = self._sessions(by, [move.key for move in moves])
        stale = [move.key for move in moves if move.key not in sessions or Spot.of(sessions[move.key]) != move.was]
        if stale:
            raise Stale(stale)
        return self._make(moves, sessions, "move", by)

    @transaction.atomic
    def shift_after(self, session: int, by_minutes: int, *, everywhere: bool, by) -> list[Move]:
        """Put the session with that key, and what begins after it on the same day in its room (`everywhere`: in the
        whole house), so many minutes later, or earlier where they are negative."""
        first = self._one(by, session)
        there = self._on_day(by, self.day_of(first.starts_at))
        after = [
            one for one in there if one.starts_at >= first.starts_at and (everywhere or one.room_id == first.room_id)
        ]
        if first not in after:
            raise ValidationError(_("This session does not take place yet: put it on the board first."))
        delta = datetime.timedelta(minutes=by_minutes)
        moves = [Move(one.pk, Spot.of(one), Spot.of(one).later(delta)) for one in after]
        return self._make(moves, {one.pk: one for one in after}, "shift", by)

    @transaction.atomic
    def swap(self, one: int, other: int, *, by) -> list[Move]:
        """Put each of two sessions (keys) where the other begins; each keeps its length."""
        first, second = (self._one(by, key) for key in (one, other))
        if first == second:
            raise ValidationError(_("Choose two sessions to swap."))
        moves = [_into(first, Spot.of(second)), _into(second, Spot.of(first))]
        return self._make(moves, {first.pk: first, second.pk: second}, "swap", by)

    @transaction.atomic
    def fit(self, room: int, day: datetime.date, *, by) -> list[Move]:
        """Let nothing overlap in a room (key) on a day: in their order, each begins at its hour or, where what is
        before it is not over, as soon as it is, with the minutes that a room needs between two."""
        pause, until, moves = datetime.timedelta(minutes=self.changeover), None, []
        there = [one for one in self._on_day(by, day) if one.room_id == room]
        for session in there:
            was = Spot.of(session)
            to = was.later(until - was.starts_at) if until and was.starts_at < until else was
            until = to.ends_at + pause
            if to != was:
                moves.append(Move(session.pk, was, to))
        if not moves:
            raise ValidationError(_("Nothing overlaps in this room on this day."))
        return self._make(moves, {one.pk: one for one in there}, "fit", by)

    @transaction.atomic
    def duplicate_day(self, day: datetime.date, to: datetime.date, *, by, with_people: bool) -> list["Session"]:
        """Put a copy of what takes place on `day` at the same hours of the day `to`, in the same rooms."""
        self._guard()
        if day == to or not self.starts_on <= to <= self.ends_on:
            raise ValidationError(_("Choose another day of the event."))
        sessions = self._on_day(by, day)
        if not sessions:
            raise ValidationError(_("Nothing takes place on this day."))
        copies = [self._copied(session, to - day) for session in sessions]
        self.sessions.bulk_create(copies, batch_size=200)
        if with_people:
            pairs = zip(sessions, copies, strict=True)
            parts = [copied(one, session=copy) for session, copy in pairs for one in session.appearances.all()]
            self.sessions.model._meta.get_field("appearances").related_model.objects.bulk_create(parts, batch_size=500)
        sizes = dict(self.quotas.filter(session__in=sessions).exclude(size=None).values_list("session", "size"))
        self.quotas.bulk_create(
            self.quotas.model(event=self, session=copy, size=sizes[one.pk])
            for one, copy in zip(sessions, copies, strict=True)
            if one.pk in sizes
        )
        keys = [copy.pk for copy in copies]
        log(self, "events.event.duplicate_day", user=by, data={"from": day, "to": to, "sessions": keys})
        return copies

    @transaction.atomic
    def take_back(self, copies: dict[int, Spot], *, by) -> None:
        """Delete copies that a duplicated day has made (key -> where it is): while nobody has moved them, and none of
        them is published."""
        self._guard()
        sessions = self._sessions(by, copies)
        if stale := [key for key, was in copies.items() if key not in sessions or Spot.of(sessions[key]) != was]:
            raise Stale(stale)
        used = Q(entries__isnull=False) | Q(documents__isnull=False) | Q(minutes__isnull=False)
        if self.sessions.filter(used, pk__in=copies).exists():
            raise ValidationError(_("These sessions are published already, or have papers. Cancel them instead."))
        self.sessions.filter(pk__in=copies).delete()
        log(self, "events.event.take_copies_back", user=by, data={"sessions": list(copies)})

    # -- pieces

    def _guard(self) -> None:
        self._hold()
        if self.is_cancelled:
            raise ValidationError(_("A cancelled event cannot be planned any more."))

    def _sessions(self, by, keys: Iterable[int]) -> "dict[int, Session]":
        """Those of them that `by` sees, so that nobody else changes them until this is done."""
        self._guard()
        rows = self.sessions.visible_to(by).filter(pk__in=keys).select_for_update().order_by("pk")
        return {session.pk: session for session in rows}

    def _one(self, by, key: int) -> "Session":
        found = self._sessions(by, [key])
        if key not in found:
            raise Stale([key])
        return found[key]

    def _on_day(self, by, day: datetime.date) -> "list[Session]":
        """What takes place on `day`, in the order of time."""
        self._guard()
        begins = self.begins_at(day)
        rows = self.sessions.visible_to(by).taking_place().filter(starts_at__gte=begins)
        rows = rows.filter(starts_at__lt=self.begins_at(day + datetime.timedelta(days=1)))
        return list(rows.select_for_update().order_by("starts_at", "ends_at", "pk").prefetch_related("appearances"))

    @property
    def days(self) -> list[datetime.date]:
        """Its days, the first one first."""
        length = (self.ends_on - self.starts_on).days + 1
        return [self.starts_on + datetime.timedelta(days=number) for number in range(length)]

    def moment_at(self, day: datetime.date, time: datetime.time) -> datetime.datetime:
        """The hour of `day` of the programme: one before that day begins is in the night after it."""
        day += datetime.timedelta(days=time < self.day_starts_at)
        return datetime.datetime.combine(day, time, self.zone)

    def begins_at(self, day: datetime.date) -> datetime.datetime:
        """When `day` of the programme begins."""
        return datetime.datetime.combine(day, self.day_starts_at, self.zone)

    def _make(self, moves: list[Move], sessions: "dict[int, Session]", tool: str, by) -> list[Move]:
        moves = [move for move in moves if move.to != move.was]
        self._guard_spots([move.to for move in moves])
        for move in moves:
            session = sessions[move.key]
            session.starts_at, session.ends_at = move.to.starts_at, move.to.ends_at
            session.room_id, session.is_unscheduled = move.to.room, move.to.is_unscheduled
        if moves:
            changed = [
                name for name in PLACED if any(getattr(move.to, name) != getattr(move.was, name) for move in moves)
            ]
            self.sessions.bulk_update([sessions[move.key] for move in moves], changed, batch_size=200)
            told = [[move.key, move.was.as_data(), move.to.as_data()] for move in moves]
            log(self, "events.event.arrange", user=by, data={"tool": tool, "moves": told})
        return moves

    def _guard_spots(self, spots: list[Spot]) -> None:
        rooms = set(self.venue.rooms.values_list("pk", flat=True)) if self.venue else set()
        if {spot.room for spot in spots} - rooms - {None}:
            raise ValidationError(_("This room is not at the venue of the event."))
        if any(spot.length <= datetime.timedelta() for spot in spots):
            raise ValidationError(_("A session cannot end before it starts."))
        if any(spot.length > LONGEST for spot in spots):
            raise ValidationError(_("A session cannot be longer than a day."))

    def _copied(self, session: "Session", days: datetime.timedelta) -> "Session":
        new = type(session)()  # for an identity of its own
        times = {name: self.shift(getattr(session, name), days) for name in ("starts_at", "ends_at")}
        copy = copied(session, guid=new.guid, uid="", reference="", **times)
        copy.identify()
        return copy


def _into(session: "Session", spot: Spot) -> Move:
    """To where `spot` begins, as long as it is."""
    own = Spot.of(session)
    return Move(session.pk, own, Spot(spot.starts_at, spot.starts_at + own.length, spot.room, spot.is_unscheduled))
