"""Plans whose every text is what no office would type, stored straight into the database: as older rules
let it in, or another program put it there. Seeded: a number gives the same plans again."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlmodel import Session, col, select

from tests.conftest import NOON
from tests.exchange.styled.books import STYLED
from tests.intake.sheets import HEAD, workbook
from tests.intake.test_applying import apply, lay_out
from tracker.db import Database
from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, Section
from tracker.plans.task import Task, UnresolvedName
from tracker.settings import Settings
from tracker.storage import StoredFile
from tracker.work.evidence import Evidence
from tracker.work.report import Report

PIECES: tuple[str, ...] = (
    "=1+1", "+86", "-1", "@SUM(A1)", "＝甲", "|cmd", "%1", '=HYPERLINK("http://x.test","点")',
    "\x01\x02", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\x80", "\x9f", "\ufffe", "\uffff", "\ufdd0", "\U0001ffff",
    "_x0041_", "_x000D_", "_X0041_", "_x005F_", "_x00", "__x0041__", "_x005F_x0041_", "_xZZZZ_",
    "\u202e倒", "\u200f右", "\u2066内\u2069", "\u200b零", "\ufeff头", "\u00ad软", "\u2060接",
    "👨‍👩‍👧‍👦", "𠮷野家", "🇨🇳", "e\u0301", "ｱﾞ", "ﷺ", "Z\u0351\u0352\u0353", "⽇", "財政局", "Ａ局", "а",
    "一\n二", "一\r\n二", "一\r二", "一\u2028二", "一\u2029二", "一\x85二", "\n\n", "末\n", "\t列\t", " 前", "后 ", "两  格",
    "\u3000全角\u3000", "\xa0不断\xa0", "   ", "", "'", '"', "''", '"引"', "<b>", "&amp;", "&lt;", "a&b", "]]>", "<![CDATA[",
    "<!--", "</t></is></c>", "&#10;", "&#x41;", "1-2", "00123", "1e5", "1E400", "TRUE", "false", "2026-03-10", "3/4", "50%", "5％",
    "1,234.50", "0.1", "-0", "∞", "NaN", "#N/A", "#REF!", "1/0", "12:30", "R1C1", "A1", "￥5", "1.0000000000000001", "12345678901234567890",
    "{{7*7}}", "${x}", "%s%n", "' OR 1=1--", "\\n", "C:\\x", "\\u0041", "：", "待定：财政局", "财政局（牵头）：已办", "灯", "行标识（请勿改动）",
    "TL-0123456789abcdef-1-1", "TO-0123456789abcdef-1-0", "错误信息", "先看这里：", "办理中", "完成", "√", "/", "—", "无",
)  # fmt: skip
"""A lone surrogate is missing: neither database takes one."""
_READ_BY_OPENPYXL = sorted(set(STYLED) - {"in_the_strict_dialect"})
_EDGES = (32_766, 32_767, 32_768, 40_000)
_FILLINGS = ("长", "😀", "_x0041_", "a\n", "<")


def text(random: Random, *, short: bool = False) -> str:
    """One to four pieces run together, once in a while a very long one."""
    if not short and random.random() < 0.02:
        filling = random.choice(_FILLINGS)
        return (filling * _EDGES[0])[: random.choice(_EDGES)] + random.choice(PIECES)
    return "".join(random.choice(PIECES) for _ in range(random.randint(1, 4)))


def line(random: Random) -> str:
    """A text for a column that holds one line; such names are never empty."""
    return " ".join((text(random, short=True) + "名").split())


def plan_file(random: Random) -> bytes:
    """A workbook with ordinary words; what is hostile comes afterwards."""
    if random.random() < 0.2:
        return STYLED[random.choice(_READ_BY_OPENPYXL)]()
    whom = ("教体局", "财政局", "教体局、财政局", "财政局、相关部门")
    rows = [
        (n, f"办好第{n}件事", random.choice(whom), "2026年6月底前")
        for n in range(1, random.randint(2, 8))
    ]
    return workbook(rows, HEAD, "河湾镇任务")


def plans(
    database: Database, settings: Settings, seeds: Sequence[int]
) -> list[str]:  # fmt: skip
    """A plan for each seed, filled; their names. Departments are renamed once all plans know theirs."""
    for seed in seeds:
        apply(database, lay_out(database, settings, plan_file(Random(seed)), name=f"计划{seed}"))
    random = Random(seeds[0])
    with database.writing() as session:
        for department in session.exec(select(Department)):
            department.name = f"{line(random)}{department.id}"
        for seed in seeds:
            _fill(session, Random(seed), f"计划{seed}")
    return [f"计划{seed}" for seed in seeds]


def _fill(session: Session, random: Random, name: str) -> None:
    plan = session.exec(select(Plan).where(Plan.name == name)).one()
    plan.title, plan.document = text(random), text(random)
    for section in session.exec(select(Section).where(Section.plan_id == plan.id)):
        section.title = text(random)
    for task in session.exec(select(Task).where(Task.plan_id == plan.id)):
        task.text, task.number, task.modes = text(random), line(random), text(random)
        task.deadline_text, task.standard = text(random), text(random)
        task.points = random.choice((None, Decimal("0.5"), Decimal(5), Decimal("100")))
        task.due_on = _day(random)
        task.completed_on = _day(random)
    for waiting in session.exec(select(UnresolvedName).where(UnresolvedName.plan_id == plan.id)):
        waiting.name = line(random)
    parts = session.exec(
        select(Assignment).where(Assignment.plan_id == plan.id).order_by(col(Assignment.id))
    ).all()
    for part in parts:
        _work(session, random, part)


def _day(random: Random) -> date | None:
    """Most days are ours, some are before or after what offices write."""
    odd = (None, date(1900, 3, 1), date(1999, 12, 31), date(2100, 1, 1))
    return random.choice(
        (*odd, *(date(2026, 1, 1) + timedelta(random.randint(0, 700)) for _ in range(8)))
    )


def _work(session: Session, random: Random, part: Assignment) -> None:
    part.state = random.choice([one for one in AssignmentState if one != AssignmentState.WITHDRAWN])
    part.percent, part.due_on, part.completed_on = (
        random.randint(0, 100),
        _day(random),
        _day(random),
    )
    if random.random() < 0.8:
        session.add(
            Report(
                assignment_id=part.id, at=NOON, text=text(random), percent=part.percent,
                difficulties=text(random), next_step=text(random),
            )
        )  # fmt: skip
    for n in range(random.choice((0, 0, 1, 3))):
        file = StoredFile(
            key=f"{part.id}-{n}", name=line(random), sha256="0" * 64, size=1, media_type="image/png",
            kept_at=NOON,
        )  # fmt: skip
        session.add(file)
        session.flush()
        session.add(Evidence(assignment_id=part.id, file_id=file.id, at=NOON))
