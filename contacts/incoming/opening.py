"""From bytes to parts: whatever arrives opens, and nothing in it is believed yet."""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses

MOST_PARTS = 300
CLOSED = ("message/rfc822", "message/delivery-status", "message/feedback-report", "text/rfc822-headers")
CALENDARS = ("text/calendar", "application/ics")
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MAILBOX = re.compile(r"[^\s<>()\[\],;:\"@]+@[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+")


def opened(raw: bytes) -> Message:
    """The message in `raw`, with any line ends, with or without the line that begins it in a mailbox file."""
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    try:
        return BytesParser().parsebytes(raw)
    except (RecursionError, MessageError, ValueError, LookupError):  # parts in parts in parts: the head is enough
        return BytesHeaderParser().parsebytes(raw)


def header(message: Message, name: str) -> str:
    """The text of a header in one line, decoded; "" where it is absent."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """Every header of that name."""
    return [_decoded(str(value)) for key, value in message.raw_items() if key.lower() == name.lower()]


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Name and address of everybody named in these headers."""
    found = getaddresses([text for name in names for text in headers(message, name)])
    return [(_one_line(name), address.strip()) for name, address in found if MAILBOX.fullmatch(address.strip())]


def parts(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order. A message inside is one part: what it holds is not this sender's."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part, count = waiting.pop(), count + 1
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_type() not in CLOSED:
            waiting += [child for child in reversed(inner) if isinstance(child, Message)]
        else:
            yield part


def calendar_parts(message: Message) -> list[Message]:
    """The parts that hold a calendar, those that say so first; none where the message gives another one back."""
    if message.get_content_type() == "multipart/report":
        return []
    ranked = [(_calendar_rank(part), part) for part in parts(message)]
    found = sorted((one for one in ranked if one[0] <= len(CALENDARS)), key=lambda one: one[0])
    return [part for _rank, part in found]


def _calendar_rank(part: Message) -> int:
    """The less, the surer; more than there are kinds for what is no calendar."""
    if (kind := part.get_content_type()) in CALENDARS:
        return CALENDARS.index(kind)
    try:
        name = str(part.get_filename("") or "")
    except (ValueError, LookupError, TypeError, AssertionError):
        name = ""
    return len(CALENDARS) + (not name.lower().endswith(".ics"))


def content(part: Message) -> bytes:
    """What the part holds; of a message inside, its text."""
    inner = part.get_payload()
    if isinstance(inner, list):
        try:
            return b"\n".join(child.as_bytes() for child in inner if isinstance(child, Message))
        except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError):
            return b""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        found = str(inner).encode("utf-8", "replace")
    return found if isinstance(found, bytes) else b""


def text(part: Message) -> str:
    """What the part says, in whatever encoding it really is."""
    try:
        named = part.get_content_charset() or ""
    except (ValueError, LookupError):
        named = ""
    return clean(_in_words(content(part), named))


def clean(said: str) -> str:
    """Without signs that no database and no page can hold."""
    return INVISIBLE.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))


def _in_words(data: bytes, named: str) -> str:
    for encoding in (named, "utf-8", "cp1252"):
        try:
            return data.decode(encoding or "ascii")
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def _decoded(value: str) -> str:
    value = _in_words(value.encode("utf-8", "surrogateescape"), "utf-8")
    try:
        return _one_line(str(make_header(decode_header(value))))
    except (LookupError, ValueError, HeaderParseError, AssertionError):
        return _one_line(value)


def _one_line(value: str) -> str:
    return " ".join(clean(value).split())
