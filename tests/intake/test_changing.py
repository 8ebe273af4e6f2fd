"""A later version of a plan meets work that is under way; undoing puts everything back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from tests.conftest import NOON
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_applying import apply, lay_out, undo
from tracker.actor import COMMAND_LINE, Actor, Role
from tracker.db import Database
from tracker.directory.alias import Alias
from tracker.directory.department import Department
from tracker.errors import StepRefused
from tracker.events import keep
from tracker.intake import answering
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.settings import Settings
from tracker.work.closing import close_if_done
from tracker.work.completion import Verdict, request, review
from tracker.work.receipt import receive
from tracker.work.report import report

CLERK = Actor(None, "经办人", frozenset({Role.CLERK}))
FIRST, *OTHERS = DUTIES
ONLY_FINANCE = ((*FIRST[:2], "财政局", FIRST[3]), *OTHERS)
NOTED = ("序号", "工作任务", "责任单位", "完成时限", "备注")


def imported(database: Database, settings: Settings, rows: object, **more: object) -> int:
    ident = lay_out(database, settings, workbook(rows, **more))  # type: ignore[arg-type]
    apply(database, ident)
    return ident


def task_of(session: Session, number: str = "1") -> Task:
    return session.exec(select(Task).where(Task.number == number)).one()


def part_of(session: Session, department: str = "教育", number: str = "1") -> Assignment:
    wanted = (
        select(Assignment)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(
            Assignment.task_id == task_of(session, number).id,
            col(Department.name).contains(department),
        )
    )
    return session.exec(wanted).one()


def state_of(database: Database, department: str = "教育", number: str = "1") -> str:
    with database.reading() as session:
        return part_of(session, department, number).state


def work(database: Database, department: str, *steps: str) -> None:
    """The department's steps on the first task; `accept` is the office's."""
    with database.writing() as session:
        part, task = part_of(session, department), task_of(session)
        for step in steps:
            if step == "receive":
                keep(session, part, *receive(part, by=CLERK, at=NOON))
            elif step == "report":
                keep(session, part, *report(part, by=CLERK, at=NOON, text="进展", percent=40))
            elif step == "request":
                asked, event = request(part, by=CLERK, at=NOON, statement="请审核", required=())
                keep(session, part, asked, event)
            else:
                keep(session, *review(asked, part, by=COMMAND_LINE, at=NOON, on=NOON.date(),
                                      verdict=Verdict.ACCEPTED))  # fmt: skip
                parts = session.exec(select(Assignment).where(Assignment.task_id == task.id)).all()
                keep(session, *close_if_done(task, parts, by=COMMAND_LINE, at=NOON, on=NOON.date()))


@pytest.fixture
def first(database: Database, settings: Settings) -> int:
    return imported(database, settings, DUTIES)


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ((), AssignmentState.ISSUED),
        (("receive", "report"), AssignmentState.IN_PROGRESS),
        (("receive", "request"), AssignmentState.SUBMITTED),
    ],
)
def test_a_department_left_out_and_named_again_goes_on_where_it_stood(
    database: Database, settings: Settings, first: int, steps: tuple[str, ...], stands: str
) -> None:
    work(database, "教育", *steps)
    imported(database, settings, ONLY_FINANCE)
    assert state_of(database) == AssignmentState.WITHDRAWN
    imported(database, settings, DUTIES)
    assert state_of(database) == stands


def test_undoing_gives_a_withdrawn_department_its_state_back(
    database: Database, settings: Settings, first: int
) -> None:
    work(database, "教育", "receive", "report", "request", "accept")
    second = imported(database, settings, ONLY_FINANCE)
    undo(database, second)
    with database.reading() as session:
        part = part_of(session)
        assert (part.state, part.completed_on) == (AssignmentState.COMPLETED, NOON.date())


def test_work_before_the_batch_does_not_stand_in_the_way_of_undoing_it(
    database: Database, settings: Settings, first: int
) -> None:
    work(database, "教育", "receive", "report")
    second = imported(database, settings, ((*FIRST[:3], "2026年9月底前"), *OTHERS))
    undo(database, second)
    with database.reading() as session:
        assert str(task_of(session).due_on) == "2026-06-30"
    assert state_of(database) == AssignmentState.IN_PROGRESS


def test_work_after_the_batch_stands_in_its_way(
    database: Database, settings: Settings, first: int
) -> None:
    second = imported(database, settings, ((*FIRST[:3], "2026年9月底前"), *OTHERS))
    work(database, "教育", "receive")
    with pytest.raises(StepRefused, match="1 项任务已经签收"):
        undo(database, second)


def test_of_two_batches_of_one_moment_the_later_is_undone_first(
    database: Database, settings: Settings, first: int
) -> None:
    imported(database, settings, ONLY_FINANCE)
    with pytest.raises(StepRefused, match="后来的批次"):
        undo(database, first)


def test_when_the_last_open_lead_is_left_out_the_task_is_complete(
    database: Database, settings: Settings, first: int
) -> None:
    work(database, "财政", "receive", "request", "accept")
    imported(database, settings, ONLY_FINANCE)
    with database.reading() as session:
        assert task_of(session).is_complete
        assert task_of(session).completed_on == NOON.date()


def test_a_new_lead_opens_a_completed_task_again(database: Database, settings: Settings) -> None:
    imported(database, settings, ONLY_FINANCE)
    work(database, "财政", "receive", "request", "accept")
    second = imported(database, settings, DUTIES)
    with database.reading() as session:
        assert not task_of(session).is_complete
    assert state_of(database, "财政") == AssignmentState.COMPLETED
    undo(database, second)
    with database.reading() as session:
        assert task_of(session).is_complete
        assert len(session.exec(select(Assignment)).all()) == 3


def test_a_task_that_a_later_version_says_is_done_is_done(
    database: Database, settings: Settings, first: int
) -> None:
    done = ((*FIRST[:3], "已完成"), *OTHERS)
    second = imported(database, settings, done)
    with database.reading() as session:
        task, part = task_of(session), part_of(session)
        assert (task.is_complete, part.state, part.percent) == (True, "completed", 100)
    undo(database, second)
    with database.reading() as session:
        task, part = task_of(session), part_of(session)
        assert (task.is_complete, part.state, part.percent) == (False, "issued", 0)


def test_a_task_that_only_the_file_had_called_done_opens_again(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, ((*FIRST[:3], "已完成"), *OTHERS))
    imported(database, settings, DUTIES)
    with database.reading() as session:
        assert (task_of(session).is_complete, part_of(session).state) == (False, "issued")


def test_work_completed_here_is_not_opened_by_a_file_that_does_not_know_it(
    database: Database, settings: Settings, first: int
) -> None:
    for department in ("财政", "教育"):
        work(database, department, "receive", "request", "accept")
    imported(database, settings, ((*FIRST[:3], "2026年9月底前"), *OTHERS))
    with database.reading() as session:
        assert task_of(session).is_complete


def test_a_changed_remark_is_a_change_and_comes_back_by_undoing(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, [(*FIRST, "旧备注")], head=NOTED)
    second = imported(database, settings, [(*FIRST, "新备注")], head=NOTED)
    with database.reading() as session:
        assert task_of(session).fields == {"备注": "新备注"}
        assert session.get_one(Batch, second).counts["changed"] == 1
    undo(database, second)
    with database.reading() as session:
        assert task_of(session).fields == {"备注": "旧备注"}


def open_names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(UnresolvedName.name)))


def test_a_name_answered_later_is_no_longer_open(database: Database, settings: Settings) -> None:
    rows = [(*FIRST[:2], "财政局、相关单位", FIRST[3])]
    imported(database, settings, rows)
    assert open_names(database) == ["相关单位"]
    second = lay_out(database, settings, workbook(rows))
    with database.writing() as session:
        (asked,) = answering.questions_of(session, session.get_one(Batch, second))
        education = session.exec(
            select(Department.id).where(col(Department.name).contains("教育"))
        ).one()
        answering.answer(
            session, session.get_one(Batch, second), asked.id or 0,
            {"take": "members", "department_ids": [education]}, by=COMMAND_LINE, at=NOON,
        )  # fmt: skip
    apply(database, second)
    assert open_names(database) == []
    undo(database, second)
    assert open_names(database) == ["相关单位"]


def test_an_open_name_that_a_later_version_adds_is_shown(
    database: Database, settings: Settings, first: int
) -> None:
    imported(database, settings, ((*FIRST[:2], "教体局、财政局、相关单位", FIRST[3]), *OTHERS))
    assert open_names(database) == ["相关单位"]


def test_undoing_forgets_what_the_answers_taught(database: Database, settings: Settings) -> None:
    ident = lay_out(database, settings, workbook([(*FIRST[:2], "库区管理站", FIRST[3])]))
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        (asked,) = answering.questions_of(session, batch)
        given = {"take": "department", "department_id": 1}
        answering.answer(session, batch, asked.id or 0, given, by=COMMAND_LINE, at=NOON)
    apply(database, ident)
    with database.reading() as session:
        assert [a.name for a in session.exec(select(Alias))] == ["库区管理站"]
    undo(database, ident)
    with database.reading() as session:
        assert session.exec(select(Alias)).all() == []
        assert len(session.exec(select(Department)).all()) == 2


def test_undoing_leaves_a_department_that_somebody_else_came_to_use(
    database: Database, settings: Settings
) -> None:
    ident = imported(database, settings, [(*FIRST[:2], "库区管理站", FIRST[3])])
    with database.writing() as session:
        made = session.exec(select(Department).where(Department.name == "库区管理站")).one()
        assert made.id is not None
        session.add(Alias.of_department("水库站", made.id, by=None, at=NOON))
    undo(database, ident)
    with database.reading() as session:
        assert session.exec(select(Department).where(Department.name == "库区管理站")).one()
        assert [a.name for a in session.exec(select(Alias))] == ["水库站"]


def test_undoing_leaves_a_department_that_another_preview_was_answered_with(
    database: Database, settings: Settings
) -> None:
    rows = [(*FIRST[:2], "库区管理站", FIRST[3])]
    ident = imported(database, settings, rows)
    other = lay_out(database, settings, workbook([(1, "巡查", "水库所", "年底前")]), name="别的")
    with database.writing() as session:
        batch = session.get_one(Batch, other)
        (asked,) = answering.questions_of(session, batch)
        made = session.exec(select(Department.id).where(Department.name == "库区管理站")).one()
        given = {"take": "department", "department_id": made}
        answering.answer(session, batch, asked.id or 0, given, by=COMMAND_LINE, at=NOON)
    undo(database, ident)
    apply(database, other)


def test_undoing_takes_back_the_headings_it_made_and_ages_previews(
    database: Database, settings: Settings
) -> None:
    head = ("类别", "序号", "工作任务", "责任单位", "完成时限")
    rows = [("一、道路", *FIRST)]
    imported(database, settings, rows, head=head)
    second = imported(
        database, settings, [*rows, ("二、桥梁", 2, "巡查桥梁", "财政局", "年底前")], head=head
    )
    stale = lay_out(database, settings, workbook(rows, head=head))
    undo(database, second)
    with database.reading() as session:
        assert session.exec(select(Section.title)).all() == ["一、道路"]
        assert session.exec(select(Plan)).one().version == 3
    with pytest.raises(StepRefused, match="变动"):
        apply(database, stale)


def test_undoing_keeps_the_original_order_of_time(
    database: Database, settings: Settings, first: int
) -> None:
    """The moment of a later batch does not matter, only its place in the plan's versions."""
    second = imported(database, settings, ONLY_FINANCE)
    with database.writing() as session:
        batch = session.get_one(Batch, second)
        batch.applied_at = NOON - timedelta(hours=1)
        session.add(batch)
    with pytest.raises(StepRefused, match="后来的批次"):
        undo(database, first)


