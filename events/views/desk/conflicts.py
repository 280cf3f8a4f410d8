"""Conflicts of a programme, as a list, and how much each kind of them weighs."""

from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.forms.conflicts import WeightsForm
from events.models.planning import Finding, Weight
from events.views.desk.event_view import EventView


class ConflictsView(EventView):
    """GET shows what is wrong with the draft; POST says what each kind weighs."""

    template_name = "events/desk/conflicts.html"
    page_title = gettext_lazy("Conflicts")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data(form=WeightsForm(event=self.object)))

    def post(self, request, **_where):
        form = WeightsForm(request.POST, event=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        self.object.weigh(form.weights(), **form.rules(), by=request.user)
        messages.success(request, _("Saved. The list shows what it means."))
        return redirect("event:conflicts", self.object.pk)

    def get_context_data(self, **more):
        found = self.object.conflicts(self.object.sessions.visible_to(self.request.user))
        rows = [(one, self._when(one), one.weight == Weight.BLOCK) for one in found]
        blocking = sum(is_blocking for _one, _when, is_blocking in rows)
        return super().get_context_data(rows=rows, blocking=blocking, **more)

    def _when(self, finding: Finding) -> str:
        return date_format(finding.session.starts_at.astimezone(self.object.zone), "SHORT_DATETIME_FORMAT")
