"""Changelog: what each version of a programme changed, as far as a reader may know of it."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import F, Q

from events.models.audience import sight_of
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


def changelog(event: Event, viewer, most: int) -> list[Edition]:
    """The last `most` versions of which `viewer` may know something, the newest first.

    Whoever may not see a session as it was last published finds no trace of it in any version; a version in which
    nothing else has changed, and of which nothing is said, is left out. So many versions are read at a time, with the
    same few queries however many they are."""
    programmes = list(event.programmes.order_by("-version"))
    for programme in programmes:
        programme.event = event
    viewer, hidden = sight_of(viewer), ProgrammeEntry.objects.hidden_from(viewer, event)
    pairs, found = list(pairwise(programmes)), []
    for start in range(0, len(pairs), most):
        found += _editions(pairs[start : start + most], viewer, hidden)
        if len(found) >= most:
            return found[:most]
    return [*found, *(Edition(one, sessions=_count(one, viewer, hidden)) for one in programmes[-1:])]


def _editions(pairs: list[tuple[Programme, Programme]], viewer, hidden: set[uuid.UUID]) -> list[Edition]:
    """Of each version and the one before it: what has changed, where there is something to say."""
    revised = _revised([new for new, _old in pairs], viewer, hidden)
    earlier = _earlier(viewer, {old.pk: revised[new.pk].keys() for new, old in pairs if revised[new.pk]})
    for programme in {one.pk: one for pair in pairs for one in pair}.values():
        for entry in (*revised[programme.pk].values(), *earlier[programme.pk].values()):
            entry.programme = programme
    found = [Edition(new, changes(earlier[old.pk], revised[new.pk])) for new, old in pairs]
    return [one for one in found if one.changes or one.programme.note]


def _revised(programmes: list[Programme], viewer, hidden: set[uuid.UUID]) -> dict[int, Entries]:
    """Programme (key) -> the entries that say something new there, or were written anew since."""
    rows = ProgrammeEntry.objects.filter(programme__in=programmes).select_related("circle")
    rows = rows.filter(revised_at__gte=F("programme__published_at")).visible_to(viewer).defer(*VEVENTS)
    return _by_programme(entry for entry in rows if entry.guid not in hidden)


def _earlier(viewer, wanted: dict[int, set[uuid.UUID]]) -> dict[int, Entries]:
    """The entries of those sessions in those programmes."""
    asked = Q(pk=None)
    for programme, guids in wanted.items():
        asked |= Q(programme=programme, guid__in=guids)
    rows = ProgrammeEntry.objects.filter(asked).visible_to(viewer)
    return _by_programme(rows.select_related("circle").defer(*VEVENTS))


def _by_programme(entries) -> dict[int, Entries]:
    found: dict[int, Entries] = defaultdict(dict)
    for entry in entries:
        found[entry.programme_id][entry.guid] = entry
    return found


def _count(programme: Programme, viewer, hidden: set[uuid.UUID]) -> int:
    guids = programme.entries.visible_to(viewer).values_list("guid", flat=True)
    return len(set(guids) - hidden)
