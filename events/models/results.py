"""Results: what the sheets of a questionnaire say together: each question counted, by kind of organization, and an
assessment compared with the one before.

Those of an anonymous questionnaire are shown once it is closed, and from five sheets on: of fewer somebody could be
guessed, and who looks before and after one more sheet came in, and at who has answered meanwhile, would know whose it
is. A kind of organization is shown from five sheets on as well, and only where the sheets of all others are none or
five: else what they say could be worked out from the whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from events.models.item import Grade, Item
from events.models.question import Word
from events.models.questionnaire import Questionnaire
from events.models.sheet import ENOUGH, Sheet
from network.models import Organization


@dataclass(frozen=True)
class Bar:
    """How many have said so; `percent` of those who have answered the question."""

    label: str
    count: int
    percent: int
    is_right: bool = False


@dataclass(frozen=True)
class Tally:
    """What is said to one item: `bars` where it can be counted, else `words`; of a rating the `mean`, of what can be
    right how many per cent are."""

    item: Item
    answered: int
    bars: list[Bar] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    mean: float | None = None
    right: int | None = None

    @property
    def mean_percent(self) -> int:
        """Where the mean is between the worst and the best grade."""
        return round(25 * (self.mean - 1)) if self.mean is not None else 0


@dataclass(frozen=True)
class Gain:
    """The same item before and after: means of a rating (from 1 to 5), or per cent of right answers."""

    item: Item
    before: float
    after: float
    is_rating: bool

    @property
    def gain(self) -> float:
        return round(self.after - self.before, 1)

    @property
    def bars(self) -> list[tuple[str, float, int]]:
        """As label, value, and per cent of the bar."""
        return [
            (label, value, self._percent(value))
            for label, value in ((_("Before"), self.before), (_("After"), self.after))
        ]

    def _percent(self, value: float) -> int:
        return round(25 * (value - 1)) if self.is_rating else round(value)


@dataclass(frozen=True)
class Learner:
    """One who has handed both assessments in, with their scores in per cent."""

    name: str
    before: int
    after: int

    @property
    def gain(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    gains: list[Gain]
    people: list[Learner]
    before: int | None  # the mean of those who have handed both in, in per cent
    after: int | None


def why_hidden(questionnaire: Questionnaire) -> str:
    """Why its results are not shown, in a sentence; "" where they are."""
    if not questionnaire.is_anonymous:
        return ""
    if not questionnaire.is_over():
        return _(
            "The results of an anonymous questionnaire are shown once it is closed. Whoever looked at them before and "
            "after one more person has answered would know what that person has said."
        )
    if not questionnaire.sheets.is_enough():
        told = _("Fewer than %(enough)d people have answered. Of so few somebody could guess who has said what.")
        return told % {"enough": ENOUGH}
    return ""


def shown_sheets(questionnaire: Questionnaire, viewer) -> list[Sheet]:
    """Those that `viewer` may read, with what they say; none where the results are not shown."""
    if why_hidden(questionnaire):
        return []
    rows = questionnaire.sheets.visible_to(viewer).select_related("registration__person")
    return list(rows.prefetch_related("answers__option", "answers__item"))


def items_of(questionnaire: Questionnaire) -> list[Item]:
    items = list(questionnaire.items.prefetch_related("options"))
    for item in items:
        item.questionnaire = questionnaire  # read once
    return items


def tallies(items: Iterable[Item], sheets: Iterable[Sheet]) -> list[Tally]:
    said = [sheet.said() for sheet in sheets]
    return [_tally(item, [one[item.pk] for one in said if item.pk in one], len(said)) for item in items]


def groups(sheets: list[Sheet]) -> list[tuple[str, list[Sheet]]]:
    """The sheets by kind of organization, as its name and those of it; only where nobody can be worked out."""
    found: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        found[sheet.group].append(sheet)
    shown = sorted((rows for group, rows in found.items() if group and len(rows) >= ENOUGH), key=len)
    while shown and 0 < len(sheets) - sum(map(len, shown)) < ENOUGH:
        shown.pop(0)
    named = [(str(Organization.Kind(rows[0].group).label), rows) for rows in shown]
    return sorted(named, key=lambda one: -len(one[1]))


def by_group(items: Iterable[Item], sheets: list[Sheet]) -> tuple[list[tuple[str, int]], list[tuple[Item, list]]]:
    """The groups that can be shown, as name and number of sheets, and the mean of each rating in each of them."""
    found = groups(sheets)
    ratings = [item for item in items if item.kind == Item.Kind.RATING]
    columns = [tallies(ratings, rows) for _name, rows in found]
    rows = [(item, [column[place].mean for column in columns]) for place, item in enumerate(ratings)]
    return [(name, len(rows)) for name, rows in found], rows if found else []


def comparison(questionnaire: Questionnaire, viewer) -> Comparison | None:
    """The assessment after, compared with the one before, of those who have handed both in; None where there is none
    before."""
    earlier = questionnaire.before
    if earlier is None:
        return None
    after = {sheet.registration_id: sheet for sheet in shown_sheets(questionnaire, viewer) if sheet.registration_id}
    before = {sheet.registration_id: sheet for sheet in shown_sheets(earlier, viewer)}
    both = [(before[key], after[key]) for key in after if key in before]
    people = [
        Learner(second.registration.person.name, first.percent, second.percent)
        for first, second in both
        if first.percent is not None and second.percent is not None
    ]
    return Comparison(
        gains=_gains(questionnaire, earlier, both),
        people=sorted(people, key=lambda one: (-one.gain, one.name)),
        before=_mean([one.before for one in people]),
        after=_mean([one.after for one in people]),
    )


def _gains(questionnaire: Questionnaire, earlier: Questionnaire, both: list[tuple[Sheet, Sheet]]) -> list[Gain]:
    items = [item for item in items_of(questionnaire) if item.same_as_id]
    known = {tally.item.pk: tally for tally in tallies(items_of(earlier), [first for first, _second in both])}
    found = []
    for now in tallies(items, [second for _first, second in both]):
        then = known.get(now.item.same_as_id)
        is_rating = now.item.kind == Item.Kind.RATING
        pair = then and ((then.mean, now.mean) if is_rating else (then.right, now.right))
        if pair and None not in pair:
            found.append(Gain(now.item, *pair, is_rating=is_rating))
    return found


def _tally(item: Item, said: list, handed_in: int) -> Tally:
    """Of what can be right, no answer is not right: so counts the score as well."""
    if item.kind == Item.Kind.TEXT:
        return Tally(item, len(said), words=sorted(said))
    counts = Counter(part for one in said for part in (one if isinstance(one, tuple) else (one,)))
    bars = [
        Bar(label, counts[key], round(100 * counts[key] / len(said)) if said else 0, is_right)
        for key, label, is_right in _answers(item)
    ]
    mean = right = None
    if said and item.kind == Item.Kind.RATING:
        mean = round(sum(map(int, said)) / len(said), 1)
    if handed_in and item.is_scored:
        right = round(100 * sum(map(item.is_right, said)) / handed_in)
    return Tally(item, len(said), bars, mean=mean, right=right)


def _answers(item: Item) -> list[tuple]:
    """What can be said to it, as key, label, and whether it is right; of a rating the best first."""
    if item.kind == Item.Kind.RATING:
        return [(grade.value, f"{grade.value} {grade.label}", False) for grade in reversed(Grade)]
    if item.kind == Item.Kind.YES_NO:
        return [(word.value, str(word.label), item.is_scored and word == item.right_word) for word in Word]
    return [(one.pk, str(one), one.is_right and item.is_scored) for one in item.options.all()]


def _mean(values: list[int]) -> int | None:
    return round(sum(values) / len(values)) if values else None
