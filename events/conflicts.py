"""Conflicts: what in a programme cannot be, or should not be, found by sort and sweep. Slots in, findings out; knows no
models."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    ROOM = "ROOM"  # two at a time in one room
    PERSON = "PERSON"  # somebody at two places
    INTERPRETER = "INTERPRETER"  # the same, of an interpreter
    CHANGEOVER = "CHANGEOVER"  # too little time between two in one room
    CAPACITY = "CAPACITY"  # more people are expected than the room holds
    CLOSED_DAY = "CLOSED_DAY"  # not on a day of the event
    CLOCK = "CLOCK"  # at an hour that the clocks of the place show twice, or leap over


@dataclass(frozen=True, slots=True)
class Slot:
    """One session: from when until when (seconds since 1970), its room and who is in it (keys). `expected`: for how
    many people it is too many in a room that holds `capacity`; None where nobody knows."""

    key: int
    starts: float
    ends: float
    room: int | None = None
    people: frozenset[int] = frozenset()
    interpreters: frozenset[int] = frozenset()
    expected: int | None = None
    capacity: int | None = None
    is_on_a_day: bool = True
    is_clear_of_the_clocks: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with the session `key`, with the `other` (key) where it takes two; `who`: the person, of people."""

    kind: Kind
    key: int
    other: int | None = None
    who: int | None = None


def conflicts(slots: Iterable[Slot], changeover: float = 0) -> list[Conflict]:
    """All conflicts of `slots`, whatever they weigh, in the order of time; two sessions of one room need `changeover`
    seconds between them."""
    ordered = sorted(slots, key=lambda slot: (slot.starts, slot.ends, slot.key))
    found = [*_in_rooms(ordered, changeover), *_of_people(ordered), *_alone(ordered)]
    place = {slot.key: number for number, slot in enumerate(ordered)}
    return sorted(
        found, key=lambda one: (place[one.key], place[one.other] if one.other else -1, one.kind, one.who or 0)
    )


def overlaps(ordered: Iterable[Slot], pause: float = 0) -> Iterator[tuple[Slot, Slot]]:
    """Each two of `ordered` (by their start) of which the second begins within `pause` seconds of the other's end."""
    active: list[Slot] = []
    latest = 0.0  # when the last of them is over: mostly before the next begins, and then nothing is compared
    for slot in ordered:
        begins = slot.starts - pause
        if latest > begins:
            active = [one for one in active if one.ends > begins]
            for one in active:
                yield one, slot
            active.append(slot)
            latest = max(latest, slot.ends)
        else:
            active, latest = [slot], slot.ends


def _in_rooms(ordered: list[Slot], changeover: float) -> Iterator[Conflict]:
    rooms = defaultdict(list)
    for slot in ordered:
        if slot.room is not None:
            rooms[slot.room].append(slot)
    for there in rooms.values():
        for first, second in overlaps(there, changeover):
            kind = Kind.ROOM if first.ends > second.starts else Kind.CHANGEOVER
            yield Conflict(kind, first.key, second.key)


def _of_people(ordered: list[Slot]) -> Iterator[Conflict]:
    people = defaultdict(list)
    for slot in ordered:
        for who in slot.people:
            people[who].append(slot)
        for who in slot.interpreters - slot.people:
            people[who].append(slot)
    for who, theirs in people.items():
        for first, second in overlaps(theirs) if len(theirs) > 1 else ():
            interprets = who in first.interpreters or who in second.interpreters
            yield Conflict(Kind.INTERPRETER if interprets else Kind.PERSON, first.key, second.key, who)


def _alone(ordered: list[Slot]) -> Iterator[Conflict]:
    for slot in ordered:
        if slot.expected is not None and slot.capacity is not None and slot.expected > slot.capacity:
            yield Conflict(Kind.CAPACITY, slot.key)
        if not slot.is_on_a_day:
            yield Conflict(Kind.CLOSED_DAY, slot.key)
        if not slot.is_clear_of_the_clocks:
            yield Conflict(Kind.CLOCK, slot.key)
