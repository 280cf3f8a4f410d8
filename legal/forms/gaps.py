"""The questions about gaps: of which country or group, against what, as of which day; what is found of an article."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from legal.models import Grade, Provision, Relation, Work
from network.forms import LongSelect, country_choices
from network.models import Country, CountryGroup
from network.viewsets.country import region_choices

EMPTY = [("", "---------")]


class GapForm(forms.Form):
    """Which countries, against which standard, as of which day, compared with which earlier one."""

    standard = forms.ModelChoiceField(
        Work.objects.none(), label=_("Instrument or model law"), to_field_name="slug", required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False, widget=LongSelect)
    group = forms.ModelChoiceField(
        CountryGroup.objects.all(), label=_("Country group"), required=False, empty_label=_("All countries")
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    on = forms.DateField(label=_("As of"), required=False)
    since = forms.DateField(label=_("Compared with"), required=False, help_text=_("An earlier day."))

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standard"].queryset = standards(viewer)
        self.fields["country"].choices = [("", _("All countries")), *country_choices()]
        self.fields["region"].choices = [("", _("All regions")), *region_choices()]

    @property
    def asked(self) -> dict:
        """What was asked for; what cannot be read is not asked."""
        self.is_valid()
        return self.cleaned_data

    @property
    def chosen_standard(self) -> Work | None:
        """The one that was asked for, else the first that there is."""
        return self.asked.get("standard") or self.fields["standard"].queryset.first()

    @property
    def chosen_country(self) -> Country | None:
        return Country.objects.filter(pk=self.asked.get("country") or "").first()

    @property
    def countries(self):
        """Those of the group and the region."""
        group, region = self.asked.get("group"), self.asked.get("region")
        found = group.countries.all() if group else Country.objects.all()
        return found.filter(region=region) if region else found


class GapDeskForm(GapForm):
    """The same on the desk, with its choosers of dates."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("on", "since"):
            self.fields[name].widget = AdminDateInput()


def standards(viewer):
    """The works against which a law is graded, the newest first."""
    kinds = (Work.Kind.INSTRUMENT, Work.Kind.MODEL)
    return Work.objects.visible_to(viewer).filter(kind__in=kinds).order_by("kind", "-dated_on", "pk")


class AssessForm(forms.Form):
    """What of the law of a country, or of a model law, meets an article, and how far. A place is the short name of a
    law, # and an anchor, as in an address."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    relation = forms.ChoiceField(label=_("Relation"), choices=Relation.choices, required=False)
    place = forms.CharField(
        label=_("Provision"), max_length=400, required=False, help_text=_("Empty where it is absent.")
    )
    rationale = forms.CharField(
        label=_("Why"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = forms.URLField(label=_("Evidence"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args, works, **kwargs):
        super().__init__(*args, **kwargs)
        self.works = works

    def clean_relation(self):
        return self.cleaned_data["relation"] or Relation.IMPLEMENTS

    def clean_place(self) -> Provision | None:
        written = self.cleaned_data["place"]
        slug, _mark, eid = written.partition("#")
        found = Provision.objects.filter(work__in=self.works, work__slug=slug.strip(), eid=eid.strip()).first()
        if written and found is None:
            raise forms.ValidationError(_("“%(place)s” is no provision here.") % {"place": written})
        return found

    def clean(self):
        """ABSENT, whatever was written for a place: nothing is there."""
        answers = super().clean()
        if answers.get("grade") == Grade.ABSENT:
            answers["place"] = None
            self.errors.pop("place", None)
        return answers


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500)


class PlainForm(forms.Form):
    """A button of which nothing is asked."""
