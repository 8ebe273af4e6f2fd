"""A file that cannot be read: the page says why, keeps its form, and the next file goes in."""

from typing import Any

import pytest

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.intake.sheets import DUTIES, workbook
from tests.web.test_bad_uploads import BAD


def sent(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture(params=[False, True], ids=["desk", "phone"])
def coordinator(request: pytest.FixtureRequest, site: str, visit: Visit) -> Person:
    person = visit(site, "office", phone=request.param)
    person.open("/imports")
    return person


def test_each_bad_file_is_told_and_the_form_can_be_used_again(coordinator: Person) -> None:
    alert = coordinator.page.get_by_role("alert")
    for kind in BAD:
        name, content, said = BAD[kind]
        steps.choose_and_read(coordinator, sent(name, content), issued_on="2026-01-05")
        alert.filter(has_text=said).wait_for()
        coordinator.shot("bad")
        assert alert.count() == 1, kind
        assert coordinator.page.get_by_label("印发日期").input_value() == "2026-01-05"
    steps.choose_and_read(coordinator, sent("好.xlsx", workbook(DUTIES)))
    coordinator.page.wait_for_url("**/imports/*")
    coordinator.sees("将新建 3 项任务")


def test_a_list_that_is_no_directory_is_told(site: str, visit: Visit) -> None:
    admin = visit(site, "admin")
    admin.open("/directory")
    admin.page.locator("main input[type=file]").set_input_files(sent("好.xlsx", workbook(DUTIES)))
    admin.press("导入名录")
    admin.page.get_by_role("alert").filter(has_text="没有找到机构名录").wait_for()
