"""A reader that does what a reader must not: the control of who judges mutants.

Served like `many`, without its bounds; the file's bytes say which fault it has.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Callable
from typing import Any

from importers import ReadingRefused, plain

from . import many

READ = plain.read_plain


def _raises() -> None:
    raise KeyError("列")


def _takes_memory() -> None:
    bytearray(600 * 1024 * 1024)


def _takes_time() -> None:
    while time.process_time() < 2:
        pass


def _leaves_a_file() -> None:
    handle, _ = tempfile.mkstemp()
    os.close(handle)


def _calls_home() -> None:
    socket.create_connection(("127.0.0.1", int(os.environ["HOME_PORT"]))).close()


def _invents_a_code() -> None:
    raise ReadingRefused("oh_no", "读不了")


FAULTS: dict[str, Callable[[], None]] = {
    "raises": _raises, "takes memory": _takes_memory, "takes time": _takes_time, "leaves a file": _leaves_a_file,
    "calls home": _calls_home, "invents a code": _invents_a_code, "dies": os.abort,
}  # fmt: skip


def _read(data: bytes, *others: Any) -> dict[str, Any]:
    """The fault that the file names; then the file that never was."""
    FAULTS[data.decode()]()
    return READ(PLAIN, *others)


PLAIN = "序号,工作任务,责任单位,完成时限\n1,整理资料,综合科,3月底\n".encode()


if __name__ == "__main__":
    plain.read_plain = _read  # type: ignore[attr-defined]
    many.cut_network = lambda: False  # type: ignore[attr-defined]
    many._bound = lambda _limits: many.forget_the_peak()  # type: ignore[attr-defined]
    many.serve()
