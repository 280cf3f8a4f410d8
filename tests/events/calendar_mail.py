"""Answers as calendar programs mail them, for tests: each in the form in which the program writes it."""

import datetime
import re
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

OURS = "mx.example.net"  # our own mail server, as it signs what it finds


def stamp(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar(uid: str, who: str, partstat: str = "ACCEPTED", **more) -> str:
    """A REPLY of `who`, as an ATTENDEE line has it after "mailto:". `more`: `method`, `sequence` (None: none), `at`,
    `params` of the ATTENDEE, and `lines` of the entry."""
    at = more.get("at") or timezone.now()
    params = more.get("params", "")
    answer = f";PARTSTAT={partstat}" if partstat else ""
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{more.get('program', '-//Example//Calendar//EN')}",
        "VERSION:2.0",
        f"METHOD:{more.get('method', 'REPLY')}",
        "BEGIN:VEVENT",
        f"DTSTAMP:{stamp(at)}",
        f"UID:{uid}",
        *([] if more.get("sequence", 0) is None else [f"SEQUENCE:{more.get('sequence', 0)}"]),
        *([f"ATTENDEE;CUTYPE=INDIVIDUAL{answer}{params}:mailto:{who}"] if who else []),
        *more.get("lines", ["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270303"]),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines) + "\r\n"


def mailed(sender: str, text: str, *, to: str = "forum@rsvp.localhost", method: str = "REPLY", **headers) -> bytes:
    """The mail that carries the calendar `text` as Outlook writes it; `headers` with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Accepted: Forum"
    mail["Date"], mail["Message-ID"] = format_datetime(timezone.now()), f"<{timezone.now().timestamp()}@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("")
    mail.add_alternative(text.encode(), "text", "calendar", params={"method": method, "charset": "utf-8"}, cte="base64")
    return mail.as_bytes()


def proven(address: str, server: str = OURS) -> dict[str, str]:
    """The header in which our server says that the domain of `address` has signed the mail."""
    domain = address.rpartition("@")[2]
    return {"Authentication_Results": f"{server}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"}


def gmail(request: bytes, address: str, partstat: str = "ACCEPTED") -> bytes:
    """Google answers for its user: twice the calendar, marked as written by a machine, UID and ORGANIZER as asked."""
    text = calendar(
        uid_in(request),
        address,
        partstat,
        params=f";ROLE=REQ-PARTICIPANT;CN={address};X-NUM-GUESTS=0",
        program="-//Google Inc//Google Calendar 70.9054//EN",
    )
    mail = EmailMessage()
    mail["From"], mail["Reply-To"] = "Google Calendar <calendar-notification@google.com>", f"Pavel <{address}>"
    mail["To"], mail["Subject"], mail["Auto-Submitted"] = "forum@rsvp.localhost", "Accepted: Forum", "auto-generated"
    mail["Message-ID"], mail["Authentication-Results"] = "<g@google.com>", f"{OURS}; dkim=pass header.d=google.com"
    mail.set_content("Pavel has accepted this invitation.")
    mail.add_alternative("<p>Pavel has accepted this invitation.</p>", subtype="html")
    mail.add_alternative(text.encode(), "text", "calendar", params={"method": "REPLY", "charset": "UTF-8"}, cte="7bit")
    mail.make_mixed()
    mail.add_attachment(text.encode(), "application", "ics", filename="invite.ics")
    return mail.as_bytes()


def outlook(request: bytes, address: str, partstat: str = "ACCEPTED") -> bytes:
    """Exchange: no ORGANIZER, a Windows time zone that nobody knows, a comment with a line break at its end."""
    zone = "BEGIN:VTIMEZONE\r\nTZID:Customized\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
    zone += "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    lines = ["COMMENT;LANGUAGE=fr-FR:Avec plaisir\\, merci\\n", "DTSTART;TZID=Customized:20270301T000000"]
    lines += ["X-MICROSOFT-CDO-APPT-SEQUENCE:0", "STATUS:CONFIRMED"]
    program = "Microsoft Exchange Server 2010"
    text = calendar(uid_in(request).upper(), address, partstat, lines=lines, program=program)
    text = text.replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT")
    return mailed(f"Novak Pavel <{address}>", text, **proven(address))


def apple(request: bytes, address: str, partstat: str = "ACCEPTED") -> bytes:
    """Apple: no method on the part, which lies in a mixed one inside the alternative; METHOD after the entry's head."""
    text = calendar(uid_in(request), address, partstat, program="-//Apple Inc.//macOS 15.1//EN")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, "forum@rsvp.localhost", "Accepted: Forum"
    mail["Message-ID"], mail["Authentication-Results"] = "<a@icloud.example>", proven(address)["Authentication_Results"]
    inner = EmailMessage()
    inner.set_content("<p>Accepted</p>", subtype="html")
    inner.add_attachment(text.encode(), "text", "calendar", filename="iCal-20261127-101010.ics")
    mail.set_content("Accepted")
    mail.make_alternative()
    mail.attach(inner)
    return mail.as_bytes()


def thunderbird(request: bytes, address: str, partstat: str = "ACCEPTED") -> bytes:
    """Thunderbird: the whole request back, with the address in capitals, as text/calendar and as a file."""
    asked = request.decode()
    lines = re.sub("PARTSTAT=NEEDS-ACTION;RSVP=TRUE", f"PARTSTAT={partstat}", re.sub("\r\n ", "", asked))
    text = lines.replace("METHOD:REQUEST", "METHOD:REPLY").replace(f"mailto:{address}", f"MAILTO:{address.upper()}")
    text = re.sub("DTSTAMP:[^\r]*", f"DTSTAMP:{stamp(timezone.now())}", text)
    return mailed(address, text, User_Agent="Mozilla Thunderbird", **proven(address))


def uid_in(request: bytes) -> str:
    unfolded = request.replace(b"\r\n ", b"").decode()
    return re.search("^UID:([^\r]*)", unfolded, re.M)[1]
