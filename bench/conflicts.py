"""Times how long it takes to find the conflicts of a large programme, beside a bare loop over as many pairs.

    .venv/bin/python -m bench.conflicts

5,000 sessions of 45 minutes in 30 rooms on ten days, with two speakers each out of 3,000 and an interpreter in each
second; sessions of one room follow each other, and some clash as they do in real drafts.
"""

import random
import time

from events.conflicts import Slot, conflicts

SESSIONS, ROOMS, DAYS, PEOPLE = 5000, 30, 10, 3000
QUARTER, LENGTH, DAY = 15 * 60, 45 * 60, 24 * 3600


def programme() -> list[Slot]:
    chance = random.Random(20261127)
    a_day = SESSIONS // ROOMS // DAYS + 1
    slots = []
    for key in range(SESSIONS):
        room, number = key % ROOMS, key // ROOMS
        starts = 1_800_000_000 + number // a_day * DAY + number % a_day * (LENGTH + QUARTER)
        if chance.random() < 0.02:
            starts += 2 * QUARTER  # moved by hand, into the next
        people = frozenset(chance.sample(range(PEOPLE), 2))
        interpreters = frozenset({PEOPLE + chance.randrange(100)}) if key % 2 else frozenset()
        slots.append(Slot(key + 1, starts, starts + LENGTH, room + 1, people, interpreters))
    return slots


def main() -> None:
    slots = programme()
    times = []
    for _n in range(15):
        start = time.perf_counter()
        found = conflicts(slots, QUARTER)
        times.append((time.perf_counter() - start) * 1000)
    start = time.perf_counter()
    for slot in slots:
        for _who in slot.people:
            pass
    bare = (time.perf_counter() - start) * 1000
    median = sorted(times)[len(times) // 2]
    print(f"{len(slots):,} sessions, {len(found):,} conflicts: {median:.1f} ms, {median / bare:.0f} times a bare loop")


if __name__ == "__main__":
    main()
