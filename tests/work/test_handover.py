"""拒签, 转办, 改派: a part goes to another department, which signs anew; the office decides."""

from datetime import timedelta

import pytest

from tests.conftest import Office
from tests.work.acting import (
    FRESH,
    MINE,
    SOLE,
    act,
    due_in,
    newest,
    now,
    parts,
    post,
    said,
    signed,
    verbs,
)  # fmt: skip
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.work.extension import Extension
from tracker.work.handover import Handover

HEALTH = "清河县卫生健康委员会"


def refused(
    office: Office, beginning: str = FRESH, login: str = "health", to: str = ""
) -> Handover:
    part = office.part(beginning, login)
    data = {"kind": "refusal", "reason": "不是本单位职责", "to": to}
    assert act(office.client_as(login), part, "handovers", **data) == 302
    return newest(office, Handover)


def transfer(office: Office, to: str = HEALTH) -> Handover:
    part = signed(office, SOLE, "edu")
    data = {"kind": "transfer", "reason": "职能已划转", "to": to}
    assert act(office.client_as("edu"), part, "handovers", **data) == 302
    return newest(office, Handover)


def decide(office: Office, row: Handover, **data: object) -> tuple[int, str]:
    return said(office.client_as("office"), f"/handovers/{row.id}/decision", **data)


def test_a_transfer_that_is_granted_gives_the_part_to_another_that_signs_anew(
    office: Office,
) -> None:
    row = transfer(office)
    assert decide(office, row, verdict="granted", to=HEALTH)[0] == 302
    old, new = now(office, _part(office, row)), office.part(SOLE, "health")
    assert old.state == AssignmentState.WITHDRAWN
    assert (new.role, new.state, new.received_at) == (AssignmentRole.LEAD, "issued", None)
    assert new.due_on == old.due_on
    assert office.client_as("edu").get(f"/tasks/{old.task_id}").status_code == 404
    assert act(office.client_as("health"), new, "receipt") == 302
    assert verbs(office, old.task_id)[-4:] == [
        "transfer.requested", "assignment.reassigned", "assignment.issued", "assignment.received",
    ]  # fmt: skip


def _part(office: Office, row: Handover) -> Assignment:
    with office.database.reading() as session:
        return session.get_one(Assignment, row.assignment_id)


def test_a_short_name_is_enough(office: Office) -> None:
    assert decide(office, transfer(office, to="卫健委"), verdict="granted")[0] == 302
    assert office.part(SOLE, "health").state == AssignmentState.ISSUED


def test_a_name_that_nobody_has_is_refused(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    status, page = said(
        office.client_as("edu"), f"/assignments/{part.id}/handovers",
        kind="transfer", reason="职能已划转", to="火星办",
    )  # fmt: skip
    assert (status, "名录里没有“火星办”" in page) == (422, True)


def test_a_refusal_that_is_declined_leaves_the_part_where_it_is(office: Office) -> None:
    row = refused(office)
    assert decide(office, row, verdict="declined")[0] == 422
    assert decide(office, row, verdict="declined", answer="三定方案写明由你委承担")[0] == 302
    part = office.part(FRESH, "health")
    assert part.state == AssignmentState.ISSUED
    assert act(office.client_as("health"), part, "receipt") == 302


def test_a_refusal_may_be_given_to_somebody_the_department_did_not_name(office: Office) -> None:
    row = refused(office, MINE, "market")
    assert decide(office, row, verdict="granted")[0] == 422
    assert decide(office, row, verdict="granted", to=HEALTH)[0] == 302
    assert office.part(MINE, "health").role == AssignmentRole.LEAD


def test_signed_work_is_not_refused_any_more(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    data = {"kind": "refusal", "reason": "不是本单位职责"}
    assert act(office.client_as("edu"), part, "handovers", **data) == 409


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"kind": "transfer", "reason": "划转"}, "请选择要转给哪个单位"),
        ({"kind": "transfer", "reason": "", "to": HEALTH}, "请写明理由"),
        ({"kind": "transfer", "reason": "划转", "to": "清河县教育体育局"}, "不能转给本单位自己"),
        ({"kind": "gift", "reason": "划转"}, "请选择拒签或转办"),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(
    office: Office, data: dict[str, str], why: str
) -> None:
    part = signed(office, SOLE, "edu")
    status, page = said(office.client_as("edu"), f"/assignments/{part.id}/handovers", **data)
    assert (status, why in page) == (422, True)


