"""Treaties of the demonstration: real ones by their facts alone, two invented ones with whom they bind, ratifications
that are under way, and a table that waits to be looked through."""

import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from contacts.models import User
from legal.models import Expression, Instrument, Participation, Pathway, Statement, StatusTable
from legal.models.status_tables.names import Instruments
from legal.texts import Node, Text
from network.models import Country, Topic

SOURCE = "Invented for the demonstration"
LANGUAGES = ("en", "fr", "es", "ar")
TABLE = Path(__file__).parent / "law_treaties.csv"


def load(content: dict[str, Any], topics: dict[str, Topic], officer: User, today: datetime.date) -> None:
    for row in content["real"]:
        _instrument(row, topics, officer, today)
    for row in content["invented"]:
        acts, provisions = row.pop("acts"), row.pop("provision", [])
        statements = row.pop("statement", [])
        instrument = _instrument(row, topics, officer, today)
        _texts(instrument, provisions, officer)
        _acts(instrument, acts, officer, today)
        _statements(instrument, statements, today)
    for row in content["pathway"]:
        _pathway(row, officer, today)
    _table(officer, today)


def _instrument(row: dict[str, Any], topics: dict[str, Topic], officer: User, today: datetime.date) -> Instrument:
    wanted = row.pop("topics")
    instrument = Instrument.objects.create(owner=officer, as_at=today, **row)
    instrument.topics.set(topics[slug] for slug in wanted)
    instrument.publish(by=officer)
    return instrument


def _texts(instrument: Instrument, provisions: list[dict], officer: User) -> None:
    for code in LANGUAGES if provisions else ():
        nodes = [
            Node("article", one["eid"], one["number"][code], one["heading"][code], f"<p>{one['text'][code]}</p>")
            for one in provisions
        ]
        text = Text(code, instrument.title.in_language(code), nodes=nodes)
        Expression.objects.record(instrument, text, by=officer, valid_on=instrument.dated_on, source=SOURCE)


def _acts(instrument: Instrument, acts: list[list], officer: User, today: datetime.date) -> None:
    countries = Country.objects.by_code()
    rows = [
        Participation(
            instrument=instrument,
            country=countries[code],
            act=act,
            acted_on=acted_on,
            effective_on=effective[0] if effective else None,
        )
        for code, act, acted_on, *effective in acts
    ]
    Participation.objects.record_all(rows, by=officer, source=SOURCE, as_at=today - datetime.timedelta(days=20))


def _statements(instrument: Instrument, rows: list[dict], today: datetime.date) -> None:
    said: dict[str, Statement] = {}
    for row in rows:
        key, anchors = row.pop("key", ""), row.pop("provisions", [])
        objects_to = said.get(row.pop("objects_to", ""))
        statement = Statement(instrument=instrument, objects_to=objects_to, source=SOURCE, as_at=today, **_of(row))
        statement.full_clean()
        statement.save()
        statement.provisions.set(instrument.provisions.filter(eid__in=anchors))
        said |= {key: statement} if key else {}


def _of(row: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in row.items() if name != "country"}, "country_id": row["country"]}


def _pathway(row: dict[str, Any], officer: User, today: datetime.date) -> None:
    def days(number: int) -> datetime.date:
        return today + datetime.timedelta(days=number)

    pathway = Pathway.objects.begin(
        Instrument.objects.get(slug=row["instrument"]),
        Country.objects.get(pk=row["country"]),
        by=officer,
        owner=officer,
        act=row["act"],
        begun_on=days(-row["taken"][0] - 30),
        expected_on=days(row["expected_in"]) if "expected_in" in row else None,
    )
    for ago in row["taken"]:
        pathway.take_step(pathway.next_step, by=officer, on=days(-ago))
    pathway.plan(pathway.next_step, due_on=days(row["due"]), owner=officer, by=officer)


def _table(officer: User, today: datetime.date) -> None:
    """It says something else than what is recorded, here and there, and some of it cannot be."""
    upload = ContentFile(TABLE.read_bytes(), "participation-2026.csv")
    table = StatusTable.objects.receive(upload, by=officer, source=f"A table, {SOURCE.lower()}", as_at=today)
    table.choose(table.mapping, by=officer)
    known = Instruments()
    found = {text: known.find([text]) for text in table.contents().treaties}
    instruments = Instrument.objects.in_bulk(list(found.values()))
    table.name_them({text: instruments[key] for text, key in found.items()}, {}, by=officer)
