"""Measures the pages of treaties as they run in production: 30 instruments, and what 197 countries did about them.

DATABASE_URL=postgresql://.../bench REDIS_URL=... python -m bench.matrix [--seconds 5] [--write FILE]
"""

import argparse
import datetime
import random
from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command

from bench import run  # first: it names the settings
from legal.models import Act, Instrument, Participation, Statement
from legal.models.roll import OTHERS
from network.models import Country

MARKS = ("<!-- figures of treaties -->", "<!-- end of figures of treaties -->")
INSTRUMENTS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill()
    cache.clear()
    with run.server():
        trivial = run.load("/trivial/", options.seconds)
        pages = [run.measure(path, options.seconds) for path in addresses()]
    lines = [f"{Participation.objects.count():,} acts.", "", *run.table(trivial, pages)]
    print("\n".join(lines))
    if options.write:
        run.write(options.write, lines, MARKS)


def addresses() -> list[str]:
    here = "/en/law"
    return [
        f"{here}/matrix/",
        f"{here}/matrix/?on=2012-01-01",
        f"{here}/matrix/?region=Africa",
        "/ar/law/matrix/",
        f"{here}/matrix.csv",
        f"{here}/instruments/",
        f"{here}/instruments/bench-0/",
        f"{here}/instruments/bench-0/status.csv",
        f"{here}/countries/",
        f"{here}/countries/KE/",
        f"{here}/changes/",
        f"{here}/changes.atom",
    ]


def fill() -> None:
    """Make the stage; does nothing where it is made."""
    if Instrument.objects.filter(slug=f"bench-{INSTRUMENTS - 1}").exists():
        return
    chance = random.Random(20261127)
    countries = Country.objects.exclude(pk__in=OTHERS)
    for number in range(INSTRUMENTS):
        adopted = datetime.date(1970 + number, 1 + number % 12, 5)
        instrument = Instrument.objects.create(
            slug=f"bench-{number}",
            title={"en": f"Convention number {number} on the measurement of time", "ar": f"الاتفاقية رقم {number}"},
            short_title={"en": f"Convention {number}", "ar": f"الاتفاقية {number}"},
            dated_on=adopted,
            in_force_on=None if number % 10 == 0 else adopted + datetime.timedelta(days=900),
            deposits_needed=40,
            days_after_deposit=90,
            is_published=True,
        )
        acts = [act for country in countries for act in _acts(chance, instrument, country, adopted)]
        Participation.objects.record_all(acts, by=None, source="Bench", as_at=datetime.date(2026, 1, 1))
        some = chance.sample(list(countries), 20)
        Statement.objects.bulk_create(_said(instrument, country, adopted) for country in some)


def _acts(chance: random.Random, instrument, country, adopted: datetime.date) -> list[Participation]:
    """Four of five did something; of these most signed and ratified, and a few left again."""
    if chance.random() > 0.8:
        return []
    signed = adopted + datetime.timedelta(days=chance.randint(0, 300))
    deposited = signed + datetime.timedelta(days=chance.randint(30, 8000))
    made = {"instrument": instrument, "country": country}
    acts = [Participation(act=Act.SIGNATURE, acted_on=signed, **made)]
    if chance.random() < 0.85:
        acts.append(Participation(act=Act.RATIFICATION, acted_on=deposited, **made))
        if chance.random() < 0.03:
            left = deposited + datetime.timedelta(days=chance.randint(300, 900))
            acts.append(Participation(act=Act.WITHDRAWAL, acted_on=left, **made))
    return acts


def _said(instrument, country, adopted: datetime.date) -> Statement:
    text = {"en": "The government declares what governments declare. " * 10}
    return Statement(instrument=instrument, country=country, kind="DECLARATION", made_on=adopted, text=text)


if __name__ == "__main__":
    main()
