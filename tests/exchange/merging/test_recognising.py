"""Rows are known by their marks, columns by their headings, wherever they now stand."""

from importers.book import Sheet
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell
from tracker.exchange.merging.recognising import recognise
from tracker.exchange.merging.rowmark import HEADER, Form, of_row, read_mark

KEY = "0123456789abcdef0123456789abcdef"
HEAD = ["序号", "工作任务", "进展情况", "完成比例", HEADER]


def row(number: int, task: int, part: int, progress: str) -> list[str]:
    return [str(number), f"任务{task}", progress, "50%", str(of_row(Form.LEDGER, KEY, task, part))]


def table(*rows: list[str]) -> Sheet:
    title = ["计划台账", "", "", "", ""]
    return Sheet("台账", [title, HEAD, *rows])


def test_a_mark_reads_back_and_nothing_else_does() -> None:
    mark = of_row(Form.LEDGER, KEY, 12, 34)
    assert read_mark(f" {mark} ") == mark
    for text in ("", "TL-", "TL-0123-1-2", f"{mark}0x", "TL-0123456789ABCDEF-1-2", f"X{mark}"):
        assert read_mark(text) is None


def test_sorted_rows_and_moved_columns_are_the_same_cells() -> None:
    first, second = row(1, 3, 7, "甲"), row(2, 3, 8, "乙")
    straight = recognise([table(first, second)])
    order = [4, 2, 0, 3, 1]
    moved = [[each[c] for c in order] for each in (HEAD, second, first)]
    other = recognise([Sheet("Sheet9", moved)])
    words = {
        cell: {one.text for one in written} for cell, written in straight.cells[KEY[:16]].items()
    }
    assert words == {
        cell: {one.text for one in written} for cell, written in other.cells[KEY[:16]].items()
    }
    assert words[Cell(Of.PART, 7, "progress")] == {"甲"}
    assert other.cells[KEY[:16]][Cell(Of.PART, 7, "progress")][0].source == "Sheet9!B3"


def test_a_row_without_a_mark_is_loose_and_an_empty_one_is_nothing() -> None:
    found = recognise([table(row(1, 3, 7, "甲"), ["2", "新的任务", "丙", "", ""], [""] * 5)])
    assert [(one.source, one.text("text")) for one in found.loose] == [("台账!B4", "新的任务")]


def test_a_copied_row_is_told() -> None:
    found = recognise([table(row(1, 3, 7, "甲"), row(1, 3, 7, "乙"))])
    assert list(found.twice.values()) == [["台账!3", "台账!4"]]


def test_columns_that_are_none_of_ours_are_named() -> None:
    wide = Sheet("台账", [[*HEAD, "联系人"], [*row(1, 3, 7, "甲"), "某某"]])
    assert recognise([wide]).unread == ["联系人"]
    empty = Sheet("台账", [[*HEAD, "联系人"], [*row(1, 3, 7, "甲"), ""]])
    assert recognise([empty]).unread == []


def test_a_workbook_without_marks_holds_no_export() -> None:
    assert recognise([Sheet("表", [["工作任务"], ["甲"]])]).export == ""


def test_most_rows_decide_of_which_export_a_workbook_is() -> None:
    other = ["9", "别的", "丁", "", str(of_row(Form.LEDGER, "f" * 32, 9, 9))]
    found = recognise([table(row(1, 3, 7, "甲"), row(2, 3, 8, "乙"), other)])
    assert found.export == KEY[:16]
    assert set(found.cells) == {KEY[:16], "f" * 16}
    assert found.others == ["台账!5"]
