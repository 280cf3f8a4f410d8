"""The board of an event: its sessions by room and hour, moved by hand, by keyboard or by a plain form."""

import datetime
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.forms.board import (
    AbsenceForm,
    MoveSessionForm,
    day_of,
    key_of,
    minutes_of,
    moves_of,
    said_in,
    spots_of,
)
from events.models import Absence, Event, Move, Session, Stale
from events.views.desk.board_words import words
from events.views.desk.event_view import EventTimeView, EventView, refusals_shown
from events.views.desk.picture import cards, conflicts, edition, moves_told, picture


class BoardView(EventView):
    """The page. Without its script it lists the sessions of a day, each with the way to move it."""

    template_name = "events/desk/board.html"
    page_title = gettext_lazy("Board")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **more):
        event, viewer = self.object, self.request.user
        seen = edition(event, viewer)  # before the picture: what comes between the two is shown twice, not never
        whole = picture(event, viewer)
        day = next((one for one in whole["days"] if one["date"] == self.request.GET.get("day")), whole["days"][0])
        return super().get_context_data(
            board={**whole, "edition": seen, "urls": self.urls(), "words": words(), "may_move": may_move(viewer)},
            day=day,
            listed=listed(event, whole, day),
            form=MoveSessionForm(event=event),
            may_add=viewer.has_perm("events.add_session"),
            **more,
        )

    def urls(self) -> dict[str, str]:
        event = self.object.pk
        return {
            "state": reverse("event:board_state", args=[event]),
            "act": reverse("event:board_act", args=[event]),
            "move": reverse("event:board_move", args=[event, 0]),
            "edit": reverse("session:edit", args=[0]),
        }


class BoardStateView(EventView):
    """GET: the picture as it is now, or 304."""

    def get(self, request, **_where):
        etag = edition(self.object, request.user)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = JsonResponse(picture(self.object, request.user))
            response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response


class BoardActView(EventView):
    """POST: one verb, asked for by the script; the answer says what has become of it."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        return answered(self.object, request.user, lambda: self.act(said_in(request.body)))

    def act(self, said: dict) -> dict:
        act = ACTS.get(said.get("act"))
        if act is None:
            raise ValidationError(_("The board did not understand this. Load the page anew."))
        permission, verb = act
        if not self.request.user.has_perm(f"events.{permission}_session"):
            raise PermissionDenied
        return verb(self.object, said, self.request.user)


class BoardMoveView(EventView):
    """One session is moved by a form: a page of its own, and what the script's dialog sends."""

    template_name = "events/desk/form.html"
    page_title = gettext_lazy("Move a session")
    is_serious, warning = False, ""

    @cached_property
    def session(self) -> Session:
        seen = self.object.sessions.visible_to(self.request.user).select_related("event", "room")
        return get_object_or_404(seen, pk=self.kwargs["session"])

    def get(self, request, **_where):
        return self.show(MoveSessionForm(event=self.object, initial=MoveSessionForm.about(self.session)))

    def post(self, request, **_where):
        if not may_move(request.user):
            raise PermissionDenied
        form = MoveSessionForm(request.POST, event=self.object)
        if request.headers.get("Accept") == "application/json":
            return answered(self.object, request.user, lambda: self.move(form))
        if not form.is_valid():
            return self.show(form)
        try:
            self.move(form)
        except Stale as stale:
            return self.ask_again(stale)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return self.show(form)
        messages.success(request, _("“%(title)s” is moved.") % {"title": self.session})
        return redirect(f"{reverse('event:board', args=[self.object.pk])}?day={form.cleaned_data['day']}")

    def move(self, form: MoveSessionForm) -> dict:
        if not form.is_valid():
            raise ValidationError([fault for faults in form.errors.values() for fault in faults])
        return moved(self.object.arrange([form.move(self.session)], by=self.request.user))

    def ask_again(self, stale: Stale):
        """The form once more, with what was asked for, and where the session is by now: pressed again, it goes."""
        del self.session
        said = {**self.request.POST.dict(), "was": MoveSessionForm.about(self.session)["was"]}
        form = MoveSessionForm(said, event=self.object)
        form.full_clean()
        form.add_error(None, [*stale.messages, self.whereabouts(), _("Save once more to move it all the same.")])
        return self.show(form)

    def whereabouts(self) -> str:
        session = self.session
        if session.is_unscheduled:
            return _("“%(title)s” waits for a place now.") % {"title": session}
        where = {"title": session, "when": hours(session), "room": session.room or _("All over the house")}
        return _("“%(title)s” is at %(when)s now: %(room)s.") % where

    def show(self, form):
        return self.render_to_response(self.get_context_data(form=form, media=form.media))

    def get_page_subtitle(self):
        return str(self.session)

    def button(self) -> str:
        return _("Move it")


