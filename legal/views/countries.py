"""A country in the legal database: what it is bound by, what it said, its laws, and its ratifications for those who may
see them. `legal_part` is also a part of the country's profile, together with `legal/_country.html`."""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legal.forms.readers import OnForm
from legal.models import Instrument, NationalLaw, Participation, Pathway, Standing, Statement, Status
from legal.models.participation import Standings
from legal.models.roll import Matrix
from legal.views.instruments import TONES, act_words, country_url, trail, when
from network.forms import alphabetically
from network.models import Country
from network.views.answers import public
from network.viewsets.country import REGIONS, region, subregion


@dataclass(frozen=True)
class Bond:
    """An instrument, where the country stands to it, and what it did."""

    instrument: Instrument
    standing: Standing
    acts: list[Participation]

    @property
    def row(self) -> dict:
        """As a row of the table."""
        return {
            "label": self.instrument.name,
            "url": self.instrument.get_absolute_url(),
            "status": self.standing.label,
            "tone": TONES.get(self.standing.status, "wait"),
            "when": when(self.standing),
            "acts": "; ".join(map(act_words, self.acts)),
        }


def legal_part(country: Country, viewer, on: datetime.date | None = None) -> dict:
    """What the legal database says of `country` to `viewer`, as it stands on the day `on` (today): the context of
    `legal/_country.html`."""
    on = on or timezone.localdate()
    instruments = list(Instrument.objects.visible_to(viewer).newest_first())
    acts = Participation.objects.filter(country=country, instrument__in=[one.pk for one in instruments])
    standings = acts.standings(on)
    done: dict[int, list[Participation]] = {}
    for one in acts.in_order():
        done.setdefault(one.instrument_id, []).append(one)
    bonds = [Bond(one, standings[one.pk, country.pk], done.get(one.pk, [])) for one in instruments]
    said = Statement.objects.visible_to(viewer).filter(country=country, made_on__lte=on)
    statements = list(said.select_related("instrument", "objects_to__country").in_order())
    for statement in statements:
        statement.is_standing = statement.stands(on)
    pathways = Pathway.objects.visible_to(viewer).filter(country=country).with_next()
    return {
        "country": country,
        "on": on,
        "bonds": [bond for bond in bonds if bond.acts],
        "rows": [bond.row for bond in bonds if bond.acts],
        "unbound": [bond.instrument for bond in bonds if not bond.acts],
        "statements": statements,
        "laws": NationalLaw.objects.visible_to(viewer).filter(country=country).newest_first(),
        "pathways": pathways.select_related("instrument", "country", "owner").by_due(),
    }


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a country as it stands on `?on=`."""
    found = get_object_or_404(Country, pk=code.upper())
    form = OnForm(request.GET)
    context = {
        **legal_part(found, request.user, form.day),
        "form": form,
        "trail": trail((_("Countries"), reverse("legal:countries")), (str(found), "")),
        "facts": [(_("Region"), region(found)), (_("Subregion"), subregion(found))],
        "news_url": f"{reverse('legal:changes')}?country={found.pk}",
    }
    return public(request, render(request, "legal/country.html", context))


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """Every country by region, with how many instruments it is bound by."""
    form = OnForm(request.GET)
    instruments = list(Instrument.objects.visible_to(request.user))
    found = Matrix.of(instruments, alphabetically(Country.objects.all()), form.day)
    bound = _bound(found.standings)
    groups = [
        {
            "label": str(label),
            "countries": [
                {"label": str(one), "url": country_url(one.pk), "count": bound.get(one.pk, 0)}
                for one in found.countries
                if one.region == key
            ],
        }
        for key, label in [*REGIONS.items(), ("", _("No region"))]
    ]
    context = {
        "form": form,
        "groups": [group for group in groups if group["countries"]],
        "total": len(instruments),
        "trail": trail((_("Countries"), "")),
    }
    return public(request, render(request, "legal/countries.html", context))


def _bound(standings: Standings) -> dict[str, int]:
    """Code -> by how many instruments a country is bound."""
    counted: dict[str, int] = {}
    for (_instrument, code), standing in standings.items():
        if standing.status == Status.PARTY:
            counted[code] = counted.get(code, 0) + 1
    return counted
