"""汇总: the workbooks of many departments looked at as one, confirmed once, written in one transaction."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from tests.conftest import Office
from tests.exchange.merging.hands import EDU, SERVICE, look, opened, take_out
from tests.exchange.merging.test_returns import form_of, reports, rows, send
from tests.work.acting import SOLE, act, now, post, signed
from tracker.directory.department import Department
from tracker.events import Event
from tracker.exchange.export import Layout
from tracker.exchange.handing_out.hand_out import HandOut, HandOutCopy, Means
from tracker.exchange.merging.merge import Kind
from tracker.exchange.merging.returned import ReturnState
from tracker.plans.plan import Plan
from tracker.web.words import rows_words

MARKET = "清河县市场监督管理局"


def said_by(office: Office, department: str, code: str, words: str, login: str = "office") -> bytes:
    """A department's copy in which its part of the task says something new."""
    part = signed(office, SOLE, code)
    book = opened(take_out(office, login, plan=SERVICE, department=department))
    book.write(book.row_of(part.id), "progress", words)
    return book.saved()


def whole(office: Office, words: str) -> bytes:
    """The office's ledger of the plan, in which the lead's part says something new."""
    book = opened(take_out(office, plan=SERVICE))
    book.write(book.row_of(office.part(SOLE, "edu").id), "progress", words)
    return book.saved()


def address(office: Office) -> str:
    with office.database.reading() as session:
        plan = session.exec(select(Plan).where(Plan.name == SERVICE)).one()
        return f"/plans/{plan.id}/returns"


def seen(office: Office, login: str = "office") -> dict[str, object]:
    """What the page's form holds before anything is chosen."""
    page = office.client_as(login).get(address(office)).get_data(as_text=True)
    form = BeautifulSoup(page, "html.parser").select_one("form.returned-form")
    assert form is not None
    return {
        "seen": str(form.select_one("input[name=seen]")["value"]),  # type: ignore[index]
        "file": [str(one["value"]) for one in form.select("input[name=file]")],
    }


def confirm(office: Office, login: str = "office", **more: str) -> int:
    form = seen(office, login) | more
    return office.client_as(login).post(f"{address(office)}/application", data=form).status_code


def reporters(office: Office) -> list[tuple[str, int | None]]:
    with office.database.reading() as session:
        events = session.exec(select(Event).order_by(Event.id))  # type: ignore[arg-type]
        return [(e.actor, e.actor_id) for e in events if e.verb == "assignment.reported"]


def test_each_workbook_is_written_in_its_senders_name(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    assert confirm(office) == 302
    assert {"教育的进展", "市场的进展"} <= set(reports(office))
    wanted = [office.actor(login) for login in ("edu", "market")]
    assert sorted(reporters(office)[-2:]) == sorted((by.name, by.user_id) for by in wanted)
    assert {row.state for row in rows(office)} == {ReturnState.APPLIED}
    assert {row.settled_by for row in rows(office)} == {office.actor("office").user_id}


def test_a_cell_that_two_workbooks_change_is_chosen_once(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "单位写的", "edu"), login="edu")
    send(office, whole(office, "办公室写的"), login="office")
    part = office.part(SOLE, "edu")
    page = office.client_as("office").get(address(office)).get_data(as_text=True)
    assert "只能用一份" in page
    assert confirm(office) == 409, "nothing chosen"
    first, second = (f"cell-{row.id}-p-{part.id}-progress" for row in rows(office))
    assert confirm(office, **{first: "take", second: "take"}) == 409
    assert not {"单位写的", "办公室写的"} & set(reports(office))
    assert confirm(office, **{first: "leave", second: "take"}) == 302
    assert reports(office)[-1] == "办公室写的"


def test_what_two_workbooks_say_alike_is_written_once(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "一样的话", "edu"), login="edu")
    send(office, whole(office, "一样的话"), login="office")
    assert confirm(office) == 302
    assert reports(office).count("一样的话") == 1


