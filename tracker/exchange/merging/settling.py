"""Writing what returned cells say: through the verbs a person would use in the pages, with their
events, in the name of whoever hands the file in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from tracker.actor import Actor, Role
from tracker.directory.department import Department
from tracker.directory.resolve import Found, Names
from tracker.errors import InputError
from tracker.events import keep
from tracker.exchange.merging.fields import ASKED, RECEIVED
from tracker.exchange.merging.pieces import Pieces, ReturnedPiece, names_in, spelled
from tracker.exchange.merging.settled import Deeds, Known
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.holding import Held
from tracker.plans.revising import redate, revise
from tracker.storage import StoredFile
from tracker.work import handover
from tracker.work.completion import request
from tracker.work.evidence import Evidence, at_part, attach, count_at, current, same_at
from tracker.work.lapsing import end_requests
from tracker.work.receipt import receive
from tracker.work.report import Report, report
from tracker.work.reporting import begin_by, reported_by
from tracker.work.requirement import Met, in_force, met
from tracker.workdays import WorkingCalendar

WHY = "按交回的表改派"
REPORTED = ("progress", "percent", "difficulties", "next_step")
Values = Mapping[str, str]
"""The values to write, by the field's key."""


@dataclass(frozen=True)
class HandIn:
    """Who hands in, when, on which day of the office; `calendar` is around that day. `pieces` are the
    files that came along, `most_pieces` how many a part may have."""

    by: Actor
    at: datetime
    on: date
    calendar: WorkingCalendar
    pieces: Pieces = field(default_factory=dict)
    most_pieces: int = 100


def settle_task(deeds: Deeds, held: Held, said: Values, hand_in: HandIn) -> None:
    """A task's own cells. Raises as `revise`."""
    changes: dict[str, str | Decimal | None] = {}
    if "text" in said:
        changes["text"] = said["text"]
    if "points" in said:
        changes["points"] = Decimal(said["points"]) if said["points"] else None
    if changes:
        event = revise(held.task, by=hand_in.by, at=hand_in.at, **changes)  # type: ignore[arg-type]
        deeds.add(held.task, event)


def settle_part(
    deeds: Deeds, known: Known, held: Held, part: Assignment, said: Values, hand_in: HandIn
) -> Assignment:
    """One part's cells: deadline, receipt, report, request for completion, then the department.

    `part` is one of `held.parts`, of which `known` knows. The part that has the work afterwards; the
    caller writes the deeds. Raises as the verbs do.
    """
    if "due_on" in said:
        day = date.fromisoformat(said["due_on"]) if said["due_on"] else None
        event = redate(part, held.task, held.parts, day, by=hand_in.by, at=hand_in.at)
        deeds.add(held.task, *held.parts, event)
    own = replace(hand_in, by=_for_department(hand_in.by, part))
    _receive(deeds, known, part, said, own)
    reported = _report(deeds, known, part, said, own)
    _attach(deeds, part, said, own, reported)
    _ask(deeds, known, part, said, own)
    if "department" in said:
        return _reassign(deeds, held, part, said["department"], hand_in)
    return part


def _for_department(by: Actor, part: Assignment) -> Actor:
    """The office hands in for a department, and the history says so."""
    if part.department_id in by.department_ids or not by.is_office:
        return by
    return replace(
        by, name=f"{by.name}（代录）", roles=frozenset({Role.CLERK}),
        department_ids=frozenset({part.department_id}),
    )  # fmt: skip


def _receive(deeds: Deeds, known: Known, part: Assignment, said: Values, hand_in: HandIn) -> None:
    """Whoever reports on a part has received it."""
    signs = said.get("state") in (RECEIVED, ASKED) or said.keys() & {
        *REPORTED,
        "done_on",
        "evidence",
    }
    if part.state == AssignmentState.ISSUED and signs:
        rows = receive(part, by=hand_in.by, at=hand_in.at)
        begin_by(known.rule(part), part, on=hand_in.on, calendar=hand_in.calendar)
        deeds.add(part, *rows)


