"""Listens for mail that the mail server of this machine hands over, until it is stopped."""

import asyncio
import ipaddress
import logging
import signal
from urllib.parse import urlsplit

from aiosmtpd import lmtp, smtp
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from contacts.models import ReceivedLetter

logger = logging.getLogger(__name__)


class Speaks:
    """Takes lines of any length: the mail server that hands them over has let them in."""

    line_length_limit = 1_000_000


class LMTP(Speaks, lmtp.LMTP):
    pass


class SMTP(Speaks, smtp.SMTP):
    pass


class Door:
    """Takes each message in; says "later" where the house cannot, so that the mail server keeps it."""

    def __init__(self, is_lmtp: bool):
        self.is_lmtp = is_lmtp

    async def handle_DATA(self, server: smtp.SMTP, session: Session, envelope: Envelope) -> str:
        try:
            await asyncio.to_thread(take, envelope.content, envelope.rcpt_tos[0])
            answer = "250 Taken"
        except Exception:
            logger.exception("A message could not be taken in")
            answer = "451 Please try later"
        # LMTP answers for each recipient (RFC 2033, 4.2).
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self.is_lmtp else 1))


def take(raw: bytes, envelope_to: str) -> None:
    """In a thread of its own, which leaves no connection to the database behind."""
    try:
        ReceivedLetter.objects.take(raw, envelope_to=envelope_to)
    finally:
        connection.close()


class Command(BaseCommand):
    help = "Listens on this machine for mail, by LMTP, and takes it in, until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8024", help="Address and port (default: 127.0.0.1:8024).")
        parser.add_argument("--smtp", action="store_true", help="Speak SMTP instead of LMTP.")

    def handle(self, *, bind: str, **options) -> None:
        host, port = place(bind)
        try:
            asyncio.run(self.listen(host, port, SMTP if options["smtp"] else LMTP))
        except OSError as trouble:
            raise CommandError(f"{bind}: {trouble.strerror or trouble}") from trouble

    async def listen(self, host: str, port: int, protocol: type[smtp.SMTP]) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stopped.set)
        server = await loop.create_server(lambda: speaker(protocol, loop), host, port)
        self.stdout.write(f"Listening for mail on {host}:{port} ({protocol.__name__}).")
        self.stdout.flush()
        async with server:
            await stopped.wait()


def speaker(protocol: type[smtp.SMTP], loop: asyncio.AbstractEventLoop) -> smtp.SMTP:
    """Speaks with one client."""
    door = Door(is_lmtp=protocol is LMTP)
    return protocol(door, data_size_limit=settings.RECEIVED_MOST_BYTES, enable_SMTPUTF8=True, loop=loop)


def place(bind: str) -> tuple[str, int]:
    """Address and port; CommandError for an address that other machines reach: here nobody is asked who they are."""
    try:
        where = urlsplit(f"//{bind}")
        host, port = where.hostname or "", where.port or 8024
        is_ours = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError as trouble:
        raise CommandError(f"{bind}: not an address and a port, such as 127.0.0.1:8024.") from trouble
    if not is_ours:
        raise CommandError(f"{bind}: only an address of this machine alone (127.0.0.1, ::1) may be listened on.")
    return host, port
