"""What somebody is asked who wants to hear of what is new."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.forms import ForStrangers


class SaveSearchForm(ForStrangers):
    """An address, and the search as the parameters of an address."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    asked = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def clean_asked(self) -> str:
        """Read and written anew, so that nothing but parameters is kept, and no long text of a stranger."""
        asked = QueryDict(self.cleaned_data["asked"], mutable=True)
        asked["q"] = "".join(mark if mark.isprintable() else " " for mark in asked.get("q", "")).strip()[:200]
        if not asked["q"]:
            del asked["q"]
        return asked.urlencode()
