"""The public gap matrices: many countries against an instrument or a model law, and one country article by article. Of
what was graded readers see what was reviewed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from legal.forms.gaps import GapForm, standards
from legal.models.effect import helped
from legal.models.gaps import gap_matrix, group_gaps
from legal.views.gap_sheets import country_sheet, group_sheet
from network.forms import alphabetically
from network.models import Country
from network.views.answers import public, too_many


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """How many countries meet each article, and which countries were graded."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    form = GapForm(request.GET, viewer=request.user)
    standard = form.chosen_standard
    if standard is None:
        return public(request, render(request, "legal/gaps.html", {"form": form}))
    found = group_gaps(alphabetically(form.countries), standard, request.user, form.asked.get("on"))
    if request.GET.get("export") == "csv":
        return public(request, group_sheet(found))
    assessed = [row for row in found.rows if row.is_assessed]
    context = {"form": form, "standard": standard, "found": found, "assessed": assessed, "export": _export(request)}
    return public(request, render(request, "legal/gaps.html", context))


@require_safe
def country_gaps(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """How far the law of a country meets each article, today or on the day `?on=`, compared with `?since=`."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    standard = get_object_or_404(standards(request.user), slug=slug)
    country = get_object_or_404(Country, pk=code)
    asked = GapForm(request.GET, viewer=request.user).asked
    matrix = gap_matrix(country, standard, request.user, asked.get("on"), asked.get("since"))
    if request.GET.get("export") == "csv":
        return public(request, country_sheet(matrix))
    found = helped(country, standard, matrix.since, matrix.on, request.user) if matrix.since else []
    context = {
        "matrix": matrix,
        "country": country,
        "standard": standard,
        "helped": [one for one in found if one.is_public],
        "export": _export(request),
    }
    return public(request, render(request, "legal/country_gaps.html", context))


def _export(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["export"] = "csv"
    return query.urlencode()
