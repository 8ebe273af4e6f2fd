"""When work goes otherwise: more time, another department, a head's word, a leader's, an end."""

from datetime import timedelta
from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office
from tests.work.acting import FRESH, SOLE
from tracker.plans.assignment import Assignment, AssignmentState

WIDTHS = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


def due_in(office: Office, days: int) -> None:
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(SOLE, "edu").id)
        part.due_on = office.now.date() + timedelta(days=days)
        session.add(part)


def at(person: Person, office: Office, beginning: str = SOLE) -> Person:
    assert person.open(f"/tasks/{office.task(beginning).id}") == 200
    return person


def unfold(person: Person, words: str) -> Any:
    """Open a folded form and give its place on the page."""
    folded = person.page.locator("details", has=person.page.locator("summary", has_text=words)).last
    person.click(folded.locator("summary"))
    return folded


def looked_at(person: Person, name: str) -> None:
    person.shot(name)
    assert not person.is_too_wide()


@WIDTHS
def test_more_time_is_asked_for_signed_and_granted(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    due_in(office, 10)
    head = visit(site, "edu.head", phone=phone)
    head.open("/approvals")
    head.press("改为先审签")
    head.sees("先由负责人审签")
    looked_at(head, "arranged")
    clerk = at(visit(site, "edu", phone=phone), office)
    form = unfold(clerk, "申请延期")
    until = (office.now.date() + timedelta(days=25)).isoformat()
    form.get_by_label("延到哪一天").fill(until)
    form.get_by_label("延期理由").fill("汛期停工")
    clerk.click(form.get_by_role("button", name="申请延期"))
    clerk.sees(f"已申请延期到 {until}，等待本单位负责人审签。")
    looked_at(clerk, "asked")
    head.open("/approvals")
    head.page.locator("main tbody").get_by_role("link", name="审签").click()
    head.press("同意上报")
    head.sees("等待牵头办公室答复")
    coordinator = visit(site, "office", phone=phone)
    coordinator.open("/reviews")
    looked_at(coordinator, "queue")
    coordinator.press("答复")
    coordinator.press("同意延期")
    coordinator.sees(f"已同意延期到 {until}。")
    looked_at(coordinator, "granted")
    assert office.task(SOLE).due_on.isoformat() == until  # type: ignore[union-attr]


@WIDTHS
def test_a_refused_task_finds_its_department(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    clerk = at(visit(site, "health", phone=phone), office, FRESH)
    form = unfold(clerk, "不归本单位？拒签")
    form.get_by_label("为什么不归本单位").fill("职责已划转")
    clerk.click(form.get_by_role("button", name="提交，等牵头办公室答复"))
    clerk.sees("已提出拒签，等待牵头办公室答复：职责已划转")
    looked_at(clerk, "refused")
    coordinator = visit(site, "office", phone=phone)
    coordinator.open("/reviews")
    coordinator.press("答复")
    card = coordinator.page.locator("section", has_text="答复拒签")
    card.get_by_label("不同意的理由").fill("三定方案写明由你委承担")
    coordinator.press("不同意，仍由该单位承担")
    coordinator.sees("已答复。")
    at(clerk, office, FRESH)
    clerk.press("签收")
    clerk.sees("已签收。")
    assert office.part(FRESH, "health").state == AssignmentState.IN_PROGRESS


def test_the_list_urges_only_once_something_is_ticked(
    site: str, office: Office, visit: Visit
) -> None:
    coordinator = visit(site, "office")
    coordinator.open(f"/plans/{office.task(SOLE).plan_id}")
    button = coordinator.page.locator("#urges button")
    assert button.is_disabled()
    boxes = coordinator.page.locator('input[name="task"]')
    for number in range(2):
        boxes.nth(number).check()
    assert button.inner_text() == "催办选中的 2 项"
    assert button.locator("svg").count() == 1, "its icon stays"
    coordinator.click(button)
    coordinator.sees("已催办 2 项任务的")


@WIDTHS
def test_one_click_leads_from_an_answer_to_the_next_request(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    at(visit(site, "edu"), office).press("申请办结")  # the world has one of market's that waits
    coordinator = visit(site, "office", phone=phone)
    coordinator.open("/reviews")
    coordinator.press("从第一份开始")
    coordinator.press("同意办结")
    before = coordinator.page.url
    coordinator.click(coordinator.page.locator('a[data-key="n"]'))
    coordinator.page.wait_for_url(lambda url: url != before and "#review-" in url)
    assert coordinator.button("同意办结").is_visible()
    looked_at(coordinator, "next-request")


@WIDTHS
def test_the_office_urges_reassigns_and_withdraws(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    coordinator = at(visit(site, "office", phone=phone), office)
    coordinator.press("催办 2 个单位")
    coordinator.sees("已催办 1 项任务的 2 个单位")
    looked_at(coordinator, "urged")
    form = unfold(coordinator, "改派一个单位")
    form.get_by_label("改派给").fill("卫健委")
    form.get_by_label("理由").fill("调整分工")
    coordinator.click(form.get_by_role("button", name="改派"))
    coordinator.sees("已改派，等待新的责任单位签收。")
    looked_at(coordinator, "reassigned")
    assert office.part(SOLE, "health").state == AssignmentState.ISSUED
    form = unfold(coordinator, "撤销整项任务")
    form.get_by_label("撤销理由").fill("文件已废止")
    coordinator.click(form.get_by_role("button", name="撤销任务"))
    coordinator.page.locator("dialog#confirm").get_by_role("button", name="撤销").click()
    coordinator.sees("任务已撤销。")
    looked_at(coordinator, "withdrawn")


@WIDTHS
def test_a_leader_writes_and_the_department_reads(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    leader = at(visit(site, "leader", phone=phone), office)
    leader.page.get_by_label("批示内容").fill("月底前全部公示到位")
    leader.press("写入批示")
    leader.sees("批示已写入")
    looked_at(leader, "instructed")
    clerk = at(visit(site, "edu", phone=phone), office)
    clerk.sees("月底前全部公示到位")
    form = unfold(clerk, "清河县市场监督管理局")
    form.get_by_label("配合不力的情况").fill("两次来函未复")
    clerk.click(form.get_by_role("button", name="标记配合不力"))
    clerk.sees("已标记配合不力")
    looked_at(clerk, "marked")