class AbsencesView(EventTimeView):
    """When rooms are closed and people not available; POST notes one more."""

    shows_all = True
    template_name = "events/desk/absences.html"
    page_title = gettext_lazy("Absences")

    def get(self, request, **_where):
        return self.show(self.form())

    def post(self, request, **_where):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        Absence.objects.note(form.instance, by=request.user)
        messages.success(request, _("Noted. Conflicts with it are shown from now on."))
        return redirect("event:absences", self.object.pk)

    def form(self, data=None) -> AbsenceForm:
        return AbsenceForm(data, event=self.object, viewer=self.request.user, instance=Absence(event=self.object))

    def show(self, form):
        rows = self.object.absences.visible_to(self.request.user).select_related("room", "person")
        return self.render_to_response(self.get_context_data(form=form, media=form.media, rows=rows))


class AbsenceDropView(EventView):
    shows_all = True
    http_method_names = ["post"]

    def post(self, request, absence, **_where):
        with refusals_shown(request):
            get_object_or_404(self.object.absences.visible_to(request.user), pk=absence).drop(by=request.user)
            messages.success(request, _("Taken off the list."))
        return redirect("event:absences", self.object.pk)


# -- what the script can ask for


def arrange(event: Event, said: dict, by) -> dict:
    return moved(event.arrange(moves_of(said), by=by))


def shift(event: Event, said: dict, by) -> dict:
    everywhere = said.get("everywhere") is True
    return moved(event.shift_after(key_of(said, "id"), minutes_of(said), everywhere=everywhere, by=by))


def swap(event: Event, said: dict, by) -> dict:
    return moved(event.swap(key_of(said, "id"), key_of(said, "other"), by=by))


def fit(event: Event, said: dict, by) -> dict:
    return moved(event.fit(key_of(said, "room"), day_of(said, "day"), by=by))


def duplicate(event: Event, said: dict, by) -> dict:
    with_people = said.get("with_people") is True
    copies = event.duplicate_day(day_of(said, "day"), day_of(said, "to"), with_people=with_people, by=by)
    return {"keys": [copy.pk for copy in copies], "is_new": True}


def take_back(event: Event, said: dict, by) -> dict:
    copies = spots_of(said)
    event.take_back(copies, by=by)
    return {"gone": list(copies)}


ACTS: dict[str, tuple[str, Callable]] = {
    "arrange": ("change", arrange),
    "shift": ("change", shift),
    "swap": ("change", swap),
    "fit": ("change", fit),
    "duplicate": ("add", duplicate),
    "take_back": ("delete", take_back),
}


def moved(moves: list[Move]) -> dict:
    return {"keys": [move.key for move in moves], "moves": moves_told(moves)}


def answered(event: Event, viewer, act: Callable[[], dict]) -> JsonResponse:
    """What `act` did, with the cards that it changed and the conflicts as they are now; 409 where somebody else was
    quicker, with the cards as they are; 422 where it is refused."""
    try:
        done = act()
    except Stale as stale:
        told = {"message": " ".join(stale.messages), "cards": cards(event, viewer, stale.keys), "keys": stale.keys}
        return JsonResponse(told, status=409)
    except ValidationError as refusal:
        return JsonResponse({"message": " ".join(refusal.messages)}, status=422)
    changed = cards(event, viewer, done["keys"]) if done.get("keys") else []
    return JsonResponse({**done, "cards": changed, "conflicts": conflicts(event, viewer)})


# -- pieces


def may_move(viewer) -> bool:
    return viewer.has_perm("events.change_session")


def hours(session: Session) -> str:
    zone = session.event.zone
    return "–".join(f"{moment.astimezone(zone):%H:%M}" for moment in (session.starts_at, session.ends_at))


def listed(event: Event, whole: dict, day: dict) -> list[dict]:
    """The sessions of a day in words, and those that wait, for readers without the script."""
    rooms = {room["id"]: room["name"] for room in whole["rooms"]}
    found = []
    for card in whole["cards"]:
        start, end, room, waits = card["at"]
        if waits or day["begins"] <= start < day["ends"]:
            moments = [datetime.datetime.fromtimestamp(one, event.zone) for one in (start, end)]
            when = "–".join(f"{one:%H:%M}" for one in moments)
            where = rooms.get(room, _("All over the house"))
            found.append({**card, "when": "" if waits else when, "where": _("Not scheduled yet") if waits else where})
    return found
