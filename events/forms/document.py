"""What we ask about a document, and about a version of it."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from contacts.uploads import MOST_BYTES_OF_OURS, WITH_SLIDES, Unwelcome, check
from events.forms.audience import AsksWhoOfRecord
from events.models import Document, Session


class VersionForm(forms.Form):
    """A file in its language."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in (*WITH_SLIDES, "jpeg"))}),
        help_text=_("PDF, slides (PPTX, ODP), DOCX, XLSX, ODT, ODS, JPEG or PNG, 20 MB at most."),
    )
    language = forms.ChoiceField(
        label=_("Written in"),
        choices=[("", _("in none, or in several")), *settings.LANGUAGES],
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check(file, file.name, file.size, most=MOST_BYTES_OF_OURS, kinds=WITH_SLIDES)
        except Unwelcome as sentence:
            raise forms.ValidationError(str(sentence)) from sentence
        return file


class FactsForm(AsksWhoOfRecord):
    """What a document is, for whom, and from when on. Hours are those of the event."""

    class Meta:
        model = Document
        fields = ["title", "session", "opens_at"]
        widgets = {"opens_at": AdminDateTimeInput}

    field_order = ["title", "file", "language", "seen_by", "session", "opens_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance.event
        if event is None:  # of a curriculum
            del self.fields["session"], self.fields["opens_at"]
            self.who_for(event, self.instance)
            self.fields["seen_by"].choices = self.fields["seen_by"].choices[:3]
            return
        self.who_for(event, self.instance)
        self.fields["session"].queryset = Session.objects.filter(event=event).in_order()
        self.fields["session"].empty_label = _("None: it belongs to the whole event")


class DocumentForm(VersionForm, FactsForm):
    """A new document with its first file."""

    class Meta(FactsForm.Meta):
        pass
