"""Hidden rows, columns and sheets: asked about, answered, and nothing of them lost either way."""

from __future__ import annotations

import pytest

from importers import Reading, Skipped, read
from importers.hiding import IMPORT, LEAVE

from . import xml_count
from .fixtures import FIXTURES
from .judging import bare

ASKED = ("hidden_rows", "hidden_columns", "hidden_sheet")
HIDING = sorted(name for name, one in FIXTURES.items() if one.asks & set(ASKED))


def asked(reading: Reading) -> dict[str, str]:
    """key → code of the questions about what is hidden."""
    return {p.key: p.code for p in reading.problems if p.code in ASKED}


def answered(name: str, said: str) -> Reading:
    fixture = FIXTURES[name]
    answers = dict.fromkeys(asked(fixture.reading), said)
    return read(fixture.data, filename=f"{name}.xlsx", year=fixture.year, answers=answers)


def why(reading: Reading) -> dict[str, str]:
    return {s.source: s.why for table in reading.tables for s in table.skipped}


@pytest.mark.parametrize("name", HIDING)
def test_what_is_hidden_is_asked_with_both_ways_to_choose_from(name):
    for problem in FIXTURES[name].reading.problems:
        if problem.code in ASKED:
            assert problem.options == (IMPORT, LEAVE)
            assert problem.proposed == (LEAVE if problem.code == "hidden_sheet" else IMPORT)


@pytest.mark.parametrize("said", [IMPORT, LEAVE])
@pytest.mark.parametrize("name", HIDING)
def test_once_answered_it_is_told_and_not_asked_and_no_cell_is_lost(name, said):
    reading = answered(name, said)
    assert not asked(reading)
    told = [p.proposed for p in reading.problems if p.code == "answered_before"]
    assert set(told) == {said}
    assert xml_count.lost(FIXTURES[name].data, reading) == []


@pytest.mark.parametrize("name", [n for n in HIDING if "sheet" not in n])
def test_the_proposed_answer_changes_nothing(name):
    now, before = answered(name, IMPORT), FIXTURES[name].reading
    assert [t.to_json() for t in now.tasks] == [t.to_json() for t in before.tasks]


def test_rows_left_out_are_listed():
    reading = answered("hidden.a_hidden_row", LEAVE)
    assert [task.text for task in reading.tasks] == ["整修车棚", "清洗空调"]
    assert why(reading) == {f"计划!{c}3": "隐藏行" for c in "ABCD"}


def test_columns_left_out_are_listed_with_their_header():
    reading = answered("hidden.a_hidden_column", LEAVE)
    assert [task.deadline.kind for task in reading.tasks] == ["none"] * 3
    assert why(reading) == {f"计划!D{n}": "隐藏列" for n in (1, 2, 3, 4)}


def test_a_text_merged_into_rows_that_are_seen_still_holds_for_them():
    reading = answered("hidden.a_hidden_row_under_a_merge", LEAVE)
    assert [(t.outline, t.text) for t in reading.tasks] == [
        (("库房",), "登记器材"),
        (("院落",), "平整场地"),
    ]
    assert "计划!A2" not in why(reading)
    assert why(reading)["计划!B2"] == why(reading)["计划!C5"] == "隐藏行"


def test_a_hidden_sheet_is_read_when_a_person_wants_it():
    name = "hidden.a_hidden_sheet_with_a_plan"
    assert [t.text for t in answered(name, LEAVE).tasks] == ["整修车棚", "更换门锁", "清洗空调"]
    reading = answered(name, IMPORT)
    assert [bare(t.text) for t in reading.tasks][3:] == ["粉刷围墙", "检修水泵"]
    assert reading.tables[1].sheet == "去年"


def test_a_hidden_sheet_of_choices_is_only_noticed():
    reading = FIXTURES["hidden.a_hidden_sheet_of_choices"].reading
    assert [p.code for p in reading.problems] == ["unread_sheet"]
    assert reading.tables[1].skipped == [Skipped("选项!A1:A3", "隐藏的工作表，未读取")]


def test_an_answer_about_rows_holds_for_these_rows_only():
    one, other = (FIXTURES[f"hidden.{n}"] for n in ("a_hidden_row", "filtered_rows"))
    assert asked(one.reading).keys().isdisjoint(asked(other.reading))
    answers = dict.fromkeys(asked(one.reading), LEAVE)
    assert len(read(other.data, year=2026, answers=answers).tasks) == 3
