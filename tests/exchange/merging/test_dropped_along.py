"""Dropped at once: zips of workbooks, and the files that their 佐证材料 column names."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.conftest import Office
from tests.exchange.merging.hands import EDU, SERVICE, look, opened, take_out
from tests.exchange.merging.test_returns import form_of, rows, send
from tests.exchange.merging.test_together import MARKET, confirm, said_by
from tests.work.acting import SOLE, post, signed
from tracker.exchange.merging.comparing import NO_EXPORT
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.pieces import ReturnedPiece, names_in, new_names
from tracker.exchange.merging.rowmark import HEADER
from tracker.storage import StoredFile
from tracker.web import taking_in
from tracker.web.taking_in import NOT_YOURS
from tracker.work.evidence import Evidence, current


def photo(shade: int = 90) -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 60)).save(target, "JPEG")
    return target.getvalue()


def naming(office: Office, *names: str) -> bytes:
    """The department's copy in which its part names these files."""
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    row = book.row_of(part.id)
    was = str(book.sheet.cell(row, book.columns["佐证材料"]).value or "")
    book.write(row, "evidence", "\n".join([*names_in(was), *names]))
    return book.saved()


def drop(office: Office, files: dict[str, bytes], login: str = "edu") -> TestResponse:
    sent = [(BytesIO(content), name) for name, content in files.items()]
    return office.client_as(login).post("/returns", data={"file": sent})


def zipped(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def evidence(office: Office) -> list[str]:
    """The names in force at the department's part."""
    part = office.part(SOLE, "edu")
    with office.database.reading() as session:
        own = session.exec(select(Evidence).where(Evidence.assignment_id == part.id)).all()
        files = {piece.file_id for piece in current(own)}
        names = session.exec(select(StoredFile.name).where(col(StoredFile.id).in_(files)))
        return sorted(names)


def test_a_named_file_becomes_evidence_when_the_workbook_is_written(office: Office) -> None:
    before = evidence(office)
    answer = drop(office, {"台账.xlsx": naming(office, "公示栏.jpg"), "公示栏.jpg": photo()})
    place = answer.headers["Location"]
    page, form = form_of(office, place)
    assert "公示栏.jpg" in page and evidence(office) == before
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    assert evidence(office) == sorted([*before, "公示栏.jpg"])
    task = office.part(SOLE, "edu").task_id
    shown = office.client_as("edu").get(f"/tasks/{task}").text
    assert "公示栏.jpg" in shown and "/preview" in shown


def test_undone_it_is_no_evidence_any_more(office: Office) -> None:
    before = evidence(office)
    answer = drop(office, {"台账.xlsx": naming(office, "公示栏.jpg"), "公示栏.jpg": photo()})
    place = answer.headers["Location"]
    _page, form = form_of(office, place)
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    assert post(office.client_as("edu"), f"{place}/undoing") == 302
    assert evidence(office) == before


def test_a_name_without_its_file_writes_nothing(office: Office) -> None:
    before = evidence(office)
    (refused,) = look(office, naming(office, "没有来的.jpg"), "edu").of(Kind.INVALID)
    assert refused.cell.field == "evidence" and "没有一起交来文件“没有来的.jpg”" in refused.reason
    place = drop(office, {"台账.xlsx": naming(office, "没有来的.jpg")}).headers["Location"]
    _page, form = form_of(office, place)
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    assert evidence(office) == before


def test_a_name_taken_out_of_the_table_stays(office: Office) -> None:
    place = drop(
        office, {"台账.xlsx": naming(office, "公示栏.jpg"), "公示栏.jpg": photo()}
    ).headers["Location"]
    _page, form = form_of(office, place)
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    standing = evidence(office)
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    book.write(book.row_of(office.part(SOLE, "edu").id), "evidence", None)
    (refused,) = look(office, book.saved(), "edu").of(Kind.INVALID)
    assert "不能在表里删掉" in refused.reason
    assert evidence(office) == standing


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("公示栏.jpg，名单.xlsx,照片.JPEG", ["公示栏.jpg", "名单.xlsx", "照片.JPEG"]),
        ("通知，附件一.pdf", ["通知，附件一.pdf"]),
        ("无", []), ("甲.png；乙.png\n/", ["甲.png", "乙.png"]),
    ],
)  # fmt: skip
def test_names_in_a_cell(cell: str, names: list[str]) -> None:
    assert names_in(cell) == names


def test_a_name_may_be_written_with_its_folder(office: Office) -> None:
    before = evidence(office)
    files = {"台账.xlsx": naming(office, r"D:\照片\公示栏.jpg"), "公示栏.jpg": photo()}
    place = drop(office, files).headers["Location"]
    _page, form = form_of(office, place)
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    assert evidence(office) == sorted([*before, "公示栏.jpg"])


def test_another_departments_copy_keeps_none_out(office: Office) -> None:
    own, other = naming(office), said_by(office, MARKET, "market", "别人的进展", "market")
    browser = office.client_as("edu")
    sent = [(BytesIO(other), "市场.xlsx"), (BytesIO(own), "教育.xlsx")]
    page = browser.post("/returns", data={"file": sent}, follow_redirects=True).text
    assert "“市场.xlsx”：" + NOT_YOURS in page and "别人的进展" not in page
    assert len(rows(office)) == 1


