"""Unknown: the organizations that a file names and the house does not know by that name, each once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contacts.models.imports.row import ImportRow
from contacts.sheets import PersonRecord
from network.models import Organization

MOST_READ = 1000


@dataclass(frozen=True)
class Unknown:
    """A `name`, folded, and as the `first` of its rows writes it. `is_told`: somebody has said which organization it
    means, which is `meant` unless the reader does not see that; `perhaps` are those that it may mean."""

    name: str
    first: ImportRow
    written: str
    times: int
    is_told: bool
    meant: Organization | None
    perhaps: list[Organization]


def unknown_organizations(batch, names: Iterable[Mapping], viewer) -> list[Unknown]:
    """What is known of `names` (of `ImportRow.objects.by_unknown_organization`), and of organizations no more than what
    `viewer` sees. Asks as often for twenty as for one."""
    times = {name["unknown_organization"]: name["times"] for name in names}
    rows = {row.unknown_organization: row for row in batch.rows.filter(number__in=[name["first"] for name in names])}
    told = {name: batch.organizations[name] for name in rows if name in batch.organizations}
    keys = {*told.values(), *(pk for row in rows.values() for pk in row.perhaps)}
    pairs = Organization.everyone.filter(pk__in=keys).select_related("country").standing_for(viewer)
    seen = {one.pk: standing for one, standing in pairs}
    return [
        Unknown(
            name,
            rows[name],
            _written(batch, rows[name]),
            times[name],
            name in told,
            seen.get(told.get(name)),
            list(dict.fromkeys(seen[pk] for pk in rows[name].perhaps if pk in seen)),
        )
        for name in times
        if name in rows  # the worker may just have found out
    ]


def country_of(batch, name: str) -> str:
    """The code of the country on which the rows with the unknown `name` agree, as far as they say one; else ""."""
    rows = batch.rows.filter(unknown_organization=name).order_by("number")[:MOST_READ]
    records = (row.record(batch.columns, batch.mapping, batch.reading.get("date_system", "")) for row in rows)
    said = {record.country for record in records if isinstance(record, PersonRecord)} - {""}
    return said.pop() if len(said) == 1 else ""


def _written(batch, row: ImportRow) -> str:
    record = row.record(batch.columns, batch.mapping, batch.reading.get("date_system", ""))
    return record.organization if isinstance(record, PersonRecord) else row.unknown_organization
