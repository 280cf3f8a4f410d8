"""The questions that the admin asks about instruments, laws, model laws and cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms import LanguagesField
from legal.models import Channel
from network.forms import RecordForm


class InstrumentForm(RecordForm):
    authentic_languages = LanguagesField(
        label=_("Authentic languages"), required=False, help_text=_("Those whose texts are equally authentic.")
    )


class CaseStudyForm(RecordForm):
    channels = forms.MultipleChoiceField(
        label=_("Channels of cooperation"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
