"""The three real plans of the issue go in as `expected/` says, and out again."""

import json
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from tests.conftest import NOON
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.department import Department
from tracker.directory.group import Group, members
from tracker.directory.importing import import_names
from tracker.intake import answering, applying, preview, undoing, uploading
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task, UnresolvedName
from tracker.settings import Settings

pytestmark = pytest.mark.process

TODAY = date(2026, 3, 10)
ISSUED = date(2023, 4, 12)


@pytest.fixture
def banner(database: Database, settings: Settings, plans: Path) -> Database:
    """A database with the directory of file 05."""
    file = next(plans.glob("05-*.xlsx"))
    reading = uploading.read(file, name=file.name, settings=settings, issued_on=None)
    with database.writing() as session:
        names = uploading.names_in(reading)
        import_names(session, names, by=COMMAND_LINE, at=NOON, on=TODAY)
    return database


def expected(plans: Path, number: str) -> Any:
    return json.loads((plans / "expected" / f"{number}.json").read_text(encoding="utf-8"))


def laid_out(database: Database, settings: Settings, plans: Path, number: str) -> int:
    file = next(plans.glob(f"{number}-*.xlsx"))
    upload = uploading.receive(
        BytesIO(file.read_bytes()), name=file.name, settings=settings, at=NOON, by=COMMAND_LINE,
        issued_on=ISSUED,
    )  # fmt: skip
    with database.writing() as session:
        batch = uploading.lay_out(
            session, upload, plan_name="", issued_on=ISSUED, by=COMMAND_LINE, at=NOON, on=TODAY
        )
        assert batch.id is not None
        return batch.id


def applied(database: Database, settings: Settings, plans: Path, number: str) -> int:
    ident = laid_out(database, settings, plans, number)
    with database.writing() as session:
        batch = session.get_one(Batch, ident)
        answering.accept_proposals(session, batch, by=COMMAND_LINE, at=NOON)
        applying.apply(session, batch, by=COMMAND_LINE, at=NOON, on=TODAY)
    return ident


def questions(session: Session, code: str) -> list[Question]:
    return list(session.exec(select(Question).where(Question.code == code)))


def test_the_directory_has_its_54_departments_and_groups(banner: Database, plans: Path) -> None:
    with banner.reading() as session:
        assert len(session.exec(select(Department)).all()) == 54
        sizes = {
            group.name: len(session.exec(members(group, on=TODAY)).all())
            for group in session.exec(select(Group))
        }
    assert (sizes["所有单位"], sizes["各苏木镇"], sizes["各镇"]) == (54, 6, 5)


def test_the_preview_of_file_01_says_what_is_right(
    banner: Database, settings: Settings, plans: Path
) -> None:
    ident, right = laid_out(banner, settings, plans, "01"), expected(plans, "01")
    with banner.reading() as session:
        shown = preview.preview_of(session, session.get_one(Batch, ident), on=TODAY)
    assert (shown.stats["tasks"], shown.stats["points"]) == (172, 608)
    modes = {mode: (count, points) for mode, count, points in shown.stats["modes"]}
    assert modes == {"明查": (80, 254), "暗访": (92, 354)}
    assert dict(shown.stats["categories"]) == right["categories"]
    assert shown.stats["deadlines"] == [(date(2023, 4, 30), 172)]


def test_file_01_asks_for_the_names_it_cannot_answer(
    banner: Database, settings: Settings, plans: Path
) -> None:
    laid_out(banner, settings, plans, "01")
    with banner.reading() as session:
        unknown = {question.value for question in questions(session, "unknown_name")}
        groups = {question.value for question in questions(session, "open_group")}
    assert {"爱卫办", "公用事业服务中心", "卫健执法局大队"} <= unknown
    assert groups == {"责任单位", "各相关单位", "各单位"}


