"""What evidence a task must have: set by the office, met by files, asked for at completion."""

import pytest
from sqlmodel import Session

from tests.conftest import Office
from tests.evidence.desk import part_of, pdf, pieces, send, text
from tests.files.samples import jpg
from tracker.files.kinds import Group
from tracker.plans.assignment import AssignmentState
from tracker.plans.task import Task
from tracker.work.requirement import Requirement, Wanted, in_force, proposed


def require_of(office: Office, name: str, login: str = "office", **more: object) -> int:
    task = part_of(office).task_id
    data = {"name": name, "least": "1", **more}
    return office.client_as(login).post(f"/tasks/{task}/requirements", data=data).status_code


def required(office: Office) -> list[Requirement]:
    with office.database.reading() as session:
        return in_force(session, part_of(office).task_id)


def complete(office: Office) -> tuple[int, str]:
    answer = office.client_as("edu").post(
        f"/assignments/{part_of(office).id}/completions", data={"statement": "请审核"}
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_completion_waits_for_what_is_required_and_names_it(office: Office) -> None:
    require_of(office, "现场照片", least="2", kinds=["image"])
    require_of(office, "会议纪要")
    photos, minutes = required(office)
    status, said = complete(office)
    assert status == 409
    assert "“现场照片”还差 2 份，“会议纪要”还差 1 份" in said
    send(office, ("一.jpg", jpg(100, 90)), requirement=photos.id)
    send(office, pdf("minutes"), requirement=minutes.id)
    status, said = complete(office)
    assert (status, "会议纪要" in said) == (409, False)
    assert "“现场照片”还差 1 份" in said
    send(office, ("二.jpg", jpg(100, 91)), requirement=photos.id)
    assert complete(office)[0] == 302
    assert part_of(office).state == AssignmentState.SUBMITTED


def test_without_requirements_completion_is_free(office: Office) -> None:
    assert complete(office)[0] == 302


def test_what_was_taken_back_or_replaced_counts_no_more(office: Office) -> None:
    require_of(office, "会议纪要", least="2")
    (minutes,) = required(office)
    send(office, pdf("one"), requirement=minutes.id)
    send(office, pdf("two"), requirement=minutes.id, replaces=pieces(office)[0].id)
    assert "还差 1 份" in complete(office)[1]
    send(office, pdf("three"), requirement=minutes.id)
    office.client_as("edu").post(f"/evidence/{pieces(office)[2].id}/withdrawal")
    assert complete(office)[0] == 409


def test_the_page_shows_how_far_it_is_met(office: Office) -> None:
    require_of(office, "现场照片", least="2", kinds=["image"])
    send(office, ("一.jpg", jpg()), requirement=required(office)[0].id)
    page = text(office.client_as("edu"), f"/tasks/{part_of(office).task_id}")
    assert "现场照片" in page
    assert ">1/2<" in page
    assert "设定佐证要求“现场照片”，至少 2 份" in page


def test_a_file_of_another_kind_is_told(office: Office) -> None:
    require_of(office, "现场照片", kinds=["image"])
    answer = send(office, pdf(), requirement=required(office)[0].id)
    assert answer.json["refused"] == ["佐证要求“现场照片”要的是图片，文件“x.pdf”不是。"]


def test_a_piece_is_put_where_it_belongs_later(office: Office) -> None:
    send(office, ("一.jpg", jpg()), pdf("one"))
    require_of(office, "现场照片", kinds=["image"])
    (photos,), (photo, paper) = required(office), pieces(office)
    browser = office.client_as("edu")
    into = {"requirement": photos.id}
    assert browser.post(f"/evidence/{photo.id}/requirement", data=into).status_code == 302
    assert browser.post(f"/evidence/{paper.id}/requirement", data=into).status_code == 422
    assert [one.requirement_id for one in pieces(office)] == [photos.id, None]
    assert complete(office)[0] == 302


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("", {}, "请写明要什么佐证材料"),
        ("照片", {"least": "0"}, "1 到 99"),
        ("照片", {"least": "100"}, "1 到 99"),
        ("照片", {"least": "x"}, "1 到 99"),
        ("长" * 41, {}, "最多 40 个字"),
    ],
)
def test_a_requirement_that_is_none_is_told(
    office: Office, name: str, more: dict[str, str], said: str
) -> None:
    task = part_of(office).task_id
    answer = office.client_as("office").post(
        f"/tasks/{task}/requirements", data={"name": name, "least": "1", **more}
    )
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)
    assert required(office) == []


