"""Evidence without a report: each file for itself, refused with its sentence, never twice."""

from functools import partial
from io import BytesIO

import pytest
from sqlmodel import select

from tests.conftest import Office
from tests.evidence.desk import TASK, file_of, known, part_of, pdf, pieces, send, stored, text
from tests.files.samples import BAD, GOOD, bomb, huge_png, jpg
from tests.together import at_once
from tracker import events
from tracker.events import Event
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.storage import StoredFile


def test_every_kind_comes_in_without_a_report_and_back_as_it_was(office: Office) -> None:
    answer = send(office, *GOOD.items())
    assert answer.status_code == 201, answer.json
    assert answer.json["taken"] == [name for name in GOOD if name != "照片.jpeg"]
    assert [why for why in answer.json["same"] if "“照片.jpeg”与已有的“照片.JPG”内容相同" in why]
    browser = office.client_as("office")
    for piece in pieces(office):
        file = file_of(office, piece)
        got = browser.get(f"/evidence/{piece.id}/file")
        assert got.data == GOOD[file.name]
        assert (got.mimetype, got.content_length) == (file.media_type, file.size)
    assert stored(office) == known(office)


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_refused_leaves_nothing(office: Office, what: str) -> None:
    before = stored(office)
    name, content, why = BAD[what]
    answer = send(office, (name, content))
    assert answer.status_code == 422
    assert why in answer.json["refused"][0]
    assert (stored(office), pieces(office)) == (before, [])


def test_one_refused_keeps_none_of_the_others_out(office: Office) -> None:
    answer = send(office, pdf("one"), ("坏.png", b"x"), pdf("two"), ("多大.png", huge_png()))
    assert answer.status_code == 201
    assert answer.json["taken"] == ["one.pdf", "two.pdf"]
    assert ["坏.png" in answer.json["refused"][0], "多大.png" in answer.json["refused"][1]] == [
        True,
        True,
    ]


def test_without_script_the_page_says_the_same(office: Office) -> None:
    answer = send(office, pdf("one"), ("坏.png", b"x"), pdf("one"), script=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#evidence")
    browser = office.client_as("edu")
    part = part_of(office)
    sent = [(BytesIO(pdf(name)[1]), f"{name}.pdf") for name in ("one", "two")]
    page = browser.post(
        f"/assignments/{part.id}/evidence", data={"evidence": sent}, follow_redirects=True
    ).get_data(as_text=True)
    assert "已上传 1 份佐证材料。" in page
    assert "“one.pdf”与已有的“one.pdf”内容相同，没有再存一份。" in page


def test_the_server_is_alive_after_all_that_is_hostile(office: Office) -> None:
    send(office, ("a.zip", bomb()), ("b.png", huge_png()), ("c.jpg", jpg()[:999]))
    assert send(office, pdf()).json["taken"] == ["x.pdf"]


def test_the_same_content_is_stored_once(office: Office) -> None:
    send(office, pdf("one"))
    before = stored(office)
    answer = send(office, ("另一个名字.pdf", pdf("one")[1]))
    assert (answer.status_code, answer.json["taken"]) == (201, [])
    assert answer.json["same"] == ["“另一个名字.pdf”与已有的“one.pdf”内容相同，没有再存一份。"]
    assert (stored(office), len(pieces(office))) == (before, 1)


def test_the_same_file_sent_twice_at_once_is_stored_once(office: Office) -> None:
    """The answer was lost and the page sends again while the first is still on its way."""
    answers = at_once(*(partial(send, office, pdf("one")) for _ in range(3)))
    assert sorted(len(answer.json["taken"]) for answer in answers) == [0, 0, 1]
    assert len(pieces(office)) == 1
    assert stored(office) == known(office)
    send(office, pdf("two"))  # the control: another file is another piece
    assert len(pieces(office)) == 2


def test_a_report_with_a_file_that_is_there_already_goes_in_without_it(office: Office) -> None:
    send(office, pdf("one"))
    browser, part = office.client_as("edu"), part_of(office)
    data = {"text": "见佐证", "percent": "80", "evidence": (BytesIO(pdf("one")[1]), "again.pdf")}
    page = browser.post(f"/assignments/{part.id}/reports", data=data, follow_redirects=True)
    assert "“again.pdf”与已有的“one.pdf”内容相同" in page.get_data(as_text=True)
    assert (len(pieces(office)), stored(office)) == (1, known(office))


def test_a_report_names_every_file_that_cannot_be_taken(office: Office) -> None:
    browser, part = office.client_as("edu"), part_of(office)
    bad = [(BytesIO(b"MZ" + bytes(99)), name) for name in ("甲.pdf", "乙.pdf")]
    good = (BytesIO(pdf("one")[1]), "好.pdf")
    data = {"text": "见佐证", "percent": "80", "evidence": [bad[0], good, bad[1]]}
    answer = browser.post(f"/assignments/{part.id}/reports", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "“甲.pdf”" in page and "“乙.pdf”" in page and "“好.pdf”" not in page
    assert (pieces(office), stored(office)) == ([], known(office))


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AssignmentState.ISSUED, "请先签收这项任务，再上传佐证材料。"),
        (AssignmentState.SUBMITTED, "正在等待审核，佐证材料不能再改"),
        (AssignmentState.COMPLETED, "已经办结或撤销"),
    ],
)
def test_out_of_turn_nothing_comes_in(office: Office, state: AssignmentState, said: str) -> None:
    with office.database.writing() as session:
        part = session.get_one(Assignment, part_of(office).id)
        part.move(state, on=office.now.date())
        session.add(part)
    before, answer = stored(office), send(office, pdf())
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (409, True)
    assert stored(office) == before


