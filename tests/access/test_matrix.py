"""Every view × eleven persons × eight states of a task: who may, who may not (403), for whom it is not
there (404). The table is reach.py; powers are actor.POWERS."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, SQLModel, col, select
from werkzeug.routing import Rule

from tests.access import reach, scored
from tests.access.reach import HELPER, IN_CHARGE, LEAD, OFFICE, OUTSIDER, READER
from tests.access.test_every_url import rules
from tests.conftest import Office
from tests.work.acting import SOLE
from tracker.access import read_by
from tracker.actor import COMMAND_LINE, PUBLIC, Actor, Role
from tracker.demo.cast import PASSWORD
from tracker.directory import people, upkeep
from tracker.directory.alias import Alias
from tracker.directory.group import Group
from tracker.directory.post import Holding, Post
from tracker.directory.user import User, hash_of
from tracker.exchange.export import Export, Layout
from tracker.exchange.merging.base import Writer
from tracker.exchange.merging.recognising import Found
from tracker.exchange.merging.returned import ReturnedFile, kept_cells
from tracker.intake.batch import Batch
from tracker.intake.question import Question
from tracker.mail.message import Message
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, PlanState
from tracker.plans.task import Task
from tracker.scoring.praise import Praise
from tracker.web import gate
from tracker.work.completion import Completion
from tracker.work.cooperation import PoorCooperation
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover, HandoverKind
from tracker.work.requirement import Requirement

pytestmark = pytest.mark.only_on("sqlite")

PERSONS: dict[str | None, str] = {
    None: "", "edu": LEAD, "edu.head": LEAD, "market": HELPER, "health": OUTSIDER, "finance": OUTSIDER,
    "office": OFFICE, "admin": OFFICE, "leader": READER, "inspector": READER, "vice": IN_CHARGE,
    "both": OUTSIDER,
}  # fmt: skip
"""A login and how the person stands to the task; `vice` leads edu only, `both` heads and works for
health."""
ALWAYS = ("in_progress", "withdrawn")
STATES = (*(state.value for state in AssignmentState), "withdrawn task", "archived plan")
TRIED = [
    state if state in ALWAYS else pytest.param(state, marks=pytest.mark.long) for state in STATES
]
NO_TASKS = {
    "no row",
    "the lead's returned copy",
    "the office's",
    "the lead's frozen points",
    "the inspector's visit",
}
"""What no state of a task changes is tried in one state."""
LOST = {"withdrawn": {LEAD, IN_CHARGE}, "withdrawn task": {LEAD, HELPER, IN_CHARGE}}
"""Who has nothing to do with the task any more."""
ANSWERED = {200, 201, 302, 409, 422}


@contextmanager
def nothing_stays(office: Office) -> Iterator[None]:
    """Writing sessions are rolled back at their end: each request meets the same world."""
    real = office.database.writing

    @contextmanager
    def writing() -> Iterator[Session]:
        with real() as session:
            yield session
            session.flush()
            session.expunge_all()
            session.rollback()

    office.database.writing = writing  # type: ignore[method-assign]
    yield
    office.database.writing = real  # type: ignore[method-assign]


@pytest.fixture
def world(office: Office) -> Office:
    """Two more persons, and one row of every kind that an address names."""
    on = office.now.date()
    part, helper = office.part(SOLE, "edu"), office.part(SOLE, "market")
    with office.database.writing() as session:
        _more_people(office, session)
        file = session.exec(select(Evidence.file_id)).first()
        known = {"at": office.now, "by": None}
        edu = session.exec(select(User.id).where(User.login == "edu")).one()
        rows = (
            Evidence(assignment_id=part.id, file_id=file, small_id=file, large_id=file, **known),
            Requirement(task_id=part.task_id, name="照片", **known),
            Completion(assignment_id=part.id, at=office.now, by=edu),
            Extension(
                assignment_id=part.id,
                was_due_on=on,
                asked_on=on + timedelta(9),
                reason="汛期",
                **known,
            ),
            Handover(assignment_id=part.id, kind=HandoverKind.TRANSFER, reason="划转", **known),
            PoorCooperation(assignment_id=helper.id, lead_id=part.id, reason="未复函", **known),
            Praise(plan_id=part.plan_id, department_id=part.department_id, reason="得力", **known),
            *handed_in(office, session, part),
            Alias.of_department("教育局甲", part.department_id, by=None, at=office.now),
        )
        session.add_all(rows)
        scored.score(office, session, part)
    return office


def handed_in(office: Office, session: Session, part: Assignment) -> list[SQLModel]:
    """The department's copy, handed in."""
    export = Export(
        key="e" * 32, plan_id=part.plan_id, department_id=part.department_id, layout=Layout.LEDGER,
        at=office.now, base=Writer().packed(),
    )  # fmt: skip
    session.add(export)
    session.flush()
    file = session.exec(select(Evidence.file_id)).first()
    empty = kept_cells(Found(), export.key)
    row = ReturnedFile(
        export_id=export.id or 0, plan_id=part.plan_id, department_id=part.department_id,
        file_id=file or 0, cells=empty, at=office.now,
    )  # fmt: skip
    return [row]


