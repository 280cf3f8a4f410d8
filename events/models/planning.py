"""Planning: what in the draft of a programme cannot be, or should not be, and how much each kind of it weighs for an
event. Nothing is published over what blocks."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from contacts.models import Person
from events.conflicts import Conflict, Slot, conflicts
from events.conflicts import Kind as ConflictKind

if TYPE_CHECKING:
    from events.models.session import Session

MOST_NAMED = 3  # blockers that a refusal names
FOR_ALL = ("Plenary", "Keynote")  # kinds of sessions to which everybody with a seat in the room comes


class Weight(models.TextChoices):
    BLOCK = "BLOCK", gettext_lazy("Nothing is published over it")
    WARN = "WARN", gettext_lazy("It is shown")
    IGNORE = "IGNORE", gettext_lazy("It is left out")


KINDS = {
    ConflictKind.ROOM: gettext_lazy("Two sessions in one room"),
    ConflictKind.PERSON: gettext_lazy("Somebody at two places"),
    ConflictKind.INTERPRETER: gettext_lazy("An interpreter at two places"),
    ConflictKind.CHANGEOVER: gettext_lazy("Too little time between two sessions in a room"),
    ConflictKind.CAPACITY: gettext_lazy("More people than the room holds"),
    ConflictKind.CLOSED_DAY: gettext_lazy("Not on a day of the event"),
    ConflictKind.CLOCK: gettext_lazy("At an hour at which the clocks change"),
}


@dataclass(frozen=True)
class Finding:
    """A conflict with the rows that it is about."""

    kind: ConflictKind
    weight: Weight
    session: "Session"
    other: "Session | None" = None
    person: Person | None = None

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def where(self) -> str:
        """In which room, or who."""
        if self.person:
            return str(self.person)
        return str(self.session.room or "") if self.kind in ("ROOM", "CHANGEOVER", "CAPACITY") else ""

    def __str__(self) -> str:
        titles = [str(one) for one in (self.session, self.other) if one]
        return f"{self.label}: {' · '.join(filter(None, (self.where, *titles)))}"


class Planned(models.Model):
    """What an event has to do with conflicts."""

    changeover = models.PositiveSmallIntegerField(
        gettext_lazy("minutes between two sessions in a room"), default=0, validators=[MaxValueValidator(240)]
    )
    conflict_weights = models.JSONField(
        default=dict, blank=True, editable=False
    )  # kind -> Weight, where it is not WARN

    class Meta:
        abstract = True

    def weight_of(self, kind: str) -> Weight:
        return Weight(self.conflict_weights.get(kind, Weight.WARN))

    def conflicts(self) -> list[Finding]:
        """What is wrong with the sessions as they are now, but for what is left out; what blocks first. The same few
        queries however many sessions there are."""
        rows = self.sessions.exclude(status="CANCELLED").select_related("room").prefetch_related("appearances__person")
        sessions = {session.pk: session for session in rows}
        expected = self.registrations.confirmed().filter(place="ROOM").count()
        slots = [self._slot(session, expected) for session in sessions.values()]
        people = {one.person_id: one.person for session in sessions.values() for one in session.appearances.all()}
        found = [self._finding(one, sessions, people) for one in conflicts(slots, 60 * self.changeover)]
        kept = [one for one in found if one.weight != Weight.IGNORE]
        return sorted(kept, key=lambda one: one.weight != Weight.BLOCK)

    @transaction.atomic
    def weigh(self, weights: dict[str, str], changeover: int, *, by) -> None:
        """Say how much each kind of conflict weighs, and how many minutes a room needs between two sessions."""
        self._hold()
        self.conflict_weights = {kind: weight for kind, weight in weights.items() if weight != Weight.WARN}
        self.changeover = changeover
        self.save(update_fields=["conflict_weights", "changeover"])
        log(self, "events.event.weigh", user=by, data={"weights": self.conflict_weights, "changeover": changeover})

    def guard_conflicts(self) -> None:
        """Raises ValidationError, with the first of them, where something blocks."""
        blockers = [one for one in self.conflicts() if one.weight == Weight.BLOCK]
        if blockers:
            told = [str(one) for one in blockers[:MOST_NAMED]]
            if more := len(blockers) - len(told):
                told.append(_("and %(count)d more") % {"count": more})
            raise ValidationError([_("The programme has conflicts and cannot be published."), *told])

    def _slot(self, session: "Session", expected: int) -> Slot:
        seen = list(session.appearances.all())
        room = session.room
        return Slot(
            key=session.pk,
            starts=session.starts_at.timestamp(),
            ends=session.ends_at.timestamp(),
            room=session.room_id,
            people=frozenset(one.person_id for one in seen if one.role != "INTERPRETER"),
            interpreters=frozenset(one.person_id for one in seen if one.role == "INTERPRETER"),
            expected=expected if session.kind in FOR_ALL else None,
            capacity=room.capacity if room else None,
            is_on_a_day=self.starts_on <= self.day_of(session.starts_at) <= self.ends_on,
            is_clear_of_the_clocks=not any(_changes(one, self.zone) for one in (session.starts_at, session.ends_at)),
        )

    def _finding(self, one: Conflict, sessions: dict[int, "Session"], people: dict[int, Person]) -> Finding:
        other = sessions[one.other] if one.other else None
        person = people[one.who] if one.who else None
        return Finding(one.kind, self.weight_of(one.kind), sessions[one.key], other, person)


def _changes(moment: datetime.datetime, zone: datetime.tzinfo) -> bool:
    """Whether the clocks of the place show the hour of `moment` twice, or have just leapt over one."""
    local = moment.astimezone(zone)
    around = (moment + datetime.timedelta(minutes=minutes) for minutes in (-60, 60))
    offsets = {one.astimezone(zone).utcoffset() for one in around} | {local.utcoffset()}
    return len(offsets) > 1
