"""Which passage of one text answers which of another: by the same anchor, else by the rare words that both have. Knows
no models."""

from collections import Counter
from collections.abc import Sequence
from math import log

from legal.words import places

NEAREST = 0.3  # of the weight of the words of the shorter passage: below that they have nothing to do with one another
MOST = 500  # passages of a text that are compared with each other

Said = tuple[str, str, str]  # anchor, words, language


def aligned(left: Sequence[Said], right: Sequence[Said], *, by_anchor: bool) -> list[tuple[int | None, int | None]]:
    """Pairs of places in `left` and `right`, in the order of the left text; what of the right one answers nothing
    stands behind. `by_anchor` for two texts of one work."""
    found = _by_anchor(left, right) if by_anchor else _by_words(left[:MOST], right[:MOST])
    used = set(found.values())
    rows: list[tuple[int | None, int | None]] = [(place, found.get(place)) for place in range(len(left))]
    return [*rows, *((None, place) for place in range(len(right)) if place not in used)]


def _by_anchor(left: Sequence[Said], right: Sequence[Said]) -> dict[int, int]:
    known = {said[0]: place for place, said in enumerate(right)}
    return {place: known[said[0]] for place, said in enumerate(left) if said[0] in known}


def _by_words(left: Sequence[Said], right: Sequence[Said]) -> dict[int, int]:
    """The best pairs first, each passage once."""
    stems = [[_stems(said) for said in side] for side in (left, right)]
    counts = Counter(stem for side in stems for one in side for stem in one)
    weights = {stem: log(1 + (len(left) + len(right)) / count) for stem, count in counts.items()}
    totals = [[sum(weights[stem] for stem in one) for one in side] for side in stems]
    where: dict[str, list[int]] = {}
    for place, one in enumerate(stems[1]):
        for stem in one:
            where.setdefault(stem, []).append(place)
    ranked = []
    for i, one in enumerate(stems[0]):
        shared: Counter[int] = Counter()
        for stem in one:
            for j in where.get(stem, ()):
                shared[j] += weights[stem]  # type: ignore[assignment]
        scored = ((weight / min(totals[0][i], totals[1][j]), -i, -j) for j, weight in shared.items())
        ranked += [one for one in scored if one[0] >= NEAREST]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _score, i, j in sorted(ranked, reverse=True):
        if -i not in found and -j not in taken:
            found[-i] = -j
            taken.add(-j)
    return found


def _stems(said: Said) -> frozenset[str]:
    _anchor, words, language = said
    return frozenset(place.stems[0] for place in places(words, language))
