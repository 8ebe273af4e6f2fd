"""Who may change which cell of a returned workbook, and to what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tracker.actor import Actor
from tracker.exchange.merging.fields import ASKED, BY_KEY, RECEIVED, Of, Who
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.pieces import Pieces, lacking, new_names
from tracker.exchange.rows import STATE_WORDS, PartLine
from tracker.plans.assignment import AssignmentState

OFFICES = "这一栏由牵头办公室修改。"
LOCKED = "这一栏在单位的表里是锁定的，由牵头办公室在整份台账里改。"
NOBODYS = "这一栏不能在表里改。"
REMOVED = "佐证材料“{name}”不能在表里删掉，请在任务页撤回。"
LACKING = "没有一起交来文件“{name}”。请把它和表一起选中上传，或者在任务页上传。"
NOT_YET = "办结日期 {day} 还没有到。请写实际办结的日期。"
OTHERS = "这一行不是本单位的。"
SEVERAL = "这一行有几个单位，进展请在各单位自己的表里填。"


class Rules:
    """Who may change which cell, and to what."""

    def __init__(self, by: Actor, *, is_slice: bool, pieces: Pieces, today: date) -> None:
        self.by, self.is_slice, self.pieces, self.today = by, is_slice, pieces, today
        self._parts: dict[int, PartLine] = {}

    def know(self, parts: Iterable[PartLine]) -> None:
        """Parts as they are now; one that is not known is nobody's any more."""
        self._parts.update((part.assignment.id, part) for part in parts)

    def allowed(self, cell: Cell) -> str:
        """Why the person may not change the cell; '' when she may."""
        field = BY_KEY[cell.field]
        if field.of is Of.PART and cell.of is Of.TASK:
            return SEVERAL
        if field.who is Who.NOBODY:
            return NOBODYS
        if field.who is Who.OFFICE:
            if not self.by.may("work.assign"):
                return OFFICES
            return LOCKED if self.is_slice else ""
        part = self._parts.get(cell.ident)
        if part is None:
            return "这个单位已经不承担这项任务。"
        if not (self.by.is_office or part.assignment.department_id in self.by.department_ids):
            return OTHERS
        return _ended(part.assignment.state)

    def checked(self, change: Change) -> Change:
        """A state may only become what a department can make it; evidence needs its file; work is done
        by today."""
        if change.kind not in (Kind.THEIRS, Kind.CONFLICT):
            return change
        if change.cell.field == "evidence":
            return self._with_files(change)
        if change.cell.field == "done_on" and change.theirs > self.today.isoformat():
            reason = NOT_YET.format(day=change.theirs)
            return replace(change, kind=Kind.INVALID, reason=reason)
        if change.cell.field != "state":
            return change
        issued = change.ours == STATE_WORDS[AssignmentState.ISSUED]
        if change.theirs == ASKED or (issued and change.theirs == RECEIVED):
            return change
        reason = f"状态只能改为“{RECEIVED}”或“{ASKED}”，不能改为“{change.theirs[:20]}”。"
        return replace(change, kind=Kind.INVALID, reason=reason)

    def _with_files(self, change: Change) -> Change:
        """New names are added to what is there; none goes away."""
        added, removed = new_names(change.theirs, change.base)
        missing = lacking(added, self.pieces)
        if removed:
            reason = REMOVED.format(name=removed[0][:60])
            return replace(change, kind=Kind.INVALID, reason=reason)
        if missing:
            return replace(change, kind=Kind.INVALID, reason=LACKING.format(name=missing[0][:60]))
        return replace(change, kind=Kind.THEIRS if added else Kind.UNCHANGED)


def _ended(state: AssignmentState) -> str:
    if state == AssignmentState.SUBMITTED:
        return "这项任务已经申请办结，正在等待审核，进展不能再改。"
    if state in (AssignmentState.ISSUED, AssignmentState.IN_PROGRESS):
        return ""
    return "这项任务已经办结或撤销，进展不能再改。"
