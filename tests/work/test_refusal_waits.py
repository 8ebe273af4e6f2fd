"""While a refusal waits for the office nobody signs: not by one click for many, not by one for one."""

from sqlmodel import select

from tests.conftest import Office
from tests.progress.test_desk import get, row
from tests.work.acting import FRESH, MINE, act, newest, now, post, said
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.work import receiptclock
from tracker.work.handover import Handover


def refused(office: Office, beginning: str = FRESH) -> Assignment:
    part = office.part(beginning, "edu")
    data = {"kind": "refusal", "reason": "不是本单位职责"}
    assert act(office.client_as("edu"), part, "handovers", **data) == 302
    return part


def decided(office: Office, **data: object) -> None:
    address = f"/handovers/{newest(office, Handover).id}/decision"
    assert post(office.client_as("office"), address, **data) == 302


def unsigned(office: Office, part: Assignment) -> bool:
    return now(office, part).state == AssignmentState.ISSUED


def late(office: Office) -> set[int | None]:
    """Parts on the office's list of receipts past their day."""
    with office.database.reading() as session:
        return set(session.exec(select(Assignment.id).where(receiptclock.is_late(office.now))))


def test_the_single_button_is_refused_with_the_way_on(office: Office) -> None:
    part = refused(office)
    status, page = said(office.client_as("edu"), f"/assignments/{part.id}/receipt")
    assert status == 409
    assert "已提出拒签" in page and "请先撤回" in page
    assert unsigned(office, part)


def test_signing_for_many_passes_it_over_and_says_so(office: Office) -> None:
    part, other = refused(office), office.part(MINE, "edu")
    browser = office.client_as("edu")
    assert post(browser, "/receipts", assignment=[part.id, other.id]) == 302
    desk = browser.get("/my-work").get_data(as_text=True)
    assert "已签收 1 项。另有 1 项已提出拒签，正在等待答复，没有签收。" in desk
    assert unsigned(office, part) and not unsigned(office, other)


def test_its_row_has_no_tick_and_no_button_and_says_what_it_waits_for(office: Office) -> None:
    fresh = office.part(FRESH, "edu")
    before = row(get(office, "edu", "/my-work"), f"/tasks/{fresh.task_id}")
    assert 'name="assignment"' in before and "签收超时" in before
    part = refused(office)
    mine = row(get(office, "edu", "/my-work"), f"/tasks/{part.task_id}")
    assert 'name="assignment"' not in mine
    assert f"/assignments/{part.id}/receipt" not in mine
    assert "已提出拒签，等待牵头办公室答复" in mine
    assert "签收超时" not in mine, "its receipt light rests"


def test_its_page_hides_the_button_and_rests_the_light(office: Office) -> None:
    before = late(office)
    part = refused(office)
    address = f"/tasks/{part.task_id}"
    page = get(office, "edu", address)
    assert f"/assignments/{part.id}/receipt" not in page
    assert "已提出拒签，等待牵头办公室答复" in page
    assert f'id="receipt-{part.id}"' not in page
    assert late(office) == before - {part.id}


def test_taken_back_or_declined_it_is_to_be_signed_for_again(office: Office) -> None:
    part = refused(office)
    row_ = newest(office, Handover)
    assert post(office.client_as("edu"), f"/handovers/{row_.id}/withdrawal") == 302
    assert f"/assignments/{part.id}/receipt" in get(office, "edu", f"/tasks/{part.task_id}")
    refused(office)
    decided(office, verdict="declined", answer="三定方案写明由你局承担")
    assert act(office.client_as("edu"), part, "receipt") == 302


def test_given_away_and_come_back_it_is_to_be_signed_for(office: Office) -> None:
    part = refused(office, MINE)
    decided(office, verdict="granted", to="清河县财政局")
    assert not now(office, part).refusal_waits
    back = {
        "assignment": office.part(MINE, "finance").id,
        "to": "清河县教育体育局",
        "reason": "调回",
    }
    assert post(office.client_as("office"), "/reassignments", **back) == 302
    assert act(office.client_as("edu"), part, "receipt") == 302


def test_a_refused_part_that_is_withdrawn_leaves_no_request_behind(office: Office) -> None:
    part = refused(office)
    gone = {"assignment": part.id, "reason": "不再需要"}
    assert post(office.client_as("office"), "/withdrawals", **gone) == 302
    assert newest(office, Handover).decided_at is not None
    assert not now(office, part).refusal_waits


def test_control_a_transfer_that_waits_does_not_keep_from_signing(office: Office) -> None:
    part = office.part(MINE, "edu")
    data = {"kind": "transfer", "reason": "职能已划转", "to": "清河县财政局"}
    assert act(office.client_as("edu"), part, "handovers", **data) == 302
    assert act(office.client_as("edu"), part, "receipt") == 302
