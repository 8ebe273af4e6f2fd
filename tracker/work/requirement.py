"""A requirement (佐证要求): what a task's evidence must hold, set by the office."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.errors import AlreadyDone, InputError
from tracker.events import Event, deed
from tracker.files.kinds import GROUP_OF, Group
from tracker.plans.task import Task
from tracker.text import clean_line

LONGEST = 40
MOST = 10
"""Requirements of a task."""
COLUMNS = ("佐证材料", "需上传材料", "上传材料", "证明材料", "印证材料")
"""Columns of imported tables that say what is wanted."""
GROUP_WORDS = {
    Group.IMAGE: "图片", Group.DOCUMENT: "文档（pdf、doc、docx、ofd）",
    Group.TABLE: "表格（xls、xlsx）", Group.ARCHIVE: "压缩包（zip）",
}  # fmt: skip


class Requirement(SQLModel, table=True):
    """`kinds` are words of Group parted by spaces, empty for any file; `least` how many pieces."""

    __tablename__ = "requirement"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True, ondelete="CASCADE")
    name: str
    kinds: str = ""
    least: int = 1
    at: datetime = Field(sa_type=UtcDateTime)
    by: int | None = Field(default=None, foreign_key="user.id")
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def groups(self) -> list[Group]:
        """The kinds of files that count, none for any."""
        return [Group(word) for word in self.kinds.split()]

    def takes(self, media_type: str) -> bool:
        """Whether a file of this kind counts."""
        return not self.groups or GROUP_OF.get(media_type) in self.groups


@dataclass(frozen=True)
class Wanted:
    """What the office asks for, not yet a row."""

    name: str
    groups: tuple[Group, ...] = ()
    least: int = 1


@dataclass(frozen=True)
class Met:
    """A requirement and how many pieces count for it."""

    requirement: Requirement
    count: int

    @property
    def is_met(self) -> bool:
        """Whether it is enough."""
        return self.count >= self.requirement.least

    @property
    def lack(self) -> str:
        """What is missing, in words: “现场照片”还差 1 份."""
        missing = self.requirement.least - self.count
        return f"“{self.requirement.name}”还差 {missing} 份"


def require(
    task: Task, wanted: Wanted, present: Sequence[Requirement], *, by: Actor, at: datetime
) -> tuple[Requirement, Event]:
    """Ask for evidence of one kind; `present` are those in force. Raises InputError for no name, a
    name that is there already, or a number outside 1 to 99."""
    by.require("requirement.change")
    name = clean_line(wanted.name, field="佐证要求的名称", longest=LONGEST)
    if not name:
        raise InputError("请写明要什么佐证材料，例如“现场照片”。", "name")
    if name in {one.name for one in present}:
        raise InputError(f"佐证要求“{name}”已经有了。", "name")
    if len(present) >= MOST:
        raise InputError(f"一项任务最多 {MOST} 条佐证要求。", "name")
    if not 0 < wanted.least < 100:
        raise InputError(f"佐证要求“{name}”的份数应是 1 到 99 的整数。", "least")
    assert task.id is not None
    row = Requirement(
        task_id=task.id, name=name, kinds=" ".join(wanted.groups), least=wanted.least, at=at,
        by=by.user_id,
    )  # fmt: skip
    return row, deed(
        by, "requirement.added", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        name=name, least=wanted.least,
    )  # fmt: skip


def remove(requirement: Requirement, task: Task, *, by: Actor, at: datetime) -> Event:
    """No longer ask for it; the evidence that came for it stays. Raises AlreadyDone."""
    by.require("requirement.change")
    if requirement.removed_at is not None:
        raise AlreadyDone(f"佐证要求“{requirement.name}”已经取消了。")
    requirement.removed_at = at
    return deed(
        by, "requirement.removed", "task", task.id, at=at, plan_id=task.plan_id, task_id=task.id,
        name=requirement.name,
    )  # fmt: skip


def in_force(session: Session, task_id: int) -> list[Requirement]:
    """A task's requirements, in the order they were set."""
    wanted = select(Requirement).where(
        Requirement.task_id == task_id, col(Requirement.removed_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Requirement.id))))


def with_some(session: Session, task_ids: Collection[int]) -> set[int]:
    """Of these tasks, those that ask for any evidence."""
    wanted = select(Requirement.task_id).where(
        col(Requirement.task_id).in_(task_ids), col(Requirement.removed_at).is_(None)
    )
    return set(session.exec(wanted))


def met(requirements: Iterable[Requirement], counted: Iterable[int | None]) -> list[Met]:
    """How far each is met; `counted` are the requirements that the pieces in force came for."""
    given = list(counted)
    return [Met(one, given.count(one.id)) for one in requirements]


_PARTS = re.compile(r"[、，,；;。\n]+")
_NUMBERED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.．、]\s*|[①-⑳]\s*)")
_NUMBER = re.compile(r"(?:不少于|至少|≥)?\s*(\d{1,2})\s*[张份个幅](?:以上)?")
_IMAGE = re.compile("照片|图片|截图|影像")
_NOTHING = frozenset({"", "/", "无", "—", "-", "－"})


def proposed(task: Task) -> list[Wanted]:
    """What a column of the imported table asks for, for the office to take over with one click."""
    said = [str(task.fields[head]) for head in task.fields if _is_about(head) and task.fields[head]]
    found: dict[str, Wanted] = {}
    for part in (part for text in said for part in _PARTS.split(text)):
        number = _NUMBER.search(part)
        name = _NUMBER.sub("", _NUMBERED.sub("", part)).strip(" 等　()（）及和")[:LONGEST]
        if name in _NOTHING:
            continue
        groups = (Group.IMAGE,) if _IMAGE.search(name) else ()
        found.setdefault(name, Wanted(name, groups, max(1, int(number[1]) if number else 1)))
    return list(found.values())[:MOST]


def _is_about(head: str) -> bool:
    return any(word in "".join(head.split()) for word in COLUMNS)
