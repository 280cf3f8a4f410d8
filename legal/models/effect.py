"""Effect: what our help changed: the articles that a country meets further than before we helped, and the laws that
followed. That one came after the other is a fact; that it came of it is for the reader to judge."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from legal.models.assistance import Assistance
from legal.models.gaps import Line, gap_matrix
from legal.models.law import NationalLaw
from legal.models.work import Work
from network.models import Country


@dataclass(frozen=True)
class Effect:
    """What has changed against one standard since we began to help."""

    standard: Work
    lines: list[Line]


def effects(assistance: Assistance, viewer, on: datetime.date | None = None) -> list[Effect]:
    """Of each instrument that `assistance` is about: the articles that were otherwise on the day before it began than
    on the day `on` (today), as far as `viewer` sees; of those that it is about, where it names some."""
    since = assistance.since - datetime.timedelta(days=1)
    named = set(assistance.provisions.values_list("pk", flat=True))
    found = []
    for instrument in assistance.instruments.filter(pk__in=Work.objects.visible_to(viewer).values("pk")):
        changed = gap_matrix(assistance.country, instrument, viewer, on, since).changed
        lines = [line for line in changed if not named or named & set(line.unit.keys)]
        if lines:
            found.append(Effect(instrument, lines))
    return found


def laws_that_followed(assistance: Assistance, viewer):
    """Those that somebody has linked, as far as `viewer` may read them."""
    return assistance.laws.visible_to(viewer).order_by("dated_on", "pk")


def laws_since(assistance: Assistance, on: datetime.date | None = None):
    """Laws of the country that came after we began to help, and that nobody has linked yet: to be asked about."""
    later = NationalLaw.objects.filter(country=assistance.country, dated_on__gte=assistance.since)
    return later.filter(dated_on__lte=on or timezone.localdate()).exclude(pk__in=assistance.laws.values("pk"))


def helped(country: Country, standard: Work, since: datetime.date, on: datetime.date, viewer):
    """What `country` asked for about `standard` that began between the two days: all that `viewer` may see of our
    work, and otherwise that whose outcome is published."""
    seen = Assistance.objects.filter(instruments=standard.pk, country=country)
    between = [one for one in seen.select_related("country") if since <= one.since <= on]
    may_see = set(Assistance.objects.visible_to(viewer).filter(pk__in=[one.pk for one in between]).values_list("pk"))
    return [one for one in between if one.is_public or (one.pk,) in may_see]
