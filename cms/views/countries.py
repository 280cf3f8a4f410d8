"""A country: by what it is bound, its laws, how far they meet conventions, what we did for it, and where people meet.
Here the law, the events and the people stand side by side; below, they do not know each other."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from events.models import Event, FormalLetter
from legal.models import (
    Assistance,
    Authority,
    CaseStudy,
    Correspondence,
    Instrument,
    NationalLaw,
    Participation,
    Standing,
    Work,
)
from legal.models.gaps import GapMatrix, gap_matrix
from network.forms import alphabetically
from network.models import Country
from network.views.answers import public, too_many
from network.viewsets.country import region

FORUMS = (Event.Kind.FORUM, Event.Kind.CONFERENCE)
MOST = 50  # laws and cases on a page
TRAININGS = 20


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """The countries of which there is something to read, by region."""
    viewer = request.user
    known = set(Work.objects.visible_to(viewer).exclude(country=None).values_list("country", flat=True))
    known |= set(Participation.objects.visible_to(viewer).values_list("country", flat=True))
    known |= set(Correspondence.objects.visible_to(viewer).exclude(country=None).values_list("country", flat=True))
    known |= set(Assistance.objects.published().values_list("country", flat=True))
    by_region = defaultdict(list)
    for country in alphabetically(Country.objects.filter(pk__in=known)):
        by_region[region(country)].append(country)
    return public(request, render(request, "cms/countries.html", {"regions": sorted(by_region.items())}))


@require_safe
def country(request: HttpRequest, code: str) -> HttpResponse:
    """The profile of a country; its competent authorities for those who may see them."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    found = get_object_or_404(Country, pk=code)
    return public(request, render(request, "cms/country.html", profile(found, request.user)))


def profile(country: Country, viewer) -> dict:
    """What the house tells `viewer` of `country`, on the page and on paper."""
    laws = NationalLaw.objects.visible_to(viewer).filter(country=country).newest_first()
    cases = CaseStudy.objects.visible_to(viewer).filter(country=country).newest_first()
    return {
        "country": country,
        "region": region(country),
        "participations": participations(country, viewer),
        "laws": laws[:MOST],
        "cases": cases[:MOST],
        "gaps": gap_summaries(country, viewer),
        "assistance": Assistance.objects.published().filter(country=country).order_by("-ended_on", "-pk"),
        "trainings": trainings(country, viewer)[:TRAININGS],
        "forums": forums(country, viewer),
        "next_forum": next_forum(viewer),
        "authorities": Authority.objects.visible_to(viewer).filter(country=country).select_related("organization"),
    }


def participations(country: Country, viewer) -> list[tuple[Work, Standing]]:
    """Where it stands today towards each instrument of which something is recorded, the newest instrument first."""
    standings = Participation.objects.visible_to(viewer).filter(country=country).standings()
    instruments = Instrument.objects.filter(pk__in={key for key, _country in standings}).newest_first()
    return [(instrument, standings[instrument.pk, country.pk]) for instrument in instruments]


def gap_summaries(country: Country, viewer) -> list[GapMatrix]:
    """The matrix of each instrument and model law against which something of its law was graded."""
    graded = Correspondence.objects.visible_to(viewer).as_of().filter(country=country)
    kinds = (Work.Kind.INSTRUMENT, Work.Kind.MODEL)
    standards = Work.objects.visible_to(viewer).filter(kind__in=kinds, pk__in=graded.values("standard__work"))
    return [gap_matrix(country, one, viewer) for one in standards.prefetch_related("expressions")]


def trainings(country: Country, viewer):
    """Those that took place there, and those at which its people got certificates; the last first."""
    attended = FormalLetter.objects.trained().with_origins().filter(nation=country.pk).values("event")
    held = Event.objects.visible_to(viewer).announced().exclude(status=Event.Status.CANCELLED)
    there = held.filter(kind=Event.Kind.TRAINING)
    found = there.filter(venue__country=country) | there.filter(pk__in=attended)
    return found.select_related("venue__country", "curriculum").order_by("-starts_on", "pk")


def forums(country: Country, viewer):
    """Those held there, coming or past, the last first."""
    held = Event.objects.visible_to(viewer).announced().exclude(status=Event.Status.CANCELLED)
    return held.filter(kind__in=FORUMS, venue__country=country).select_related("venue__country").order_by("-starts_on")


def next_forum(viewer) -> Event | None:
    """The next that is announced, wherever it is."""
    coming = Event.objects.visible_to(viewer).announced().exclude(status=Event.Status.CANCELLED).coming()
    return coming.filter(kind__in=FORUMS).select_related("venue__country").order_by("starts_on", "pk").first()