def test_a_name_stands_once_and_so_many_at_most(office: Office) -> None:
    assert [require_of(office, "照片"), require_of(office, "照片")] == [302, 422]
    assert [require_of(office, f"第{n}种") for n in range(10)] == [302] * 9 + [422]


@pytest.mark.parametrize(("login", "status"), [("edu", 403), ("leader", 403), ("admin", 302)])
def test_only_the_office_requires(office: Office, login: str, status: int) -> None:
    assert require_of(office, "照片", login) == status


def test_what_is_taken_off_is_asked_no_more(office: Office) -> None:
    require_of(office, "照片")
    (photos,) = required(office)
    path = f"/requirements/{photos.id}/removal"
    assert office.client_as("edu").post(path).status_code == 403
    browser = office.client_as("office")
    assert [browser.post(path).status_code, browser.post(path).status_code] == [302, 409]
    assert "已经取消" in send(office, pdf(), requirement=photos.id).json["refused"][0]
    assert complete(office)[0] == 302


def test_another_tasks_requirement_does_not_count_here(office: Office) -> None:
    other = office.task("2) 校园周边二百米").id
    office.client_as("office").post(
        f"/tasks/{other}/requirements", data={"name": "照片", "least": "1"}
    )
    with office.database.reading() as session:
        (theirs,) = in_force(session, other)
    answer = send(office, pdf(), requirement=theirs.id)
    assert "不是这项任务的" in answer.json["refused"][0]


def test_a_requirement_of_a_task_one_does_not_see_is_not_there(office: Office) -> None:
    other = office.task("1) 公厕全天开放").id
    office.client_as("office").post(
        f"/tasks/{other}/requirements", data={"name": "照片", "least": "1"}
    )
    with office.database.reading() as session:
        (theirs,) = in_force(session, other)
    assert send(office, pdf(), requirement=theirs.id).status_code == 404
    assert pieces(office) == []


def wants(session: Session, said: str, head: str = "需上传材料") -> list[Wanted]:
    task = Task(plan_id=1, position=1, text="x", fields={head: said})
    return proposed(task)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "现场照片不少于3张、会议纪要",
            [Wanted("现场照片", (Group.IMAGE,), 3), Wanted("会议纪要")],
        ),
        (
            "1.台账；2.截图2张\n3.印发的方案",
            [Wanted("台账"), Wanted("截图", (Group.IMAGE,), 2), Wanted("印发的方案")],
        ),
        ("/", []),
        ("无", []),
        ("照片，照片", [Wanted("照片", (Group.IMAGE,))]),
    ],
)
def test_the_imported_column_is_read_as_a_proposal(
    office: Office, said: str, wanted: list[Wanted]
) -> None:
    with office.database.reading() as session:
        assert wants(session, said) == wanted
        assert wants(session, said, "备注") == []


def test_the_proposal_is_taken_over_with_one_click(office: Office) -> None:
    with office.database.writing() as session:
        task = session.get_one(Task, part_of(office).task_id)
        task.fields = {**task.fields, "佐证材料": "公示照片2张、检查记录"}
        session.add(task)
    browser, path = office.client_as("office"), f"/tasks/{task.id}"
    assert "设为佐证要求" in text(browser, path)
    assert "设为佐证要求" not in text(office.client_as("edu"), path)
    browser.post(f"{path}/requirements", data={"proposed": "1"})
    assert [(one.name, one.kinds, one.least) for one in required(office)] == [
        ("公示照片", "image", 2), ("检查记录", "", 1),
    ]  # fmt: skip
    assert "设为佐证要求" not in text(browser, path)
