"""A file that cannot be imported: one clear sentence in the page, nothing written, server alive."""

import zipfile
from io import BytesIO

import pytest
from sqlmodel import func, select

from tests.conftest import Office
from tests.files.samples import Made
from tests.intake.sheets import DUTIES, workbook
from tracker.intake.batch import Batch
from tracker.storage import StoredFile


def with_macros() -> bytes:
    target = BytesIO(workbook(DUTIES))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return target.getvalue()


def bomb() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(120):
                member.write(b" " * 1024 * 1024)
    return target.getvalue()


def encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\x00" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\x00" * 600
    )


BAD = Made(
    {
        "not a workbook": ("照片.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "照片.xlsx"),
        "encrypted": ("密.xlsx", encrypted(), "密码"),
        "with macros": ("宏.xlsm", with_macros(), "xlsx"),
        "empty": ("空.xlsx", b"", "空"),
        "a bomb": ("大.xlsx", bomb, "大.xlsx"),
        "cut short": ("断.xlsx", workbook(DUTIES)[:2000], "断.xlsx"),
        "without a plan": (
            "表.xlsx",
            workbook([("一", 2)], head=("品名", "数量"), title="库存"),
            "表.xlsx",
        ),
    }
)


def counts(office: Office) -> tuple[int, int, int]:
    with office.database.reading() as session:
        rows = [
            session.exec(select(func.count()).select_from(m)).one() for m in (Batch, StoredFile)
        ]
    return rows[0], rows[1], len(list(office.settings.uploads.iterdir()))


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_and_nothing_is_written(office: Office, kind: str) -> None:
    name, content, said = BAD[kind]
    before, browser = counts(office), office.client_as("office")
    answer = browser.post("/imports", data={"file": (BytesIO(content), name)})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert counts(office) == before
    assert browser.get("/imports").status_code == 200


def test_a_good_file_comes_in_by_the_same_door(office: Office) -> None:
    before, browser = counts(office), office.client_as("office")
    data = {"file": (BytesIO(workbook(DUTIES)), "好.xlsx"), "issued_on": "2026-01-05"}
    assert browser.post("/imports", data=data).status_code == 302
    assert counts(office) == tuple(number + 1 for number in before)


def test_a_file_over_the_limit_is_told_the_limit(office: Office) -> None:
    office.settings.upload_limit = 1024 * 1024
    large = BytesIO(workbook(DUTIES) + bytes(office.settings.upload_limit))
    answer = office.client_as("office").post("/imports", data={"file": (large, "大.xlsx")})
    assert answer.status_code == 422
    assert "“大.xlsx”超过 1 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize("written", ["2023-13-01", "明天", "0000-00-00"])
def test_an_issue_date_that_is_none_is_told(office: Office, written: str) -> None:
    data = {"file": (BytesIO(workbook(DUTIES)), "好.xlsx"), "issued_on": written}
    answer = office.client_as("office").post("/imports", data=data)
    assert (answer.status_code, written in answer.get_data(as_text=True)) == (422, True)
