"""The names by which calendar programs know our entries: made once, stored, never computed anew."""

import hmac
import re
import secrets
import time
from base64 import b32encode
from uuid import UUID

INVITATION_UID = re.compile(r"i-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([a-z2-7]{16})@.+")


def new_guid() -> UUID:
    """A new UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=number)


def session_uid(guid: UUID, namespace: str) -> str:
    """The UID under which a session stays known, stored when the session is created."""
    return f"{guid}@{namespace}"


def invitation_uid(guid: UUID, namespace: str, key: bytes) -> str:
    """The UID of one person's invitation. Every answer carries it back; its seal proves that the sender has seen it."""
    return f"i-{guid}-{_seal(guid, key)}@{namespace}"


def invitation_uid_is_ours(uid: str, key: bytes) -> bool:
    """Whether `invitation_uid` made this UID with this key. Letter case and blanks around it do not matter."""
    parts = INVITATION_UID.fullmatch(uid.strip().lower())
    return parts is not None and hmac.compare_digest(parts[2], _seal(UUID(parts[1]), key))


def _seal(guid: UUID, key: bytes) -> str:
    return b32encode(hmac.digest(key, guid.bytes, "sha256")[:10]).decode().lower()
