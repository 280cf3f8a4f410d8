"""Measures five focal points who name 500 people at the same instant, through HTTP, where there are 100 places.

    DATABASE_URL=postgresql://.../bench REDIS_URL=redis://.../5 python -m bench.delegations [--write FILE]

In an empty database, with the production server (two web processes). Each delegation has twenty places of three sorts:
13 in the room, in which its one head counts too, and 7 for advisers online. A hundred requests of each focal point are
in the air at once, each on a connection of its own, for all sorts in turn. Who has a place is asked of the database.
"""

import argparse
import asyncio
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from bench import run  # sets Django up, and where the server is
from bench.invitations import stage
from bench.registrants import Visitor, crowd, times_of
from contacts.models import Affiliation, Person, User
from events.models import Delegation, Event
from network.models import Organization

DELEGATIONS, REQUESTS = 5, 100
PLACES = [("", "ROOM", 13), ("HEAD", "", 1), ("ADVISER", "ONLINE", 7)]
ASKED = ["DELEGATE:ROOM", "HEAD:ROOM", "ADVISER:ONLINE", "DELEGATE:ROOM"]
MARKS = ("<!-- figures of delegations -->", "<!-- end of figures of delegations -->")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    cache.clear()
    event, organizer = stage(DELEGATIONS)
    delegations = invited(event, organizer)
    visitors = [visitor for one in delegations for visitor in named_by(one)]
    with run.server():
        answers = asyncio.run(crowd(visitors))
    lines = [
        f"| {DELEGATIONS} focal points name {len(visitors)} people at once for {DELEGATIONS * 20} places | |",
        "|---|---:|",
        *(f"| {name}: places, taken as the quotas say, members | {figures} |" for name, figures in taken(delegations)),
        *times_of(answers),
    ]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


def invited(event: Event, organizer: User) -> list[Delegation]:
    bodies = []
    for number, person in enumerate(Person.objects.order_by("pk"), start=1):
        body = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}")
        Affiliation.objects.create(person=person, organization=body, is_focal_point=True)
        bodies.append(body)
    delegations = event.delegations.draft(bodies, by=organizer)
    for delegation in delegations:
        for role, place, size in PLACES:
            delegation.give(role, place, size, by=organizer)
        delegation.invite(by=organizer)
    return delegations


def named_by(delegation: Delegation) -> list[Visitor]:
    """The requests of its focal point, who is signed in."""
    client = Client()
    client.force_login(delegation.focal_points[0].user)
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={client.cookies[name].value}"
    page = f"/en/delegations/{delegation.pk}/"
    return [Visitor(page, f"{page}members/", nominee(delegation, number), cookie) for number in range(REQUESTS)]


def nominee(delegation: Delegation, number: int) -> dict[str, str]:
    family_name = f"No{number}of{delegation.pk}"
    address = f"{family_name}@example.org".lower()
    name = {"given_name": "Ana", "family_name": family_name, "language": "en", "email": address}
    return {**name, "seat": ASKED[number % len(ASKED)]}


def taken(delegations: list[Delegation]) -> list[tuple[str, str]]:
    """Of each sort of place, over all delegations: how many there are, are taken, and have a member."""
    found = []
    for role, place, size in PLACES:
        quotas = [delegation.quotas.get(role=role, place=place) for delegation in delegations]
        members = [one.members.holding_places().of_sort(role, place).count() for one in delegations]
        name = " ".join(filter(None, [role.lower() or "any role", place.lower() or "anywhere"]))
        found.append((name, f"{size * len(delegations)}, {sum(one.used for one in quotas)}, {sum(members)}"))
    return found


if __name__ == "__main__":
    main()
