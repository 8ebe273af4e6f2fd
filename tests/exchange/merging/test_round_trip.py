"""A workbook goes out, comes back, and says what was changed: no more, no less."""

import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from importers.book import read_book
from tests.conftest import Office
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, hand_in, look, opened, take_out
from tests.work.acting import SOLE, act, now, post, signed, verbs
from tracker.errors import InputError, StepRefused
from tracker.exchange.export import Layout
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import export_of
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.rowmark import HEADER
from tracker.exchange.sheets import hidden
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task

SOLE_FRESH = "2) 全县干部"
MINE = "1) 中小学开足健康教育课"
SOFFICE = shutil.which("soffice")


@pytest.mark.parametrize("plan", [CIVIL, SERVICE])
@pytest.mark.parametrize("department", [None, EDU])
@pytest.mark.parametrize("layout", [Layout.LEDGER, Layout.ORIGINAL])
def test_an_untouched_export_changes_nothing(
    office: Office, plan: str, department: str | None, layout: Layout
) -> None:
    content = take_out(office, plan=plan, layout=layout, department=department)
    for sent in (content, opened(content).saved()):
        merged = look(office, sent)
        assert merged.changes == [] and merged.unchanged
        assert (merged.missing, merged.foreign, merged.twice, merged.new) == ([], [], [], [])


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("layout", [Layout.LEDGER, Layout.ORIGINAL])
def test_another_program_saves_it_and_nothing_has_changed(
    office: Office, tmp_path: Path, layout: Layout, form: str
) -> None:
    sent = tmp_path / "台账.xlsx"
    sent.write_bytes(take_out(office, layout=layout))
    merged = look(office, saved_by_libreoffice(sent, form), name=f"台账.{form}")
    assert merged.changes == [] and merged.unchanged
    assert (merged.missing, merged.foreign, merged.new) == ([], [], [])


