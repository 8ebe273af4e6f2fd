"""Point 2 of the main job in a browser: a coordinator drops the real plans, answers, confirms,
takes back."""

from pathlib import Path

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.person import Person

ISSUED = "2023-04-12"


def file(plans: Path, number: str) -> Path:
    return next(plans.glob(f"{number}-*.xlsx"))


@pytest.fixture
def coordinator(new_site: str, visit: Visit, plans: Path) -> Person:
    """In an office whose directory she has just imported from file 05."""
    person = visit(new_site, "first")
    steps.import_directory(person, file(plans, "05"))
    person.sees("新增 54 个单位")
    person.shot("directory")
    return person


def test_the_preview_of_file_01_says_what_is_in_it(coordinator: Person, plans: Path) -> None:
    for words in ("54 个单位", "各苏木镇 6 个单位", "各镇 5 个单位"):
        coordinator.sees(words)
    steps.drop(coordinator, file(plans, "01"), issued_on=ISSUED)
    coordinator.shot("import-01")
    coordinator.sees("将新建 172 项任务")
    coordinator.sees("共 608 分 · 明查 80 项 254 分 · 暗访 92 项 354 分 · 7 个类别")
    reading = coordinator.page.locator(".split-reading tbody tr")
    assert reading.count() == 60
    assert reading.filter(has_text="2023-04-30 (周日)").count() == 60
    assert not coordinator.is_too_wide()


def test_file_01_is_answered_confirmed_and_taken_back(coordinator: Person, plans: Path) -> None:
    steps.drop(coordinator, file(plans, "01"), issued_on=ISSUED)
    answer_some_of_file_01(coordinator)
    steps.accept_the_rest(coordinator)
    coordinator.sees("，4 项仍待确定责任单位")
    coordinator.shot("answered-01")
    steps.confirm(coordinator)
    coordinator.sees("已导入：新建 172 项")
    coordinator.shot("plan-01")
    has_the_tasks_of_a_department_made_here(coordinator)
    steps.undo(coordinator)
    coordinator.sees("已撤销这次导入")
    coordinator.open("/plans")
    coordinator.sees("还没有计划")


def answer_some_of_file_01(person: Person) -> None:
    """By keyboard and by mouse: new, a department on offer, a department typed, left open."""
    steps.left(person, 14)
    person.page.locator(".question").first.focus()
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    person.sees("“爱卫办” 新建单位 爱卫办")
    steps.left(person, 13)
    steps.answer(person, "卫健执法局大队", "乌审旗卫生健康综合行政执法大队")
    steps.left(person, 12)
    steps.answer_otherwise(person, "水投公司", "选择单位", "乌审旗水利局", "就是它")
    steps.left(person, 11)
    steps.answer_otherwise(person, "疾控中心", "新单位的名称", "乌审旗疾控中心", "新建单位")
    steps.left(person, 10)
    steps.answer(person, "责任单位", "暂不确定")
    steps.left(person, 9)
    person.shot("answering-01")


def has_the_tasks_of_a_department_made_here(person: Person) -> None:
    """One that names 疾控中心, nine of 所有单位."""
    person.page.get_by_label("责任单位").select_option(label="乌审旗疾控中心")
    person.press("筛选")
    person.sees("筛选出 10 项")


def test_a_name_that_is_not_in_the_directory_is_refused_beside_the_questions(
    coordinator: Person, plans: Path
) -> None:
    steps.drop(coordinator, file(plans, "01"), issued_on=ISSUED)
    steps.answer_otherwise(coordinator, "水投公司", "选择单位", "天上水务局", "就是它")
    coordinator.sees("名录里没有“天上水务局”")
    steps.left(coordinator, 14)


def test_file_02_asks_for_its_damaged_deadlines(coordinator: Person, plans: Path) -> None:
    steps.drop(coordinator, file(plans, "02"), issued_on=ISSUED)
    coordinator.sees("将新建 32 项任务")
    coordinator.sees("5 项表中已标完成")
    for words, cells in (("2023年月底", "F11、F12"), ("2023年44月底", "F17、F18")):
        assert cells in steps.question(coordinator, words).inner_text()
    assert "建议：2023-04-30" in steps.question(coordinator, "2023年44月底").inner_text()
    steps.answer(coordinator, "2023年44月底", "采用")
    coordinator.sees("“2023年44月底” 时限定为 2023-04-30")
    steps.left(coordinator, 13)
    steps.accept_the_rest(coordinator)
    coordinator.sees("“2023年月底” 时限留空，原文保留")


def test_file_02_brings_its_done_rows_completed(coordinator: Person, plans: Path) -> None:
    steps.drop(coordinator, file(plans, "02"), issued_on=ISSUED)
    steps.accept_the_rest(coordinator)
    steps.confirm(coordinator)
    coordinator.shot("plan-02")
    coordinator.sees("已导入：新建 32 项")
    assert coordinator.page.locator(".chip", has_text="办结").inner_text().split() == ["办结", "5"]
    assert not coordinator.is_too_wide()


def test_file_03_has_leads_and_helpers(coordinator: Person, plans: Path) -> None:
    steps.drop(coordinator, file(plans, "03"), issued_on=ISSUED)
    coordinator.sees("将新建 24 项任务")
    steps.accept_the_rest(coordinator)
    steps.confirm(coordinator)
    who = coordinator.page.locator("tbody tr").first.locator(".cell-who")
    assert "乌审旗司法局、旗政府办 等 4 个" in who.nth(0).inner_text()
    assert "乌审旗无定河镇人民政府" in who.nth(1).inner_text()


def test_the_whole_import_fits_a_phone(new_site: str, visit: Visit, plans: Path) -> None:
    person = visit(new_site, "first", phone=True)
    steps.import_directory(person, file(plans, "05"))
    for number, words in (("02", "将新建 32 项任务"), ("03", "将新建 24 项任务")):
        steps.drop(person, file(plans, number), issued_on=ISSUED)
        person.sees(words)
        person.shot(f"import-{number}")
        steps.accept_the_rest(person)
        assert not person.is_too_wide()
        steps.confirm(person)
        person.shot(f"plan-{number}")
        assert not person.is_too_wide()
