"""On site people are quick and make mistakes: nothing that was seen and photographed is lost by one."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.test_visit_offline import (
    SAID,
    deduct,
    in_process,
    kept,
    on_site,
    planned,
)
from tests.conftest import Office
from tracker.scoring.finding import FindingPhoto

__all__ = ["planned"]


def large() -> dict[str, object]:
    """A photo as a phone takes it, which takes a while to be made smaller."""
    written = BytesIO()
    Image.effect_noise((3000, 2250), 60).convert("RGB").save(written, "JPEG", quality=90)
    return {"name": "IMG_9.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def form_of(shown: Locator, *, points: str = "1.5", said: str = SAID) -> None:
    shown.get_by_text("扣分", exact=True).click()
    shown.get_by_label(re.compile("扣几分")).fill(points)
    shown.get_by_label("发现了什么问题").fill(said)


def test_a_photo_that_is_still_being_made_smaller_is_waited_for(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    shown = inspector.page.locator("[data-visit-item]:visible")
    form_of(shown)
    shown.locator("input[type=file]").set_input_files([large(), large()])  # type: ignore[list-item]
    shown.get_by_role("button", name="保存并提交").click()
    inspector.sees("全部已提交")
    assert (len(kept(office)), len(kept(office, FindingPhoto))) == (1, 2)


@pytest.mark.parametrize(
    ("points", "said", "told"),
    [("9", SAID, "最多 6 分"), ("0", SAID, "扣分要大于 0"), ("1", " ", "请写明发现了什么问题")],
)
def test_a_slip_is_told_before_the_form_is_emptied(
    planned: str, site: str, office: Office, visit: Visit, points: str, said: str, told: str
) -> None:
    inspector = on_site(visit, site, planned)
    shown = inspector.page.locator("[data-visit-item]:visible")
    form_of(shown, points=points, said=said)
    shown.get_by_role("button", name="保存并提交").click()
    inspector.sees(told)
    expect(shown.get_by_label(re.compile("扣几分"))).to_have_value(points)
    form_of(shown)
    shown.get_by_role("button", name="保存并提交").click()
    inspector.sees("全部已提交")
    assert [str(one.points_off) for one in kept(office)] == ["1.50"]


def test_what_the_server_refuses_can_be_put_right(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    """The page's own look is passed by: what an older page let through."""
    inspector = on_site(visit, site, planned)
    shown = inspector.page.locator("[data-visit-item]:visible")
    shown.locator("form").evaluate("form => { form.dataset.possible = '99'; }")
    form_of(shown, points="9")
    shown.get_by_role("button", name="保存并提交").click()
    inspector.sees("没有被接受")
    shown.get_by_role("button", name="修改").click()
    expect(shown.get_by_label("发现了什么问题")).to_have_value(SAID)
    shown.get_by_label(re.compile("扣几分")).fill("2")
    shown.get_by_role("button", name="保存并提交").click()
    inspector.sees("全部已提交")
    assert [(one.text, str(one.points_off)) for one in kept(office)] == [(SAID, "2.00")]


def test_two_findings_at_one_item_right_after_each_other(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    shown = inspector.page.locator("[data-visit-item]:visible")
    for said in ("门口积水", "导引牌被遮住"):
        form_of(shown, said=said)
        shown.get_by_role("button", name="保存并提交").click()
        expect(shown.get_by_label("发现了什么问题")).to_have_value("")
    inspector.sees("全部已提交")
    expect(shown.locator(".state-completed")).to_have_count(2)
    assert sorted(one.text for one in kept(office)) == ["导引牌被遮住", "门口积水"]


def test_a_visit_called_off_meanwhile_is_told_and_the_words_can_be_read(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    inspector.page.context.set_offline(True)
    deduct(inspector)
    inspector.sees("本机还有 1 条没有提交")
    called_off = in_process(office).client_as("office").post(f"{planned}/cancellation")
    assert called_off.status_code == 302
    office.app.config["WTF_CSRF_ENABLED"] = True
    inspector.page.context.set_offline(False)
    inspector.sees("这次暗访已经取消，结果没有写入")
    inspector.open("/visits")
    inspector.sees("有 1 条结果已存在本机")
    inspector.press("打开那次暗访")
    inspector.sees(SAID)
    inspector.sees("这次暗访已经取消，不能再录入")
    inspector.shot("called-off")
    assert kept(office) == []