def test_a_part_has_room_for_so_many(office: Office) -> None:
    office.settings.evidence_files_per_task = 2
    answer = send(office, pdf("one"), pdf("two"), pdf("three"))
    assert answer.json["taken"] == ["one.pdf", "two.pdf"]
    assert answer.json["refused"] == ["一项任务最多 2 份佐证材料，没有写入。"]
    assert stored(office) == known(office)


def test_a_file_over_the_limit_is_told_the_limit(office: Office) -> None:
    office.settings.evidence_limit = 1024 * 1024
    answer = send(office, ("大.pdf", bytes(1024 * 1024 + 1)), pdf())
    assert answer.json == {
        "taken": ["x.pdf"], "same": [],
        "refused": ["文件“大.pdf”超过 1 MB。请压缩或拆分后再上传。"],
    }  # fmt: skip


def test_nothing_chosen_is_told(office: Office) -> None:
    answer = send(office)
    assert (answer.status_code, "请选择要上传的文件" in answer.get_data(as_text=True)) == (
        422,
        True,
    )


def test_what_came_stands_in_the_history_with_its_file(office: Office) -> None:
    send(office, pdf("one"), pdf("two"))
    browser = office.client_as("office")
    page = text(browser, f"/tasks/{part_of(office).task_id}")
    timeline = page.split('class="timeline"')[1]
    assert timeline.count("one.pdf</a>") == timeline.count("two.pdf</a>") == 1
    with office.database.reading() as session:
        verbs = session.exec(select(Event.verb).where(Event.verb == "evidence.attached")).all()
        assert len(verbs) >= 2
        assert events.verify(session) == []


def test_a_download_is_an_attachment_that_can_do_nothing(office: Office) -> None:
    send(office, ("证据 材料.pdf", pdf()[1]))
    answer = office.client_as("edu").get(f"/evidence/{pieces(office)[0].id}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E8%AF%81%E6%8D%AE%20" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_that_was_changed_on_disk_is_told_and_not_served(office: Office) -> None:
    send(office, ("材料.pdf", pdf()[1]))
    (piece,) = pieces(office)
    path = office.settings.uploads / file_of(office, piece).key
    path.write_bytes(path.read_bytes().replace(b"(x)", b"(y)"))
    answer = office.client_as("edu").get(f"/evidence/{piece.id}/file")
    assert (
        answer.status_code,
        "“材料.pdf”在服务器上缺失或已损坏" in answer.get_data(as_text=True),
    ) == (410, True)


def test_a_photo_is_shown_small_and_large_without_where_it_was_taken(office: Office) -> None:
    from tests.files.samples import CANARY_GPS

    send(office, ("现场.jpg", jpg(2000, 1500)))
    (piece,) = pieces(office)
    browser = office.client_as("office")
    page = text(browser, f"/tasks/{part_of(office).task_id}")
    assert f'src="/evidence/{piece.id}/preview"' in page
    for what in ("preview", "view"):
        answer = browser.get(f"/evidence/{piece.id}/{what}")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert CANARY_GPS not in answer.data
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert CANARY_GPS in browser.get(f"/evidence/{piece.id}/file").data  # the original is as it was


def test_what_is_no_image_has_no_preview(office: Office) -> None:
    send(office, pdf())
    (piece,) = pieces(office)
    assert office.client_as("edu").get(f"/evidence/{piece.id}/preview").status_code == 404


def test_the_task_is_the_same_for_who_sent_nothing(office: Office) -> None:
    """The control of TASK: its other department has not sent anything."""
    assert office.task(TASK).id == part_of(office).task_id
    with office.database.reading() as session:
        assert session.exec(select(StoredFile)).first()
