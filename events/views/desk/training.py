"""The desk of a training: its modules as sessions; and any event run again."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.forms.training import RunAgainForm
from events.views.desk.event_view import EventFormView, EventView, refusals_shown


class LayOutView(EventView):
    http_method_names = ["post"]

    def post(self, request, **_where):
        with refusals_shown(request):
            count = self.object.lay_out(by=request.user)
            told = ngettext("%(count)d session is in the draft.", "%(count)d sessions are in the draft.", count)
            messages.success(request, told % {"count": count})
        return self.to_desk()


class RunAgainView(EventFormView):
    """A draft after the pattern of this event; leads to the desk of the new one."""

    page_title = gettext_lazy("Run it again elsewhere")
    form_class = RunAgainForm
    permission_required = "add"

    def initial(self):
        event = self.object
        return {"title": event.title, "venue": event.venue, "timezone": event.timezone}

    def act(self, **answers):
        self.again = self.object.run_again(**answers, by=self.request.user)
        return _("“%(event)s” is a draft now. Nobody is invited to it yet.") % {"event": self.again}

    def to_desk(self):
        return redirect("event:desk", self.again.pk)

    def warning(self):
        return _(
            "Taken over: the curriculum, the programme without what was dropped, tracks, the registration form, the "
            "texts of formal letters, numbers of places, allotments, reminders, questionnaires and documents."
        )

    def button(self):
        return _("Make the draft")
