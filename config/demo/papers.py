"""The papers of the demonstration: a circle, documents in several languages, minutes, the Chatham House Rule."""

import datetime
import tomllib
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from contacts.models import User
from contacts.pdf import Section, sheet
from events.models import Circle, Document, Event, Minutes

CLOSED, CONCLUDED = "mrs-114", "nbo-101"  # sessions, by their reference


def load(coming: Event, past: Event, organizer: User) -> None:
    """`coming` has documents, of which one is for a circle and one is to come; of `past` there are minutes."""
    content = tomllib.loads((Path(__file__).parent / "papers.toml").read_text(encoding="utf-8"))
    heads = Circle.objects.keep(Circle(event=coming, name=content["circle"], roles=["HEAD"]), [], by=organizer)
    closed = coming.sessions.get(reference=CLOSED)
    closed.is_chatham_house = True
    closed.save()
    for row in content["document"]:
        audience = row["audience"]
        document = Document(
            event=coming,
            title=row["title"],
            audience=audience,
            circle=heads if audience == "CIRCLE" else None,
            session=coming.sessions.get(reference=row["session"]) if "session" in row else None,
            opens_at=timezone.now() + datetime.timedelta(days=row["in_days"]) if "in_days" in row else None,
        )
        first, *others = row["languages"]
        Document.objects.add(document, _file(row, first), language=first, by=organizer)
        for language in others:
            document.add_version(_file(row, language), language, by=organizer)
    session = past.sessions.get(reference=CONCLUDED)
    for language, text in content["minutes"].items():
        Minutes.objects.write(session, language, text, "PUBLIC", by=organizer).approve(by=organizer)


def _file(row: dict, language: str) -> ContentFile:
    title, text = row["title"][language], row["text"][language]
    return ContentFile(sheet(title, text, [Section(title, [])], language=language), f"{row['file']}-{language}.pdf")
