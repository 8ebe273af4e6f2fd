"""New rows of the office's workbook: tasks that the plan does not have yet, proposed and, once
confirmed, written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sqlmodel import Session

from tracker.actor import Actor
from tracker.directory.resolve import Found, Names
from tracker.errors import InputError
from tracker.events import deed, keep
from tracker.exchange.export import Export
from tracker.exchange.merging.fields import read_day, read_line, read_points, read_words
from tracker.exchange.merging.recognising import Loose
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.rows import ROLE_WORDS
from tracker.failpoints import failpoint
from tracker.intake.placing import Placed, make_room
from tracker.intake.writing import ensure_sections
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.plans.plan import Plan
from tracker.plans.task import Task

OFFICES = "新的任务由牵头办公室在整份台账里添加，单位的表里加的行不会写入。"
NOBODY = "没有写责任单位。请写上单位全称，再交一次。"
UNKNOWN = "名录里没有单位“{name}”。请写单位全称，再交一次。"
GROUP = "“{name}”是一组单位。请逐个写明单位，或者在导入页导入。"
_PARTING = str.maketrans(dict.fromkeys("，,；;\n", "、"))


@dataclass(frozen=True)
class NewTask:
    """A task as its row proposes it. `parts` are departments' ids, names and roles; `reason` why it
    cannot be added, '' when it can; `after` the task it follows, 0 for the end."""

    source: str
    number: str
    text: str
    outline: tuple[str, ...] = ()
    modes: str = ""
    points: Decimal | None = None
    deadline_text: str = ""
    due_on: date | None = None
    parts: tuple[tuple[int, str, AssignmentRole], ...] = ()
    after: int = 0
    reason: str = ""


def proposals(
    session: Session, loose: Sequence[Loose], export: Export, *, by: Actor, on: date
) -> list[NewTask]:
    """What the rows that are like none of the plan's would become; rows that say one text one below
    the other are one task of several departments."""
    if not loose:
        return []
    allowed = by.may("work.assign") and export.department_id is None
    names = Names.load(session, on=on)
    found: list[NewTask] = []
    for row in loose:
        new = _read(row, names) if allowed else _told(row, OFFICES)
        last = found[-1] if found else None
        if last and (last.text, last.number) == (new.text, new.number):
            found[-1] = replace(
                last, parts=_united(last.parts, new.parts), reason=last.reason or new.reason
            )
        else:
            found.append(new)
    return found


def _united(
    parts: tuple[tuple[int, str, AssignmentRole], ...],
    more: tuple[tuple[int, str, AssignmentRole], ...],
) -> tuple[tuple[int, str, AssignmentRole], ...]:
    known = {ident for ident, _name, _role in parts}
    return (*parts, *(one for one in more if one[0] not in known))


def _told(row: Loose, reason: str) -> NewTask:
    return NewTask(row.source, row.text("number").strip(), row.text("text").strip(), reason=reason)


def _read(row: Loose, names: Names) -> NewTask:
    try:
        points, deadline = read_points(row.text("points")), read_line(row.text("deadline_text"))
        return NewTask(
            source=row.source, number=read_line(row.text("number")),
            text=read_words(row.text("text")), outline=_outline(row.text("section")),
            modes=read_line(row.text("modes")), points=Decimal(points) if points else None,
            deadline_text=deadline, due_on=_day(row.text("due_on"), deadline),
            parts=_parts(row, names), after=row.after,
        )  # fmt: skip
    except InputError as refused:
        return _told(row, refused.message)


def _outline(written: str) -> tuple[str, ...]:
    """As the ledger writes the headings above a task."""
    return tuple(part for one in written.split(" / ") if (part := read_line(one)))


def _day(written: str, deadline: str) -> date | None:
    """The date column; without one, the day that the deadline's words name in full."""
    said = read_day(written)
    if not said and deadline:
        try:
            said = read_day(deadline)
        except InputError:
            return None
    return date.fromisoformat(said) if said else None


def _parts(row: Loose, names: Names) -> tuple[tuple[int, str, AssignmentRole], ...]:
    said = read_line(row.text("role"))
    supports = said == ROLE_WORDS[AssignmentRole.SUPPORT]
    role = AssignmentRole.SUPPORT if supports else AssignmentRole.LEAD
    written = row.text("department").translate(_PARTING).split("、")
    found = {}
    for name in filter(None, map(read_line, written)):
        known = names.resolve(name)
        if known.found in (Found.GROUP, Found.OPEN_GROUP):
            raise InputError(GROUP.format(name=name[:30]), "department")
        if known.found is not Found.DEPARTMENT or known.department_id is None:
            raise InputError(UNKNOWN.format(name=name[:30]), "department")
        found[known.department_id] = (known.department_id, name, role)
    if not found:
        raise InputError(NOBODY, "department")
    return tuple(found.values())


def add(session: Session, plan_id: int, new: Sequence[NewTask], hand_in: HandIn) -> list[int]:
    """Write the tasks with their parts, each behind the task that its row follows; their ids.

    Those with a reason against them are left out. Raises Forbidden for anybody but the office.
    """
    wanted = [one for one in new if not one.reason]
    if not wanted:
        return []
    hand_in.by.require("work.assign")
    plan = session.get_one(Plan, plan_id)
    sections = ensure_sections(session, plan, [one.outline for one in wanted])
    places = make_room(session, plan, [Placed(None, one.after or None) for one in wanted])
    tasks = []
    for one, position in zip(wanted, places, strict=True):
        tasks.append(_added(session, plan_id, one, sections, position, hand_in))
        failpoint("merge-row")
    plan.version += 1
    session.add(plan)
    return tasks


def _added(
    session: Session, plan_id: int, one: NewTask, sections: Mapping[tuple[str, ...], int],
    position: int, hand_in: HandIn,
) -> int:  # fmt: skip
    task = Task(
        plan_id=plan_id, section_id=sections.get(one.outline), position=position,
        number=one.number, text=one.text, modes=one.modes, points=one.points,
        deadline_text=one.deadline_text, deadline_kind="date" if one.due_on else "none",
        due_on=one.due_on, original_due_on=one.due_on, match_key=_key(one), source=one.source,
    )  # fmt: skip
    session.add(task)
    session.flush()
    assert task.id is not None
    parts = [
        Assignment(
            plan_id=plan_id, task_id=task.id, department_id=ident, role=role, due_on=one.due_on,
            issued_at=hand_in.at, as_written=name,
        )
        for ident, name, role in one.parts
    ]  # fmt: skip
    event = deed(
        hand_in.by, "task.added", "task", task.id, at=hand_in.at, plan_id=plan_id,
        task_id=task.id, text=one.text, departments=[name for _id, name, _role in one.parts],
    )  # fmt: skip
    keep(session, *parts, event)
    return task.id


def _key(one: NewTask) -> str:
    """As the importers' rows are known again in a later version of the plan."""
    above = "\x1f".join((*one.outline, ""))
    return sha256(f"{above}{one.number}\x1f{one.text}\x1f1".encode()).hexdigest()[:32]
