"""Somebody sorts some columns and not the others: what is written beside another task's mark is told,
and credited to nobody."""

import pytest

from tests.conftest import Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, Edited, look, opened, take_out
from tests.exchange.merging.test_returns import form_of, reports, rows, send
from tests.work.acting import MINE, SOLE, post, signed
from tracker.exchange.export import Layout
from tracker.exchange.merging.astray import ASTRAY
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.rowmark import HEADER

SAID = "写在别人行里的进展"


def swap(book: Edited, first: int, second: int, columns: range) -> None:
    """Exchange the cells of two rows in these columns, as sorting a part of a table does; Excel sorts
    only what is not merged."""
    for area in list(book.sheet.merged_cells.ranges):
        if any(area.min_row <= row <= area.max_row for row in (first, second)):
            book.sheet.unmerge_cells(area.coord)
    for column in columns:
        one, other = book.sheet.cell(first, column), book.sheet.cell(second, column)
        one.value, other.value = other.value, one.value  # type: ignore[union-attr]


def original(office: Office, department: str | None) -> tuple[Edited, list[int]]:
    """The plan's own layout, and rows of tasks that have one department each."""
    book = opened(take_out(office, layout=Layout.ORIGINAL, plan=SERVICE, department=department))
    return book, book.rows()


@pytest.mark.parametrize("department", [None, EDU])
def test_beside_the_plans_own_layout(office: Office, department: str | None) -> None:
    signed(office, SOLE, "edu")
    book, marked = original(office, department)
    first, second = marked[:2]
    swap(book, first, second, range(1, book.columns["状态"] - 1))
    for row in (first, second):
        book.write(row, "progress", SAID)
    merged = look(office, book.saved())
    assert {place.rsplit("!")[-1] for place in merged.astray} == {str(first), str(second)}
    assert merged.of(Kind.THEIRS, Kind.CONFLICT) == []
    place = send(office, book.saved(), login="office").headers["Location"]
    page, form = form_of(office, place, "office")
    assert "行标识和任务对不上" in page
    assert post(office.client_as("office"), f"{place}/application", **form) == 302
    assert SAID not in reports(office)


def test_the_control_whole_rows_are_sorted_and_read(office: Office) -> None:
    book, marked = original(office, EDU)
    first, second = marked[:2]
    swap(book, first, second, range(1, book.sheet.max_column + 1))
    book.write(first, "progress", SAID)
    merged = look(office, book.saved())
    assert merged.astray == [] and len(merged.of(Kind.THEIRS)) == 1


def test_words_edited_beside_the_mark_are_no_other_tasks(office: Office) -> None:
    book, marked = original(office, None)
    for column in range(1, book.columns["状态"]):
        cell = book.sheet.cell(marked[0], column)
        if isinstance(cell.value, str) and len(cell.value) > 6:
            cell.value = "完全改写过的一句话，和哪一项都不一样"  # type: ignore[union-attr]
    assert look(office, book.saved()).astray == []


def test_in_the_ledger_a_mark_beside_another_task(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE))
    row = book.row_of(part.id)
    other = next(one for one in book.rows() if one != row)
    book.write(row, "progress", SAID)
    marks = book.columns[HEADER]
    swap(book, row, other, range(marks, marks + 1))
    merged = look(office, book.saved())
    assert len(merged.astray) == 2
    assert merged.of(Kind.THEIRS, Kind.CONFLICT) == []
    assert {one.reason for one in merged.of(Kind.INVALID)} >= {ASTRAY}
    place = send(office, book.saved(), login="office").headers["Location"]
    _page, form = form_of(office, place, "office")
    assert post(office.client_as("office"), f"{place}/application", **form) == 302
    assert SAID not in reports(office)


def test_in_the_ledger_only_the_words_are_sorted(office: Office) -> None:
    """The column of tasks alone: the departments beside it stay where they were."""
    book = opened(take_out(office, plan=SERVICE))
    texts = book.columns["工作任务"]
    words = {row: str(book.sheet.cell(row, texts).value) for row in book.rows()}
    moved = 0
    for row, text in zip(words, sorted(words.values()), strict=True):
        if words[row] != text:
            moved += 1
            book.write(row, "text", text)
            book.write(row, "progress", SAID)
    merged = look(office, book.saved())
    assert len(merged.astray) == moved > 5
    assert merged.of(Kind.THEIRS, Kind.CONFLICT) == []


def test_in_the_ledger_a_mark_beside_another_department(office: Office) -> None:
    """Of one task the rows of two departments: their text is the same."""
    part, other = signed(office, MINE, "edu"), signed(office, MINE, "market")
    book = opened(take_out(office, plan=CIVIL))
    first, second = book.row_of(part.id), book.row_of(other.id)
    book.write(first, "progress", SAID)
    marks = book.columns[HEADER]
    swap(book, first, second, range(marks, marks + 1))
    merged = look(office, book.saved())
    assert len(merged.astray) == 2 and merged.of(Kind.THEIRS, Kind.CONFLICT) == []


def test_a_real_change_of_words_and_department_is_none(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE))
    row = book.row_of(part.id)
    book.write(row, "text", "校服、教辅收费公示上墙，每学期核对一次")
    book.write(row, "department", "清河县财政局")
    merged = look(office, book.saved())
    assert merged.astray == []
    assert {one.cell.field for one in merged.of(Kind.THEIRS)} == {"text", "department"}
    assert rows(office) == []
