"""Applying a batch: one transaction with its event, and undoing it while nothing stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from importers import Reading
from importers.collection import no_collection
from tracker.actor import Actor
from tracker.directory.department import Department, add
from tracker.directory.group import Group, members
from tracker.directory.resolve import Names
from tracker.errors import AlreadyDone, StepRefused
from tracker.events import Event, deed, keep
from tracker.failpoints import failpoint
from tracker.intake import choices, kept, versions
from tracker.intake.answers import Answer, about
from tracker.intake.batch import Batch, BatchState, take_turn
from tracker.intake.changing import apply_changes
from tracker.intake.decide import Decisions, plan_tables, rows
from tracker.intake.outcome import Outcome, compare
from tracker.intake.placing import drop_empty_sections, order_sections
from tracker.intake.question import Question
from tracker.intake.remembering import remember
from tracker.intake.writing import write_new
from tracker.plans.archive import refuse_archived
from tracker.plans.holding import held
from tracker.plans.plan import Plan, PlanState
from tracker.text import match_key


@dataclass(frozen=True)
class Applied:
    """What applying did."""

    plan: Plan
    outcome: Outcome


def open_questions(session: Session, batch: Batch) -> list[Question]:
    """Questions nobody has answered."""
    return list(
        session.exec(
            select(Question)
            .where(Question.batch_id == batch.id, col(Question.answer).is_(None))
            .order_by(col(Question.id))
        )
    )


def decisions(session: Session, batch: Batch, *, on: date, names: Names | None = None) -> Decisions:
    """The directory of today and the batch's answers so far.

    `names` is the directory the questions were asked against: departments that this batch makes
    must not turn a name that was clear into an ambiguous one.
    """
    names = names or Names.load(session, on=on)
    by_key = {department.key: ident for ident, department in names.departments.items()}
    answers: dict[tuple[str, str], Answer] = {}
    asked = select(Question).where(Question.batch_id == batch.id).order_by(col(Question.id))
    for question in session.exec(asked):
        if question.answer is not None:
            answers[about(question.code), question.value] = _linked(question.answer, by_key)
    return Decisions(names, _group_members(session, on=on), answers)


def _linked(answer: Answer, by_key: Mapping[str, int]) -> Answer:
    """An answer that asks for a new department, led to it where somebody has made it by now."""
    found = by_key.get(match_key(answer["name"])) if answer["take"] == "new" else None
    return answer if found is None else {"department_id": found, **answer}


def _group_members(session: Session, *, on: date) -> Mapping[int, list[int]]:
    return {
        group.id: [d.id for d in session.exec(members(group, on=on)) if d.id is not None]
        for group in session.exec(select(Group))
        if group.id is not None
    }


def plan_named(session: Session, batch: Batch, *, lock: bool = False) -> Plan | None:
    """The plan the batch goes into, if it exists already. The lock lets those pass who only see to
    it that the plan is not archived (`archive.refuse_archived`): they hold a part we come to want."""
    wanted = select(Plan).where(Plan.name == batch.plan_name)
    return session.exec(wanted.with_for_update(key_share=True) if lock else wanted).first()


def apply(session: Session, batch: Batch, *, by: Actor, at: datetime, on: date) -> Applied:
    """Write the batch. Raises AlreadyDone for one applied before, StepRefused while questions
    are open, or when the plan was changed after the preview was made."""
    if batch.state != BatchState.PREVIEW:
        raise AlreadyDone("这一批已经导入过，没有再次写入。" if batch.state == BatchState.APPLIED
                          else "这一批已经撤销。请重新上传文件。")  # fmt: skip
    if waiting := open_questions(session, batch):
        raise StepRefused(f"还有 {len(waiting)} 个问题没有回答，第一个是“{waiting[0].value}”。")
    take_turn(session)
    plan = plan_named(session, batch, lock=True)
    if (plan.version if plan else None) != batch.plan_version:
        raise StepRefused("预览之后计划有了变动，没有写入。请回到预览页，核对新的结果后再确认。")
    if plan is not None:
        refuse_archived(session, plan.id or 0)
    names = Names.load(session, on=on)
    created, added = _make_departments(session, batch, by=by, at=at)
    reading = kept.unpack(batch.reading)
    decided = decisions(session, batch, on=on, names=names)
    with no_collection():
        same = versions.known_again(session, batch)
        outcome = compare(session, plan.id if plan else None, rows(reading, decided), same)
    present = held(session, outcome.touched)
    is_new = plan is None
    plan = plan or _new_plan(session, batch, reading, by=by, at=at)
    failpoint("import-plan-written")
    with no_collection():
        write_new(session, plan, batch, outcome.new, outcome.placed, at=at)
    failpoint("import-rows-written")
    settled = apply_changes(session, plan, batch, outcome, present, by=by, at=at, on=on)
    _tidy_sections(session, plan, outcome)
    plan.version += 1
    choices.learn(session, batch, by=by, at=at)
    aliases = remember(session, batch, names.found_by_short_name, by=by, at=at)
    made = {"made_plan": is_new, "departments": created, "aliases": aliases}
    _close(batch, plan, outcome, by=by, at=at, made=made)
    keep(
        session,
        plan,
        batch,
        *added,
        *settled,
        deed(
            by, "plan.imported", "batch", batch.id, at=at, plan_id=plan.id,
            file_id=batch.file_id, **outcome.counts(),
        ),
    )  # fmt: skip
    failpoint("import-before-commit")
    return Applied(plan, outcome)


def _new_plan(session: Session, batch: Batch, reading: Reading, *, by: Actor, at: datetime) -> Plan:
    table = plan_tables(reading)[0]
    plan = Plan(
        name=batch.plan_name, title=table.title or "", document=table.document or "",
        issued_on=batch.issued_on, state=PlanState.ACTIVE, version=0, created_at=at,
        created_by=by.user_id,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return plan


def _tidy_sections(session: Session, plan: Plan, outcome: Outcome) -> None:
    """Headings in the order of their tasks; those that lost their last one are gone."""
    assert plan.id is not None
    session.flush()
    moved = any("outline" in before for _task, _row, before in outcome.changed)
    if moved:
        drop_empty_sections(session, plan.id)
    is_later = bool(outcome.present.headings)
    if moved or (outcome.new and is_later):
        order_sections(session, plan)


def _make_departments(
    session: Session, batch: Batch, *, by: Actor, at: datetime
) -> tuple[list[int], list[Event]]:
    """Departments that answers ask for, with their events; one name asked for twice is one."""
    made: list[int] = []
    events: list[Event] = []
    for question in session.exec(
        select(Question).where(Question.batch_id == batch.id).order_by(col(Question.id))
    ):
        answer = question.answer
        if answer is None or answer["take"] != "new":
            continue
        key = match_key(answer["name"])
        department = session.exec(select(Department).where(Department.key == key)).first()
        if department is None:
            (department,), added = add(session, [answer["name"]], by=by, at=at)
            assert department.id is not None
            made.append(department.id)
            events += added
        question.answer = {**answer, "department_id": department.id}
        session.add(question)
    session.flush()
    return made, events


def _close(
    batch: Batch, plan: Plan, outcome: Outcome, *, by: Actor, at: datetime, made: dict[str, Any]
) -> None:
    batch.plan_id = plan.id
    batch.plan_version = plan.version
    batch.state = BatchState.APPLIED
    batch.applied_at, batch.applied_by = at, by.user_id
    batch.counts = outcome.counts() | made
