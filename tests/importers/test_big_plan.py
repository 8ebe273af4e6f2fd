"""A big merged plan is read whole; the generator's shape is the one the speed bar is measured on."""

from __future__ import annotations

from importers import read

from .big_workbook import DEPARTMENTS, write


def test_every_row_of_a_merged_plan_has_its_outline_deadline_and_departments(tmp_path):
    merges = write(tmp_path / "big.xlsx", 1_000)
    (table,) = read(tmp_path / "big.xlsx").tables
    assert merges > 700
    assert len(table.tasks) == 1_000
    assert {len(t.outline) for t in table.tasks} == {3}
    assert all(t.deadline.due_on and t.scoring[0].points for t in table.tasks)
    assert {a.name for t in table.tasks for a in t.assignments} <= set(DEPARTMENTS)
    assert table.problems == []
