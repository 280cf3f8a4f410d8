"""What a legal officer is asked about commentary, drafting options, and the draft of a country."""

from django import forms
from django.utils.translation import gettext_lazy as _

from legal.models import Commentary, DraftingOption, ModelLaw, NationalDraft
from network.forms import RecordForm, country_choices
from network.labels import LabelsFormField, language_name


class CommentaryForm(forms.ModelForm):
    text = LabelsFormField(label=_("Commentary"), rows=4, required=False)

    class Meta:
        model = Commentary
        fields = ["text"]


class DraftingOptionForm(forms.ModelForm):
    class Meta:
        model = DraftingOption
        fields = ["letter", "title", "text", "note"]


class BeginDraftForm(forms.Form):
    """For whom, and after which text."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args, model: ModelLaw, **kwargs):
        super().__init__(*args, **kwargs)
        codes = sorted({*model.expressions.values_list("language", flat=True)})
        self.fields["language"].choices = [(code, language_name(code)) for code in codes]


class NationalDraftForm(RecordForm):
    class Meta:
        model = NationalDraft
        fields = ["title"]


class ChooseForm(forms.Form):
    """One of the options of a provision, or the model law's own words."""

    option = forms.ChoiceField(label=_("How it is written"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, *args, options: list[DraftingOption], **kwargs):
        super().__init__(*args, **kwargs)
        own = [("", _("As in the model law"))]
        self.fields["option"].choices = [*own, *((str(one.pk), str(one)) for one in options)]
        self.options = {str(one.pk): one for one in options}

    def clean_option(self) -> DraftingOption | None:
        return self.options.get(self.cleaned_data["option"])


class RecordDraftForm(forms.Form):
    slug = forms.SlugField(
        label=_("Short name"), max_length=120, help_text=_("Part of the address of the law, which never changes.")
    )
