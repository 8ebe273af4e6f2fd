"""Every limit bites where it stands and not before; without the memory's and the clock's, a file
would take more."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from importers import Limits, ReadingRefused, read
from importers.plain import read_plain
from importers.sandbox import patience
from tests.importers import build, open_document, word
from tests.importers.ole_file import biff5, container, label

from .costs import ROW
from .raw import GOOD, plan, sheets

pytestmark = pytest.mark.process

MB = 1024 * 1024


def merged(count: int, rows: int = 2) -> bytes:
    """So many merges of so many rows each."""
    areas = "".join(
        f'<mergeCell ref="F{n}:F{n + rows - 1}"/>' for n in range(1, count * rows, rows)
    )
    return build.raw(f"{GOOD}<mergeCells>{areas}</mergeCells>")


def stray(reference: str) -> bytes:
    """The plan with one more cell."""
    cell = f'<row><c r="{reference}"><v>1</v></c></row></sheetData>'
    return build.raw(GOOD.replace("</sheetData>", cell))


def lines(count: int) -> bytes:
    """A csv of so many lines."""
    return ("序号,工作任务,责任单位,完成时限\n" + "1,整理,综合科,3月底\n" * (count - 1)).encode()


LIMITED: dict[str, tuple[dict[str, int], Callable[[], bytes], str]] = {
    "file_bytes": ({"file_bytes": len(stray("A9"))}, lambda: stray("A9"), "file_too_big"),
    "unpacked_bytes": ({"unpacked_bytes": 100_000}, lambda: padded(100_000), "unpacked_too_big"),
    "members": ({"members": 9}, lambda: build.raw(GOOD, extra=dict.fromkeys("abcd", "x")), "too_many_members"),
    "sheets": ({"sheets": 3}, lambda: sheets([(f"表{n}", GOOD) for n in range(3)]), "too_many_sheets"),
    "rows of a workbook": ({"rows": 90}, lambda: stray("A90"), "cell_outside"),
    "columns of a workbook": ({"columns": 8}, lambda: stray("H9"), "cell_outside"),
    "area of a workbook": ({"area": 9 * 8}, lambda: stray("H9"), "area_too_big"),
    "area of a wide workbook": ({"area": 9 * 30}, lambda: stray("AD9"), "area_too_big"),
    "elements": ({"elements": GOOD.count("<") + 2}, lambda: build.raw(GOOD), "too_many_elements"),
    "merges": ({"merges": 30}, lambda: merged(30), "too_many_merges"),
    "merge_cells": ({"merge_cells": 40}, lambda: merged(1, 40), "merge_too_big"),
    "merged_cells": ({"merged_cells": 60}, lambda: merged(30), "merge_too_big"),
    "text_chars": ({"text_chars": 500}, lambda: build.raw(plan(("1", "长" * 500, "综合科", "3月底"))), "text_too_long"),
    "rows of a csv": ({"rows": 50}, lambda: lines(50), "cell_outside"),
    "columns of a csv": ({"columns": 4}, lambda: lines(50), "cell_outside"),
    "area of a csv": ({"area": 200}, lambda: lines(50), "area_too_big"),
    "rows of an open document": ({"rows": 2}, lambda: opened(), "cell_outside"),
    "area of an open document": ({"area": 8}, lambda: opened(), "area_too_big"),
    "columns of Word": ({"columns": 4}, lambda: word.docx(word.tbl(build.HEADER, ROW)), "cell_outside"),
    "area of Word": ({"area": 8}, lambda: word.docx(word.tbl(build.HEADER, ROW)), "area_too_big"),
    "rows of an old book": ({"rows": 5}, lambda: old(5), "cell_outside"),
    "area of an old book": ({"area": 10}, lambda: old(5), "area_too_big"),
}  # fmt: skip


def padded(size: int) -> bytes:
    """A workbook whose parts come to this size."""
    bare = sum(len(data) for data in _parts(build.raw(GOOD, extra={"x": b""})))
    return build.raw(GOOD, extra={"x": b" " * (size - bare)})


def _parts(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def opened() -> bytes:
    return open_document.ods(
        open_document.sheet(open_document.row(*build.HEADER), open_document.row(*ROW))
    )


def old(rows: int) -> bytes:
    return container({"Book": biff5(*(label(r, 1, "x") for r in range(rows)))})


@pytest.mark.parametrize("name", LIMITED)
def test_a_limit_lets_pass_what_is_just_inside_and_no_more(name: str) -> None:
    bound, make, code = LIMITED[name]
    ((field, value),) = bound.items()
    data = make()
    read_plain(data, "来文.xlsx", 2026, None, Limits(**{field: value}))
    with pytest.raises(ReadingRefused) as refused:
        read_plain(data, "来文.xlsx", 2026, None, Limits(**{field: value - 1}))
    assert refused.value.code == code


def test_every_limit_of_a_file_is_tried() -> None:
    tried = {next(iter(bound)) for bound, _, _ in LIMITED.values()}
    of_the_child = {"child_memory", "child_cpu_seconds", "child_wall_seconds"}
    assert set(Limits().to_dict()) == tried | of_the_child


PEAK = """
import json, resource, sys
from importers import Limits, ReadingRefused
from importers.sandbox import CHILD, run_child
data = open(sys.argv[1], "rb").read()
try:
    run_child(data, "x", 2026, None, Limits(child_memory=int(sys.argv[2])), command=CHILD)
    code = ""
