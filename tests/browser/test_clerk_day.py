"""Point 4 of the main job in a browser: receipt, report with evidence, completion, return, again,
acceptance; at a desk and in the street, in few clicks."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office
from tracker.demo.files import page as page_of
from tracker.plans.assignment import AssignmentState

TASK = "2) 医疗废物转运台账"
"""The health commission's, with the ecology branch beside it; nobody has signed yet."""
PDF = {"name": "转运台账.pdf", "mimeType": "application/pdf", "buffer": page_of("evidence")}


def row(person: Person, words: str = TASK) -> Any:
    return person.page.locator(".desk tbody tr").filter(has_text=words)


def group_of(person: Person, words: str = TASK) -> str:
    """Under which head of the desk the task stands."""
    heads = row(person, words).locator("xpath=preceding-sibling::tr[contains(@class,'group-row')]")
    return str(heads.last.inner_text()).split()[0]


def sign(person: Person) -> int:
    """From the desk; the clicks it took."""
    person.open("/my-work")
    person.shot("desk")
    person.clicks = 0
    person.click(row(person).get_by_role("button", name="签收"))
    person.sees("已签收。")
    person.shot("signed")
    return person.clicks


def report(person: Person, words: str) -> int:
    """From the desk, with evidence; the clicks it took (the file dialog counts as one)."""
    person.open("/my-work")
    person.clicks = 0
    step = re.compile("报进展|补充重报")
    person.click(row(person).get_by_role("link", name=step))
    person.page.get_by_label("做了什么").fill(words)
    person.page.get_by_label(re.compile("完成比例")).fill("100")
    person.clicks += 1
    person.page.locator("[id^=report-] input[type=file]").set_input_files(PDF)
    person.shot("reporting")
    person.press("报进展")
    person.sees("进展已上报。")
    person.shot("reported")
    return person.clicks


def complete(person: Person, words: str) -> int:
    person.open("/my-work")
    person.clicks = 0
    person.click(row(person).get_by_role("link", name=re.compile("申请办结|补充重报")))
    person.page.get_by_label("办结说明").fill(words)
    person.press("申请办结")
    person.sees("已申请办结，等待审核。")
    person.shot("asked")
    return person.clicks


def review(office: Person, demand: str = "") -> None:
    """Return the request with a demand, or accept it."""
    office.open("/reviews")
    office.shot("queue")
    office.page.locator("tbody tr").filter(has_text=TASK).get_by_role("link", name="审核").click()
    office.shot("review")
    if demand:
        office.page.get_by_label("退回：还需要补充什么").fill(demand)
    office.press("退回" if demand else "同意办结")
    office.sees(
        "已退回，并通知责任单位。" if demand else "已同意这个单位办结；任务还等其他牵头单位。"
    )
    office.shot("decided")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_task_goes_round_the_loop(site: str, office: Office, visit: Visit, phone: bool) -> None:
    clerk, coordinator = visit(site, "health", phone=phone), visit(site, "office")
    assert group_of(clerk) == "三天内到期"
    clicks = sign(clerk), report(clerk, "台账 12 册已核对"), complete(clerk, "台账见佐证")
    review(coordinator, demand="请补充三月的转运联单")
    sees_the_return_first(clerk)
    opens_what_was_wanted(clerk)
    report(clerk, "三月联单已补")
    complete(clerk, "已补充")
    review(coordinator)
    the_light_is_blue(clerk, office)
    most = (2, 4, 3)  # receipt, report, completion
    assert all(took <= limit for took, limit in zip(clicks, most, strict=True)), clicks
    print("clicks:", clicks)


def sees_the_return_first(clerk: Person) -> None:
    clerk.open("/my-work")
    clerk.shot("returned")
    first = clerk.page.locator(".desk tbody tr")
    assert first.nth(0).inner_text().startswith("退回待改")
    assert TASK in first.nth(1).inner_text()
    assert "1 项退回待改" in clerk.main()


def opens_what_was_wanted(clerk: Person) -> None:
    """The demand stands at the form, in view without scrolling."""
    row(clerk).get_by_role("link", name="补充重报").click()
    wanted = clerk.page.locator(".notice", has_text="退回时要求：请补充三月的转运联单")
    expect(wanted).to_be_in_viewport()
    clerk.shot("wanted")


