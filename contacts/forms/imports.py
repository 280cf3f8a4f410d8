"""The questions about a contact file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.sheets import FIELDS
from network.forms import LongSelect, RecordForm
from network.models import Organization
from network.sheets import ENCODINGS


class UploadForm(forms.Form):
    """A contact file."""

    file = forms.FileField(
        label=_("Contact file"),
        help_text=_("CSV, TSV, XLSX, ODS, vCard or LDIF, as the other program has exported it; up to 100 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods,.vcf,.ldif,.ldi,.jsonl"}),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file first.")},
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 100 MB. Divide it into several."))
        return self.cleaned_data["file"]


MOST_BYTES = 100 * 2**20


class ReadingForm(forms.Form):
    """How a file is read, where it was not found out rightly; what is left empty is found out."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Between the cells"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Row with the names of the columns"),
        required=False,
        min_value=0,
        max_value=1000,
        help_text=_("0 where there are none. Empty: find it."),
    )
    date_system = forms.ChoiceField(label=_("Days are counted from"), required=False)

    def __init__(self, *args, reading: dict, **kwargs):
        super().__init__(*args, **kwargs)
        found = [("", _("Find it out"))]
        is_workbook = reading["format"] in ("XLSX", "ODS")
        self.fields["encoding"].choices = [*found, *((name, name) for name in ENCODINGS)]
        self.fields["delimiter"].choices = [*found, *DELIMITERS]
        self.fields["sheet"].choices = [*found, *((name, name) for name in reading["sheets"])]
        self.fields["date_system"].choices = [*found, ("1900", "1900"), ("1904", "1904")]
        shown = {"sheet", "header_row", "date_system"} if is_workbook else {"encoding"}
        shown |= {"delimiter", "header_row"} if reading["format"] == "CSV" else set()
        for name in self.fields.keys() - shown:
            del self.fields[name]

    def chosen(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


DELIMITERS = [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", _("vertical bar"))]


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


class NewOrganizationForm(RecordForm):
    """An organization that a contact file names and nobody knows yet."""

    class Meta:
        model = Organization
        fields = ["name", "kind", "country"]
        widgets = {"country": LongSelect}
