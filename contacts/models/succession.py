"""Succession: who comes after somebody in a post, and what goes over with it."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.affiliation import Affiliation
from contacts.models.person import Person
from contacts.models.segment import SegmentChoice
from contacts.models.task import Task
from network.changes import change, named
from network.labels import Labels
from network.sentences import Sentence


@dataclass(frozen=True)
class Legacy:
    """Something that may go over to a successor: what it is called, which rows, and how one of them does."""

    name: str
    label: str
    rows: models.QuerySet
    move: Callable[[models.Model, "Affiliation", object], None]  # (row, the successor's affiliation, by)

    def key(self, row: models.Model) -> str:
        return f"{self.name}-{row.pk}"

    def taken(self, take: Iterable[str]) -> list[models.Model]:
        """The rows that `take` names: one by its key, or all by the name of the legacy."""
        return [row for row in self.rows if self.name in take or self.key(row) in take]

    def told(self, row: models.Model) -> str | Labels:
        """What the new holder would get."""
        if isinstance(row, Affiliation):
            return named(row.competence) if row.competence else Sentence.of(_("For everything"))
        return named(row.segment if isinstance(row, SegmentChoice) else getattr(row, "event", row))


def legacies(post: Affiliation) -> list[Legacy]:
    """What hangs on whoever holds `post`; only what there is."""
    person, today = post.person, timezone.localdate()
    focal = person.affiliations.focal_points().filter(organization=post.organization).current().order_by("pk")
    open_tasks = Task.objects.open().filter(person=person)
    lists = person.segment_choices.filter(is_in=True).select_related("segment")
    invitations = person.invitations.standing().filter(event__ends_on__gte=today, reply="NEEDS-ACTION")
    found = [
        Legacy("focal", _("Focal point"), focal, partial(_hand_over_focal_point, post)),
        Legacy("lists", _("Segments that the person was put into by hand"), lists, _hand_over_list),
        Legacy("tasks", _("Open tasks"), open_tasks, _hand_over_task),
        Legacy("invitations", _("Invitations that are not answered"), invitations, _hand_over_invitation),
    ]
    return [legacy for legacy in found if legacy.rows.exists()]


@transaction.atomic
def succeed(
    post: Affiliation,
    on: datetime.date,
    *,
    successor: Person | None = None,
    position: str | None = None,
    take: Iterable[str] = (),
    by,
) -> Affiliation | None:
    """End `post` on the day before `on`; from then `successor`, if there is one, holds it, as `position` (None: as it
    was called), and gets of its legacies what `take` names (see `Legacy.taken`). Returns the successor's affiliation.
    Raises ValidationError where that cannot be."""
    if successor == post.person:
        raise ValidationError({"successor": _("Nobody succeeds to their own post.")})
    if post.starts_on and on <= post.starts_on:
        raise ValidationError({"on": _("That is before the post began.")})
    if post.ends_on and post.ends_on < on:
        raise ValidationError({"on": _("The post has ended before that day already.")})
    take = set(take) if successor else set()
    chosen = [(legacy, rows) for legacy in legacies(post) if (rows := legacy.taken(take))]
    post.ends_on = on - datetime.timedelta(days=1)
    post.save(update_fields=["ends_on"])
    new = successor and Affiliation.objects.create(
        person=successor,
        organization=post.organization,
        position=post.position if position is None else position,
        rank=post.rank,
        is_head=post.is_head,
        is_deputy=post.is_deputy,
        starts_on=on,
    )
    moved = [(legacy.label, [legacy.told(row) for row in rows]) for legacy, rows in chosen]
    for legacy, rows in chosen:
        for row in rows:
            legacy.move(row, new, by)
    _log(post, new, moved, by)
    return new


def _log(post: Affiliation, new: Affiliation | None, moved: list[tuple[str, list]], by) -> None:
    """Who came after whom, and what went over, in the history of both."""
    held = Affiliation._meta.verbose_name
    ended, handed_over = Sentence.of(_("no longer held")), Sentence.of(_("handed over"))
    left = [change(held, str(post), ended), *(change(label, rows, handed_over) for label, rows in moved)]
    if new:
        left.insert(1, change(_("Successor"), "", str(new.person)))
        taken = [change(held, "", str(new)), change(_("Predecessor"), "", str(post.person))]
        taken += [change(label, "", rows) for label, rows in moved]
        log(new.person, "contacts.person.succeed", user=by, data={"changes": taken})
    log(post.person, "contacts.person.leave", user=by, data={"changes": left})


def _hand_over_focal_point(post: Affiliation, held: Affiliation, new: Affiliation, by) -> None:
    """The successor's own post takes it; another competence is a row of its own, called as the post where it was."""
    if not new.is_focal_point:
        new.is_focal_point, new.competence = True, held.competence
        new.save(update_fields=["is_focal_point", "competence"])
    else:
        Affiliation.objects.create(
            person=new.person,
            organization=new.organization,
            position=new.position if held.position == post.position else held.position,
            starts_on=new.starts_on,
            is_focal_point=True,
            competence=held.competence,
        )
    last = new.starts_on - datetime.timedelta(days=1)
    if held.ends_on is None or held.ends_on > last:
        held.ends_on = max(last, held.starts_on or last)
        held.save(update_fields=["ends_on"])


def _hand_over_list(choice: SegmentChoice, new: Affiliation, by) -> None:
    """The successor is put in instead; a successor whom somebody has left out by hand stays out."""
    segment, person = choice.segment, choice.person
    segment.leave_to_conditions(person, by=by)
    if not segment.choices.filter(person=new.person).exists():
        segment.put(new.person, True, by=by)


def _hand_over_task(task: Task, new: Affiliation, by) -> None:
    task.person = new.person
    task.save(update_fields=["person"])


def _hand_over_invitation(invitation, new: Affiliation, by) -> None:
    """The predecessor's is withdrawn, with a letter where one was sent; the successor's is a draft, to be looked at."""
    invitation.withdraw(by=by)
    invitation.event.invitations.draft([new.person], by=by)
