"""The questions about a watchlist, and about somebody who may be on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms.application import FilesInput
from contacts.models import ScreeningQuestion, Watchlist


class FilesBesideField(forms.FileField):
    """Several files in one go; what they are, the reader finds out."""

    widget = FilesInput

    def clean(self, data, initial=None):
        clean = super().clean
        return [clean(file) for file in data or []]


class WatchlistForm(forms.Form):
    """A file, and which list it is."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=100,
        help_text=_("The same name again: the file is a new version of that list, and takes its place."),
    )
    kind = forms.ChoiceField(label=_("Kind of file"), choices=Watchlist.Kind.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"), help_text=_("As the publisher gives it out: targets.simple.csv, consolidated.xml or sdn.csv.")
    )
    beside = FilesBesideField(
        label=_("Files that belong to it"),
        required=False,
        help_text=_("For OFAC, all of the same day: alt.csv (names), add.csv (addresses), sdn_comments.csv (remarks)."),
    )
    version = forms.CharField(
        label=_("Version"),
        max_length=60,
        required=False,
        help_text=_("Empty: what the file says of its own age, or today."),
    )


class DecisionForm(forms.Form):
    """What somebody found who looked at both sides, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you compared, and where you found it. It is kept with the version of the list."),
    )
    verdict = forms.ChoiceField(
        choices=[choice for choice in ScreeningQuestion.Verdict.choices if choice[0] != ScreeningQuestion.Verdict.OPEN],
        widget=forms.HiddenInput,
    )