def test_a_helper_that_gets_the_lead_keeps_its_receipt(office: Office) -> None:
    helper = signed(office, SOLE, "market")
    lead = office.part(SOLE, "edu")
    data = {"to": "清河县市场监督管理局", "reason": "调整分工"}
    assert post(office.client_as("office"), "/reassignments", assignment=lead.id, **data) == 302
    after = now(office, helper)
    assert (after.role, after.state) == (AssignmentRole.LEAD, AssignmentState.IN_PROGRESS)
    assert len([p for p in parts(office, office.task(SOLE)) if p.is_standing]) == 1


def test_a_lead_is_not_given_to_another_lead(office: Office) -> None:
    data = {"to": "清河县市场监督管理局", "reason": "调整分工"}
    assert (
        post(
            office.client_as("office"),
            "/reassignments",
            assignment=office.part(MINE, "edu").id,
            **data,
        )
        == 422
    )


def test_what_comes_back_is_signed_for_again(office: Office) -> None:
    part, browser = signed(office, SOLE, "edu"), office.client_as("office")
    assert post(browser, "/reassignments", assignment=part.id, to=HEALTH, reason="调整") == 302
    there = office.part(SOLE, "health")
    assert post(browser, "/reassignments", assignment=there.id, to="教体局", reason="调回") == 302
    back = now(office, part)
    assert (back.state, back.received_at) == (AssignmentState.ISSUED, None)
    assert act(office.client_as("edu"), part, "receipt") == 302


def test_what_waits_for_review_is_not_reassigned(office: Office) -> None:
    part, edu = signed(office, SOLE, "edu"), office.client_as("edu")
    assert act(edu, part, "completions", statement="请审核") == 302
    assert (
        post(
            office.client_as("office"),
            "/reassignments",
            assignment=part.id,
            to=HEALTH,
            reason="调整",
        )
        == 409
    )
    assert act(edu, part, "handovers", kind="transfer", reason="划转", to=HEALTH) == 409


def test_a_reassignment_answers_the_open_request(office: Office) -> None:
    row = transfer(office)
    browser = office.client_as("office")
    assert (
        post(browser, "/reassignments", assignment=_part(office, row).id, to=HEALTH, reason="调整")
        == 302
    )
    assert now(office, row).granted
    assert decide(office, row, verdict="declined", answer="晚了")[0] == 409


def test_an_extension_asked_for_ends_when_the_part_is_given_away(office: Office) -> None:
    part = due_in(office, signed(office, SOLE, "edu"), 10)
    asked = {"until": office.now.date() + timedelta(days=20), "reason": "汛期停工"}
    clerk, browser = office.client_as("edu"), office.client_as("office")
    assert act(clerk, part, "extensions", **asked) == 302
    row = newest(office, Extension)
    gone = {"assignment": part.id, "to": "清河县财政局", "reason": "职能划转"}
    assert post(browser, "/reassignments", **gone) == 302
    back = {
        "assignment": office.part(SOLE, "finance").id,
        "to": "清河县教育体育局",
        "reason": "划回",
    }
    assert post(browser, "/reassignments", **back) == 302
    assert f"#extension-{row.id}" not in browser.get("/reviews").get_data(as_text=True)
    again = signed(office, SOLE, "edu")
    assert act(clerk, again, "extensions", **asked) == 302


def test_nobody_but_the_department_takes_its_request_back(office: Office) -> None:
    row = transfer(office)
    assert post(office.client_as("market"), f"/handovers/{row.id}/withdrawal") == 404
    assert post(office.client_as("edu"), f"/handovers/{row.id}/withdrawal") == 302
    assert office.part(SOLE, "edu").state == AssignmentState.IN_PROGRESS
