"""What the rules count comes from events; a mark that was taken back no longer counts."""

from datetime import timedelta

import pytest

from tests.conftest import Office
from tests.work.acting import MINE, act, post
from tracker import clock
from tracker.plans.assignment import Assignment, AssignmentRole
from tracker.scoring.facts import counted
from tracker.scoring.rules import RuleKind
from tracker.scoring.scope import Scope


@pytest.fixture
def helper(office: Office, monkeypatch: pytest.MonkeyPatch) -> Assignment:
    """A helper of edu and market, marked by the one and then by the other."""
    lead = office.part(MINE, "edu")
    health = office.part("1) 医疗机构候诊区", "health").department_id
    with office.database.writing() as session:
        part = Assignment(
            plan_id=lead.plan_id, task_id=lead.task_id, department_id=health,
            role=AssignmentRole.SUPPORT, issued_at=office.now,
        )  # fmt: skip
        session.add(part)
    for minute, login in enumerate(("edu", "market")):
        moment = office.now + timedelta(minutes=minute)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert act(office.client_as(login), part, "poor-cooperation", reason="未复函") == 302
    return part


def marks(office: Office, part: Assignment) -> int:
    with office.database.reading() as session:
        found = counted(session, Scope(plan_id=part.plan_id))
    return found.get(part.department_id, {}).get(RuleKind.POOR_COOPERATION, 0)


def test_each_lead_lifts_its_own_mark(office: Office, helper: Assignment) -> None:
    assert marks(office, helper) == 2
    assert post(office.client_as("edu"), "/poor-cooperation/1/lifting") == 302
    assert marks(office, helper) == 1
    assert post(office.client_as("market"), "/poor-cooperation/2/lifting") == 302
    assert marks(office, helper) == 0
