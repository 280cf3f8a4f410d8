"""One message that came in, read: what it is, who wrote it, to what it answers, what is attached."""

import datetime
import hashlib
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum
from html.parser import HTMLParser

from contacts.incoming.opening import addresses, calendar_parts, clean, content, header, headers, opened, parts, text
from contacts.incoming.reports import Report, report_in
from contacts.incoming.sniffing import kind_of

MOST_TEXT = 100_000
MOST_REPORT = 300_000  # what a server says stands before the letter that it gives back
MOST_ATTACHMENTS = 20
MOST_MENTIONS = 100
CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
NUMBER = re.compile(r"<[^<>\s]{3,190}>")
INNER_NUMBER = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]{3,190}>)", re.IGNORECASE | re.MULTILINE)
AUTOMATIC = re.compile(
    r"^(automatic reply|auto(matic)?[- ]?(reply|response)|autoreply|out of (the )?office|réponse automatique"
    r"|absence du bureau"
    r"|respuesta automática|fuera de (la )?oficina|رد تلقائي|الرد التلقائي|automatische antwort"
    r"|abwesenheitsnotiz|risposta automatica"
    r"|resposta automática|автоматический ответ|自動応答|自动回复)",
    re.IGNORECASE,
)
LEFT = re.compile(
    r"no longer (works?|working|employed|with|at|part of|in (this|the|that) (position|post|office|role))"
    r"|(has|have) (now )?(left|retired from|moved on from) (the |our |this |my )?"
    r"(company|ministry|organi[sz]ation|department|office|post|position|agency|service|institution)"
    r"|retired|do(es)? not work here|ne (travaille|fait) plus (ici|partie|pour|à|au|dans)"
    r"|n'est plus (en poste|en fonction|employé)"
    r"|n'occupe plus|a quitté (le|la|les|ses|notre|son)|parti(e)? à la retraite"
    r"|ya no (trabaja|labora|forma parte|está en|ocupa)|ha dejado (la|el|de|su)|se ha jubilado"
    r"|لم يعد يعمل|لم تعد تعمل|لا يعمل|ترك (العمل|الوزارة|المنظمة)|تقاعد",
    re.IGNORECASE,
)


class Kind(StrEnum):
    HARD = "HARD"
    SOFT = "SOFT"
    COMPLAINT = "COMPLAINT"
    ARRIVED = "ARRIVED"
    AUTO_REPLY = "AUTO_REPLY"
    REPLY = "REPLY"


@dataclass(frozen=True)
class Attachment:
    """A file in a message. `kind` is its type by its content; "" where it may not be kept: `content` is empty then."""

    name: str
    kind: str
    size: int
    content: bytes = b""


@dataclass(frozen=True)
class Incoming:
    """`key` is the same for the same message; `mentions` are the numbers of letters that it answers or gives back, the
    nearest first; `came_to` are the addresses at which it arrived; `says_left`: that somebody is not there any more;
    `has_calendar`: that a part is a calendar, which may answer an invitation."""

    kind: Kind
    key: str
    from_name: str
    from_address: str
    subject: str
    text: str
    message_id: str
    written_at: datetime.datetime | None
    mentions: tuple[str, ...]
    came_to: tuple[str, ...]
    report: Report
    attachments: tuple[Attachment, ...]
    says_left: bool
    has_calendar: bool


def read(raw: bytes) -> Incoming:
    """What `raw` says. Nothing that arrives makes this fail."""
    message = opened(raw)
    report = report_in(message if len(raw) <= MOST_REPORT else opened(raw[:MOST_REPORT]))
    kind = _kind(message, report)
    name, address = next(iter(addresses(message, "From", "Reply-To", "Sender")), ("", ""))
    said = _said(message)
    return Incoming(
        kind=kind,
        key=_key(message, raw),
        from_name=name[:200],
        from_address=address[:320].lower(),
        subject=header(message, "Subject")[:500],
        text=said[:MOST_TEXT],
        message_id=header(message, "Message-ID")[:200],
        written_at=_written(message),
        mentions=_mentions(message, report is not None),
        came_to=tuple(dict.fromkeys(one.lower() for _name, one in addresses(message, *CAME_TO))),
        report=report or Report(),
        attachments=() if report else _attachments(message),
        says_left=report is None and bool(LEFT.search(f"{header(message, 'Subject')}\n{_above_quotation(said)}")),
        has_calendar=bool(calendar_parts(message)),
    )


