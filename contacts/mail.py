"""What a letter is, and its form on the wire. Knows no models."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32, compat32
from enum import StrEnum
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy, gettext_noop, override

from network.sentences import Sentence, SentenceError

if TYPE_CHECKING:
    from contacts.models import Agreement, Application, Person

# How lists of letters say the name below: marked here so that it is translated.
KINDS = [gettext_noop("Confirm data"), gettext_noop("Mailing"), gettext_noop("Agreement expires")]
KINDS += [gettext_noop("Application confirm"), gettext_noop("Application received")]
KINDS += [gettext_noop("Application in review"), gettext_noop("Application more wanted")]
KINDS += [gettext_noop("Application admitted"), gettext_noop("Application refused")]
KINDS += [gettext_noop("Membership suspended"), gettext_noop("Membership reinstated")]
KINDS += [gettext_noop("Membership ended"), gettext_noop("Passkey added"), gettext_noop("Passkey removed")]

# Stands in a letter for the reader's own link, which is signed and never stored: it is put in when the letter leaves,
# and leads nowhere wherever it is read before.
LINK = "https://your-own-link.invalid/"
# The same for the page on which the reader says what letters they want.
PREFERENCES = "https://your-preferences.invalid/"
END = b"END:VCALENDAR\r\n"
# Greeted in a letter to an organization, of whose people we know none.
SOMEBODY = {"salutation": gettext_lazy("Dear Sir or Madam,")}


class Purpose(StrEnum):
    """What a letter is for. SERVICE: about what its reader takes part in."""

    SERVICE = "SERVICE"
    INVITATION = "INVITATION"
    NEWS = "NEWS"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person, written out. `name` is the kind of letter as `docs/reference/letters.md` lists it."""

    name: str
    language: str
    subject: str
    text: str
    html: str
    from_address: str = ""
    reply_to: str = ""
    calendar: bytes = b""
    calendar_method: str = ""
    purpose: Purpose = Purpose.SERVICE

    def with_calendar(self, calendar: bytes, method: str) -> "Letter":
        """The same letter with a calendar part (RFC 6047) of the METHOD `method`: that of the first object where
        `calendar` holds several one after another (RFC 5545, 3.4)."""
        return replace(self, calendar=calendar, calendar_method=method)


def write(name: str, language: str, context: dict[str, Any], *, from_address: str = "", reply_to: str = "") -> Letter:
    """The letter `name` from `templates/mail/<name>.txt` and `.html`; the first line of the text is the subject.

    `context` feeds both templates.
    """
    with override(language):
        subject, _blank, text = render_to_string(f"mail/{name}.txt", context).strip().partition("\n")
        html = render_to_string(f"mail/{name}.html", {**context, "subject": subject})
    return Letter(name, language, " ".join(subject.split()), text.strip() + "\n", html, from_address, reply_to)


def confirm_data(person: "Person") -> Letter:
    """Is what we hold about you right? With the link to the person's own page."""
    return write("confirm_data", person.language, {"person": person, "link": LINK})


def agreement_expires(agreement: "Agreement", days: int, language: str) -> Letter:
    """To its owner: so many days are left."""
    return write("agreement_expires", language, {"agreement": agreement, "days": days, "link": LINK})


def application_confirm(application: "Application") -> Letter:
    """Was it you? With the link that says yes."""
    return _to_applicant("application_confirm", application)


def application_received(application: "Application") -> Letter:
    """It is here, and somebody will look at it."""
    return _to_applicant("application_received", application)


def application_in_review(application: "Application") -> Letter:
    return _to_applicant("application_in_review", application)


def application_more_wanted(application: "Application", question: str) -> Letter:
    """With the link to amend it and send it again."""
    return _to_applicant("application_more_wanted", application, question)


def application_admitted(application: "Application") -> Letter:
    return _to_applicant("application_admitted", application)


def application_refused(application: "Application", reason: str) -> Letter:
    return _to_applicant("application_refused", application, reason)


def _to_applicant(name: str, application: "Application", said: str = "") -> Letter:
    """`said` is what the reviewer wrote."""
    context = {"person": application, "application": application, "said": said.strip(), "link": LINK}
    return write(name, application.language, context)


def membership_suspended(greeted: Any, language: str, name: str, reason: str, *, link: str = "") -> Letter:
    """To who stands for the organization `name`; `link` where the reader has a page about it."""
    return _to_member("membership_suspended", greeted, language, name, reason, link)


def membership_reinstated(greeted: Any, language: str, name: str, _reason: str, *, link: str = "") -> Letter:
    return _to_member("membership_reinstated", greeted, language, name, "", link)


def membership_ended(greeted: Any, language: str, name: str, reason: str, *, link: str = "") -> Letter:
    return _to_member("membership_ended", greeted, language, name, reason, link)


def _to_member(name: str, greeted: Any, language: str, organization: str, said: str, link: str) -> Letter:
    context = {"person": greeted, "organization": organization, "said": said.strip(), "link": link}
    return write(name, language, context)


def passkey_added(person: "Person | None", language: str, link: str) -> Letter:
    """Somebody can sign in to the reader's account by a new passkey; `link`: where it can be removed."""
    return write("passkey_added", language, {"person": person or SOMEBODY, "link": link})


