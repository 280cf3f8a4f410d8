"""Partners: how many organizations of which kind there are in each country and region."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

if TYPE_CHECKING:
    from network.models.country import Country


@dataclass(frozen=True)
class CountryPartners:
    """A country and, for each kind, how many of its organizations are of it."""

    country: "Country"
    kinds: Counter

    @property
    def total(self) -> int:
        return self.kinds.total()


@dataclass(frozen=True)
class Partners:
    countries: list[CountryPartners]
    international: Counter  # kinds of those that belong to no country

    @property
    def regions(self) -> dict[str, Counter]:
        """Region -> kinds, for every region that one of the countries belongs to; "" for none."""
        found: dict[str, Counter] = defaultdict(Counter)
        for row in self.countries:
            found[row.country.region].update(row.kinds)
        return dict(found)

    @property
    def kinds(self) -> Counter:
        """How many of each kind, everywhere."""
        return sum((row.kinds for row in self.countries), Counter()) + self.international

    @property
    def total(self) -> int:
        return self.kinds.total()

    @property
    def empty(self) -> int:
        """In how many countries there is nobody."""
        return sum(not row.total for row in self.countries)


def partners(organizations, countries: "Iterable[Country]", with_international: bool = True) -> Partners:
    """Where `organizations` are among `countries`, in one query."""
    found = defaultdict(Counter)
    counts = organizations.order_by().values_list("country", "kind").annotate(number=Count("pk", distinct=True))
    for country, kind, number in counts:
        found[country][kind] = number
    rows = [CountryPartners(country, found[country.pk]) for country in countries]
    return Partners(rows, found[None] if with_international else Counter())
