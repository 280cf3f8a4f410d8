"""What we ask about events."""

import zoneinfo
from dataclasses import fields

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from contacts.models import Person, User
from contacts.models.introduction import Introduced
from contacts.uploads import LETTERS, Unwelcome, check
from events.forms.audience import AsksWhoOfRecord
from events.forms.board import NoticesMoves
from events.models import Event, Invitation, Module, Place, Role, Room, Track, Venue
from events.models.commitment import Status
from events.models.reminder import Whom
from network.forms import ForStrangers, LongSelect, RecordForm, country_choices
from network.models import Country, Organization, key_in

SEAT_FACTS = ("given_name", "family_name", "email", "organization", "position", "country", "language", "place")
GIVEN = ("ACCEPTED", "TENTATIVE", "DECLINED")


class ReplyForm(forms.Form):
    """The answer to an invitation."""

    reply = forms.ChoiceField(
        choices=[(value, label) for value, label in Invitation.Reply.choices if value in GIVEN],
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


class TakenAnswerForm(ReplyForm):
    """An answer that came by telephone or in a letter, entered by staff."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reply"].label = _("Answer")
        self.fields["reply"].widget = forms.RadioSelect(choices=self.fields["reply"].choices)
        self.fields["reason"].label = _("What they said")


class MoveForm(forms.Form):
    """The days and the venue to which an event moves."""

    starts_on = forms.DateField(label=_("First day"), widget=AdminDateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput)
    venue = forms.ModelChoiceField(Venue.objects.all(), label=_("Venue"), required=False)


class CancelForm(forms.Form):
    """Why an event is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody reads it in the letter. You may leave it empty."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )


class NamedForm(forms.Form):
    """Somebody who is to come: what whoever names them says."""

    given_name = forms.CharField(label=_("Given name"), max_length=150)
    family_name = forms.CharField(label=_("Family name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    position = forms.CharField(label=_("Position"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Letters in"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()

    def named(self) -> Introduced:
        said = [one.name for one in fields(Introduced) if one.name in self.fields]
        return Introduced(**{name: self.cleaned_data[name] for name in said})


class GuestForm(NamedForm):
    """Somebody at the door who was not registered; they may have no address at hand."""

    organization = forms.CharField(label=_("Organization"), max_length=300, required=False)

    field_order = ["given_name", "family_name", "organization", "email", "position", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].help_text = _("With one, a letter with their own link goes there.")

    @property
    def heading(self) -> str:
        """Of whom it is, whether it is valid or not."""
        return f"{self.data.get('given_name', '')} {self.data.get('family_name', '')}".strip()[:300]


class RegisterForm(NamedForm, ForStrangers):
    """Somebody who asks for a seat, on the public page of an event."""

    organization = forms.CharField(label=_("Organization"), max_length=300, required=False)
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country"), widget=LongSelect, required=False)
    place = forms.ChoiceField(label=_("How you take part"), widget=forms.RadioSelect)
    agrees = forms.BooleanField(
        label=_("I agree that what I write here is kept to handle my registration and to write to me about the event.")
    )

    field_order = ["given_name", "family_name", "email", "organization", "position", "country", "language", "place"]

    def __init__(self, *args, places: list[str], full: list[str], **kwargs):
        """`places`: where one can come; it is asked where there are several, and said of those that are `full`."""
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("We write to this address; a letter asks you to confirm it.")
        self.fields["country"].choices = [("", "---------"), *country_choices()]
        self.fields["place"].choices = [
            (
                place,
                _("%(place)s (waiting list)") % {"place": Place(place).label} if place in full else Place(place).label,
            )
            for place in places
        ]
        self.fields["place"].initial = places[0]
        for name in ("given_name", "family_name", "email", "organization"):
            self.fields[name].widget.attrs["autocomplete"] = name.replace("_", "-")
        if len(places) == 1:
            del self.fields["place"]
        self.only_place = places[0]

    def facts(self) -> dict:
        said = {name: self.cleaned_data[name] for name in SEAT_FACTS if name in self.cleaned_data}
        return {"place": self.only_place, **said}


class MemberForm(NamedForm):
    """Somebody who is to come with a delegation: one of the organization's own people, or anybody else by name."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Somebody of the organization"),
        required=False,
        empty_label=_("Somebody else, named below"),
    )

    field_order = ["person", "given_name", "family_name", "email", "position", "language"]

    def __init__(self, *args, delegation, own: list[tuple] | None = None, **kwargs):
        """`own`: key and name of the organization's people, where they are known already."""
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        person.queryset = delegation.own_people()
        if own is not None:
            person.choices = [("", person.empty_label), *own]
        for name in ("given_name", "family_name", "email"):
            self.fields[name].required, self.fields[name].is_wanted = False, True

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("person") and "person" not in self.errors:
            for name in ("given_name", "family_name", "email"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def named(self) -> Introduced | Person:
        return self.cleaned_data["person"] or super().named()


class NomineeForm(MemberForm):
    """Somebody new in a delegation, as what and where."""

    seat = forms.ChoiceField(
        label=_("Comes as"),
        error_messages={
            "required": _("Choose as what they come."),
            "invalid_choice": _("The delegation has no place left for this. Choose another."),
        },
    )

    field_order = ["seat", *MemberForm.field_order]

    def __init__(self, *args, delegation, **kwargs):
        super().__init__(*args, delegation=delegation, **kwargs)
        free = delegation.free_places()
        self.fields["seat"].choices = [
            (place.label, [(f"{role}:{place}", Role(role).label) for role, where in free if where == place])
            for place in Place
            if any(where == place for _role, where in free)
        ]
        if ("DELEGATE", "ROOM") in free:
            self.fields["seat"].initial = "DELEGATE:ROOM"

    def sort(self) -> tuple[str, str]:
        """The role and the place."""
        role, _colon, place = self.cleaned_data["seat"].partition(":")
        return role, place


class PlacesForm(forms.Form):
    """How many places of which sort."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Any role")), *Role.choices], required=False)
    place = forms.ChoiceField(label=_("Place"), choices=[("", _("Any place")), *Place.choices], required=False)
    size = forms.IntegerField(
        label=_("Places"), help_text=_("Empty: no limit."), required=False, min_value=0, max_value=100_000
    )


class AllotmentForm(PlacesForm):
    """How many places each delegation of a kind of organization has."""

    kind = forms.ChoiceField(label=_("Kind of organization"), choices=Organization.Kind.choices)

    field_order = ["kind", "role", "place", "size"]


class NoteForm(forms.Form):
    """The note verbale of a delegation."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.jpg,.jpeg,.png"}),
        help_text=_("PDF, DOCX, ODT, JPEG or PNG, 5 MB at most."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            check(file, file.name, file.size, kinds=LETTERS)
        except Unwelcome as sentence:
            raise forms.ValidationError(str(sentence)) from sentence
        return file


class CommitmentForm(RecordForm):
    """What an organization undertook; who follows it up can see it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.who_may("events.view_commitment")


class ReportForm(forms.Form):
    """How a commitment stands."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    words = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    evidence = forms.URLField(
        label=_("Evidence"),
        help_text=_("The address of a document or a page that shows it."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    event = forms.ModelChoiceField(
        Event.objects.all(), label=_("Reported at"), help_text=_("The event at which it was said."), required=False
    )


class TransferForm(forms.Form):
    """As what and where somebody comes instead."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.ChoiceField(label=_("Place"), choices=Place.choices)


class PriorityForm(forms.Form):
    """Who comes first on the waiting list, and why."""

    priority = forms.IntegerField(
        label=_("Priority"),
        help_text=_("A higher number comes first; 0 is usual."),
        min_value=-100,
        max_value=100,
        initial=1,
    )
    reason = forms.CharField(label=_("Why"), help_text=_("It stays in the history."), max_length=300)


class ReminderForm(forms.Form):
    """A rule by which people are asked again."""

    days = forms.IntegerField(
        label=_("Days before"),
        help_text=_("Before the answers close; for delegations, before the time for names is over."),
        min_value=0,
        max_value=365,
        initial=14,
    )
    whom = forms.ChoiceField(label=_("Whom"), choices=Whom.choices, widget=forms.RadioSelect, initial=Whom.UNANSWERED)


class SeatsForm(forms.Form):
    """How many seats an event has: in the room, online, and for those who come to the plenary alone."""

    ROOM = forms.IntegerField(
        label=_("Seats in the room"),
        help_text=_(
            "New seats go to the waiting list at once, and those who get one are told by letter. Empty: no limit."
        ),
        required=False,
        min_value=0,
        max_value=1_000_000,
    )
    ONLINE = forms.IntegerField(
        label=_("Places online"), help_text=_("Empty: no limit."), required=False, min_value=0, max_value=1_000_000
    )
    PLENARY = forms.IntegerField(
        label=_("Floating badges"),
        help_text=_("For those who enter the plenary alone. Empty: no limit."),
        required=False,
        min_value=0,
        max_value=1_000_000,
    )


class EventForm(WagtailAdminModelForm):
    """An event. Its days can be chosen until it is announced; afterwards they move through Reschedule alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget.choices = zones(self.initial.get("timezone"))
        if self.instance.pk and self.instance.status != Event.Status.DRAFT:
            for name in ("starts_on", "ends_on", "venue"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "The event has been announced: move it with Reschedule on its desk, so that everybody is told."
                )
        rooms = Room.objects.filter(venue=self.instance.venue_id)
        for booth in (*self.formsets["booths"].forms, self.formsets["booths"].empty_form):
            booth.fields["room"].queryset = rooms

    def clean(self):
        """A training gives certificates as its curriculum says, where nothing else is said when it is chosen."""
        cleaned = super().clean()
        curriculum = cleaned.get("curriculum")
        if curriculum and "curriculum" in self.changed_data and not cleaned.get("certificate_share"):
            cleaned["certificate_share"] = curriculum.certificate_share
        return cleaned


class SessionForm(NoticesMoves, AsksWhoOfRecord, WagtailAdminModelForm):
    """A session, with the tracks and rooms of its event to choose from."""

    interpreted_into = forms.MultipleChoiceField(
        label=_("Interpreted into"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The languages that are spoken in the booths, beside the one of the floor."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = self.initial.get("language")
        self.fields["language"].widget = forms.Select(choices=_languages(language))
        self.fields["event"].disabled = bool(self.instance.pk)
        event = self._event()
        self.who_for(event, self.instance)
        track, room = self.fields["track"], self.fields["room"]
        self.fields["module"].queryset = Module.objects.filter(curriculum=event and event.curriculum_id)
        track.queryset, room.queryset = Track.objects.select_related("event"), Room.objects.select_related("venue")
        if event:
            track.queryset, room.queryset = event.tracks.all(), Room.objects.filter(venue=event.venue_id)
        else:
            track.label_from_instance = track_of_event
            room.label_from_instance = room_of_venue

    def clean(self):
        cleaned = super().clean()
        event, track, room = (cleaned.get(name) for name in ("event", "track", "room"))
        if event and track and track.event_id != event.pk:
            self.add_error("track", _("This track belongs to another event."))
        if event and room and room.venue_id != event.venue_id:
            self.add_error("room", _("This room is not at the venue of the event."))
        if event and self.instance.circle and self.instance.circle.event_id != event.pk:
            self.add_error("seen_by", _("This belongs to another event."))
        return cleaned

    def _event(self) -> Event | None:
        if self.instance.pk:
            return self.instance.event
        chosen = self.data.get(self.add_prefix("event")) if self.is_bound else self.initial.get("event")
        return Event.objects.filter(pk=key_in(str(chosen or ""))).first()


def track_of_event(track: Track) -> str:
    """A track's name where several events meet."""
    return f"{track} ({track.event})"


def room_of_venue(room: Room) -> str:
    """A room's name where several venues meet."""
    return f"{room} ({room.venue})"


def zones(current: str | None) -> list[tuple[str, str]]:
    """The time zones named after places, UTC, and the one that is chosen already."""
    names = {name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")}
    return [(name, name.replace("_", " ")) for name in sorted(names | {"UTC", current or "UTC"})]


def _languages(current: str | None) -> list[tuple[str, str]]:
    """The languages of the house, none, and the one that is chosen already."""
    return list({"": "—", **({current: current} if current else {}), **dict(settings.LANGUAGES)}.items())
