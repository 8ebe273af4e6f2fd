"""A returned workbook against its export and what is here now: the merge, and what is no cell of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from importers.book import Sheet
from importers.collection import no_collection
from tracker.actor import Actor
from tracker.errors import InputError
from tracker.exchange.export import Export
from tracker.exchange.merging import astray, pairing
from tracker.exchange.merging.adding import NewTask, proposals
from tracker.exchange.merging.base import Block, Texts, blocks
from tracker.exchange.merging.differing import OfTask, Order, Rows, Speaks, differences
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.guessing import export_like
from tracker.exchange.merging.merge import Cell, Change, Kind, Said, Written, merge_cell
from tracker.exchange.merging.pairing import Candidate, Pair, candidates, pair
from tracker.exchange.merging.pieces import Pieces
from tracker.exchange.merging.present import Present
from tracker.exchange.merging.recognising import Found, Loose, recognise
from tracker.exchange.merging.rowmark import KEY_LENGTH
from tracker.exchange.merging.rules import Rules
from tracker.exchange.merging.saying import KEYS, of_part, of_task, value_of
from tracker.exchange.rows import PartLine, Scope, TaskLine

NO_EXPORT = "文件里没有本系统导出的行标识。请从计划页导出后再填写。"


@dataclass
class Merged:
    """What became of the file: the cells' changes, and rows by the place or the words of their task.

    `missing` are rows of the export that the file lacks, `foreign` rows of another export and those that the
    export never had, `gone` rows whose task is no more, `twice` rows that stand several times, `astray` rows
    whose mark is another's, `pairs` rows without a mark that seem to be a task's, `new` those that are like none.
    """

    export: Export
    changes: list[Change]
    """but for those that are unchanged, which are counted"""
    unchanged: int = 0
    missing: list[TaskLine] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    twice: list[list[str]] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
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
    astray.drop(found, export.base, export.key)
    return export, found


def compare(
    session: Session, export: Export, found: Found, *, by: Actor, today: date, zone: str,
    pieces: Pieces | None = None, present: Present | None = None,
) -> Merged:  # fmt: skip
    """Merge the cells of the file; nothing is written. `by` is whoever hands it in, `pieces` are the
    files that came along; `present` is what several workbooks of one plan share."""
    present = present or Present(session, Scope(export.plan_id, today, zone))
    pairs, strange = _paired(export, found, present)
    rules = Rules(by, is_slice=export.department_id is not None, pieces=pieces or {}, today=today)
    merged = Merged(export, [], unread=found.unread, pairs=pairs)
    merged.new = proposals(session, strange, export, by=by, on=today)
    merged.twice = list(found.twice.values())
    rows = Rows(found.tables.get(export.key[:KEY_LENGTH], ()), pairs)
    doubts = _doubts(pairs, has_base=not found.is_guessed)
    with no_collection():
        _Comparing(merged, rows, present, rules, doubts).compare()
    merged.foreign[:0] = found.others
    own = found.tables.get(export.key[:KEY_LENGTH], ())
    merged.changes, places = astray.told(merged.changes, own, export.base)
    merged.astray = [*found.astray, *places]
    return merged


def compare_all(
    session: Session,
    books: Sequence[tuple[Export, Found, Actor, Pieces]],
    *,
    today: date,
    zone: str,
) -> list[Merged]:
    """Merge several workbooks; what they share of a plan is read once."""
    plans: dict[int, list[set[int]]] = defaultdict(list)
    for export, found, _by, _pieces in books:
        plans[export.plan_id].append(found.tasks(export.key[:KEY_LENGTH]))
    present = {
        plan: Present(session, Scope(plan, today, zone), set().union(*tasks) if tasks[1:] else ())
        for plan, tasks in plans.items()
    }
    return [
        compare(session, export, found, by=by, today=today, zone=zone, pieces=pieces,
                present=present[export.plan_id])
        for export, found, by, pieces in books
    ]  # fmt: skip


def may_change(
    session: Session, export: Export, found: Found, *, today: date, zone: str
) -> list[Cell]:
    """The cells that the file says otherwise than the export said: whatever is here now, no other is
    written. For holding their rows before the merge that counts is made."""
    pairs, _strange = _paired(export, found, Present(session, Scope(export.plan_id, today, zone)))
    rows = Rows(found.tables.get(export.key[:KEY_LENGTH], ()), pairs)
    return [cell for cell, _said, _written in differences(export.base, rows)]


class _Now(NamedTuple):
    """What a task says now; None for one that is no more. `parts` are by their ids."""

    line: TaskLine | None
    parts: Mapping[int, PartLine]

    def texts(self, of: Of, ident: int) -> Texts | None:
        """What a row shows, in the order of its fields; None where nothing is known of it."""
        if of is Of.TASK:
            return of_task(self.line) if self.line else None
        return of_part(self.parts[ident]) if ident in self.parts else None

    def value(self, cell: Cell, otherwise: str) -> str:
        """A cell's value; `otherwise` where nothing is known of it."""
        texts = self.texts(cell.of, cell.ident)
        if texts is None or cell.field not in KEYS[cell.of]:
            return otherwise
        return value_of(cell.field, texts[KEYS[cell.of].index(cell.field)])


