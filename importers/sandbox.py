"""Parses in a child process, because a parser can abort, hang or eat the memory of its process.

The child is forked from a clean interpreter that is kept ready (`forkserver.py`), or is a new one
where the system cannot fork; never a fork of a threaded server. The answer is a marshal: the child
is our own code under our own limits and builds only lists, tuples, dicts, strings and numbers.
Unlike JSON, marshal keeps shared strings shared.
"""

from __future__ import annotations

import json
import marshal
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from importers.asking import Answers
from importers.errors import ReadingRefused
from importers.forkserver import POSSIBLE, ForkServer, alone
from importers.limits import Limits

CHILD = [sys.executable, "-m", "importers.child"]
_MB = 1024 * 1024
_LEAST_SECONDS, _SECONDS_PER_MB = 6, 8
_LEAST_MEMORY, _MEMORY_PER_BYTE = 440 * _MB, 64
_GIVES_BACK = {"MALLOC_TRIM_THRESHOLD_": str(_MB), "MALLOC_MMAP_THRESHOLD_": str(_MB // 16)}
ROOT = Path(__file__).resolve().parent.parent
_TOO_SLOW = ("too_slow", "读取超过时间上限已停止，请拆分文件或另存后再导入")
_DIED = ("parser_died", "读取时解析程序异常退出，请用 Excel 打开后另存再导入")


def run_child(
    data: bytes,
    filename: str,
    year: int | None,
    issued_on: date | None,
    limits: Limits,
    answers: Answers | None = None,
    command: list[str] | None = None,
    *,
    cells_only: bool = False,
) -> bytes:
    """The child's answer for `unpack`, of the cells alone where no plan is looked for, or
    `ReadingRefused` whatever becomes of the child."""
    request = {
        "filename": filename,
        "year": year,
        "issued_on": issued_on.isoformat() if issued_on else None,
        "limits": limits.to_dict(),
        "answers": dict(answers or {}),
        "cells_only": cells_only,
    }
    output = told_by(command, json.dumps(request).encode() + b"\n", data, limits)
    if output[:1] == b"R":
        raise ReadingRefused(**json.loads(output[1:]))
    return output


def patience(data: bytes, limits: Limits) -> Limits:
    """The same limits, but a small file may not ask for much time or memory: only what unpacks to,
    or is built to cost, far more than it is would. A PDF is slow by nature and has all the time."""
    seconds = _LEAST_SECONDS + _SECONDS_PER_MB * len(data) // _MB
    memory = _LEAST_MEMORY + _MEMORY_PER_BYTE * len(data)
    return replace(
        limits,
        child_cpu_seconds=limits.child_cpu_seconds
        if b"%PDF-" in data[:1024]
        else min(limits.child_cpu_seconds, seconds),
        child_memory=min(limits.child_memory, memory),
    )


def unpack(output: bytes) -> dict[str, Any]:
    """The plain reading in a child's answer."""
    result: dict[str, Any] = marshal.loads(memoryview(output)[1:])  # noqa: S302 - our own child
    return result


def told_by(command: list[str] | None, request: bytes, data: bytes, limits: Limits) -> bytes:
    """What the child, or another command in its place, wrote; its death is a refusal."""
    try:
        if command is None and _FORKED:
            done = _FORKED.ask([request, data], limits.child_wall_seconds)
        else:
            done = alone(
                command or CHILD,
                request + data,
                limits.child_wall_seconds,
                ROOT,
                clean_environment(),
            )
    except (TimeoutError, subprocess.TimeoutExpired):
        raise ReadingRefused(*_TOO_SLOW) from None
    output, code = done or (b"", None)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise ReadingRefused(*_TOO_SLOW)
    if code != 0 or output[:1] not in (b"K", b"R"):
        raise ReadingRefused(*_DIED)
    return output


def clean_environment() -> dict[str, str]:
    """Only what an interpreter needs: no settings, no passwords of the server; and that glibc gives
    back what the parser has freed, of which a large workbook leaves 60 MB."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LANG", "TMPDIR")}
    return {**kept, **_GIVES_BACK, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


_FORKED = ForkServer(ROOT, clean_environment) if POSSIBLE else None
