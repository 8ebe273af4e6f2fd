"""One transaction, once: races, kills, stale previews, and undoing while nothing stands on it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, func, select

from tests.conftest import NOON, Office
from tests.doomed import ended, ended_anew
from tests.intake.sheets import DUTIES, workbook
from tests.together import at_once, meeting
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.directory.importing import import_names
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, verify
from tracker.intake import answering, applying, undoing, uploading
from tracker.intake.batch import Batch, BatchState, take_turn
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.settings import Settings

TODAY = NOON.date()
MODELS: tuple[type[SQLModel], ...] = (Plan, Task, Assignment)


def counts(database: Database) -> list[int]:
    with database.reading() as session:
        return [session.exec(select(func.count()).select_from(m)).one() for m in MODELS]


def lay_out(database: Database, settings: Settings, content: bytes, name: str = "计划") -> int:
    upload = uploading.receive(
        BytesIO(content), name=f"{name}.xlsx", settings=settings, at=NOON, by=COMMAND_LINE
    )
    with database.writing() as session:
        import_names(
            session, ["清河县教育体育局", "清河县财政局"], by=COMMAND_LINE, at=NOON, on=TODAY
        )
        batch = uploading.lay_out(
            session, upload, plan_name=name, issued_on=None, by=COMMAND_LINE, at=NOON, on=TODAY
        )
        answering.accept_proposals(session, batch, by=COMMAND_LINE, at=NOON)
        assert batch.id is not None
        return batch.id


def in_turn(session: Session, ident: int) -> Batch:
    """The batch as a view takes it: the turn first, then the row."""
    take_turn(session)
    return session.exec(select(Batch).where(Batch.id == ident).with_for_update()).one()


def apply(database: Database, ident: int, take: Callable[[Session, int], Batch] = in_turn) -> None:
    with database.writing() as session:
        applying.apply(session, take(session, ident), by=COMMAND_LINE, at=NOON, on=TODAY)


def undo(database: Database, ident: int) -> None:
    with database.writing() as session:
        undoing.undo(session, in_turn(session, ident), by=COMMAND_LINE, at=NOON)


@pytest.fixture
def batch(database: Database, settings: Settings) -> int:
    return lay_out(database, settings, workbook(DUTIES))


def test_applying_twice_is_told_and_writes_once(database: Database, batch: int) -> None:
    apply(database, batch)
    before = counts(database)
    with pytest.raises(AlreadyDone):
        apply(database, batch)
    assert counts(database) == before == [1, 3, 4]


def two_clicks(
    database: Database, ident: int, take: Callable[[Session, int], Batch] = in_turn
) -> list[type[Exception] | None]:
    """What each of two who apply at once is told."""

    def click() -> type[Exception] | None:
        try:
            apply(database, ident, take)
        except Exception as error:
            return type(error)
        return None

    return at_once(click, click)


def test_of_two_at_once_one_wins_and_the_other_is_told(database: Database, batch: int) -> None:
    assert set(two_clicks(database, batch)) == {None, AlreadyDone}
    assert counts(database) == [1, 3, 4]


@pytest.mark.only_on("postgres")
def test_control_without_the_turn_and_the_row_both_write_and_the_database_refuses_one(
    database: Database, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "take_turn", lambda _session: None)
    look = meeting(lambda session, ident: session.get_one(Batch, ident), 2)
    assert set(two_clicks(database, batch, look)) == {None, IntegrityError}


def test_open_questions_block(database: Database, settings: Settings) -> None:
    unclear = (*DUTIES, (4, "巡查库区", "库区管理站", "年底前"))
    ident = lay_out(database, settings, workbook(unclear))
    with database.writing() as session:
        (asked,) = answering.questions_of(session, session.get_one(Batch, ident))
        asked.answer = None
        session.add(asked)
    with pytest.raises(StepRefused, match="1 个问题"):
        apply(database, ident)
    assert counts(database) == [0, 0, 0]


def test_a_preview_older_than_the_plan_is_refused(database: Database, settings: Settings) -> None:
    first = lay_out(database, settings, workbook(DUTIES))
    second = lay_out(database, settings, workbook(DUTIES))
    apply(database, first)
    with pytest.raises(StepRefused, match="变动"):
        apply(database, second)


@pytest.mark.parametrize(
    "failpoint", ["import-plan-written", "import-rows-written", "import-before-commit"]
)
def test_killed_while_applying_nothing_is_written(
    database: Database, settings: Settings, batch: int, failpoint: str
) -> None:
    assert killed_at(database, "apply", batch, failpoint) == -9
    assert counts(database) == [0, 0, 0]
    assert killed_at(database, "apply", batch, "") == 0  # the control: it can succeed
    assert counts(database) == [1, 3, 4]


@pytest.mark.parametrize("failpoint", ["undo-rows-deleted", "undo-before-commit"])
def test_killed_while_undoing_everything_stays(
    database: Database, settings: Settings, batch: int, failpoint: str
) -> None:
    apply(database, batch)
    assert killed_at(database, "undo", batch, failpoint) == -9
    assert counts(database) == [1, 3, 4]
    assert killed_at(database, "undo", batch, "") == 0
    assert counts(database) == [0, 0, 0]


@pytest.mark.only_on("sqlite")
def test_killed_in_an_interpreter_of_its_own(
    database: Database, settings: Settings, batch: int
) -> None:
    assert killed_at(database, "apply", batch, "import-rows-written", ended_anew) == -9
    assert counts(database) == [0, 0, 0]


def killed_at(
    database: Database, verb: str, batch: int, failpoint: str, within: Callable[..., int] = ended
) -> int:
    """Run the verb in a process of its own that dies at the failpoint; its exit code."""
    url = database.engine.url.render_as_string(hide_password=False)
    return within(do, verb, url, batch, TRACKER_FAILPOINT=failpoint)


def do(verb: str, url: str, batch: int) -> None:
    """In the other process."""
    {"apply": apply, "undo": undo}[verb](Database(url), batch)


def test_undo_says_exactly_what_stands_in_the_way(office: Office) -> None:
    with office.database.reading() as session:
        batch = session.exec(select(Batch).where(Batch.state == BatchState.APPLIED)).first()
        assert batch is not None
        found = undoing.obstacles(session, batch)
    assert any("签收" in sentence for sentence in found)
    with pytest.raises(StepRefused, match="签收"):
        undo(office.database, batch.id or 0)


def test_a_later_version_changes_what_it_says_and_undo_puts_it_back(
    database: Database, settings: Settings, batch: int
) -> None:
    apply(database, batch)
    later = [
        *DUTIES[:2],
        (*DUTIES[2][:2], "财政局", "2026年9月底前"),
        (4, "新增一项检查", "财政局", "年底前"),
    ]
    second = lay_out(database, settings, workbook(later))
    with database.reading() as session:
        shown = session.get_one(Batch, second)
        assert shown.plan_version is not None
    apply(database, second)
    assert says(database) == {
        "1": "2026-06-30",
        "2": "2026-06-30",
        "3": "2026-09-30",
        "4": "2026-12-31",
    }
    undo(database, second)
    assert says(database) == {"1": "2026-06-30", "2": "2026-06-30", "3": "None"}
    assert standing(database, "3") == ["教体局"]


def says(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {task.number: str(task.due_on) for task in session.exec(select(Task))}


def standing(database: Database, number: str) -> list[str]:
    with database.reading() as session:
        return _written(session, number)


def _written(session: Session, number: str) -> list[str]:
    wanted = (
        select(Assignment.as_written)
        .join(Task, col(Task.id) == Assignment.task_id)
        .where(Task.number == number, Assignment.state != AssignmentState.WITHDRAWN)
    )
    return list(session.exec(wanted))


def test_every_deed_has_its_event_and_the_chain_is_whole(database: Database, batch: int) -> None:
    apply(database, batch)
    undo(database, batch)
    with database.reading() as session:
        verbs = [event.verb for event in session.exec(select(Event).order_by(col(Event.id)))]
        assert verify(session) == []
    assert verbs[-3:] == ["batch.uploaded", "plan.imported", "plan.import_undone"]
