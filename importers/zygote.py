"""A clean process that has the reader's modules loaded and forks once for every file.

It reads no file itself: each goes to a process forked from it that limits itself (`child.py`) and
is waited for by another, the keeper, so that files do not wait for one another. Run by
`forkserver.py`: python -m importers.zygote DESCRIPTOR.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from importers import child

IDLE_SECONDS = 600
"""Without a file for so long it ends and gives its memory back."""
SECONDS = struct.Struct("!d")
EXIT_CODE = struct.Struct("!i")
READY = (
    "importers.plain", "importers.workbook", "importers.repack", "importers.errorwords", "importers.shown",
    "importers.readers", "importers.csv_file", "importers.prose", "importers.document", "importers.binary_book",
    "encodings.cp437", "xml.etree.ElementTree", "html",
)  # fmt: skip
"""What most files need; a module for the others loads in the process that needs it."""


def serve(control: socket.socket, work: Callable[[], None]) -> None:
    """Fork for every message, which is the wall clock's seconds and two descriptors: the file comes
    and its answer goes on the first, the exit code on the second. Ends when the other end closes."""
    control.settimeout(IDLE_SECONDS)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        try:
            message, (file, told), _, _ = socket.recv_fds(control, SECONDS.size, 2)
        except (TimeoutError, ValueError):  # idle, or closed: no message and no descriptors
            return
        if os.fork() == 0:
            control.close()
            _leave(_keep, file, told, *SECONDS.unpack(message), work)
        os.close(file)
        os.close(told)


def _keep(file: int, told: int, seconds: float, work: Callable[[], None]) -> None:
    """Fork the process that reads, end it when its time is up, tell its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reader = os.fork()
    if reader == 0:
        os.close(told)
        _leave(_read, file, work)
    os.close(file)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        os.kill(reader, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _, status = os.waitpid(reader, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.write(told, EXIT_CODE.pack(os.waitstatus_to_exitcode(status)))


def _read(file: int, work: Callable[[], None]) -> None:
    """Be the child: the file on standard input, the answer on standard output."""
    os.dup2(file, 0)
    os.dup2(file, 1)
    os.close(file)
    work()


def _leave(work: Callable[..., None], *arguments: object) -> NoReturn:
    """Do this and end at once: what follows in this process is its parent's business."""
    code = 1
    try:
        work(*arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def main(work: Callable[[], None] | None = None, ready: Sequence[str] | None = None) -> None:
    """Load, freeze (pages the collector does not touch stay shared) and serve: `work` is what each
    forked process does, the reader's `child.main` unless said otherwise."""
    gc.disable()
    for name in READY if ready is None else ready:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        serve(control, work or child.main)


if __name__ == "__main__":
    main()
