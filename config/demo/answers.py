"""What came back in the demonstration: the messages of answers.toml, taken in as if they had come by mail."""

import datetime
import tomllib
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.db.models import F

from contacts.models import Message, Person, ReceivedLetter, ReturnedLetter
from events.models import Event

DOMAIN = "mail.example"
REPORT = """From: MAILER-DAEMON@{domain}
Subject: Undelivered Mail Returned to Sender
Message-ID: {own}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=part

--part
Content-Type: text/plain

Your message could not be delivered.
--part
Content-Type: message/delivery-status

Reporting-MTA: dns; {domain}

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {words}
--part
Content-Type: text/rfc822-headers

Message-ID: {number}
--part--
"""


def load(people: dict[str, Person], events: dict[str, Event]) -> None:
    """Take the messages in, each some days after the letter that it answers."""
    content = tomllib.loads((Path(__file__).parent / "answers.toml").read_text(encoding="utf-8"))
    for row in content["answer"]:
        event = events[row["event"]]
        letter = _invitation(event, people[row["person"]]) if "person" in row else None
        sent_at = letter.created_at if letter else event.invitations.earliest("sent_at").sent_at
        when = sent_at + datetime.timedelta(days=row["days"])
        ReceivedLetter.objects.take(_answer(row, letter, when).as_bytes())
    ReceivedLetter.objects.update(came_at=F("written_at"))
    for row in content["report"]:
        letter = _invitation(events[row["event"]], people[row["person"]])
        ReceivedLetter.objects.take(_report(row, letter))
        ReturnedLetter.objects.filter(message=letter).update(came_at=letter.created_at)


def _invitation(event: Event, person: Person) -> Message:
    return Message.objects.about(event.invitations.get(person=person)).earliest("created_at")


def _answer(row: dict, letter: Message | None, when: datetime.datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = row.get("sender") or f"{letter.person.name} <{letter.to_address}>"
    mail["Subject"], mail["Date"], mail["Message-ID"] = row["subject"], format_datetime(when), make_msgid(domain=DOMAIN)
    if letter:
        mail["In-Reply-To"] = letter.message_id
    if row.get("automatic"):
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(row["text"].strip())
    return mail


def _report(row: dict, letter: Message) -> bytes:
    facts = {"number": letter.message_id, "address": letter.to_address, "own": make_msgid(domain=DOMAIN), **row}
    return REPORT.format(domain=DOMAIN, **facts).encode()
