"""The questions that the admin asks about people."""

from operator import itemgetter

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.users.forms import UserCreationForm, UserEditForm

from contacts.models import Consent, Suppression, User
from contacts.models.suppression import OPTIONAL, PURPOSES
from network.forms import LongSelect, RecordForm, alphabetically
from network.labels import language_name


def language_choices() -> list:
    """The languages of our letters, and then every other one, by name."""
    ours = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
    others = [
        (code, language_name(code))
        for code, info in LANG_INFO.items()
        if "name" in info and "-" not in code and code not in dict(ours)
    ]
    return [(_("Languages of letters"), ours), (_("Other languages"), alphabetically(others, shown=itemgetter(1)))]


class LanguagesWidget(forms.Widget):
    """One select a language, in the order of preference; always one more than there are."""

    template_name = "contacts/languages_widget.html"
    fewest = 3

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def value_omitted_from_data(self, data, files, name):
        return name not in data

    def use_required_attribute(self, initial):
        return False

    def id_for_label(self, id_, index=0):
        return f"{id_}_{index}" if id_ else id_

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        codes = [code for code in value or [] if code]
        codes += [""] * max(1, self.fewest - len(codes))
        id_ = context["widget"]["attrs"].get("id", name)
        context["widget"]["selects"] = [
            self._select(code).render(name, code, {"id": f"{id_}_{place}", "aria-label": self._label(place)})
            for place, code in enumerate(codes)
        ]
        return context

    def format_value(self, value):
        return value

    def _label(self, place: int) -> str:
        return gettext("Language %(place)s") % {"place": place + 1} if place else gettext("Language of letters")

    def _select(self, code: str) -> forms.Select:
        choices = language_choices()
        known = {key for _group, languages in choices for key, _name in languages}
        unknown = [(code, code)] if code and code not in known else []
        return LongSelect(choices=[("", "---------"), *unknown, *choices])


class LanguagesField(forms.Field):
    """Gives a list of language codes, the language of letters first, each once."""

    widget = LanguagesWidget

    def to_python(self, value):
        return list(dict.fromkeys(code for code in value or [] if code))

    def has_changed(self, initial, data):
        return list(initial or []) != self.to_python(data)


class PersonForm(RecordForm):
    languages = LanguagesField(
        label=_("Languages"), required=False, help_text=_("The first one is the language of letters.")
    )


class OneAccountAnAddress:
    """Wagtail's own question tells capitals apart and speaks of a username."""

    def _clean_username(self):
        others = User.objects.filter(email__iexact=self.cleaned_data.get("email", "")).exclude(pk=self.instance.pk)
        if others.exists():
            self.add_error("email", _("Somebody signs in with this address already."))


class AccountCreationForm(OneAccountAnAddress, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"desks"}
        widgets = {**UserCreationForm.Meta.widgets, "desks": forms.CheckboxSelectMultiple}


class AccountEditForm(OneAccountAnAddress, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"desks"}
        widgets = {**UserEditForm.Meta.widgets, "desks": forms.CheckboxSelectMultiple}


class InteractionForm(RecordForm):
    """What happened, and what is to follow from it."""

    follow_up = forms.CharField(label=_("To be done"), max_length=300, required=False)
    follow_up_on = forms.DateField(label=_("By the day"), widget=AdminDateInput, required=False)
    follow_up_by = forms.ModelChoiceField(
        User.objects.who_may("contacts.view_task"), label=_("Who does it"), required=False, empty_label=_("I do")
    )

    def clean(self):
        answers = super().clean()
        if answers.get("follow_up_on") and not answers.get("follow_up"):
            self.add_error("follow_up", _("Say what is to be done by that day."))
        rows = self.formsets["parties"]
        if not answers.get("country") and not any(row.has_changed() or row.instance.pk for row in rows.forms):
            raise forms.ValidationError(_("Say with whom it was, or which country it is about."))
        return answers


class TaskForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.who_may("contacts.view_task")


class PreferencesForm(forms.Form):
    """What a reader wants to get."""

    wanted = forms.MultipleChoiceField(
        label=_("Please send me"),
        choices=[(purpose, label) for purpose, label in PURPOSES if purpose in OPTIONAL],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Letters about what you take part in, such as a change of date, always reach you."),
    )
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)


class CorrectionForm(forms.Form):
    """What is wrong in what we hold."""

    text = forms.CharField(
        label=_("What is wrong, or missing?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ConsentForm(forms.ModelForm):
    class Meta:
        model = Consent
        fields = ["purpose", "basis", "given_on", "source"]
        widgets = {"given_on": AdminDateInput}


class SendMailingForm(forms.Form):
    at = forms.DateTimeField(label=_("When"), widget=AdminDateTimeInput, required=False, help_text=_("Empty: now."))


class SuppressionForm(RecordForm):
    address = forms.EmailField(label=_("Address"))

    class Meta:
        model = Suppression
        fields = ["address", "reason", "purpose"]
