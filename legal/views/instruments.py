"""Instruments for readers: the list, and the page of one: facts, who is bound, what they said, what it says."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from legal.forms.readers import InstrumentsFilterForm, StatusFilterForm
from legal.models import Act, Instrument, Participation, Standing, Statement, Status
from legal.models.roll import Line, roll, tally
from legal.models.standing import CONSENTS
from legal.views.texts import TextPart
from network.forms import alphabetically
from network.labels import language_name
from network.views.answers import public, too_many
from network.viewsets.country import REGIONS
from network.viewsets.records import harmless

# How a status is drawn as a tile, and told as a tag.
TILES = {
    Status.PARTY: "full",
    Status.BOUND_LATER: "part",
    Status.PROVISIONAL: "provisional",
    Status.SIGNATORY: "planned",
    Status.WITHDRAWN: "ended",
    Status.NONE: "none",
}


TONES = {Status.PARTY: "good", Status.WITHDRAWN: "bad", Status.NONE: ""}  # of its tag; of all others: wait


def trail(*steps: tuple[str, str]) -> list[dict]:
    """Where a page is, from the legal database down; the last step is the page itself."""
    return [{"label": label, "url": url} for label, url in ((_("Legal database"), reverse("legal:index")), *steps)]


# -- the list


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """Those that readers may see, the newest first, with how many are bound."""
    form = InstrumentsFilterForm(request.GET)
    found = Instrument.objects.visible_to(request.user).matching(form.said("q"))
    if form.said("topic"):
        found = found.filter(topics__slug=form.said("topic"))
    shown = list(found.prefetch_related("topics").newest_first())
    standings = Participation.objects.filter(instrument__in=[one.pk for one in shown]).standings()
    counts: dict[int, list] = {one.pk: [] for one in shown}
    for (instrument, _country), standing in standings.items():
        counts[instrument].append(standing)
    entries = [_entry(one, tally(counts[one.pk])) for one in shown if _is_asked(one, form.said("force"))]
    steps = trail((_("Instruments"), ""))
    return public(
        request, render(request, "legal/instruments.html", {"form": form, "entries": entries, "trail": steps})
    )


def _is_asked(instrument: Instrument, force: str) -> bool:
    return not force or (force == "yes") == (instrument.in_force_on is not None)


def _entry(instrument: Instrument, counts: dict[Status, int]) -> dict:
    foot = [f"{status.label}: {count}" for status, count in counts.items()]
    if instrument.in_force_on:
        foot.insert(0, _("in force since %(day)s") % {"day": date_format(instrument.in_force_on)})
    tag = "" if instrument.is_published else _("draft")
    return {
        "title": instrument.name,
        "url": instrument.get_absolute_url(),
        "eyebrow": date_format(instrument.dated_on) if instrument.dated_on else "",
        "text": str(instrument.title) if str(instrument.title) != instrument.name else "",
        "foot": [*foot, *map(str, instrument.topics.all())],
        "tag": tag,
        "tag_kind": "wait",
    }


# -- one of them


@require_safe
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an instrument as it stands on `?on=`, of a `?region=` and a `?status=`."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    found = asked_instrument(request, slug)
    form = StatusFilterForm(request.GET)
    lines = roll(found, form.day)
    shown = narrowed(lines, form)
    context = {
        "work": found,
        "form": form,
        "on": form.day,
        "trail": trail((_("Instruments"), reverse("legal:instruments")), (found.name, "")),
        "facts": facts(found),
        "numbers": numbers(lines),
        "tiles": [tile(line) for line in alphabetically(shown, _name)],
        "tile_columns": [_("Country"), _("Status")],
        "regions": regions(shown, found),
        "statements": statements(found, form),
        "as_at": found.participations.aggregate(day=Max("as_at"))["day"],
        "sources": sources(found.participations.all()),
        "part": TextPart(found, request.GET.get("language", ""), form.day if request.GET.get("on") else None),
        "csv_url": f"{reverse('legal:instrument_status', args=[slug])}?{request.GET.urlencode()}",
    }
    return public(request, render(request, "legal/instrument.html", context))


def asked_instrument(request: HttpRequest, slug: str) -> Instrument:
    """With all that its page says; 404 for who may not see it."""
    visible = Instrument.objects.visible_to(request.user).select_related("verified_by")
    return get_object_or_404(visible.prefetch_related("topics", "expressions", "participations"), slug=slug)


def narrowed(lines: Iterable[Line], form: StatusFilterForm) -> list[Line]:
    region, status = form.said("region"), form.said("status")
    return [
        line
        for line in lines
        if (not region or line.country.region == region) and (not status or line.standing.status == status)
    ]


def facts(one: Instrument) -> list[tuple[str, object]]:
    """What is known of it, as label and value."""
    told = [
        (_("Title"), str(one.title)),
        (_("Adopted"), " · ".join(filter(None, [one.dated_on and date_format(one.dated_on), one.place]))),
        (_("Opened for signature"), one.opened_on and date_format(one.opened_on)),
        (_("Entry into force"), in_force(one)),
        (_("By its terms"), str(one.in_force_clause)),
        (_("Depositary"), one.depositary),
        (_("Registration"), one.registration),
        (_("Authentic languages"), ", ".join(map(language_name, one.authentic_languages))),
        (_("Topics"), ", ".join(map(str, one.topics.all()))),
    ]
    return [(label, value) for label, value in told if value]


def in_force(one: Instrument) -> str:
    """Since when it is in force, or what is missing."""
    if one.in_force_on:
        return date_format(one.in_force_on)
    if since := one.force().since:
        return _("%(day)s, computed from the deposits") % {"day": date_format(since)}
    if one.deposits_needed:
        missing = max(one.deposits_needed - one.deposits(), 0)
        told = ngettext("%(count)s more deposit is needed", "%(count)s more deposits are needed", missing)
        return told % {"count": missing}
    return ""


def numbers(lines: Iterable[Line]) -> list[dict]:
    counted = tally(line.standing for line in lines)
    return [{"value": count, "label": status.label} for status, count in counted.items() if status != Status.NONE]


def tile(line: Line) -> dict:
    standing = line.standing
    return {
        "code": line.country.pk,
        "label": _name(line),
        "status": TILES[standing.status],
        "words": standing.label,
        "url": country_url(line.country.pk),
    }


def country_url(code: str) -> str:
    return reverse("legal:country", args=[code])


def _name(line: Line) -> str:
    return str(line.country)


# -- the table of who is bound


@dataclass(frozen=True)
class Region:
    """The countries of a region: `rows` of those that did something, `others` of whom nothing is known."""

    key: str
    label: str
    rows: list[dict]
    others: list[dict]


def regions(lines: Sequence[Line], one: Instrument) -> list[Region]:
    """`lines` by region, in alphabetical order."""
    found = []
    for key, label in [*REGIONS.items(), ("", _("No region"))]:
        here = alphabetically([line for line in lines if line.country.region == key], _name)
        if here:
            rows = [row(line) for line in here if line.acts]
            others = [{"label": _name(line), "url": country_url(line.country.pk)} for line in here if not line.acts]
            found.append(Region(key or "none", str(label), rows, others))
    return found


def row(line: Line) -> dict:
    standing = line.standing
    return {
        "label": _name(line),
        "url": country_url(line.country.pk),
        "status": standing.label,
        "tone": TONES.get(standing.status, "wait"),
        "when": when(standing),
        "acts": "; ".join(map(act_words, line.acts)),
    }


def when(standing: Standing) -> str:
    """Since when it stands so, and until when, as far as that is known."""
    days = {name: date_format(day) for name in ("since", "until") if (day := getattr(standing, name))}
    if len(days) == 2:
        return _("since %(since)s, until %(until)s") % days
    return _("since %(since)s") % days if days else ""


def act_words(one: Participation) -> str:
    said = f"{one.get_act_display()}: {date_format(one.acted_on)}"
    if one.effective_on:
        said += " " + _("(takes effect %(day)s)") % {"day": date_format(one.effective_on)}
    return f"{said} ({one.note})" if one.note else said


def sources(acts: Iterable[Participation]) -> list[dict]:
    """Who says so, each once, with the newest day on which they did."""
    found: dict[tuple[str, str], dict] = {}
    for one in acts:
        if one.source or one.source_url:
            key = one.source, one.source_url
            entry = found.setdefault(key, {"label": one.source or one.source_url, "url": one.source_url, "as_at": None})
            entry["as_at"] = max(filter(None, [entry["as_at"], one.as_at]), default=None)
    return sorted(found.values(), key=lambda entry: str(entry["as_at"] or ""), reverse=True)


def statements(one: Instrument, form: StatusFilterForm) -> list[dict]:
    """What countries said, by kind; what is withdrawn by the day is marked so."""
    made = one.statements.filter(made_on__lte=form.day).select_related("country", "objects_to__country")
    if form.said("region"):
        made = made.filter(country__region=form.said("region"))
    by_kind: dict[str, list[Statement]] = {}
    for statement in made.prefetch_related("provisions").in_order():
        statement.is_standing = statement.stands(form.day)
        by_kind.setdefault(statement.kind, []).append(statement)
    return [{"label": label, "statements": by_kind[kind]} for kind, label in Statement.Kind.choices if kind in by_kind]


# -- as a table for other programs


@require_safe
def instrument_status(request: HttpRequest, slug: str) -> HttpResponse:
    """The status table as CSV, narrowed down as the page is."""
    found = asked_instrument(request, slug)
    form = StatusFilterForm(request.GET)
    lines = alphabetically(narrowed(roll(found, form.day), form), _name)
    return public(request, sheet(f"{found.slug}-{form.day}", status_rows(lines)))


def status_rows(lines: Iterable[Line]) -> Iterator[list]:
    yield [
        *(_("code"), _("country"), _("region"), _("status"), _("status in words"), _("since"), _("until")),
        *(_("signed"), _("consent"), _("consented"), _("takes effect"), _("withdrew"), _("source"), _("as at")),
    ]
    for line in lines:
        standing, acts = line.standing, line.acts
        signed = next((one for one in acts if one.act == Act.SIGNATURE), None)
        consent = next((one for one in reversed(acts) if one.act in CONSENTS), None)
        left = next((one for one in reversed(acts) if one.act == Act.WITHDRAWAL), None)
        last = acts[-1] if acts else None
        yield [
            *(line.country.pk, _name(line), line.country.region, standing.status.value, standing.label),
            *(standing.since or "", standing.until or "", signed.acted_on if signed else ""),
            *((consent.act, consent.acted_on, consent.effective_on or "") if consent else ("", "", "")),
            left.acted_on if left else "",
            *((last.source, last.as_at or "") if last else ("", "")),
        ]


def sheet(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """`rows` as a file in CSV; no cell is taken for a formula."""
    text = io.StringIO()
    text.write("\ufeff")  # without it, a spreadsheet takes the letters for those of its own country
    csv.writer(text).writerows([harmless(str(cell)) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
