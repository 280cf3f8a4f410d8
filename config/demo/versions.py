"""A second version of a programme in the demonstration, and the plans of those who come."""

import datetime

from contacts.models import User
from events.models import Event

NOTE = {
    "en": "The session on food fraud begins a quarter of an hour later.",
    "fr": "La séance sur la fraude alimentaire commence un quart d’heure plus tard.",
    "es": "La sesión sobre fraude alimentario comienza un cuarto de hora más tarde.",
    "ar": "تبدأ جلسة الغش الغذائي متأخرة ربع ساعة.",
}
MOVED, LIMITED, SEATS = "mrs-111", "mrs-109", 4
PLANS = [("mrs-109", "mrs-111"), ("mrs-109", "mrs-110"), ("mrs-109",), ("mrs-106", "mrs-111"), ("mrs-107",)]


def load(event: Event, organizer: User) -> None:
    """A workshop has few seats, people plan, and one session moves."""
    guids = dict(event.sessions.values_list("reference", "guid"))
    event.sessions.get(reference=LIMITED).limit(SEATS, by=organizer)
    for registration, plan in zip(event.registrations.confirmed(), PLANS, strict=False):
        for reference in plan:
            registration.plan.mark(guids[reference])
    moved = event.sessions.get(reference=MOVED)
    moved.starts_at += datetime.timedelta(minutes=15)
    moved.save()
    event.publish(by=organizer, note=NOTE)
