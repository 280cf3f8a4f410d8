"""Missions of the demonstration: one with its report, one without, and two that are to come."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo.partners import PAPER
from contacts.models import Person, User
from events.models import Encounter, Envoy, Event, FollowUp, Mission, MissionReport
from network.models import Organization, Topic


def load(
    rows: list[dict],
    forum: Event,
    organizations: dict[str, Organization],
    people: dict[str, Person],
    topics: dict[str, Topic],
    users: dict[str, User],
) -> None:
    """`starts_in_days` counts from today, `starts_after_forum` from the first day of `forum`."""
    organizer, officer = users["organizer"], users["network officer"]
    for row in rows:
        mission = _mission(row, forum, organizations, people, organizer)
        mission.topics.set(topics[slug] for slug in row["topics"])
        for talk in row.get("talks", []):
            mission.talks.give(mission, people[talk["person"]], talk["title"], language=talk["language"], by=organizer)
        for meeting in row.get("meetings", []):
            _meet(mission, meeting, people, organizer)
        if report := row.get("report"):
            file = ContentFile(PAPER, "report.pdf")
            MissionReport.objects.hand_in(mission, **report, file=file, by=organizer)
            MissionReport.objects.filter(mission=mission).update(at=_noon(mission.ends_on + datetime.timedelta(days=4)))
        for follows in row.get("follow_ups", []):
            due_on = timezone.localdate() + datetime.timedelta(days=follows["due_in_days"])
            FollowUp.objects.ask(mission, officer, follows["title"], due_on, by=organizer)


def _mission(row: dict, forum: Event, organizations: dict, people: dict, owner: User) -> Mission:
    starts_on = timezone.localdate() + datetime.timedelta(days=row.get("starts_in_days", 0))
    if "starts_after_forum" in row:
        starts_on = forum.starts_on + datetime.timedelta(days=row["starts_after_forum"])
    plain = {name: row[name] for name in ("kind", "title", "city", "purpose")}
    mission = Mission.objects.create(
        **plain,
        country_id=row["country"],
        host=organizations[row["host"]],
        starts_on=starts_on,
        ends_on=starts_on + datetime.timedelta(days=row["days"] - 1),
        owner=owner,
    )
    for key, role in row["envoys"].items():
        Envoy.objects.create(mission=mission, person=people[key], role=role)
    return mission


def _meet(mission: Mission, row: dict, people: dict[str, Person], by: User) -> None:
    at = _noon(mission.starts_on + datetime.timedelta(days=row["day"]))
    met = [people[key] for key in row["people"]]
    Encounter.objects.note(mission, row["subject"], row["text"], at, people=met, organizations=[], by=by)


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
