"""A report: the value against the target, what is lower than before, the same form sent twice."""

import threading
from datetime import date
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from tests.conftest import Office
from tests.together import at_once
from tracker.demo import files as samples
from tracker.plans.assignment import Assignment
from tracker.work import report as reports
from tracker.work.report import Report
from tracker.work.target import Target

MEASURED = "梳理高频事项"
"""The service centre's, against 材料平均压减 ≥ 30 %; three reports so far."""
PLAIN = "3) 建筑工地围挡"
"""The housing bureau's, without a target."""
SHARED = "校服、教辅收费公示"
"""Led by education, helped by market; with a target."""


def kept(office: Office, part: Assignment) -> list[Report]:
    with office.database.reading() as session:
        wanted = select(Report).where(Report.assignment_id == part.id).order_by(col(Report.id))
        return list(session.exec(wanted))


def target(office: Office, beginning: str) -> Target:
    with office.database.reading() as session:
        wanted = select(Target).where(
            Target.task_id == office.task(beginning).id, col(Target.ended_at).is_(None)
        )
        return session.exec(wanted).one()


def send(
    browser: FlaskClient, part: Assignment, *, text: str = "已复核", percent: str = "70",
    **more: object,
) -> int:  # fmt: skip
    data = {"text": text, "percent": percent, **more}
    return browser.post(f"/assignments/{part.id}/reports", data=data).status_code


def page(browser: FlaskClient, part: Assignment) -> str:
    return browser.get(f"/tasks/{part.task_id}").get_data(as_text=True)


def test_a_value_stands_against_its_target(office: Office) -> None:
    browser, part = office.client_as("service"), office.part(MEASURED, "service")
    assert send(browser, part, value="34.5%", target=target(office, MEASURED).id) == 302
    last = kept(office, part)[-1]
    assert (last.value, last.unit) == (Decimal("34.5"), "%")
    shown = page(browser, part)
    assert "34.5 % / ≥ 30 %" in shown
    assert "达到" in shown
    assert "历次填报 4 次" in shown
    assert 'aria-label="历次数值：12 %、22.5 %、31 %、34.5 %"' in shown


def test_a_value_short_of_the_target_says_by_how_much(office: Office) -> None:
    browser, part = office.client_as("service"), office.part(MEASURED, "service")
    send(browser, part, value="28", target=target(office, MEASURED).id)
    assert "还差 2 %" in page(browser, part)


def test_a_value_may_be_left_empty(office: Office) -> None:
    browser, part = office.client_as("service"), office.part(MEASURED, "service")
    assert send(browser, part, value="", target=target(office, MEASURED).id) == 302
    assert kept(office, part)[-1].value is None


@pytest.mark.parametrize("value", ["许多", "30 个", "1e9", "99999999999999", "0.00001", "３０％％"])
def test_a_value_that_is_none_is_refused_and_nothing_kept(office: Office, value: str) -> None:
    browser, part = office.client_as("service"), office.part(MEASURED, "service")
    before = len(kept(office, part))
    assert send(browser, part, value=value, target=target(office, MEASURED).id) == 422
    assert len(kept(office, part)) == before


def test_a_value_for_a_target_that_was_just_changed_is_told(office: Office) -> None:
    browser, part = office.client_as("service"), office.part(MEASURED, "service")
    former = target(office, MEASURED)
    changed = {"relation": "at_least", "value": "300", "unit": "份", "measured": "压减材料"}
    office.client_as("office").post(f"/tasks/{part.task_id}/targets", data=changed)
    assert send(browser, part, value="34", target=former.id) == 422
    assert send(browser, part, value="84份", target=target(office, MEASURED).id) == 302
    assert "84 份 / ≥ 300 份" in page(browser, part)
    assert "22.5 %、" not in page(browser, part)  # values in another unit are another series


