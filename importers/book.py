"""A file's cells as they stand, without looking for a plan in them: for workbooks that come back.

`read_book` is the door, and as safe as `importers.read`: preflight, then a child process with limits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from importers.collection import no_collection
from importers.errors import ReadingRefused
from importers.grid import Merge, column_letter
from importers.limits import Limits
from importers.sandbox import patience, run_child, unpack

LARGE = 2 * 1024 * 1024
"""Bytes of a file whose child may grow large."""
ROOMY = 2
"""How much more such a workbook may unpack to than a plan: a ledger of 100,000 rows has twenty columns, each
cell with its style, and unpacks to 140 MB."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` are equally long lists of texts as `Grid` has them, merges not written down; hidden rows,
    columns and sheets are there and marked. Rows and columns count from 0."""

    name: str
    rows: list[list[str]]
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    def source(self, row: int, column: int) -> str:
        """'Sheet1!D5' for row 4, column 3."""
        return f"{self.name}!{column_letter(column)}{row + 1}"


def read_book(
    file: Path | bytes, *, filename: str, limits: Limits | None = None
) -> list[Sheet]:  # fmt: skip
    """The sheets of a workbook of any kind the importers know. Raises `ReadingRefused` with one
    sentence that names the file."""
    bounds = limits or Limits()
    bounds = replace(bounds, unpacked_bytes=ROOMY * bounds.unpacked_bytes)
    try:
        data = file[: bounds.file_bytes + 1] if isinstance(file, bytes) else _load(file, bounds)
        output = run_child(data, filename, None, None, patience(data, bounds), cells_only=True)
    except ReadingRefused as refused:
        raise refused.in_file(filename) from refused.__cause__
    with no_collection():
        return [
            Sheet(name, rows, merges, frozenset(down), frozenset(across), hidden)
            for name, rows, merges, down, across, hidden in unpack(output)["grids"]
        ]


def read_books(files: Sequence[Path], *, limits: Limits | None = None) -> list[list[Sheet]]:
    """As `read_book`, of many files: as many at once as there are processors, each in a child with the
    limits of its own, but of the large ones one at a time. Raises what the first bad one raises."""
    alone = Lock()

    def read(file: Path) -> list[Sheet]:
        large = file.exists() and file.stat().st_size > LARGE
        with alone if large else nullcontext():
            return read_book(file, filename=file.name, limits=limits)

    if not files:
        return []
    with ThreadPoolExecutor(min(len(files), os.cpu_count() or 1)) as readers:
        waiting = [readers.submit(read, file) for file in files]
        try:
            return [one.result() for one in waiting]
        finally:
            readers.shutdown(cancel_futures=True)


def _load(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except OSError as e:
        raise ReadingRefused("no_such_file", "文件不存在或无法打开，请检查路径") from e
