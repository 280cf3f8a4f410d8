"""What an organizer does to documents, of an event or of a curriculum."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.forms.training import DocumentForm
from events.models import Document
from network.models import key_in


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
    document = form.save(commit=False)
    Document.objects.add(document, form.cleaned_data["file"], by=request.user)
    messages.success(request, _("“%(name)s” is there now.") % {"name": document})
    return None
