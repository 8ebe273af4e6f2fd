"""A later version of a plan knows its tasks again by what they say, and never makes them twice."""

from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from tests.conftest import NOON
from tests.intake.sheets import DUTIES, HEAD, workbook
from tests.intake.test_applying import apply, lay_out, undo
from tests.intake.test_changing import work
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.intake import answering, comparing
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.plans.assignment import Assignment
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task
from tracker.settings import Settings

Row = Sequence[object]
GROUPED = ("类别", *HEAD)
FIRST, SECOND, THIRD = DUTIES
LINES = (
    ("一、道路", 1, "核对校车线路并公示", "教体局", "2026年6月底前"),
    ("一、道路", 2, "修补通村公路破损路面", "财政局", "2026年6月底前"),
    ("二、学校", 1, "走访偏远教学点", "教体局", "长期坚持"),
    ("二、学校", 2, "公布助学资金发放名册", "财政局", "2026年6月底前"),
)


def imported(
    database: Database, settings: Settings, rows: Sequence[Row], head: Sequence[str] = HEAD
) -> dict[str, int]:
    """The counts of a version that was applied with what is proposed."""
    ident = lay_out(database, settings, workbook(rows, head=head))
    apply(database, ident)
    with database.reading() as session:
        counts = session.get_one(Batch, ident).counts
    return {kind: counts[kind] for kind in ("new", "changed", "unchanged", "missing")}


def later(
    database: Database, settings: Settings, rows: Sequence[Row], head: Sequence[str] = HEAD
) -> int:
    """The preview of a version with nothing answered yet."""
    ident = lay_out(database, settings, workbook(rows, head=head))
    with database.writing() as session:
        for question in session.exec(select(Question).where(Question.batch_id == ident)):
            question.answer = None
    return ident


def tasks(database: Database) -> list[Task]:
    with database.reading() as session:
        return list(session.exec(select(Task).order_by(col(Task.position), col(Task.id))))


def stands(database: Database) -> list[tuple[int | None, str, str, str]]:
    """Every task in order: id, heading, number, text."""
    with database.reading() as session:
        titles = {one.id: one.title for one in session.exec(select(Section))}
    return [(t.id, titles.get(t.section_id, ""), t.number, t.text) for t in tasks(database)]


def asked(database: Database, ident: int) -> list[Question]:
    with database.reading() as session:
        wanted = select(Question).where(Question.batch_id == ident, Question.code == "same_task")
        return list(session.exec(wanted.order_by(col(Question.id))))


def counted(*numbers: int) -> dict[str, int]:
    return dict(zip(("new", "changed", "unchanged", "missing"), numbers, strict=True))


@pytest.fixture
def first(database: Database, settings: Settings) -> list[tuple[int | None, str, str, str]]:
    """The plan's first version under two headings, as it stands."""
    imported(database, settings, LINES, GROUPED)
    return stands(database)


def with_row(index: int, **fields: object) -> list[Row]:
    """The lines, one of them with other fields."""
    names = ("heading", "number", "text", "who", "deadline")
    rows: list[Row] = list(LINES)
    rows[index] = tuple(
        fields.get(name, was) for name, was in zip(names, LINES[index], strict=True)
    )
    return rows


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "逐条核对校车线路并向家长公示"},
        {"number": 7},
        {"heading": "三、安全"},
        {"number": 9, "heading": "三、安全"},
        {"text": "核对校车线路,并公示。", "number": 3},
        {"text": "重新核对校车线路并公示", "heading": "三、安全"},
    ],
    ids=[
        "reworded",
        "renumbered",
        "moved",
        "moved and renumbered",
        "respelt",
        "reworded and moved",
    ],
)
def test_a_task_said_otherwise_is_the_same_task_and_undoing_says_it_as_before(
    database: Database, settings: Settings, first: list[object], fields: dict[str, object]
) -> None:
    ident = lay_out(database, settings, workbook(with_row(0, **fields), head=GROUPED))
    apply(database, ident)
    now = stands(database)
    assert sorted(one[0] for one in now) == sorted(one[0] for one in first)
    with database.reading() as session:
        assert session.get_one(Batch, ident).counts | counted(0, 1, 3, 0) == (
            session.get_one(Batch, ident).counts
        )
    changed = next(one for one in now if one[0] == first[0][0])
    assert changed[2] == str(fields.get("number", 1))
    assert changed[1] == fields.get("heading", "一、道路")
    undo(database, ident)
    assert stands(database) == first


