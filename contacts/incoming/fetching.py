"""Messages from a mailbox (IMAP, RFC 3501): each is marked as read once whoever asked has taken it."""

import imaplib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT = 20  # seconds
MOST_AT_ONCE = 200


class MailboxError(Exception):
    """The mailbox could not be read; the message says why, without the password."""


def unread(url: str, most_bytes: int) -> Iterator[bytes]:
    """The unread messages of the mailbox at `url` (imaps://user:password@host/folder), the oldest first, not more than
    `most_bytes` of each. The next one is asked for once this one is done with: then it is marked as read. Raises
    MailboxError."""
    where = urlsplit(url)
    try:
        server = _connected(where.scheme, where.hostname or "", where.port)
        try:
            server.login(unquote(where.username or ""), unquote(where.password or ""))
            folder = unquote(where.path.strip("/")) or "INBOX"
            _asked(server.select(f'"{folder}"'))
            for key in _asked(server.uid("SEARCH", "UNSEEN"))[0].split()[:MOST_AT_ONCE]:
                yield _message(server, key.decode(), most_bytes)
                _asked(server.uid("STORE", key.decode(), "+FLAGS.SILENT", "(\\Seen)"))
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
    except (OSError, imaplib.IMAP4.error, ValueError) as trouble:
        raise MailboxError(f"{where.hostname}: {trouble}") from trouble


def _connected(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, timeout=TIMEOUT)
    if scheme not in ("imap", "imap+tls"):
        raise ValueError("an address of a mailbox begins with imaps://, imap+tls:// or imap://")
    server = imaplib.IMAP4(host, port or 143, timeout=TIMEOUT)
    if scheme == "imap+tls":
        server.starttls()
    return server


def _message(server: imaplib.IMAP4, key: str, most_bytes: int) -> bytes:
    answer = _asked(server.uid("FETCH", key, f"(BODY.PEEK[]<0.{most_bytes}>)"))
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
