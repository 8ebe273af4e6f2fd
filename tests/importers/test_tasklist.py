"""Tasks in columns look and compare like a list of tasks, and come back from JSON."""

import json
import marshal
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import Assignment, Deadline, Score, Task
from importers.tasklist import Tasks, in_columns, read_columns, write_columns

words = st.text(max_size=8)
assignments = st.builds(
    Assignment, words, st.sampled_from(("lead", "support")), st.sampled_from(("表!D2", "表!E2"))
)
tasks = st.builds(
    Task,
    source=words,
    row=st.integers(1, 9),
    number=words,
    outline=st.lists(words, max_size=2).map(tuple),
    text=words,
    assignments=st.lists(assignments, max_size=4).map(tuple),
    deadline=st.builds(
        Deadline,
        words,
        words,
        st.none() | st.dates(date(2000, 1, 1)),
        st.none(),
        words,
        st.booleans(),
    ),
    scoring=st.lists(st.builds(Score, st.none() | words, st.none() | st.integers(0, 9))).map(tuple),
    status=st.none() | st.just("done"),
    fields=st.dictionaries(words, words, max_size=2),
    last_row=st.integers(1, 9),
)


@given(st.lists(tasks, max_size=6))
def test_they_are_the_tasks_they_were_made_of(made: list[Task]) -> None:
    kept = Tasks.of(made)
    assert kept == made
    assert kept[:2] == made[:2]
    assert [kept[i] for i in range(-len(made), 0)] == made
    assert Tasks.of(kept) is kept


@given(st.lists(tasks, max_size=6))
def test_they_come_back_from_json(made: list[Task]) -> None:
    plain = write_columns(Tasks.of(made).columns)
    assert Tasks(read_columns(json.loads(json.dumps(plain)))) == made


def test_one_changed_task_makes_them_differ() -> None:
    one, other = (plain_task("综合科", cell) for cell in ("表!D2", "表!D3"))
    assert Tasks.of([one]) != [other]
    assert Tasks.of([one]) != [one, one]


def test_what_repeats_stands_once() -> None:
    said = Tasks.of([plain_task("综合科", f"表!D{row}") for row in range(2, 50)]).columns
    assert (len(said.whos), len(said.deadlines), len(said.outlines)) == (1, 1, 1)
    assert len(set(said.cells)) == 48


def test_the_cells_of_a_name_are_those_of_every_task_that_has_it() -> None:
    kept = Tasks.of([plain_task(name, f"表!D{row}") for row, name in enumerate("甲乙甲丙", 2)])
    assert list(kept.names()) == ["甲", "乙", "丙"]
    assert kept.cells_of(["甲", "丁"]) == {"甲": ["表!D2", "表!D4"], "丁": []}


def test_places_beyond_the_last_are_no_tasks() -> None:
    with pytest.raises(IndexError):
        Tasks.of([])[0]


def test_a_row_of_the_reader_becomes_columns() -> None:
    groups = [((("甲", "lead"),), "表!C2"), ((("乙", "support"), ("丙", "support")), "表!D2")]
    row = ["表!B2", 2, "1", ("组",), "整理", groups, None, (), None, {}, 3]
    (task,) = Tasks(read_columns(marshal.loads(marshal.dumps(in_columns([row])))))
    assert [tuple(one) for one in task.assignments] == [
        ("甲", "lead", "表!C2"), ("乙", "support", "表!D2"), ("丙", "support", "表!D2"),
    ]  # fmt: skip
    assert (task.deadline, task.last_row) == (Deadline(), 3)


def plain_task(name: str, cell: str) -> Task:
    return Task(
        "表!B2", 2, "1", (), "整理", (Assignment(name, "lead", cell),), Deadline(), (), None, {}, 2
    )
