"""Evidence at the desk and in the street: many files in one go, a line that breaks, pictures large."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office
from tests.files.samples import jpg
from tracker.demo.files import page as page_of

TASK = "推行“一件事”联办"
"""The service centre's, with requirements of which photos and the register are not met."""


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def at_task(site: str, office: Office, visit: Visit, *, phone: bool) -> Person:
    clerk = visit(site, "service", phone=phone)
    clerk.open(f"/tasks/{office.task(TASK).id}")
    return clerk


def choose(clerk: Person, *files: dict[str, Any]) -> None:
    clerk.page.locator("form[data-files] [data-drop] input").set_input_files(list(files))


def line(clerk: Person, name: str) -> Any:
    return clerk.page.locator(".queue-line").filter(has_text=name)


@pytest.mark.parametrize("phone", [False, True])
def test_many_files_go_up_each_for_itself(
    site: str, office: Office, visit: Visit, phone: bool
) -> None:
    clerk = at_task(site, office, visit, phone=phone)
    clerk.shot("evidence")
    clerk.page.get_by_label("用于哪一条佐证要求").last.select_option(label="窗口照片")
    choose(
        clerk,
        file("新窗口.jpg", jpg(1200, 900)),
        file("坏的.jpg", jpg()[:3000]),
        file("又一张.jpg", jpg(900, 1200)),
    )
    expect(line(clerk, "新窗口.jpg")).to_contain_text("已上传")
    expect(line(clerk, "又一张.jpg")).to_contain_text("已上传")
    expect(line(clerk, "坏的.jpg")).to_contain_text("不完整或已损坏，不能作为 jpg 打开")
    expect(clerk.page.locator(".required li").first).to_contain_text("3/2")
    expect(clerk.page.locator(".shelf .piece").filter(has_text="新窗口.jpg")).to_be_visible()
    expect(clerk.page.locator(".timeline")).to_contain_text("上传佐证材料“又一张.jpg”")
    assert not clerk.is_too_wide()
    clerk.shot("evidence-sent")


def test_what_was_taken_stays_when_the_line_breaks(site: str, office: Office, visit: Visit) -> None:
    clerk = at_task(site, office, visit, phone=True)
    clerk.page.get_by_label("用于哪一条佐证要求").last.select_option(label="不归入哪一条")
    choose(clerk, file("先传上的.pdf", page_of("first")))
    expect(line(clerk, "先传上的.pdf")).to_contain_text("已上传")
    clerk.page.context.set_offline(True)
    choose(clerk, file("断线时的.pdf", page_of("second")))
    expect(line(clerk, "断线时的.pdf")).to_contain_text("网络断开，没有传上")
    clerk.shot("evidence-offline")
    assert any("ERR_INTERNET_DISCONNECTED" in one for one in clerk.complaints)  # the control
    clerk.complaints.clear()
    clerk.page.context.set_offline(False)  # it goes up by itself
    expect(line(clerk, "断线时的.pdf")).to_contain_text("已上传")
    for name in ("先传上的.pdf", "断线时的.pdf"):
        expect(clerk.page.locator(".shelf .piece").filter(has_text=name)).to_have_count(1)
    clerk.complaints.clear()


def test_a_picture_opens_large_in_the_page(site: str, office: Office, visit: Visit) -> None:
    clerk = at_task(site, office, visit, phone=False)
    thumb = clerk.page.locator("a[data-view]").first
    expect(thumb.locator("img")).to_be_visible()
    assert thumb.locator("img").evaluate("image => image.naturalWidth") > 0
    thumb.click()
    large = clerk.page.locator("#view img")
    expect(large).to_be_visible()
    assert clerk.page.url.endswith(f"/tasks/{office.task(TASK).id}")
    clerk.shot("evidence-large")
    clerk.page.keyboard.press("Escape")
    expect(large).not_to_be_visible()


def test_a_piece_is_replaced_and_taken_back(site: str, office: Office, visit: Visit) -> None:
    clerk = at_task(site, office, visit, phone=False)
    piece = clerk.page.locator(".piece").filter(has_text="综合窗口.png")
    piece.get_by_text("改动").click()
    piece.locator("input[type=file]").set_input_files(file("综合窗口（新）.jpg", jpg()))
    piece.locator("button", has_text="换成新版本").click()
    clerk.sees("已上传 1 份佐证材料。")
    newer = clerk.page.locator(".piece").filter(has_text="综合窗口（新）.jpg")
    expect(newer).to_contain_text("早先的版本 1 份")
    newer.get_by_text("改动").click()
    newer.get_by_role("button", name="撤回").click()
    clerk.page.locator("#confirm [data-confirm-yes]").click()
    clerk.sees("已撤回“综合窗口（新）.jpg”。")
    expect(clerk.page.locator(".piece").filter(has_text="综合窗口.png")).to_be_visible()
    clerk.shot("evidence-withdrawn")


def test_the_office_requires_and_takes_the_zip(site: str, office: Office, visit: Visit) -> None:
    coordinator = visit(site, "office")
    coordinator.open(f"/tasks/{office.task(TASK).id}")
    coordinator.page.locator("summary", has_text="设定佐证要求").click()
    coordinator.page.get_by_label("要什么材料").fill("群众满意度截图")
    coordinator.page.get_by_label(re.compile("至少几份")).fill("3")
    coordinator.page.get_by_role("checkbox", name="图片").check()
    coordinator.shot("evidence-requiring")
    coordinator.press("设定")
    coordinator.sees("已设定 1 条佐证要求。")
    expect(coordinator.page.locator(".required")).to_contain_text("0/3")
    with coordinator.page.expect_download() as fetched:
        coordinator.press("打包下载")
    assert fetched.value.suggested_filename.endswith(".zip")


def test_completion_names_what_is_missing(site: str, office: Office, visit: Visit) -> None:
    clerk = at_task(site, office, visit, phone=False)
    clerk.page.get_by_label("办结说明").fill("都办完了")
    clerk.press("申请办结")
    clerk.sees("“窗口照片”还差 1 份，“办件台账”还差 1 份")


def test_without_script_the_form_sends_all(site: str, office: Office, browser: Any) -> None:
    from tests.browser.person import DESK
    from tracker.demo.cast import PASSWORD

    context = browser.new_context(viewport=DESK, java_script_enabled=False, locale="zh-CN")
    clerk = Person(context.new_page(), site, phone=False)
    clerk.sign_in("service", PASSWORD)
    clerk.open(f"/tasks/{office.task(TASK).id}")
    form = clerk.page.locator("form[data-files]")
    form.get_by_label("用于哪一条佐证要求").select_option(label="不归入哪一条")
    form.locator("[data-drop] input").set_input_files(
        [file("一.pdf", page_of("1")), file("二.exe", b"MZ")]
    )
    form.get_by_role("button", name="上传", exact=True).click()
    clerk.sees("已上传 1 份佐证材料。")
    clerk.sees("佐证材料“二.exe”的类型不能上传")
    context.close()
