"""Measures the screens of the network among a million people, as they run in production (see `bench.large`).

    DATABASE_URL=postgresql://.../large REDIS_URL=redis://.../5 .venv/bin/python -m bench.network \
        [--write docs/reference/performance.md]
"""

import argparse
import random
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from bench import large, run
from contacts.matching import Profile
from contacts.models import DuplicatePair, Person, User
from network.models import Country, Desk, Organization, Topic

TIMES = 30
MARKS = ("<!-- figures of the network -->", "<!-- end of figures of the network -->")
OF_DESK = ", by the desk of Western Africa"
Figures = tuple[str, float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    large.main()
    call_command("collectstatic", interactive=False, verbosity=0)
    cache.clear()
    with run.server() as server:
        everybody, desk = signed_in(User.objects.get(email="bench@example.org")), signed_in(desk_officer())
        timed("(until every process is awake)", [reverse("person:index")] * TIMES, everybody)
        trivial = timed("trivial view", ["/trivial/"] * TIMES, everybody)
        screens = [
            trivial,
            *_lists(everybody, ""),
            *_lists(desk, OF_DESK),
            *_segments(everybody),
            _warnings(),
        ]
        export = _export(everybody, server.pid)
    lines = [*table(trivial, screens, "1,000,000 people"), "", *export]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


def _lists(cookie: str, who: str) -> Iterable[Figures]:
    chance = random.Random(20261126)
    people = reverse("person:index")
    names = [large.surname(chance)[: chance.choice([4, 5, 12])] for _n in range(TIMES)]
    both = [f"{large.given(chance)[:3]} {large.surname(chance)}" for _n in range(TIMES)]
    countries = chance.sample(sorted(Country.objects.values_list("pk", flat=True)), TIMES)
    return [
        timed(f"people{who}", [people] * TIMES, cookie),
        timed(f"people, a page in the middle{who}", [f"{people}?p={chance.randint(2, 60)}" for _n in names], cookie),
        timed(f"people, a part of a name{who}", [f"{people}?{urlencode({'q': name})}" for name in names], cookie),
        timed(f"people, two words{who}", [f"{people}?{urlencode({'q': words})}" for words in both], cookie),
        timed(f"people of a country{who}", [f"{people}?country={code}" for code in countries], cookie),
        timed(f"focal points{who}", [f"{people}?focal_point=true"] * TIMES, cookie),
    ]


def _segments(cookie: str) -> Iterable[Figures]:
    """The live count of the form, for what officers tick."""
    chance = random.Random(20261126)
    count, topics = reverse("segment:count"), [str(pk) for pk in Topic.objects.values_list("pk", flat=True)]
    countries = sorted(Country.objects.values_list("pk", flat=True))
    several: dict[str, Callable[[], dict]] = {
        "kind": lambda: {"answer_kind": chance.sample(Organization.Kind.values, 2)},
        "countries and language": lambda: {"answer_country": chance.sample(countries, 8), "answer_language": ["fr"]},
        "focal points for": lambda: {"answer_focal": chance.sample(topics, 2)},
        "no focal point for": lambda: {"answer_gap": chance.sample(topics, 1)},
    }
    return [
        timed(
            f"segment, count: {name}",
            [f"{count}?{urlencode(answers(), doseq=True)}" for _n in range(TIMES)],
            cookie,
        )
        for name, answers in several.items()
    ]


def _warnings() -> Figures:
    """What is added to the making of a person: whom it may be, for a colleague of somebody with another first name."""
    chance = random.Random(20261126)
    profiles = []
    for person in Person.objects.filter(pk__in=chance.sample(range(1, large.PEOPLE), 5 * TIMES)):
        at = person.affiliations.select_related("organization").first().organization.name
        mails = (f"{person.given_name}.{person.family_name}@example.org".lower(),)
        profiles.append(Profile(None, person.given_name, person.family_name, mails, (), (at,), person.country_id))
    times = [_milliseconds(lambda profile=profile: DuplicatePair.objects.like(profile)) for profile in profiles]
    return "warning of duplicates", statistics.median(times), statistics.quantiles(times, n=20)[-1]


def _export(cookie: str, server: int) -> list[str]:
    """All people of the largest kind, to CSV."""
    current = Person.objects.filter(affiliations__ends_on=None).values("affiliations__organization__kind")
    kind = current.annotate(n=Count("pk")).order_by("n").first()["affiliations__organization__kind"]
    return download(f"{reverse('person:index')}?kind={kind}&export=csv", "people", cookie, server)


def download(path: str, what: str, cookie: str, server: int) -> list[str]:
    """A table of the rows, the time, and what the web processes needed more than before."""
    before, start, rows = _peak(server), time.perf_counter(), 0
    with urllib.request.urlopen(_asked(path, cookie), timeout=600) as answer:
        while part := answer.read(1 << 16):
            rows += part.count(b"\n")
    seconds = time.perf_counter() - start
    return [
        "| export as CSV | seconds | seconds for 100,000 | peak of a web process, MB (before) |",
        "|---|---:|---:|---:|",
        f"| {rows:,} {what} | {seconds:.0f} | {seconds / rows * 100_000:.0f} | {_peak(server):.0f} ({before:.0f}) |",
    ]


def _peak(server: int) -> float:
    """The most memory, in megabytes, that one of the web processes has had."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    status = [Path(f"/proc/{child}/status").read_text() for child in children]
    return max(int(text.partition("VmHWM:")[2].split()[0]) / 1024 for text in status)


def desk_officer() -> User:
    """An officer who sees the people of sixteen countries."""
    user, _created = User.objects.get_or_create(email="desk@example.org", defaults={"is_staff": True})
    if not user.desk_keys:
        codes = ("BJ", "BF", "CV", "CI", "GM", "GH", "GN", "GW", "LR", "ML", "MR", "NE", "NG", "SN", "SL", "TG")
        desk = Desk(name="Western Africa")
        desk.countries = Country.objects.filter(code__in=codes)
        desk.save()
        user.desks.add(desk)
        user.groups.set(User.groups.field.related_model.objects.filter(name="network officer"))
        with connection.cursor() as cursor:  # as autovacuum does in production
            cursor.execute("ANALYZE")
    return User.objects.get(pk=user.pk)


def timed(name: str, paths: list[str], cookie: str) -> Figures:
    """p50 and p95 in milliseconds of these addresses, one after the other."""
    requests = [_asked(path, cookie) for path in paths]
    times = [_milliseconds(lambda one=one: urllib.request.urlopen(one, timeout=60).read()) for one in requests]
    print(f"{name}: {statistics.median(times):.0f} ms", file=sys.stderr)
    return name, statistics.median(times), statistics.quantiles(times, n=20)[-1]


def _asked(path: str, cookie: str) -> urllib.request.Request:
    return urllib.request.Request(run.BASE + path, headers={"Cookie": cookie})


def _milliseconds(act: Callable) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def signed_in(user: User) -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def table(trivial: Figures, screens: list[Figures], among: str) -> list[str]:
    lines = [f"| among {among} | p50 ms | p95 ms | p50 to the trivial view |", "|---|---:|---:|---:|"]
    return lines + [f"| {name} | {p50:.1f} | {p95:.1f} | {p50 / trivial[1]:.0f} |" for name, p50, p95 in screens]


if __name__ == "__main__":
    main()
