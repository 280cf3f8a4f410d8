"""Measures the training record among a million people, as in production: 100,000 certificates of 1,000 trainings.

    DATABASE_URL=postgresql://.../large REDIS_URL=redis://.../5 .venv/bin/python -m bench.training \
        [--write docs/reference/performance.md]
"""

import argparse
import datetime
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from bench import large, network, run
from contacts.models import Person, User
from events.models import Curriculum, Delegation, Event, FormalLetter, Invitation
from events.models.curriculum import Profession
from network.models import Country

TRAININGS, CURRICULA, DELEGATIONS, TRAINED, DECLINED = 1_000, 40, 5, 100, 30
INVITED = TRAINED + DECLINED
TIMES = network.TIMES
MARKS = ("<!-- figures of trainings -->", "<!-- end of figures of trainings -->")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    large.main()
    if Curriculum.objects.count() < CURRICULA:
        fill()
    call_command("collectstatic", interactive=False, verbosity=0)
    cache.clear()
    with run.server() as server:
        everybody = network.signed_in(User.objects.get(email="bench@example.org"))
        desk = network.signed_in(network.desk_officer())
        network.timed("(until every process is awake)", [reverse("training_record:index")] * TIMES, everybody)
        trivial = network.timed("trivial view", ["/trivial/"] * TIMES, everybody)
        screens = [trivial, *_lists(everybody, ""), *_lists(desk, network.OF_DESK), *_cards(everybody)]
        address = f"{reverse('training_record:index')}?export=csv"
        export = network.download(address, "certificates", everybody, server.pid)
    lines = [*network.table(trivial, screens, f"{TRAININGS * TRAINED:,} certificates"), "", *export]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


def fill() -> None:
    """Trainings of ten years; of those who were invited most were trained, in part for a delegation."""
    chance = random.Random(20261127)
    audience = Profession.values
    curricula = [
        Curriculum.objects.create(title={"en": f"Curriculum {number}"}, audience=[audience[number % len(audience)]])
        for number in range(CURRICULA)
    ]
    large.copy_in(_trainings(chance, curricula))
    large.copy_in(_delegations(chance))
    large.copy_in(_invitations(chance))
    large.copy_in(_letters())
    with connection.cursor() as cursor:
        for table in (Event, Delegation, Invitation, FormalLetter):
            name = table._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
        cursor.execute("VACUUM ANALYZE")


def _trainings(chance: random.Random, curricula: list[Curriculum]) -> Iterator[Event]:
    for number in range(1, TRAININGS + 1):
        day = datetime.date(2016, 1, 4) + datetime.timedelta(days=chance.randrange(3900))
        yield Event(
            pk=number,
            slug=f"training-{number}",
            mailbox=f"training-{number}",
            kind="TRAINING",
            title={"en": f"Training {number}"},
            curriculum=chance.choice(curricula),
            starts_on=day,
            ends_on=day + datetime.timedelta(days=chance.randrange(5)),
            status="ANNOUNCED",
        )


def _delegations(chance: random.Random) -> Iterator[Delegation]:
    for training in range(TRAININGS):
        for number, organization in enumerate(chance.sample(range(1, large.ORGANIZATIONS + 1), DELEGATIONS), 1):
            pk = training * DELEGATIONS + number
            yield Delegation(pk=pk, event_id=training + 1, organization_id=organization, state="INVITED")


def _invitations(chance: random.Random) -> Iterator[Invitation]:
    """The first were trained; every other one was there for a delegation."""
    for training in range(TRAININGS):
        for number, person in enumerate(chance.sample(range(1, large.PEOPLE + 1), INVITED), 1):
            delegation = training * DELEGATIONS + chance.randint(1, DELEGATIONS) if number % 2 else None
            yield Invitation(
                pk=training * INVITED + number,
                event_id=training + 1,
                person_id=person,
                delegation_id=delegation,
                address=f"person{person}@example.org",
                state="SENT",
                reply="ACCEPTED" if number <= TRAINED else "DECLINED",
            )


def _letters() -> Iterator[FormalLetter]:
    """Everybody had one that invited them, and who was trained has a certificate."""
    for training in range(TRAININGS):
        kinds = ["INVITATION"] * INVITED + ["CERTIFICATE"] * TRAINED
        for serial, kind in enumerate(kinds, 1):
            yield FormalLetter(
                pk=training * len(kinds) + serial,
                event_id=training + 1,
                invitation_id=training * INVITED + (serial - 1) % INVITED + 1,
                kind=kind,
                serial=serial,
                language="en",
                subject=kind.title(),
                body="What such a letter says. " * 10,
                signatory="The Secretariat",
            )


def _lists(cookie: str, who: str) -> Iterable[network.Figures]:
    chance = random.Random(20261127)
    record = reverse("training_record:index")
    countries = chance.sample(sorted(Country.objects.values_list("pk", flat=True)), TIMES)
    curricula = list(Curriculum.objects.values_list("pk", flat=True))
    organizations = list(Delegation.objects.order_by("pk").values_list("organization", flat=True)[:TIMES])
    several = {
        "the list": [""] * TIMES,
        "a page in the middle": [f"p={chance.randint(2, 60)}" for _n in range(TIMES)],
        "sorted by country": ["ordering=nation"] * TIMES,
        "a part of a name": [urlencode({"q": large.surname(chance)[:5]}) for _n in range(TIMES)],
        "a curriculum": [f"curriculum={chance.choice(curricula)}" for _n in range(TIMES)],
        "an audience": [f"audience={chance.choice(Profession.values)}" for _n in range(TIMES)],
        "a country": [f"country={code}" for code in countries],
        "an organization": [f"organization={pk}" for pk in organizations],
        "a year": [f"year={chance.randint(2016, 2025)}" for _n in range(TIMES)],
    }
    return [
        network.timed(f"{name}{who}", [f"{record}?{asked}" for asked in addresses], cookie)
        for name, addresses in several.items()
    ]


def _cards(cookie: str) -> Iterable[network.Figures]:
    """On which a part of it stands."""
    chance = random.Random(20261127)
    people = list(Person.objects.filter(invitations__pk__lte=TIMES).values_list("pk", flat=True))
    countries = chance.sample(sorted(Country.objects.values_list("pk", flat=True)), TIMES)
    organizations = list(Delegation.objects.order_by("pk").values_list("organization", flat=True)[:TIMES])
    cards = {"person": people, "organization": organizations, "country": countries}
    for kind, keys in cards.items():
        yield network.timed(f"card of {kind}", [reverse(f"{kind}:inspect", args=[key]) for key in keys], cookie)
    yield network.timed("coverage", [reverse("training_coverage:index")] * TIMES, cookie)


if __name__ == "__main__":
    main()
