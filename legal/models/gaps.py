"""Gaps: how far the law of a country meets each article of a standard, on any day; and of many countries together."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone

from legal.models.correspondence import SIGNS, Correspondence, Grade, Relation
from legal.models.text import Provision
from legal.models.units import Unit, labels_of, path_of, units_of
from legal.models.work import Work
from network.models import Country

# What is counted of each article, in the order in which it is shown.
GRADES = (Grade.FULL, Grade.PARTIAL, Grade.ABSENT, Grade.NOT_ASSESSED)


class Finding(NamedTuple):
    """What of a correspondence is needed to grade an article: of a hundred countries thousands are read."""

    standard_id: int
    work_id: int
    eid: str
    country_id: str | None
    relation: str
    grade: str
    reviewed_on: datetime.date | None
    superseded_on: datetime.date | None
    row: Correspondence | None = None

    @classmethod
    def of(cls, row: Correspondence) -> "Finding":
        place, days = row.standard, (row.reviewed_on, row.superseded_on)
        return cls(place.pk, place.work_id, place.eid, row.country_id, row.relation, row.grade, *days, row)

    def stood(self, on: datetime.date) -> bool:
        """Whether it stood, reviewed, on the day `on`."""
        is_reviewed = self.reviewed_on is not None and self.reviewed_on <= on
        return is_reviewed and (self.superseded_on is None or self.superseded_on > on)


# Where the parts of a Finding are found, in its order.
FOUND_IN = (
    *("standard", "standard__work", "standard__eid", "country", "relation", "grade"),
    *("reviewed_on", "superseded_on"),
)


def verdict(rows: Iterable[Finding]) -> Grade:
    """What `rows`, all of one country against one provision, say together: the best grade; what contradicts takes of
    it, and is as good as absent where there is nothing else."""
    graded = [one for one in rows if one.grade != Grade.NOT_ASSESSED]
    against = any(one.relation == Relation.CONTRADICTS for one in graded)
    grades = {one.grade for one in graded if one.relation != Relation.CONTRADICTS}
    if Grade.FULL in grades and not against:
        return Grade.FULL
    if grades & {Grade.FULL, Grade.PARTIAL}:
        return Grade.PARTIAL
    return Grade.ABSENT if graded else Grade.NOT_ASSESSED


def together(grades: Iterable[Grade]) -> Grade:
    """Of several provisions that make one article: what all say, else in part where one is met, else absent."""
    found = set(grades)
    if len(found) == 1:
        return found.pop()
    if found & {Grade.FULL, Grade.PARTIAL}:
        return Grade.PARTIAL
    return Grade.ABSENT if Grade.ABSENT in found else Grade.NOT_ASSESSED


@dataclass(frozen=True)
class Meeting:
    """One correspondence as a matrix shows it: with the words for both sides."""

    row: Correspondence
    label: str
    of: str  # what of the article it meets, where not the whole; "" for the whole

    @property
    def is_open(self) -> bool:
        return self.row.is_open


@dataclass
class Line:
    """An article: the model articles for it, what of the national law meets it, and the grade, on the day asked for
    and, where asked for, on an earlier one."""

    unit: Unit
    grade: Grade = Grade.NOT_ASSESSED
    before: Grade | None = None
    models: list[Meeting] = field(default_factory=list)
    national: list[Meeting] = field(default_factory=list)
    waiting: list[Meeting] = field(default_factory=list)  # not reviewed yet: for those who may read that

    @property
    def sign(self) -> str:
        return SIGNS[self.grade]

    @property
    def before_sign(self) -> str:
        return SIGNS[self.before] if self.before else ""

    @property
    def has_changed(self) -> bool:
        return self.before is not None and self.before != self.grade

    @property
    def is_gap(self) -> bool:
        return self.grade in (Grade.PARTIAL, Grade.ABSENT)


@dataclass
class GapMatrix:
    country: Country
    standard: Work
    on: datetime.date
    since: datetime.date | None
    lines: list[Line]

    @property
    def counts(self) -> list[tuple[Grade, str, int]]:
        """Grade, sign and how many articles, of each grade."""
        return counted(line.grade for line in self.lines)

    @property
    def counts_before(self) -> list[tuple[Grade, str, int]]:
        return counted(line.before for line in self.lines if line.before)

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.has_changed]

    @property
    def gaps(self) -> list[Line]:
        return [line for line in self.lines if line.is_gap]


def counted(grades: Iterable[Grade]) -> list[tuple[Grade, str, int]]:
    found = Counter(grades)
    return [(grade, SIGNS[grade], found[grade]) for grade in GRADES]


class Reading:
    """What is known of a standard, read once, for one country or for many: its units, the model articles for each, and
    which correspondences say something of which unit."""

    def __init__(self, standard: Work, viewer):
        self.standard = standard
        self.units = units_of(standard)
        self.unit_of = {key: unit.key for unit in self.units for key in unit.keys}
        seen = Correspondence.objects.visible_to(viewer)
        models = seen.of_models().reviewed().filter(standard__work=standard).with_places()
        self.models = [Finding.of(one) for one in models]
        # Model article (work and anchor) -> the units that it puts into practice.
        self.practice = defaultdict(set)
        for one in self.models:
            place = one.row.provision
            self.practice[place.work_id, place.eid].add(self.unit_of.get(one.standard_id))
        self.seen = seen.filter(standard__work__in={standard.pk, *(work for work, _eid in self.practice)})

    def national(self, country: Country) -> list[Finding]:
        """All that was ever found of the law of `country`, with the correspondences. One query."""
        rows = self.seen.filter(country=country).with_places().order_by("provision", "pk")
        return [Finding.of(one) for one in rows]

    def of_many(self, countries: Iterable[Country], on: datetime.date) -> dict[str, list[Finding]]:
        """Country (code) -> what stood there on the day `on`. One query."""
        found = defaultdict(list)
        for values in self.seen.as_of(on).filter(country__in=countries).values_list(*FOUND_IN):
            one = Finding(*values)
            found[one.country_id].append(one)
        return found

    def model_article(self, one: Finding) -> tuple[int, str] | None:
        """The model article that its standard is, or is a part of."""
        return next(((one.work_id, eid) for eid in path_of(one.eid) if (one.work_id, eid) in self.practice), None)

    def by_unit(self, rows: Iterable[Finding]) -> dict[int | None, list[Finding]]:
        found = defaultdict(list)
        for one in rows:
            if one.work_id == self.standard.pk:
                found[self.unit_of.get(one.standard_id)].append(one)
            elif article := self.model_article(one):
                for unit in self.practice[article]:
                    found[unit].append(one)
        return found

    def grade(self, unit: Unit, rows: list[Finding]) -> Grade:
        """Of one country on one day: what was found of the article itself, else of its parts, else of the model
        articles for it. A part, or a model article, that nobody assessed keeps it from being met in full."""
        if not rows:
            return Grade.NOT_ASSESSED
        if own := [one for one in rows if one.standard_id == unit.key]:
            return verdict(own)
        inside = [one for one in rows if one.work_id == self.standard.pk]
        if inside:
            return together(verdict(one for one in inside if one.standard_id in keys) for keys in unit.parts.values())
        articles = [article for article, units in self.practice.items() if unit.key in units]
        return together(verdict(one for one in rows if self.model_article(one) == a) for a in articles)


def gap_matrix(
    country: Country, standard: Work, viewer, on: datetime.date | None = None, since: datetime.date | None = None
) -> GapMatrix:
    """How far the law of `country` meets `standard` on the day `on` (today), and did on the day `since`, as far as
    `viewer` may see it. A handful of queries, however long the two are."""
    on = on or timezone.localdate()
    reading = Reading(standard, viewer)
    rows = reading.national(country)
    now, then = (reading.by_unit(one for one in rows if one.stood(day)) for day in (on, since or on))
    waiting = reading.by_unit(one for one in rows if one.row.is_open)
    models = reading.by_unit(one for one in reading.models if one.stood(on))
    labels = labels_of(_places([*rows, *reading.models]))
    lines = []
    for unit in reading.units:
        shown = (models[unit.key], now[unit.key], waiting[unit.key])
        own, national, open_ones = ([_meeting(one, unit, labels) for one in found] for found in shown)
        before = reading.grade(unit, then[unit.key]) if since else None
        lines.append(Line(unit, reading.grade(unit, now[unit.key]), before, own, national, open_ones))
    return GapMatrix(country, standard, on, since, lines)


@dataclass(frozen=True)
class Share:
    """Of one article: how many of the countries meet it so far."""

    unit: Unit
    counts: list[tuple[Grade, str, int]]
    total: int

    @property
    def shares(self) -> list[tuple[Grade, str, int, int]]:
        """Grade, sign, how many countries, and how many of a hundred."""
        return [(grade, sign, count, round(100 * count / (self.total or 1))) for grade, sign, count in self.counts]

    @property
    def bars(self) -> list[tuple[Grade, int, int]]:
        """The same as one bar, a thousand long: grade, where its part begins, and how long it is. Whole numbers: a
        picture knows no commas."""
        ends, counted_so_far = [0], 0
        for _grade, _sign, count in self.counts:
            counted_so_far += count
            ends.append(round(1000 * counted_so_far / (self.total or 1)))
        return [
            (grade, start, end - start)
            for (grade, _sign, _count), start, end in zip(self.counts, ends, ends[1:], strict=False)
        ]


@dataclass(frozen=True)
class CountryRow:
    """Of one country: the grade of each article, in their order, and how many of each grade."""

    country: Country
    grades: list[Grade]

    @property
    def cells(self) -> list[tuple[Grade, str]]:
        return [(grade, SIGNS[grade]) for grade in self.grades]

    @property
    def counts(self) -> list[tuple[Grade, str, int]]:
        return counted(self.grades)

    @property
    def is_assessed(self) -> bool:
        return any(grade != Grade.NOT_ASSESSED for grade in self.grades)


@dataclass(frozen=True)
class GroupGaps:
    standard: Work
    on: datetime.date
    units: list[Unit]
    rows: list[CountryRow]

    @property
    def heads(self) -> list[tuple[Grade, str, int]]:
        """Grade and sign, and nothing counted."""
        return counted([])

    @property
    def shares(self) -> list[Share]:
        columns = [[row.grades[place] for row in self.rows] for place in range(len(self.units))]
        return [Share(unit, counted(column), len(column)) for unit, column in zip(self.units, columns, strict=True)]


def group_gaps(countries: Iterable[Country], standard: Work, viewer, on: datetime.date | None = None) -> GroupGaps:
    """How far the laws of `countries` meet `standard` on the day `on` (today), as far as `viewer` may see it. As many
    queries for many as for one."""
    on, countries = on or timezone.localdate(), list(countries)
    reading = Reading(standard, viewer)
    found, rows = reading.of_many(countries, on), []
    for country in countries:
        by_unit = reading.by_unit(found.get(country.pk, []))
        rows.append(CountryRow(country, [reading.grade(unit, by_unit[unit.key]) for unit in reading.units]))
    return GroupGaps(standard, on, reading.units, rows)


def _places(rows: Iterable[Finding]) -> list[Provision]:
    return [place for one in rows for place in (one.row.standard, one.row.provision) if place]


def _meeting(one: Finding, unit: Unit, labels: dict[int, str]) -> Meeting:
    of = "" if one.standard_id == unit.key else labels[one.standard_id]
    return Meeting(one.row, labels.get(one.row.provision_id, ""), of)
