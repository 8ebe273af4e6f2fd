"""Reads hostile files through `importers.read`, as a server does, in a small process of its own.

`python -m tests.hostile.measure FOLDER NAME…` prints what became of each as JSON. The files lie in the
folder already: a child is charged with the memory of the process that starts it. A name that is no
case of the corpus is a file of its own, of which only the reading is asked.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from importers import ReadingRefused, read, sandbox

from .case import Case
from .corpus import load

YEAR = 2026


def outcome(case: Case, file: Path) -> dict[str, Any]:
    """{code, message, detail} or {fault}, or {raised}; seconds; megabytes of all children so far."""
    begun = time.monotonic()
    said: dict[str, Any] = {}
    try:
        reading = read(file, filename=case.filename, year=YEAR)
        said |= {"fault": case.fault(reading) if case.fault else "was read"}
    except ReadingRefused as refusal:
        said |= {"code": refusal.code, "message": refusal.message, "detail": refusal.detail}
    except Exception as error:
        said |= {"raised": f"{type(error).__name__}: {error}"}
    said["seconds"] = round(time.monotonic() - begun, 2)
    said["megabytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return said


def any_file(name: str) -> Case:
    """A case that asks for nothing but an answer."""
    return Case(name, "", bytes, fault=lambda _reading: "", filename=name)


if __name__ == "__main__":
    sandbox._FORKED = None  # the memory of a new process is counted here, that of a fork is not
    cases = load()
    found = {
        name: outcome(cases.get(name) or any_file(name), Path(sys.argv[1]) / name)
        for name in sys.argv[2:]
    }
    print(json.dumps(found, ensure_ascii=False))
