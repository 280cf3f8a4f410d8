"""Gap matrices as sheets: a row for each provision of a country that meets an article, or for each country."""

import csv
from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _

from legal.models.gaps import GapMatrix, GroupGaps, Line, Meeting
from network.viewsets.records import harmless


def country_sheet(matrix: GapMatrix) -> HttpResponse:
    heads = [_("Country code"), _("Article"), _("Anchor"), _("Grade"), _("Grade before"), _("Model articles")]
    heads += [_("Law"), _("Provision"), _("Of which part"), _("Relation"), _("Grade of the provision"), _("Why")]
    heads += [_("Evidence"), _("Assessed"), _("Reviewed")]
    rows = [cells for line in matrix.lines for cells in _line(matrix, line)]
    return _sheet(f"gaps-{matrix.country.pk}-{matrix.standard.slug}-{matrix.on}.csv", [heads, *rows])


def group_sheet(found: GroupGaps) -> HttpResponse:
    heads = [_("Country code"), _("Country"), *(unit.label for unit in found.units)]
    rows = [[row.country.pk, str(row.country), *(str(grade.label) for grade in row.grades)] for row in found.rows]
    return _sheet(f"gaps-{found.standard.slug}-{found.on}.csv", [heads, *rows])


def _line(matrix: GapMatrix, line: Line) -> Iterator[list[str]]:
    models = "; ".join(f"{one.row.provision.work}: {one.label}" for one in line.models)
    before = str(line.before.label) if line.before else ""
    about = [matrix.country.pk, line.unit.label, line.unit.eid, str(line.grade.label), before, models]
    for one in line.national or [None]:
        yield [*about, *(_meeting(one) if one else [""] * 9)]


def _meeting(one: Meeting) -> list[str]:
    row = one.row
    law = str(row.provision.work) if row.provision else ""
    said = [law, one.label, one.of, row.get_relation_display(), row.get_grade_display(), row.rationale, row.evidence]
    return [*said, row.assessed_on.isoformat(), row.reviewed_on.isoformat() if row.reviewed_on else ""]


def _sheet(name: str, rows: list[list[str]]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows([[harmless(cell) for cell in row] for row in rows])
    return response
