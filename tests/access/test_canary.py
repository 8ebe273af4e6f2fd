"""Words that only another department may read: in every text of its work, and nowhere on what others get."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import SQLModel, col, select

from tests.access.test_every_url import rules
from tests.conftest import Office
from tracker.actor import COMMAND_LINE
from tracker.events import deed, keep
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.task import Task
from tracker.storage import StoredFile
from tracker.work.completion import Completion, Review, Verdict
from tracker.work.cooperation import PoorCooperation
from tracker.work.evidence import Evidence
from tracker.work.extension import Extension
from tracker.work.handover import Handover, HandoverKind
from tracker.work.instruction import Instruction
from tracker.work.report import Report
from tracker.work.urge import Urge

pytestmark = pytest.mark.only_on("sqlite")  # queries are the same; the crawl is long

THEIRS = "2) 垃圾日产日清"
"""Led by city and the towns; edu, health and market have nothing to do with it."""
ALSO_THEIRS = "1) 主干道两侧无占道经营"
"""Led by city alone; it is still worked on, where the other waits for review."""
CANARY = "金丝雀"


def word(place: str) -> str:
    return f"{CANARY}{place}"


@pytest.fixture
def told(office: Office) -> Office:
    """City's part with a canary in every text that people write about it."""
    part, working = office.part(THEIRS, "city"), office.part(ALSO_THEIRS, "city")
    known = {"at": office.now, "by": None}
    on = office.now.date()
    with office.database.writing() as session:
        session.get_one(Assignment, part.id).move(AssignmentState.SUBMITTED)
        task = session.get_one(Task, part.task_id)
        task.text, task.standard = THEIRS + word("任务"), word("标准")
        task.fields = {word("表头"): word("字段")}
        file = session.exec(select(StoredFile)).first()
        assert file is not None
        copy = StoredFile(
            **{
                **file.model_dump(exclude={"id", "key"}),
                "key": "c" * 32,
                "name": word("文件") + ".pdf",
            }
        )
        session.add(copy)
        session.flush()
        completion = Completion(assignment_id=part.id, statement=word("说明"), **known)
        session.add(completion)
        session.flush()
        rows: list[SQLModel] = [
            Report(assignment_id=part.id, text=word("进展"), percent=10, difficulties=word("困难"),
                   next_step=word("下一步"), **known),
            Evidence(assignment_id=part.id, file_id=copy.id, **known),
            Review(completion_id=completion.id, verdict=Verdict.RETURNED, demand=word("要求"), **known),
            Extension(assignment_id=working.id, was_due_on=on, asked_on=on + timedelta(9), reason=word("延期"), **known),
            Handover(assignment_id=working.id, kind=HandoverKind.TRANSFER, reason=word("转办"), **known),
            Instruction(task_id=part.task_id, text=word("批示"), signed=word("领导"), **known),
            Urge(assignment_id=part.id, text=word("催办"), on=on, **known),
            PoorCooperation(assignment_id=part.id, lead_id=part.id, reason=word("不力"), **known),
        ]  # fmt: skip
        event = deed(
            COMMAND_LINE, "assignment.urged", "assignment", part.id, at=office.now, plan_id=part.plan_id,
            task_id=part.task_id, department_id=part.department_id, text=word("事件"),
        )  # fmt: skip
        keep(session, *rows, event)
    return office


def ids_of(office: Office) -> dict[str, list[int]]:
    """Every id there is, by the name of the address's argument."""
    found: dict[str, list[int]] = {}
    with office.database.reading() as session:
        for table in SQLModel.metadata.tables.values():
            if "id" in table.c:
                found[f"{table.name}_id"] = list(session.scalars(sa.select(table.c.id)))
    for name in list(found):  # scoring_round is round_id in an address
        found.setdefault("_".join(name.split("_")[-2:]), found[name])
    return found


def everything(office: Office, browser: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every page, feed and file that a GET address gives, with every id; the search; the exports."""
    known = ids_of(office)
    for rule in rules(office):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "signin.sign_out":
            continue
        for values in _values(sorted(rule.arguments), known):
            _subdomain, path = rule.build(values)  # type: ignore[misc]
            yield str(path), said(browser, str(path))
    for asked in (CANARY, word("任务"), THEIRS):
        yield f"search {asked}", said(browser, f"/search?q={asked}").replace(asked, "")
    for plan in known["plan_id"]:
        for layout in ("ledger", "original"):
            answer = browser.post(f"/plans/{plan}/exports", data={"layout": layout})
            yield f"export {plan} {layout}", _words(answer.get_data())


def _values(names: list[str], known: dict[str, list[int]]) -> Iterator[dict[str, int | str]]:
    if not names:
        yield {}
    elif len(names) == 1:
        (name,) = names
        for ident in known.get(name, [2026] if name == "year" else ["word"])[:400]:
            yield {name: ident}


def said(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    return str(answer.headers) + _words(answer.get_data())


def _words(content: bytes) -> str:
    """The text of an answer; of a package, that of all its parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        return "".join([*package.namelist(), *parts])


@pytest.mark.parametrize("login", ["edu", "edu.head", "health", "market"])
def test_nobody_else_gets_a_word_of_it(told: Office, login: str) -> None:
    found = [where for where, text in everything(told, told.client_as(login)) if CANARY in text]
    assert found == []


def test_whom_it_concerns_gets_it_all(told: Office) -> None:
    """The control: the crawl would have met every word."""
    met: set[str] = set()
    for login in ("city", "office"):
        for _where, text in everything(told, told.client_as(login)):
            met |= {place for place in PLACES if word(place) in text}
    assert met == set(PLACES)


PLACES = (
    "任务", "标准", "表头", "字段", "文件", "说明", "进展", "延期", "转办", "批示", "领导", "不力", "事件",
)  # fmt: skip


def test_nobody_else_gets_it_by_mail(told: Office) -> None:
    part = told.part(THEIRS, "city")
    answer = told.client_as("office").post("/urges", data={"assignment": part.id})
    assert answer.status_code == 302
    told.client_as("leader").post(
        f"/tasks/{part.task_id}/instructions", data={"text": word("批示")}
    )
    from tracker.mail.message import Message

    with told.database.reading() as session:
        mails = session.exec(select(Message).where(col(Message.text).contains(CANARY))).all()
        held = set(
            session.exec(select(Assignment.department_id).where(Assignment.task_id == part.task_id))
        )
    assert mails
    assert {mail.department_id for mail in mails} <= held
