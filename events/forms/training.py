"""What we ask about trainings: a curriculum, a second run, and how far coverage is looked at."""

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from events.forms import zones
from events.models import Curriculum, Event, Profession, Venue
from network.forms import RecordForm
from network.labels import LabelsFormField
from network.models import Country, CountryGroup


class CurriculumForm(RecordForm):
    """A curriculum; whom it is for is ticked."""

    audience = forms.MultipleChoiceField(
        label=_("For whom"),
        help_text=_("Nothing ticked: for everybody."),
        choices=Profession.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class RunAgainForm(forms.Form):
    """What differs when an event is run again."""

    title = LabelsFormField(label=_("Title"))
    slug = forms.CharField(
        label=_("Short name"),
        help_text=_("Part of the address of its pages."),
        max_length=50,
        validators=[validate_slug],
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=AdminDateInput, help_text=_("It lasts as many days as this one.")
    )
    venue = forms.ModelChoiceField(
        Venue.objects.all(), label=_("Venue"), required=False, help_text=_("Empty: not known yet.")
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("The sessions are at the same hours of the day there.")
    )
    with_people = forms.BooleanField(
        label=_("Those who appear in the sessions appear again"),
        help_text=_("Trainers, speakers and interpreters. Nobody is told."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zones(self.initial.get("timezone"))

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if Event.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("Another event has this short name."))
        return slug


class TrainingCoverageForm(forms.Form):
    """Which countries, and of whom."""

    group = forms.ModelChoiceField(
        CountryGroup.objects.all(), label=_("Country group"), required=False, empty_label=_("All countries")
    )
    audience = forms.ChoiceField(
        label=_("For whom"), choices=[("", _("Everybody")), *Profession.choices], required=False
    )
    curricula = forms.ModelMultipleChoiceField(
        Curriculum.objects.all(),
        label=_("Curricula"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        help_text=_("None ticked: all that are for them."),
    )
    gaps = forms.BooleanField(label=_("Only countries with gaps"), required=False)

    def chosen(self) -> list[Curriculum]:
        """The curricula to look at."""
        asked = self.cleaned_data
        ticked = asked["curricula"] or Curriculum.objects.all()
        return list(ticked.meant_for(asked["audience"]) if asked["audience"] else ticked)


class NeverTrainedForm(forms.Form):
    """Of which country, on what, of whom."""

    country = forms.ModelChoiceField(Country.objects.all())
    curriculum = forms.ModelChoiceField(Curriculum.objects.all())
    audience = forms.ChoiceField(choices=[("", ""), *Profession.choices], required=False)
