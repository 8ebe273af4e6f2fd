"""What tracker.js does, in the system's Chromium, under the policy the app sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import CHROMIUM, MISSING
from tests.shell import lookbook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=MISSING),
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("look")
    lookbook.render(folder)
    with lookbook.served(folder) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Any]:
    complaints: list[str] = []
    contexts = []

    def open_page(name: str, viewport: dict[str, int] = DESK) -> Any:
        context = browser.new_context(viewport=viewport)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else 0
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/{name}.html")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("name", [*lookbook.PAGES, "error"])
@pytest.mark.parametrize("width", [390, 683, 1024, 1093, 1366])
def test_no_page_is_wider_than_its_window(visit, name, width):
    page = visit(name, {"width": width, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", lookbook.PAGES)
def test_everything_to_be_touched_on_a_phone_is_44_pixels_high(visit, name):
    page = visit(name, PHONE)
    low = page.evaluate(
        """[...document.querySelectorAll('.btn, .rail-link, .chip, .form-control, .menu-item, summary')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
        .map(e => e.className + ' ' + e.textContent.trim())"""
    )
    assert low == []


def test_the_phones_bottom_bar_has_four_words(visit):
    page = visit("inbox", PHONE)
    assert page.locator(".rail-link:visible .rail-word").all_inner_texts() == [
        "我的待办",
        "计划",
        "检查",
        "我",
    ]
    page.locator(".topbar-me summary").click()
    assert page.get_by_role("link", name="名录").is_visible()


def test_slash_goes_to_search_and_escape_leaves_it(visit):
    page = visit("inbox")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("j")
    assert page.locator("#search").input_value() == "j"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "search"


def test_j_and_k_move_through_the_rows_across_groups(visit):
    page = visit("inbox")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.locator("tr.is-here .cell-main").inner_text().startswith("12.")
    assert page.evaluate("document.activeElement.textContent").startswith("12.")


def test_a_question_lights_its_cell_and_a_cell_its_question(visit):
    page = visit("review")
    assert page.locator("[data-cell].is-lit").get_attribute("data-cell") == "F5"
    page.locator(".question").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".question.is-here").get_attribute("data-lights") == "E5"
    assert page.locator("[data-cell].is-lit").get_attribute("data-cell") == "E5"
    page.locator("[data-cell=D6]").hover()
    assert page.locator('.question[data-lights="D6"].is-lit').count() == 1


def test_enter_on_a_question_presses_its_first_answer(visit):
    page = visit("review")
    page.evaluate(
        "document.querySelectorAll('[data-open]')[1].addEventListener('click', () => document.body.dataset.pressed = 'E5')"
    )
    page.locator(".question").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.body.dataset.pressed") == "E5"


def test_the_rail_folds_and_stays_folded(visit):
    page = visit("inbox")
    page.locator("[data-rail-fold]").click()
    page.reload()
    assert page.locator(".rail").bounding_box()["width"] < 90
    assert page.locator(".rail-word").first.is_visible()


def test_a_destructive_form_is_asked_about_in_a_dialog(visit):
    page = visit("inbox")
    sent: list[str] = []
    page.route("**/undo", lambda route: (sent.append(route.request.post_data), route.abort())[1])
    page.evaluate(
        """document.querySelector('#main').insertAdjacentHTML('beforeend',
        '<form method="post" action="/undo" data-confirm="撤销这次导入？172 项任务会被收回。" data-confirm-verb="撤销导入"><button name="why" value="x" id="go">撤销</button></form>')"""
    )
    page.locator("#go").click()
    assert page.locator("#confirm-words").inner_text().startswith("撤销这次导入")
    page.get_by_role("button", name="取消").click()
    assert sent == []
    page.locator("#go").click()
    with page.expect_request("**/undo") as asked:
        page.get_by_role("button", name="撤销导入").click()
    assert asked.value.post_data == "why=x"


def test_htmx_sends_the_token_with_every_unsafe_request(visit):
    page = visit("inbox")
    headers: list[dict[str, str]] = []

    def answer(route: Any) -> None:
        headers.append(route.request.headers)
        route.fulfill(status=200, content_type="text/html", body="<p id='done'>已签收</p>")

    page.route("**/receipts", answer)
    page.evaluate(
        """document.querySelector('#main').insertAdjacentHTML('beforeend',
        '<button id="hx" hx-post="/receipts" hx-target="#flashes">签收</button>');
        htmx.process(document.querySelector('#main'))"""
    )
    page.locator("#hx").click()
    page.locator("#done").wait_for()
    assert headers[0]["x-csrftoken"] == "sample"
    assert headers[0]["hx-request"] == "true"


def test_an_upload_shows_its_name_and_follows_the_answer(visit, tmp_path):
    page = visit("task")
    paper = tmp_path / "证据.pdf"
    paper.write_bytes(b"%PDF" + b"0" * 100_000)
    headers: list[dict[str, str]] = []

    def answer(route: Any) -> None:
        headers.append(route.request.headers)
        route.fulfill(status=201, headers={"Location": "/plan.html"})

    page.evaluate("document.querySelector('form[data-progress]').action = '/evidence'")
    page.route("**/evidence", answer)
    page.locator("#f-evidence").set_input_files(paper)
    assert page.locator("[data-drop-files]").inner_text() == "证据.pdf"
    page.locator("#f-done").fill("补测 3 个教学点")
    page.get_by_role("button", name="申请办结").click()
    page.wait_for_url("**/plan.html")
    assert headers[0]["x-upload-progress"] == "1"
    assert headers[0]["x-csrftoken"] == "sample"


def upload_refused_with(visit, tmp_path, answer: str):
    """The task page after its upload was answered with this page."""
    page = visit("signin")  # its console stays silent: the refusal is on another page
    page.goto(page.url.replace("signin", "task"))
    page.evaluate("document.querySelector('form[data-progress]').action = '/evidence'")
    html = {"content_type": "text/html; charset=utf-8", "body": f"<main>{answer}</main>"}
    page.route("**/evidence", lambda route: route.fulfill(status=200, **html))
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"x")
    page.locator("#f-evidence").set_input_files(paper)
    page.locator("#f-done").fill("补测")
    page.get_by_role("button", name="申请办结").click()
    return page


def test_an_upload_that_is_refused_shows_the_servers_page_in_place(visit, tmp_path):
    answer = "<h1>文件太大</h1><p>每个文件不超过 50 MB。</p>"
    page = upload_refused_with(visit, tmp_path, answer)
    page.get_by_text("每个文件不超过 50 MB。").wait_for()


def test_an_upload_that_is_refused_says_why_in_the_form_and_keeps_the_words(visit, tmp_path):
    answer = '<h1>没有写入</h1><p class="error-message">这份文件是空的。</p>'
    page = upload_refused_with(visit, tmp_path, answer)
    page.locator("form[data-progress] [role=alert]", has_text="这份文件是空的。").wait_for()
    assert page.locator("#f-done").input_value() == "补测"


def test_long_text_opens_in_place(visit):
    page = visit("plan")
    box = page.locator(".matrix [data-clamp]").first
    before = box.bounding_box()["height"]
    page.locator(".matrix .clamp-more").first.click()
    assert box.bounding_box()["height"] > before


def test_the_chosen_columns_are_remembered(visit):
    page = visit("plan")
    page.locator("[data-columns-for] summary").click()
    page.get_by_label("分值").uncheck()
    page.reload()
    heads = page.locator("table[data-columns] th:visible").all_inner_texts()
    assert "分值" not in heads
    assert "牵头" in heads


def test_pages_work_without_script(browser, site):
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/task.html")
    assert page.locator("#f-evidence").is_visible()
    assert not page.locator("[data-rail-fold]").is_visible()
    context.close()