def order_of(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(Task.number).order_by(col(Task.position), col(Task.id))))


@pytest.mark.parametrize(
    ("numbers", "stands"),
    [
        ("1 a 2 3", "1 a 2 3"),
        ("a b 1 2 3", "a b 1 2 3"),
        ("1 2 3 a", "1 2 3 a"),
        ("1 a 3 b", "1 a 2 3 b"),
        ("a b", "1 2 3 a b"),
    ],
)
def test_a_new_row_stands_where_the_file_has_it(
    database: Database, settings: Settings, first: int, numbers: str, stands: str
) -> None:
    known = {str(row[0]): row for row in DUTIES}
    rows = [known.get(one, (one, f"新增{one}", "财政局", "年底前")) for one in numbers.split()]
    second = imported(database, settings, rows)
    assert order_of(database) == stands.split()
    undo(database, second)
    assert order_of(database) == ["1", "2", "3"]


def test_a_new_heading_stands_where_the_file_has_it(database: Database, settings: Settings) -> None:
    head = ("类别", "序号", "工作任务", "责任单位", "完成时限")
    road, bridge = ("一、道路", *DUTIES[0]), ("三、桥梁", *DUTIES[2])
    imported(database, settings, [road, bridge], head=head)
    imported(database, settings, [road, ("二、水库", *DUTIES[1]), bridge], head=head)
    with database.reading() as session:
        titles = session.exec(select(Section.title).order_by(col(Section.position))).all()
    assert titles == ["一、道路", "二、水库", "三、桥梁"]


@pytest.mark.parametrize("length", [150, 3000])
def test_words_too_long_for_a_name_come_in_and_are_not_remembered(
    database: Database, settings: Settings, length: int
) -> None:
    words = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(length)) + "局"
    imported(database, settings, [(*FIRST[:2], words, FIRST[3])])
    with database.reading() as session:
        assert session.exec(select(Question.value)).all() == [words]
        assert session.exec(select(Alias)).all() == []