def test_a_value_without_a_target_is_refused(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    assert 'name="value"' not in page(browser, part)
    assert send(browser, part, value="3") == 422


def test_what_is_lower_than_before_is_shown_and_not_asked_about(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    assert send(browser, part, percent="60") == 302
    shown = page(browser, part)
    assert "比上次低 25 个百分点" in shown
    assert "上报进展 60%（上次 85%，降低）" in shown
    assert send(browser, part, percent="90") == 302
    assert "比上次低" not in page(browser, part)


def test_the_last_words_are_there_to_be_gone_on_with(office: Office) -> None:
    part = office.part("推行“一件事”联办", "service")
    shown = page(office.client_as("service"), part)
    assert "两项要用的省级接口还没有开放</textarea>" in shown
    assert "每周向上级平台催问一次</textarea>" in shown
    assert 'value="80"' in shown


def test_the_same_form_sent_twice_is_kept_once(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    before = len(kept(office, part))
    assert [send(browser, part, form_key="k1") for _ in range(3)] == [302, 302, 302]
    assert len(kept(office, part)) == before + 1
    assert send(browser, part, form_key="k2") == 302
    assert len(kept(office, part)) == before + 2


def test_forms_without_a_key_are_each_kept(office: Office) -> None:
    """The control: it is the key that tells them apart."""
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    before = len(kept(office, part))
    send(browser, part)
    send(browser, part)
    assert len(kept(office, part)) == before + 2


def test_a_key_is_a_parts_own(office: Office) -> None:
    first, second = (office.part(MEASURED, "service"), office.part("推行“一件事”联办", "service"))
    browser, before = office.client_as("service"), len(kept(office, second))
    assert [send(browser, one, form_key="same") for one in (first, second)] == [302, 302]
    assert len(kept(office, second)) == before + 1


def test_every_form_has_a_key_of_its_own(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    keys = {page(browser, part).split('name="form_key" value="')[1].split('"')[0] for _ in "12"}
    assert len(keys) == 2


def racing(office: Office, part: Assignment, monkeypatch: pytest.MonkeyPatch, key: str) -> int:
    """Two sends of one form, both past the first look before either writes; reports kept."""
    browsers = [office.client_as("housing") for _ in range(2)]
    before, both = len(kept(office, part)), threading.Barrier(2, timeout=20)
    real, looked = reports.refuse_repeated, threading.local()

    def look(session: object, one: Assignment, key: str) -> None:
        real(session, one, key)  # type: ignore[arg-type]
        if not getattr(looked, "once", False):
            looked.once = True
            both.wait()

    monkeypatch.setattr("tracker.web.views.work.refuse_repeated", look)
    statuses = at_once(*(partial(send, browser, part, form_key=key) for browser in browsers))
    assert set(statuses) == {302}
    return len(kept(office, part)) - before


def test_a_double_send_at_the_same_moment_is_kept_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert racing(office, office.part(PLAIN, "housing"), monkeypatch, "race") == 1


def test_two_forms_at_the_same_moment_are_both_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race above really brings two reports to the door."""
    assert racing(office, office.part(PLAIN, "housing"), monkeypatch, "") == 2


def test_a_file_sent_twice_lies_on_disk_once(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    before = files(office)
    for _ in range(2):
        pdf = (BytesIO(samples.page("One page")), "整改照片.pdf")
        assert send(browser, part, form_key="f", evidence=pdf) == 302
    assert len(files(office) - before) == 1


def files(office: Office) -> set[Path]:
    return set(office.settings.uploads.iterdir())


def test_a_resend_after_the_work_was_submitted_is_still_answered_well(office: Office) -> None:
    browser, part = office.client_as("housing"), office.part(PLAIN, "housing")
    send(browser, part, form_key="late", percent="100")
    browser.post(f"/assignments/{part.id}/completions", data={"statement": "办完了"})
    assert send(browser, part, form_key="late") == 302
    assert send(browser, part, form_key="another") == 409


def test_the_office_and_the_lead_see_all_latest_reports(office: Office) -> None:
    helper = office.part(SHARED, "market")
    browser = office.client_as("market")
    browser.post(f"/assignments/{helper.id}/receipt")
    send(browser, helper, text="市场方面：十二家文具店已检查")
    for login in ("office", "edu"):
        shown = page(office.client_as(login), helper)
        table = shown.split('id="latest"')[1].split("</section>")[0]
        assert "三所学校尚未公示" in table
        assert "十二家文具店已检查" in table
        assert "2 个单位已报，共 2 个" in table


def test_a_helper_sees_its_own_reports_only(office: Office) -> None:
    lead, helper = office.part(SHARED, "edu"), office.part(SHARED, "market")
    send(office.client_as("edu"), lead, text="进展金丝雀", difficulties="困难金丝雀", next_step="计划金丝雀",
         value="93.25", target=target(office, SHARED).id)  # fmt: skip
    browser = office.client_as("market")
    browser.post(f"/assignments/{helper.id}/receipt")
    shown = page(browser, helper)
    assert "金丝雀" not in shown
    assert "93.25" not in shown
    assert "金丝雀" in page(office.client_as("edu"), lead)
    assert 'id="latest"' not in shown
    assert "≥ 100 %" in shown  # what is wanted of the task is for all who work on it


def test_long_lists_of_departments_fold(office: Office) -> None:
    everybody = office.part("2) 全县干部", "edu")
    browser = office.client_as("edu")
    browser.post(f"/assignments/{everybody.id}/receipt")
    send(browser, everybody)
    shown = page(office.client_as("office"), everybody)
    assert "另有 16 个单位" in shown.split('id="latest"')[1].split("</section>")[0]


def test_a_report_moves_the_next_ones_day(office: Office) -> None:
    """Tuesday; the plan reports every Friday."""
    browser = office.client_as("service")
    part = office.part("推行“一件事”联办", "service")
    assert part.next_report_on == date(2026, 3, 13)
    assert "03-13 前报进展" in page(browser, part)
    send(browser, part)
    assert office.part("推行“一件事”联办", "service").next_report_on == date(2026, 3, 20)
    assert "本期已报" in page(browser, part)