def test_one_refusal_writes_none_of_them(office: Office) -> None:
    """The market's part is withdrawn between the look and the confirmation."""
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    form = seen(office)
    part = office.part(SOLE, "market")
    said = {"text": "网上先写了", "percent": str(part.percent)}
    assert act(office.client_as("market"), part, "reports", **said) == 302
    answer = office.client_as("office").post(f"{address(office)}/application", data=form)
    assert answer.status_code == 409
    assert "教育的进展" not in reports(office)
    assert {row.state for row in rows(office)} == {ReturnState.WAITING}


def test_one_is_left_for_later(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    later = rows(office)[0]
    assert confirm(office, **{f"skip-{later.id}": "on"}) == 302
    assert reports(office)[-1] == "市场的进展" and "教育的进展" not in reports(office)
    assert [row.state for row in rows(office)] == [ReturnState.WAITING, ReturnState.APPLIED]


def test_of_two_copies_the_older_one_can_be_chosen(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "早的", "edu"), login="edu")
    send(office, said_by(office, EDU, "edu", "晚的", "edu"), login="edu")
    older, newer = rows(office)
    browser = office.client_as("office")
    assert post(browser, f"/returns/{older.id}/preference") == 302
    assert [row.state for row in rows(office)] == [ReturnState.WAITING, ReturnState.SUPERSEDED]
    assert post(browser, f"/returns/{older.id}/preference") == 409
    assert confirm(office) == 302
    assert reports(office)[-1] == "早的"


