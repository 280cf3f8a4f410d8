"""The desk of a training: its modules as sessions, its documents; and any event run again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.forms.training import DocumentForm, RunAgainForm
from events.models import Document
from events.views.desk.documents import document_acts
from events.views.desk.event_view import EventFormView, EventView, refusals_shown
from network.views.answers import handed_out


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


class DocumentsView(EventView):
    """GET shows the documents of the event and of its curriculum; POST adds or drops one of the event."""

    template_name = "events/desk/documents.html"
    page_title = gettext_lazy("Documents")

    def get(self, request, **_where):
        return self._shown(DocumentForm())

    def post(self, request, **_where):
        if refused := document_acts(request, self.object.documents, Document(event=self.object)):
            return self._shown(refused, status=422)
        return redirect("event:documents", self.object.pk)

    def _shown(self, form: DocumentForm, **answer) -> HttpResponse:
        found = Document.objects.of(self.object)
        own = [one for one in found if one.curriculum_id is None]
        taught = [one for one in found if one.curriculum_id]
        context = self.get_context_data(own=own, taught=taught, document_form=form, may_change=True)
        return self.render_to_response(context, **answer)


class DocumentView(EventView):
    """Hands one of its own documents out to staff who may see events."""

    permission_required = None
    any_permission_required = ["add", "change", "delete", "view"]

    def get(self, request, document, **_where) -> HttpResponse:
        found = get_object_or_404(self.object.documents, pk=document)
        return handed_out(found.file, found.name)
