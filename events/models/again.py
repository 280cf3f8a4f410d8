"""Again: an event as the pattern of another one, held elsewhere or another time."""

import datetime
import zoneinfo

from django.db import models, transaction
from django.utils import timezone as clock
from wagtail.log_actions import log

# What the new event has of the old one as it is; titles, days and place are asked for.
ALIKE = (
    *("kind", "summary", "day_starts_at", "curriculum", "is_public", "is_approved_by_two", "certificate_share"),
    *("open_to", "offer_hours", "publishes_participants", "reply_to", "is_chatham_house"),
    *("changeover", "conflict_weights", "interpreter_minutes", "interpreter_pause"),
)
UNTIL = ("answer_by", "nominate_by")  # they move along, where that is still to come


class Repeatable(models.Model):
    """What an event can do to be held once more."""

    class Meta:
        abstract = True

    @transaction.atomic
    def run_again(
        self, slug: str, title, starts_on: datetime.date, *, by, venue=None, timezone: str = "", with_people=False
    ):
        """A new draft after the pattern of this event, which begins on the day `starts_on`, at the `venue` (None: not
        known yet) and in its `timezone` (of this event): with its programme, as far as it was not dropped, and
        everything that COPIES names. `with_people`: those who appeared in the sessions appear again. Nobody is invited.
        Raises ValidationError, of which the short name may be a reason."""
        days = starts_on - self.starts_on
        facts = {name: getattr(self, name) for name in ALIKE}
        zone = timezone or self.timezone
        again = type(self)(slug=slug, title=title, venue=venue, timezone=zone, **facts)
        again.starts_on, again.ends_on = starts_on, self.ends_on + days
        again.full_clean()
        for name in UNTIL:
            until = getattr(self, name) and self._there(getattr(self, name), again, days)
            setattr(again, name, until if until and until > clock.now() else None)
        again.save()
        for copy in COPIES:
            copy(self, again)
        circles = _circles(self, again)
        _programme(self, again, with_people, circles)
        self.documents.copy_to(again, circles)
        log(again, "events.event.run_again", user=by, data={"from": self.slug})
        return again

    def _there(self, moment: datetime.datetime, again, days: datetime.timedelta) -> datetime.datetime:
        """`moment` that many days later, at the same time on the wall of the other place."""
        local = moment.astimezone(self.zone)
        return datetime.datetime.combine(local.date() + days, local.time(), zoneinfo.ZoneInfo(again.timezone))


def copied(row: models.Model, **changes) -> models.Model:
    """A copy of `row` but for `changes`, not saved."""
    names = [one.attname for one in row._meta.concrete_fields if not (one.primary_key or one.name in changes)]
    return type(row)(**{name: getattr(row, name) for name in names}, **changes)


def _anew(row: models.Model, **changes) -> models.Model:
    """A copy of `row` as a row of its own."""
    copy = copied(row, **changes)
    copy.save()
    return copy


def _letters(event, again) -> None:
    for text in event.texts_of_letters:
        _anew(text, event=again)


def _allotments(event, again) -> None:
    for allotment in event.allotments.all():
        _anew(allotment, event=again)


def _reminders(event, again) -> None:
    for reminder in event.reminders.all():
        _anew(reminder, event=again, done_for=None)


def _seats(event, again) -> None:
    """As many places of each role and place; nobody has one yet."""
    for quota in event.quotas.of_event():
        again.quotas.update_or_create(
            role=quota.role,
            place=quota.place,
            delegation=None,
            option=None,
            session=None,
            defaults={"size": quota.size},
        )


def _questions(event, again) -> None:
    """The registration form: who is asked what depends on the same answers as there."""
    questions, options = {}, {}
    for question in event.questions.prefetch_related("options__quota"):
        asked = questions[question.pk] = _anew(question, event=again, only_if=None, wanted_option=None, wanted_word="")
        for option in question.options.all():
            options[option.pk] = copy = _anew(option, question=asked)
            type(option.quota).objects.filter(option=copy).update(size=option.quota.size)
    for question in event.questions.exclude(only_if=None):
        asked = questions[question.pk]
        asked.only_if, asked.wanted_word = questions[question.only_if_id], question.wanted_word
        asked.wanted_option = options.get(question.wanted_option_id)
        asked.save()


def _questionnaires(event, again) -> None:
    """What they ask, and what is compared with what; nobody has been asked yet."""
    items = {}
    for one in event.questionnaires.all():
        copy = _anew(one, event=again, opened_at=None, closed_at=None, closes_on=None)
        for item in one.items.prefetch_related("options"):
            items[item] = asked = _anew(item, questionnaire=copy, same_as=None)
            for option in item.options.all():
                _anew(option, item=asked)
    for item, asked in items.items():
        if item.same_as in items:
            asked.same_as = items[item.same_as]
            asked.save()


def _circles(event, again) -> dict:
    """Old circle (key) -> the same of the new event; it has no delegations yet."""
    return {circle.pk: _anew(circle, event=again) for circle in event.circles.all()}


def _booths(event, again) -> None:
    """Where it is the same venue."""
    for booth in event.booths.all() if again.venue_id == event.venue_id else ():
        _anew(booth, event=again)


# The one list of what is taken over beside the programme: whoever adds something to events that a second run should
# have adds a function of both events here.
COPIES = (_letters, _seats, _allotments, _reminders, _questions, _questionnaires, _booths)


def _programme(event, again, with_people: bool, circles: dict) -> None:
    """Tracks and sessions at the same hours of the days, with as many seats; the rooms where it is the same venue."""
    tracks = {track.pk: _anew(track, event=again) for track in event.tracks.all()}
    days = again.starts_on - event.starts_on
    rows = event.sessions.exclude(status="CANCELLED").select_related("quota")
    for session in rows.prefetch_related("appearances"):
        plain = ("title", "abstract", "kind", "language", "status", "audience", "module", "is_chatham_house")
        plain += ("interpreted_into", "expected", "is_unscheduled")
        copy = again.sessions.create(
            track=tracks.get(session.track_id),
            circle=circles.get(session.circle_id),
            room=session.room if again.venue_id == event.venue_id else None,
            starts_at=event._there(session.starts_at, again, days),
            ends_at=event._there(session.ends_at, again, days),
            **{name: getattr(session, name) for name in plain},
        )
        if (quota := getattr(session, "quota", None)) and quota.size is not None:
            again.quotas.create(session=copy, size=quota.size)
        for appearance in session.appearances.all() if with_people else ():
            _anew(appearance, session=copy)
