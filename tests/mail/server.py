"""A mail server for the tests that answers by script, and the guard that keeps all others away."""

import asyncio
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ALLOWED: set[int] = set()


class Scripted:
    """Keeps what it accepts. Answers are taken from the lists first, one for each question."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.at_rcpt: list[str] = []
        self.at_data: list[str] = []
        self.hang_up_after_data = 0
        self.slow = 0.0
        self.connections = 0
        self.port = 0

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.at_rcpt and (answer := self.at_rcpt.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.at_data and (answer := self.at_data.pop(0)):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, policy=default))
        self.recipients += envelope.rcpt_tos
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [mail["Message-ID"] for mail in self.taken]


@contextmanager
def running() -> Iterator[Scripted]:
    """A server on loopback that the guard lets through."""
    script = Scripted()
    controller = Controller(script, hostname="127.0.0.1", port=free_port())
    controller.start()
    script.port = controller.port
    ALLOWED.add(controller.port)
    try:
        yield script
    finally:
        ALLOWED.discard(controller.port)
        controller.stop()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """SMTP reaches the test servers and no other."""
    real = smtplib.SMTP._get_socket  # type: ignore[attr-defined]

    def only_ours(self: smtplib.SMTP, host: str, port: int, timeout: float) -> socket.socket:
        assert host == "127.0.0.1" and port in ALLOWED, f"a test wanted to mail through {host}"
        found: socket.socket = real(self, host, port, timeout)
        return found

    monkeypatch.setattr(smtplib.SMTP, "_get_socket", only_ours)
