"""Who sent a message, and whether that is proven: by what our own mail server has found (RFC 8601), by nothing else."""

import re
from dataclasses import dataclass
from email.message import Message

from contacts.incoming.opening import addresses, headers, opened

GOOGLE = "calendar-notification@google.com"  # answers for its users, whom it names in Reply-To
MOST_FIELD = 4000
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^(dmarc|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
OF_DOMAIN = re.compile(r"\bheader\.(?:d|i|from)\s*=\s*\"?(?:[^\s@;\"]*@)?([^\s;\"]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Sender:
    """`is_proven`: the message is signed by the domain of `address`. `is_disowned`: that domain says that such a
    message is not from it (DMARC)."""

    address: str
    is_proven: bool = False
    is_disowned: bool = False


def sender_of(raw: bytes, server: str) -> Sender:
    """Who sent the message `raw`. `server` is the name by which our mail server signs what it has found (authserv-id);
    "" where none does, and nothing is proven. What others have written there counts for nothing."""
    message = opened(raw)
    own, is_alone = _first(message, "From")
    passed, disowned = _found(message, server, own)
    is_proven = passed and is_alone and not disowned
    if own == GOOGLE:
        own, is_alone = _first(message, "Reply-To")
        is_proven = is_proven and is_alone
    return Sender(own, is_proven, disowned)


def _first(message: Message, name: str) -> tuple[str, bool]:
    """The first address of that header, and whether it is the only one."""
    found = [address.lower()[:320] for _name, address in addresses(message, name)]
    return (found[0] if found else ""), len(found) == 1


def _found(message: Message, server: str, address: str) -> tuple[bool, bool]:
    """Whether the domain of `address` stands for the message, and whether it disowns it."""
    domain = address.rpartition("@")[2]
    passed = disowned = False
    for kind, result, of in _results(message, server) if domain else ():
        if kind == "dmarc" and of in ("", domain):
            passed, disowned = passed or result == "pass", disowned or result == "fail"
        elif kind == "dkim" and result == "pass":
            passed = passed or ("." in of and (domain == of or domain.endswith(f".{of}")))
    return passed, disowned


def _results(message: Message, server: str) -> list[tuple[str, str, str]]:
    """Kind, result and domain of each finding of our own server: its field is the topmost that bears its name."""
    for field in headers(message, "Authentication-Results") if server else ():
        name, _semicolon, rest = _uncommented(field[:MOST_FIELD]).partition(";")
        if name.lower().split()[:1] != [server.lower()]:
            continue
        found = []
        for part in rest.split(";"):
            if told := RESULT.match(part.strip()):
                of = OF_DOMAIN.search(part)
                found.append((told[1].lower(), told[2].lower(), of[1].lower().rstrip(".") if of else ""))
        return found
    return []


def _uncommented(field: str) -> str:
    while (shorter := COMMENT.sub(" ", field)) != field:
        field = shorter
    return field
