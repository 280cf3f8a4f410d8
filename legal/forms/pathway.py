"""The questions about a ratification: who sets out, which steps, who sees to which by when, and the deposit."""

from operator import itemgetter

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from contacts.models import User
from legal.forms.treaties import instrument_choices
from legal.models import Act, Instrument, Pathway, PathwayStep
from legal.models.pathway import USUAL, StepKind
from network.forms import alphabetically
from network.models import Country


def colleagues():
    """Those who may see ratifications."""
    return User.objects.who_may("legal.view_pathway")


class BeginForm(forms.Form):
    """A country sets out to be bound by an instrument."""

    country = forms.ModelChoiceField(Country.objects.none(), label=_("Country"))
    instrument = forms.ModelChoiceField(Instrument.objects.all(), label=_("Instrument"))
    act = forms.ChoiceField(
        label=_("Consents by"), choices=Pathway._meta.get_field("act").choices, initial=Act.RATIFICATION
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, help_text=Pathway._meta.get_field("owner").help_text
    )
    begun_on = forms.DateField(label=_("Begun"), widget=AdminDateInput, initial=timezone.localdate)
    expected_on = forms.DateField(
        label=_("Deposit expected"),
        widget=AdminDateInput,
        required=False,
        help_text=Pathway._meta.get_field("expected_on").help_text,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    steps = forms.MultipleChoiceField(
        label=_("Steps"),
        choices=[(kind.value, kind.label) for kind in StepKind if kind not in (StepKind.OTHER, StepKind.DEPOSIT)],
        initial=[kind.value for kind in USUAL],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("In this order. The deposit is the last of them; steps of your own can be put in later."),
    )

    def __init__(self, *args, viewer: User, **kwargs):
        super().__init__(*args, **kwargs)
        countries = Country.objects.of_desks(viewer.desk_keys) if viewer.desk_keys else Country.objects.all()
        self.fields["country"].queryset = countries
        named = alphabetically(((country.pk, str(country)) for country in countries), itemgetter(1))
        self.fields["country"].choices = [("", "---------"), *named]
        self.fields["instrument"].choices = [("", "---------"), *instrument_choices()]
        self.fields["owner"].queryset = colleagues()


class OfStepsForm(forms.Form):
    """About one of the steps of `pathway` that are not taken."""

    step = forms.ModelChoiceField(PathwayStep.objects.none(), label=_("Step"), empty_label=None)

    def __init__(self, *args, pathway: Pathway, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].queryset = self.offered(pathway)

    def offered(self, pathway: Pathway):
        return pathway.steps.filter(taken_on=None).in_order()


class TakeStepForm(OfStepsForm):
    on = forms.DateField(label=_("Taken on"), widget=AdminDateInput, initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def offered(self, pathway):
        return super().offered(pathway).exclude(kind=StepKind.DEPOSIT)


class PlanForm(OfStepsForm):
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), required=False, help_text=_("Empty: the owner of the whole.")
    )
    due_on = forms.DateField(label=_("By"), widget=AdminDateInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues()


class AddStepForm(OfStepsForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].label = _("Before the step")


class DepositForm(forms.Form):
    on = forms.DateField(label=_("Deposited on"), widget=AdminDateInput, initial=timezone.localdate)
    effective_on = forms.DateField(
        label=_("Takes effect"),
        widget=AdminDateInput,
        required=False,
        help_text=_("Where the depositary says so. Empty: as the instrument has it."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The notification of the depositary, for example.")
    )
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False, assume_scheme="https")
    as_at = forms.DateField(label=_("As at"), widget=AdminDateInput, initial=timezone.localdate)


class StopForm(forms.Form):
    reason = forms.CharField(label=_("Why it goes no further"), max_length=500)
