"""A file → rows and problems. Pure: no web framework, no database, nothing of `tracker`.

`read` is the door. docs/importing.md lists every problem and refusal code.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from importers.asking import Answers
from importers.collection import no_collection
from importers.errors import ReadingRefused
from importers.limits import Limits
from importers.problems import NOTICES, QUESTIONS, Problem
from importers.reading import Reading, Skipped, Table, from_plain
from importers.sandbox import patience, run_child, unpack
from importers.scoring import Score
from importers.task import Assignment, Deadline, Task

__all__ = [
    "NOTICES", "QUESTIONS", "Answers", "Assignment", "Deadline", "Limits", "Problem", "Reading",
    "ReadingRefused", "Score", "Skipped", "Table", "Task", "read",
]  # fmt: skip


def read(
    file: str | Path | bytes,
    *,
    filename: str | None = None,
    year: int | None = None,
    issued_on: date | None = None,
    limits: Limits | None = None,
    answers: Answers | None = None,
) -> Reading:
    """Read a plan file in a child process. Raises `ReadingRefused` with one sentence to show.

    The year of a deadline that names none is `year`, else that of `issued_on`, else the title's,
    else the document number's. `answers` are the options chosen for earlier questions that have a
    `key` (see `Problem`); keys that do not occur in this file are ignored.
    """
    name = filename or ("" if isinstance(file, bytes) else Path(file).name)
    bounds = limits or Limits()
    try:
        most = bounds.file_bytes + 1  # one more than allowed, so that the preflight can say so
        data = file[:most] if isinstance(file, bytes) else _load(Path(file), most)
        output = run_child(data, name, year, issued_on, patience(data, bounds), answers)
    except ReadingRefused as refused:
        raise refused.in_file(name) from refused.__cause__
    with no_collection():
        return from_plain(name, unpack(output))


def _load(path: Path, most: int) -> bytes:
    """The file's bytes, so many at most."""
    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError as e:
        raise ReadingRefused("no_such_file", "文件不存在或无法打开，请检查路径") from e