def test_a_reworded_task_keeps_its_work(database: Database, settings: Settings) -> None:
    imported(database, settings, DUTIES)
    work(database, "教育", "receive", "report")
    before = tasks(database)[0].id
    counts = imported(
        database, settings, [(1, "逐条核对校车线路并公示", *FIRST[2:]), SECOND, THIRD]
    )
    assert counts == counted(0, 1, 2, 0)
    with database.reading() as session:
        states = session.exec(select(Assignment.state).where(Assignment.task_id == before)).all()
        assert session.get_one(Task, before).text == "逐条核对校车线路并公示"
    assert sorted(states) == ["in_progress", "issued"]


def test_a_reworded_version_again_changes_nothing(database: Database, settings: Settings) -> None:
    imported(database, settings, DUTIES)
    rows = [(5, "逐条核对校车线路并公示", *FIRST[2:]), SECOND, THIRD]
    imported(database, settings, rows)
    assert imported(database, settings, rows) == counted(0, 0, 3, 0)


def test_a_row_put_in_above_renumbers_the_rest_and_makes_one_task(
    database: Database, settings: Settings, first: list[object]
) -> None:
    new = ("一、道路", 1, "清理沿线堆放的渣土", "财政局", "年底前")
    rows = [
        new,
        *(("一、道路", n + 1, *line[2:]) for n, line in enumerate(LINES[:2], 1)),
        *LINES[2:],
    ]
    assert imported(database, settings, rows, GROUPED) == counted(1, 2, 2, 0)
    assert [one[2:] for one in stands(database)] == [
        ("1", "清理沿线堆放的渣土"), ("2", LINES[0][2]), ("3", LINES[1][2]),
        ("1", LINES[2][2]), ("2", LINES[3][2]),
    ]  # fmt: skip


def test_a_row_that_moved_stands_where_the_file_has_it(
    database: Database, settings: Settings, first: list[object]
) -> None:
    """The last of the second heading becomes the first of the first one."""
    moved = ("一、道路", 1, *LINES[3][2:])
    rows = [moved, ("一、道路", 2, *LINES[0][2:]), ("一、道路", 3, *LINES[1][2:]), LINES[2]]
    ident = lay_out(database, settings, workbook(rows, head=GROUPED))
    apply(database, ident)
    assert [one[3] for one in stands(database)] == [LINES[n][2] for n in (3, 0, 1, 2)]
    undo(database, ident)
    assert stands(database) == first


def test_a_heading_said_otherwise_takes_its_tasks_along(
    database: Database, settings: Settings, first: list[object]
) -> None:
    rows = [("一、道路交通", *line[1:]) for line in LINES[:2]] + list(LINES[2:])
    ident = lay_out(database, settings, workbook(rows, head=GROUPED))
    apply(database, ident)
    with database.reading() as session:
        wanted = select(Section.title).order_by(col(Section.position))
        assert session.exec(wanted).all() == ["一、道路交通", "二、学校"]
    undo(database, ident)
    assert stands(database) == first
    with database.reading() as session:
        assert session.exec(wanted).all() == ["一、道路", "二、学校"]


SCHOOLS = ("教体局", "财政局", "教体局、财政局")


def test_of_rows_with_the_same_words_the_departments_tell_which_is_which(
    database: Database, settings: Settings
) -> None:
    """The second of three goes and the third takes its number: it is still the third's task."""
    text = "检查消防通道是否畅通"
    rows = [
        (1, text, "教体局", "年底前"),
        (2, text, "财政局", "年底前"),
        (3, text, "教体局", "6月底"),
    ]
    imported(database, settings, rows)
    ids = [task.id for task in tasks(database)]
    later_rows = [rows[0], (2, text, "教体局", "6月底")]
    assert imported(database, settings, later_rows) == counted(0, 1, 1, 1)
    now = {task.id: (task.number, str(task.due_on)) for task in tasks(database)}
    assert now[ids[2]] == ("2", "2026-06-30")
    assert now[ids[1]] == ("2", "2026-12-31")
    assert imported(database, settings, rows) == counted(0, 1, 2, 0)
    assert {task.id for task in tasks(database)} == set(ids)