def saved_by_libreoffice(file: Path, form: str) -> bytes:
    """The workbook as LibreOffice writes it."""
    folder = file.parent / form
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    subprocess.run(  # noqa: S603
        [str(SOFFICE), "--headless", profile, "--convert-to", form, "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / f"{file.stem}.{form}").read_bytes()


def test_what_a_department_writes_becomes_receipt_report_and_request(office: Office) -> None:
    part = office.part(SOLE_FRESH, "edu")
    assert part.state == AssignmentState.ISSUED
    book = opened(take_out(office, "edu", department=EDU))
    row = book.row_of(part.id)
    book.write(row, "progress", "课表已排满，抽查两所学校")
    book.write(row, "percent", 1)
    book.write(row, "state", "已完成")
    book.write(row, "done_on", "2026年3月9日")
    merged = look(office, book.saved(), "edu")
    changed = {change.cell.field: change.kind for change in merged.of(Kind.THEIRS)}
    assert changed == dict.fromkeys(("progress", "percent", "state", "done_on"), Kind.THEIRS)
    hand_in(office, book.saved(), "edu")
    assert verbs(office, part.task_id)[-3:] == [
        "assignment.received", "assignment.reported", "completion.requested",
    ]  # fmt: skip
    assert (now(office, part).state, now(office, part).percent) == (AssignmentState.SUBMITTED, 100)


def test_the_office_changes_text_points_deadline_and_department(office: Office) -> None:
    part = office.part(MINE, "edu")
    book = opened(take_out(office))
    row = book.row_of(part.id)
    book.write(row, "text", "1) 中小学开足健康教育课，每两周一节")
    book.write(row, "points", 5)
    book.write(row, "due_on", "2026-05-20")
    book.write(row, "department", "清河县财政局")
    hand_in(office, book.saved())
    task = office.task(MINE)
    assert (task.text, str(task.points)) == ("1) 中小学开足健康教育课，每两周一节", "5.00")
    assert now(office, part).state == AssignmentState.WITHDRAWN
    heir = office.part(MINE, "finance")
    assert (str(heir.due_on), heir.role) == ("2026-05-20", part.role)


def test_a_clerk_changes_nothing_that_is_the_offices(office: Office) -> None:
    part = office.part(MINE, "edu")
    book = opened(take_out(office, "edu", department=EDU))
    book.write(book.row_of(part.id), "text", "改小一点")
    book.write(book.row_of(part.id), "due_on", "2027-01-01")
    refused = look(office, book.saved(), "edu").of(Kind.NOT_ALLOWED)
    assert {change.cell.field for change in refused} == {"text", "due_on"}
    assert all("牵头办公室" in change.reason for change in refused)
    before = office.task(MINE)
    hand_in(office, book.saved(), "edu")
    assert office.task(MINE).text == before.text


def test_what_was_changed_on_both_sides_is_a_conflict_and_written_only_by_choice(
    office: Office,
) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "progress", "离线写的")
    said = {"text": "网上写的", "percent": str(part.percent)}
    assert act(office.client_as("edu"), part, "reports", **said) == 302
    (conflict,) = look(office, book.saved(), "edu").of(Kind.CONFLICT)
    assert (conflict.theirs, conflict.ours) == ("离线写的", "网上写的")
    hand_in(office, book.saved(), "edu")
    assert look(office, book.saved(), "edu").of(Kind.CONFLICT) == [conflict]
    hand_in(office, book.saved(), "edu", Choice(take={conflict.cell}))
    (same,) = look(office, book.saved(), "edu").of(Kind.SAME)
    assert same.cell == conflict.cell


def test_sorted_inserted_deleted_and_copied_rows(office: Office) -> None:
    book = opened(take_out(office))
    first, second, third = book.rows()[:3]
    for column in range(1, book.sheet.max_column + 1):
        one, other = book.sheet.cell(first, column), book.sheet.cell(second, column)
        one.value, other.value = other.value, one.value  # type: ignore[union-attr]
    book.sheet.delete_rows(third)
    book.sheet.append([None, None, None, "一项表里新加的任务"])
    merged = look(office, book.saved())
    assert merged.changes == [] and merged.unchanged
    assert [one.text for one in merged.new] == ["一项表里新加的任务"]


def test_a_row_of_several_departments_is_told_where_to_write(office: Office) -> None:
    book = opened(take_out(office, layout=Layout.ORIGINAL))
    part = office.part("2) 校园周边二百米", "edu")
    marks = book.columns
    row = next(
        row for row in book.rows()
        if "校园周边二百米" in "".join(str(cell.value or "") for cell in book.sheet[row])
    )  # fmt: skip
    book.sheet.cell(row, marks["进展情况"]).value = "大家都办完了"
    (refused,) = look(office, book.saved()).of(Kind.NOT_ALLOWED)
    assert "各单位自己的表" in refused.reason and refused.cell.ident == part.task_id


def test_one_refusal_writes_nothing_and_names_its_cell(office: Office) -> None:
    part, other = office.part(SOLE_FRESH, "edu"), signed(office, "3) 学校食堂公示", "edu")
    book = opened(take_out(office, "edu", department=EDU))
    book.write(book.row_of(part.id), "progress", "已办")
    book.write(book.row_of(other.id), "state", "办结待审")
    browser = office.client_as("office")
    wanted = {"name": "公示照片", "groups": "image", "count": "1"}
    assert post(browser, f"/tasks/{other.task_id}/requirements", **wanted) == 302
    with pytest.raises(StepRefused, match=r"台账!J\d+：佐证材料还不齐"):
        hand_in(office, book.saved(), "edu")
    assert now(office, part).state == AssignmentState.ISSUED


@pytest.mark.parametrize("layout", [Layout.LEDGER, Layout.ORIGINAL])
def test_where_the_marks_were_lost_the_hidden_sheet_still_says_them(
    office: Office, layout: Layout
) -> None:
    content = take_out(office, layout=layout)
    book = opened(content)
    marks = [str(book.sheet.cell(row, book.columns[HEADER]).value) for row in book.rows()]
    book.sheet.delete_cols(book.columns[HEADER])
    with office.database.reading() as session:
        export, found = export_of(session, read_book(book.saved(), filename="台账.xlsx"))
    assert found.hint is not None and found.hint.key == export.key
    assert [entry.mark for entry in found.hint.entries] == marks
    ident = office.task(MINE).id
    (mine,) = {e.text for e in found.hint.entries if f"-{ident}-" in e.mark}
    assert mine == office.task(MINE).text


def test_a_workbook_that_we_never_made_is_told(office: Office) -> None:
    book = opened(take_out(office))
    for row in book.rows():
        book.sheet.cell(row, book.columns[HEADER]).value = None
        book.sheet.cell(row, book.columns["工作任务"]).value = f"别家的第 {row} 项任务"
    del book.book[hidden.SHEET]
    with pytest.raises(InputError, match="行标识"):
        look(office, book.saved())


def test_a_task_that_is_no_more_is_told(office: Office) -> None:
    """Undoing an import takes its tasks away; a table that went out before comes back all the same."""
    book = opened(take_out(office))
    part = office.part(SOLE_FRESH, "edu")
    row = book.row_of(part.id)
    book.write(row, "text", "改过的任务")
    book.write(row, "progress", "已办")
    with office.database.writing() as session:
        for model, column in ((Assignment, "task_id"), (Task, "id")):
            session.execute(sa.delete(model).where(getattr(model, column) == part.task_id))
    merged = look(office, book.saved())
    assert merged.of(Kind.THEIRS, Kind.NOT_ALLOWED, Kind.INVALID) == []
    assert any(place.endswith(f"{row}") for place in merged.gone)
    hand_in(office, book.saved())


@pytest.mark.parametrize("department", [None, EDU])
def test_a_ledger_offers_the_states_and_limits_the_share(
    office: Office, department: str | None
) -> None:
    sheet = opened(take_out(office, department=department)).sheet
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"办理中,办结待审"'
    assert (rules["decimal"].formula1, rules["decimal"].formula2) == ("0", "1")
    assert sheet.protection.sheet is (department is not None)
