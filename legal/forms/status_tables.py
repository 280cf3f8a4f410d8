"""The questions about a table of participation."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from legal.forms.treaties import instrument_choices
from legal.models import Instrument
from legal.models.status_tables.contents import Contents
from legal.sheets import FIELDS
from network.forms import country_choices
from network.models import Country

MOST_BYTES = 20 * 2**20
NEW = "new"


class UploadForm(forms.Form):
    """A table, and who says so, as at which day."""

    file = forms.FileField(
        label=gettext_lazy("Status table"),
        help_text=gettext_lazy(
            "CSV, XLSX or ODS with a row for each country; or the XML of a treaty from the UN Treaty Collection. Up to "
            "20 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods,.xml,.jsonl"}),
        error_messages={
            "empty": gettext_lazy("The file is empty."),
            "required": gettext_lazy("Choose a file first."),
        },
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Who says so: the depositary, a database. It is kept with everything that is recorded."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"), max_length=500, required=False, assume_scheme="https"
    )
    as_at = forms.DateField(
        label=gettext_lazy("As at"),
        initial=timezone.localdate,
        widget=AdminDateInput,
        help_text=gettext_lazy("The day on which the source said so."),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB. Divide it into several."))
        return self.cleaned_data["file"]

    def clean_as_at(self):
        if self.cleaned_data["as_at"] > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["as_at"]


class ColumnsForm(forms.Form):
    """Which column is which field."""

    def __init__(self, *args, columns: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = columns
        choices = [("", _("(left out)")), *FIELDS.items()]
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, widget=forms.Select
            )

    def mapping(self) -> dict[str, str]:
        """Column -> field."""
        return {column: self.cleaned_data[f"column_{place}"] for place, column in enumerate(self.columns)}


class NamesForm(forms.Form):
    """Which instrument each treaty is, and which country each name that nobody knows. `found`: what is suggested."""

    def __init__(self, *args, contents: Contents, found: dict[str, int | None], **kwargs):
        super().__init__(*args, **kwargs)
        treaties, unknown = contents.treaties, contents.unknown
        self.treaties, self.unknown = list(treaties), unknown
        instruments = [("", _("(left out)")), (NEW, _("(a new draft with this title)")), *instrument_choices()]
        for place, text in enumerate(treaties):
            self.fields[f"treaty_{place}"] = forms.ChoiceField(
                label=text or _("The whole table"),
                help_text=" · ".join(treaties[text]),
                choices=instruments,
                required=False,
                initial=found.get(text) or "",
            )
        countries = [("", _("(not known: its rows are refused)")), *country_choices()]
        for place, text in enumerate(unknown):
            self.fields[f"country_{place}"] = forms.ChoiceField(label=text, choices=countries, required=False)

    @property
    def treaty_fields(self) -> list:
        return [self[f"treaty_{place}"] for place in range(len(self.treaties))]

    @property
    def country_fields(self) -> list:
        return [self[f"country_{place}"] for place in range(len(self.unknown))]

    def instruments(self) -> dict[str, Instrument | str | None]:
        """What the table calls a treaty -> the instrument, the title of a new one, or None where it is left out."""
        chosen = {text: self.cleaned_data[f"treaty_{place}"] for place, text in enumerate(self.treaties)}
        known = Instrument.objects.in_bulk([int(key) for key in chosen.values() if key.isdecimal()])
        titles = {text: self.fields[f"treaty_{place}"].help_text for place, text in enumerate(self.treaties)}
        return {
            text: titles[text] or text if key == NEW else known.get(int(key)) if key else None
            for text, key in chosen.items()
        }

    def countries(self) -> dict[str, Country | None]:
        chosen = {text: self.cleaned_data[f"country_{place}"] for place, text in enumerate(self.unknown)}
        known = Country.objects.in_bulk([code for code in chosen.values() if code])
        return {text: known.get(code) for text, code in chosen.items()}
