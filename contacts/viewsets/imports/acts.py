"""What is done with a contact file: each a POST that calls one verb; and what is fetched from it."""

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages

from contacts.models import ImportBatch
from contacts.models.imports.work import go_on
from contacts.viewsets.imports.batch import AT_WORK
from contacts.viewsets.imports.columns import OfBatch
from network.viewsets.records import Chunks, harmless


class ActView(OfBatch, View):
    """A POST that calls one verb of a batch; a short file is done at once."""

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
        return reverse("importbatch:inspect", args=[self.kwargs["pk"]])


class StartView(ActView):
    def act(self):
        self.batch.start(by=self.request.user)
        go_on(self.batch.pk)


class UndoView(ActView):
    def act(self):
        self.batch.undo(by=self.request.user)
        go_on(self.batch.pk)


class ResumeView(ActView):
    def act(self):
        self.batch.resume(by=self.request.user)
        go_on(self.batch.pk)


class DiscardView(ActView):
    def act(self):
        self.batch.discard(by=self.request.user)
        messages.success(self.request, _("The file and its rows are deleted; nothing was imported."))

    def after(self):
        there = ImportBatch.objects.filter(pk=self.kwargs["pk"]).exists()
        return super().after() if there else reverse("importbatch:index")


class MendView(ActView):
    """The cells of one row, as mended in place; back to the list as it was, at this row."""

    def act(self):
        row = self.row
        sent = {
            column: self.request.POST[f"cell_{place}"].strip()
            for place, column in enumerate(self.batch.columns)
            if f"cell_{place}" in self.request.POST
        }
        self.batch.mend(row, sent, by=self.request.user)
        row.refresh_from_db()
        told = _("Row %(row)s: %(verdict)s. %(why)s")
        said = {"row": row.number, "verdict": row.get_verdict_display(), "why": row.reason}
        tell = messages.warning if row.verdict == row.Verdict.REFUSE else messages.success
        tell(self.request, told % said)

    @cached_property
    def row(self):
        return get_object_or_404(self.batch.rows, pk=self.kwargs["row"])

    def after(self):
        """At the row; where it has left the list, at the next one."""
        asked = QueryDict(self.request.POST.get("back", "").split("#")[0])
        listed = self.batch.rows.shown(asked.get("show", ""))
        near = listed.filter(number__gte=self.row.number).first() or listed.last()
        query = urlencode({name: asked[name] for name in ("show", "p") if name in asked})
        return f"{super().after()}?{query}#{f'row-{near.number}' if near else 'rows'}"


class ProgressView(OfBatch, View):
    """How far a batch is, for the page that waits for it."""

    def get(self, request, **_where):
        shown = {"batch": self.batch, "at_work": self.batch.state in AT_WORK, "progress_url": request.path}
        return render(request, "contacts/_import_progress.html", shown)


class RefusedView(OfBatch, View):
    """The refused rows with the reason of each, to be mended by whoever has sent them."""

    def get(self, request, **_where):
        response = StreamingHttpResponse(self.lines(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{self.batch.pk}.csv"'
        return response

    def lines(self) -> Iterator[str]:
        sheet, columns = csv.writer(_Echo()), self.batch.columns
        yield "\ufeff"  # without it, a spreadsheet takes the letters for those of its own country
        yield sheet.writerow([_("Row"), _("Reason"), *map(harmless, columns)])
        for row in Chunks(self.batch.rows.refused().order_by("number")):
            values = row.values(columns)
            yield sheet.writerow(
                [row.number, harmless(row.reason), *(harmless(values.get(name, "")) for name in columns)]
            )


class _Echo:
    """Gives back what is written to it."""

    def write(self, line: str) -> str:
        return line
