"""The brief on a country: on paper, in the reader's language, what the profile of the country shows that reader."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.views.countries import profile
from contacts import pdf
from legal.models import Authority
from network.labels import language_name
from network.models import Country
from network.views.answers import too_many

Record = list[tuple[str, str]]


@never_cache
@require_safe
def country_brief(request: HttpRequest, code: str) -> HttpResponse:
    """The brief as PDF. What is for few eyes stands in the brief of those alone who see it on the page."""
    country = get_object_or_404(Country, pk=code)
    if braked := too_many(request, "brief", most=30):
        return braked
    facts = profile(country, request.user)
    day = date_format(timezone.localdate())
    content = pdf.sheet(
        _("Country brief: %(country)s") % {"country": country},
        _("What the legal database says on %(day)s.") % {"day": day},
        [section for section in sections(facts) if any(section.records)],
        language=get_language(),
        footer=f"{country} · {day}",
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="brief-{country.pk.lower()}-{get_language()}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response


def sections(facts: dict) -> list[pdf.Section]:
    """What the paper says, in the order of the page; `facts` are those of the page."""
    return [
        pdf.Section(_("By what it is bound"), [bound(facts["participations"])]),
        pdf.Section(_("How far its law meets conventions"), [gap(matrix) for matrix in facts["gaps"]]),
        pdf.Section(_("Laws"), [laws(facts["laws"])]),
        pdf.Section(_("What we helped with"), [helped(one) for one in facts["assistance"]]),
        pdf.Section(_("Competent authorities"), [authority(one) for one in facts["authorities"]]),
        pdf.Section(_("Trainings"), [[(event.dates, str(event.title)) for event in facts["trainings"]]]),
        pdf.Section(_("Forums held here"), [[(event.dates, str(event.title)) for event in facts["forums"]]]),
    ]


def bound(participations) -> Record:
    return [(instrument.name, stands(standing)) for instrument, standing in participations]


def stands(standing) -> str:
    since = date_format(standing.since) if standing.since else ""
    return " · ".join(filter(None, [str(standing.status.label), since]))


def gap(matrix) -> Record:
    counts = " · ".join(f"{grade.label}: {count}" for grade, _sign, count in matrix.counts if count)
    missing = ", ".join(line.unit.label for line in matrix.gaps)
    return [(matrix.standard.name, counts), *([(_("Gaps"), missing)] if missing else [])]


def laws(found) -> Record:
    return [(law.name, " · ".join(filter(None, [law.number, str(law.status_on().label)]))) for law in found]


def helped(one) -> Record:
    return [(f"{one.get_kind_display()}: {one.title}", str(one.outcome))]


def authority(one: Authority) -> Record:
    languages = ", ".join(map(language_name, one.languages))
    told = [
        (one.get_function_display(), str(one.name)),
        (_("Languages accepted"), languages),
        (_("Channel"), str(one.channel)),
        (_("Requirements"), str(one.requirements)),
    ]
    return [(label, text) for label, text in told if text]
