"""The gazette's own Word documents say what its workbooks say."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from importers import Reading, Table, Task, read

from .coverage import lost
from .document_count import paragraphs
from .plans import expected, plan

ROLES = re.compile("牵头部门|责任部门|(?<=镇)配合")
"""Words that the reading tells by `role`."""
ISSUED = date(2023, 4, 12)
_READ: dict[str, Reading] = {}


def reading(number: str) -> Reading:
    if number not in _READ:
        _READ[number] = read(plan(number, "docx"), issued_on=ISSUED)
    return _READ[number]


def only(number: str) -> Table:
    (table,) = (t for t in reading(number).tables if t.tasks)
    return table


def names(task: Task, role: str) -> list[str]:
    return [a.name for a in task.assignments if a.role == role]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_annex_table_has_every_task_under_its_headings():
    rows = [(*map(squeezed, t.outline), squeezed(t.text)) for t in only("01c").tasks]
    keys = ("category", "item", "subitem", "task")
    assert rows == [tuple(squeezed(row[k]) for k in keys) for row in expected("01")["rows"]]


def test_the_annex_table_has_every_point_and_department():
    tasks, wanted = only("01c").tasks, expected("01")
    assert sum(s.points for t in tasks for s in t.scoring) == wanted["points"] == 608
    assert Counter(a.name for t in tasks for a in t.assignments) == wanted["department_mentions"]
    assert {t.deadline.due_on for t in tasks} == {date.fromisoformat(wanted["due_on"])}


def test_the_prose_with_lines_of_departments_has_the_items_of_the_table():
    rows = [
        {
            "no": int(t.number),
            "area": squeezed(t.outline[-1]),
            "text": squeezed(t.text),
            "lead": "、".join(names(t, "lead")),
            "resp": "、".join(names(t, "support")),
        }
        for t in only("03b").tasks
    ]
    wanted = [
        row | {"area": squeezed(row["area"]), "text": squeezed(row["text"])}
        for row in expected("03")["rows"]
    ]
    assert rows == wanted


def test_the_prose_by_department_has_its_leads_in_order():
    tasks, wanted = only("06").tasks, expected("06")
    assert len(tasks) == wanted["tasks"]
    assert ["、".join(names(t, "lead")) for t in tasks] == wanted["leads"]
    assert [t.number for t in tasks] == [str(n) for n in range(1, 23)]


@pytest.mark.parametrize("number", ["01c", "03b", "06"])
def test_every_paragraph_is_read_or_listed_as_skipped(number):
    found = reading(number)
    counted = paragraphs(plan(number, "docx").read_bytes())
    cells = [
        (t.grid.sheet, r + 1, c + 1, text)
        for t in found.tables
        for r, row in enumerate(t.grid.rows)
        for c, text in enumerate(row)
        if text
    ]
    assert sum(len(squeezed(text)) for *_, text in cells) == sum(map(len, counted))
    told = [(sheet, r, c, ROLES.sub(" ", text)) for sheet, r, c, text in cells]
    assert lost(told, found) == []