class _Comparing:
    """Goes through the blocks of the base, each beside the file's rows and what is here now."""

    def __init__(
        self, merged: Merged, rows: Rows, present: Present, rules: Rules,
        doubts: Mapping[Cell, tuple[bool, str]],
    ) -> None:  # fmt: skip
        self._merged, self._rows, self._present = merged, rows, present
        self._rules, self._doubts = rules, doubts
        self._wanted = rows.tasks()
        self._changes: list[tuple[Order, Change]] = []
        self._gone: list[tuple[Order, str]] = []

    def compare(self) -> None:
        """Fill in the changes and the rows that are no cell of the merge."""
        known: set[int] = set()
        for block in blocks(self._merged.export.base):
            known |= self._wanted & block.tasks.keys()
            self._block(block)
        self._merged.foreign += self._rows.foreign(sorted(self._wanted - known))
        self._merged.changes = [change for _order, change in sorted(self._changes, key=_first)]
        self._merged.gone = [place for _order, place in sorted(self._gone)]

    def _block(self, block: Block) -> None:
        tasks = [task for task in block.tasks if task in self._wanted]
        lacking = [task for task in block.tasks if task not in self._wanted]
        lines = self._present.lines(tasks)
        self._merged.missing += self._present.lines(lacking).values() if lacking else ()
        parts = {part.assignment.id: part for line in lines.values() for part in line.parts}
        told = {
            task: self._rows.against(block, task)
            for task in tasks
            if not self._is_as_it_was(block, task, lines.get(task), parts)
        }
        absent = [
            ident for one in told.values() for of, ident in one.speaks
            if of is Of.PART and ident not in parts
        ]  # fmt: skip
        standing = self._present.standing(absent)
        for task, one in told.items():
            gone = {(of, ident) for of, ident in one.speaks
                    if (ident not in lines if of is Of.TASK
                        else ident not in parts and ident not in standing)}  # fmt: skip
            self._task(block, one, _Now(lines.get(task), parts), gone)

    def _is_as_it_was(
        self, block: Block, task: int, line: TaskLine | None, parts: Mapping[int, PartLine]
    ) -> bool:
        """Whether a task's rows say what they said, as does the tracker; its cells are counted then."""
        idents = self._rows.quiet(block, task) if line else None
        if line is None or idents is None or of_task(line) != block.tasks[task]:
            return False
        for ident in idents:
            if ident not in parts or of_part(parts[ident]) != block.parts[ident]:
                return False
        self._merged.unchanged += len(KEYS[Of.TASK]) + len(idents) * len(KEYS[Of.PART])
        return True

    def _task(self, block: Block, told: OfTask, now: _Now, gone: set[tuple[Of, int]]) -> None:
        merged, before = self._merged, len(self._changes)
        merged.foreign += told.foreign
        for key in gone:
            speaks = told.speaks.pop(key)
            self._gone.append((speaks.order, speaks.place))
        parts = {cell.ident for cell in told.differing if cell.of is Of.PART}
        self._rules.know(now.parts[ident] for ident in parts & now.parts.keys())
        for cell, (said, order, written) in told.differing.items():
            if (cell.of, cell.ident) not in gone:
                self._change(cell, said, order, written, now.value(cell, said.value))
        for (of, ident), speaks in told.speaks.items():
            ours, base = now.texts(of, ident), block.texts(of, ident)
            if ours is not None and ours != base:
                self._changed_here(of, ident, speaks, told, zip(base, ours, strict=True))
        merged.unchanged += told.cells - (len(self._changes) - before)

    def _change(
        self, cell: Cell, said: Said, order: Order, written: Sequence[Written], ours: str
    ) -> None:
        change = merge_cell(cell, said, written, ours, self._rules.allowed)
        change = _doubted(self._rules.checked(change), self._doubts)
        if change.kind is not Kind.UNCHANGED:
            self._changes.append((order, change))

    def _changed_here(
        self, of: Of, ident: int, speaks: Speaks, told: OfTask, texts: Iterable[tuple[str, str]]
    ) -> None:
        """Cells that the file leaves as they were and somebody has changed here."""
        for key, (was, now) in zip(KEYS[of], texts, strict=True):
            cell = Cell(of, ident, key)
            if was == now or key not in speaks.keys or cell in told.differing:
                continue
            base, ours = value_of(key, was), value_of(key, now)
            if base != ours:
                order, source = speaks.cell(key)
                change = Change(Kind.OURS, cell, base, base, ours, source)
                self._changes.append((order, change))


def _first(one: tuple[Order, Change]) -> Order:
    return one[0]


def _paired(
    export: Export, found: Found, present: Present
) -> tuple[list[Pair], list[Loose]]:  # fmt: skip
    """Rows without a mark: those that seem to be a task's, and those that are like none."""
    if not found.loose:
        return [], []
    held = {
        (of, ident)
        for block in blocks(export.base)
        for of, rows in ((Of.TASK, block.tasks), (Of.PART, block.parts))
        for ident in rows
    }
    marked = {(row.mark.task, row.mark.part) for _table, row in found.of(export.key[:KEY_LENGTH])}
    return pair(found.loose, _exported(present.whole(), held), marked)


def _exported(present: Sequence[TaskLine], held: Collection[tuple[Of, int]]) -> list[Candidate]:
    """The rows that the export had: a department's copy is compared with no other's rows."""
    return [
        one
        for one in candidates(present)
        if ((Of.PART, one.part) if one.part else (Of.TASK, one.task)) in held
    ]


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
