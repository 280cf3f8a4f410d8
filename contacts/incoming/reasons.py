"""Why a letter came back: the words of servers and their codes (RFC 3463), in a few reasons."""

import re
from enum import StrEnum


class Reason(StrEnum):
    """NO_ADDRESS and NO_DOMAIN are for good: nobody will ever read a letter there. The rest can pass."""

    NO_ADDRESS = "NO_ADDRESS"
    NO_DOMAIN = "NO_DOMAIN"
    FULL = "FULL"
    CLOSED = "CLOSED"
    REFUSED = "REFUSED"
    TOO_BIG = "TOO_BIG"
    LATE = "LATE"
    UNKNOWN = "UNKNOWN"

    @property
    def is_hard(self) -> bool:
        return self in (Reason.NO_ADDRESS, Reason.NO_DOMAIN)


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# What servers say, the narrower before the wider: "user unknown" is also said of a mailbox that is only full.
WORDS: tuple[tuple[Reason, re.Pattern[str]], ...] = (
    (Reason.NO_DOMAIN, _any(r"domain may not exist")),
    (
        Reason.FULL,
        _any(
            r"(mailbox|inbox|account|user'?s? mail ?box|maildir|mail ?folder) [^.;]{0,40}\b(is |too |now )?full",
            r"(mailbox|maildir|inbox|account|storage|disk|quota)[^.;]{0,60}(exceed|over) ?(ed|s|quota)?",
            r"over (the )?(disk )?quota|quota (is |has been |would be )?(exceeded|full|violation)",
            r"exceed(s|ed|ing)? [^.;]{0,30}quota",
            r"insufficient (system|disk|storage)|out of storage|no (disk )?space|not enough (storage|space)",
            r"number of messages in recipient'?s mailbox|mailbox size limit|full mailbox",
            r"boîte [^.;]{0,40}pleine|quota dépassé|buzón [^.;]{0,30}lleno|صندوق البريد ممتلئ|一杯",
            r"postfach [^.;]{0,20}voll",
        ),
    ),
    (
        Reason.TOO_BIG,
        _any(
            r"(message|mail|size|header)s? [^.;]{0,30}(too (large|big|long)|exceeds [^.;]{0,40}size|larger than)",
            r"size (limit|exceeds)|maximum (message )?size|message size|too large",
        ),
    ),
    (
        Reason.REFUSED,
        _any(
            r"\bspam\b|\bspammer|\bjunk\b|\bUBE\b|\bUCE\b|unsolicited|\bvirus|malware|phish",
            r"content (was )?(rejected|filter)",
            r"authentication (checks )?failed|\bDMARC\b|\bSPF\b|\bDKIM\b|unauthenticated",
            r"authentication (is )?required|smtp auth|not authori[sz]ed",
            r"black ?-?list|block ?-?list|blocked (using|by|ip|for|-)|\bblocked\b[^.;]{0,20}\bip\b|\bdnsbl\b",
            r"\brbl\b|spamhaus|reputation",
            r"reverse dns|\bptr\b|client host|ip (name lookup|address|source)|invalid ip|mismatches client ip",
            r"may not be mail exchanger",
            r"sender (address|domain|verify|was|is)? ?(rejected|invalid|not|denied|failed|does)|domain of sender",
            r"relay(ing)? (access )?(denied|not|prohibited)|(cannot|not permitted to|unable to) relay|not relay",
            r"relaying",
            r"polic(y|ies)|prohibited|rate ?-?limit|too many (connections|messages|recipients|errors)",
            r"frequency limited|receiving mail at a rate",
            r"protocol violation|not (a )?member|mailing list|you may not have permission|no tienes los permisos",
            r"recipient preferences|restricted|complaints|not accepting connections",
            r"(message|mail) (was )?(refused|rejected) by|"
            r"does not accept (mail|messages) from|sending to/from an address|sender was rejected",
            r"my name was rejected",
            r"improper use of|duplicate header|media (error|type)|transaction failed",
        ),
    ),
    (
        Reason.CLOSED,
        _any(
            r"(account|mailbox|user|recipient|address)[^.;]{0,60}\b(disabled|suspended|inactive|blocked"
            r"|discontinued|deactivated|frozen|locked|expired)",
            r"disabled (recipient|account|mailbox)|est bloqu|temporarily (disabled|unavailable)",
            r"unrouteable address: disabled",
        ),
    ),
    (
        Reason.NO_DOMAIN,
        _any(
            r"(host|domain)( name)?( or domain name)?,? ?[^.;]{0,60}(not found|unknown|does(n't| not) exist"
            r"|is not reachable|nonexistent|invalid)",
            r"unknown (host|domain)|no such (host|domain)|(could ?n[o']t|unable to) find any host|unroutable",
            r"unrouteable (mail )?(domain|address)",
            r"name service error|no mx|null ?mx|mx record|bad destination system|lame delegation|does not exist$",
            r"(account or )?domain may not exist|[a-z0-9-]+\.[a-z]{2,} does not exist",
        ),
    ),
    (
        Reason.NO_ADDRESS,
        _any(
            r"(user|recipient|mailbox|account|address|addressee|local ?part|userid|alias)( name| email)?[^.;]{0,50}"
            r"(unknown|not (found|known|exist|recogni[sz]ed|valid|listed)|does(n't| not) exist|doesn't have"
            r"|unavailable|invalid|no longer)",
            r"(unknown|invalid|no such|bad|illegal|non-?existent|undefined|not a valid|no valid"
            r"|unable to find) (or illegal )?"
            r"(local |final |final delivery |destination |e-?mail |forward |virtual )?(user|recipient|mailbox"
            r"|account|address|addressee|alias|userid|person)",
            r"no (mailbox|account|person|one|user|such)[^.;]{0,20}(here|by that|with|user|name)",
            r"this user doesn.?t have|(is|was) not found|couldn.?t be found",
            r"recipnotfound|recipientnotfound|recipient not found|not our customer",
            r"no longer (on server|valid|available|in use|employed)",
            r"recipient address rejected: access denied|(mailbox|recipient|address) (unavailable|rejected)",
            r"rejected address|rejected recipient|check if address is correct|addresses? rejected",
            r"destinataire[^.;]{0,20} invalide|adresse (inconnue|invalide|n'existe)|utilisateur inconnu",
            r"usuario (desconocido|no existe)|dirección no (existe|encontrada)",
            r"ディレクトリのリストにありません|宛先不明|empfänger (unbekannt|nicht)|пользовател[ья] не|المستخدم غير",
            r"answer\.py\?answer=6596|nosuchuser|user (is )?unknown|inactive email",
        ),
    ),
    (
        Reason.LATE,
        _any(
            r"timed? ?-?out|expired|delayed|deferred|retry|retried|try again|temporar|refused|unreachable",
            r"resources|giving up|queue|aborted after",
        ),
    ),
)
# Said before or after the address was asked for: then it is not the address that does not exist.
BEFORE = re.compile(
    r"(after|reply to|response to|>>>) ?MAIL FROM|sender address|your address|\bFrom: domain", re.IGNORECASE
)
AFTER = re.compile(
    r"(in reply to|after|response to) (the )?(end of )?DATA|(>>>|after sending|our final|command) DATA\b|end of data",
    re.I,
)
# No more than "user unknown", of nobody in particular: filters say so too.
BARE = re.compile(
    r"\b550[ :-]+(5\.[0-57]\.[01] )?(550 )?:? ?(<[^>]*>[.: ]*)?(recipient address rejected: )?(user unknown"
    r"|unknown user)|rejected ?: access denied",
    re.I,
)
# RFC 5321 has these words for an address that is not there, and for one that may not be written to.
ANYTHING = re.compile(r"requested action not taken: mailbox unavailable", re.IGNORECASE)
NAMELESS = re.compile(r"550[ :]+: user unknown", re.IGNORECASE)
ABOUT_ADDRESS = re.compile(r"(?<![\d.])5\.1\.(1|10|2|3|6|351)(?![\d.])")
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
PREFIX = re.compile(r"recipient address rejected:(?! access denied)", re.IGNORECASE)
BY_STATUS = {
    Reason.NO_DOMAIN: ("5.1.2", "5.4.4", "5.4.312"),
    Reason.NO_ADDRESS: ("5.1.0", "5.1.1", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.1.351", "5.4.310"),
    Reason.FULL: ("5.2.2", "4.2.2"),
    Reason.TOO_BIG: ("5.3.4", "5.2.3"),
    Reason.CLOSED: ("5.2.1", "4.2.1"),
}


def reason_of(words: str, status: str = "", transcript: str = "") -> Reason:
    """What a server meant by `words` and the `status` code beside them; the `transcript` tells at which step."""
    said = PREFIX.sub(" ", _plain(words))
    found = next((reason for reason, pattern in WORDS if pattern.search(said)), Reason.UNKNOWN)
    code = _narrowest(said, status)
    if found is Reason.UNKNOWN or (found is Reason.LATE and code.startswith("5.1.")):
        found = _by_code(code, found)
    return _held_back(found, _plain(words), code, _plain(transcript)) if found.is_hard else found


def _held_back(found: Reason, said: str, code: str, transcript: str) -> Reason:
    """`found`, unless something speaks against an end for good: nobody is given up for a doubtful word."""
    if code.startswith("4."):
        return Reason.LATE
    if BEFORE.search(said):
        return Reason.REFUSED
    if ABOUT_ADDRESS.search(f"{said} {code}"):
        return found
    is_doubtful = code.startswith("5.7.") or AFTER.search(f"{said} {transcript}") or NAMELESS.search(said)
    return Reason.REFUSED if ANYTHING.search(said) or (is_doubtful and BARE.search(said)) else found


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").split())


def _narrowest(said: str, status: str) -> str:
    """The code that says most: servers repeat another's in their words and write a general one beside it."""
    codes = [*STATUS.findall(said), status]
    return next((code for code in codes if not code.endswith(".0.0")), status)


def _by_code(code: str, otherwise: Reason) -> Reason:
    for reason, codes in BY_STATUS.items():
        if code in codes:
            return reason
    if code.startswith("5.7."):
        return Reason.REFUSED
    return Reason.LATE if code.startswith("4.") else otherwise
