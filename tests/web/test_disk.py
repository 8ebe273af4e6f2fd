"""A disk that is full, a file that is gone: said in words, nothing half-written."""

import errno
import os
from io import BytesIO

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tests.intake.sheets import DUTIES, workbook
from tracker.demo.files import page, picture
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence
from tracker.work.report import Report

WORKING = "校服、教辅收费公示"


def stored(office: Office) -> set[str]:
    return {path.name for path in office.settings.uploads.iterdir()}


def reports(office: Office) -> int:
    with office.database.reading() as session:
        return len(session.exec(select(Report.id)).all())


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)


def send(office: Office, **more: object) -> tuple[int, str]:
    part, browser = office.part(WORKING, "edu"), office.client_as("edu")
    data = {"text": "见佐证", "percent": "80", "evidence": (BytesIO(page("x")), "材料.pdf")} | more
    answer = browser.post(f"/assignments/{part.id}/reports", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_full_disk_is_told_and_the_next_try_works(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(office), reports(office)
    with monkeypatch.context() as disk:
        fill_the_disk(disk)
        status, said = send(office)
        plan = {"file": (BytesIO(workbook(DUTIES)), "计划.xlsx")}
        answer = office.client_as("office").post("/imports", data=plan)
    assert (status, answer.status_code) == (507, 507)
    assert "材料.pdf" in said
    assert "磁盘" in said
    assert (stored(office), reports(office)) == before
    assert send(office)[0] == 302


@pytest.mark.parametrize(
    "more",
    [
        {"text": " "},
        {"percent": "101"},
        {"evidence": [(BytesIO(page("x")), "一.pdf"), (BytesIO(b"MZ"), "二.exe")]},
        {"evidence": [(BytesIO(page("x")), f"{n}.pdf") for n in range(101)]},
    ],
)
def test_a_report_that_is_refused_leaves_no_file(office: Office, more: dict[str, object]) -> None:
    before = stored(office), reports(office)
    assert send(office, **more)[0] == 422
    assert (stored(office), reports(office)) == before


def test_an_import_that_is_refused_leaves_no_file(office: Office) -> None:
    before = stored(office)
    data = {"file": (BytesIO(workbook(DUTIES)), "计划.xlsx"), "plan_name": "长" * 300}
    assert office.client_as("office").post("/imports", data=data).status_code == 422
    assert stored(office) == before


def send_list(office: Office, rows: list[tuple[object, ...]]) -> int:
    book = workbook(rows, head=("序号", "单位全称"), title="")
    data = {"file": (BytesIO(book), "名录.xlsx")}
    return office.client_as("office").post("/directory/imports", data=data).status_code


def test_a_list_of_departments_is_kept_with_its_row(office: Office) -> None:
    before = stored(office)
    assert send_list(office, [(1, "清河县统计局"), (2, "清河县财政局")]) == 302
    (new,) = stored(office) - before
    with office.database.reading() as session:
        file = session.exec(select(StoredFile).where(StoredFile.key == new)).one()
    assert (file.name, file.kept_by) == ("名录.xlsx", office.actor("office").user_id)


@pytest.mark.parametrize("rows", [[], [(1, "长" * 500 + "局")]])
def test_a_list_that_is_refused_leaves_no_file(
    office: Office, rows: list[tuple[object, ...]]
) -> None:
    before = stored(office)
    assert send_list(office, rows) == 422
    assert stored(office) == before


def test_evidence_that_is_gone_is_told_and_its_page_still_works(office: Office) -> None:
    send(office, evidence=(BytesIO(picture(1, 2, 3, 4, 4)), "照片.png"))
    with office.database.reading() as session:
        newest = session.exec(select(Evidence).order_by(col(Evidence.id).desc())).first()
        assert newest is not None
        (office.settings.uploads / session.get_one(StoredFile, newest.file_id).key).unlink()
    browser = office.client_as("edu")
    assert browser.get(f"/tasks/{office.part(WORKING, 'edu').task_id}").status_code == 200
    answer = browser.get(f"/evidence/{newest.id}/file")
    assert (answer.status_code, "照片.png" in answer.get_data(as_text=True)) == (410, True)
