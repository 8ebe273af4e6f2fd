"""Reads the files of one theme through `importers.read`, as a server would, and measures.

`python -m tests.hostile.measure THEME` prints a JSON: outcomes by name, the calls that came to a
port on loopback meanwhile, what is left in the folder for temporary files, the children's memory.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from importers import ReadingRefused, read

from .case import CASES, Case, Net

THEMES = ("zips", "parts", "cells", "values", "words", "costs", "pages", "offices")
YEAR = 2026


def load() -> dict[str, Case]:
    """Every case of every theme."""
    for theme in THEMES:
        importlib.import_module(f".{theme}", __package__)
    return CASES


def outcome(case: Case) -> dict[str, Any]:
    """What became of one file: {code, message} or {fault}; seconds; megabytes of all so far."""
    data = case.make()
    begun = time.monotonic()
    said: dict[str, Any] = {"size": len(data)}
    try:
        reading = read(data, filename=case.filename, year=YEAR)
        said |= {"fault": case.fault(reading) if case.fault else "was read"}
    except ReadingRefused as refusal:
        said |= {"code": refusal.code, "message": refusal.message, "detail": refusal.detail}
    except BaseException as error:
        said |= {"raised": f"{type(error).__name__}: {error}"}
    said["seconds"] = round(time.monotonic() - begun, 2)
    said["megabytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return said


def measure(theme: str) -> dict[str, Any]:
    """All outcomes of a theme, and what they left behind."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        os.environ["TMPDIR"] = folder
        server.settimeout(0.1)
        Net.port = server.getsockname()[1]
        cases = [case for case in load().values() if case.theme == theme]
        outcomes = {case.name: outcome(case) for case in cases}
        left = sorted(path.name for path in Path(folder).iterdir())
        calls = _calls(server)
        socket.create_connection(server.getsockname()).close()
        (Path(folder) / "control").touch()
        controls = [_calls(server), len(list(Path(folder).iterdir())) - len(left)]
    return {"outcomes": outcomes, "calls": calls, "left": left, "controls": controls}


def _calls(server: socket.socket) -> int:
    """Connections that wait to be answered."""
    count = 0
    with contextlib.suppress(TimeoutError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1]), ensure_ascii=False))
