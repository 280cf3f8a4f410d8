"""Missions for tests, and small words about them."""

import datetime

from django.utils import timezone

from contacts.models import Person, User
from events.models import Envoy, Mission, MissionReport

PAPER = b"%PDF-1.7\n"


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def mission(owner: User, *said: str | Person, starts: int = 5, ends: int | None = None, **facts) -> Mission:
    """From so many days from now on; `said` are the people who go, after a title where it is to have one of its own."""
    people = [who for who in said if isinstance(who, Person)]
    [title] = [text for text in said if isinstance(text, str)] or ["Customs conference"]
    ends_on = day(starts if ends is None else ends)
    made = Mission.objects.create(title=title, starts_on=day(starts), ends_on=ends_on, owner=owner, **facts)
    for who in people:
        Envoy.objects.create(mission=made, person=who)
    return made


def reported(one: Mission, by: User, **facts) -> Mission:
    MissionReport.objects.hand_in(one, "Data will be shared.", by=by, **facts)
    return one
