"""Coverage: who is focal point for what in which country on a day, and where nobody is."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from network.models import Topic

if TYPE_CHECKING:
    from contacts.models.person import Person
    from network.models import Country


@dataclass(frozen=True)
class CountryCoverage:
    """A country with the people for each competence, in the order of the competences."""

    country: "Country"
    people: "list[list[Person]]"

    @property
    def gaps(self) -> int:
        return sum(not people for people in self.people)


@dataclass(frozen=True)
class Coverage:
    competences: list[Topic]
    countries: list[CountryCoverage]

    @property
    def gaps(self) -> int:
        """How many competences nobody covers, over all countries."""
        return sum(row.gaps for row in self.countries)

    @property
    def gaps_by_competence(self) -> list[tuple[Topic, int]]:
        return [
            (competence, sum(not row.people[place] for row in self.countries))
            for place, competence in enumerate(self.competences)
        ]

    def with_gaps(self) -> "Coverage":
        """The countries alone in which somebody is missing."""
        return Coverage(self.competences, [row for row in self.countries if row.gaps])


def competences_of(affiliations, on: datetime.date):
    """The topics for which focal points are kept, and those for which one of `affiliations` was one by the day `on`."""
    held = affiliations.focal_points().within(None, on).values("competence")
    return Topic.objects.filter(Q(is_competence=True) | Q(pk__in=held))


def coverage(
    affiliations, countries: "Iterable[Country]", competences: Iterable[Topic], on: datetime.date | None = None
) -> Coverage:
    """What the focal points among `affiliations` cover on the day `on` (today), in one query.

    A focal point stands for the country of the organization, or for the person's own where the organization is
    international; who is focal point for everything covers each competence."""
    focal = affiliations.current(on).focal_points().select_related("person")
    at = focal.annotate(stands_for=Coalesce(F("organization__country"), F("person__country")))
    found = defaultdict(list)
    for affiliation in at.order_by("person__family_name", "pk"):
        found[affiliation.stands_for, affiliation.competence_id].append(affiliation.person)
    competences = list(competences)
    rows = [
        CountryCoverage(
            country,
            [_once(found[country.pk, topic.pk] + found[country.pk, None]) for topic in competences],
        )
        for country in countries
    ]
    return Coverage(competences, rows)


def _once(people: "list[Person]") -> "list[Person]":
    return list(dict.fromkeys(people))
