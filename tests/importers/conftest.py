"""A port that counts who calls: what a reader must never do."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest


class Listener:
    """Listens on the loopback; `calls` is how many connections wait to be answered."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=20)
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]

    def calls(self) -> int:
        """Connections since the last count."""
        count = 0
        with contextlib.suppress(TimeoutError):
            while True:
                self._socket.accept()[0].close()
                count += 1
        return count

    def call(self) -> None:
        """Connect once: the control that shows counting works."""
        socket.create_connection(("127.0.0.1", self.port)).close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()