def test_the_office_sees_who_has_not_returned(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    shown = BeautifulSoup(office.client_as("office").get(address(office)).text, "html.parser")
    roll = shown.select_one(".roll")
    assert roll is not None
    missing, back = (line.get_text() for line in roll.select("p"))
    assert "市场" in missing and "教育" not in missing and "教育" in back
    assert (
        BeautifulSoup(office.client_as("edu").get(address(office)).text, "html.parser").select_one(
            ".roll"
        )
        is None
    ), "who else is late is not a department's to know"


def handed_out(office: Office, at: datetime) -> None:
    """The department's copy went out at this time."""
    with office.database.writing() as session:
        plan = session.exec(select(Plan).where(Plan.name == SERVICE)).one()
        row = HandOut(key="k" * 32, plan_id=plan.id, means=Means.ZIP, layout=Layout.LEDGER, at=at)
        session.add(row)
        session.flush()
        department = session.exec(select(Department).where(Department.name == EDU)).one()
        session.add(HandOutCopy(hand_out_id=row.id, department_id=department.id, made_at=at))


@pytest.mark.parametrize(("later", "has_returned"), [(-1, True), (1, False)])
def test_only_copies_since_the_last_hand_out_count(
    office: Office, later: int, has_returned: bool
) -> None:
    send(office, said_by(office, EDU, "edu", "上个月的进展", "edu"), login="edu")
    assert confirm(office) == 302
    handed_out(office, rows(office)[-1].at + timedelta(hours=later))
    shown = BeautifulSoup(office.client_as("office").get(address(office)).text, "html.parser")
    missing = shown.select_one(".roll p")
    assert missing is not None and ("教育" not in missing.get_text()) is has_returned


def test_a_department_sees_its_own_workbooks_only(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "教育的进展", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    page = office.client_as("edu").get(address(office)).get_data(as_text=True)
    assert "教育的进展" in page and "市场的进展" not in page
    ids = [str(row.id) for row in rows(office)]
    form = seen(office, "edu") | {"file": ids}
    assert (
        office.client_as("edu").post(f"{address(office)}/application", data=form).status_code == 404
    )
    assert "市场的进展" not in reports(office)


def test_a_locked_cell_of_a_copy_is_the_offices_even_in_its_hands(office: Office) -> None:
    part = signed(office, SOLE, "edu")
    book = opened(take_out(office, plan=SERVICE, department=EDU))
    book.write(book.row_of(part.id), "due_on", "2027-01-01")
    (refused,) = look(office, book.saved(), "office").of(Kind.NOT_ALLOWED)
    assert refused.cell.field == "due_on" and "锁定" in refused.reason
    send(office, book.saved(), login="office")
    assert confirm(office) == 302
    assert now(office, part).due_on == part.due_on


def test_a_conflict_says_who_changed_ours(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "离线写的", "edu"), login="edu")
    part = office.part(SOLE, "edu")
    said = {"text": "网上写的", "percent": str(part.percent)}
    assert act(office.client_as("edu"), part, "reports", **said) == 302
    page, _form = form_of(office, f"/returns/{rows(office)[0].id}", "office")
    assert f"{office.actor('edu').name} " in page and "改" in page and "网上写的" in page


def two_colleagues(office: Office) -> tuple[int, int]:
    """Two copies of one department, filled in on different rows; their ids, oldest first."""
    content = take_out(office, "edu", plan=SERVICE, department=EDU)
    fresh = office.part("学籍、户籍信息比对", "edu")
    for part, words in ((signed(office, SOLE, "edu"), "一位同事写的"), (fresh, "另一位写的")):
        book = opened(content)
        book.write(book.row_of(part.id), "progress", words)
        send(office, book.saved(), login="edu")
    first, second = (row.id or 0 for row in rows(office))
    return first, second


def test_what_only_an_earlier_copy_says_is_told(office: Office) -> None:
    first, _second = two_colleagues(office)
    page = office.client_as("office").get(address(office)).text
    assert "还有较早的一份" in page and "1 处这份没有" in page
    assert f"/returns/{first}/preference" in page


def test_two_copies_of_a_department_are_taken_together(office: Office) -> None:
    first, _second = two_colleagues(office)
    browser = office.client_as("office")
    assert post(browser, f"/returns/{first}/preference", beside="1") == 302
    assert {row.state for row in rows(office)} == {ReturnState.WAITING}
    assert confirm(office) == 302
    assert {"一位同事写的", "另一位写的"} <= set(reports(office))


def test_two_copies_of_a_department_that_differ_are_told_apart(office: Office) -> None:
    contents = [said_by(office, EDU, "edu", words, "edu") for words in ("早的", "晚的")]
    send(office, *contents, login="edu")
    first, _second = rows(office)
    assert post(office.client_as("office"), f"/returns/{first.id}/preference", beside="1") == 302
    page = office.client_as("office").get(address(office)).text
    assert f"（{EDU}，台账1.xlsx）改成“早的”" in page and f"（{EDU}，台账2.xlsx）" in page


def test_the_drop_says_how_many_were_put_aside(office: Office) -> None:
    contents = [said_by(office, EDU, "edu", words, "edu") for words in ("早的", "晚的")]
    sent = [(BytesIO(content), f"台账{n}.xlsx") for n, content in enumerate(contents)]
    page = office.client_as("edu").post("/returns", data={"file": sent}, follow_redirects=True).text
    assert "其中 1 份同一单位有更新的" in page


def test_in_a_whole_plan_each_cell_says_whose_it_is(office: Office) -> None:
    book = opened(take_out(office, plan=SERVICE))
    for code in ("edu", "market"):
        book.write(book.row_of(office.part(SOLE, code).id), "progress", f"{code} 的进展")
    send(office, book.saved(), login="office")
    page = BeautifulSoup(office.client_as("office").get(address(office)).text, "html.parser")
    assert {one.get_text() for one in page.select(".whose")} == {EDU, MARKET}


def test_conflicts_come_first(office: Office) -> None:
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    send(office, said_by(office, EDU, "edu", "表里写的", "edu"), login="edu")
    part = office.part(SOLE, "market")
    said = {"text": "网上写的", "percent": str(part.percent)}
    assert act(office.client_as("market"), part, "reports", **said) == 302
    page = BeautifulSoup(office.client_as("office").get(address(office)).text, "html.parser")
    first, second = page.select(".returned h2")
    assert (first.get_text(), second.get_text()) == (MARKET, EDU)
    cell = f"cell-{rows(office)[0].id}-p-{part.id}-progress"
    assert confirm(office, **{cell: "take"}) == 302, "the order shown is not the order confirmed"


def test_a_copy_without_changes_is_only_written_down(office: Office) -> None:
    send(office, take_out(office, "edu", plan=SERVICE, department=EDU), login="edu")
    assert "没有改动，记为已交" in office.client_as("edu").get(address(office)).text
    assert confirm(office) == 302
    assert rows(office)[0].state == ReturnState.APPLIED


def test_places_are_said_as_rows(office: Office) -> None:
    with office.app.test_request_context():
        assert (
            rows_words(["台账!12", "台账!D5", "台账!6", "表二!AB3"])
            == "台账 第 5、6、12 行；表二 第 3 行"
        )
        assert rows_words([f"台账!{n}" for n in range(1, 40)]).endswith("20…… 行")


def test_a_refusal_keeps_what_was_chosen(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "表里写的", "edu"), login="edu")
    send(office, said_by(office, MARKET, "market", "市场的进展", "market"), login="market")
    part, row = office.part(SOLE, "market"), rows(office)[1]
    form = seen(office) | {f"cell-{row.id}-p-{part.id}-progress": "leave"}
    said = {"text": "刚刚网上写的", "percent": str(office.part(SOLE, "edu").percent)}
    assert act(office.client_as("edu"), office.part(SOLE, "edu"), "reports", **said) == 302
    answer = office.client_as("office").post(f"{address(office)}/application", data=form)
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 409 and "已经选好的都还在" in answer.text
    (chosen,) = page.select(f"input[name=cell-{row.id}-p-{part.id}-progress][checked]")
    assert chosen["value"] == "leave"


