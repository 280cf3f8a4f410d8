"""How much each kind of conflict weighs for an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models.planning import KINDS, Weight


class WeightsForm(forms.Form):
    changeover = forms.IntegerField(label=_("Minutes between two sessions in a room"), min_value=0, max_value=240)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["changeover"].initial = event.changeover
        for kind, label in KINDS.items():
            initial = event.weight_of(kind)
            self.fields[kind.value] = forms.ChoiceField(label=label, choices=Weight.choices, initial=initial)

    def weights(self) -> dict[str, str]:
        return {kind.value: self.cleaned_data[kind.value] for kind in KINDS}
