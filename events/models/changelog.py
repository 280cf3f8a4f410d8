"""Changelog: what each version of a programme changed, as far as a reader may know of it."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import F, Q

from events.models.change import Change, changes
from events.models.event import Event
from events.models.programme import VEVENTS, Programme, ProgrammeEntry

Entries = dict[uuid.UUID, ProgrammeEntry]


@dataclass(frozen=True)
class Edition:
    """A version with what it changed; of the first, with how many sessions it began."""

    programme: Programme
    changes: list[Change] = field(default_factory=list)
    sessions: int | None = None


def changelog(event: Event, viewer) -> list[Edition]:
    """The versions of which `viewer` may know something, the newest first.

    Whoever may not see a session as it was last published finds no trace of it in any version; a version in which
    nothing else has changed, and of which nothing is said, is left out. The same few queries however many versions."""
    programmes = list(event.programmes.order_by("version"))
    for programme in programmes:
        programme.event = event
    hidden = ProgrammeEntry.objects.hidden_from(viewer, event)
    revised = _revised(event, viewer, hidden)
    pairs = list(pairwise(programmes))
    earlier = _earlier(viewer, {old.pk: revised[new.pk].keys() for old, new in pairs if revised[new.pk]})
    for programme in programmes:
        for entry in (*revised[programme.pk].values(), *earlier[programme.pk].values()):
            entry.programme = programme
    found = [Edition(new, changes(earlier[old.pk], revised[new.pk])) for old, new in pairs]
    first = [Edition(one, sessions=_count(one, viewer, hidden)) for one in programmes[:1]]
    return [*reversed([one for one in found if one.changes or one.programme.note]), *first]


def _revised(event: Event, viewer, hidden: set[uuid.UUID]) -> dict[int, Entries]:
    """Programme (key) -> the entries that say something new there, or were written anew since."""
    rows = ProgrammeEntry.objects.filter(programme__event=event, programme__version__gt=1)
    rows = rows.filter(revised_at__gte=F("programme__published_at")).visible_to(viewer).defer(*VEVENTS)
    return _by_programme(entry for entry in rows if entry.guid not in hidden)


def _earlier(viewer, wanted: dict[int, set[uuid.UUID]]) -> dict[int, Entries]:
    """The entries of those sessions in those programmes."""
    asked = Q(pk=None)
    for programme, guids in wanted.items():
        asked |= Q(programme=programme, guid__in=guids)
    return _by_programme(ProgrammeEntry.objects.filter(asked).visible_to(viewer).defer(*VEVENTS))


def _by_programme(entries) -> dict[int, Entries]:
    found: dict[int, Entries] = defaultdict(dict)
    for entry in entries:
        found[entry.programme_id][entry.guid] = entry
    return found


def _count(programme: Programme, viewer, hidden: set[uuid.UUID]) -> int:
    guids = programme.entries.visible_to(viewer).values_list("guid", flat=True)
    return len(set(guids) - hidden)
