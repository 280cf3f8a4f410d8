"""The questions of a segment: what is ticked for each condition, and whom somebody decides about by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminAutoHeightTextInput

from contacts.models import Person, Segment
from contacts.models.segment import Condition, conditions
from network.forms import RecordForm
from network.models import key_in


class Several(forms.CheckboxSelectMultiple):
    """A tick for each record that was chosen, and the chooser for one more: so many cannot be listed."""

    template_name = "contacts/several_widget.html"
    offered = None  # those that the writer may choose

    def __init__(self, chooser: forms.Widget, attrs=None):
        super().__init__(attrs)
        self.chooser = chooser

    @property
    def media(self):
        return self.chooser.media

    def value_from_datadict(self, data, files, name):
        more = data.get(f"more_{name}", "")
        return [*super().value_from_datadict(data, files, name), *([more] if more else [])]

    def optgroups(self, name, value, attrs=None):
        rows = enumerate(self.offered.filter(pk__in=[key_in(str(key)) for key in value]))
        return [
            (None, [self.create_option(name, str(row.pk), str(row), True, index, attrs=attrs)], index)
            for index, row in rows
        ]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["chooser"] = self.chooser.render(f"more_{name}", None, {"id": f"id_more_{name}"})
        return context


class ChosenField(forms.ModelMultipleChoiceField):
    """Records chosen one by one, as the texts of their keys."""

    def __init__(self, condition: Condition, **options):
        chooser = formfield_for_dbfield(condition.chosen_as).widget
        self.widget = Several(chooser, attrs={"class": "in-columns"})
        super().__init__(condition.chosen_as.related_model.objects.all(), **options)
        self.widget.offered = self.queryset

    def clean(self, value):
        return [str(row.pk) for row in super().clean(value)]


class SegmentForm(RecordForm):
    """A name, and a list of answers for each condition that the house knows; ticked answers of one are alternatives."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for condition in conditions().values():
            self.fields[f"answer_{condition.name}"] = self._field(condition)

    def _field(self, condition: Condition) -> forms.Field:
        asked = {
            "label": condition.label,
            "initial": self.instance.answers.get(condition.name, []),
            "required": False,
        }
        if condition.chosen_as:
            return ChosenField(condition, **asked)
        ticks = forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})
        return forms.MultipleChoiceField(choices=condition.choices(), widget=ticks, **asked)

    class Meta:
        model = Segment
        fields = ["name", "note"]
        widgets = {"note": AdminAutoHeightTextInput}

    def answers(self) -> dict[str, list[str]]:
        """Name of a condition -> what was ticked, and what the writer cannot see and so has not taken away."""
        given = {name.removeprefix("answer_"): value for name, value in self.cleaned_data.items()}
        answers = {}
        for name, condition in conditions().items():
            unseen = self._unseen(condition)
            if ticked := [*given.get(name, []), *unseen]:
                answers[name] = ticked
        return answers

    def _unseen(self, condition: Condition) -> list[str]:
        before = self.instance.answers.get(condition.name, [])
        if not (condition.chosen_as and before):
            return []
        seen = self.fields[f"answer_{condition.name}"].queryset.filter(pk__in=before).values_list("pk", flat=True)
        return [key for key in before if int(key) not in set(seen)]

    def save(self, commit=True):
        self.instance.answers = self.answers()
        return super().save(commit)


class ByHandForm(forms.Form):
    person = forms.ModelChoiceField(Person.objects.all(), label=_("Person"))
    choice = forms.ChoiceField(
        choices=[("in", _("Add")), ("out", _("Leave out")), ("", _("As the conditions say"))], required=False
    )
