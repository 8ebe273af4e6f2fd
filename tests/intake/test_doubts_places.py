"""At which cells a question is told, in plans with many questions, too."""

from collections.abc import Iterator, Sequence
from datetime import date

import importers
from importers.problems import Problem
from tests.intake.sheets import workbook
from tracker.directory.resolve import Names
from tracker.intake.doubts import doubts_of
from tracker.intake.question import Question
from tracker.intake.questions import raise_questions

ON = date(2026, 1, 5)


class Counted(list[Problem]):
    """A table's problems that count how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[Problem]:
        self.times += 1
        return super().__iter__()


def asked(content: bytes) -> tuple[importers.Reading, Sequence[Question]]:
    """A file's reading, with the questions of an office that has no directory yet."""
    reading = importers.read(content, filename="计划.xlsx")
    return reading, raise_questions(reading, Names([], [], []), on=ON)


def test_two_columns_to_choose_are_told_each_at_its_own_header() -> None:
    head = ("序号", "工作任务", "责任单位", "责任部门", "完成时限", "完成时间")
    row = (1, "修缮看台", "财政局", "教育局", "2026年8月底", "2026年9月底")
    reading, questions = asked(workbook([row], head))
    choices = [one for one in questions if one.code == "ambiguous_header"]
    found = [(one.column, one.words[:2]) for one in doubts_of(reading, choices, {})]
    assert found == [("C", "C列"), ("E", "E列")]


def test_the_readers_doubts_are_gone_through_once_however_many_are_asked() -> None:
    rows = [(n, f"检查第{n}号库房", "财政局", f"2026年{n + 20}月底") for n in range(1, 41)]
    reading, questions = asked(workbook(rows))
    (table,) = reading.tables
    table.problems = counted = Counted(table.problems)
    assert len(doubts_of(reading, questions, {})) > len(rows)
    assert (len(questions) > len(rows), counted.times) == (True, 1)
