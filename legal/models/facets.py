"""Facets: by what a list of works is narrowed down, and how many works each choice would leave."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legal.models.instrument import Instrument
from legal.models.law import NationalLaw
from legal.models.work import Work
from network.labels import language_name
from network.models import Country, Topic

Names = Callable[[Iterable[str]], dict[str, str]]


@dataclass(frozen=True)
class Facet:
    """`name` is that of the parameter in the address; `names` are the words for values."""

    name: str
    label: str
    names: Names
    most: int = 12  # values that are offered


def _countries(codes) -> dict[str, str]:
    return {one.code: str(one) for one in Country.objects.filter(code__in=[*codes])}


def _topics(slugs) -> dict[str, str]:
    return {one.slug: str(one) for one in Topic.objects.filter(slug__in=[*slugs])}


def _instruments(slugs) -> dict[str, str]:
    return {one.slug: one.name for one in Instrument.objects.filter(slug__in=[*slugs])}


def _regions(names) -> dict[str, str]:
    return {name: str(REGIONS.get(name, name)) for name in names}


def _of(choices) -> Names:
    return lambda values: {value: str(dict(choices).get(value, value)) for value in values}


REGIONS = {
    "Africa": _("Africa"),
    "Americas": _("Americas"),
    "Asia": _("Asia"),
    "Europe": _("Europe"),
    "Oceania": _("Oceania"),
}
STATUSES = NationalLaw.Status.choices
FACETS = (
    Facet("kind", _("Kind"), _of(Work.Kind.choices)),
    Facet("topic", _("Topic"), _topics),
    Facet("region", _("Region"), _regions),
    Facet("country", _("Country"), _countries),
    Facet("instrument", _("Instrument"), _instruments),
    Facet("form", _("Form"), _of(NationalLaw.Form.choices)),
    Facet("status", _("Status"), _of(STATUSES)),
    Facet("language", _("Language of the text"), lambda codes: {code: language_name(code) for code in codes}),
    Facet("year", _("Year"), lambda years: {year: year for year in years}),
)


@dataclass
class Choice:
    """What a reader has chosen: of each facet the values that are wanted (one of them), and those that are not."""

    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, asked) -> "Choice":
        """From the parameters of an address (a QueryDict): `country=FR&topic=-tobacco`."""
        choice = cls()
        for facet in FACETS:
            for value in filter(str.isprintable, asked.getlist(facet.name)[:20]):
                into = choice.unwanted if value.startswith("-") else choice.wanted
                into.setdefault(facet.name, []).append(value.removeprefix("-")[:120])
        return choice

    def of_facet(self, name: str) -> tuple[list[str], list[str]]:
        return self.wanted.get(name, []), self.unwanted.get(name, [])

    def seen_by(self, viewer) -> "Choice":
        """The same without instruments that `viewer` may not see: asking for one finds nothing, like for none."""
        visible = Instrument.objects.visible_to(viewer)
        for chosen in (self.wanted, self.unwanted):
            if slugs := chosen.get("instrument"):
                chosen["instrument"] = [*visible.filter(slug__in=slugs).values_list("slug", flat=True)]
        return self

    def narrow(self, entries: QuerySet) -> QuerySet:
        """Those of `entries` (SearchEntry) that were chosen."""
        for name, values in self.wanted.items():
            entries = entries.filter(CONDITIONS[name](values))
        for name, values in self.unwanted.items():
            entries = entries.exclude(CONDITIONS[name](values))
        return entries


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) == 4]


def _in_state(values: list[str]) -> Q:
    found = Q(pk__in=[])
    for value in values:
        found |= _states().get(value, Q(pk__in=[]))
    return found


def _states(on: datetime.date | None = None) -> dict[str, Q]:
    """Status -> the entries that have it; of models and cases none does."""
    on = on or timezone.localdate()
    lives = Q(kind__in=[Work.Kind.LAW, Work.Kind.INSTRUMENT])
    ended, begun = Q(ended_on__lte=on), Q(in_force_on__lte=on)
    begun_and_not_ended = begun & (Q(ended_on=None) | Q(ended_on__gt=on))
    return {
        "REPEALED": lives & ended,
        "IN_FORCE": lives & begun_and_not_ended,
        "NOT_YET": lives & (Q(in_force_on=None) | Q(in_force_on__gt=on)) & (Q(ended_on=None) | Q(ended_on__gt=on)),
    }


def _with(through, column: str) -> Callable[[list[str]], Q]:
    return lambda values: Q(pk__in=through.objects.filter(**{f"{column}__in": values}).values("work"))


def _written_in(values: list[str]) -> Q:
    found = Q(pk__in=[])
    for code in values:
        found |= Q(languages__contains=f" {code} ")
    return found


CONDITIONS: dict[str, Callable[[list[str]], Q]] = {
    "kind": lambda values: Q(kind__in=values),
    "topic": _with(Work.topics.through, "topic__slug"),
    "region": lambda values: Q(country__in=Country.objects.filter(region__in=values).values("pk")),
    "country": lambda values: Q(country__in=values),
    "instrument": _with(Work.instruments.through, "instrument__slug"),
    "form": lambda values: Q(form__in=values),
    "status": _in_state,
    "language": _written_in,
    "year": lambda values: Q(year__in=_numbers(values)),
}


def counted(entries: QuerySet, viewer) -> dict[str, Counter]:
    """Facet -> value -> how many of `entries` (SearchEntry, in no order) have it, as far as `viewer` may know of the
    value. Five queries."""
    found = {facet.name: Counter() for facet in FACETS}
    regions = dict(Country.objects.values_list("pk", "region"))
    status = Case(*(When(condition, then=Value(name)) for name, condition in _states().items()), default=Value(""))
    grouped = entries.annotate(status=status).values_list("kind", "country", "form", "status")
    for kind, country, form, state, count in grouped.annotate(count=Count("pk")):
        values = {"kind": kind, "country": country, "region": regions.get(country), "form": form, "status": state}
        for name, value in values.items():
            if value:
                found[name][value] += count
    for year, languages, count in entries.values_list("year", "languages").annotate(count=Count("pk")):
        if year:
            found["year"][str(year)] += count
        for code in languages.split():
            found["language"][code] += count
    works = entries.values("pk")
    visible = {"instrument__in": Instrument.objects.visible_to(viewer).values("pk")}
    for name, through, column, known in (
        ("topic", Work.topics.through, "topic__slug", {}),
        ("instrument", Work.instruments.through, "instrument__slug", visible),
    ):
        rows = through.objects.filter(work__in=works, **known).values_list(column).annotate(count=Count("pk"))
        found[name].update(dict(rows.order_by()))
    return found