def test_a_newer_copy_meanwhile_is_named(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "早的", "edu"), login="edu")
    form = seen(office)
    send(office, said_by(office, EDU, "edu", "晚的", "edu"), login="edu")
    answer = office.client_as("office").post(f"{address(office)}/application", data=form)
    assert answer.status_code == 409 and f"“{EDU}”刚交来更新的一份" in answer.text
    assert not {"早的", "晚的"} & set(reports(office))


def test_a_workbook_left_for_later_makes_no_conflict(office: Office) -> None:
    send(office, said_by(office, EDU, "edu", "单位写的", "edu"), login="edu")
    send(office, whole(office, "办公室写的"), login="office")
    later = rows(office)[0]
    assert confirm(office, **{f"skip-{later.id}": "on"}) == 302
    assert reports(office)[-1] == "办公室写的"


def test_only_a_next_step_invents_no_progress(office: Office) -> None:
    fresh = office.part("学籍、户籍信息比对", "edu")
    book = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    before = book.sheet.cell(book.row_of(fresh.id), book.columns["进展情况"]).value
    book.write(book.row_of(fresh.id), "next_step", "下周核对户籍库")
    send(office, book.saved(), login="edu")
    assert confirm(office, "edu") == 302
    again = opened(take_out(office, "edu", plan=SERVICE, department=EDU))
    row = again.row_of(fresh.id)
    assert again.sheet.cell(row, again.columns["进展情况"]).value == before
    assert again.sheet.cell(row, again.columns["下一步计划"]).value == "下周核对户籍库"


def test_the_same_copy_sent_three_times_is_told_once(office: Office) -> None:
    first, _second = two_colleagues(office)
    assert first
    for _again in range(2):
        send(office, said_by(office, EDU, "edu", "一位同事写的", "edu"), login="edu")
    page = office.client_as("office").get(address(office)).text
    assert page.count("还有较早的一份") == 1
