"""Roll: where each country stands to an instrument, or to many of them, on a day; as readers see it."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from legal.models.instrument import Instrument
from legal.models.participation import Participation, Standings
from legal.models.standing import NOTHING, Standing, Status, standing_of
from network.models import Country

# Entries of ISO 3166-1 that do not become parties in the practice of depositaries ("all States": the members of the
# United Nations, the Holy See, the State of Palestine, the Cook Islands and Niue). They are listed where they did
# something themselves, as customs territories do.
OTHERS = frozenset(
    {
        *("AX", "AS", "AI", "AQ", "AW", "BM", "BQ", "BV", "IO", "VG", "KY", "CX", "CC"),
        *("CW", "FK", "FO", "GF", "PF", "TF", "GI", "GL", "GP", "GU", "GG", "HM", "HK"),
        *("IM", "JE", "MO", "MQ", "YT", "MS", "NC", "NF", "MP", "PN", "PR", "RE", "BL"),
        *("SH", "MF", "PM", "SX", "GS", "SJ", "TK", "TC", "UM", "VI", "WF", "EH", "TW"),
    }
)


@dataclass(frozen=True)
class Line:
    """A country, where it stands, and what it did, in order."""

    country: Country
    standing: Standing
    acts: list[Participation] = field(default_factory=list)


def roll(instrument: Instrument, on: datetime.date | None = None) -> list[Line]:
    """A line for each country: all States, and whoever else did something. Two queries."""
    on = on or timezone.localdate()
    acts: dict[str, list[Participation]] = {}
    for one in instrument.participations.all():
        acts.setdefault(one.country_id, []).append(one)
    force = instrument.force()
    return [
        Line(country, standing_of(acts.get(country.pk, ()), on, force), _in_order(acts.get(country.pk, ())))
        for country in listed(Country.objects.all(), acts)
    ]


def _in_order(acts: Iterable[Participation]) -> list[Participation]:
    return sorted(acts, key=lambda one: (one.acted_on, one.pk))


def listed(countries: Iterable[Country], acting: Iterable[str]) -> list[Country]:
    """Those of `countries` that a table shows, of which those with the codes `acting` did something."""
    hidden = OTHERS.difference(acting)
    return [country for country in countries if country.pk not in hidden]


def tally(standings: Iterable[Standing]) -> dict[Status, int]:
    """How many stand where, in the order of the statuses."""
    counted = Counter(standing.status for standing in standings)
    return {status: counted[status] for status in Status if counted[status]}


@dataclass(frozen=True)
class Matrix:
    """Countries by instruments on a day."""

    on: datetime.date
    countries: Sequence[Country]
    instruments: Sequence[Instrument]
    standings: Standings

    def standing(self, country: Country, instrument: Instrument) -> Standing:
        return self.standings.get((instrument.pk, country.pk), NOTHING)

    @classmethod
    def of(
        cls, instruments: Sequence[Instrument], countries: Iterable[Country], on: datetime.date | None = None
    ) -> "Matrix":
        """One query for all standings, or two (see `standings`)."""
        on = on or timezone.localdate()
        found = Participation.objects.filter(instrument__in=[one.pk for one in instruments]).standings(on)
        acting = {code for _instrument, code in found}
        return cls(on, listed(countries, acting), instruments, found)
