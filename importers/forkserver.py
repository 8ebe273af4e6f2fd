"""Keeps one `zygote.py` ready for this process, hands it files and starts it again when it is gone.

A new interpreter takes a quarter of a second to load the reader, a fork some milliseconds. Forking
this process instead would copy a server with its threads, its locks and its secrets.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importers.zygote import EXIT_CODE, SECONDS

POSSIBLE = hasattr(os, "fork") and hasattr(socket, "send_fds")
ZYGOTE = [sys.executable, "-m", "importers.zygote"]
_CHUNK = 1 << 20


@dataclass(frozen=True)
class _Running:
    process: subprocess.Popen[bytes]
    control: socket.socket


class ForkServer:
    """One zygote at most, started with the first file. Many threads may ask at once; a process
    forked from this one gets a zygote of its own."""

    grace_seconds = 5.0
    """So much longer than the keeper waits for its child an answer is waited for."""

    def __init__(
        self,
        folder: Path,
        environment: Callable[[], Mapping[str, str]],
        command: Sequence[str] = ZYGOTE,
    ) -> None:
        self._folder, self._environment, self._command = folder, environment, command
        self._lock = threading.Lock()
        self._running: _Running | None = None
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    def ask(self, pieces: Sequence[bytes], seconds: float) -> tuple[bytes, int] | None:
        """What a forked child answers to these bytes, and its exit code as `subprocess` gives it.

        None if twice nobody was left to tell the exit code. Raises TimeoutError if neither child
        nor keeper ended in time, and OSError where no process can be started.
        """
        return self._once(pieces, seconds) or self._once(pieces, seconds)

    @property
    def pid(self) -> int | None:
        """The zygote's, if one was started and not yet given up."""
        running = self._running
        return running.process.pid if running else None

    def close(self) -> None:
        """Let the zygote end; files being read are read to their end."""
        with self._lock:
            running, self._running = self._running, None
            if running is not None:
                _end(running)

    def _forget(self) -> None:
        """In a forked process: the zygote is the parent's, and so may be a held lock."""
        if self._running is not None:
            self._running.control.close()
        self._lock, self._running = threading.Lock(), None

    def _once(self, pieces: Sequence[bytes], seconds: float) -> tuple[bytes, int] | None:
        by = time.monotonic() + seconds + self.grace_seconds
        with contextlib.ExitStack() as closing:
            file, theirs = map(closing.enter_context, socket.socketpair())
            told, tells = map(closing.enter_context, socket.socketpair())
            with self._lock:  # no other thread may close the control meanwhile
                running = self._running = self._running or self._start()
                _hand_over(running.control, seconds, theirs, tells)
            try:
                answer = _conversation(file, pieces, by)
                code = _received(told, by)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.process.pid, signal.SIGKILL)
                self._give_up(running)
                raise
        if len(code) != EXIT_CODE.size:
            self._give_up(running)
            return None
        return answer, EXIT_CODE.unpack(code)[0]

    def _start(self) -> _Running:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [*self._command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd=self._folder, env=self._environment(),
                start_new_session=True,
            )  # fmt: skip
        ours.settimeout(self.grace_seconds)
        return _Running(process, ours)

    def _give_up(self, running: _Running) -> None:
        """The next file starts another, unless that was done already."""
        with self._lock:
            if self._running is running:
                self._running = None
                _end(running)


def alone(
    command: Sequence[str],
    given: bytes,
    seconds: float,
    folder: Path,
    environment: Mapping[str, str],
) -> tuple[bytes, int]:
    """As `ForkServer.ask`, by a new process of its own. Raises subprocess.TimeoutExpired."""
    done = subprocess.run(
        command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
        cwd=folder, env=environment, check=False,
    )  # fmt: skip
    return done.stdout, done.returncode


def _end(running: _Running) -> None:
    """A zygote ends when its control closes; one that does not is ended."""
    running.control.close()
    try:
        running.process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()


def _hand_over(
    control: socket.socket, seconds: float, file: socket.socket, told: socket.socket
) -> None:
    """Our copies close, so that the end of theirs is seen. A zygote that is gone, or stands still, shows later."""
    with file, told, contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
        socket.send_fds(control, [SECONDS.pack(seconds)], [file.fileno(), told.fileno()])


def _conversation(file: socket.socket, pieces: Sequence[bytes], by: float) -> bytes:
    """Say all, hear all. A child that died before it had listened is told by its exit code."""
    try:
        for piece in pieces:
            file.settimeout(_left(by))
            file.sendall(piece)
        file.shutdown(socket.SHUT_WR)
        return _received(file, by)
    except (BrokenPipeError, ConnectionResetError):
        return b""


def _received(end: socket.socket, by: float) -> bytes:
    """Everything until the other end closes. Raises TimeoutError."""
    chunks: list[bytes] = []
    while True:
        end.settimeout(_left(by))
        chunk = end.recv(_CHUNK)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _left(by: float) -> float:
    """Seconds until then; zero would mean not to wait at all."""
    return max(by - time.monotonic(), 0.001)
