"""Returned workbooks together (汇总): each merged for itself, then seen beside the others, confirmed as
one and written in one transaction, each in the name of whoever sent it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from sqlmodel import Session

from tracker.actor import Actor
from tracker.db import is_sqlite
from tracker.errors import StepRefused
from tracker.exchange.export import Export
from tracker.exchange.merging import applying
from tracker.exchange.merging.adding import add
from tracker.exchange.merging.applying import Choice
from tracker.exchange.merging.comparing import Merged, compare_all, may_change
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.pieces import Pieces
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.settling import HandIn
from tracker.exchange.merging.traces import Trace, between, picture

CHANGED_MEANWHILE = "核对以后有人又改过这些任务，没有写入。请重新核对。"
ELSEWHERE = "另一份交回的表（{name}）也这样改。"
OTHERWISE = "另一份交回的表（{name}）改成“{said}”，只能用一份。"
_OPEN = (Kind.THEIRS, Kind.CONFLICT)


@dataclass
class Sent:
    """One workbook that takes part. `ident` is how it is named in a choice, `name` what people call
    it, `by` in whose name it is written and by whose powers it is judged; a `skipped` one was shown
    and is left for later. `pieces` came along with it, `adds`
    are the places of the new tasks that are wanted."""

    ident: int
    name: str
    export: Export
    found: Found
    by: Actor
    choice: Choice = field(default_factory=Choice)
    pieces: Pieces = field(default_factory=dict)
    adds: Collection[int] = ()
    skipped: bool = False
    merged: Merged | None = None
    seen: str = ""

    @property
    def changes(self) -> list[Change]:
        """What became of its cells; none before `look`."""
        return self.merged.changes if self.merged else []


class Written(NamedTuple):
    """The tasks that a workbook changed, and what that did to their rows."""

    tasks: list[int]
    trace: Trace


def look(session: Session, sent: Sequence[Sent], *, today: date, zone: str) -> None:
    """Merge each with what is here now, then tell what several of them change; nothing is written."""
    books = [(one.export, one.found, one.by, one.pieces) for one in sent]
    for one, merged in zip(sent, compare_all(session, books, today=today, zone=zone), strict=True):
        one.merged, one.seen = merged, said_by(merged)
    _tell_each_other([one for one in sent if not one.skipped])


def said_by(merged: Merged) -> str:
    """What a workbook says by itself, to be compared when it is confirmed."""
    return f"{applying.shown(merged.changes)} {merged.new}"


def _tell_each_other(sent: Sequence[Sent]) -> None:
    """A cell that two workbooks change alike is written once; changed differently it is a conflict
    of both."""
    found: dict[Cell, list[tuple[Sent, Change]]] = defaultdict(list)
    for one in sent:
        for change in one.changes:
            if change.kind in _OPEN:
                found[change.cell].append((one, change))
    for several in found.values():
        for place, (one, change) in enumerate(several):
            if said := _beside(change, place, several):
                assert one.merged is not None
                changes = one.merged.changes
                changes[changes.index(change)] = said


def _beside(change: Change, place: int, several: Sequence[tuple[Sent, Change]]) -> Change | None:
    """The change as it is beside the others of its cell; None where that says nothing new."""
    for other, theirs in several:
        if theirs.theirs != change.theirs:
            why = OTHERWISE.format(name=other.name, said=theirs.theirs[:30])
            return replace(change, kind=Kind.CONFLICT, reason=why)
    first, _change = several[0]
    return (
        replace(change, kind=Kind.SAME, reason=ELSEWHERE.format(name=first.name)) if place else None
    )


def shown(sent: Sequence[Sent]) -> str:
    """A fingerprint of what a person was shown of all of them."""
    said = "\n".join(sorted(f"{one.ident} {one.seen}" for one in sent))
    return sha256(said.encode()).hexdigest()[:32]


def confirm(
    session: Session, sent: Sequence[Sent], *, seen: str, hand_in: HandIn, zone: str
) -> Mapping[int, Written]:
    """Write what a person confirmed after seeing it; what was written by workbook.

    `hand_in` says when and on which day; each workbook is written in its sender's name. Raises
    StepRefused when the look is out of date, a conflict is undecided, or two workbooks are chosen for
    one cell; the caller's transaction then writes nothing.
    """
    held_look(session, sent, today=hand_in.on, zone=zone)
    if shown(sent) != seen:
        raise StepRefused(CHANGED_MEANWHILE)
    return {
        one.ident: _traced(session, one, changes, _own(one, hand_in))
        for one, changes in _decided(sent)
    }


def held_look(session: Session, sent: Sequence[Sent], *, today: date, zone: str) -> None:
    """As `look`, at rows that nobody else changes until the transaction ends. Raises StepRefused for
    an archived plan."""
    _hold(session, sent, today=today, zone=zone)
    session.expire_all()
    look(session, sent, today=today, zone=zone)


def write(session: Session, sent: Sequence[Sent], hand_in: HandIn) -> set[int]:
    """Write what `held_look` has just shown in this transaction, without a trace for undoing it; the
    tasks. Raises StepRefused as `confirm`."""
    return {
        task
        for one, changes in _decided(sent)
        for task in _written(session, one, changes, _own(one, hand_in))
    }


def _own(one: Sent, hand_in: HandIn) -> HandIn:
    """A workbook is written in its sender's name."""
    return replace(hand_in, by=one.by, pieces=one.pieces)


