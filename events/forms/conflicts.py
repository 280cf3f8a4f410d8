"""How much each kind of conflict weighs for an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models.planning import KINDS, Weight

RULES = ("changeover", "interpreter_minutes", "interpreter_pause")


class WeightsForm(forms.Form):
    changeover = forms.IntegerField(label=_("Minutes between two sessions in a room"), min_value=0, max_value=240)
    interpreter_minutes = forms.IntegerField(
        label=_("Minutes that an interpreter may work without a pause"),
        min_value=10,
        max_value=600,
        required=False,
        help_text=_("In the booth, with or without the microphone. Empty: there is no rule."),
    )
    interpreter_pause = forms.IntegerField(label=_("Minutes that are a pause"), min_value=1, max_value=240)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RULES:
            self.fields[name].initial = getattr(event, name)
        for kind, label in KINDS.items():
            initial = event.weight_of(kind)
            self.fields[kind.value] = forms.ChoiceField(label=label, choices=Weight.choices, initial=initial)

    def rules(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in RULES}

    def weights(self) -> dict[str, str]:
        return {kind.value: self.cleaned_data[kind.value] for kind in KINDS}
