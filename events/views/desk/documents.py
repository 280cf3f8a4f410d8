"""What an organizer does to documents, of an event or of a curriculum: their files, their readers, who took them."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.forms.document import DocumentForm, FactsForm, VersionForm
from events.models import Document, DocumentVersion
from events.views.desk.event_view import EventLookView, EventTimeView
from network.models import key_in
from network.views.answers import handed_out

MOST_SHOWN = 500  # handouts on one page


def document_acts(request, documents, new: Document) -> DocumentForm | None:
    """Does what a POST asks of `documents`: to drop one, or to keep an upload as the `new` one. Gives the form back
    that is to be shown again, where it is refused."""
    if "drop" in request.POST:
        get_object_or_404(documents, pk=key_in(request.POST["drop"])).drop(by=request.user)
        messages.success(request, _("The document is taken away."))
        return None
    form = DocumentForm(request.POST, request.FILES, instance=new)
    if not form.is_valid():
        return form
    answers, document = form.cleaned_data, form.save(commit=False)
    try:
        Document.objects.add(document, answers["file"], language=answers["language"], by=request.user)
    except ValidationError as refusal:
        form.add_error("file", refusal.messages)
        return form
    messages.success(request, _("“%(name)s” is there now.") % {"name": document})
    return None


def version_asked(request: HttpRequest, document: Document) -> DocumentVersion:
    """The file of `document` that staff ask for: `?version=` by its key, or the newest in their language."""
    key = key_in(request.GET.get("version", ""))
    found = document.versions.filter(pk=key).first() if key else document.own
    if found is None:
        raise Http404
    return found


class DocumentsView(EventTimeView):
    """GET shows the documents of the event and of its curriculum; POST adds or drops one of the event."""

    shows_all = True
    template_name = "events/desk/documents.html"
    page_title = gettext_lazy("Documents")

    def get(self, request, **_where):
        return self._shown(DocumentForm(instance=Document(event=self.object)))

    def post(self, request, **_where):
        if refused := document_acts(request, self.object.documents, Document(event=self.object)):
            return self._shown(refused, status=422)
        return redirect("event:documents", self.object.pk)

    def _shown(self, form: DocumentForm, **answer) -> HttpResponse:
        found = Document.objects.of(self.object)
        own = [one for one in found if one.curriculum_id is None]
        taught = [one for one in found if one.curriculum_id]
        context = self.get_context_data(
            own=own,
            taught=taught,
            document_form=form,
            may_change=True,
            now=timezone.now(),
            handouts=self.object.handouts.count(),
            media=form.media,
        )
        return self.render_to_response(context, **answer)


class DocumentView(EventLookView):
    """Hands a file of one of its own documents out to staff who may see events, as it was uploaded."""

    shows_all = True

    def get(self, request, document, **_where) -> HttpResponse:
        found = version_asked(request, get_object_or_404(self.object.documents.with_files(), pk=document))
        return handed_out(found.file, found.name)


class CardView(DocumentsView):
    """One document: whom it is for, and its files in all versions and languages. POST changes it, or adds a file."""

    template_name = "events/desk/document.html"

    def get_page_title(self):
        return str(self.document)

    def get(self, request, document, **_where):
        self.document = self._found(document)
        return self._page(FactsForm(instance=self.document), VersionForm())

    def post(self, request, document, **_where):
        self.document = self._found(document)
        if "file" in request.FILES or "upload" in request.POST:
            return self._add(VersionForm(request.POST, request.FILES))
        facts = FactsForm(request.POST, instance=self._found(document))
        if facts.is_valid():
            try:
                facts.save(commit=False).change(by=request.user)
                messages.success(request, _("Saved."))
                return self._back()
            except ValidationError as refusal:
                facts.add_error(None, refusal.messages)
        return self._page(facts, VersionForm(), status=422)

    def _add(self, form: VersionForm):
        if form.is_valid():
            try:
                said = form.cleaned_data
                version = self.document.add_version(said["file"], said["language"], by=self.request.user)
                messages.success(self.request, _("“%(name)s” is what readers get now.") % {"name": version.name})
                return self._back()
            except ValidationError as refusal:
                form.add_error("file", refusal.messages)
        return self._page(FactsForm(instance=self.document), form, status=422)

    def _found(self, key: int) -> Document:
        return get_object_or_404(self.object.documents.with_files(), pk=key)

    def _back(self):
        return redirect("event:document_card", self.object.pk, self.document.pk)

    def _page(self, facts: FactsForm, upload: VersionForm, **answer) -> HttpResponse:
        newest = self.document.newest
        context = self.get_context_data(
            document=self.document,
            newest=newest,
            older=[one for one in self.document.versions.select_related("added_by") if one not in newest],
            facts=facts,
            upload=upload,
            taken=self.object.handouts.filter(version__document=self.document).count(),
            handouts_url=f"{reverse('event:handouts', args=[self.object.pk])}?document={self.document.pk}",
            media=facts.media,
        )
        return self.render_to_response(context, **answer)


class HandoutsView(DocumentsView):
    """Who took papers away that are not for everybody, when, and which version; of one `?document=` alone."""

    http_method_names = ["get"]
    template_name = "events/desk/handouts.html"
    page_title = gettext_lazy("Who took papers away")

    def get(self, request, **_where):
        rows = self.object.handouts.visible_to(request.user).select_related("person", "user")
        if document := self.object.documents.filter(pk=key_in(request.GET.get("document", ""))).first():
            rows = rows.filter(version__document=document)
        context = self.get_context_data(rows=rows[:MOST_SHOWN], total=rows.count(), most=MOST_SHOWN, document=document)
        return self.render_to_response(context)