def _more_people(office: Office, session: Session) -> None:
    for login, role, department in (
        ("vice", Role.LEADER, None),
        ("both", Role.HEAD, "清河县卫生健康委员会"),
    ):
        people.add_user(
            session, login=login, name=login, email="", password_hash=hash_of(PASSWORD, login=""),
            role=role, department=department, by=COMMAND_LINE, at=office.now, on=office.now.date(),
        )  # fmt: skip
    held = select(Post).join(Holding).join(User).where(User.login == "vice")  # type: ignore[arg-type]
    post = session.exec(held).one()
    lead = office.part(SOLE, "edu").department_id
    upkeep.set_charges(session, post.id or 0, [lead], by=COMMAND_LINE, at=office.now)


def put(office: Office, state: str) -> None:
    """The lead's part in a state; everything it had asked for stays as it is."""
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(SOLE, "edu").id)
        task = session.get_one(Task, part.task_id)
        if state == "withdrawn task":
            task.withdrawn_on = office.now.date()
            for one in session.exec(select(Assignment).where(Assignment.task_id == task.id)):
                one.move(AssignmentState.WITHDRAWN)
        elif state == "archived plan":
            session.get_one(Plan, part.plan_id).state = PlanState.ARCHIVED
        else:
            part.move(AssignmentState(state), on=office.now.date())
            task.is_complete = state in ("completed", "closed")
        completion = session.get_one(Completion, first(session, Completion))
        waits = state in ("submitted", "withdrawn", "withdrawn task")
        completion.reviewed_at = None if waits else office.now
        session.add_all([part, task, completion])


def first(session: Session, model: Any, *conditions: Any) -> int:
    found = session.exec(select(model.id).where(*conditions).order_by(model.id.desc())).first()
    assert found is not None, model
    return int(found)


def idents(office: Office) -> dict[str, int]:
    """The id for every kind of argument an address may have."""
    with office.database.reading() as session:
        task = office.task(SOLE)
        part = first(session, Assignment, Assignment.task_id == task.id, Assignment.role == "lead")
        helper = first(
            session, Assignment, Assignment.task_id == task.id, Assignment.role == "support"
        )
        return {
            "task_id": task.id or 0, "plan_id": task.plan_id, "assignment_id": part,
            "helper_id": helper, "completion_id": first(session, Completion),
            "extension_id": first(session, Extension), "handover_id": first(session, Handover),
            "mark_id": first(session, PoorCooperation), "praise_id": first(session, Praise), "returned_file_id": first(session, ReturnedFile), "evidence_id": first(session, Evidence),
            "requirement_id": first(session, Requirement),
            "batch_id": first(session, Batch), "question_id": first(session, Question),
            "message_id": first(session, Message), "alias_id": first(session, Alias),
            "group_id": first(session, Group), "user_id": first(session, User, User.login == "finance"),
            "post_id": first(session, Post, Post.role == Role.LEADER), "year": 2026,
            "department_id": 1, "number": 1,
            **{name: first(session, model) for name, model in scored.MODELS.items()},
        }  # fmt: skip


FORM = {
    "verdict": "accepted", "reason": "理由", "text": "写明", "percent": "10", "statement": "完成",
    "kind": "transfer", "to": "清河县财政局", "until": "2026-12-31", "answer": "答复", "words": "意见",
    "layout": "ledger", "demand": "补正", "name": "新名称", "email": "",
}  # fmt: skip
VERDICTS = {
    "completions.approve": "given", "extensions.approve": "given", "extensions.decide": "granted",
    "handovers.decide": "granted",
}  # fmt: skip


