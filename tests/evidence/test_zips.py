"""The evidence of a task or a plan as a zip: in the plan's order, safe on Windows, only what one may
see, never much of it in memory."""

import re
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from tests.conftest import NOON, Office
from tests.evidence.desk import SHARED, file_of, part_of, pdf, pieces, send
from tests.files.samples import jpg
from tracker.exchange.evidence_list import Line
from tracker.exchange.evidence_zip import LIST, streamed
from tracker.exchange.windows_names import Folder, safe
from tracker.plans.plan import Section
from tracker.plans.task import Task
from tracker.storage import write
from tracker.stores.folder import Folder as Store

RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def taken(office: Office, login: str, path: str) -> zipfile.ZipFile:
    answer = office.client_as(login).get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert all(value.isascii() for _name, value in answer.headers)  # a server sends nothing else
    archive = zipfile.ZipFile(BytesIO(answer.get_data()))
    assert archive.testzip() is None
    return archive


def listed(archive: zipfile.ZipFile) -> list[list[object]]:
    sheet = load_workbook(BytesIO(archive.read(LIST))).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_a_tasks_zip_holds_its_files_and_a_list(office: Office) -> None:
    send(office, ("方案.pdf", pdf()[1]), ("现场.jpg", jpg()))
    part = part_of(office)
    archive = taken(office, "office", f"/tasks/{part.task_id}/evidence.zip")
    *paths, last = archive.namelist()
    assert last == LIST
    assert [path.rsplit("/", 1)[1] for path in paths] == ["方案.pdf", "现场.jpg"]
    assert archive.read(paths[0]) == pdf()[1]
    rows = listed(archive)
    assert [row[4] for row in rows] == paths
    assert rows[0][7] == file_of(office, pieces(office)[0]).sha256
    assert {row[8] for row in rows} == {None}


def test_a_plans_zip_follows_its_numbering(office: Office) -> None:
    plan = part_of(office).plan_id
    send(office, pdf("one"))
    archive = taken(office, "office", f"/plans/{plan}/evidence.zip")
    with office.database.reading() as session:
        places = {
            (task.number, task.text): task.position
            for task in session.exec(select(Task).where(Task.plan_id == plan))
        }
        sections = {
            one.title for one in session.exec(select(Section).where(Section.plan_id == plan))
        }
    order = [places[(str(row[0] or ""), str(row[1]))] for row in listed(archive)]
    assert order == sorted(order) and len(set(order)) > 1
    first = listed(archive)[0]
    folders = str(first[4]).split("/")[:-1]
    assert folders[-1] in str(first[2])
    assert any(title.startswith(folders[0].rstrip("_ ")[:6]) for title in sections)


def test_only_what_is_in_force_is_taken_out(office: Office) -> None:
    send(office, pdf("draft"), pdf("wrong"))
    draft, wrong = pieces(office)
    send(office, pdf("final"), replaces=draft.id)
    office.client_as("edu").post(f"/evidence/{wrong.id}/withdrawal")
    archive = taken(office, "edu", f"/tasks/{part_of(office).task_id}/evidence.zip")
    assert [path.rsplit("/")[-1] for path in archive.namelist()] == ["final.pdf", LIST]


def test_nobody_takes_out_anothers_files(office: Office) -> None:
    canary = "金丝雀甲"
    helper = office.part("校服、教辅收费公示", "market")
    office.client_as("market").post(f"/assignments/{helper.id}/receipt")
    send(office, (f"{canary}.pdf", pdf(canary)[1]), login="edu")
    send(office, ("市场局.pdf", pdf("m")[1]), login="market", part=helper)
    task, plan = helper.task_id, helper.plan_id
    for path in (f"/tasks/{task}/evidence.zip", f"/plans/{plan}/evidence.zip"):
        seen = {
            login: " ".join(
                [*taken(office, login, path).namelist(), str(listed(taken(office, login, path)))]
            )
            for login in ("edu", "market", "office")
        }
        assert [login for login, said in seen.items() if canary in said] == ["edu", "office"]
        assert all("市场局.pdf" in said for said in seen.values())  # a lead sees its helpers'
        stranger = office.client_as("finance").get(path)
        assert stranger.status_code == (
            404 if "tasks" in path else 409
        )  # it has a part in the plan
        assert canary not in stranger.get_data(as_text=True)
        assert office.client_as(None).get(path).status_code == 302


def test_where_nothing_is_there_is_nothing_to_take(office: Office) -> None:
    answer = office.client_as("edu").get(
        f"/tasks/{office.part(SHARED, 'edu').task_id}/evidence.zip"
    )
    assert (answer.status_code, "还没有您能下载的佐证材料" in answer.get_data(as_text=True)) == (
        409,
        True,
    )


