"""A real SMTP server on the loopback interface that keeps what it is given."""

import asyncio
import email
import email.policy
import socket
import threading
from email.message import EmailMessage

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServer:
    """Takes mail on a port of its own. `answers` says what to reply after DATA, in order; then 250. It answers to
    nobody before `together` wait for an answer."""

    def __init__(self):
        self.together, self.waiting, self.enough = 1, 0, asyncio.Event()
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.arrived = threading.Condition()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_exception) -> None:
        self._controller.stop()

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw]

    async def handle_DATA(self, server, session, envelope) -> str:
        await asyncio.wait_for(self._enough(), timeout=10)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            with self.arrived:
                self.raw.append(envelope.content)
                self.arrived.notify_all()
        return answer

    async def _enough(self) -> None:
        self.waiting += 1
        if self.waiting % self.together == 0:
            self.enough.set()
            self.enough = asyncio.Event()  # the next are waited for anew
        else:
            await self.enough.wait()