def head_of(raw: bytes, most: int) -> bytes:
    """So much of `raw` that it says who wrote: of what is too large to be read."""
    head, _blank, _rest = raw[:most].replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    return b"\n".join(lines) + b"\n\n"


def _kind(message: Message, report: Report | None) -> Kind:
    if report and report.failures:
        return Kind.HARD if any(one.reason.is_hard and one.is_final for one in report.failures) else Kind.SOFT
    if report and (report.complaints or report.arrivals):
        return Kind.COMPLAINT if report.complaints else Kind.ARRIVED
    return Kind.AUTO_REPLY if report or _is_automatic(message) else Kind.REPLY


def _is_automatic(message: Message) -> bool:
    """A machine answered for somebody (RFC 3834, and what mail programs wrote before it)."""
    submitted = header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autogenerated")):
        return True
    is_bulk = header(message, "Precedence").lower() in ("auto_reply", "bulk", "junk", "list")
    return is_bulk or bool(AUTOMATIC.search(header(message, "Subject")))


def _key(message: Message, raw: bytes) -> str:
    """The ways of one message through two mailboxes differ, what it says of itself does not."""
    number = header(message, "Message-ID")
    own = [number, *(header(message, name) for name in ("From", "Date", "Subject"))]
    return hashlib.sha256("\0".join(own).encode() if number else raw).hexdigest()


def _written(message: Message) -> datetime.datetime | None:
    try:
        when = parsedate_to_datetime(header(message, "Date"))
        when = when if when.tzinfo else when.replace(tzinfo=datetime.UTC)
        return when.astimezone(datetime.UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def _mentions(message: Message, is_report: bool) -> tuple[str, ...]:
    found = NUMBER.findall(" ".join(headers(message, "In-Reply-To")))
    found += reversed(NUMBER.findall(" ".join(headers(message, "References"))))
    for part in parts(message) if is_report else ():
        found += INNER_NUMBER.findall(content(part).decode("utf-8", "replace"))
    return tuple(dict.fromkeys(found))[:MOST_MENTIONS]


def _said(message: Message) -> str:
    """The text of the message: the plain one, or what the formatted one says; never the formatting."""
    plain, formatted = [], []
    for part in parts(message):
        kind = part.get_content_type()
        if kind == "text/plain" and not _name(part):
            plain.append(text(part))
        elif kind == "text/html" and not _name(part):
            formatted.append(without_tags(text(part)))
        elif part.get_content_maintype() == "multipart":  # its borders are broken
            plain.append(text(part))
    return "\n".join(one.strip() for one in (plain if any(one.strip() for one in plain) else formatted)).strip()


def _above_quotation(said: str) -> str:
    """What its writer wrote: not our own letter below it."""
    lines = []
    for line in said.splitlines():
        if line.startswith(">") or re.match(r"-+ ?(original message|message d'origine|mensaje original)", line, re.I):
            break
        lines.append(line)
    return "\n".join(lines)[:5000]


def _attachments(message: Message) -> tuple[Attachment, ...]:
    found = []
    for number, part in enumerate(parts(message), 1):
        kind, name = part.get_content_type(), _name(part)
        if not name and (kind in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"):
            continue
        data = content(part)
        if data or name:
            found.append(_attachment(name or f"{number}.{'eml' if kind == 'message/rfc822' else 'bin'}", data))
    return tuple(found[:MOST_ATTACHMENTS])


def _attachment(name: str, data: bytes) -> Attachment:
    kind = kind_of(data)
    return Attachment(name, kind, len(data), data if kind else b"")


def _name(part: Message) -> str:
    """The file's name without the folders, in one line."""
    try:
        named = part.get_filename("") or ""
    except (ValueError, LookupError, TypeError, AssertionError):
        named = "?"
    lone = " ".join(clean(str(named)).replace("\\", "/").rpartition("/")[2].split())
    return re.sub(r"[^\w .()\-+@]", "_", lone)[-120:]


class _Words(HTMLParser):
    """Gathers what a page says."""

    LINES = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "hr"})
    SILENT = frozenset({"script", "style", "head", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silence += tag in self.SILENT
        if tag in self.LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silence -= tag in self.SILENT and self.silence > 0

    def handle_data(self, data: str) -> None:
        if not self.silence:
            self.said.append(data)


def without_tags(page: str) -> str:
    """What a formatted text says, line by line."""
    words = _Words()
    try:
        words.feed(page[: 4 * MOST_TEXT])
        words.close()
    except (AssertionError, ValueError):
        return re.sub(r"<[^>]*>", " ", page)
    lines = (" ".join(line.split()) for line in clean("".join(words.said)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
