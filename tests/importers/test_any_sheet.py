"""Whatever stands on a sheet, reading it does not raise, and every cell is accounted for."""

from __future__ import annotations

import marshal

from hypothesis import given, settings
from hypothesis import strategies as st

from importers.child import answer
from importers.deadlines import Context
from importers.grid import Grid
from importers.limits import Limits
from importers.reading import from_plain
from importers.tables import read_sheet

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
    tables = read_sheet(grid, Context(2026))
    plain = {"tables": [{**t, "grid": 0} for t in tables], "grids": [("表", grid.rows, [], [], [])]}
    reading = from_plain("x", marshal.loads(marshal.dumps(_untyped(plain))))
    assert reading.tables
    assert [table.cells(task) for table in reading.tables for task in table.tasks] != None
    reading.to_json()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_child_fail(data):
    request = {"filename": "x", "year": None, "issued_on": None, "limits": Limits().to_dict()}
    given_back = answer(request, data)
    assert given_back[:1] in (b"K", b"R")
    assert b"internal_error" not in given_back


def _untyped(plain: dict) -> dict:
    for table in plain["tables"]:
        table["problems"] = [tuple(problem) for problem in table["problems"]]
    return plain
