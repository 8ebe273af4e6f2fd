"""A returned workbook against its export and what is here now: the merge, and what is no cell of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session, col, select

from importers.book import Sheet
from tracker.actor import Actor
from tracker.errors import InputError
from tracker.exchange.export import Export
from tracker.exchange.merging import pairing, saying
from tracker.exchange.merging.adding import NewTask, proposals
from tracker.exchange.merging.base import unpacked
from tracker.exchange.merging.fields import ASKED, BY_KEY, RECEIVED, Of, Who
from tracker.exchange.merging.guessing import export_like
from tracker.exchange.merging.merge import Cell, Change, Kind, Written, merge
from tracker.exchange.merging.pairing import Candidate, Pair, candidates, pair
from tracker.exchange.merging.pieces import Pieces, lacking, new_names
from tracker.exchange.merging.recognising import Found, recognise
from tracker.exchange.merging.rowmark import KEY_LENGTH
from tracker.exchange.rows import STATE_WORDS, PartLine, TaskLine, lines
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan

NO_EXPORT = "文件里没有本系统导出的行标识。请从计划页导出后再填写。"
OFFICES = "这一栏由牵头办公室修改。"
LOCKED = "这一栏在单位的表里是锁定的，由牵头办公室在整份台账里改。"
NOBODYS = "这一栏不能在表里改。"
REMOVED = "佐证材料“{name}”不能在表里删掉，请在任务页撤回。"
LACKING = "没有一起交来文件“{name}”。请把它和表一起选中上传，或者在任务页上传。"
OTHERS = "这一行不是本单位的。"
SEVERAL = "这一行有几个单位，进展请在各单位自己的表里填。"


@dataclass
class Merged:
    """What became of the file: the cells' changes, and rows by the place or the words of their task.

    `missing` are rows of the export that the file lacks, `foreign` rows of another export and those that the
    export never had, `gone` rows whose task is no more, `twice` rows that stand several times, `pairs`
    rows without a mark that seem to be a task's, `new` those that are like none.
    """

    export: Export
    changes: list[Change]
    missing: list[TaskLine] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    twice: list[list[str]] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    new: list[NewTask] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def of(self, *kinds: Kind) -> list[Change]:
        """The changes of some kinds, in the order of the file."""
        return [change for change in self.changes if change.kind in kinds]


def export_of(session: Session, sheets: Sequence[Sheet]) -> tuple[Export, Found]:
    """The export a workbook came from. Raises InputError where it bears no mark that we made."""
    found = recognise(sheets)
    beginning = found.export
    wanted = select(Export).where(col(Export.key).startswith(beginning, autoescape=True))
    has_rows = bool(found.tables or found.loose)
    export = session.exec(wanted).first() if beginning and has_rows else None
    if export is None and found.loose:
        export = export_like(session, found.loose)
        found.is_guessed = export is not None
    if export is None:
        raise InputError(NO_EXPORT, "file")
    return export, found


def compare(
    session: Session, export: Export, found: Found, *, by: Actor, today: date, zone: str,
    pieces: Pieces | None = None,
) -> Merged:  # fmt: skip
    """Merge the cells of the file; nothing is written. `by` is whoever hands it in, `pieces` are the
    files that came along."""
    plan = session.get_one(Plan, export.plan_id)
    present = lines(session, plan, today=today, zone=zone)
    base, ours = unpacked(export.base), saying.values(present)
    theirs = found.cells.get(export.key[:16], {})
    here = _here(session, plan, present)
    pairs, strange = pair(found.loose, _exported(present, base), _marked(found, export))
    theirs = theirs | _paired_cells(pairs, theirs)
    known = {
        cell: written for cell, written in theirs.items()
        if cell in base and (cell.of, cell.ident) in here
    }  # fmt: skip
    rules = _Rules(by, present, is_slice=export.department_id is not None, pieces=pieces or {})
    merged = Merged(export, merge(base, known, ours, rules.allowed), unread=found.unread)
    merged.foreign = [*found.others, *_foreign(theirs, base)]
    merged.gone = _places(theirs, {(c.of, c.ident) for c in base} - here)
    merged.twice = list(found.twice.values())
    merged.pairs, merged.new = pairs, proposals(session, strange, export, by=by, on=today)
    merged.missing = _missing(present, base, theirs)
    doubts = _doubts(pairs, has_base=not found.is_guessed)
    merged.changes = [_doubted(rules.checked(change), doubts) for change in merged.changes]
    return merged


def _exported(present: Sequence[TaskLine], base: Mapping[Cell, object]) -> list[Candidate]:
    """The rows that the export had: a department's copy is compared with no other's rows."""
    held = {(cell.of, cell.ident) for cell in base}
    return [
        one
        for one in candidates(present)
        if ((Of.PART, one.part) if one.part else (Of.TASK, one.task)) in held
    ]


def _marked(found: Found, export: Export) -> set[tuple[int, int]]:
    """The tasks and parts for which a row bears a mark."""
    tables = found.tables.get(export.key[:KEY_LENGTH], ())
    return {(row.mark.task, row.mark.part) for table in tables for row in table.rows}


def _paired_cells(
    pairs: Sequence[Pair], theirs: Mapping[Cell, list[Written]]
) -> dict[Cell, list[Written]]:
    """What rows without a mark say, behind what marked rows say of the same cells."""
    found: dict[Cell, list[Written]] = {}
    for one in pairs:
        for cell, written in one.cells().items():
            found.setdefault(cell, list(theirs.get(cell, ()))).append(written)
    return found


def _doubts(pairs: Sequence[Pair], *, has_base: bool) -> dict[Cell, tuple[bool, str]]:
    """Of each cell of a row without a mark: whether it must be chosen, and the sentence."""
    found: dict[Cell, tuple[bool, str]] = {}
    for one in pairs:
        why = pairing.BY_WORDS if one.is_exact else pairing.ALIKE
        said = (not has_base or not one.is_exact, why if has_base else pairing.NO_BASE)
        found |= dict.fromkeys(one.cells(), said)
    return found


def _doubted(change: Change, doubts: Mapping[Cell, tuple[bool, str]]) -> Change:
    """A change by a row whose task is only supposed is chosen by somebody, or at least told."""
    if change.kind not in (Kind.THEIRS, Kind.CONFLICT) or change.cell not in doubts:
        return change
    must_choose, reason = doubts[change.cell]
    return replace(change, kind=Kind.CONFLICT if must_choose else change.kind, reason=reason)


def _here(
    session: Session, plan: Plan, present: Sequence[TaskLine]
) -> set[tuple[Of, int]]:  # fmt: skip
    """The plan's tasks and parts that there are, withdrawn ones too: undoing an import takes some away."""
    parts = session.exec(select(Assignment.id).where(Assignment.plan_id == plan.id))
    tasks = {(Of.TASK, line.task.id or 0) for line in present}
    return tasks | {(Of.PART, ident) for ident in parts if ident}


