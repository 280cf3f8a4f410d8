"""The questions about a programme on its way in or out."""

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contacts.uploads import MOST_BYTES as MOST_OF_TABLE
from events.models import Event, Room

MOST_BYTES = 20 * 2**20  # FOSDEM's 1,105 sessions are 3.4 MB


class ProgrammeUploadForm(forms.Form):
    """A programme as another system wrote it, or our own table."""

    file = forms.FileField(
        label=_("Programme"),
        help_text=_("schedule.xml, schedule.json, submissions of pretalx in JSON, XLSX, ODS or CSV; up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xml,.json,.xlsx,.ods,.csv"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file first.")},
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for a programme."))
        return self.cleaned_data["file"]


class ExportForm(forms.Form):
    """In which form a programme is wanted, and how much of it."""

    KINDS = [
        ("xml", "schedule.xml"),
        ("json", "schedule.json"),
        ("xlsx", "XLSX"),
        ("programme", _("Programme to print (PDF)")),
        ("doors", _("Signs for doors (PDF)")),
    ]
    kind = forms.ChoiceField(label=_("Form"), choices=KINDS)
    scope = forms.ChoiceField(label=_("What"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    day = forms.ChoiceField(label=_("Day"), required=False, help_text=_("Of what is printed."))
    room = forms.ModelChoiceField(
        Room.objects.none(),
        label=_("Room"),
        required=False,
        empty_label=_("All rooms"),
        help_text=_("Of signs for doors."),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        scopes = [("draft", _("The draft, with everything"))]
        scopes += [("published", _("What everybody sees"))] if event.programme else []
        days = sorted({event.day_of(moment) for moment in event.sessions.values_list("starts_at", flat=True)})
        self.fields["scope"].choices = scopes
        self.fields["day"].choices = [("", _("All days")), *((f"{day}", date_format(day, "l j F")) for day in days)]
        self.fields["room"].queryset = Room.objects.filter(sessions__event=event).distinct()


class AnswerFileForm(forms.Form):
    """A table with answers to invitations."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods"}), help_text=_("5 MB at most.")
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_OF_TABLE:
            told = _("“%(name)s” is larger than %(most)d MB.")
            raise forms.ValidationError(told % {"name": file.name, "most": MOST_OF_TABLE // 1024 // 1024})
        return file
