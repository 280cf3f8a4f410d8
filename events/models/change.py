"""Change: what one session of a programme says otherwise than before. It is worked out from two versions and nowhere
kept."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.booth import languages_heard
from network.labels import Labels, language_name, told_apart

if TYPE_CHECKING:
    from events.models.programme import ProgrammeEntry

# What is compared, in the order in which it is told, and how it is called; of a text that has changed only that.
FIELDS = {
    "title": _("Title"),
    "starts_at": _("Starts"),
    "ends_at": _("Ends"),
    "room_name": _("Room"),
    "people": _("People"),
    "status": _("Status"),
    "readership": _("Audience"),
    "track_name": _("Track"),
    "kind": _("Kind"),
    "language": _("Language"),
    "interpretation": _("Interpretation"),
    "abstract": _("Description"),
}
MOVES = ("starts_at", "ends_at", "room_name")


class Kind(models.TextChoices):
    ADDED = "ADDED", pgettext_lazy("session", "New")
    CHANGED = "CHANGED", pgettext_lazy("session", "Changed")
    DROPPED = "DROPPED", pgettext_lazy("session", "Dropped")


@dataclass(frozen=True)
class Fact:
    """One thing that is said otherwise, in words; both are empty of a text that is too long to be told."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """`entry` is the session as it is now; where it is in the programme no more, as it was."""

    kind: Kind
    entry: "ProgrammeEntry"
    before: "ProgrammeEntry | None" = None

    @property
    def fields(self) -> list[str]:
        """What is said otherwise of a session that takes place before and after."""
        if self.kind != Kind.CHANGED:
            return []
        return [name for name in FIELDS if getattr(self.before, name) != getattr(self.entry, name)]

    @property
    def is_move(self) -> bool:
        return any(name in MOVES for name in self.fields)

    @property
    def facts(self) -> list[Fact]:
        """What has changed, in words of the active language."""
        return [self._fact(name) for name in self.fields]

    @property
    def when(self) -> str:
        return when(self.entry)

    def _fact(self, name: str) -> Fact:
        if name == "abstract":
            return Fact(str(FIELDS[name]), "", "")
        texts = [getattr(entry, name) for entry in (self.before, self.entry)]
        if all(isinstance(one, Labels) for one in texts):
            return Fact(str(FIELDS[name]), *told_apart(*texts))
        before, after = (_words(entry, name) for entry in (self.before, self.entry))
        return Fact(str(FIELDS[name]), before, after)


def changes(before: Mapping[uuid.UUID, "ProgrammeEntry"], after: Mapping[uuid.UUID, "ProgrammeEntry"]) -> list[Change]:
    """What is otherwise in `after` than in `before` (guid -> entry), in the order of the programme."""
    pairs = [(before.get(guid), after.get(guid)) for guid in before.keys() | after.keys()]
    found = [one for old, new in pairs if (one := change(old, new))]
    return sorted(found, key=lambda one: (one.entry.starts_at, one.entry.uid))


def change(old: "ProgrammeEntry | None", new: "ProgrammeEntry | None") -> Change | None:
    """How a session is otherwise than it was; None where it is not, or did not take place before and does not now."""
    takes_place, took_place = (one is not None and not one.is_cancelled for one in (new, old))
    if takes_place and not took_place:
        return Change(Kind.ADDED, new, old)
    if took_place and not takes_place:
        return Change(Kind.DROPPED, new or old, old)
    told = Change(Kind.CHANGED, new, old) if takes_place else None
    return told if told and told.fields else None


def when(entry: "ProgrammeEntry") -> str:
    """Day and hours of `entry` on the clock of its event, in words of the active language."""
    zone = entry.programme.event.zone
    starts, ends = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    return f"{date_format(starts, 'D j M')} · {starts:%H:%M}–{ends:%H:%M}"


def _words(entry: "ProgrammeEntry", name: str) -> str:
    if name in ("starts_at", "ends_at"):
        local = getattr(entry, name).astimezone(entry.programme.event.zone)
        return f"{date_format(local, 'D j M')} · {local:%H:%M}"
    if name == "people":
        return ", ".join(person["name"] for person in entry.people)
    if name == "status":
        return str(entry.get_status_display())
    if name == "readership":
        return entry.readers
    if name == "language":
        return language_name(entry.language)
    if name == "interpretation":
        return languages_heard(entry.interpretation)
    return str(getattr(entry, name))
