"""An office whose files lie in a bucket: everything works as with a folder, and silence is told."""

from collections.abc import Iterator
from io import BytesIO

import pytest

from tests.conftest import Office
from tests.evidence.desk import file_of, known, part_of, pdf, pieces, send
from tests.evidence.test_zips import taken
from tests.files.samples import jpg
from tests.intake.sheets import DUTIES, workbook
from tests.stores.bucket import BUCKET, KEY, SECRET, client, served
from tracker.settings import Settings
from tracker.stores.chosen import store_of
from tracker.stores.folder import Folder


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served() as address:
        client(address).create_bucket(Bucket=BUCKET)
        yield address


@pytest.fixture
def cloudy(office: Office, server: str) -> Office:
    """The demo world, whose files were brought into the bucket."""
    settings = office.settings
    local = Folder(settings.uploads)
    settings.s3_endpoint, settings.s3_bucket, settings.s3_key = server, BUCKET, KEY
    settings.s3_secret = Settings(s3_key=KEY, s3_secret=SECRET).s3_secret
    for kept in local.list():
        with local.open(kept.key) as content:
            store_of(settings).put(kept.key, content)
        local.delete(kept.key)
    return office


def test_evidence_goes_into_the_bucket_and_comes_out(cloudy: Office) -> None:
    assert send(cloudy, ("现场.jpg", jpg()), pdf()).status_code == 201
    photo, paper = pieces(cloudy)
    browser = cloudy.client_as("office")
    assert browser.get(f"/evidence/{photo.id}/file").data == jpg()
    assert browser.get(f"/evidence/{photo.id}/preview").status_code == 200
    assert list(cloudy.settings.uploads.iterdir()) == []
    assert {file_of(cloudy, paper).key} <= {kept.key for kept in store_of(cloudy.settings).list()}
    archive = taken(cloudy, "office", f"/tasks/{part_of(cloudy).task_id}/evidence.zip")
    assert archive.read(archive.namelist()[0]) == jpg()


def test_a_refused_file_leaves_nothing_in_the_bucket(cloudy: Office) -> None:
    before = {kept.key for kept in store_of(cloudy.settings).list()}
    assert send(cloudy, ("坏.png", b"x")).status_code == 422
    assert {kept.key for kept in store_of(cloudy.settings).list()} == before


def test_a_plan_comes_in_and_goes_out_through_the_bucket(cloudy: Office) -> None:
    browser = cloudy.client_as("office")
    data = {"file": (BytesIO(workbook(DUTIES)), "好.xlsx"), "issued_on": "2026-01-05"}
    answer = browser.post("/imports", data=data)
    assert answer.status_code == 302
    assert browser.get(answer.headers["Location"]).status_code == 200
    plan = part_of(cloudy).plan_id
    assert browser.post(f"/plans/{plan}/exports", data={"layout": "original"}).status_code == 200
    assert list(cloudy.settings.uploads.iterdir()) == []


def test_an_object_that_was_changed_is_told(cloudy: Office) -> None:
    send(cloudy, pdf())
    (piece,) = pieces(cloudy)
    store_of(cloudy.settings).put(file_of(cloudy, piece).key, BytesIO(b"other"))
    answer = cloudy.client_as("edu").get(f"/evidence/{piece.id}/file")
    assert (answer.status_code, "缺失或已损坏" in answer.get_data(as_text=True)) == (410, True)


def test_a_silent_bucket_is_told_and_leaves_nothing(
    cloudy: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    send(cloudy, pdf())
    (piece,) = pieces(cloudy)
    rows = known(cloudy)
    cloudy.settings.s3_endpoint, cloudy.settings.s3_timeout = "http://127.0.0.1:9", 1
    answer = send(cloudy, pdf("two"))
    assert answer.status_code == 422
    assert "存放文件的服务器没有应答，文件“two.pdf”没有存下" in answer.json["refused"][0]
    assert (known(cloudy), list(cloudy.settings.uploads.iterdir())) == (rows, [])
    part = part_of(cloudy)
    data = {"text": "一", "percent": "80", "evidence": (BytesIO(pdf("three")[1]), "three.pdf")}
    page = cloudy.client_as("edu").post(f"/assignments/{part.id}/reports", data=data)
    assert (page.status_code, "three.pdf" in page.get_data(as_text=True)) == (507, True)
    browser = cloudy.client_as("edu")
    assert browser.get(f"/tasks/{part.task_id}").status_code == 200
    told = browser.get(f"/evidence/{piece.id}/file")
    assert (told.status_code, "现在打不开" in told.get_data(as_text=True)) == (503, True)
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err + page.get_data(as_text=True)
