"""What we ask about missions: the mission itself, and what is told of it."""

import datetime

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from contacts.forms.segment import Several
from contacts.models import InteractionParty, Person, User
from contacts.uploads import ACCEPT, Unwelcome, check
from events.models import Event, Mission
from network.forms import LongSelect, RecordForm, country_choices, topic_choices
from network.models import Organization

WORDS = forms.Textarea(attrs={"rows": 5})


class MissionForm(RecordForm):
    """A mission; who sees to it can see it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.who_may("events.view_mission")


class PaperForm(forms.Form):
    """With a file, which is told by its content."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("PDF, DOCX, ODT, JPEG or PNG, 5 MB at most."),
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            if file:
                check(file, file.name, file.size)
        except Unwelcome as sentence:
            raise forms.ValidationError(str(sentence)) from sentence
        return file


class TalkForm(PaperForm):
    """A talk that one of us gives."""

    title = forms.CharField(label=_("Title"), max_length=300)
    person = forms.ChoiceField(label=_("Who gives it"))
    language = forms.ChoiceField(label=_("Language"), choices=[("", "---------"), *settings.LANGUAGES], required=False)
    on = forms.DateField(label=_("Day"), widget=AdminDateInput, required=False)
    link = forms.URLField(label=_("Link"), max_length=500, assume_scheme="https", required=False)

    field_order = ["title", "person", "language", "on", "link", "file"]

    def __init__(self, *args, mission: Mission, **kwargs):
        super().__init__(*args, **kwargs)
        self.going = {str(envoy.person_id): envoy.person for envoy in mission.envoys.select_related("person")}
        people = [(key, str(person)) for key, person in self.going.items()]
        self.fields["person"].choices = people if len(people) == 1 else [("", "---------"), *people]

    def clean_person(self):
        return self.going[self.cleaned_data["person"]]


class MeetingForm(forms.Form):
    """A meeting on a mission: one or several people, organizations, or both."""

    subject = forms.CharField(label=_("Subject"), max_length=500)
    at = forms.DateTimeField(label=_("When"), widget=AdminDateTimeInput)
    people = forms.ModelMultipleChoiceField(Person.objects.all(), label=_("People met"), required=False)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.all(), label=_("Organizations met"), required=False
    )
    text = forms.CharField(label=_("What was said"), widget=WORDS, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in (("people", "person"), ("organizations", "organization")):
            chooser = formfield_for_dbfield(InteractionParty._meta.get_field(field)).widget
            self.fields[name].widget = Several(chooser, attrs={"class": "in-columns"})
            self.fields[name].widget.choices = self.fields[name].choices
            self.fields[name].widget.offered = self.fields[name].queryset

    def clean(self):
        answers = super().clean()
        if not (self.errors or answers["people"] or answers["organizations"]):
            raise forms.ValidationError(_("Say whom you met."))
        return answers


class MissionReportForm(PaperForm):
    """The report on a mission."""

    summary = forms.CharField(
        label=_("Summary"), widget=WORDS, max_length=10_000, help_text=_("What it was about, and who was there.")
    )
    outcomes = forms.CharField(label=_("Outcomes"), widget=WORDS, max_length=10_000, required=False)
    recommendations = forms.CharField(label=_("Recommendations"), widget=WORDS, max_length=10_000, required=False)
    is_restricted = forms.BooleanField(
        label=_("Restricted"),
        required=False,
        help_text=_("Only those who may change missions read it. Others see that there is one."),
    )

    field_order = ["summary", "outcomes", "recommendations", "file", "is_restricted"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "PDF, DOCX, ODT, JPEG or PNG, 5 MB at most. Without one, that of the version before stays."
        )


class FollowUpForm(forms.Form):
    """Something to be done that follows from a mission."""

    title = forms.CharField(label=_("To be done"), max_length=300)
    owner = forms.ModelChoiceField(User.objects.who_may("contacts.view_task"), label=_("Who does it"))
    due_on = forms.DateField(label=_("By the day"), widget=AdminDateInput, required=False)


class CallOffForm(forms.Form):
    reason = forms.CharField(label=_("Why nobody goes"), max_length=500)


class PlainForm(forms.Form):
    """A button of which nothing is asked."""


class CalendarForm(forms.Form):
    """Which part of the calendar is shown."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False, widget=LongSelect)
    topic = forms.ChoiceField(label=_("Topic"), required=False, help_text=_("Of missions: our own events have none."))

    def __init__(self, *args, years: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        ours = [("ours", _("All of ours")), *((f"ours:{value}", label) for value, label in Event.Kind.choices)]
        others = [
            ("others", _("All of others")),
            *((f"others:{value}", label) for value, label in Mission.Kind.choices),
        ]
        self.fields["kind"].choices = [("", _("Everything")), (_("Our events"), ours), (_("Missions"), others)]
        self.fields["country"].choices = [("", _("All countries")), *country_choices()]
        self.fields["topic"].choices = [("", _("All topics")), *topic_choices()]


def usual_hour(mission: Mission) -> datetime.datetime:
    """When a meeting on `mission` was, unless somebody says otherwise: now, or on its last day."""
    now = timezone.localtime()
    noon = timezone.make_aware(datetime.datetime.combine(mission.ends_on, datetime.time(12)))
    return min(now, noon)
