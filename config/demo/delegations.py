"""The delegations of the demonstration: who is asked, whom they have named, and how that stands."""

import tomllib
from pathlib import Path

from django.core.files.base import ContentFile

from contacts.models import Person, User
from contacts.models.introduction import Introduced
from contacts.pdf import Section, sheet
from events.models import Allotment, Delegation, Event
from network.models import Organization


def load(
    events: dict[str, Event], organizations: dict[str, Organization], people: dict[str, Person], organizer: User
) -> None:
    content = tomllib.loads((Path(__file__).parent / "delegations.toml").read_text(encoding="utf-8"))
    for row in content["allotment"]:
        for kind in row["kinds"]:
            for one in row["places"]:
                sort = (one.get("role", ""), one.get("place", ""))
                Allotment.objects.give(events[row["event"]], kind, *sort, one["size"], by=organizer)
    for row in content["delegation"]:
        [delegation] = events[row["event"]].delegations.draft([organizations[row["organization"]]], by=organizer)
        if row.get("invited"):
            delegation.invite(by=organizer)
        for member in row.get("members", []):
            _name(delegation, member, organizer)
        if "note" in row:
            paper = ContentFile(_note(delegation), row["note"])
            delegation.notes_verbales.submit(delegation, paper, by=delegation.focal_points[0].user)
    for row in content["alternate"]:
        invitation = events[row["event"]].invitations.get(person=people[row["person"]])
        invitation.delegate(Introduced(row["given"], row["family"], row["email"], row["language"], row["position"]))


def _name(delegation: Delegation, row: dict, organizer: User) -> None:
    named = Introduced(row["given"], row["family"], row["email"], row["language"], row["position"])
    member = delegation.nominate(named, row["role"], row["place"], by=delegation.focal_points[0].user)
    if "answer" in row:
        member.answer(row["answer"], reason=row.get("reason", ""))
    if row.get("approved"):
        member.approve(by=organizer)


def _note(delegation: Delegation) -> bytes:
    people = [[(member.get_role_display(), member.person.name)] for member in delegation.members.all()]
    return sheet("Note verbale", str(delegation.organization), [Section("Délégation", people)], language="fr")
