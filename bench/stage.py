"""Fills an empty database with as much as a large organization has: 36,000 organizations, 100,000 people, and a
programme of 1,105 sessions (FOSDEM 2025 where the real input is beside the project, else one of the same shape)."""

import datetime
import random
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from contacts.models import Affiliation, Person, PersonEmail, User
from events.models import Event, Room, Session, Track, Venue
from network.models import Country, Organization

REAL_INPUT = Path(settings.BASE_DIR).parent / "shared" / "data"
ORGANIZATIONS, PEOPLE = 36_000, 100_000
GIVEN = ["Amina", "Jean", "María", "Li", "Ólafur", "Nguyễn", "Fatima", "John", "Łucja", "Kwame", "Sofía", "Yuki"]
FAMILY = ["Haddad", "Müller", "García", "Okafor", "Sato", "Novák", "Smith", "Dubois", "Rossi", "Khan", "Silva", "Kim"]


def fill() -> None:
    """Make the stage; does nothing where it is made."""
    if Person.objects.count() >= PEOPLE:
        return
    organizations_and_people()
    User.objects.create_superuser("bench@example.org", "bench")
    _programme()


def organizations_and_people() -> None:
    chance = random.Random(20261123)
    countries = list(Country.objects.all())
    _people(chance, countries, _organizations(chance, countries))


def _organizations(chance: random.Random, countries: list[Country]) -> list[Organization]:
    kinds = Organization.Kind.values
    rows = [
        Organization(
            kind=chance.choice(kinds),
            name=f"{chance.choice(FAMILY)} Institute {number} for Customs",
            country=chance.choice(countries),
            reference=f"bench:{number}",
        )
        for number in range(ORGANIZATIONS)
    ]
    for row in rows:
        row.search_text = row.spell([])
    return Organization.objects.bulk_create(rows, batch_size=2000)


def _people(chance: random.Random, countries: list[Country], organizations: list[Organization]) -> None:
    people = [
        Person(
            given_name=chance.choice(GIVEN),
            family_name=f"{chance.choice(FAMILY)}-{number}",
            country=chance.choice(countries),
        )
        for number in range(PEOPLE)
    ]
    for number, person in enumerate(people):
        person.search_text = person.spell([f"person{number}@example.org"])
    people = Person.objects.bulk_create(people, batch_size=2000)
    PersonEmail.objects.bulk_create(
        (
            PersonEmail(person=person, address=f"person{number}@example.org", is_primary=True)
            for number, person in enumerate(people)
        ),
        batch_size=2000,
    )
    Affiliation.objects.bulk_create(
        (
            Affiliation(person=person, organization=chance.choice(organizations), position="Officer")
            for person in people
        ),
        batch_size=2000,
    )


def _programme() -> None:
    schedule = REAL_INPUT / "programmes" / "fosdem" / "fosdem_2025_schedule.xml"
    if schedule.exists():
        call_command("import_programme", "fosdem-2025", str(schedule), create=True, publish=True, verbosity=0)
        return
    event = Event.objects.create(
        slug="fosdem-2025",
        title="A programme of 1,105 sessions",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + datetime.timedelta(days=1),
        status=Event.Status.ANNOUNCED,
        venue=Venue.objects.create(name="Campus", city="Brussels"),
    )
    rooms = [Room.objects.create(venue=event.venue, name=f"Room {n}", position=n) for n in range(35)]
    tracks = [Track.objects.create(event=event, slug=f"track-{n}", name=f"Track {n}", position=n) for n in range(70)]
    for number in range(1105):
        starts_at = datetime.datetime.combine(event.starts_on, datetime.time(9), event.zone)
        starts_at += datetime.timedelta(days=number % 2, minutes=30 * (number // 70))
        Session.objects.create(
            event=event,
            title=f"Session {number}",
            abstract="What it is about. " * 40,
            track=tracks[number % 70],
            room=rooms[number % 35],
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(minutes=25),
        )
    event.publish(by=None)
