"""The facts of the real plan tables, as their folder's expected/*.json tells them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from importers import Reading, ReadingRefused, Task, read

from .judging import Verdict, aligned, bare
from .plans import PLANS

ISSUED = {"01": date(2023, 4, 12), "02": date(2023, 4, 12), "03": date(2023, 4, 18)}


def verdicts() -> Iterator[tuple[str, list[Verdict]]]:
    """(file, verdicts) for each real table; a file that is refused has every fact wrong."""
    for number, facts in _FACTS.items():
        (path,) = PLANS.glob(f"{number}-*")
        wanted = json.loads((PLANS / "expected" / f"{number[:2]}.json").read_text("utf-8"))
        tasks, names = _read(path, ISSUED.get(number[:2]))
        yield path.name, list(facts(wanted, tasks, names))


def _read(path: Path, issued_on: date | None) -> tuple[list[Task], list[str]]:
    try:
        reading = read(path, issued_on=issued_on)
    except ReadingRefused:
        reading = Reading(path.name, [])
    tables = [table for table in reading.tables if table.kind != "not_a_plan"]
    tasks = [task for table in tables for task in table.tasks]
    return tasks, [name for table in tables for name, _ in table.names]


def _says(aspect: str, wanted: object, found: object) -> Verdict:
    """Layout spaces aside: these tables wrap where a page was narrow."""
    same = found is not None and bare(repr(wanted)) == bare(repr(found))
    return Verdict(aspect, same, f"{aspect}: {wanted!r}, read as {found!r}")


def _rows(wanted: list[Any], tasks: list[Task], text: str) -> Iterator[tuple[Any, Task | None]]:
    """Each expected row with the task that says the same under `text`, else the one in its place."""
    texts = [bare(row[text]) for row in wanted], [bare(task.text) for task in tasks]
    for row, j in zip(wanted, aligned(*texts), strict=True):
        yield row, tasks[j] if j is not None else None


def _names(task: Task | None, role: str) -> str:
    return "、".join(a.name for a in task.assignments if a.role == role) if task else "no task"


def _plan_01(wanted: dict[str, Any], tasks: list[Task], _: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", wanted["tasks"], len(tasks))
    for row, task in _rows(wanted["rows"], tasks, "task"):
        yield _says("text", row["task"], task and task.text)
        outline = (row["category"], row["item"], row["subitem"])
        yield _says("outline", outline, task and task.outline)
        score = (row["mode"], row["points"])
        yield _says("scoring", [score], task and [tuple(s) for s in task.scoring])
        due = task and (task.deadline.kind, str(task.deadline.due_on))
        yield _says("deadline", ("date", wanted["due_on"]), due)
    read = Counter(a.name for task in tasks for a in task.assignments)
    for name, times in wanted["department_mentions"].items():
        yield _says("departments", (name, times), (name, read[name]))
    yield _says("departments", set(), set(read) - set(wanted["department_mentions"]))


def _plan_01_copied(
    wanted: dict[str, Any], tasks: list[Task], names: list[str]
) -> Iterator[Verdict]:
    """The copy out of a PDF has lost parts of its group names; all else stands there."""
    return (v for v in _plan_01(wanted, tasks, names) if v.aspect != "outline")


def _plan_02(wanted: dict[str, Any], tasks: list[Task], _: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", wanted["tasks"], len(tasks))
    for row, task in _rows(wanted["rows"], tasks, "task"):
        yield _says("number", row["no"], task and task.number)
        yield _says("outline", (row["name"],), task and task.outline)
        yield _says("text", row["task"], task and task.text)
        yield _says("departments", row["lead"], _names(task, "lead"))
        yield _says("departments", row["coop"], _names(task, "support"))
        due = wanted["readings"].get(row["due"], "damaged")
        found = task and (str(task.deadline.due_on) if task.deadline.due_on else task.deadline.kind)
        yield _says("deadline", due, found)
        status = (task.status,) if task else None
        yield _says("status", ("done" if due == "done" else None,), status)


def _plan_03(wanted: dict[str, Any], tasks: list[Task], _: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", wanted["tasks"], len(tasks))
    for row, task in _rows(wanted["rows"], tasks, "text"):
        yield _says("number", str(row["no"]), task and task.number)
        # the text has a chapter above its areas, the table has not
        yield _says("outline", (row["area"],), task and task.outline[-1:])
        yield _says("text", row["text"], task and task.text)
        yield _says("departments", row["lead"], _names(task, "lead"))
        yield _says("departments", row["resp"], _names(task, "support"))


def _plan_04(wanted: dict[str, Any], tasks: list[Task], _: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", wanted["tasks"], len(tasks))
    for row, task in _rows(wanted["rows"], tasks, "name"):
        yield _says("number", row["no"], task and task.number)
        yield _says("text", row["name"], task and task.text)
        act = {a.name for a in task.assignments} if task else set()
        for name, depth in row["depth"].items():
            yield _says("departments", depth, task and task.fields.get(name))
            yield _says("departments", (name, depth != "-"), (name, name in act))


def _plan_05(wanted: dict[str, Any], tasks: list[Task], names: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", 0, len(tasks))
    for i, name in enumerate(wanted["departments"]):
        yield _says("names", name, names[i] if i < len(names) else None)


def _plan_06(wanted: dict[str, Any], tasks: list[Task], _: list[str]) -> Iterator[Verdict]:
    yield _says("tasks", wanted["tasks"], len(tasks))
    leads = [_names(task, "lead") for task in tasks]
    for lead, j in zip(wanted["leads"], aligned(wanted["leads"], leads), strict=True):
        yield _says("departments", lead, None if j is None else leads[j])


_Facts = Callable[[dict[str, Any], list[Task], list[str]], Iterator[Verdict]]
_FACTS: dict[str, _Facts] = {
    "01": _plan_01,
    "01b": _plan_01_copied,
    "01c": _plan_01,
    "02": _plan_02,
    "03": _plan_03,
    "03b": _plan_03,
    "04": _plan_04,
    "05": _plan_05,
    "06": _plan_06,
}
