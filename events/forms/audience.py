"""Who may see something: the question as it is asked everywhere, and a circle of participants."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Appearance, Audience, Circle, Delegation, Event, Role
from network.models import Organization, key_in


class AsksWho(forms.Form):
    """A form that asks who may see something, in one question; `who_for` says of which event the circles are."""

    seen_by = forms.ChoiceField(label=_("Who may see this?"), widget=forms.RadioSelect)

    def who_for(self, event: Event | None, thing=None) -> None:
        """Offer what there is at `event` (None: not known yet); chosen is what `thing` says now."""
        circles = Circle.objects.filter(event=event) if event else Circle.objects.select_related("event")
        words = _("Only: %(circle)s") if event else _("Only: %(circle)s (%(event)s)")
        plain = [(value, label) for value, label in Audience.choices if value != Audience.CIRCLE]
        listed = [(str(one.pk), words % {"circle": one, "event": "" if event else one.event}) for one in circles]
        self.circles = {str(one.pk): one for one in circles}
        self.fields["seen_by"].choices = [*plain, *listed]
        if thing is not None:
            self.fields["seen_by"].initial = str(thing.circle_id or thing.audience)

    def who(self) -> tuple[str, Circle | None]:
        """The audience and the circle that were chosen."""
        chosen = self.cleaned_data["seen_by"]
        circle = self.circles.get(chosen)
        return (Audience.CIRCLE, circle) if circle else (chosen, None)


class AsksWhoOfRecord(AsksWho, forms.ModelForm):
    """The same, of a record with an audience, and of the event that the record or the form names."""

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen_by"):
            self.instance.audience, self.instance.circle = self.who()
        return cleaned


class MinutesForm(AsksWho):
    """The minutes of a session in one language."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a paragraph."),
        widget=forms.Textarea(attrs={"rows": 18}),
        max_length=100_000,
    )

    field_order = ["text", "seen_by"]


class CircleForm(forms.ModelForm):
    """Some of those who come to an event."""

    kinds = forms.MultipleChoiceField(
        label=_("Those who come for a"),
        choices=Organization.Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        required=False,
        help_text=_("By the organization of their delegation; else by where they work now."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Those who come as"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label=_("Those who appear in a session as"),
        choices=Appearance.Role.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        required=False,
    )
    delegations = forms.ModelMultipleChoiceField(
        Delegation.objects.none(),
        label=pgettext_lazy("of an event", "Those of these delegations"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        required=False,
    )

    class Meta:
        model = Circle
        fields = ["name", "kinds", "roles", "parts"]

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["delegations"]
        field.queryset = event.delegations.standing().select_related("organization")
        field.label_from_instance = lambda delegation: str(delegation.organization)
        if self.instance.pk:
            field.initial = list(self.instance.delegations.values_list("pk", flat=True))


def circle_in(event: Event, key: str) -> Circle | None:
    """The circle of `event` with that key."""
    return event.circles.filter(pk=key_in(key)).first()
