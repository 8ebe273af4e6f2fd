"""An inspector's visit on a phone: what is entered while the signal is gone is kept on the phone,
photos and all, is there after a reload, and is sent once when the signal is back."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from tests.browser.conftest import Visit
from tests.browser.person import Person
from tests.conftest import Office
from tests.scoring.play import CLINIC, COVERT, open_round, photo, plan_visit
from tracker.scoring.finding import Finding, FindingPhoto

SAID = "候诊区导引牌被遮住"
PHOTO = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo().getvalue()}


@pytest.fixture
def planned(site: str, office: Office) -> str:
    """The address of a visit of two items."""
    ident = open_round(in_process(office))
    visit = plan_visit(in_process(office), ident, (COVERT, CLINIC), on=office.now.date())
    office.app.config["WTF_CSRF_ENABLED"] = True
    return f"/visits/{visit.id}"


def in_process(office: Office) -> Office:
    """The office as the other tests use it: forms without tokens."""
    office.app.config["WTF_CSRF_ENABLED"] = False
    return office


def kept(office: Office, model: type = Finding) -> list[Any]:
    with office.database.reading() as session:
        return list(session.exec(select(model)))


def deduct(person: Person, said: str = SAID) -> None:
    """Fill in the form that is on the screen and save it."""
    shown = person.page.locator("[data-visit-item]:visible")
    shown.locator("input[type=file]").set_input_files(PHOTO)
    expect(shown.locator("[data-photos] img")).to_have_count(1)
    shown.get_by_text("扣分", exact=True).click()
    shown.get_by_label(re.compile("扣几分")).fill("1.5")
    shown.get_by_label("发现了什么问题").fill(said)
    person.shot("filled")
    shown.get_by_role("button", name="保存并提交").click()


class Deaf(list[str]):
    """Hears nothing of requests that found no network: that is what is tested."""

    def append(self, said: str) -> None:
        if "net::ERR_" not in said:
            super().append(said)


def on_site(visit: Visit, site: str, planned: str) -> Person:
    """The inspector with the visit open on her phone."""
    inspector = visit(site, "inspector", phone=True)
    inspector.complaints = Deaf()
    inspector.open(planned)
    return inspector


def test_a_finding_survives_a_lost_signal_and_is_sent_once(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    inspector.shot("opened")
    assert not inspector.is_too_wide()
    inspector.page.context.set_offline(True)
    deduct(inspector)
    inspector.sees("本机还有 1 条没有提交")
    inspector.sees(SAID)
    inspector.shot("kept")
    assert kept(office) == [], "the control: nothing came through"
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        inspector.page.reload()
    inspector.page.context.set_offline(False)
    inspector.open(planned)
    inspector.sees("全部已提交")
    inspector.shot("sent")
    found = kept(office)
    assert [(one.text, str(one.points_off)) for one in found] == [(SAID, "1.50")]
    assert len(kept(office, FindingPhoto)) == 1
    inspector.open(planned)
    inspector.page.wait_for_timeout(500)
    assert len(kept(office)) == 1


def test_when_the_signal_returns_without_a_reload_it_is_sent_by_itself(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    inspector.page.context.set_offline(True)
    deduct(inspector)
    inspector.sees("本机还有 1 条没有提交")
    inspector.page.context.set_offline(False)
    inspector.sees("全部已提交")
    assert len(kept(office)) == 1


def test_an_answer_that_is_lost_on_its_way_does_not_double(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    """The server took it, the phone did not hear: the resend is the same finding."""
    inspector = on_site(visit, site, planned)

    def take_and_drop(route: Any) -> None:
        route.fetch()
        route.abort()

    inspector.page.route("**/findings", take_and_drop)
    deduct(inspector)
    inspector.sees("本机还有 1 条没有提交")
    assert len(kept(office)) == 1, "the control: it did arrive"
    inspector.page.unroute("**/findings")
    inspector.open(planned)
    inspector.sees("全部已提交")
    assert len(kept(office)) == 1


def test_what_is_half_written_is_there_after_a_reload(
    planned: str, site: str, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    form = inspector.page.locator("[data-visit-item]:visible")
    form.locator("input[type=file]").set_input_files(PHOTO)
    form.get_by_text("扣分", exact=True).click()
    form.get_by_label("发现了什么问题").fill("写到一半")
    inspector.page.wait_for_timeout(300)
    inspector.page.reload()
    form = inspector.page.locator("[data-visit-item]:visible")
    expect(form.get_by_label("发现了什么问题")).to_have_value("写到一半")
    expect(form.locator("[data-photos] img")).to_have_count(1)


def test_a_refusal_is_said_and_the_words_stay(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    ident = item_round(office)
    in_process(office).client_as("office").post(f"/rounds/{ident}/closing")
    office.app.config["WTF_CSRF_ENABLED"] = True
    deduct(inspector)
    inspector.sees("已经结束评分")
    inspector.sees(SAID)
    inspector.shot("refused")
    in_process(office).client_as("office").post(f"/rounds/{ident}/reopening")
    office.app.config["WTF_CSRF_ENABLED"] = True
    inspector.press("再提交一次")
    inspector.sees("全部已提交")
    assert len(kept(office)) == 1


def item_round(office: Office) -> int:
    from tracker.scoring.round import Round

    with office.database.reading() as session:
        found = session.exec(select(Round.id)).one()
    assert found is not None
    return found


def test_signed_out_meanwhile_it_waits_for_the_next_sign_in(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    inspector = on_site(visit, site, planned)
    inspector.page.context.clear_cookies()
    deduct(inspector)
    inspector.sees("请重新登录")
    from tracker.demo.cast import PASSWORD

    inspector.sign_in("inspector", PASSWORD)
    inspector.open(planned)
    inspector.sees("全部已提交")
    assert len(kept(office)) == 1


def test_a_whole_visit_at_a_desk_and_on_a_phone(
    planned: str, site: str, office: Office, visit: Visit
) -> None:
    """合格 for one, 扣分 for the other: three touches and one, and the queue of the office follows."""
    inspector = visit(site, "inspector", phone=True)
    inspector.page.get_by_role("link", name=re.compile("正式测评")).first.click()
    deduct(inspector)
    inspector.sees("全部已提交")
    inspector.press("下一项")
    shown = inspector.page.locator("[data-visit-item]:visible")
    shown.get_by_text("合格", exact=True).first.click()
    shown.get_by_role("button", name="保存并提交").click()
    expect(shown.locator(".finding .state-completed")).to_have_text("已提交")
    assert sorted(one.is_clear for one in kept(office)) == [False, True]
    boss = visit(site, "office")
    boss.open(f"/rounds/{item_round(office)}/visits")
    boss.sees("2 / 2")
