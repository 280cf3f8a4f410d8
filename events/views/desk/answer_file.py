"""Answers that others have gathered, in a table: what would be taken is shown first, row by row."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from django.core import signing
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.forms.exchange import AnswerFileForm
from events.models import InvitationAnswer
from events.sheets import GivenAnswer, read_answers
from events.views.desk.event_view import EventView
from network.sheets import Refusal, SheetError

MOST_ROWS = 2_000
MOST_SHOWN = 200  # of the rows that are not taken


class AnswerFileView(EventView):
    """GET asks for the file; POST with one shows what would become of it, and POST with what was shown takes it."""

    template_name = "events/desk/answer_file.html"
    page_title = gettext_lazy("Answers from a file")

    def get(self, request, **_where):
        return self.show(AnswerFileForm())

    def post(self, request, **_where):
        if "rows" in request.POST:
            return self.take(request.POST["rows"])
        form = AnswerFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            rows = self.read(form.cleaned_data["file"])
        except SheetError as refusal:
            form.add_error("file", str(refusal))
            return self.show(form)
        tally = InvitationAnswer.objects.foresee_file(self.object, rows, by=request.user)
        kept = [asdict(row) for row in rows if isinstance(row, GivenAnswer)]
        return self.show(
            form, tally=tally, refused=tally.refused[:MOST_SHOWN], kept=signing.dumps(kept, salt=self.salt)
        )

    @property
    def salt(self) -> str:
        """What was shown for one event is taken for no other."""
        return f"events.answer_file:{self.object.pk}"

    def read(self, file) -> list[GivenAnswer | Refusal]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers"
            path.write_bytes(file.read())
            rows = list(read_answers(path))
        if len(rows) > MOST_ROWS:
            told = _("There are %(rows)d rows; %(most)d at most are taken at once.")
            raise SheetError(told % {"rows": len(rows), "most": MOST_ROWS})
        return rows

    def take(self, kept: str):
        try:
            rows = [GivenAnswer(**row) for row in signing.loads(kept, salt=self.salt)]
        except signing.BadSignature:
            messages.error(self.request, _("Upload the file once more."))
            return redirect("event:answer_file", self.object.pk)
        tally = InvitationAnswer.objects.take_file(self.object, rows, by=self.request.user)
        told = ngettext("%(count)d answer is taken.", "%(count)d answers are taken.", tally.changed)
        messages.success(self.request, told % {"count": tally.changed})
        return self.to_desk()

    def show(self, form, **more):
        return self.render_to_response(self.get_context_data(form=form, **more))
