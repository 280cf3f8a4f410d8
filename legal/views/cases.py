"""A case study for readers: what was done, who worked together, and what is to be learned."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from legal.models import CaseStudy
from legal.views.texts import TextPart, asked_work
from network.views.answers import public


def case(request: HttpRequest, slug: str) -> HttpResponse:
    """The case in the reader's language, with the instruments and provisions that were applied and, where there is one,
    the judgment."""
    work = asked_work(request, "cases", slug)
    applied = work.provisions.filter(work__in=work.instruments.model.objects.visible_to(request.user).values("pk"))
    context = {
        "work": work,
        "told": [(label, text) for label, text in told(work) if text],
        "short": [(label, text) for label, text in short(work) if text],
        "instruments": work.instruments.visible_to(request.user),
        "provisions": applied.select_related("work"),
        "part": TextPart.of(request, work),
    }
    return public(request, render(request, "legal/case.html", context))


def told(work: CaseStudy) -> list[tuple[str, str]]:
    """What is read."""
    return [
        (_("How it was done"), str(work.modus_operandi)),
        (_("Outcome"), str(work.outcome)),
        (_("Lessons"), str(work.lessons)),
    ]


def short(work: CaseStudy) -> list[tuple[str, str]]:
    """What is looked up."""
    return [
        (_("Goods"), str(work.goods)),
        (_("Route"), str(work.route)),
        (_("Seizure"), str(work.seizure)),
        (_("Countries"), ", ".join(str(country) for country in work.countries.all())),
        (_("Channels of cooperation"), ", ".join(work.channel_names)),
        (_("Topics"), ", ".join(str(topic) for topic in work.topics.all())),
    ]
