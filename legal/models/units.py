"""Unit: what of a text is graded and cited as one, an article of a treaty, a section of an act; with all below it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import get_language

from legal.models.text import Expression, Passage, Provision
from legal.models.work import Work

# The first of these that a text has is what it is made of; Akoma Ntoso calls the kinds so.
UNITS = ("article", "section", "rule", "regulation")


@dataclass
class Unit:
    """A provision by its key and anchor, how a reader calls it, and its parts: the key of each, with the keys of it and
    all below it."""

    key: int
    eid: str
    label: str
    parts: dict[int, list[int]] = field(default_factory=dict)

    @property
    def keys(self) -> list[int]:
        """Of itself and all below it."""
        return [self.key, *(key for keys in self.parts.values() for key in keys)]


def units_of(work: Work, language: str | None = None, on: datetime.date | None = None) -> list[Unit]:
    """The units of `work` in the order of its text, in `language` (the reader's) as it reads on the day `on` (the
    newest); where it has none of the usual kinds, what stands at the top. Two queries."""
    expression = work.expression_in(language, on)
    if expression is None:
        return []
    rows = list(
        expression.passages.order_by("position").values_list(
            "depth", "provision", "provision__eid", "provision__kind", "number", "heading"
        )
    )
    kinds = {row[3] for row in rows}
    unit_kind = next((kind for kind in UNITS if kind in kinds), None)
    found: list[Unit] = []
    inside = None  # the depth of the unit that is being read
    for depth, key, eid, kind, number, heading in rows:
        if inside is not None and depth > inside:
            part = key if depth == inside + 1 else next(reversed(found[-1].parts))
            found[-1].parts.setdefault(part, []).append(key)
            continue
        inside = None
        if kind == unit_kind or (unit_kind is None and depth == 0):
            found.append(Unit(key, eid, " ".join(filter(None, (number, heading))) or eid))
            inside = depth
    return found


def labels_of(provisions: Iterable[Provision]) -> dict[int, str]:
    """Key -> how a reader calls each of `provisions`: the unit by number and heading, what is below it by the numbers.
    One query, however many."""
    asked = {one.pk: (one.work_id, one.eid) for one in provisions}
    said = _labels({(work, above) for work, eid in asked.values() for above in path_of(eid)})
    return {key: _label(work, eid, said) for key, (work, eid) in asked.items()}


def path_of(eid: str) -> list[str]:
    """The anchors of what stands above, and its own: part_1__sec_2 is below part_1."""
    parts = eid.split("__")
    return ["__".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _labels(places: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[str, str, str]]:
    """Work and anchor -> kind, number and heading, in the reader's language or the nearest that there is."""
    if not places:
        return {}
    language = (get_language() or "en").split("-")[0]
    there = Q(provision__work__in={work for work, _eid in places}, provision__eid__in={eid for _work, eid in places})
    rows = Passage.objects.filter(there).values_list(
        *("provision__work", "provision__eid", "provision__kind", "number", "heading"),
        *("expression__language", "expression__authenticity", "expression__valid_on"),
    )
    best: dict[tuple[int, str], tuple] = {}
    for work, eid, kind, number, heading, spoken, authenticity, valid_on in rows:
        text = Expression(language=spoken, authenticity=authenticity)
        rank = (text.remoteness(language), -valid_on.toordinal())
        if (work, eid) in places and ((work, eid) not in best or rank < best[work, eid][0]):
            best[work, eid] = (rank, (kind, number, heading))
    return {place: said for place, (_rank, said) in best.items()}


def _label(work: int, eid: str, said: dict[tuple[int, str], tuple[str, str, str]]) -> str:
    path = [(one, said[work, one]) for one in path_of(eid) if (work, one) in said]
    units = [place for place, (_eid, (kind, _number, _heading)) in enumerate(path) if kind in UNITS]
    path = path[units[0] :] if units else path[-1:]
    if not path:
        return eid
    [(_eid, (_kind, number, heading)), *below] = path
    first = " ".join(filter(None, (number, heading))) or eid
    return ", ".join([first, *(number for _eid, (_kind, number, _heading) in below if number)])


@dataclass(frozen=True)
class Paragraph:
    """What stands at one place of a unit."""

    depth: int
    label: str
    text: str


@dataclass(frozen=True)
class Reading:
    """A unit to be read: its words, their language, and from which day on they are so."""

    unit: Unit
    expression: Expression
    paragraphs: list[Paragraph]


def reading_of(work: Work, unit: Unit, language: str | None = None, on: datetime.date | None = None) -> Reading | None:
    """What `unit` of `work` says; None where the work has no text."""
    expression = work.expression_in(language, on)
    if expression is None:
        return None
    rows = expression.passages.filter(provision__in=unit.keys).order_by("position")
    said = [(row.depth, row.label, row.text) for row in rows]
    top = said[0][0] if said else 0
    return Reading(unit, expression, [Paragraph(depth - top, label, text) for depth, label, text in said])


def unit_at(work: Work, eid: str) -> Unit | None:
    """The unit of `work` at the anchor `eid`, or the one of which it is a part."""
    place = work.provisions.filter(eid=eid).first()
    return next((unit for unit in units_of(work) if place and place.pk in unit.keys), None)
