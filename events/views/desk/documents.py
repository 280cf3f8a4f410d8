"""What an organizer does to documents, of an event or of a curriculum."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.forms.training import DocumentForm
from events.models import Document
from network.models import key_in


def document_acts(request, documents, new: Document) -> None:
    """What a POST asks of `documents`: to drop one, or to keep an upload as the `new` one; and what to tell of it."""
    if "drop" in request.POST:
        get_object_or_404(documents, pk=key_in(request.POST["drop"])).drop(by=request.user)
        messages.success(request, _("The document is taken away."))
        return
    form = DocumentForm(request.POST, request.FILES, instance=new)
    if form.is_valid():
        document = form.save(commit=False)
        Document.objects.add(document, form.cleaned_data["file"], by=request.user)
        messages.success(request, _("“%(name)s” is there now.") % {"name": document})
    for name, errors in form.errors.items():
        label = f"{form[name].label}: " if name in form.fields else ""
        messages.error(request, f"{label}{' '.join(errors)}")
