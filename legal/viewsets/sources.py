"""What the law tells the timelines of countries, organizations and people, and what it holds of people."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from legal.models import AdvisoryMission, Assistance, Availability, SavedSearch, Suggestion
from network.models import Country
from network.viewsets.timeline import Entry, Source


def noon(day: datetime.date) -> datetime.datetime:
    """A moment on `day`, for what is known by its day alone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def assistance(subject, viewer, before, limit) -> list[Entry]:
    """What was asked of us, on the day it came in, and on the day it was over."""
    told = []
    for one in Assistance.objects.visible_to(viewer).about(subject).select_related("country", "owner"):
        title, facts = f"{one.country}: {one}", {"url": one.desk_url, "by": str(one.owner), "is_day": True}
        told.append(Entry(noon(one.received_on), title, detail=one.get_state_display(), **facts))
        if one.ended_on:
            ended = str(one.outcome) or one.state_reason
            told.append(Entry(noon(one.ended_on), title, detail=f"{one.get_state_display()}: {ended}", **facts))
    return newest(told, before, limit)


def advisory_missions(subject, viewer, before, limit) -> list[Entry]:
    """Who went for it; on the timeline of a person, where that person went."""
    requests = Assistance.objects.visible_to(viewer).about(subject)
    found = AdvisoryMission.objects.filter(assistance__in=requests.values("pk"))
    if isinstance(subject, Person):
        found = found.filter(advisers__person=subject)
    told = [
        Entry(
            noon(one.starts_on),
            f"{one.assistance.country}: {one}",
            one.assistance.desk_url,
            one.report,
            ", ".join(str(adviser) for adviser in one.advisers.all()),
            is_day=True,
        )
        for one in found.select_related("assistance__country").prefetch_related("advisers__person")
    ]
    return newest(told, before, limit)


def suggestions(subject, viewer, before, limit) -> list[Entry]:
    """What focal points said of the law: of a country, or by a person."""
    if not isinstance(subject, Person | Country):
        return []
    whose = {"person": subject} if isinstance(subject, Person) else {"country": subject}
    found = Suggestion.objects.visible_to(viewer).filter(suggested_at__lt=before, **whose)
    return [
        Entry(
            one.suggested_at,
            str(one),
            reverse("suggestion:inspect", args=[one.pk]),
            " · ".join(filter(None, (one.get_state_display(), one.answer))),
            str(one.person or ""),
        )
        for one in found.select_related("country", "law", "person")[:limit]
    ]


def newest(told: list[Entry], before: datetime.datetime, limit: int) -> list[Entry]:
    return sorted((one for one in told if one.at < before), key=lambda one: one.at, reverse=True)[:limit]


def sources() -> list[Source]:
    return [
        Source("legal_assistance", _("Assistance"), "help", assistance),
        Source("legal_advisory", _("Advisory mission"), "globe", advisory_missions),
        Source("legal_suggestion", _("Suggestion"), "comment", suggestions),
    ]


def dossier_rows(people: list[Person]):
    """What belongs to `people` by something else that does, or by one of their addresses."""
    return [
        (Availability, Availability.objects.filter(expert__person__in=people)),
        (SavedSearch, SavedSearch.objects.held_of(people)),
    ]
