"""What a sheet holds makes reading it longer, and no more than in proportion."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

import pytest

from importers import Limits
from importers.deadlines import Context
from importers.grid import Grid
from importers.legend import read_legend
from importers.sheetxml import read_marks
from importers.tables import read_sheet
from importers.xmlscan import scan_part

HEADER = ["序号", "工作任务", "责任单位", "完成时限"]
ROW = ["1", "整理资料", "综合科", "3月底"]
TIMES, LINEAR = 4, 9.0
"""Four times as much may take nine times as long; a square law takes sixteen."""


def sheet(n: int, *pattern: list[str], **said: object) -> Grid:
    return Grid(
        "表", [HEADER[:], ROW[:], *(list(row) for _ in range(n) for row in pattern)], **said
    )  # type: ignore[arg-type]


SHEETS: dict[str, Callable[[int], Grid]] = {
    "headers": lambda n: Grid("表", [HEADER[:] for _ in range(n)]),
    "tables": lambda n: Grid("表", [r for i in range(n) for r in ([f"第{i}张任务表", "", "", ""], HEADER[:], ROW[:])]),
    "tables with other headers": lambda n: Grid("表", [r for i in range(n) for r in ([*HEADER[:3], f"备注{i}"], ROW[:])]),
    "rows that go on": lambda n: sheet(n, ["", "续写", "", ""]),
    "departments that go on": lambda n: Grid("表", [HEADER[:], ROW[:], *(["", "", f"第{i}科", ""] for i in range(n))]),
    "hidden rows": lambda n: sheet(2 * n, ROW, hidden_rows=set(range(2, 2 * n, 2))),
}  # fmt: skip


SIZES = {
    "departments that go on": 2500,
    "tables": 600,
    "tables with formulas": 600,
    "the same merge": 250,
}
"""Where the work that once grew with the square begins to outweigh the rest."""


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet(name: str) -> None:
    def read(n: int) -> Callable[[], object]:
        grid = SHEETS[name](n)
        return lambda: read_sheet(grid, Context(2026))

    assert growth(read, SIZES.get(name, 150)) < LINEAR


PARTS: dict[str, Callable[[int], bytes]] = {
    "angle brackets": lambda n: b"<c>" + b">" * min(n, 32_000) + b"</c>" + b"<x/>" * n,
    "rows without an end": lambda n: b"<sheetData hidden=''>" + b"<row " * n,
    "values without an end": lambda n: b'<sheetData><row><c r="A1"><f>' + b"<v>" * n + b"</f></c>",
    "cells in a comment": lambda n: b"<sheetData><f></sheetData><!--" + b'<c r="A1">' * n + b"-->",
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_workbook(name: str) -> None:
    def scanned(n: int) -> Callable[[], object]:
        data = PARTS[name](n)
        return lambda: _scan(data)

    assert growth(scanned, 4000) < LINEAR


def _scan(data: bytes) -> None:
    try:
        scan_part(data, "xl/worksheets/sheet1.xml", Limits())
        read_marks(data)
    except Exception:  # torn XML is refused; here only the time counts
        return


def test_a_legend() -> None:
    assert growth(lambda n: lambda: read_legend(["●为" * n, "甲" * n]), 4000) < LINEAR


def test_a_square_law_would_be_seen() -> None:
    assert growth(lambda n: lambda: [sum(range(n)) for _ in range(n)], 200) > LINEAR


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times as long four times as much takes; the least of several is the truest."""
    short, long = size, TIMES * size
    while spent(make(short)) < 0.005 and long < 200_000:
        short, long = short * 2, long * 2
    ratio = 1e9
    for _ in range(4):
        ratio = min(ratio, spent(make(long)) / max(spent(make(short)), 1e-4))
        if ratio < LINEAR - 2:
            break
    return ratio


def spent(act: Callable[[], object]) -> float:
    """Processor time of one go, without the collector's."""
    gc.disable()
    begun = process_time()
    act()
    gc.enable()
    return process_time() - begun
