"""A week in 清河县: what people did with their tasks, step by step, through the real verbs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from sqlmodel import Session, col, select

from tracker import clock
from tracker.actor import Actor
from tracker.demo import asking, evidence, files
from tracker.directory.actors import actor_for
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.events import keep
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task
from tracker.settings import Settings
from tracker.work import receiving
from tracker.work.closing import close_if_done
from tracker.work.completion import Completion, Verdict, request, review
from tracker.work.evidence import attach
from tracker.work.receipt import receive


@dataclass(frozen=True)
class Deed:
    """Hours before now, who (a login), what, on the task whose text begins so."""

    hours: int
    login: str
    what: str
    task: str
    words: str = ""
    percent: int = 0
    value: str = ""
    difficulties: str = ""
    next_step: str = ""


DEEDS = (
    Deed(150, "edu", "receive", "1) 中小学开足健康教育课"),
    Deed(149, "edu", "receive", "校服、教辅收费公示"),
    Deed(148, "service", "receive", "梳理高频事项"),
    Deed(147, "service", "receive", "大厅延时服务"),
    Deed(146, "service", "receive", "推行“一件事”联办"),
    Deed(145, "health", "receive", "1) 医疗机构候诊区"),
    Deed(144, "market", "receive", "1) 农贸市场划行归市"),
    Deed(143, "city", "receive", "1) 主干道两侧无占道"),
    Deed(142, "city", "receive", "1) 公厕全天开放"),
    Deed(141, "housing", "receive", "3) 建筑工地围挡"),
    Deed(140, "justice", "receive", "建立村级调解日志"),
    Deed(139, "transport", "receive", "1) 客运站设便民服务点"),
    Deed(144, "service", "report", "梳理高频事项", "事项清单已建，压减材料 24 份", 35, "12"),
    Deed(130, "service", "report", "梳理高频事项", "已梳理 46 个事项，压减材料 61 份", 60, "22.5"),
    Deed(120, "edu", "report+file", "1) 中小学开足健康教育课", "24 所学校课表已收齐，教案抽查完成", 100),
    Deed(118, "edu", "request", "1) 中小学开足健康教育课", "课表、教案见佐证"),
    Deed(110, "city", "report+photo", "1) 公厕全天开放", "37 座公厕已公示保洁人员和开放时间", 100),
    Deed(108, "city", "request", "1) 公厕全天开放", "现场照片已上传"),
    Deed(100, "office", "accept", "1) 公厕全天开放"),
    Deed(96, "office", "return", "1) 中小学开足健康教育课", "请补充城关镇三所小学的教案"),
    Deed(90, "health", "report", "1) 医疗机构候诊区", "县医院已更换导引牌，乡镇卫生院正在更换", 50),
    Deed(80, "market", "report+photo", "1) 农贸市场划行归市", "三个市场划线完成，证照公示栏已上墙", 100),
    Deed(78, "market", "request", "1) 农贸市场划行归市", "请审核"),
    Deed(72, "edu", "receive", "2) 校园周边二百米"),
    Deed(70, "edu.head", "receive", "学籍、户籍信息比对"),
    Deed(60, "service", "report", "推行“一件事”联办", "十项中八项已联调，两项等待接口", 80,
         difficulties="两项要用的省级接口还没有开放", next_step="每周向上级平台催问一次"),
    Deed(58, "service", "report", "梳理高频事项", "复核后退回 5 份，实际压减 84 份", 55, "31",
         difficulties="三个单位的事项口径不一致"),
    Deed(50, "housing", "report", "3) 建筑工地围挡", "21 个工地完成整改，余 4 个", 85),
    Deed(44, "justice", "report+file", "建立村级调解日志", "六个村试行，样本见佐证", 30),
    Deed(30, "transport", "report+photo", "1) 客运站设便民服务点", "便民点已启用，投诉电话上墙", 100),
    Deed(28, "transport", "request", "1) 客运站设便民服务点", "照片见佐证"),
    Deed(20, "office", "accept", "1) 客运站设便民服务点"),
    Deed(10, "chengguan", "receive", "乡镇便民点配齐帮办人员"),
    Deed(6, "edu", "report", "校服、教辅收费公示", "三所学校尚未公示，正在督促", 70, "92"),
)  # fmt: skip


def play(session: Session, settings: Settings, *, at: datetime) -> None:
    """Every deed in its order, as of its own moment."""
    for deed in DEEDS:
        moment = at - timedelta(hours=deed.hours)
        actor = _actor(session, deed.login, settings, at=at)
        for part in _parts(session, actor, deed.task):
            _do(session, settings, deed, part, actor, moment)
    office, clerk = (_actor(session, login, settings, at=at) for login in ("office", "service"))
    evidence.lay_out(session, settings, office=office, clerk=clerk, at=at)


def _actor(session: Session, login: str, settings: Settings, *, at: datetime) -> Actor:
    ident = session.exec(select(User.id).where(User.login == login)).one()
    assert ident is not None
    actor = actor_for(session, ident, on=clock.day_of(at, settings.timezone))
    assert actor is not None
    return actor


def _parts(session: Session, actor: Actor, beginning: str) -> Iterator[Assignment]:
    """The actor's own part in the task; for the office the part that waits for it."""
    wanted = (
        select(Assignment)
        .join(Task, col(Task.id) == Assignment.task_id)
        .join(Department, col(Department.id) == Assignment.department_id)
        .where(col(Task.text).startswith(beginning, autoescape=True))
    )
    if actor.is_office:
        wanted = wanted.where(Assignment.state == AssignmentState.SUBMITTED)
    else:
        wanted = wanted.where(col(Assignment.department_id).in_(actor.department_ids))
    yield session.exec(wanted).one()


