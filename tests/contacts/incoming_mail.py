"""Mail as it comes in, for tests: written by hand, and answering letters of ours."""

from email.message import EmailMessage

from contacts.models import Delivery, Message, User
from network.models import Country, Desk
from tests.conftest import staff

REPORT = """From: MAILER-DAEMON@mx.example.net
To: no-reply@localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <{key}@mx.example.net>
Date: Mon, 2 Mar 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=xx

--xx
Content-Type: text/plain

Your message could not be delivered.
--xx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}
--xx
Content-Type: text/rfc822-headers

Message-ID: {number}
Subject: something
--xx--
"""


def officer_of(code: str) -> User:
    """A network officer of the desk of one country."""
    officer = staff("network officer", f"{code.lower()}@example.org")
    officer.desks.add(Desk.objects.create(name=code, countries=[Country.objects.get(code=code)]))
    return officer


def sent(message: Message) -> Message:
    """As if the mail server had taken it."""
    message.deliveries.update(state=Delivery.State.SENT)
    return message


def report(
    number: str, address: str, status="5.1.1", words="550 5.1.1 User unknown", action="failed", key="r1"
) -> bytes:
    """A server says that the letter `number` did not reach `address`."""
    facts = {"number": number, "address": address, "status": status, "words": words, "action": action, "key": key}
    return REPORT.format(**facts).encode()


def complaint(number: str, address: str, kind: str = "abuse") -> bytes:
    """A reader pressed "this is spam" (RFC 5965)."""
    return f"""From: fbl@provider.example
Subject: FW: complaint
Message-ID: <c1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=xx

--xx
Content-Type: text/plain

This is an e-mail abuse report.
--xx
Content-Type: message/feedback-report

Feedback-Type: {kind}
Version: 1
Original-Rcpt-To: {address}
--xx
Content-Type: message/rfc822

Message-ID: {number}
Subject: News
--xx--
""".encode()


def written(
    text="Thank you, I come.", sender="Pavel Novak <pavel.novak@example.org>", subject="Re: Forum", **more
) -> EmailMessage:
    """A letter that somebody wrote; `more` are headers, with _ for -."""
    mail = EmailMessage()
    headers = {"From": sender, "To": "no-reply@localhost", "Subject": subject, "Message-ID": "<w1@example.org>"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail


def reply(message: Message, text="Thank you, I come.", **more) -> EmailMessage:
    """An answer to a letter of ours."""
    return written(text, In_Reply_To=message.message_id, **more)
