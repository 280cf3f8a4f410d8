"""Fills an empty PostgreSQL database with as much as the largest network has: 50,000 organizations, 1,000,000 people,
1,400,000 affiliations, by COPY. Made once; takes some minutes.

    DATABASE_URL=postgresql://.../large .venv/bin/python -m bench.large
"""

import datetime
import os
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, models

from contacts.matching import Profile
from contacts.models import Affiliation, MatchKey, Person, PersonEmail, User
from network.models import Country, Organization, Topic

ORGANIZATIONS, PEOPLE, AFFILIATIONS = 50_000, 1_000_000, 1_400_000
MOST_KEYS = 100  # of a person
COMPETENCES = ["mutual-legal-assistance", "extradition", "asset-recovery", "customs-control", "ip-crime", "training"]
STARTS = [
    "Al",
    "Be",
    "Cha",
    "Da",
    "El",
    "Fa",
    "Gar",
    "Had",
    "Ib",
    "Jo",
    "Ka",
    "La",
    "Mar",
    "No",
    "Ok",
    "Pe",
    "Ros",
    "San",
]
MIDDLES = [
    "ba",
    "ci",
    "do",
    "fe",
    "gu",
    "ha",
    "la",
    "li",
    "mo",
    "na",
    "ni",
    "ra",
    "ri",
    "so",
    "ta",
    "ve",
    "za",
    "ño",
    "ü",
]
ENDS = ["c", "d", "dez", "eva", "ez", "i", "in", "k", "li", "man", "n", "ov", "s", "ska", "son", "t", "wa", "y"]
TOWNS = ["Lyon", "Lagos", "Lima", "Riga", "Doha", "Quito", "Hanoi", "Oslo", "Accra", "Minsk", "Tunis", "Delhi"]
BODIES = ["Customs Service", "Ministry of Justice", "Police", "Prosecutor's Office", "University", "Institute", "Union"]


def main() -> None:
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    if Person.objects.count() < PEOPLE:
        fill()
    print(f"{Person.objects.count():,} people are there after {time.perf_counter() - start:.0f} s.")


def fill() -> None:
    chance = random.Random(20261125)
    countries = sorted(Country.objects.values_list("code", flat=True))
    topics = [Topic.objects.create(slug=slug, name={"en": slug.replace("-", " ").title()}) for slug in COMPETENCES]
    organizations = list(_organizations(chance, countries))
    copy_in(organizations)
    copy_in(_people(chance, countries))
    copy_in(_emails())
    copy_in(_affiliations(chance, topics))
    for some in _slices(range(1, PEOPLE + 1), 50_000):  # a connection in the middle of COPY cannot read as well
        copy_in(_keys(organizations, some))
    User.objects.create_superuser("bench@example.org", "bench")
    with connection.cursor() as cursor:
        for table in (Person, Organization, Affiliation, PersonEmail, MatchKey):
            name = table._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
        cursor.execute("VACUUM ANALYZE")


def copy_in(rows: Iterable[models.Model]) -> None:
    """Write `rows`, all of one model and with their keys, by COPY."""
    rows = iter(rows)
    first = next(rows)
    fields = first._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {first._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in (one for some in ([first], rows) for one in some):
            copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
    print(f"{first._meta.verbose_name_plural}: done")


def _organizations(chance: random.Random, countries: list[str]) -> Iterator[Organization]:
    kinds = Organization.Kind.values
    for number in range(1, ORGANIZATIONS + 1):
        name = f"{chance.choice(BODIES)} of {surname(chance)} {chance.choice(TOWNS)} {number}"
        row = Organization(pk=number, kind=chance.choice(kinds), name=name, country_id=chance.choice(countries))
        row.search_text = row.spell([])
        yield row


def _people(chance: random.Random, countries: list[str]) -> Iterator[Person]:
    for number in range(1, PEOPLE + 1):
        languages = [chance.choice(["en", "fr", "es", "ar"])]
        person = Person(pk=number, given_name=given(chance), family_name=surname(chance), languages=languages)
        person.country_id = chance.choice(countries)
        person.search_text = person.spell([_address(number)])
        yield person


def _emails() -> Iterator[PersonEmail]:
    for number in range(1, PEOPLE + 1):
        yield PersonEmail(pk=number, person_id=number, address=_address(number), is_primary=True)


def _affiliations(chance: random.Random, topics: list[Topic]) -> Iterator[Affiliation]:
    """One for everybody; two in five had another one before."""
    for number in range(1, AFFILIATIONS + 1):
        is_first = number <= PEOPLE
        is_focal = is_first and number % 50 == 0
        yield Affiliation(
            pk=number,
            person_id=number if is_first else number - PEOPLE,
            organization_id=_place(number) if is_first else chance.randint(1, ORGANIZATIONS),
            position=chance.choice(["Director", "Head of unit", "Officer", "Counsellor", "Professor"]),
            starts_on=datetime.date(2015, 1, 1) + datetime.timedelta(days=chance.randint(0, 4000))
            if is_first
            else None,
            ends_on=None if is_first else datetime.date(2014, 12, 31),
            is_focal_point=is_focal,
            competence_id=chance.choice(topics).pk if is_focal else None,
        )


def _slices(numbers: range, size: int) -> Iterator[range]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _keys(organizations: list[Organization], people: Sequence[int]) -> Iterator[MatchKey]:
    names = {organization.pk: organization.name for organization in organizations}
    fields = ("pk", "given_name", "family_name", "country")
    facts = list(Person.objects.filter(pk__range=(people[0], people[-1])).values_list(*fields))
    for pk, given, family, country in facts:
        profile = Profile(pk, given, family, (_address(pk),), (), (names[_place(pk)],), country)
        for number, key in enumerate(sorted(profile.match_keys())):
            yield MatchKey(pk=pk * MOST_KEYS + number, record_id=pk, key=key)


def _place(number: int) -> int:
    """Where the person of that number works."""
    return number * 7919 % ORGANIZATIONS + 1


def _address(number: int) -> str:
    return f"person{number}@house{number % 5000}.example.org"


def surname(chance: random.Random) -> str:
    """Some names are borne by many, most by few."""
    start = STARTS[int(len(STARTS) * chance.random() ** 2)]
    middles = "".join(
        islice((MIDDLES[int(len(MIDDLES) * chance.random() ** 1.5)] for _n in range(3)), chance.choice([1, 2, 2, 3]))
    )
    return f"{start}{middles}{chance.choice(ENDS)}"


def given(chance: random.Random) -> str:
    return f"{chance.choice(STARTS)}{chance.choice(MIDDLES)}{chance.choice(ENDS)}"


if __name__ == "__main__":
    main()