def _do(
    session: Session, settings: Settings, deed: Deed, part: Assignment, actor: Actor, at: datetime
) -> None:
    if deed.what == "receive":
        rows = receive(part, by=actor, at=at)
        asking.begin(session, part, settings, at=at)
        keep(session, part, *rows)
    elif deed.what == "request":
        keep(session, part, *request(part, by=actor, at=at, statement=deed.words, required=()))
    elif deed.what.startswith("report"):
        row = asking.told(
            session, part, settings, by=actor, at=at, words=deed.words, percent=deed.percent,
            value=deed.value, difficulties=deed.difficulties, next_step=deed.next_step,
        )  # fmt: skip
        _evidence(session, settings, deed, part, actor, at, row.id)
    else:
        _review(session, settings, deed, part, actor, at)


def _evidence(
    session: Session, settings: Settings, deed: Deed, part: Assignment, actor: Actor, at: datetime,
    report_id: int | None,
) -> None:  # fmt: skip
    if "+" not in deed.what:
        return
    is_photo = deed.what.endswith("photo")
    content = (
        files.picture(90, 130, 160) if is_photo else files.page("Qinghe County, sample evidence")
    )
    name = "现场照片.png" if is_photo else "佐证材料.pdf"
    piece = receiving.receive(
        BytesIO(content), name=name, settings=settings, by=actor, at=at, files=[]
    )
    keep(session, *piece.files)
    rows = attach(part, piece.file, by=actor, at=at, report_id=report_id, previews=piece.previews)
    keep(session, *rows)


def _review(
    session: Session, settings: Settings, deed: Deed, part: Assignment, actor: Actor, at: datetime
) -> None:
    completion = session.exec(
        select(Completion).where(
            Completion.assignment_id == part.id, col(Completion.reviewed_at).is_(None)
        )
    ).one()
    on = clock.day_of(at, settings.timezone)
    verdict = Verdict.ACCEPTED if deed.what == "accept" else Verdict.RETURNED
    row, event = review(
        completion, part, by=actor, at=at, on=on, verdict=verdict, demand=deed.words
    )
    keep(session, completion, part, row, event)
    task = session.get_one(Task, part.task_id)
    parts = list(session.exec(select(Assignment).where(Assignment.task_id == task.id)))
    keep(session, task, *parts, *close_if_done(task, parts, by=actor, at=at, on=on))
