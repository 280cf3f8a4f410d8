"""The page of a table: each thing that it says a country did, beside what is recorded; what differs is chosen row by
row. And what is done with it, each a POST that calls one verb."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton

from legal.models import StatusRow, StatusTable
from legal.viewsets.status_tables.steps import OfTable
from network.changes import in_words
from network.models import key_in
from network.viewsets.records import Chunks, RecordIndexView, RecordInspectView, harmless

State, Verdict = StatusTable.State, StatusRow.Verdict
PER_PAGE = 100
TONES = {"NEW": "create", "DIFFERS": "update", "DISPUTED": "update", "SAME": "same", "REFUSED": "refuse"}


class StatusIndexView(RecordIndexView):
    results_template_name = "legal/desk/status_results.html"
    related = ("by",)
    export_values = {"state": StatusTable.get_state_display}
    title_label = gettext_lazy("File")
    add_item_label = gettext_lazy("Load a status table")

    def search_queryset(self, queryset):
        return queryset.filter(name__icontains=self.search_query) if self.is_searching else queryset


LIST_DISPLAY = [
    StatusTagColumn(
        "state",
        label=gettext_lazy("State"),
        accessor="get_state_display",
        primary=lambda table: table.state != State.DONE,
    ),
    Column("source", label=gettext_lazy("Source")),
    DateColumn("as_at", label=gettext_lazy("As at"), sort_key="as_at"),
    Column("total", label=gettext_lazy("Rows"), sort_key="total"),
    Column("by", label=gettext_lazy("By")),
    DateColumn("created_at", label=gettext_lazy("Uploaded"), sort_key="created_at"),
]


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Line:
    """One row as it is shown: `said` in the table, `changes` where that differs (label, recorded, in the table)."""

    row: StatusRow
    who: str
    said: str
    changes: list[tuple[str, str, str]]
    tone: str


class StatusInspectView(RecordInspectView):
    template_name = "legal/desk/status_table.html"

    def facts(self):
        table = self.object
        return [
            (_("source"), table.source),
            (_("address of the source"), table.source_url),
            (_("as at"), date_format(table.as_at)),
            (_("rows"), table.total),
            (_("state"), table.get_state_display()),
            (_("by"), table.by),
            (_("uploaded"), table.created_at),
            (_("recorded"), table.recorded_at),
        ]

    @cached_property
    def header_buttons(self):
        table = self.object
        if table.state == State.DONE:
            return []
        steps = [("columns", _("Choose columns"))]
        if table.state != State.READ:
            steps.append(("names", _("Name the treaties")))
        return [
            HeaderButton(label, url=reverse(f"statustable:{name}", args=[table.pk]), icon_name="edit")
            for name, label in steps
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.object.counts()

    def get_context_data(self, **kwargs):
        table, page = self.object, self.page()
        return super().get_context_data(
            table=table,
            is_open=table.state == State.JUDGED,
            tabs=self.tabs(),
            show=self.show,
            is_of_one=len(set(table.instruments.values())) == 1,
            page=page,
            lines=[line(row) for row in page],
            counts=self.counts,
            taken=table.rows.taken().count(),
            earlier=table.before if table.state != State.DONE else None,
            **kwargs,
        )

    def tabs(self) -> list[Tab]:
        found = [Tab(name, str(label), self.counts.get(name, 0)) for name, label in Verdict.choices]
        return [Tab("", _("All"), sum(self.counts.values())), *(tab for tab in found if tab.count)]

    @cached_property
    def show(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in Verdict.values else ""

    def page(self) -> Page:
        rows = self.object.rows.select_related("country", "instrument", "ours").in_order()
        shown = rows.filter(verdict=self.show) if self.show else rows
        return Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p"))


def line(row: StatusRow) -> Line:
    said = [row.get_act_display(), row.acted_on and date_format(row.acted_on)]
    if row.effective_on:
        said.append(_("takes effect %(day)s") % {"day": date_format(row.effective_on)})
    changes = [(_(label), *(in_words(label, side) for side in sides)) for label, *sides in row.changes]
    who = str(row.country or row.written_country)
    return Line(row, who, ", ".join(filter(None, said)), changes, TONES[row.verdict])


class ActView(OfTable, View):
    """A POST that calls one verb of a table."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        try:
            self.act()
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect(self.after())

    def act(self) -> None:
        raise NotImplementedError

    def after(self) -> str:
        return reverse("statustable:inspect", args=[self.kwargs["pk"]])


class DecideView(ActView):
    """What is ticked on a page is taken, what is not is left; or all that differs; then perhaps it is recorded."""

    def act(self):
        sent, by = self.request.POST, self.request.user
        if sent.get("all") in ("take", "leave"):
            self.warn(self.table.decide_all(Verdict.DIFFERS, sent["all"] == "take", by=by))
            return
        taken = {key_in(text) for text in sent.getlist("taken")}
        shown = [key for text in sent.getlist("row") if (key := key_in(text))]
        if shown:
            self.warn(self.table.decide({key: key in taken for key in shown}, by=by))
        if sent.get("act") == "record":
            self.record()
        else:
            messages.success(self.request, _("Your choice is kept."))

    def warn(self, given_way: int) -> None:
        if given_way:
            sentence = _("Of rows that say different things of the same act, only the last one is ticked.")
            messages.warning(self.request, sentence)

    def record(self) -> None:
        count = self.table.record(by=self.request.user)
        told = ngettext("%(count)s row was recorded.", "%(count)s rows were recorded.", count)
        messages.success(self.request, told % {"count": count})

    def after(self):
        """The page as it was; what is recorded now is shown whole."""
        asked = QueryDict(self.request.POST.get("back", ""))
        query = urlencode({name: asked[name] for name in ("show", "p") if name in asked})
        return super().after() if self.request.POST.get("act") == "record" else f"{super().after()}?{query}#rows"


class DiscardView(ActView):
    def act(self):
        self.table.discard(by=self.request.user)
        messages.success(self.request, _("The file and its rows are deleted; nothing was recorded."))

    def after(self):
        is_there = StatusTable.objects.filter(pk=self.kwargs["pk"]).exists()
        return super().after() if is_there else reverse("statustable:index")


class RefusedView(OfTable, View):
    """The refused rows with the file, the row and the reason of each, for whoever keeps the table."""

    def get(self, request, **_where):
        response = StreamingHttpResponse(self.lines(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{self.table.pk}.csv"'
        return response

    def lines(self) -> Iterator[str]:
        sheet = csv.writer(_Echo())
        yield "\ufeff"  # without it, a spreadsheet takes the letters for those of its own country
        yield sheet.writerow([_("File"), _("Row"), _("Country"), _("Treaty"), _("Act"), _("Reason")])
        for row in Chunks(self.table.rows.filter(verdict=Verdict.REFUSED).in_order()):
            said = (row.written_country, row.written_treaty, row.get_act_display(), row.reason)
            yield sheet.writerow([harmless(self.table.name), row.number, *map(harmless, map(str, said))])


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
