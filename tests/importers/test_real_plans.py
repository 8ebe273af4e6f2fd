"""The gazette's own tables read exactly as a person reads them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from importers import Reading, Table, Task, read

from .coverage import lost_cells
from .plans import expected, plan

ISSUED = date(2023, 4, 12)
_READ: dict[str, Reading] = {}


def reading(number: str) -> Reading:
    if number not in _READ:
        _READ[number] = read(plan(number), issued_on=ISSUED)
    return _READ[number]


def only_table(number: str) -> Table:
    (table,) = reading(number).tables
    return table


def names(task: Task, role: str) -> list[str]:
    return [a.name for a in task.assignments if a.role == role]


def test_the_first_plan_has_every_task_with_its_outline():
    rows = [
        {"category": t.outline[0], "item": t.outline[1], "subitem": t.outline[2], "task": t.text}
        for t in only_table("01").tasks
    ]
    assert rows == [{k: row[k] for k in rows[0]} for row in expected("01")["rows"]]


def test_the_first_plan_has_its_categories_and_subitems():
    tasks = only_table("01").tasks
    assert Counter(t.outline[0] for t in tasks) == expected("01")["categories"]
    assert len({t.outline for t in tasks}) == expected("01")["subitems"]


def test_the_first_plan_has_every_point_under_its_mode():
    scores = [score for task in only_table("01").tasks for score in task.scoring]
    points = Counter()
    for score in scores:
        points[score.mode] += score.points
    assert Counter(s.mode for s in scores) == expected("01")["by_mode"]
    assert points == expected("01")["points_by_mode"]
    assert points.total() == expected("01")["points"]


def test_the_first_plan_names_exactly_the_departments_written():
    mentions = Counter(a.name for task in only_table("01").tasks for a in task.assignments)
    assert mentions == expected("01")["department_mentions"]


def test_the_first_plan_is_due_on_one_day():
    deadlines = {(t.deadline.kind, t.deadline.due_on) for t in only_table("01").tasks}
    assert deadlines == {("date", date.fromisoformat(expected("01")["due_on"]))}


def test_the_first_plan_asks_about_remarks_and_open_groups():
    asked = {(p.code, p.value) for p in only_table("01").problems}
    assert ("not_a_department", "(按照职能职责)") in asked
    assert ("open_group", "责任单位") in asked


def test_the_copy_out_of_a_pdf_has_the_same_tasks_points_and_departments():
    tasks, wanted = only_table("01b").tasks, expected("01")
    assert [t.text for t in tasks] == [row["task"] for row in wanted["rows"]]
    assert Counter(a.name for t in tasks for a in t.assignments) == wanted["department_mentions"]
    scores = [score for task in tasks for score in task.scoring]
    assert Counter(s.mode for s in scores) == wanted["by_mode"]
    assert sum(s.points for s in scores) == wanted["points"]


def test_the_copy_out_of_a_pdf_asks_once_for_each_run_of_shifted_rows():
    asked = Counter(p.code for p in only_table("01b").problems)
    assert asked["shifted_row"] == 5
    assert asked["continued_row"] == expected("01")["continuation_rows_in_01b"]
    assert asked["no_task"] == asked["no_department"] == 0


def test_the_second_plan_has_every_row():
    rows = [
        {
            "no": t.number,
            "name": t.outline[0],
            "task": t.text,
            "due": t.deadline.text,
            "lead": "、".join(names(t, "lead")),
            "coop": "、".join(names(t, "support")),
        }
        for t in only_table("02").tasks
    ]
    assert rows == expected("02")["rows"]


def test_the_second_plan_reads_what_is_certain_and_asks_about_the_rest():
    tasks = only_table("02").tasks
    for text, reading in expected("02")["readings"].items():
        found = {t.deadline.due_on or t.deadline.kind for t in tasks if t.deadline.text == text}
        assert found == {"done" if reading == "done" else date.fromisoformat(reading)}
    asked = [p.value for p in only_table("02").problems if p.code == "damaged_deadline"]
    assert sorted(set(asked)) == sorted(expected("02")["must_be_questioned"])
    assert len(asked) == 4


def test_the_second_plan_proposes_a_month_only_where_one_is_written():
    proposed = {t.deadline.text: t.deadline.proposed for t in only_table("02").tasks}
    assert proposed["2023年44月底"] == date(2023, 4, 30)
    assert proposed["2023年月底"] is None
    assert sum(t.status == "done" for t in only_table("02").tasks) == 5


def test_the_third_plan_has_leads_and_helpers():
    rows = [
        {
            "no": int(t.number),
            "area": t.outline[0],
            "text": t.text,
            "lead": "、".join(names(t, "lead")),
            "resp": "、".join(names(t, "support")),
        }
        for t in only_table("03").tasks
    ]
    assert rows == expected("03")["rows"]


def test_the_matrix_has_one_assignment_for_every_cell_that_is_not_a_dash():
    table, wanted = only_table("04"), expected("04")
    assert table.kind == "matrix"
    assert len(table.tasks) == wanted["tasks"]
    assert sum(len(t.assignments) for t in table.tasks) == wanted["assignments_not_dash"]
    named = {a.name for t in table.tasks for a in t.assignments}
    assert named == set(wanted["columns"])


def test_the_directory_has_its_names():
    table = only_table("05")
    assert table.kind == "directory"
    assert [name for name, _ in table.names] == expected("05")["departments"]


@pytest.mark.parametrize("number", ["01", "01b", "02", "03", "04", "05"])
def test_every_cell_is_read_or_listed_as_skipped(number):
    assert lost_cells(plan(number), reading(number)) == []
