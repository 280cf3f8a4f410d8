"""How the demonstration's forums are planned: booths, and who is away or what is closed."""

import datetime

from contacts.models import Person, User
from events.models import Absence, Booth, Event, Room


def equip(event: Event, row: dict, rooms: dict[str, Room]) -> None:
    """Booths, and the rule of rest that comes with them."""
    for booth in row.get("booths", []):
        facts = {"language": booth["language"], "channel": booth["channel"]}
        Booth.objects.create(event=event, room=rooms[booth["room"]], **facts)
    event.interpreter_minutes = row.get("interpreter_minutes")
    event.save(update_fields=["interpreter_minutes"])


def languages(event: Event, row: dict, rooms: dict[str, Room]) -> list[str]:
    """Into which a session is interpreted: those of the booths of its room, where it has interpreters."""
    if "INTERPRETER" not in row.get("people", {}):
        return []
    booths = event.booths.filter(room=rooms[row["room"]]).values_list("language", flat=True)
    return [code for code in booths if code != row.get("language")]


def note_absences(event: Event, row: dict, rooms: dict, people: dict[str, Person], organizer: User) -> None:
    for one in row.get("absences", []):
        day = event.starts_on + datetime.timedelta(days=one["day"])
        times = {
            name: datetime.datetime.combine(day, datetime.time.fromisoformat(one[key]), event.zone)
            for name, key in (("starts_at", "from"), ("ends_at", "until"))
        }
        of = {"room": rooms.get(one.get("room", "")), "person": people.get(one.get("person", ""))}
        Absence.objects.note(Absence(event=event, reason=one["reason"], **of, **times), by=organizer)
