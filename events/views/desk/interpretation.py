"""What of an event is interpreted: into which languages, on which channels, by whom, and what is wrong with it."""

from collections import defaultdict

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from events.conflicts import Kind
from events.models import Appearance, Event, Session
from events.models.booth import channels_of
from events.views.desk.event_view import EventView
from network.labels import language_name

OF_INTERPRETERS = (Kind.LANGUAGE, Kind.REST, Kind.INTERPRETER, Kind.AWAY)


class InterpretationView(EventView):
    template_name = "events/desk/interpretation.html"
    page_title = gettext_lazy("Interpretation")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data(rows=rows(self.object, request.user)))


def rows(event: Event, viewer) -> list[dict]:
    """The sessions that are interpreted, as far as `viewer` sees them, in the order of time."""
    seen = event.sessions.visible_to(viewer)
    faults = defaultdict(list)
    at_work = set(seen.filter(appearances__role="INTERPRETER").values_list("pk", "appearances__person_id"))
    for one in event.conflicts(seen):
        if one.kind in OF_INTERPRETERS and (one.person is None or (one.session.pk, one.person.pk) in at_work):
            for session in filter(None, (one.session, one.other)):
                faults[session.pk].append(f"{one.label}: {one.where}")
    channels = channels_of(event)
    found = []
    for session in seen.taking_place().whole().in_order():
        interpreters = [one for one in session.appearances.all() if one.role == Appearance.Role.INTERPRETER]
        if session.interpreted_into or interpreters:
            found.append(
                {
                    "session": session,
                    "when": date_format(session.starts_at.astimezone(event.zone), "SHORT_DATETIME_FORMAT"),
                    "floor": language_name(session.language) if session.language else "",
                    "into": [_booth(session, code, channels) for code in session.interpreted_into],
                    "people": [_named(one) for one in interpreters],
                    "faults": faults[session.pk],
                }
            )
    return found


def _booth(session: Session, code: str, channels: dict) -> str:
    """A language, with the channel on which it is heard."""
    channel = channels.get((session.room_id, code))
    return f"{language_name(code)} ({channel})" if channel else language_name(code)


def _named(one: Appearance) -> str:
    into = f" ({language_name(one.language)})" if one.language else ""
    return f"{one.person.name}{into}"
