"""Planning: what in the draft of a programme cannot be, or should not be, and how much each kind of it weighs for an
event. Nothing is published over what blocks."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from contacts.models import Person
from events.conflicts import Conflict, Gap, Rest, Slot, conflicts
from events.conflicts import Kind as ConflictKind
from network.labels import language_name

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
    ConflictKind.CLOSED_ROOM: gettext_lazy("In a room that is closed"),
    ConflictKind.AWAY: gettext_lazy("Somebody is not available"),
    ConflictKind.AUDIENCE: gettext_lazy("A room that is not for this audience"),
    ConflictKind.REST: gettext_lazy("An interpreter works too long without a pause"),
    ConflictKind.LANGUAGE: gettext_lazy("A language without a booth or an interpreter"),
}
IN_ROOMS = ("ROOM", "CHANGEOVER", "CAPACITY", "CLOSED_ROOM", "AUDIENCE")
# What is read of each session, of who is in it, and of absences.
OF_SESSIONS = (
    *("pk", "starts_at", "ends_at", "room_id", "room__capacity", "room__admits", "kind", "audience", "expected"),
    *("language", "interpreted_into"),
)
OF_PEOPLE = ("pk", "appearances__person_id", "appearances__role", "appearances__language")
OF_ABSENCES = ("starts_at", "ends_at", "room_id", "person_id")


@dataclass(frozen=True)
class Finding:
    """A conflict with the rows that it is about."""

    kind: ConflictKind
    weight: Weight
    session: "Session"
    other: "Session | None" = None
    person: Person | None = None
    language: str = ""

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def where(self) -> str:
        """In which room, who, or into which language."""
        if self.person or self.language:
            return str(self.person or language_name(self.language))
        return str(self.session.room or "") if self.kind in IN_ROOMS else ""

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
    interpreter_minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes that an interpreter may work without a pause"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(600)],
    )
    interpreter_pause = models.PositiveSmallIntegerField(
        gettext_lazy("minutes that are a pause"), default=15, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )

    class Meta:
        abstract = True

    def weight_of(self, kind: str) -> Weight:
        return Weight(self.conflict_weights.get(kind, Weight.WARN))

    def conflicts(self, among=None) -> list[Finding]:
        """What is wrong with the sessions as they are now, but for what is left out; what blocks first. `among`: a
        QuerySet of those that may be named, all of them where it is None. The same few queries however many sessions
        there are."""
        changeover, gaps, rest = 60 * self.changeover, self._gaps(), self._rest()
        found = [
            one for one in conflicts(self._slots(), changeover, gaps, rest) if self.weight_of(one.kind) != Weight.IGNORE
        ]
        if not found:
            return []
        rows = self.sessions.all() if among is None else among
        sessions = rows.select_related("room").in_bulk({key for one in found for key in (one.key, one.other) if key})
        people = Person.everyone.in_bulk({one.who for one in found if one.who})
        named = [one for one in found if one.key in sessions and (one.other is None or one.other in sessions)]
        findings = [self._finding(one, sessions, people) for one in named]
        return sorted(findings, key=lambda one: one.weight != Weight.BLOCK)

    @transaction.atomic
    def weigh(
        self,
        weights: dict[str, str],
        changeover: int,
        *,
        by,
        interpreter_minutes: int | None = None,
        interpreter_pause: int = 15,
    ) -> None:
        """Say how much each kind of conflict weighs, how many minutes a room needs between two sessions, and for how
        long an interpreter may work (None: for as long as need be) without how many minutes of pause."""
        self._hold()
        self.conflict_weights = {kind: weight for kind, weight in weights.items() if weight != Weight.WARN}
        rules = {
            "changeover": changeover,
            "interpreter_minutes": interpreter_minutes,
            "interpreter_pause": interpreter_pause,
        }
        for name, value in rules.items():
            setattr(self, name, value)
        self.save(update_fields=["conflict_weights", *rules])
        log(self, "events.event.weigh", user=by, data={"weights": self.conflict_weights, **rules})

    def guard_conflicts(self) -> None:
        """Raises ValidationError, with the first of them, where something blocks."""
        blockers = [one for one in self.conflicts() if one.weight == Weight.BLOCK]
        if blockers:
            told = [str(one) for one in blockers[:MOST_NAMED]]
            if more := len(blockers) - len(told):
                told.append(_("and %(count)d more") % {"count": more})
            raise ValidationError([_("The programme has conflicts and cannot be published."), *told])

    def _slots(self) -> list[Slot]:
        """The sessions that take place; read lean, for there may be a thousand."""
        there = self.sessions.taking_place().order_by()
        seen = defaultdict(list)
        for key, *part in there.exclude(appearances=None).values_list(*OF_PEOPLE):
            seen[key].append(part)
        confirmed = self.registrations.confirmed().filter(place="ROOM").count()
        booths = set(self.booths.values_list("room_id", "language"))
        return [
            self._slot(dict(zip(OF_SESSIONS, row, strict=True)), seen[row[0]], confirmed, booths)
            for row in there.values_list(*OF_SESSIONS)
        ]

    def _slot(self, row: dict, parts: list, confirmed: int, booths: set) -> Slot:
        starts_at, ends_at, expected = row["starts_at"], row["ends_at"], row["expected"]
        interpreters = [(who, language) for who, role, language in parts if role == "INTERPRETER"]
        return Slot(
            key=row["pk"],
            starts=starts_at.timestamp(),
            ends=ends_at.timestamp(),
            room=row["room_id"],
            people=frozenset(who for who, role, _language in parts if role != "INTERPRETER"),
            interpreters=frozenset(who for who, _language in interpreters),
            expected=confirmed if expected is None and row["kind"] in FOR_ALL else expected,
            capacity=row["room__capacity"],
            is_on_a_day=self.starts_on <= self.day_of(starts_at) <= self.ends_on,
            is_clear_of_the_clocks=not any(_changes(one, self.zone) for one in (starts_at, ends_at)),
            is_for_its_room=_admits(row["room__admits"], row["audience"]),
            lacks=frozenset(
                language
                for language in row["interpreted_into"]
                if language != row["language"]
                and ((row["room_id"], language) not in booths or not _is_covered(language, interpreters))
            ),
        )

    def _gaps(self) -> list[Gap]:
        rows = self.absences.values_list(*OF_ABSENCES)
        return [Gap(since.timestamp(), until.timestamp(), room, who) for since, until, room, who in rows]

    def _rest(self) -> Rest | None:
        return Rest(60 * self.interpreter_minutes, 60 * self.interpreter_pause) if self.interpreter_minutes else None

    def _finding(self, one: Conflict, sessions: dict[int, "Session"], people: dict[int, Person]) -> Finding:
        other = sessions[one.other] if one.other else None
        person = people[one.who] if one.who else None
        return Finding(one.kind, self.weight_of(one.kind), sessions[one.key], other, person, one.language)


def _admits(admits: str | None, audience: str) -> bool:
    """Whether a room that may be used so is one for a session of that audience."""
    return not admits or (admits == "PUBLIC") == (audience == "PUBLIC")


def _is_covered(language: str, interpreters: list) -> bool:
    """Whether somebody interprets into it; who has no language of their own does so into any."""
    return any(into in ("", language) for _who, into in interpreters)


@lru_cache(maxsize=4096)  # a programme begins and ends at a few hours
def _changes(moment: datetime.datetime, zone: datetime.tzinfo) -> bool:
    """Whether the clocks of the place show the hour of `moment` twice, or have just leapt over one."""
    local = moment.astimezone(zone)
    around = (moment + datetime.timedelta(minutes=minutes) for minutes in (-60, 60))
    offsets = {one.astimezone(zone).utcoffset() for one in around} | {local.utcoffset()}
    return len(offsets) > 1