except ReadingRefused as refusal:
    code = refusal.code
print(json.dumps([code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]))
"""


def peak(file: Path, memory: int) -> tuple[str, int]:
    """The refusal's code, and the megabytes that a child with this much memory took."""
    command = [sys.executable, "-c", PEAK, str(file), str(memory)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    code, megabytes = json.loads(done.stdout)
    return code, megabytes


def test_without_its_limit_a_child_would_take_more_memory(tmp_path: Path) -> None:
    """Thirty thousand characters that a hundred thousand cells point at. With more memory the child
    takes more before it dies."""
    shared = f"<sst {build.NAMESPACE}><si><t>{'长' * 30_000}</t></si></sst>"
    body = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    data = build.raw(f"<sheetData>{body}</sheetData>", extra={"xl/sharedStrings.xml": shared})
    file = tmp_path / "来文.xlsx"
    file.write_bytes(data)
    code, megabytes = peak(file, patience(data, Limits()).child_memory)
    assert code in ("out_of_memory", "parser_died")
    assert megabytes <= 512
    assert peak(file, 800 * MB)[1] > 512  # the control


def test_a_child_is_stopped_by_its_processor_time_and_would_go_on_without() -> None:
    slow = build.raw(
        plan(*(("1", f"第{n}项", f"{n}科、{n}局", f"{n}月44日") for n in range(25_000)))
    )
    with pytest.raises(ReadingRefused) as refused:
        read(slow, limits=Limits(child_cpu_seconds=1))
    assert refused.value.code == "too_slow"
    assert len(read(slow).tasks) == 25_000  # the control


def test_a_small_file_may_not_ask_for_as_much_as_a_big_one() -> None:
    usual = Limits()
    small, middle, big = (patience(bytes(size), usual) for size in (1000, MB, 20 * MB))
    assert small.child_cpu_seconds < 10
    assert small.child_memory <= 512 * MB
    assert small.child_memory < middle.child_memory < big.child_memory == usual.child_memory
    assert small.child_cpu_seconds < middle.child_cpu_seconds < big.child_cpu_seconds
    assert big.child_cpu_seconds == usual.child_cpu_seconds
    assert patience(b"%PDF-1.4", usual).child_cpu_seconds == usual.child_cpu_seconds


def test_who_allows_less_is_not_given_more() -> None:
    little = Limits(child_cpu_seconds=1, child_memory=MB)
    assert patience(bytes(MB), little) == little
