"""The child process: limits itself, reads one file from stdin, answers on stdout, ends.

Answer: one byte 'K' and a marshal of `plain.read_plain` or `read_cells`, or 'R' and JSON {code, message, where}.
"""

from __future__ import annotations

import gc
import json
import marshal
import os
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from importers.errors import ReadingRefused
from importers.isolation import cut_network
from importers.limits import Limits

_FAULT = "读取程序出现内部错误，请把原文件交给系统管理员"


def limit_resources(limits: Limits) -> None:
    """Memory, CPU time and no core dump, where the system knows such limits."""
    try:
        import resource
    except ImportError:  # Windows: the wall clock of the parent remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.child_memory, limits.child_memory))
    cpu = limits.child_cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(request: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    """What to hand back for one request, in two pieces; a refusal is an answer too."""
    from importers.plain import read_cells, read_plain

    issued_on = date.fromisoformat(request["issued_on"]) if request["issued_on"] else None
    limits = Limits(**request["limits"])
    try:
        named, answers = request["filename"], request.get("answers")
        if request.get("cells_only"):
            return b"K", _packed(read_cells(data, named, limits))
        plain = read_plain(data, named, request["year"], issued_on, limits, answers)
        return b"K", _packed(plain)
    except MemoryError:
        return refusal(ReadingRefused("out_of_memory", "读取所需内存超过上限，请拆分文件后再导入"))
    except ReadingRefused as e:
        return refusal(e)
    except Exception as e:  # a fault of ours: the person learns what to do, the log where it was
        return refusal(ReadingRefused("internal_error", _FAULT, detail=_place_of(e)))


def _packed(plain: dict[str, Any]) -> bytes:
    """A marshal. Short of memory for its table of shared objects it says ValueError, which data of
    nothing but plain types cannot mean otherwise."""
    try:
        return marshal.dumps(plain)
    except ValueError as e:
        raise MemoryError from e


def _place_of(error: Exception) -> str:
    """'rows.py:41 KeyError', without the message, which may quote a cell."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} {type(error).__name__}"


def refusal(error: ReadingRefused) -> tuple[bytes, bytes]:
    """A refusal as the parent understands it."""
    fields = {"code": error.code, "message": error.message, "where": error.where}
    fields["detail"] = error.detail
    return b"R", json.dumps(fields).encode()


def private_stdout() -> BinaryIO:
    """The pipe to the parent; anything else that prints goes to stderr instead."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def main() -> None:
    """Serve the one request on stdin."""
    gc.disable()
    request = json.loads(sys.stdin.buffer.readline())
    cut_network()
    limit_resources(Limits(**request["limits"]))
    with private_stdout() as pipe:
        pipe.writelines(answer(request, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
