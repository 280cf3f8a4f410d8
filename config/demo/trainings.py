"""The trainings of the demonstration: what is taught, one that is over, and one to come on the same curriculum."""

import datetime
import tomllib
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo import afterwards
from contacts.models import Person, User
from contacts.pdf import Section, sheet
from events.models import Appearance, Curriculum, Document, Event, LetterText, Module, Trainer, Venue
from network.models import Topic


def load(coming: Event, people: dict[str, Person], topics: dict[str, Topic], organizer: User) -> None:
    """`coming` teaches the first curriculum; the past one was held after its pattern."""
    content = tomllib.loads((Path(__file__).parent / "trainings.toml").read_text(encoding="utf-8"))
    curricula = {row["key"]: _curriculum(row, people, topics) for row in content["curriculum"]}
    for row in content["document"]:
        document = Document(
            curriculum=curricula[row["curriculum"]],
            title=row["title"],
            audience=row["audience"],
        )
        paper = sheet(row["title"]["en"], "", [Section(row["title"]["en"], [])], language="en")
        language = row.get("language", "")
        Document.objects.add(document, ContentFile(paper, row["file"]), language=language, by=organizer)
    coming.curriculum = next(iter(curricula.values()))
    coming.save()
    past = _past(coming, content["past"], people, organizer)
    afterwards.let_in(past, organizer)
    LetterText.objects.write_usual(past, by=organizer)
    afterwards.certify(past, organizer)


def _curriculum(row: dict, people: dict[str, Person], topics: dict[str, Topic]) -> Curriculum:
    plain = ("title", "summary", "audience", "certificate_share")
    curriculum = Curriculum(**{name: row[name] for name in plain})
    curriculum.modules = [
        Module(title=one["title"], objectives=one["objectives"], minutes=one["minutes"], position=position)
        for position, one in enumerate(row["modules"])
    ]
    curriculum.trainers = [
        Trainer(person=people[one["person"]], teaches=one.get("teaches", "")) for one in row["trainers"]
    ]
    curriculum.topics = [topics[slug] for slug in row["topics"]]
    curriculum.save()
    return curriculum


def _past(coming: Event, row: dict, people: dict[str, Person], organizer: User) -> Event:
    """Held so many days ago, and taken part in by those named."""
    first = timezone.localdate() - datetime.timedelta(days=row["days_ago"])
    first -= datetime.timedelta(days=first.weekday())
    place = row["venue"]
    venue = Venue.objects.create(name=place["name"], city=place["city"], country_id=place["country"])
    event = coming.run_again(row["slug"], row["title"], first, venue=venue, timezone=row["timezone"], by=organizer)
    event.is_public, event.mailbox = True, row["mailbox"]
    event.certificate_share = event.curriculum.certificate_share
    event.answer_by = event.starts_at - datetime.timedelta(days=10)
    event.save()
    event.lay_out(by=organizer)
    for session, key in zip(event.sessions.order_by("starts_at"), row["trainers"], strict=True):
        Appearance.objects.create(session=session, person=people[key], role=Appearance.Role.TRAINER)
    event.announce(by=organizer)
    event.publish(by=organizer)
    then = event.answer_by - datetime.timedelta(days=20)
    invitations = event.invitations.draft([people[key] for key in row["trained"]], by=organizer)
    for invitation in invitations:
        invitation.send(by=organizer, now=then)
        invitation.answer("ACCEPTED", now=then)
    afterwards.backdate(invitations, then)
    return event
