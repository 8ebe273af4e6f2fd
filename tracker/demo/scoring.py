"""A rehearsal that was published and a formal round under way, through the real verbs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from sqlmodel import Session, col, select

from tracker import clock
from tracker.actor import Actor
from tracker.demo import files, tables
from tracker.directory.actors import actor_for
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.events import keep
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring import photo, publishing, rules
from tracker.scoring.award import give, keep_award
from tracker.scoring.finding import Finding, FindingPhoto, record
from tracker.scoring.item import Item, lay_out
from tracker.scoring.praise import praise
from tracker.scoring.round import Round, RoundKind, Shows, close, open_round
from tracker.scoring.rules import RuleKind, Terms
from tracker.scoring.visit import Visit, plan_visit, put
from tracker.settings import Settings
from tracker.storage import write
from tracker.stores.chosen import store_of

DEDUCTED = {
    "2) 每月召开": ("1.5", "缺一次会议记录"),
    "1) 中小学开足": ("3.5", "三所小学教案不全"),
    "2) 政务大厅落实": ("2.5", "两天登记不完整"),
}
SEEN = {
    "2) 校园周边二百米": ("1.5", "放学时校门口有三个流动摊点", "城关镇第一小学东门"),
    "1) 主干道两侧": ("2", "店外摆放桌椅占用人行道", "人民路中段"),
    "1) 农贸市场划行": ("0.5", "一个摊位没有公示证照", "东关农贸市场"),
    "1) 公厕全天开放": ("", "", ""),
    "1) 客运站设便民": ("", "", ""),
    "1) 医疗机构候诊": ("", "", ""),
    "3) 学校食堂公示": ("", "", ""),
}
AGREED = Terms(0, 2, {
    RuleKind.LATE: (Decimal("0.5"), Decimal(3)), RuleKind.RETURNED: (Decimal("0.2"), Decimal(1)),
    RuleKind.EXTENDED: (Decimal("0.2"), Decimal(1)), RuleKind.PRAISED: (Decimal(1), Decimal(2)),
    RuleKind.POOR_COOPERATION: (Decimal("0.5"), Decimal(2)),
})  # fmt: skip


def play(session: Session, settings: Settings, *, at: datetime) -> None:
    """The rounds of the first plan as they stand at a moment."""
    office, inspector = (_actor(session, login, settings, at) for login in ("office", "inspector"))
    plan = session.exec(select(Plan).where(Plan.name == tables.CIVIL)).one()
    on, began = clock.day_of(at, settings.timezone), at - timedelta(days=6)
    day = clock.day_of(began, settings.timezone)
    _rules(session, office, at=began, on=day)
    row = _open(session, plan, office, RoundKind.REHEARSAL, "第一次模拟测评", at=began, on=day)
    for task, item in _items(session, row):
        if item.is_open:
            _award(session, row, task, item, office, at=began)
    visit = _visit(session, row, list(SEEN), office, inspector, at=began, on=day)
    for task, item in _items(session, row):
        said = next((SEEN[one] for one in SEEN if task.text.startswith(one)), None)
        if said is not None:
            _finding(session, settings, visit, row, item, inspector, *said, at=began)
    _praise(session, plan, office, at=at - timedelta(days=4))
    ended = at - timedelta(days=3)
    keep(session, close(row, by=office, at=ended), row)
    publishing.publish(
        session, row, plan, by=office, at=ended, on=clock.day_of(ended, settings.timezone),
        rectify_by=on + timedelta(days=14),
    )  # fmt: skip
    formal = _open(session, plan, office, RoundKind.FORMAL, "正式测评", at=at, on=on)
    _visit(session, formal, list(SEEN)[:3], office, inspector, at=at, on=on)


def _actor(session: Session, login: str, settings: Settings, at: datetime) -> Actor:
    ident = session.exec(select(User.id).where(User.login == login)).one()
    actor = actor_for(session, ident or 0, on=clock.day_of(at, settings.timezone))
    assert actor is not None
    return actor


def _rules(session: Session, by: Actor, *, at: datetime, on: date) -> None:
    row, each, event = rules.save(
        session, AGREED, by=by, at=at, on=on, valid_from=on, note="年初商定", seen=0
    )
    keep(session, row)
    for rule in each:
        rule.rule_set_id = row.id or 0
    keep(session, *each, event)


def _open(
    session: Session, plan: Plan, by: Actor, kind: RoundKind, name: str, *, at: datetime, on: date
) -> Round:
    row, event = open_round(plan, by=by, at=at, on=on, kind=kind, name=name, shows=Shows.RANKING)
    keep(session, row)
    event.subject_id = row.id
    lay_out(session, row)
    keep(session, event)
    return row


def _items(session: Session, row: Round) -> list[tuple[Task, Item]]:
    wanted = select(Task, Item).join(Item, col(Item.task_id) == Task.id)
    return list(session.exec(wanted.where(Item.round_id == row.id).order_by(col(Item.id))))


def _award(
    session: Session, row: Round, task: Task, item: Item, by: Actor, *, at: datetime
) -> None:
    said = next((DEDUCTED[one] for one in DEDUCTED if task.text.startswith(one)), None)
    points, reason = (Decimal(said[0]), said[1]) if said else (item.possible, "")
    award, event = give(item, row, None, by=by, at=at, points=points, reason=reason, seen=None)
    keep_award(session, award, event)


def _visit(
    session: Session, row: Round, beginnings: list[str], by: Actor, inspector: Actor, *,
    at: datetime, on: date,
) -> Visit:  # fmt: skip
    items = [
        item
        for task, item in _items(session, row)
        if any(task.text.startswith(one) for one in beginnings)
    ]
    visit, event = plan_visit(
        row, items, by=by, at=at, on=on, inspector_id=inspector.user_id or 0, planned_on=on,
        site="城关镇沿线", note="不打招呼，先看后查；照片要看得出地点。",
    )  # fmt: skip
    keep(session, visit)
    event.subject_id = visit.id
    keep(session, *put(visit, items), event)
    return visit


def _finding(
    session: Session, settings: Settings, visit: Visit, row: Round, item: Item, by: Actor,
    points: str, text: str, place: str, *, at: datetime,
) -> None:  # fmt: skip
    finding, event = record(
        visit, row, item, by=by, at=at, key=f"{item.id:032x}", is_clear=not points, seen_at=at,
        points_off=Decimal(points or 0), text=text, place=place,
    )  # fmt: skip
    keep(session, finding)
    event.subject_id = finding.id
    keep(session, event)
    if points:
        _photograph(session, settings, finding, at=at, by=by)


def _photograph(
    session: Session, settings: Settings, finding: Finding, *, at: datetime, by: Actor
) -> None:
    file = write(
        photo.clean(BytesIO(files.picture(150, 120, 90)), 1, settings=settings), store=store_of(settings),
        name="photo-1.jpg", media_type=photo.MEDIA_TYPE, limit=photo.LARGEST, at=at, by=by.user_id,
    )  # fmt: skip
    keep(session, file)
    keep(session, FindingPhoto(finding_id=finding.id or 0, number=1, file_id=file.id or 0))


def _praise(session: Session, plan: Plan, by: Actor, *, at: datetime) -> None:
    department = session.exec(
        select(Department).where(Department.name == "清河县市场监督管理局")
    ).one()
    reason = "三个市场同步划线，两天完成，做法已转各单位参考。"
    keep(session, *praise(plan, department.id or 0, by=by, at=at, reason=reason))
