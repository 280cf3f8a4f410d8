"""The questions that focal points are asked about the law of their country."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.uploads import ACCEPT, Unwelcome, check
from legal.models import NationalLaw, Provision, Work
from legal.models.suggestion import FIELDS
from legal.models.units import units_of
from network.labels import LabelsFormField


class DayField(forms.DateField):
    """A day in the chooser of the reader's own program."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False, **kwargs)


class WordsForm(forms.Form):
    """A word to the legal officer, and a file, which is told by its content."""

    note = forms.CharField(
        label=_("A word to the legal officer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    file = forms.FileField(
        label=_("The text, or another paper"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF, DOCX, ODT, JPEG or PNG, 5 MB at most."),
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            if file:
                check(file, file.name, file.size)
        except Unwelcome as sentence:
            raise forms.ValidationError(str(sentence)) from sentence
        return file


class LawForm(WordsForm):
    """A law as a focal point knows it; of one that is here, what it says already stands in the fields."""

    title = LabelsFormField(label=_("Title"), help_text=_("In the languages in which you know it."))
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    form = forms.ChoiceField(label=_("Form"), choices=NationalLaw.Form.choices)
    dated_on = DayField(label=_("Date of its adoption"))
    in_force_on = DayField(label=_("In force since"))
    repealed_on = DayField(label=_("Repealed"))
    citation = forms.CharField(
        label=_("Citation"), max_length=300, required=False, help_text=_("As courts and gazettes of your country do.")
    )
    url = forms.URLField(label=_("Official page"), max_length=500, required=False, assume_scheme="https")
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Who says so: a gazette, a ministry.")
    )
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False, assume_scheme="https")
    as_at = DayField(label=_("As at"), help_text=_("The day on which the source said so."))

    field_order = [*FIELDS, "note", "file"]

    def clean(self):
        answers = super().clean()
        since, until = answers.get("in_force_on"), answers.get("repealed_on")
        if isinstance(since, datetime.date) and isinstance(until, datetime.date) and until < since:
            raise forms.ValidationError(_("It cannot be repealed before it came into force."))
        return answers

    @property
    def said(self) -> dict:
        """What it says of the law."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class CitationForm(forms.Form):
    """Which provision of a law answers to which article of a standard."""

    article = forms.ChoiceField(label=_("Article"))
    provision = forms.ChoiceField(label=_("Provision of the law"))
    note = forms.CharField(
        label=_("Why, in your words"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, law: NationalLaw, standard: Work, **kwargs):
        super().__init__(*args, **kwargs)
        for name, work in (("article", standard), ("provision", law)):
            self.fields[name].choices = [("", "---------"), *((unit.key, unit.label) for unit in units_of(work))]

    @property
    def places(self) -> dict:
        """What it says, as a suggestion takes it."""
        keys = {"standard": int(self.cleaned_data["article"]), "provision": int(self.cleaned_data["provision"])}
        found = Provision.objects.in_bulk(keys.values())
        return {"note": self.cleaned_data["note"], **{name: found[key] for name, key in keys.items()}}
