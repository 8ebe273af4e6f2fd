"""A big merged plan is read whole; the generator's shape is the one the speed bar is measured on."""

from __future__ import annotations

from openpyxl import load_workbook

from importers import read

from .big_workbook import write


def test_every_row_of_a_merged_plan_has_its_outline_deadline_and_departments(tmp_path):
    merges = write(tmp_path / "big.xlsx", 1_000)
    (table,) = read(tmp_path / "big.xlsx").tables
    assert merges > 700
    assert len(table.tasks) == 1_000
    assert {len(t.outline) for t in table.tasks} == {3}
    assert all(t.deadline.due_on and t.scoring[0].points for t in table.tasks)
    rows = load_workbook(tmp_path / "big.xlsx").active.iter_rows(min_row=3, values_only=True)
    assert ["、".join(a.name for a in t.assignments) for t in table.tasks] == [r[5] for r in rows]
    assert table.problems == []
