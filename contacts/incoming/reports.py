"""What a server reports of a letter: to whom it did not go, and why (RFC 3464, RFC 5965, and older ways)."""

import json
import logging
import re
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from flufl.bounce import all_failures

from contacts.incoming.opening import MAILBOX, addresses, content, header, parts, text
from contacts.incoming.reasons import STATUS, Reason, reason_of

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it names addresses

DAEMON = re.compile(r"mailer-?daemon|post-?_?master|mail[ .]delivery|mdaemon|bounce|<>|^$", re.IGNORECASE)
TITLE = re.compile(
    r"undeliver|returned mail|delivery (status|failure|failed|notification|has failed)"
    r"|(mail|message) delivery (has )?(failed|failure)"
    r"|failure notice|failed delivery|failure delivery|could not be delivered|delivery problem"
    r"|mail system error|returning message"
    r"|bounce notification|warning: message .{0,60}delayed|error sending your mail|mail failed"
    r"|Ваше сообщение не|メールエラー|非送達|unzustellbar|non (remis|distribu)|no (se ha )?(entregad|podido entregar)"
    r"|تعذر التسليم",
    re.IGNORECASE,
)
# Where a server's words end and the letter that it gives back begins.
BELOW = re.compile(
    r"^(-+ ?(this is a copy|below this line|original message|unsent message|returned message|message text"
    r"|enclosed is|the original)"
    r"|(below is a copy|original message( follows)?[:.]|message headers follow|included is a copy|\|-+ message text)"
    r"|(received|return-path|dkim-signature|x-originating-ip):)",
    re.IGNORECASE | re.MULTILINE,
)
NOT_YET = re.compile(r"warning message only|delayed|will be retried|not yet been delivered|still trying", re.IGNORECASE)
ARRIVED = ("deliver", "relay", "expand")
MOST_FAILURES = 50


@dataclass(frozen=True)
class Failure:
    """One address that a letter did not reach. `is_final`: nobody tries it again."""

    address: str
    reason: Reason
    status: str = ""
    words: str = ""
    is_final: bool = True


@dataclass(frozen=True)
class Report:
    """What a machine says about a letter of ours. Of `failures`, `complaints` and `arrivals` one is filled."""

    failures: tuple[Failure, ...] = ()
    complaints: tuple[str, ...] = ()
    arrivals: tuple[str, ...] = ()


def report_in(message: Message) -> Report | None:
    """The report that `message` is; None for what people write, even where they speak of one."""
    return _complaint(message) or _notification(message) or _by_rfc3464(message) or _free_form(message)


def _complaint(message: Message) -> Report | None:
    """A reader pressed "this is spam" (RFC 5965), or had their mail program unsubscribe them."""
    for part in parts(message):
        if part.get_content_type() == "message/feedback-report":
            return _feedback(message, content(part).decode("utf-8", "replace"))
    if header(message, "X-Apple-Unsubscribe"):
        return Report(complaints=tuple(address for _name, address in addresses(message, "From")))
    if header(message, "Subject").lower().startswith("complaint about message from"):
        inner = " ".join(content(part).decode("utf-8", "replace") for part in parts(message))
        return Report(complaints=tuple(re.findall(r"^X-HmXmrOriginalRecipient: *(\S+@\S+)", inner, re.M)[:1]) or ("",))
    return None


def _feedback(message: Message, fields: str) -> Report | None:
    kind = re.search(r"^Feedback-Type: *([\w-]+)", fields, re.IGNORECASE | re.MULTILINE)
    if kind and kind[1].lower() in ("auth-failure", "not-spam"):  # about a domain, or the opposite: nothing follows
        return Report()
    found = re.findall(r"^(?:Original-Rcpt-To|Removal-Recipient): *<?([^\s<>]+@[^\s<>]+)", fields, re.I | re.M)
    return Report(complaints=tuple(dict.fromkeys(found)) or ("",))


def _notification(message: Message) -> Report | None:
    """Amazon's notice, forwarded as a mail."""
    for part in parts(message):
        said = text(part).strip() if part.get_content_type() == "text/plain" else ""
        if "notificationType" in said[:3000]:
            return _amazon(_json(said))
    return None


def _json(said: str) -> dict[str, object]:
    try:
        found, _end = json.JSONDecoder(strict=False).raw_decode(said)
        inner = found.get("Message") if isinstance(found, dict) else None
        found = json.loads(inner, strict=False) if isinstance(inner, str) else found
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _amazon(notice: dict[str, object]) -> Report | None:
    kind = str(notice.get("notificationType", "")).lower()
    told = notice.get(kind)
    if not isinstance(told, dict):
        return None
    listed = told.get({"bounce": "bouncedRecipients", "complaint": "complainedRecipients"}.get(kind, "recipients"))
    rows = [row if isinstance(row, dict) else {"emailAddress": row} for row in listed or []]
    found = [str(row.get("emailAddress", "")) for row in rows][:MOST_FAILURES]
    if kind == "delivery":
        return Report(arrivals=tuple(found))
    if kind == "complaint":
        return Report(complaints=tuple(found))
    return Report(failures=tuple(_amazon_failure(row) for row in rows[:MOST_FAILURES]))