PLAIN = (
    (1, "完成东河镇污水处理厂配套管网建设", "财政局", "年底前"),
    (2, "走访偏远教学点", "教体局", "长期坚持"),
)


def test_another_task_in_the_same_place_is_a_new_one(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, PLAIN)
    rows = [(1, "公布助学资金发放名册", "教体局", "年底前"), PLAIN[1]]
    assert imported(database, settings, rows) == counted(1, 0, 1, 1)


def test_alike_words_with_quite_other_departments_are_asked_about(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, PLAIN)
    rows = [(5, "完成西河镇污水处理厂配套管网建设", "教体局", "年底前"), PLAIN[1]]
    (question,) = asked(database, later(database, settings, rows))
    assert question.proposed == {"take": "another"}
    assert (question.value, question.options[0]["text"]) == (rows[0][1], PLAIN[0][1])


@pytest.mark.parametrize(("words", "take"), [("第二季度", "another"), ("在第二季度组织", "same")])
def test_other_figures_in_alike_words_are_asked_about(
    database: Database, settings: Settings, words: str, take: str
) -> None:
    imported(database, settings, [(1, "第一季度检查公厕 3 座并通报结果", "财政局", "年底前")])
    rows = [(4, f"{words}检查公厕 3 座并通报结果", "财政局", "年底前")]
    (question,) = asked(database, later(database, settings, rows))
    assert question.proposed["take"] == take


def test_of_two_that_fit_equally_none_is_taken_by_itself(
    database: Database, settings: Settings
) -> None:
    rows = [(n, f"完成{place}河镇污水处理厂配套管网建设", "财政局", "年底前")
            for n, place in ((1, "东"), (2, "西"))]  # fmt: skip
    imported(database, settings, rows)
    ident = later(database, settings, [(7, "完成南河镇污水处理厂配套管网建设", "财政局", "年底前")])
    (question,) = asked(database, ident)
    assert question.proposed == {"take": "another"}


@pytest.mark.parametrize(
    ("take", "counts"), [("same", counted(0, 1, 1, 0)), ("another", counted(1, 0, 1, 1))]
)
def test_a_doubtful_pair_becomes_what_is_answered(
    database: Database, settings: Settings, take: str, counts: dict[str, int]
) -> None:
    imported(database, settings, PLAIN)
    rows = [(5, "完成西河镇污水处理厂配套管网建设", "教体局", "年底前"), PLAIN[1]]
    ident = later(database, settings, rows)
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        (question,) = asked(database, ident)
        answering.answer(session, batch, question.id or 0, {"take": take}, by=COMMAND_LINE, at=NOON)
    apply(database, ident)
    with database.reading() as session:
        made = session.get_one(Batch, ident).counts
    assert {kind: made[kind] for kind in counts} == counts


def test_an_answer_stays_when_the_plan_is_compared_again(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, PLAIN)
    rows = [(5, "完成西河镇污水处理厂配套管网建设", "教体局", "年底前"), PLAIN[1]]
    ident = later(database, settings, rows)
    (question,) = asked(database, ident)
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        answering.answer(
            session, batch, question.id or 0, {"take": "same"}, by=COMMAND_LINE, at=NOON
        )
    imported(database, settings, [*PLAIN, (3, "巡查库区", "财政局", "年底前")])
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        assert comparing.pair(session, batch, on=NOON.date()) == 0
        batch.plan_version = session.exec(select(Plan.version)).one()
    apply(database, ident)
    with database.reading() as session:
        assert session.get_one(Batch, ident).counts["changed"] == 1


def test_many_doubtful_pairs_are_asked_about_together(
    database: Database, settings: Settings
) -> None:
    places = [chr(0x4E00 + 37 * n) + chr(0x5000 + 53 * n) for n in range(80)]
    rows = [
        (n, f"{p}片区开展{p}河道清理并做好{p}岸线绿化", "财政局", "年底前")
        for n, p in enumerate(places, 1)
    ]
    imported(database, settings, rows)
    others = [(n + 500, f"{text}工作" + "补栽树木", "教体局", due) for n, text, _who, due in rows]
    found = asked(database, later(database, settings, others))
    assert len(found) == 61
    assert sum(len(question.options) for question in found) == 80
    assert "20 项" in found[-1].message