def passkey_removed(person: "Person | None", language: str, link: str) -> Letter:
    return write("passkey_removed", language, {"person": person or SOMEBODY, "link": link})


class Unfilled(SentenceError):
    """A letter speaks of something that is not known of its reader; the sentence says of what."""


def placeholders(text: str) -> set[str]:
    """The names in braces in `text`; `{{` and `}}` are the signs themselves. Raises ValueError for an open brace."""
    return {name for _before, name, _format, _conversion in Formatter().parse(text) if name is not None}


def mailing(language: str, subject: str, body: str, values: dict[str, str], *, reply_to: str = "") -> Letter:
    """One copy of a mailing, with `values` in the places of their names. Raises Unfilled where a value is empty."""
    gaps = sorted(name for name in placeholders(subject) | placeholders(body) if not values.get(name))
    if gaps:
        raise Unfilled(Sentence(gettext_noop("Not known: %(names)s."), names=", ".join(gaps)))
    texts = {"subject": subject.format_map(values), "body": body.format_map(values), "preferences": PREFERENCES}
    return replace(write("mailing", language, texts, reply_to=reply_to), purpose=Purpose.NEWS)


class Mail(EmailMultiAlternatives):
    """A mail that is made quickly: its boundaries come from its Message-ID, where the library would search the whole of
    it for signs that it does not hold."""

    def message(self, **options: Any) -> Any:
        whole: Any = super().message(**options)
        mark = self.extra_headers["Message-ID"].strip("<>").partition("@")[0]
        parts = (part for part in whole.walk() if part.get_content_maintype() == "multipart")
        for number, part in enumerate(parts):
            part.replace_header("Content-Type", f'{part.get_content_type()}; boundary="=_{mark}_{number}"')
        whole.policy = FOLDED_ONCE
        return whole


class _FoldedOnce(Compat32):
    """Lays headers out as the library does, but once those that most letters share."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _folded(name, value, self.linesep)


@lru_cache(maxsize=1000)
def _folded(name: str, value: Any, linesep: str) -> bytes:
    return compat32.clone(linesep=linesep).fold_binary(name, value)


FOLDED_ONCE = _FoldedOnce()


class CalendarMail(Mail):
    """A mail whose calendar part is laid out as real calendar programs demand: the last alternative, without
    a Content-Disposition, and the same bytes once more as an attached `invite.ics`. A METHOD of PUBLISH is only
    attached: Outlook prints such a part as text. Of several objects, each is attached, and the first is the part:
    RFC 5546 allows one UID in each, and programs look at one."""

    def __init__(self, *args: Any, calendar: bytes, method: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        objects = [part + END for part in calendar.split(END) if part]
        self.calendar, self.method = objects[0], method
        for number, part in enumerate(objects, 1):
            name = f"invite-{number}.ics" if number > 1 else "invite.ics"
            self.attach(_part("application", "ics", part, name=name))

    def message(self, **options: Any) -> Any:
        mixed: Any = super().message(**options)
        if self.method != "PUBLISH":
            alternatives = mixed.get_payload(0)
            alternatives.attach(_part("text", "calendar", self.calendar, method=self.method, charset="UTF-8"))
        return mixed


def _part(main: str, sub: str, payload: bytes, **parameters: str) -> MIMENonMultipart:
    part = MIMENonMultipart(main, sub, policy=None, **parameters)
    part.set_payload(payload)
    encode_base64(part)
    if "name" in parameters:
        part.add_header("Content-Disposition", "attachment", filename=parameters["name"])
    return part


class Carrier:
    """Hands letters to the mail server, one after another: one open connection for ordinary mail and one for mail with
    a calendar, kept while the outbox is emptied."""

    def __init__(self) -> None:
        self.open: dict[str, Any] = {}

    def hand_over(self, mail: Mail) -> str | Exception:
        """What came of it: the number by which a provider knows the letter, "" where there is none; or what went wrong,
        after which the connection is closed."""
        try:
            mail.connection = self._connection_for(mail)
            mail.send()
        except Exception as error:
            self.drop()
            return error
        status = getattr(mail, "anymail_status", None)
        return str(getattr(status, "message_id", None) or "")

    def drop(self) -> None:
        for connection in self.open.values():
            with suppress(OSError):
                connection.close()
        self.open = {}

    def _connection_for(self, mail: Mail) -> Any:
        backend = settings.CALENDAR_EMAIL_BACKEND if isinstance(mail, CalendarMail) else settings.EMAIL_BACKEND
        if backend not in self.open:
            connection = get_connection(backend)
            connection.open()
            self.open[backend] = connection
        return self.open[backend]


class Carriers:
    """So many who hand letters over at once, each in a thread of its own: while one waits for the server, others work.
    They touch no database."""

    def __init__(self, number: int) -> None:
        self.carriers = [Carrier() for _number in range(number)]
        self.threads = ThreadPoolExecutor(number)

    def __len__(self) -> int:
        return len(self.carriers)

    def __enter__(self) -> "Carriers":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.threads.shutdown()
        for carrier in self.carriers:
            carrier.drop()

    def hand_over(self, mails: list[Mail]) -> list[str | Exception]:
        """What came of each of `mails`; there are no more of them than carriers."""
        at_once = self.threads.map if len(mails) > 1 else map
        return list(at_once(Carrier.hand_over, self.carriers, mails))
