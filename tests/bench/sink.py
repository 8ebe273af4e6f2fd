"""A mail server that takes everything and keeps nothing: python -m tests.bench.sink.

Prints its port on loopback and stops when its stdin is closed.
"""

import sys

from aiosmtpd.controller import Controller

from tests.mail.server import free_port


class Sink:
    """Says yes."""

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        return "250 taken"


if __name__ == "__main__":
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()
