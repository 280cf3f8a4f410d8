"""The texts of formal letters at a glance: of which kind there is one in which language, and our own to begin with."""

from django.conf import settings
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.models import LetterText
from events.models.letter_text import Kind
from events.views.desk.event_view import EventView

WHEN = {
    Kind.INVITATION: gettext_lazy("With the invitation, or with the seat of who was named."),
    Kind.DELEGATION: gettext_lazy("With the letter that asks the focal points to name who comes."),
    Kind.VISA: gettext_lazy("You issue it on the card of an invitation."),
    Kind.CERTIFICATE: gettext_lazy("You send it under Certificates, to who was there enough."),
}


class LetterTextsView(EventView):
    """GET shows what is written; POST takes our own text of the `kind`, in the languages that have none."""

    template_name = "events/desk/letter_texts.html"
    page_title = gettext_lazy("Formal letters")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        kind = request.POST.get("kind")
        if kind in Kind.values:
            LetterText.objects.write_usual(self.object, kind, by=request.user)
            messages.success(request, _("The text is written, in each language. Change it in the form of the event."))
        return redirect("event:letter_texts", self.object.pk)

    def get_context_data(self, **more):
        written = {(text.kind, text.language): text for text in self.object.texts_of_letters}
        rows = []
        for kind in Kind:
            texts = [(name, written.get((kind, code))) for code, name in settings.LANGUAGES]
            rows.append(
                {"kind": kind, "when": WHEN[kind], "texts": texts, "lacks": not all(text for _n, text in texts)}
            )
        return super().get_context_data(rows=rows, **more)
