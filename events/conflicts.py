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
    CLOSED_ROOM = "CLOSED_ROOM"  # in a room that is closed then
    AWAY = "AWAY"  # with somebody who is not available then
    AUDIENCE = "AUDIENCE"  # in a room that is not for those who may come
    REST = "REST"  # an interpreter works for too long without a pause
    LANGUAGE = "LANGUAGE"  # a language that is promised has no booth in the room, or nobody in it


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
    is_for_its_room: bool = True
    lacks: frozenset[str] = frozenset()  # languages without a booth, or without an interpreter


@dataclass(frozen=True, slots=True)
class Gap:
    """From when until when (seconds since 1970) a room is closed, or a person not available (keys)."""

    starts: float
    ends: float
    room: int | None = None
    who: int | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """For how many seconds an interpreter may work, and how many of them without work are a pause."""

    longest: float
    pause: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with the session `key`, with the `other` (key) where it takes two; `who`: the person, of people;
    `language`: its code, of interpretation."""

    kind: Kind
    key: int
    other: int | None = None
    who: int | None = None
    language: str = ""


def conflicts(
    slots: Iterable[Slot], changeover: float = 0, gaps: Iterable[Gap] = (), rest: Rest | None = None
) -> list[Conflict]:
    """All conflicts of `slots`, whatever they weigh, in the order of time; two sessions of one room need `changeover`
    seconds between them, nothing may lie in `gaps`, and interpreters have their `rest` (None: no rule)."""
    ordered = sorted(slots, key=lambda slot: (slot.starts, slot.ends, slot.key))
    rooms, people = _by_room(ordered), _by_person(ordered)
    found = [*_in_rooms(rooms, changeover), *_of_people(people), *_alone(ordered), *_in_gaps(gaps, rooms, people)]
    if rest:
        found += _without_rest(people, rest)
    place = {slot.key: number for number, slot in enumerate(ordered)}
    return sorted(
        found,
        key=lambda one: (
            *(place[one.key], place[one.other] if one.other else -1),
            *(one.kind, one.who or 0, one.language),
        ),
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


def _by_room(ordered: list[Slot]) -> dict[int, list[Slot]]:
    rooms: dict[int, list[Slot]] = defaultdict(list)
    for slot in ordered:
        if slot.room is not None:
            rooms[slot.room].append(slot)
    return rooms


def _by_person(ordered: list[Slot]) -> dict[int, list[Slot]]:
    people: dict[int, list[Slot]] = defaultdict(list)
    for slot in ordered:
        for who in slot.people:
            people[who].append(slot)
        for who in slot.interpreters - slot.people:
            people[who].append(slot)
    return people


def _in_rooms(rooms: dict[int, list[Slot]], changeover: float) -> Iterator[Conflict]:
    for there in rooms.values():
        for first, second in overlaps(there, changeover):
            kind = Kind.ROOM if first.ends > second.starts else Kind.CHANGEOVER
            yield Conflict(kind, first.key, second.key)


def _of_people(people: dict[int, list[Slot]]) -> Iterator[Conflict]:
    for who, theirs in people.items():
        for first, second in overlaps(theirs) if len(theirs) > 1 else ():
            interprets = who in first.interpreters or who in second.interpreters
            yield Conflict(Kind.INTERPRETER if interprets else Kind.PERSON, first.key, second.key, who)


def _in_gaps(gaps: Iterable[Gap], rooms: dict[int, list[Slot]], people: dict[int, list[Slot]]) -> Iterator[Conflict]:
    """Each session once, however many gaps it lies in."""
    found = {}
    for gap in gaps:
        there = rooms.get(gap.room, []) if gap.room is not None else people.get(gap.who or 0, [])
        kind = Kind.CLOSED_ROOM if gap.room is not None else Kind.AWAY
        for slot in there:
            if slot.starts < gap.ends and slot.ends > gap.starts:
                found[Conflict(kind, slot.key, who=gap.who)] = True
    yield from found


def _without_rest(people: dict[int, list[Slot]], rest: Rest) -> Iterator[Conflict]:
    """Of each stretch of work without a pause, the session in which it becomes too long."""
    for who, theirs in people.items():
        work = [slot for slot in theirs if who in slot.interpreters]
        first, until = None, 0.0
        for slot in work:
            if first is None or slot.starts - until >= rest.pause:
                first, until, is_told = slot, slot.ends, False
            until = max(until, slot.ends)
            if until - first.starts > rest.longest and not is_told:
                is_told = True
                yield Conflict(Kind.REST, first.key, slot.key if slot is not first else None, who)


def _alone(ordered: list[Slot]) -> Iterator[Conflict]:
    for slot in ordered:
        if slot.expected is not None and slot.capacity is not None and slot.expected > slot.capacity:
            yield Conflict(Kind.CAPACITY, slot.key)
        if not slot.is_on_a_day:
            yield Conflict(Kind.CLOSED_DAY, slot.key)
        if not slot.is_clear_of_the_clocks:
            yield Conflict(Kind.CLOCK, slot.key)
        if not slot.is_for_its_room:
            yield Conflict(Kind.AUDIENCE, slot.key)
        for language in slot.lacks:
            yield Conflict(Kind.LANGUAGE, slot.key, language=language)
