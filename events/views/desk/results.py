"""The results of a questionnaire: charts with their tables, before and after, and all sheets as a file."""

import csv
import io

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from events import sheets as workbooks
from events.models import Item, Sheet
from events.models.results import by_group, comparison, items_of, shown_sheets, tallies, why_hidden
from events.models.sheet import ENOUGH
from events.views.desk.questionnaires import QuestionnaireView, summaries
from network.viewsets.records import harmless


class ResultsView(QuestionnaireView):
    """GET shows them; with a `format`, hands the sheets out."""

    template_name = "events/desk/questionnaire_results.html"
    page_title = gettext_lazy("Results")

    def get(self, request, **_where):
        if request.GET.get("format") in ("xlsx", "csv"):
            return self.file(request.GET["format"])
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **more):
        items = items_of(self.object)
        sheets = shown_sheets(self.object, self.request.user)
        counted = tallies(items, sheets)
        groups, by_groups = by_group(items, sheets)
        [summary] = summaries([self.object], self.object.event)
        return super().get_context_data(
            one=summary,
            why_hidden=why_hidden(self.object),
            enough=ENOUGH,
            tallies=counted,
            ratings=[tally for tally in counted if tally.mean is not None],
            groups=groups,
            by_groups=by_groups,
            comparison=comparison(self.object, self.request.user),
            people=self._people(sheets),
            **more,
        )

    def _people(self, sheets: list[Sheet]) -> list[Sheet]:
        """Who has which score; of feedback nobody."""
        scored = [sheet for sheet in sheets if sheet.registration and sheet.out_of]
        return sorted(scored, key=lambda sheet: (-sheet.score, sheet.registration.person.family_name))

    def file(self, kind: str) -> HttpResponse:
        if why_hidden(self.object):
            raise Http404
        headings, rows = table(items_of(self.object), shown_sheets(self.object, self.request.user), self.object)
        if kind == "xlsx":
            is_rtl = get_language_bidi()
            content = workbooks.workbook(_("Answers"), headings, rows, is_right_to_left=is_rtl)
        else:
            content = delimited([headings, *rows])
        response = HttpResponse(content, content_type=workbooks.XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
        name = f"{self.object.event.slug}-{self.object.kind.lower()}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def table(items: list[Item], sheets: list[Sheet], questionnaire) -> tuple[list[str], list[list[str]]]:
    """A row for each sheet. Of an anonymous questionnaire nothing but what was said, in the order of keys that were
    drawn by lot."""
    who = [] if questionnaire.is_anonymous else [_("Name"), _("Handed in"), _("Right answers"), _("Out of")]
    rows = [[*(_who(sheet) if who else []), *_words(items, sheet)] for sheet in sheets]
    return [*who, *map(str, items)], rows


def delimited(rows: list[list[str]]) -> bytes:
    """The rows as CSV that opens in a spreadsheet in any script, and in which no cell is taken for a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _who(sheet: Sheet) -> list[str]:
    score = ["", ""] if sheet.out_of is None else [str(sheet.score), str(sheet.out_of)]
    if sheet.registration is None:
        return [_("Erased"), "", *score]
    return [sheet.registration.person.name, date_format(sheet.at, "SHORT_DATETIME_FORMAT"), *score]


def _words(items: list[Item], sheet: Sheet) -> list[str]:
    said: dict[int, list[str]] = {}
    for answer in sheet.answers.all():
        said.setdefault(answer.item_id, []).append(answer.value if answer.item.kind == "RATING" else answer.words)
    return ["; ".join(said.get(item.pk, [])) for item in items]
