"""Words typed into a form are there again after a refusal, after the session's end, and gone once taken."""

from playwright.sync_api import expect
from sqlmodel import select

from tests.browser.conftest import Visit
from tests.browser.test_visit_offline import Deaf, in_process
from tests.conftest import Office
from tests.work.acting import SOLE, signed
from tracker.demo.cast import PASSWORD
from tracker.work.extension import Extension

WHY = "汛期停工两周，护栏要等水退了才能装"


def asking(visit: Visit, site: str, office: Office):  # type: ignore[no-untyped-def]
    """The clerk with the form for more time open."""
    clerk = visit(site, "edu")
    clerk.complaints = Deaf()
    clerk.open(f"/tasks/{office.task(SOLE).id}")
    return clerk


def test_they_are_there_after_a_refusal_and_gone_when_taken(
    site: str, office: Office, visit: Visit
) -> None:
    with office.database.writing() as session:
        part = office.part(SOLE, "edu")
        part.due_on = office.now.date()
        session.add(part)
    clerk = asking(visit, site, office)
    clerk.page.get_by_text("申请延期", exact=True).first.click()
    until, why = clerk.page.get_by_label("延到哪一天"), clerk.page.get_by_label("延期理由")
    until.evaluate("field => field.removeAttribute('min')")
    until.fill(office.now.date().isoformat())
    why.fill(WHY)
    clerk.page.get_by_role("button", name="申请延期").click()
    clerk.sees("延期后的日期要晚于现在的时限")
    clerk.page.get_by_role("link", name="回到刚才的页面").click()
    expect(why).to_have_value(WHY)
    expect(why).to_be_visible()
    until.fill("2026-06-30")
    clerk.page.get_by_role("button", name="申请延期").click()
    clerk.sees("已申请延期")
    with office.database.reading() as session:
        assert session.exec(select(Extension.reason)).one() == WHY
    clerk.page.get_by_role("button", name="撤回").first.click()
    clerk.page.get_by_text("申请延期", exact=True).first.click()
    expect(why).to_have_value("")


def test_they_are_there_after_signing_in_again_and_nobody_elses(
    site: str, office: Office, visit: Visit
) -> None:
    signed(in_process(office), SOLE, "market")
    office.app.config["WTF_CSRF_ENABLED"] = True
    clerk = asking(visit, site, office)
    box = clerk.page.get_by_label("做了什么").first
    box.fill("已张贴十二所学校")
    clerk.page.context.clear_cookies()
    clerk.page.get_by_role("button", name="报进展").first.click()
    clerk.sees("登录已过期，刚才的内容没有写入")
    clerk.sign_in("market", PASSWORD)
    clerk.open(f"/tasks/{office.task(SOLE).id}")
    expect(clerk.page.get_by_label("做了什么").first).to_have_value("")
    clerk.page.context.clear_cookies()
    clerk.sign_in("edu", PASSWORD)
    clerk.open(f"/tasks/{office.task(SOLE).id}")
    expect(box).to_have_value("已张贴十二所学校")
