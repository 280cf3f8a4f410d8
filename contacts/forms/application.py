"""The questions of an application to join the network, and those that a reviewer answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Application, ApplicationDocument
from contacts.models.application import FACTS
from contacts.uploads import ACCEPT, MOST_FILES, Unwelcome, check
from network.forms import ForStrangers, LongSelect, country_choices, topic_choices
from network.models import Country, Topic


class FilesInput(forms.ClearableFileInput):
    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one go, each looked into."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Send at most %(most)d files at once.") % {"most": MOST_FILES})
        wrong = []
        for file in files:
            try:
                check(file, file.name, file.size)
            except Unwelcome as sentence:
                wrong.append(str(sentence))
        if wrong:
            raise forms.ValidationError(wrong)
        return files


class WebsiteField(forms.URLField):
    def __init__(self, **kwargs):
        super().__init__(**{"assume_scheme": "https", **kwargs})


class OfOrganization(forms.ModelForm):
    """What is asked of an applicant, at first and again."""

    documents = FilesField(
        label=_("Documents"),
        required=False,
        help_text=_("Statutes, proof of registration, a letter: PDF, DOCX, XLSX, ODT, ODS, JPEG or PNG, 5 MB each."),
    )

    class Meta:
        model = Application
        fields = [*FACTS, "topics"]
        field_classes = {"website": WebsiteField}
        labels = {"why": _("Why do you wish to join?")}
        help_texts = {"country": _("Leave it empty for an international body.")}
        widgets = {"country": LongSelect, "why": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.all()
        self.fields["country"].choices = [("", "---------"), *country_choices()]
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            Topic.objects.all(), label=_("Topics"), widget=forms.CheckboxSelectMultiple, required=False
        )
        self.fields["topics"].choices = topic_choices()
        self.fields["why"].max_length = 4000
        self.fields["why"].validators.append(forms.CharField(max_length=4000).validators[0])
        self.fields["documents"].widget.attrs["accept"] = ACCEPT
        for name, what in (("organization_name", "organization"), ("given_name", "given-name")):
            self.fields[name].widget.attrs["autocomplete"] = what
        self.fields["family_name"].widget.attrs["autocomplete"] = "family-name"

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ApplyForm(OfOrganization, ForStrangers):
    agrees = forms.BooleanField(
        label=_(
            "I agree that what I write here is kept to handle this application and, if it is accepted, the membership."
        )
    )

    class Meta(OfOrganization.Meta):
        fields = [*FACTS[:-1], "email", FACTS[-1], "topics"]
        help_texts = {
            **OfOrganization.Meta.help_texts,
            "email": _("We write to this address; a letter asks you to confirm it."),
        }
        widgets = {**OfOrganization.Meta.widgets, "email": forms.EmailInput(attrs={"autocomplete": "email"})}


class AmendForm(OfOrganization):
    """The same questions with what was answered; documents that are there may be taken away."""

    without = forms.ModelMultipleChoiceField(
        ApplicationDocument.objects.none(),
        label=_("Take these documents away"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, application: Application, **kwargs):
        shown = Application.objects.get(pk=application.pk)  # the form writes into its instance, and the verb compares
        super().__init__(*args, instance=shown, **kwargs)
        self.fields["without"].queryset = application.documents.all()

    def clean_without(self):
        return [document.pk for document in self.cleaned_data["without"]]


class TextForm(forms.Form):
    """What those are told whom an act concerns."""

    text = forms.CharField(
        label=_("The applicant reads this"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, reader: str = "", **options):
        super().__init__(*args, **options)
        self.fields["text"].label = reader or self.fields["text"].label
