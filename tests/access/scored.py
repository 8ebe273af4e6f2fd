"""A published round over the test's task with one row of every kind that scoring has."""

from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from tests.conftest import Office
from tracker.events import Event
from tracker.plans.assignment import Assignment
from tracker.scoring.award import Award
from tracker.scoring.finding import Finding, FindingPhoto
from tracker.scoring.freezing import FrozenLine, FrozenRanking
from tracker.scoring.item import Item
from tracker.scoring.round import Round, RoundKind
from tracker.scoring.visit import Visit, VisitItem
from tracker.work.evidence import Evidence

MODELS: dict[str, Any] = {
    "round_id": Round, "item_id": Item, "visit_id": Visit, "finding_id": Finding,
    "ranking_id": FrozenRanking, "line_id": FrozenLine,
}  # fmt: skip


def score(office: Office, session: Session, part: Assignment) -> None:
    """The task's points in a round, a visit of the inspector, a finding with a photo, a frozen line."""
    row = Round(
        plan_id=part.plan_id, kind=RoundKind.FORMAL, name="正式测评", opened_on=office.now.date(),
        closed_at=office.now, published_at=office.now, published_on=office.now.date(),
    )  # fmt: skip
    _keep(session, row)
    four = Decimal(4)
    item = Item(
        round_id=_id(row), task_id=part.task_id, mode="暗访", possible=four, is_covert=True,
        is_open=False,
    )  # fmt: skip
    visit = Visit(
        round_id=_id(row), inspector_id=office.actor("inspector").user_id or 0,
        planned_on=office.now.date(),
    )  # fmt: skip
    ranking = FrozenRanking(
        plan_id=part.plan_id, round_id=row.id, name="三月", rule_version=0, least_items=3,
        frozen_at=office.now, frozen_by_name="督查室",
    )  # fmt: skip
    _keep(session, item, visit, ranking)
    event = session.exec(select(Event.id).order_by(col(Event.id))).first()
    finding = Finding(
        key="0" * 32, visit_id=_id(visit), item_id=_id(item), is_clear=True, points_off=Decimal(0),
        seen_at=office.now, recorded_at=office.now,
    )  # fmt: skip
    _keep(
        session, finding, VisitItem(visit_id=_id(visit), item_id=_id(item)),
        Award(item_id=_id(item), event_id=event or 0, points=four),
        FrozenLine(
            ranking_id=_id(ranking), department_id=part.department_id, name="甲", earned=four,
            possible=four, items=1, bonus=0, penalty=0, rate=100, score=100,
        ),
    )  # fmt: skip
    photo = session.exec(select(Evidence.file_id)).first()
    _keep(session, FindingPhoto(finding_id=_id(finding), number=1, file_id=photo or 0))


def _keep(session: Session, *rows: Any) -> None:
    session.add_all(rows)
    session.flush()


def _id(row: Any) -> int:
    assert row.id is not None
    return int(row.id)