def _decided(sent: Sequence[Sent]) -> list[tuple[Sent, list[Change]]]:
    """The workbooks to write, each with its changes. Raises StepRefused."""
    _refuse_undecided(sent)
    found = [(one, applying.wanted(one.changes, one.choice)) for one in sent if not one.skipped]
    _refuse_two_for_one(found)
    return found


def _traced(
    session: Session, sent: Sent, changes: Sequence[Change], hand_in: HandIn
) -> Written:  # fmt: skip
    touched = applying.touched(session, changes)
    before = picture(session, touched)
    tasks = _written(session, sent, changes, hand_in)
    return Written(tasks, between(before, picture(session, tasks)))


def _written(
    session: Session, sent: Sent, changes: Sequence[Change], hand_in: HandIn
) -> list[int]:  # fmt: skip
    """The tasks that were changed, and those that were added."""
    new = sent.merged.new if sent.merged else []
    wanted = [one for place, one in enumerate(new) if place in sent.adds]
    tasks = applying.apply(session, changes, hand_in)
    return tasks + add(session, sent.export.plan_id, wanted, hand_in)


def _hold(session: Session, sent: Sequence[Sent], *, today: date, zone: str) -> None:
    """Hold what the files may change, whatever is here now."""
    by_plan: dict[int, list[Cell]] = {one.export.plan_id: [] for one in sent}
    for one in sent:
        if not is_sqlite(session):  # whoever writes there holds the whole database already
            by_plan[one.export.plan_id] += may_change(
                session, one.export, one.found, today=today, zone=zone
            )
    for plan_id, cells in sorted(by_plan.items()):
        applying.hold(session, plan_id, cells)


def _refuse_undecided(sent: Sequence[Sent]) -> None:
    open_ = [
        (one, change)
        for one in sent
        if not one.skipped
        for change in applying.undecided(one.changes, one.choice)
    ]
    if open_:
        one, change = open_[0]
        raise StepRefused(
            f"还有 {len(open_)} 处冲突没有选择，先选好再确认。第一处：{one.name} {change.source}"
        )


def _refuse_two_for_one(decided: Sequence[tuple[Sent, Sequence[Change]]]) -> None:
    found: set[Cell] = set()
    for _one, changes in decided:
        for change in changes:
            if change.cell in found:
                raise StepRefused(f"同一格选了两份表，只能用一份：{change.source}")
            found.add(change.cell)
