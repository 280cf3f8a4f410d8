"""The matrix: countries by instruments, as a page and as a table for other programs.

The cells are written here and not in a template: six thousand of them would take it longer than all the rest."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legal.forms.readers import MatrixFilterForm
from legal.models import Instrument, Status
from legal.models.roll import Matrix
from legal.views.instruments import TILES, country_url, sheet, trail
from network.forms import alphabetically
from network.models import Country
from network.pictures.world import SIGNS
from network.views.answers import public, too_many

MOST = 40  # instruments that a page shows


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """As it stands on `?on=`, of a `?region=`, a `?group=` and a `?topic=`."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    form = MatrixFilterForm(request.GET)
    found, is_cut = asked_matrix(request, form)
    context = {
        "form": form,
        "on": found.on,
        "trail": trail((_("Countries and instruments"), "")),
        "heads": heads(found),
        "body": body(found),
        "legend": [(TILES[status], SIGNS[TILES[status]], status.label) for status in Status],
        "count": len(found.countries),
        "most": MOST,
        "is_cut": is_cut,
        "csv_url": f"{reverse('legal:matrix_csv')}?{request.GET.urlencode()}",
    }
    return public(request, render(request, "legal/matrix.html", context))


@require_safe
def matrix_csv(request: HttpRequest) -> HttpResponse:
    """The same with every instrument, a column each; statuses by their codes."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    form = MatrixFilterForm(request.GET)
    found, _is_cut = asked_matrix(request, form, most=None)
    return public(request, sheet(f"matrix-{found.on}", rows(found)))


def asked_matrix(request: HttpRequest, form: MatrixFilterForm, most: int | None = MOST) -> tuple[Matrix, bool]:
    """What is asked for, and whether there are more instruments than are shown."""
    instruments = Instrument.objects.visible_to(request.user)
    if form.said("topic"):
        instruments = instruments.filter(topics__slug=form.said("topic"))
    shown = list(instruments.newest_first().only("slug", "title", "short_title", "kind", "is_published", "dated_on"))
    countries = Country.objects.all()
    if form.said("region"):
        countries = countries.filter(region=form.said("region"))
    if form.said("group"):
        countries = countries.filter(groups__slug=form.said("group"))
    found = Matrix.of(shown[:most], alphabetically(countries), form.day)
    return found, most is not None and len(shown) > most


def heads(found: Matrix) -> SafeString:
    cells = [
        format_html('<th scope="col"><a href="{}"><span>{}</span></a></th>', one.get_absolute_url(), one.name)
        for one in found.instruments
    ]
    return mark_safe("".join(cells))  # noqa: S308  (each part was escaped)


def body(found: Matrix) -> SafeString:
    cells = {
        status: f'<td class="is-{TILES[status]}"><b aria-hidden="true">{SIGNS[TILES[status]]}</b>'
        f'<span class="visually-hidden">{escape(status.label)}</span>'
        for status in Status
    }
    nothing = f"{cells[Status.NONE]}</td>"
    url = country_url("00").replace("00", "{}")
    standings, keys, lines = found.standings, [one.pk for one in found.instruments], []
    for country in found.countries:
        code = country.pk
        line = [f'<tr><th scope="row"><a href="{url.format(code)}">{escape(str(country))}</a></th>']
        for key in keys:
            standing = standings.get((key, code))
            if standing is None:
                line.append(nothing)
            else:
                line.append(f"{cells[standing.status]} {standing.since.year if standing.since else ''}</td>")
        lines.append("".join([*line, "</tr>"]))
    return mark_safe("".join(lines))  # noqa: S308  (each part was escaped)


def rows(found: Matrix) -> Iterator[list]:
    yield [_("code"), _("country"), _("region"), *(one.slug for one in found.instruments)]
    for country in found.countries:
        statuses = [found.standing(country, one).status.value for one in found.instruments]
        yield [country.pk, str(country), country.region, *statuses]