def _amazon_failure(row: dict[str, object]) -> Failure:
    words, status = str(row.get("diagnosticCode", "")), str(row.get("status", ""))
    return Failure(str(row.get("emailAddress", "")), reason_of(words, status), status, words)


def _by_rfc3464(message: Message) -> Report | None:
    rows = [(block, header(block, "Action").lower()) for block in _blocks(message) if _recipient(block)]
    arrived = [_recipient(block) for block, action in rows if action.startswith(ARRIVED)]
    failed = [(block, action) for block, action in rows if not action.startswith(ARRIVED)][:MOST_FAILURES]
    if not failed:
        return Report(arrivals=tuple(arrived[:MOST_FAILURES])) if arrived else None
    said = own_words(message)
    return Report(failures=tuple(_failure(block, action, said) for block, action in failed))


def _blocks(message: Message) -> list[Message]:
    """The fields about each recipient, wherever the server has put them."""
    found: list[Message] = []
    for part in parts(message):
        inner = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(inner, list):
            found += [block for block in inner if isinstance(block, Message)]
    if found or not looks_like_a_report(message):
        return found
    said = "\n".join(text(part) for part in parts(message) if _is_said(part))
    return [message_from_string(block.strip()) for block in said.split("\n\n") if "-recipient:" in block.lower()]


def _recipient(block: Message) -> str:
    for name in ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient"):
        found = MAILBOX.search(header(block, name))
        if found:
            return found[0]
    return ""


def _failure(block: Message, action: str, said: str) -> Failure:
    words, status = header(block, "Diagnostic-Code"), header(block, "Status")[:80]
    code = _code(status)
    reason = reason_of(words, code, said)
    for more in (f"{words} {status[len(code) :]}", f"{words} {said}"):
        if reason in (Reason.UNKNOWN, Reason.LATE):
            wider = reason_of(more, code, said)
            reason = reason if wider is Reason.UNKNOWN else wider
    return Failure(_recipient(block), reason, code, words, is_final=not action.startswith("delay"))


def _code(said: str) -> str:
    found = STATUS.search(said)
    return found[1] if found else ""


def own_words(message: Message) -> str:
    """What the server itself says: not the letter that it gives back."""
    said = "\n".join(text(part) for part in parts(message) if _is_said(part))
    found = BELOW.search(said)
    return (said[: found.start()] if found and found.start() > 20 else said)[:6000]


def _is_said(part: Message) -> bool:
    """Something to read; a part whose borders are broken is one long text."""
    return part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"


def _free_form(message: Message) -> Report | None:
    """Servers that know no standard: a machine's sender or title, and words that name an address."""
    if not looks_like_a_report(message):
        return None
    said, title = own_words(message), header(message, "Subject")
    later, final = _named(message)
    named = _in_order([*later, *final], said) or [
        address for _name, address in addresses(message, "X-Failed-Recipients")
    ]
    is_titled = bool(TITLE.search(title))
    if not named and not is_titled and reason_of(said) is Reason.UNKNOWN:
        return None
    named = named or MAILBOX.findall(said)[:1] or [""]
    is_final = bool(final) or not (later or NOT_YET.search(said))
    return Report(failures=tuple(_told(one, named, said, title, is_final) for one in named[:MOST_FAILURES]))


def _named(message: Message) -> tuple[list[str], list[str]]:
    """Addresses that failed for now and for good, found by the patterns of many servers."""
    try:
        later, final = all_failures(message)
    except Exception:  # a detector that trips over a broken message says nothing
        return [], []
    return [one.decode() for one in sorted(later - final)], [one.decode() for one in sorted(final)]


def _in_order(named: list[str], said: str) -> list[str]:
    """As the server names them; what it does not name itself stands in the letter that it gives back."""
    places = {address: said.lower().find(address.lower()) for address in named}
    return sorted([one for one in named if places[one] >= 0], key=places.__getitem__) or named


def _told(address: str, named: list[str], said: str, title: str, is_final: bool) -> Failure:
    """What is said of `address`: where several are named, what stands between it and the next."""
    own = said
    if len(named) > 1 and (begin := said.lower().find(address.lower())) >= 0:
        ends = [said.lower().find(other.lower(), begin + len(address)) for other in named if other != address]
        own = said[begin : min((end for end in ends if end > 0), default=len(said))]
    reason = reason_of(own, _code(own))
    if reason is Reason.UNKNOWN:
        reason = reason_of(f"{title}. {said}", _code(own))
    return Failure(address, reason, _code(own), " ".join(own.split())[:500], is_final)


def looks_like_a_report(message: Message) -> bool:
    """Sent by a machine that carries mail: by its name, by an empty way back, or by what it says of itself."""
    if message.get_content_type() == "multipart/report" or header(message, "X-Failed-Recipients"):
        return True
    if DAEMON.search(header(message, "From")):
        return True
    is_one_way = "<>" in header(message, "Return-Path")
    is_titled = bool(TITLE.search(header(message, "Subject")))
    gives_back = any(part.get_content_type() == "message/rfc822" for part in parts(message))
    return (is_titled and not header(message, "In-Reply-To")) or (is_one_way and gives_back)
