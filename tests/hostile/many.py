"""A child that reads one file after the other under the limits of the one that `importers.read`
starts: what makes thousands of files affordable. A file that kills it is told by name.

Seconds are the processor's: the child waits for nobody, and a busy machine is no fault of a file.
Protocol: a line of JSON {filename, year, size} and the bytes; back come a line of JSON {size,
seconds, megabytes} and the answer of `importers.child`.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from importers import Limits, Reading, ReadingRefused
from importers.child import answer, private_stdout
from importers.isolation import cut_network
from importers.reading import from_plain
from importers.sandbox import patience, unpack

ROOT = Path(__file__).resolve().parents[2]
_MB = 1024 * 1024
_FRESH = 90 * _MB
"""Address space of a child that has not read anything yet."""


@dataclass(frozen=True)
class Outcome:
    """Either a reading, a refusal, or neither: then the child died of the file."""

    reading: Reading | None = None
    refusal: ReadingRefused | None = None
    seconds: float = 0.0
    megabytes: int = 0

    @property
    def died(self) -> bool:
        """Whether the child did not answer."""
        return self.reading is None and self.refusal is None


class Many:
    """The parent's side; a child that dies is replaced. `child` is the module that serves."""

    def __init__(self, temporary: Path, child: str = "") -> None:
        self._module = child or __spec__.name
        self._environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Many:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, data: bytes, filename: str, year: int | None = 2026) -> Outcome:
        """What becomes of one file."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        head = json.dumps({"filename": filename, "year": year, "size": len(data)})
        try:
            child.stdin.write(head.encode() + b"\n" + data)
            child.stdin.flush()
        except BrokenPipeError:
            self._end()
            return Outcome()
        line = child.stdout.readline()
        if not line:
            self._end()
            return Outcome()
        said = json.loads(line)
        return _outcome(child.stdout.read(said.pop("size")), filename, said)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", self._module], cwd=ROOT, env=self._environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _outcome(answered: bytes, filename: str, said: dict[str, Any]) -> Outcome:
    if answered[:1] == b"R":
        refusal = ReadingRefused(**json.loads(answered[1:])).in_file(filename)
        return Outcome(refusal=refusal, **said)
    return Outcome(reading=from_plain(filename, unpack(answered)), **said)


def serve() -> None:
    """The child's side."""
    cut_network()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    with private_stdout() as pipe:
        while line := sys.stdin.buffer.readline():
            said = json.loads(line)
            data = sys.stdin.buffer.read(said["size"])
            limits = patience(data, Limits())
            _bound(limits)
            request = {**said, "issued_on": None, "limits": asdict(limits)}
            begun = time.process_time()
            answered = b"".join(answer(request, data))
            measured = {
                "size": len(answered),
                "seconds": round(time.process_time() - begun, 2),
                "megabytes": _status("VmHWM") // _MB,
            }
            pipe.write(json.dumps(measured).encode() + b"\n" + answered)
            pipe.flush()
            del data, answered
            gc.collect()


def _bound(limits: Limits) -> None:
    """As much memory and time as a fresh child would have from here on."""
    forget_the_peak()
    more = max(_status("VmSize") - _FRESH, 0)
    resource.setrlimit(resource.RLIMIT_AS, (limits.child_memory + more, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.child_cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def forget_the_peak() -> None:
    """The most memory held is counted anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> int:
    """Bytes, by the kernel's account of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    serve()