def _foreign(theirs: Mapping[Cell, list[Written]], base: Mapping[Cell, object]) -> list[str]:
    """Places of rows whose task or part the export did not hold."""
    held = {(cell.of, cell.ident) for cell in base}
    return _places(theirs, {(cell.of, cell.ident) for cell in theirs} - held)


def _places(theirs: Mapping[Cell, list[Written]], rows: Collection[tuple[Of, int]]) -> list[str]:
    found = {written[0].source for cell, written in theirs.items() if (cell.of, cell.ident) in rows}
    return sorted(found)


def _missing(
    present: Sequence[TaskLine], base: Mapping[Cell, object], theirs: Mapping[Cell, object]
) -> list[TaskLine]:
    """Tasks that the export held and no row of the file is of."""
    here = {cell.ident for cell in theirs if cell.of is Of.TASK}
    parts = {cell.ident for cell in theirs if cell.of is Of.PART}
    exported = {cell.ident for cell in base if cell.of is Of.TASK}
    return [
        line for line in present
        if line.task.id in exported and line.task.id not in here
        and not any(part.assignment.id in parts for part in line.parts)
    ]  # fmt: skip


class _Rules:
    """Who may change which cell, and to what."""

    def __init__(
        self, by: Actor, present: Sequence[TaskLine], *, is_slice: bool, pieces: Pieces
    ) -> None:
        self.by, self.is_slice, self.pieces = by, is_slice, pieces
        self.parts: dict[int, PartLine] = {
            part.assignment.id or 0: part for line in present for part in line.parts
        }

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
        part = self.parts.get(cell.ident)
        if part is None:
            return "这个单位已经不承担这项任务。"
        if not (self.by.is_office or part.assignment.department_id in self.by.department_ids):
            return OTHERS
        return _ended(part.assignment.state)

    def checked(self, change: Change) -> Change:
        """A state may only become what a department can make it; evidence needs its file."""
        if change.kind not in (Kind.THEIRS, Kind.CONFLICT):
            return change
        if change.cell.field == "evidence":
            return self._with_files(change)
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
