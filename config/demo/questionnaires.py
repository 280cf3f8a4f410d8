"""The questionnaires of the demonstration: what people have said of the forum that is over, and a training with a test
before and after it, of which the feedback is being asked for still."""

import datetime
import tomllib
from pathlib import Path

from contacts.models import Delivery, Message, Person, User
from events.models import Event, Invitation, Item, ItemOption, Questionnaire

NOON = datetime.time(12)


def load(forum: Event, people: dict[str, Person], organizer: User, today: datetime.date) -> None:
    content = tomllib.loads((Path(__file__).parent / "questionnaires.toml").read_text(encoding="utf-8"))
    _load_feedback(forum, content["forum"], organizer)
    training = _training(content["training"], forum, today)
    invitations = _invite(training, [people[row["key"]] for row in content["training"]["person"]], organizer)
    _load_assessments(training, content["training"], invitations, organizer)
    feedback = _begin(training, "FEEDBACK", ["training", "event"], _noon(training, 2), organizer)
    for invitation, row in zip(invitations[:4], content["forum"], strict=False):
        feedback.hand_in(invitation, _said(feedback, row), now=_noon(training, 3))


def _load_feedback(forum: Event, rows: list[dict], organizer: User) -> None:
    then = _noon(forum, 3)
    feedback = _begin(forum, "FEEDBACK", ["event"], then, organizer)
    invited = {one.person_id: one for one in forum.invitations.all()}
    seats = feedback.addressed().order_by("pk")
    for seat, row in zip(seats, rows, strict=False):
        feedback.hand_in(invited[seat.person_id], _said(feedback, row), now=then)
    feedback.close(by=organizer, now=_noon(forum, 20))


def _training(row: dict, forum: Event, today: datetime.date) -> Event:
    monday = today - datetime.timedelta(days=today.weekday() + 14)
    return Event.objects.create(
        **{name: row[name] for name in ("slug", "title", "summary")},
        kind=Event.Kind.TRAINING,
        status=Event.Status.ANNOUNCED,
        is_public=False,
        starts_on=monday,
        ends_on=monday + datetime.timedelta(days=1),
        timezone=forum.timezone,
        venue=forum.venue,
        reply_to="training@entente.example",
    )


def _invite(training: Event, people: list[Person], organizer: User) -> list[Invitation]:
    """Everybody has said yes, weeks ago."""
    then = _noon(training, -30)
    drafts = training.invitations.draft(people, by=organizer)
    for invitation in drafts:
        invitation.send(by=organizer, now=then)
        invitation.answer("ACCEPTED", now=then)
    letters = Message.objects.about(*drafts)
    Delivery.objects.filter(message__in=letters).update(state=Delivery.State.DELIVERED, due_at=then, sent_at=then)
    letters.update(created_at=then)
    return drafts


def _load_assessments(training: Event, row: dict, invitations: list[Invitation], organizer: User) -> None:
    before = Questionnaire.objects.begin(training, "BEFORE", by=organizer)
    for question in row["test"]:
        item = Item.objects.create(questionnaire=before, label=question["label"], kind="CHOICE", is_required=True)
        for place, label in enumerate(question["options"]):
            is_right = place == question["right"]
            ItemOption.objects.create(item=item, label=label, position=place, is_right=is_right)
    Item.objects.add_usual(before, ["self"], by=organizer)
    after = Questionnaire.objects.begin(training, "AFTER", by=organizer)
    after.shows_score = True
    after.save(update_fields=["shows_score"])
    Item.objects.add_those_before(after, by=organizer)
    for questionnaire, name, day in ((before, "before", -5), (after, "after", 1)):
        then = _noon(training, day)
        questionnaire.open(by=organizer, now=then)
        for invitation, person in zip(invitations, row["person"], strict=True):
            if name in person:
                questionnaire.hand_in(invitation, _taken(questionnaire, person[name]), now=then)


def _begin(event: Event, kind: str, sets: list[str], then: datetime.datetime, organizer: User) -> Questionnaire:
    new = Questionnaire.objects.begin(event, kind, by=organizer)
    Item.objects.add_usual(new, sets, by=organizer)
    new.open(by=organizer, now=then)
    return new


def _said(feedback: Questionnaire, row: dict) -> dict[int, str]:
    """The answers of a `row` to the ready-made questions; a rating of which it says nothing is as the first."""
    words, grades = [row.get("use", ""), row.get("missing", "")], list(row["grades"])
    items = list(feedback.items.all())
    ratings = [item for item in items if item.kind == "RATING"]
    said = dict(zip([item.pk for item in items if item.kind == "TEXT"], words, strict=True))
    padded = [row["grades"][0]] * (len(ratings) - len(grades)) + grades
    said |= {item.pk: str(grade or "") for item, grade in zip(ratings, padded, strict=True)}
    return said | {item.pk: row["word"] for item in items if item.kind == "YES_NO"}


def _taken(questionnaire: Questionnaire, marks: list[int]) -> dict:
    """What is to be said for these `marks`: right or wrong, or the grade."""
    said: dict = {}
    for item, mark in zip(questionnaire.items.prefetch_related("options"), marks, strict=True):
        chosen = [option.pk for option in item.options.all() if option.is_right == bool(mark)]
        said[item.pk] = (chosen[0],) if item.has_options else str(mark)
    return said


def _noon(event: Event, days: int) -> datetime.datetime:
    """That many days after the first day of `event`."""
    return datetime.datetime.combine(event.starts_on + datetime.timedelta(days=days), NOON, event.zone)
