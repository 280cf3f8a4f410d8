"""Lessons: how a training teaches its curriculum. The modules are laid out as sessions over its days, and the desk says
of each where it stands."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from events.models.curriculum import Module
from network.labels import Labels

# The two halves of a day of training, on the clock of the place, with lunch between them.
HALVES = (
    (datetime.time(9), datetime.time(12, 30)),
    (datetime.time(13, 30), datetime.time(17)),
)
A_BREAK = datetime.timedelta(minutes=15)
TRAINER = "TRAINER"  # the role of an appearance

Span = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Lesson:
    """A module with the session (None: there is none yet) in which the training teaches it, and by whom."""

    module: Module
    session: "models.Model | None" = None
    trainers: list = field(default_factory=list)


class Teaching(models.Model):
    """What an event with a curriculum can do about it."""

    class Meta:
        abstract = True

    def lessons(self) -> list[Lesson]:
        """The modules of its curriculum in their order, each with its first session that was not dropped."""
        if self.curriculum_id is None:
            return []
        held = self.sessions.exclude(status="CANCELLED").exclude(module=None).in_order()
        found = {}
        for session in held.prefetch_related("appearances__person"):
            found.setdefault(session.module_id, session)
        return [_lesson(module, found.get(module.pk)) for module in self.curriculum.modules.all()]

    @transaction.atomic
    def lay_out(self, *, by) -> int:
        """Put a session into the draft programme for each module that has none: in their order, in the two halves of
        each day, a break after each, and around the sessions that are there. Returns how many are new. Raises
        ValidationError where there is none to lay out, and, with nothing written, where they do not fit."""
        self._hold()
        missing = [lesson.module for lesson in self.lessons() if lesson.session is None]
        if not missing:
            raise ValidationError(_("Each module has a session already; there is nothing to lay out."))
        spans = list(laid_out([module.length for module in missing], self._halves(), self._taken()))
        if len(spans) < len(missing):
            told = _("Only %(some)d of %(all)d modules fit into its days. Add a day, shorten modules, or make room.")
            raise ValidationError(told % {"some": len(spans), "all": len(missing)})
        for module, (starts_at, ends_at) in zip(missing, spans, strict=True):
            facts = {"title": module.title, "abstract": _as_abstract(module), "kind": "Module"}
            self.sessions.create(module=module, starts_at=starts_at, ends_at=ends_at, **facts)
        log(self, "events.curriculum.lay_out", user=by, data={"sessions": len(missing)})
        return len(missing)

    def _halves(self) -> list[Span]:
        combine, days = datetime.datetime.combine, self.days
        return [(combine(day, start, self.zone), combine(day, end, self.zone)) for day in days for start, end in HALVES]

    def _taken(self) -> list[Span]:
        return list(self.sessions.taking_place().values_list("starts_at", "ends_at"))


def laid_out(lengths: Iterable[datetime.timedelta], halves: Iterable[Span], taken: Iterable[Span]) -> Iterator[Span]:
    """From when until when each of `lengths` takes place, one after the other; as many as fit into the `halves` of
    days, with a break after each, beside what is `taken`."""
    rest, busy = iter(halves), sorted(taken)
    at, end = next(rest)
    for length in lengths:
        while (start := _free(at, length, busy)) + length > end:
            try:
                at, end = next(rest)
            except StopIteration:
                return
        yield start, start + length
        at = start + length + A_BREAK


def _free(at: datetime.datetime, length: datetime.timedelta, busy: list[Span]) -> datetime.datetime:
    """The first moment from `at` on with `length` of time that nothing of `busy` takes."""
    for since, until in busy:
        if since < at + length and until > at:
            at = until
    return at


def _lesson(module: Module, session) -> Lesson:
    appearances = session.appearances.all() if session else ()
    return Lesson(module, session, [one.person for one in appearances if one.role == TRAINER])


def _as_abstract(module: Module) -> Labels:
    """Its objectives as paragraphs: so an abstract is shown."""
    return Labels.of({code: text.replace("\r", "").replace("\n", "\n\n") for code, text in module.objectives.items()})
