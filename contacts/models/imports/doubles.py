"""Doubles: who is there already, and may be whom a row of a file would create."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

from contacts.matching import Profile, Reason
from contacts.models.duplicate import MatchKey
from contacts.models.imports.row import ImportRow
from contacts.models.person import Person
from contacts.sheets import PersonRecord
from network.sentences import Sentence

MOST_NOTED = 5000  # rows of a file: of a longer one it is found out page by page, when somebody looks


def note_doubles(batch, rows: Iterable[ImportRow]) -> None:
    """Note in `rows`, as they were just judged, that they may be of somebody who is there; not of whom, who may be out
    of the reader's sight, or erased, by then."""
    rows = {row.number: row for row in rows}
    for number in doubles(batch, rows.values(), batch.by) if batch.total <= MOST_NOTED else ():
        rows[number].notes = [*rows[number].notes, is_there()]


def is_there() -> Sentence:
    return Sentence(_("This may be somebody who is there already."))


def doubles(batch, rows: Iterable[ImportRow], viewer) -> dict[int, tuple[Person, Reason]]:
    """Number of a row that would create somebody -> the likeliest of those whom `viewer` sees, and what says it best.
    Asks as often for fifty rows as for one; meant for the rows of a page."""
    profiles = _profiles(batch, [row for row in rows if row.verdict == ImportRow.Verdict.CREATE])
    holders = _holders({key for profile in profiles for key in profile.match_keys()})
    keys = {pk for found in holders.values() for pk in found}
    people = {person.pk: person for person in Person.objects.visible_to(viewer).profiled().filter(pk__in=keys)}
    found = {}
    for profile in profiles:
        known = {pk for key in profile.match_keys() for pk in holders[key]} & people.keys()
        weighed = [(people[pk], profile.compare(people[pk].profile())) for pk in sorted(known)]
        likely = [pair for pair in weighed if pair[1].is_likely]
        if likely:
            person, comparison = max(likely, key=lambda pair: pair[1].score)
            found[profile.key] = person, comparison.reasons[0]
    return found


def _profiles(batch, rows: list[ImportRow]) -> list[Profile]:
    records = [row.record(batch.columns, batch.mapping, batch.reading.get("date_system", "")) for row in rows]
    return [_profile(record) for record in records if isinstance(record, PersonRecord)]


def _profile(record: PersonRecord) -> Profile:
    places = (record.organization_name,) if record.organization_name else ()
    return Profile(
        record.row, record.given_name, record.family_name, record.emails, record.phones, places, record.country
    )


def _holders(keys: set[str]) -> dict[str, set[int]]:
    """Rare key -> the records (keys of them) that hold it."""
    holders = defaultdict(set)
    for key, record in MatchKey.objects.rare(keys).values_list("key", "record"):
        holders[key].add(record)
    return holders
