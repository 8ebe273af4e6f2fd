"""A report in four clicks, at a desk and in the street; the office confirms a target in two."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office

TASK = "梳理高频事项"
PROPOSED = "涉企检查计划公示"


def report(clerk: Person) -> None:
    """From the desk she sees after signing in: the task, the words, the percentage, send."""
    row = clerk.page.locator(".desk tbody tr").filter(has_text=TASK)
    clerk.click(row.get_by_role("link", name="报进展"))
    words = clerk.page.get_by_label("做了什么")
    clerk.click(words)
    words.press_sequentially("又压减 6 份")
    percent = clerk.page.get_by_label(re.compile("完成比例"))
    clerk.click(percent)
    percent.fill("75")
    clerk.press("报进展")
    clerk.sees("进展已上报。")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_report_takes_four_clicks(site: str, office: Office, visit: Visit, phone: bool) -> None:
    clerk = visit(site, "service", phone=phone)
    clerk.shot("progress-desk")
    report(clerk)
    assert clerk.clicks <= 4, clerk.clicks
    assert not clerk.is_too_wide()
    clerk.sees("历次填报 4 次")
    clerk.page.locator(".last-time summary").click()
    expect(clerk.page.locator(".last-time .spark")).to_be_visible()
    clerk.shot("progress-reported")
    # what was said the last time is there again: the value, the difficulties
    assert clerk.page.get_by_label(re.compile("目前达到")).input_value() == "31"
    assert office.part(TASK, "service").percent == 75


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_office_takes_the_target_that_the_words_say(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    person = visit(site, "office", phone=phone)
    person.open(f"/tasks/{office.task(PROPOSED).id}")
    person.shot("target-proposed")
    person.press("采用")
    person.sees("目标已保存。")
    person.sees("检查次数下降 ≥ 20 %")
    assert person.clicks == 1
    assert not person.is_too_wide()
    person.shot("target-kept")


def test_the_office_sets_a_plans_rhythm(site: str, office: Office, visit: Visit) -> None:
    person = visit(site, "office")
    person.open(f"/plans/{office.task('1) 公厕全天开放').plan_id}")
    person.press("设报送周期")
    person.page.get_by_label("报送周期").fill("每月28日前")
    person.press("保存周期")
    person.sees("报送周期：每月28日前")
    person.shot("rhythm-set")
