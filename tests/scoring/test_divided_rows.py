"""A row that divides its points between modes: kept at import, scored mode by mode, given back by an
undo, restored by importing the file once more."""

from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tests.intake.sheets import workbook
from tests.intake.test_applying import apply, lay_out, undo
from tests.intake.test_later_versions import imported
from tests.scoring.play import OPEN, award, item, open_round
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.events import keep
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.item import Item
from tracker.scoring.item import lay_out as lay_out_items
from tracker.scoring.round import RoundKind
from tracker.scoring.round import open_round as opened
from tracker.settings import Settings

HEAD = ("类别", "序号", "工作任务", "责任单位", "完成时限", "测评方式")
FIRST = (
    ("一、道路", 1, "核对校车线路并公示", "教体局", "年底前", "明查（1.5分）、暗访（2.5分）"),
    ("一、道路", 2, "公布助学资金名册", "财政局", "年底前", "明查、暗访（3分）"),
    ("一、道路", 3, "走访偏远教学点", "教体局", "年底前", "明查"),
)
SECOND = ((*FIRST[0][:5], "明查（2分）、暗访（2分）"), *FIRST[1:])


def divided(database: Database) -> dict[str, str] | None:
    with database.reading() as session:
        wanted = select(Task.points_by_mode).where(col(Task.text).startswith("核对校车"))
        found = session.exec(wanted).one()
    return None if found is None else dict(found)


def test_each_mode_is_scored_by_itself(database: Database, settings: Settings) -> None:
    imported(database, settings, FIRST, HEAD)
    with database.writing() as session:
        plan = session.exec(select(Plan)).one()
        row, event = opened(
            plan, by=COMMAND_LINE, at=NOON, on=NOON.date(), kind=RoundKind.FORMAL, name="正式"
        )
        keep(session, row, event)
        assert lay_out_items(session, row) == 3
        assert lay_out_items(session, row) == 0, "a second time finds nothing new"
    with database.reading() as session:
        found = session.exec(select(Item).order_by(Item.id)).all()  # type: ignore[arg-type]
    assert [(one.mode, one.possible, one.is_covert, one.is_open) for one in found] == [
        ("明查", Decimal("1.5"), False, True), ("暗访", Decimal("2.5"), True, False),
        ("明查、暗访", Decimal(3), True, True),
    ]  # fmt: skip


def test_a_later_version_divides_otherwise_and_undoing_gives_it_back(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, FIRST, HEAD)
    assert divided(database) == {"明查": "1.5", "暗访": "2.5"}
    batch = lay_out(database, settings, workbook(SECOND, head=HEAD))
    apply(database, batch)
    assert divided(database) == {"明查": "2", "暗访": "2"}, "the sum is the same, the parts are not"
    undo(database, batch)
    assert divided(database) == {"明查": "1.5", "暗访": "2.5"}


def test_what_an_earlier_version_lost_comes_back_with_the_file(
    database: Database, settings: Settings
) -> None:
    imported(database, settings, FIRST, HEAD)
    with database.writing() as session:
        session.execute(sa.update(Task).values(points_by_mode=None))
    apply(database, lay_out(database, settings, workbook(FIRST, head=HEAD)))
    assert divided(database) == {"明查": "1.5", "暗访": "2.5"}


def test_points_of_both_modes_are_awarded_and_then_deducted_from(office: Office) -> None:
    from tests.scoring.play import award_of, close, finding, plan_visit, publish

    with office.database.writing() as session:
        task = session.get_one(Task, office.task(OPEN).id)
        task.modes = "明查、暗访"
        session.add(task)
    ident = open_round(office)
    one = item(office, ident, OPEN)
    award(office.client_as("office"), one.id, "3")
    visit = plan_visit(office, ident, (OPEN,))
    said = finding(one.id, points_off="0.75")
    office.client_as("inspector").post(f"/visits/{visit.id}/findings", data=said)
    close(office, ident)
    publish(office, ident)
    given = award_of(office, one.id)
    assert given is not None and given.points == Decimal("2.25")
