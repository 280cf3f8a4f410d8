"""What we ask about events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.models import Invitation


class ReplyForm(forms.Form):
    """The answer to an invitation."""

    reply = forms.ChoiceField(
        choices=[(value, label) for value, label in Invitation.Reply.choices if value != Invitation.Reply.NEEDS_ACTION],
        error_messages={
            "required": _("Please accept, decline, or say that you are not sure yet."),
            "invalid_choice": _("Please accept, decline, or say that you are not sure yet."),
        },
    )
    reason = forms.CharField(
        label=_("Anything the organizers should know"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
