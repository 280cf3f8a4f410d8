"""What we ask before a version of a programme is published, and about the seats of a session."""

from django import forms
from django.utils.translation import gettext_lazy as _

from network.labels import LabelsFormField


class PublishForm(forms.Form):
    """What the changelog says of the version."""

    note = LabelsFormField(
        label=_("What this version is about"),
        help_text=_("Stands in the public changelog, for everybody to read. It may be empty."),
        rows=2,
        required=False,
    )


class SessionSeatsForm(forms.Form):
    """How many seats there are in a session."""

    size = forms.IntegerField(
        label=_("Seats"), help_text=_("Empty: no limit."), min_value=0, max_value=100_000, required=False
    )