def test_file_01_gives_every_row_to_the_right_departments(
    banner: Database, settings: Settings, plans: Path
) -> None:
    applied(banner, settings, plans, "01")
    with banner.reading() as session:
        rows = session.exec(
            select(Assignment.as_written, Department.name).join(
                Department, col(Department.id) == Assignment.department_id
            )
        ).all()
    by_words: dict[str, set[str]] = {}
    for words, department in rows:
        by_words.setdefault(words, set()).add(department)
    assert by_words["卫健委"] == {"乌审旗卫生健康委员会"}
    assert by_words["卫健执法大队"] == {"乌审旗卫生健康综合行政执法大队"}
    assert by_words["生态环境分局"] == {"鄂尔多斯市生态环境局乌审旗分局"}
    assert (len(by_words["各苏木镇"]), len(by_words["各镇"])) == (6, 5)
    assert by_words["爱卫办"] == {"爱卫办"}
    mentioned = set(expected(plans, "01")["department_mentions"])
    assert set(by_words) <= mentioned


def test_file_02_questions_its_damaged_deadlines(
    banner: Database, settings: Settings, plans: Path
) -> None:
    laid_out(banner, settings, plans, "02")
    with banner.reading() as session:
        asked = {
            q.value: (len(q.sources), q.options) for q in questions(session, "damaged_deadline")
        }
    assert set(asked) == set(expected(plans, "02")["must_be_questioned"])
    assert sum(count for count, _options in asked.values()) == 4
    assert asked["2023年44月底"][1] == [{"take": "date", "date": "2023-04-30"}]
    assert asked["2023年月底"][1] == []


def test_file_02_never_guesses_a_date_and_brings_five_rows_completed(
    banner: Database, settings: Settings, plans: Path
) -> None:
    applied(banner, settings, plans, "02")
    right = expected(plans, "02")
    with banner.reading() as session:
        tasks = session.exec(select(Task)).all()
        done = session.exec(
            select(func.count(func.distinct(Assignment.task_id))).where(
                Assignment.state == AssignmentState.COMPLETED
            )
        ).one()
    assert len(tasks) == 32
    assert Counter(task.deadline_text for task in tasks) == right["deadline_texts"]
    assert {t.due_on for t in tasks if t.deadline_text in right["must_be_questioned"]} == {None}
    assert (sum(task.is_complete for task in tasks), done) == (5, 5)


def test_file_03_has_leads_and_supports(banner: Database, settings: Settings, plans: Path) -> None:
    applied(banner, settings, plans, "03")
    right = {row["no"]: row for row in expected(plans, "03")["rows"]}
    with banner.reading() as session:
        tasks = {int(t.number): t for t in session.exec(select(Task))}
        words = {number: _words(session, task) for number, task in tasks.items()}
    assert set(tasks) == set(right)
    for number, (lead, support) in words.items():
        assert lead == set(right[number]["lead"].split("、")), number
        assert support == set(right[number]["resp"].split("、")) - lead, number


def _words(session: Session, task: Task) -> tuple[set[str], set[str]]:
    """The words by role, of parts and of names still unresolved."""
    found: dict[str, set[str]] = {AssignmentRole.LEAD: set(), AssignmentRole.SUPPORT: set()}
    for part in session.exec(select(Assignment).where(Assignment.task_id == task.id)):
        found[part.role].add(part.as_written)
    for name in session.exec(select(UnresolvedName).where(UnresolvedName.task_id == task.id)):
        found[name.role].add(name.name)
    return found[AssignmentRole.LEAD], found[AssignmentRole.SUPPORT]


@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_applied_twice_nothing_changes(
    banner: Database, settings: Settings, plans: Path, number: str
) -> None:
    applied(banner, settings, plans, number)
    before = _all_parts(banner)
    applied(banner, settings, plans, number)
    assert _all_parts(banner) == before


def _all_parts(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        rows = session.execute(
            select(Assignment.task_id, Assignment.department_id, Assignment.role, Assignment.state)
        )
        return sorted(tuple(row) for row in rows)


@pytest.mark.parametrize("number", ["01", "02", "03"])
def test_undone_the_plan_is_gone(
    banner: Database, settings: Settings, plans: Path, number: str
) -> None:
    ident = applied(banner, settings, plans, number)
    with banner.writing() as session:
        undoing.undo(session, session.get_one(Batch, ident), by=COMMAND_LINE, at=NOON)
    with banner.reading() as session:
        left = [
            session.exec(select(func.count()).select_from(m)).one()
            for m in (Plan, Task, Assignment)
        ]
        assert left == [0, 0, 0]
        assert session.exec(select(func.count()).select_from(Department)).one() == 54