def _report(
    deeds: Deeds, known: Known, part: Assignment, said: Values, hand_in: HandIn
) -> Report | None:
    """The report; None where the row reports nothing."""
    if not said.keys() & set(REPORTED):
        return None
    text, difficulties, next_step = known.newest(part)
    last = {
        "progress": text, "percent": str(part.percent), "difficulties": difficulties,
        "next_step": next_step,
    }  # fmt: skip
    new = last | {key: said[key] for key in REPORTED if key in said}
    said_in_words = new["progress"] or new["difficulties"] or new["next_step"]
    row, event = report(
        part, by=hand_in.by, at=hand_in.at,
        text=new["progress"] if said_in_words else f"完成 {new['percent']}%。",
        percent=int(new["percent"]), difficulties=new["difficulties"], next_step=new["next_step"],
    )  # fmt: skip
    reported_by(known.rule(part), part, on=hand_in.on, calendar=hand_in.calendar)
    deeds.add(part, row, event)
    return row


def _attach(
    deeds: Deeds, part: Assignment, said: Values, hand_in: HandIn, reported: Report | None
) -> None:
    """Files that the row names and that came along become evidence; content that is there already
    is not kept twice. Raises InputError when the part would have too many."""
    if "evidence" not in said:
        return
    deeds.write()  # the report has its id
    session = deeds.session
    there = _names_there(session, part)
    named = [name for name in map(spelled, names_in(said["evidence"])) if name not in there]
    own = [hand_in.pieces.get(name) for name in named]
    known = same_at(session, part, {piece[0].sha256 for piece in own if piece})
    for piece in own:
        if piece is None or piece[0].sha256 in known:
            continue
        if count_at(session, part) >= hand_in.most_pieces:
            raise InputError(f"一项任务最多 {hand_in.most_pieces} 份佐证材料。", "evidence")
        file, kept = piece
        row, event = attach(
            part, file, by=hand_in.by, at=hand_in.at, report_id=reported.id if reported else None,
            previews=_previews(session, kept),
        )  # fmt: skip
        known[file.sha256] = file
        keep(session, row, event)


def _names_there(session: Session, part: Assignment) -> set[str]:
    """The names of the evidence in force."""
    files = [piece.file_id for piece in current(at_part(session, part))]
    names = session.exec(select(StoredFile.name).where(col(StoredFile.id).in_(files)))
    return {spelled(name) for name in names}


def _previews(session: Session, piece: ReturnedPiece) -> tuple[StoredFile, StoredFile] | None:
    if piece.small_id is None or piece.large_id is None:
        return None
    return (
        session.get_one(StoredFile, piece.small_id), session.get_one(StoredFile, piece.large_id)
    )  # fmt: skip


def _ask(deeds: Deeds, known: Known, part: Assignment, said: Values, hand_in: HandIn) -> None:
    """Completion is asked for by the state or by the day on which the work was done."""
    done_on = said.get("done_on", "")
    if said.get("state") != ASKED and not done_on:
        return
    demanding = known.wants_evidence(part.task_id)
    row, event = request(
        part, by=hand_in.by, at=hand_in.at,
        required=_required(deeds.session, part.task_id) if demanding else (),
        statement=f"实际办结日期 {done_on}" if done_on else "",
        needs_approval=deeds.session.get_one(Department, part.department_id).needs_approval,
    )  # fmt: skip
    deeds.add(part, row, event)


def _required(session: Session, task_id: int) -> list[Met]:
    """The evidence that a task must have, and how far it is there."""
    parts = select(Assignment.id).where(Assignment.task_id == task_id)
    pieces = session.exec(select(Evidence).where(col(Evidence.assignment_id).in_(parts))).all()
    return met(in_force(session, task_id), [piece.requirement_id for piece in current(pieces)])


def _reassign(deeds: Deeds, held: Held, part: Assignment, name: str, hand_in: HandIn) -> Assignment:
    deeds.write()  # what was done before it stands before it in the history
    session = deeds.session
    found = Names.load(session, on=hand_in.on).resolve(name)
    if found.found is not Found.DEPARTMENT or found.department_id is None:
        raise InputError(f"名录里没有单位“{name[:30]}”。", "department")
    heir, events = handover.reassign(
        held.task, part, held.parts, found.department_id, by=hand_in.by, at=hand_in.at, reason=WHY
    )
    keep(session, held.task, *held.parts, heir, *events)
    end_requests(session, [part], at=hand_in.at)
    return heir
