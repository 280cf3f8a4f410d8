"""What calendars answered in the demonstration: the calendar rows of answers.toml, as if they had come by mail."""

import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from django.utils import timezone

from contacts.models import Person
from events.models import CalendarReply, Event, Invitation

DOMAIN = "mail.example"
REPLY = """BEGIN:VCALENDAR
PRODID:-//Example//Calendar//EN
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
DTSTAMP:{at:%Y%m%dT%H%M%SZ}
SEQUENCE:0
DTSTART;VALUE=DATE:{starts:%Y%m%d}
DTEND;VALUE=DATE:{ends:%Y%m%d}
ATTENDEE;PARTSTAT={partstat};CN="{name}":mailto:{attendee}
COMMENT:{comment}
END:VEVENT
END:VCALENDAR
"""


def load(rows: list[dict], people: dict[str, Person], events: dict[str, Event]) -> None:
    """Take the answers in, some days ago each."""
    for number, row in enumerate(rows):
        event = events[row["event"]]
        invitation = event.invitations.get(person=people[row["person"]]) if "person" in row else None
        at = timezone.now() - datetime.timedelta(days=row["days"])
        CalendarReply.objects.take(_mail(row, event, invitation, at).as_bytes(), key=f"demo:{number}", came_at=at)


def _mail(row: dict, event: Event, invitation: Invitation | None, at: datetime.datetime) -> EmailMessage:
    moved = datetime.timedelta(days=row.get("moved", 0))
    facts = {"method": "REPLY", "comment": "", "uid": invitation.uid if invitation else "event@hotel.example"}
    if invitation:
        facts |= {"name": invitation.person.name, "attendee": invitation.address}
    facts |= {"at": at, "starts": event.starts_on + moved, "ends": event.ends_on + moved + datetime.timedelta(days=1)}
    facts |= row
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = row.get("sender", facts["attendee"]), make_msgid(domain=DOMAIN)
    mail["Subject"] = f"{facts['partstat'].title()}: {event.title.in_language('en')}"
    mail.set_content(facts["comment"] or "-")
    calendar = REPLY.format(**facts).replace("\n", "\r\n").encode()
    mail.add_alternative(calendar, "text", "calendar", params={"method": facts["method"], "charset": "utf-8"})
    return mail
