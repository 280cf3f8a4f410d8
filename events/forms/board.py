"""What is asked on the board of an event: where a session goes, and what the script of the board sends."""

import datetime
import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from contacts.models import Person
from events.models import Absence, Event, Move, Room, Session, Spot
from events.models.board import PLACED

MOST_MOVES = 5000


class MoveSessionForm(forms.Form):
    """Where a session goes: hours are those of the event's own time zone. `was`: where the reader saw it."""

    day = forms.ChoiceField(label=gettext_lazy("Day"))
    time = forms.TimeField(label=gettext_lazy("Starts"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=1440)
    room = forms.ModelChoiceField(
        Room.objects.none(), label=gettext_lazy("Room"), required=False, empty_label=gettext_lazy("All over the house")
    )
    is_unscheduled = forms.BooleanField(
        label=gettext_lazy("Not scheduled yet"),
        required=False,
        help_text=gettext_lazy("It waits beside the board, and is not published."),
    )
    was = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["room"].queryset = event.venue.rooms.all() if event.venue else Room.objects.none()
        self.fields["day"].choices = [(day.isoformat(), date_format(day, "DATE_FORMAT")) for day in event.days]

    @staticmethod
    def about(session: Session) -> dict:
        """Where it is now."""
        event, local, spot = session.event, session.local_start, Spot.of(session)
        return {
            "day": event.day_of(session.starts_at).isoformat(),
            "time": local.time(),
            "minutes": spot.length // datetime.timedelta(minutes=1),
            "room": session.room_id,
            "is_unscheduled": session.is_unscheduled,
            "was": json.dumps(spot.as_told()),
        }

    def clean_was(self) -> Spot:
        return _spot_in(self.cleaned_data["was"])

    def move(self, session: Session) -> Move:
        """What was asked for."""
        said = self.cleaned_data
        day = datetime.date.fromisoformat(said["day"])
        starts_at = self.event.moment_at(day, said["time"]).astimezone(datetime.UTC)
        ends_at = starts_at + datetime.timedelta(minutes=said["minutes"])
        room = said["room"].pk if said["room"] else None
        return Move(session.pk, said["was"], Spot(starts_at, ends_at, room, said["is_unscheduled"]))


class NoticesMoves(forms.ModelForm):
    """The form of a session, which may have been moved since it was opened. `was`: where the reader saw it.

    Who says nothing of when and where leaves it where it is now; who does is asked whether they still mean it."""

    was = forms.CharField(widget=forms.HiddenInput, required=False)  # a script may leave it out

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_moved = False
        if self.instance.pk:
            self.initial["was"] = json.dumps(Spot.of(self.instance).as_told())

    def clean_was(self) -> Spot | None:
        return _spot_in(self.cleaned_data["was"]) if self.cleaned_data["was"] else None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("was") and self.instance.pk:
            now = (
                Session.objects.select_for_update(of=("self",)).select_related("room", "event").get(pk=self.instance.pk)
            )
            if Spot.of(now) != cleaned["was"]:
                self._meet(now, cleaned)
        return cleaned

    def _meet(self, now: Session, cleaned: dict) -> None:
        """What the form says of when and where, and where the session is `now`, are one again."""
        said = {name: cleaned.get(name) for name in PLACED}
        said["room"] = said["room"] and said["room"].pk
        if _as_asked(said, cleaned["was"]):
            cleaned.update({name: getattr(now, name) for name in PLACED})
            self.is_moved = True
        elif not _as_asked(said, Spot.of(now)):
            self.data = self.data.copy()
            self.data[self.add_prefix("was")] = json.dumps(Spot.of(now).as_told())
            told = _(
                "Somebody else has moved this session meanwhile: %(where)s. Save once more to put it where you say."
            )
            self.add_error("starts_at", told % {"where": _where(now)})


class AbsenceForm(forms.ModelForm):
    """From when until when a room is closed, or somebody is not available."""

    class Meta:
        model = Absence
        fields = ("room", "person", "starts_at", "ends_at", "reason")
        widgets = {"starts_at": AdminDateTimeInput, "ends_at": AdminDateTimeInput}

    def __init__(self, *args, event: Event, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = event.venue.rooms.all() if event.venue else Room.objects.none()
        self.fields["room"].help_text = _("Choose a room, or a person.")
        appearing = event.sessions.exclude(appearances=None).values("appearances__person")
        self.fields["person"].queryset = Person.objects.visible_to(viewer).filter(pk__in=appearing)


def said_in(body: bytes) -> dict:
    """What the script sends. Raises ValidationError where it is none of ours."""
    try:
        said = json.loads(body)
    except ValueError as fault:
        raise _unread() from fault
    if not isinstance(said, dict):
        raise _unread()
    return said


def moves_of(said: dict) -> list[Move]:
    rows = _read(said, "moves", list)
    if len(rows) > MOST_MOVES or not all(isinstance(row, dict) for row in rows):
        raise _unread()
    return [Move(key_of(row, "id"), spot_of(row.get("was")), spot_of(row.get("to"))) for row in rows]


def spots_of(said: dict) -> dict[int, Spot]:
    """Session (key) -> where it was seen."""
    rows = _read(said, "cards", list)
    if len(rows) > MOST_MOVES or not all(isinstance(row, dict) for row in rows):
        raise _unread()
    return {key_of(row, "id"): spot_of(row.get("was")) for row in rows}


def key_of(said: dict, name: str) -> int:
    key = _read(said, name, int)
    if not 0 < key < 2**62:
        raise _unread()
    return key


def minutes_of(said: dict) -> int:
    minutes = _read(said, "minutes", int)
    if not -1440 <= minutes <= 1440 or not minutes:
        raise ValidationError(_("Say by how many minutes, at most a day."))
    return minutes


def day_of(said: dict, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_read(said, name, str))
    except ValueError as fault:
        raise _unread() from fault


def spot_of(data) -> Spot:
    """From what `Spot.as_told` tells."""
    try:
        starts, ends, room, is_unscheduled = data
        times = [datetime.datetime.fromtimestamp(one, datetime.UTC) for one in (starts, ends)]
    except (TypeError, ValueError, OverflowError, OSError) as fault:
        raise _unread() from fault
    is_room = room is None or (isinstance(room, int) and 0 < room < 2**62)
    if not is_room or not isinstance(is_unscheduled, bool):
        raise _unread()
    return Spot(*times, room, is_unscheduled)


def _spot_in(text: str) -> Spot:
    try:
        return spot_of(json.loads(text))
    except json.JSONDecodeError as fault:
        raise _unread() from fault


def _as_asked(said: dict, spot: Spot) -> bool:
    """Whether what a form says of when and where, which knows no seconds, is what `spot` is."""

    def to_the_minute(moment) -> datetime.datetime | None:
        return moment and moment.replace(second=0, microsecond=0)

    asked = [*map(to_the_minute, (said["starts_at"], said["ends_at"])), said["room"], said["is_unscheduled"]]
    return asked == [*map(to_the_minute, (spot.starts_at, spot.ends_at)), spot.room, spot.is_unscheduled]


def _where(session: Session) -> str:
    """When and where it is, in words, by the clock of its event."""
    if session.is_unscheduled:
        return _("it waits beside the board")
    day = date_format(session.local_start, "DATE_FORMAT")
    ends_at = session.ends_at.astimezone(session.event.zone)
    return " · ".join(filter(None, (f"{day} {session.local_start:%H:%M}–{ends_at:%H:%M}", str(session.room or ""))))


def _read(said: dict, name: str, kind: type):
    value = said.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _unread()
    return value


def _unread() -> ValidationError:
    return ValidationError(_("The board did not understand this. Load the page anew."))
