"""The questions that the admin asks about instruments, laws, model laws and cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms import LanguagesField
from legal.models import Channel
from network.forms import RecordForm, country_choices, topic_choices


class WorkForm(RecordForm):
    """A work; its country and topics by the names that the reader sees."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self._offer("country", country_choices())
        self.fields["topics"].choices = topic_choices()


class InstrumentForm(WorkForm):
    authentic_languages = LanguagesField(
        label=_("Authentic languages"), required=False, help_text=_("Those whose texts are equally authentic.")
    )


class CaseStudyForm(WorkForm):
    channels = forms.MultipleChoiceField(
        label=_("Channels of cooperation"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