def test_a_file_that_is_lost_is_left_out_and_the_list_says_so(office: Office) -> None:
    send(office, pdf("one"), pdf("two"))
    lost = file_of(office, pieces(office)[0])
    (office.settings.uploads / lost.key).write_bytes(b"other")
    archive = taken(office, "office", f"/tasks/{part_of(office).task_id}/evidence.zip")
    assert [path.rsplit("/")[-1] for path in archive.namelist()] == ["two.pdf", LIST]
    assert [row[8] for row in listed(archive)] == ["文件缺失或已损坏，没有放进来", None]


def test_names_are_safe_on_windows(office: Office) -> None:
    names = [
        "CON.pdf",
        "a:b?.pdf",
        "结尾点. .pdf",
        "x" * 190 + ".pdf",
        "A.pdf",
        "a.pdf",
        "=1+1.pdf",
    ]
    part = part_of(office)
    with office.database.writing() as session:
        task = session.get_one(Task, part.task_id)
        task.text = "con/..\\..\\" + "很长的任务" * 40
        session.add(task)
    answer = send(office, *((name, pdf(str(n))[1]) for n, name in enumerate(names)), part=part)
    assert len(answer.json["taken"]) == len(names)
    archive = taken(office, "office", f"/plans/{part.plan_id}/evidence.zip")
    paths = archive.namelist()
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert len(path) <= 160
        for name in path.split("/"):
            assert not RESERVED.match(name)
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]', name)
            assert name not in ("", ".", "..") and name == name.rstrip(" .")
    assert all(not str(row[4]).startswith("=") for row in listed(archive))


@pytest.mark.parametrize(
    ("name", "longest", "kept"),
    [
        ("aux", 10, "_aux"),
        ("COM1.txt", 20, "_COM1.txt"),
        ("常用.pdf", 20, "常用.pdf"),
        ("很长的名字.pdf", 7, "很长的.pdf"),
        ("𠮷" * 10, 6, "𠮷𠮷𠮷"),
        ("a/b\\c", 20, "a_b_c"),
        (" . ", 20, "未命名"),
    ],
)
def test_a_name_is_made_safe(name: str, longest: int, kept: str) -> None:
    assert safe(name, longest) == kept


def test_names_alike_get_numbers_within_the_length() -> None:
    folder = Folder()
    names = [folder.name(name, 10) for name in ("照片.jpg", "照片.JPG", "照片一.jpg", "照片.jpg")]
    assert names == ["照片.jpg", "照片 (2).JPG", "照片一.jpg", "照片 (3).jpg"]
    assert folder.name("照片很长很长.jpg", 10) == "照片很长很长.jpg"
    assert folder.name("照片很长很长.jpg", 10) == "照片 (4).jpg"


PIECES, EACH = 12, 4 * 1024 * 1024


def many(store: Store) -> list[Line]:
    """Pieces of some megabytes each."""
    task = Task(id=1, plan_id=1, position=1, number="1", text="x")
    found = []
    for number in range(PIECES):
        content = BytesIO(bytes([number]) * EACH)
        file = write(
            content, store=store, name=f"{number}.bin", media_type="", limit=EACH, at=NOON, by=None
        )
        found.append(Line(f"1/{number}.bin", task, "x", "", file, NOON))
    return found


def most_held(found: list[Line], store: Store, *, whole: bool) -> int:
    """Bytes held at the worst moment while the zip is sent, or gathered first as the control does."""
    tracemalloc.start()
    pieces = streamed(found, store, zone="Asia/Shanghai")
    size = len(b"".join(pieces)) if whole else sum(len(piece) for piece in pieces)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > PIECES * EACH
    return most


def test_a_large_zip_is_never_in_memory(tmp_path) -> None:
    store = Store(tmp_path)
    found = many(store)
    assert most_held(found, store, whole=False) < 2 * EACH
    assert most_held(found, store, whole=True) > PIECES * EACH  # the control


def test_a_reader_who_goes_away_leaves_no_file_open(tmp_path) -> None:
    store = Store(tmp_path)
    pieces = streamed(many(store), store, zone="Asia/Shanghai")
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(pieces)


def test_the_session_is_not_needed_while_it_is_sent(office: Office, monkeypatch) -> None:
    """The rows are read before the first byte: a slow reader holds no transaction."""
    send(office, pdf("one"))
    answer = office.client_as("office").get(
        f"/tasks/{part_of(office).task_id}/evidence.zip", buffered=False
    )
    monkeypatch.setattr(Session, "execute", None)
    assert zipfile.ZipFile(BytesIO(b"".join(answer.iter_encoded()))).testzip() is None