def ask(browser: FlaskClient, rule: Rule, known: dict[str, int]) -> int:
    """The status of the view's own address with the rows' ids, and a form that says everything."""
    values: dict[str, Any] = {name: known[name] for name in rule.arguments}
    if rule.endpoint == "marks.mark":
        values["assignment_id"] = known["helper_id"]
    _subdomain, path = rule.build(values)  # type: ignore[misc]
    if "GET" in (rule.methods or ()):
        return browser.get(str(path)).status_code
    form = {**FORM, "assignment": known["assignment_id"]}
    form["verdict"] = VERDICTS.get(rule.endpoint, FORM["verdict"])
    return browser.post(str(path), data=form).status_code


def wanted(
    office: Office, login: str | None, actor: Actor | None, rule: Rule, state: str
) -> set[int]:  # fmt: skip
    """The statuses that the tables allow."""
    if login is None or actor is None:
        return {302}
    power = str(gate.policy_of(office.app, rule.endpoint))
    if not actor.may(power):
        return {403}
    stands, row = PERSONS[login], reach.ROW_OF[rule.endpoint]
    may_reach = reach.ROWS[row] - (set() if row == "no row" else LOST.get(state, set()))
    if row in ("plan", "praise in the plan") and _has_a_part(office, actor):
        return ANSWERED
    if stands not in may_reach:
        return {404}
    return ANSWERED | ({403} if rule.endpoint in reach.SAID_BY_THE_VERB else set())


def _has_a_part(office: Office, actor: Actor) -> bool:
    """Whether the person's department has any part in the plan, whatever it has in the task."""
    with office.database.reading() as session:
        wanted = select(Assignment.id).where(
            Assignment.plan_id == office.task(SOLE).plan_id,
            col(Assignment.department_id).in_(read_by(actor)),
            Assignment.state != AssignmentState.WITHDRAWN,
        )
        return session.exec(wanted).first() is not None


def test_every_view_has_its_line(office: Office) -> None:
    views = {
        rule.endpoint for rule in rules(office)
        if gate.policy_of(office.app, rule.endpoint) != PUBLIC
    }  # fmt: skip
    assert set(reach.ROW_OF) == views


@pytest.mark.parametrize("state", TRIED)
def test_everybody_reaches_what_the_table_says(world: Office, state: str) -> None:
    known = idents(world)
    put(world, state)
    views = [
        rule for rule in rules(world)
        if gate.policy_of(world.app, rule.endpoint) != PUBLIC
        and (state == "in_progress" or reach.ROW_OF[rule.endpoint] not in NO_TASKS)
    ]  # fmt: skip
    wrong = []
    for login in PERSONS:
        browser, actor = world.client_as(login), login and world.actor(login)
        with nothing_stays(world):
            for rule in views:
                got, allowed = ask(browser, rule, known), wanted(world, login, actor, rule, state)
                if got not in allowed:
                    wrong.append((login, rule.endpoint, got, sorted(allowed)))
    assert wrong == []
    assert len(views) > (70 if state == "in_progress" else 30)


def everything(office: Office) -> dict[str, list[Any]]:
    """Every row of every table."""
    with office.database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(*table.c)).all()))
            for table in SQLModel.metadata.tables.values()
        }


@pytest.mark.parametrize("login", ["market", "health", "vice", "inspector", "both"])
def test_foreign_ids_put_into_every_writing_view_change_nothing(world: Office, login: str) -> None:
    known, browser, actor = idents(world), world.client_as(login), world.actor(login)
    put(world, "in_progress")
    before, tried = everything(world), 0
    for rule in rules(world):
        power = gate.policy_of(world.app, rule.endpoint)
        if power == PUBLIC or "GET" in (rule.methods or ()):
            continue
        if wanted(world, login, actor, rule, "in_progress") <= {403, 404}:
            assert ask(browser, rule, known) in (403, 404), rule
            tried += 1
    assert tried > 30
    assert everything(world) == before
    mine = next(rule for rule in rules(world) if rule.endpoint == "settings.password")
    ask(browser, mine, known)  # the control: what is looked at would show a change
    assert everything(world) != before
