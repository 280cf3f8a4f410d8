"""The questions about a watchlist, and about somebody who may be on it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import ScreeningQuestion, Watchlist


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
    other_names = forms.FileField(
        label=_("Other names"), required=False, help_text=_("For OFAC, if you have it: alt.csv of the same day.")
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
