"""A coordinator in a hurry: double clicks, the same file twice, two tabs, the back button."""

from typing import Any

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.browser.test_bad_files import sent
from tests.intake.sheets import workbook

ROWS = (
    (1, "核对校车线路并公示", "教体局、天外局", "2026年6月底前"),
    (2, "公布助学资金发放名册", "财政局、海外局", "2026年6月底前"),
    (3, "走访偏远教学点", "教体局、世外局", "长期坚持"),
)


def dropped(person: Person) -> Person:
    steps.drop(person, FILE)
    return person


FILE: Any = sent("急件.xlsx", workbook(ROWS, title="急件任务表"))


@pytest.fixture
def coordinator(site: str, visit: Visit) -> Person:
    return dropped(visit(site, "office"))


def posts(person: Person) -> list[str]:
    """Fills with the address of every POST that is sent from now on."""
    found: list[str] = []
    person.page.on("request", lambda one: found.append(one.url) if one.method == "POST" else None)
    return found


def first_answer(person: Person) -> Any:
    return person.page.locator(".question [data-open]").first


def centre(button: Any) -> tuple[float, float]:
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_double_click_answers_one_question(coordinator: Person) -> None:
    steps.left(coordinator, 3)
    asked = posts(coordinator)
    first_answer(coordinator).dblclick()
    steps.left(coordinator, 2)
    assert len(asked) == 1


def test_a_held_key_answers_one_question(coordinator: Person) -> None:
    steps.left(coordinator, 3)
    asked, keyboard = posts(coordinator), coordinator.page.keyboard
    coordinator.page.locator(".question").first.focus()
    for _ in range(4):
        keyboard.down("Enter")
        coordinator.page.wait_for_timeout(steps.READING)
    steps.left(coordinator, 2)
    assert len(asked) == 1
    keyboard.up("Enter")
    keyboard.press("Enter")  # the control: pressed anew, it answers the next
    steps.left(coordinator, 1)


CLICK_WHAT_COMES = """([x, y]) => document.addEventListener("htmx:after:swap",
    () => document.elementFromPoint(x, y).click(), { once: true })"""


def test_a_click_on_what_nobody_has_read_is_passed_over(coordinator: Person) -> None:
    steps.left(coordinator, 3)
    asked, (x, y) = posts(coordinator), centre(first_answer(coordinator))
    coordinator.page.evaluate(CLICK_WHAT_COMES, [x, y])
    coordinator.page.mouse.click(x, y)
    steps.left(coordinator, 2)
    assert len(asked) == 1
    coordinator.page.mouse.click(x, y)  # the control: by now it has been read
    steps.left(coordinator, 1)
    assert len(asked) == 2


def test_two_clicks_on_confirming_write_once_whoever_stops_the_second(coordinator: Person) -> None:
    """The browser sends one of them, or the server refuses one: both are well."""
    steps.accept_the_rest(coordinator)
    coordinator.button("确认导入").dblclick()
    coordinator.page.wait_for_url("**/plans/*")
    coordinator.sees("已导入：新建 3 项，变更 0 项，不变 0 项。")


def test_the_way_back_after_applying_shows_what_was_done(coordinator: Person) -> None:
    steps.accept_the_rest(coordinator)
    steps.confirm(coordinator)
    coordinator.page.go_back()
    coordinator.sees("已导入：新建 3 项")
    assert coordinator.page.get_by_role("button", name="确认导入").count() == 0


def test_the_same_file_in_two_tabs_goes_in_once(site: str, visit: Visit) -> None:
    """The second tab is told, sees the new comparison, and changes nothing."""
    one, two = dropped(visit(site, "office")), dropped(visit(site, "office"))
    steps.accept_the_rest(one)
    steps.accept_the_rest(two)
    steps.confirm(one)
    two.press("确认导入")
    two.sees("预览之后计划有了变动，没有写入。")
    two.shot("stale")
    two.press("回到刚才的页面")
    two.sees("没有新任务，不变 3 项")
    steps.confirm(two)
    two.sees("已导入：新建 0 项，变更 0 项，不变 3 项。")


def test_a_batch_applied_in_another_tab_is_told(coordinator: Person) -> None:
    steps.accept_the_rest(coordinator)
    other = coordinator.page.context.new_page()
    other.goto(coordinator.page.url)
    steps.confirm(coordinator)
    other.get_by_role("button", name="确认导入").click()
    other.get_by_text("这一批已经导入过，没有再次写入。").wait_for()
    other.get_by_role("link", name="回到刚才的页面").click()
    other.get_by_text("还没有单位签收，可以撤销。").wait_for()