def the_light_is_blue(clerk: Person, office: Office) -> None:
    """The department's part is done; the task itself when the other lead's is too."""
    assert office.part(TASK, "health").state == AssignmentState.COMPLETED
    clerk.open(f"/tasks/{office.task(TASK).id}")
    clerk.sees("本单位的任务已经办结。")
    clerk.shot("done")
    own = clerk.page.locator(".facts .row-line").filter(has_text="清河县卫生健康委员会")
    expect(own.locator(".light-completed")).to_be_visible()
    assert not clerk.is_too_wide()
    clerk.open("/my-work")
    assert row(clerk).count() == 0


def test_the_light_of_a_task_of_one_department_turns_blue(
    site: str, office: Office, visit: Visit
) -> None:
    """施工围挡 is the housing bureau's alone."""
    clerk, task = visit(site, "housing"), "3) 建筑工地围挡"
    clerk.open(f"/tasks/{office.task(task).id}")
    clerk.page.get_by_label("办结说明").fill("25 个工地全部整改")
    clerk.press("申请办结")
    coordinator = visit(site, "office")
    coordinator.open(f"/tasks/{office.task(task).id}")
    coordinator.press("同意办结")
    coordinator.sees("已同意，任务办结。")
    expect(coordinator.page.locator(".lead-line .light-completed")).to_be_visible()


def test_all_that_waits_is_signed_for_at_once(site: str, visit: Visit) -> None:
    clerk = visit(site, "health")
    button = clerk.page.locator(".page-actions button")
    count = int(re.sub(r"\D", "", button.inner_text()))
    button.click()
    clerk.sees(f"已签收 {count} 项。")
    assert clerk.page.get_by_role("button", name="签收", exact=True).count() == 0


def test_evidence_is_handed_to_those_whose_it_is(site: str, visit: Visit) -> None:
    clerk = visit(site, "health")
    sign(clerk)
    report(clerk, "台账 12 册已核对")
    with clerk.page.expect_download() as fetched:
        clerk.page.locator(".timeline").get_by_role("link", name="转运台账.pdf").click()
    assert fetched.value.suggested_filename == "转运台账.pdf"
    address = clerk.page.locator(".evidence a").get_attribute("href")
    stranger = visit(site, "edu")
    assert stranger.open(address) == 404


def test_a_strangers_task_plan_and_export_are_not_there(
    site: str, office: Office, visit: Visit
) -> None:
    stranger = visit(site, "finance")
    task = office.task(TASK)
    assert stranger.open(f"/tasks/{task.id}") == 404
    stranger.sees("没有找到")
    towns = office.task("校车路线隐患排查").plan_id
    assert stranger.open(f"/plans/{towns}") == 404
    assert post_status(stranger, f"/plans/{towns}/exports", {"layout": "ledger"}) == 404
    other = {"layout": "ledger", "department": str(office.part(TASK, "health").department_id)}
    assert post_status(stranger, f"/plans/{task.plan_id}/exports", other) == 404


def post_status(person: Person, path: str, form: dict[str, str]) -> int:
    """What the server answers to a form of her own making, with her own token."""
    person.open("/my-work")
    token = person.page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = person.page.request.post(person.base + path, form={**form, "csrf_token": token})
    return int(answer.status)


def test_a_double_click_signs_once_and_leads_nowhere_wrong(site: str, visit: Visit) -> None:
    clerk = visit(site, "health")
    row(clerk).get_by_role("button", name="签收").dblclick()
    clerk.sees("已签收。")


def test_words_typed_survive_evidence_that_is_refused(site: str, visit: Visit) -> None:
    clerk = visit(site, "health")
    sign(clerk)
    page = {"name": "说明.html", "mimeType": "text/html", "buffer": b"<script>alert(1)</script>"}
    clerk.page.get_by_label("做了什么").fill("写了很久的一段话")
    clerk.page.locator("[id^=report-] input[type=file]").set_input_files(page)
    clerk.press("报进展")
    clerk.sees("佐证材料“说明.html”的类型不能上传")
    clerk.shot("refused")
    assert clerk.page.get_by_label("做了什么").input_value() == "写了很久的一段话"
    clerk.page.locator("[id^=report-] input[type=file]").set_input_files(PDF)
    clerk.press("报进展")
    clerk.sees("进展已上报。")