def test_a_table_of_anothers_words_is_as_unknown_as_any(office: Office) -> None:
    book = opened(take_out(office, "market", plan=SERVICE, department=MARKET))
    book.sheet.delete_cols(book.columns[HEADER])
    del book.book["_tracker"]
    answer = drop(office, {"抄来的.xlsx": book.saved()})
    assert (answer.status_code, NO_EXPORT in answer.text) == (422, True)
    assert drop(office, {"抄来的.xlsx": book.saved()}, login="market").status_code == 302, "control"


def test_too_many_workbooks_are_told_in_one_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "MOST_AT_ONCE", 1)
    content = zipped({f"{n}.xlsx": naming(office) for n in (1, 2, 3)})
    sent = [(BytesIO(content), "一包.zip")]
    page = office.client_as("edu").post("/returns", data={"file": sent}, follow_redirects=True).text
    assert "后面 2 份没有收下" in page and "“一包.zip/2.xlsx”" in page
    assert len(rows(office)) == 1


def test_a_file_that_no_workbook_names_is_told_and_not_kept(office: Office) -> None:
    browser = office.client_as("edu")
    sent = [(BytesIO(naming(office)), "台账.xlsx"), (BytesIO(photo()), "多出来的.jpg")]
    page = browser.post("/returns", data={"file": sent}, follow_redirects=True).text
    assert "“多出来的.jpg”没有收下" in page
    with office.database.reading() as session:
        assert session.exec(select(ReturnedPiece)).all() == []
        assert "多出来的.jpg" not in session.exec(select(StoredFile.name)).all()


def test_a_named_file_that_is_no_evidence_is_told(office: Office) -> None:
    files = {"台账.xlsx": naming(office, "程序.jpg"), "程序.jpg": b"MZ\x90 no picture at all"}
    browser = office.client_as("edu")
    sent = [(BytesIO(content), name) for name, content in files.items()]
    page = browser.post("/returns", data={"file": sent}, follow_redirects=True).text
    assert "程序.jpg" in page and "没有一起交来" in page


def test_a_workbook_can_be_evidence_of_another(office: Office) -> None:
    other = BytesIO()
    book = opened(naming(office))
    book.book.active.delete_rows(1, 200)  # type: ignore[union-attr]
    book.book.save(other)
    files = {"台账.xlsx": naming(office, "明细.xlsx"), "明细.xlsx": other.getvalue()}
    place = drop(office, files).headers["Location"]
    _page, form = form_of(office, place)
    assert post(office.client_as("edu"), f"{place}/application", **form) == 302
    assert "明细.xlsx" in evidence(office)


def test_a_zip_of_workbooks_and_files_is_taken_apart(office: Office) -> None:
    parcel = zipped({
        "教育/台账.xlsx": naming(office, "公示栏.jpg"), "教育/公示栏.jpg": photo(),
        "市场/台账.xlsx": said_by(office, MARKET, "market", "市场的进展"),
        "__MACOSX/教育/._台账.xlsx": b"left by a program", "市场/~$台账.xlsx": b"left open",
    })  # fmt: skip
    answer = drop(office, {"各单位.zip": parcel}, "office")
    assert answer.headers["Location"].endswith("/returns")
    assert [row.state.value for row in rows(office)] == ["waiting", "waiting"]
    assert confirm(office) == 302
    assert "公示栏.jpg" in evidence(office)


def test_a_zip_in_a_zip_and_a_bomb_are_told(office: Office) -> None:
    inner = zipped({"台账.xlsx": naming(office)})
    for parcel in (zipped({"里面.zip": inner}), b"PK\x03\x04 torn"):
        answer = drop(office, {"坏包.zip": parcel}, "office")
        assert answer.status_code == 422 and "坏包.zip" in answer.text
    assert rows(office) == []


def test_somebody_elses_pieces_go_with_no_other_workbook(office: Office) -> None:
    """Two departments name a file alike: each workbook has its own."""
    drop(office, {"台账.xlsx": naming(office, "现场.jpg"), "现场.jpg": photo(10)})
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    with office.database.reading() as session:
        (piece,) = session.exec(select(ReturnedPiece)).all()
        assert piece.returned_file_id == rows(office)[0].id


def test_names_are_compared_without_case_and_spaces() -> None:
    assert names_in("说明.txt，台账.png, 名单.xls") == ["说明.txt", "台账.png", "名单.xls"]
    assert names_in("名单,甲.xls") == ["名单,甲.xls"]
    assert names_in("无") == names_in("见附件") == []
    assert names_in("甲.jpg、乙.PDF\n\n 丙.docx；丁.jpg") == [
        "甲.jpg",
        "乙.PDF",
        "丙.docx",
        "丁.jpg",
    ]
    assert new_names("甲.JPG\n乙 .pdf\n丙.jpg", "甲.jpg\n乙.pdf") == (["丙.jpg"], [])
    assert new_names("甲.jpg", "甲.jpg\n乙.pdf") == ([], ["乙.pdf"])
