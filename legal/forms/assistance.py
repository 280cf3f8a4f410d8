"""The questions about authorities, requests for assistance, experts, and what is done for a country."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput

from contacts.forms import LanguagesField
from contacts.forms.segment import Several
from contacts.models import Person, User
from contacts.uploads import ACCEPT, MOST_BYTES_OF_OURS, Unwelcome, check
from legal.models import Adviser, Assistance, Draft, Expert, NationalLaw
from legal.models.units import units_of
from network.forms import LongSelect, RecordForm
from network.labels import LabelsFormField

WORDS = forms.Textarea(attrs={"rows": 5})
EMPTY = [("", "---------")]


class AuthorityForm(RecordForm):
    languages = LanguagesField(label=_("Languages accepted"), required=False)


class ExpertForm(RecordForm):
    languages = LanguagesField(label=_("Languages"), required=False)


class AssistanceForm(RecordForm):
    """A request; who sees to it can see it, and what followed is law of the country."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.who_may("legal.view_assistance")
        if laws := self.fields.get("laws"):
            laws.queryset = NationalLaw.objects.filter(country=self.instance.country_id or None).order_by("-dated_on")


class FileForm(forms.Form):
    """With a file, which is told by its content."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF, DOCX, ODT, JPEG or PNG, 20 MB at most."),
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            if file:
                check(file, file.name, file.size, most=MOST_BYTES_OF_OURS)
        except Unwelcome as sentence:
            raise forms.ValidationError(str(sentence)) from sentence
        return file


class OutcomeForm(forms.Form):
    outcome = LabelsFormField(
        label=_("Outcome"), rows=3, help_text=_("What came of it. Everybody reads it, once it is published.")
    )


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("What is to be reached"), max_length=300)
    due_on = forms.DateField(label=_("By the day"), widget=AdminDateInput)


class DraftForm(FileForm):
    came_from = forms.ChoiceField(label=_("Comes from"), choices=Draft.From.choices)
    language = forms.ChoiceField(label=_("Language"), choices=[*EMPTY, *settings.LANGUAGES], required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    field_order = ["file", "came_from", "language", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = True


class DaysForm(forms.Form):
    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput)

    def clean(self):
        answers = super().clean()
        if not self.errors and answers["ends_on"] < answers["starts_on"]:
            raise forms.ValidationError(_("It cannot end before it starts."))
        return answers


class AdvisoryMissionForm(DaysForm):
    purpose = forms.CharField(label=_("Purpose"), max_length=300)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    people = forms.ModelMultipleChoiceField(Person.objects.all(), label=_("Who goes"), required=False)

    field_order = ["purpose", "starts_on", "ends_on", "city", "people"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chooser = formfield_for_dbfield(Adviser._meta.get_field("person")).widget
        people = self.fields["people"]
        people.widget = Several(chooser, attrs={"class": "in-columns"})
        people.widget.choices, people.widget.offered = people.choices, people.queryset


class AdvisoryReportForm(FileForm):
    report = forms.CharField(label=_("Report"), widget=WORDS, max_length=20_000)

    field_order = ["report", "file"]


class EngageForm(DaysForm):
    expert = forms.ModelChoiceField(Expert.objects.none(), label=_("Expert"), widget=LongSelect)
    task = forms.CharField(label=_("Task"), max_length=300)

    field_order = ["expert", "task", "starts_on", "ends_on"]

    def __init__(self, *args, experts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = experts


class ArticlesForm(forms.Form):
    """Which articles of its instruments a request is about."""

    articles = forms.MultipleChoiceField(
        label=_("Articles"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})
    )

    def __init__(self, *args, assistance: Assistance, **kwargs):
        super().__init__(*args, **kwargs)
        works = assistance.instruments.prefetch_related("expressions")
        self.fields["articles"].choices = [
            (str(unit.key), f"{work.name}, {unit.label}") for work in works for unit in units_of(work)
        ]
