"""Whatever stands on a sheet, reading it does not raise, and every cell is accounted for."""

from __future__ import annotations

import copy
import json
import marshal

from hypothesis import given, settings
from hypothesis import strategies as st

from importers.asking import NO_ANSWERS, Answers
from importers.child import answer
from importers.deadlines import Context
from importers.grid import Grid
from importers.hiding import LEAVE
from importers.limits import Limits
from importers.reading import Reading, from_plain
from importers.tables import read_sheet
from importers.tasklist import in_columns

from .coverage import listed, lost

WORDS = [
    "序号",
    "类别",
    "工作任务",
    "具体措施",
    "责任单位",
    "牵头单位",
    "配合单位",
    "完成时限",
    "测评方式",
    "分值",
    "完成情况",
    "备注",
    "单位全称",
]
CELLS = [
    "1",
    "2",
    "一",
    "（一）",
    "一、制度",
    "1)核对",
    "财务科",
    "综合科、财务科",
    "3月底",
    "44月底",
    "明查(2分)",
    "已完成",
    "合计",
    "注：略",
    "A",
    "-",
    "R/A",
    "●",
]

TEXT = st.sampled_from([""] * 12 + WORDS + CELLS) | st.text(max_size=6)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A small sheet of likely and unlikely cells, with merges that may overlap or lie outside."""
    width, height = draw(st.integers(1, 7)), draw(st.integers(1, 12))
    rows = [[draw(TEXT) for _ in range(width)] for _ in range(height)]
    edge = st.integers(0, 13)
    corners = draw(st.lists(st.tuples(edge, edge, edge, edge), max_size=4))
    merges = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    return Grid("表", rows, merges, hidden_rows=set(draw(st.lists(edge, max_size=2))))


@settings(max_examples=400, deadline=None)
@given(grids())
def test_no_sheet_makes_the_reader_raise(grid):
    reading = _reading(grid)
    assert all(table.cells(task) for table in reading.tables for task in table.tasks)
    cells = [
        ("表", r, c, text)
        for r, row in enumerate(grid.rows, 1)
        for c, text in enumerate(row, 1)
        if text
    ]
    assert lost(cells, reading) == []


@st.composite
def marked_grids(draw: st.DrawFn) -> Grid:
    """A header with odd rows below; every body cell holds a text found nowhere else."""
    header = draw(st.lists(st.sampled_from([*WORDS, "别的"]), min_size=2, max_size=7))
    rows = [header]
    for r in range(draw(st.integers(1, 8))):
        filled = draw(st.lists(st.sampled_from(["", "", *"甲乙丙"]), min_size=len(header)))
        rows.append([f"{t}字{r}列{c}" if t else "" for c, t in enumerate(filled[: len(header)])])
    grid = draw(grids())
    return Grid("表", rows, grid.merges)


@settings(max_examples=400, deadline=None)
@given(marked_grids())
def test_no_cell_is_dropped_silently(grid):
    cells = {
        ("表", r, c): t for r, row in enumerate(grid.rows, 1) for c, t in enumerate(row, 1) if t
    }
    reading = _reading(grid)
    told, places = json.dumps(reading.to_json(), ensure_ascii=False), listed(reading)
    assert [text for place, text in cells.items() if place not in places and text not in told] == []


@settings(max_examples=200, deadline=None)
@given(marked_grids(), st.data())
def test_no_cell_is_dropped_when_what_is_hidden_is_left_out(grid, data):
    grid.hidden_rows = set(data.draw(st.lists(st.integers(0, 9), max_size=4)))
    grid.hidden_columns = set(data.draw(st.lists(st.integers(0, 6), max_size=2)))
    cells = {
        ("表", r, c): t for r, row in enumerate(grid.rows, 1) for c, t in enumerate(row, 1) if t
    }
    keys = [p.key for p in _reading(copy.deepcopy(grid)).problems if p.code.startswith("hidden_")]
    reading = _reading(grid, dict.fromkeys(keys, LEAVE))
    told, places = json.dumps(reading.to_json(), ensure_ascii=False), listed(reading)
    assert [text for place, text in cells.items() if place not in places and text not in told] == []


def _reading(grid: Grid, answers: Answers = NO_ANSWERS) -> Reading:
    """As the child and its parent would make it."""
    tables = [{**table, "grid": 0} for table in read_sheet(grid, Context(2026), answers)]
    for table in tables:
        table["problems"] = [tuple(problem) for problem in table["problems"]]
        table["tasks"] = in_columns(table["tasks"])
    plain = {"tables": tables, "grids": [("表", grid.rows, grid.merges, [], [])]}
    return from_plain("x", marshal.loads(marshal.dumps(plain)))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_child_fail(data):
    request = {"filename": "x", "year": None, "issued_on": None, "limits": Limits().to_dict()}
    given_back = b"".join(answer(request, data))
    assert given_back[:1] in (b"K", b"R")
    assert b"internal_error" not in given_back
