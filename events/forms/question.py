"""A question of a registration form, as organizers write it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from events.models import Event, Question, Role
from events.models.question import CAN_DECIDE, WITH_OPTIONS, Kind, Word
from network.models import key_in


class QuestionForm(WagtailAdminModelForm):
    """With the answer to an earlier question on which it depends. What has been answered keeps its kind."""

    roles = forms.MultipleChoiceField(
        label=_("Asked of"),
        help_text=_("Nothing ticked: of everybody."),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    depends = forms.ChoiceField(
        label=_("Only if"), required=False, help_text=_("Asked only of those who have answered so.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self._event()
        if event:
            self.fields["event"].queryset = Event.objects.filter(pk=event.pk)
        self.fields["event"].disabled = bool(self.instance.pk)
        self.fields["depends"].choices = [("", _("Asked in any case")), *self._conditions(event)]
        if self.instance.only_if_id:
            wanted = self.instance.wanted_option_id or self.instance.wanted_word
            self.fields["depends"].initial = f"{self.instance.only_if_id}:{wanted}"
        if self.instance.pk and self.instance.answers.exists():
            self.fields["kind"].disabled = True

    def clean(self):
        cleaned = super().clean()
        question, _colon, wanted = (cleaned.get("depends") or "").partition(":")
        self.instance.only_if_id = int(question) if question else None
        is_word = wanted in Word.values
        self.instance.wanted_word = wanted if is_word else ""
        self.instance.wanted_option_id = int(wanted) if wanted and not is_word else None
        options = self.formsets["options"].forms if "options" in self.formsets else []
        kept = [form for form in options if not self._is_dropped(form) and (form.instance.pk or form.has_changed())]
        if cleaned.get("kind") in WITH_OPTIONS and not kept:
            self.add_error("kind", _("Write the options among which one chooses."))
        if cleaned.get("kind") not in WITH_OPTIONS and kept:
            self.add_error("kind", _("An answer of this kind has no options; take them away."))
        for option in (form.instance for form in options if form.instance.pk and self._is_dropped(form)):
            if option.choices.exists() or option.decides.exists():
                told = _("“%(option)s” has been chosen, or another question depends on it, and stays.")
                self.add_error(None, told % {"option": option})
        if self.instance.pk and cleaned.get("kind") not in CAN_DECIDE and self.instance.decides.exists():
            self.add_error("kind", _("Another question depends on the answer to this one."))
        return cleaned

    def _is_dropped(self, form) -> bool:
        form.full_clean() if not hasattr(form, "cleaned_data") else None
        return bool(getattr(form, "cleaned_data", {}).get("DELETE"))

    def _event(self) -> Event | None:
        if self.instance.pk:
            return self.instance.event
        chosen = self.data.get(self.add_prefix("event")) if self.is_bound else self.initial.get("event")
        return Event.objects.filter(pk=key_in(str(chosen or ""))).first()

    def _conditions(self, event: Event | None):
        """The answers to earlier questions, below each."""
        if event is None:
            return []
        earlier = event.questions.filter(kind__in=CAN_DECIDE).exclude(pk=self.instance.pk)
        if self.instance.pk:
            earlier = earlier.filter(position__lt=self.instance.position)
        return [
            (str(question), [(f"{question.pk}:{key}", label) for key, label in _answers(question)])
            for question in earlier.prefetch_related("options")
        ]


class PlacesOfOptionForm(forms.Form):
    """How many places an option has."""

    size = forms.IntegerField(
        label=_("Places"), help_text=_("Empty: no limit."), required=False, min_value=0, max_value=100_000
    )


def _answers(question: Question) -> list[tuple]:
    if question.kind == Kind.YES_NO:
        return Word.choices
    return [(option.pk, str(option)) for option in question.options.all()]
