"""Questionnaires: as put to one person, and as organizers write them."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from events.models import Item, Questionnaire
from events.models.item import Grade
from events.models.question import Said, Word
from network.models import key_in

MOST_LETTERS = 4000


class SheetForm(forms.Form):
    """The items of a questionnaire, with what was `said` before."""

    def __init__(self, *args, items: list[Item], said: dict[int, Said] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.items, self.said = items, said or {}
        for item in items:
            self.fields[item.name] = getattr(self, f"_{item.kind.lower()}")(item, self._known(item))

    def given(self) -> dict[int, Said]:
        """Item (key) -> what is said, for the verb."""
        found: dict[int, Said] = {}
        for item in self.items:
            value = self.cleaned_data[item.name]
            if item.has_options:
                value = tuple(sorted(map(int, [value] if isinstance(value, str) else value))) if value else ()
            found[item.pk] = value
        return found

    @property
    def rows(self) -> list[dict]:
        """The items with their fields, for a page."""
        return [{"item": item, "field": self[item.name], "is_text": item.kind == Item.Kind.TEXT} for item in self.items]

    @property
    def faults(self) -> list[dict]:
        return [row for row in self.rows if row["field"].errors]

    def _known(self, item: Item) -> dict:
        missing = {"required": _("Please answer this question.")}
        known = {"label": str(item.label), "required": item.is_required, "help_text": str(item.help)}
        return {**known, "initial": self.said.get(item.pk), "error_messages": missing}

    def _text(self, item, known):
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(max_length=MOST_LETTERS, widget=widget, **known)

    def _rating(self, item, known):
        return forms.ChoiceField(choices=Grade.choices, widget=forms.RadioSelect, **known)

    def _yes_no(self, item, known):
        return forms.ChoiceField(choices=Word.choices, widget=forms.RadioSelect, **known)

    def _choice(self, item, known):
        known["initial"] = next((str(pk) for pk in known["initial"] or ()), None)
        return forms.ChoiceField(choices=_options(item), widget=forms.RadioSelect, **known)

    def _choices(self, item, known):
        known["initial"] = [str(pk) for pk in known["initial"] or ()]
        return forms.MultipleChoiceField(choices=_options(item), widget=forms.CheckboxSelectMultiple, **known)


class QuestionnaireForm(WagtailAdminModelForm):
    """What was promised to people, that nothing leads back to them, stays once they can see it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        one = self.instance
        if one.is_assessment or one.opened_at:
            self.fields["is_anonymous"].disabled = True
        if not one.is_assessment:
            self.fields["shows_score"].disabled = True
        if one.is_anonymous and one.is_over() and one.sheets.is_enough():
            self.fields["closes_on"].disabled = True  # its results are shown

    def clean_closes_on(self):
        day, latest = self.cleaned_data["closes_on"], self.instance.latest_day
        if day and day > latest and "closes_on" in self.changed_data:
            told = _("The links in the letters expire on %(day)s. Choose that day or an earlier one.")
            raise forms.ValidationError(told % {"day": date_format(latest)})
        return day


class ItemForm(WagtailAdminModelForm):
    """One question, with its options where it has some. Once somebody has answered it stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        questionnaire = self._questionnaire()
        if questionnaire:
            self.fields["questionnaire"].queryset = Questionnaire.objects.filter(pk=questionnaire.pk)
        self.fields["questionnaire"].disabled = bool(self.instance.pk)

    def clean(self):
        cleaned = super().clean()
        questionnaire = cleaned.get("questionnaire") or self._questionnaire()
        if questionnaire:
            questionnaire.guard_writing()
        kind, options = cleaned.get("kind"), self._kept()
        has_options = kind in (Item.Kind.CHOICE, Item.Kind.CHOICES)
        if has_options and not options:
            self.add_error("kind", _("Write the options among which one chooses."))
        if not has_options and options:
            self.add_error("kind", _("An answer of this kind has no options; take them away."))
        if cleaned.get("right_word") and kind != Item.Kind.YES_NO:
            self.add_error(
                "right_word", _("Only a question with yes or no has such a right answer; mark options instead.")
            )
        if kind == Item.Kind.CHOICE and sum(one.cleaned_data.get("is_right", False) for one in options) > 1:
            self.add_error("kind", _("Of several options one chooses one, so only one can be right."))
        return cleaned

    def _kept(self) -> list[forms.ModelForm]:
        """The options that there will be."""
        rows = self.formsets["options"].forms if "options" in self.formsets else []
        for row in rows:
            row.full_clean()
        filled = [row for row in rows if row.instance.pk or row.has_changed()]
        return [row for row in filled if not getattr(row, "cleaned_data", {}).get("DELETE")]

    def _questionnaire(self) -> Questionnaire | None:
        if self.instance.pk:
            return self.instance.questionnaire
        chosen = self.data.get(self.add_prefix("questionnaire")) if self.is_bound else self.initial.get("questionnaire")
        return Questionnaire.objects.filter(pk=key_in(str(chosen or ""))).first()


def _options(item: Item) -> list[tuple[str, str]]:
    return [(str(one.pk), str(one)) for one in item.options.all()]
