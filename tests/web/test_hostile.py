"""Numbers, dates and letters that no page of ours sends: an answer in words, never a server error."""

import re

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from tests.conftest import Office
from tracker.plans import listing
from tracker.plans.plan import Plan

HUGE = 10**30


def plan_id(office: Office) -> int:
    with office.database.reading() as session:
        found = session.exec(select(Plan.id).order_by(col(Plan.id))).first()
    assert found is not None
    return found


@pytest.mark.parametrize("ident", [2**31, 2**63, HUGE])
def test_an_id_that_no_row_can_bear_is_not_there(office: Office, ident: int) -> None:
    browser = office.client_as("admin")
    for rule in office.app.url_map.iter_rules():
        if not rule.arguments or rule.arguments & {"token", "filename"}:
            continue
        _host, path = rule.build(dict.fromkeys(rule.arguments, 77))  # type: ignore[misc]
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        asked = str(path).replace("77", str(ident))
        assert browser.open(asked, method=method).status_code in (403, 404, 405), rule


@pytest.mark.parametrize("ident", [2**31, HUGE, "x", "-1", "٣"])
def test_an_impossible_id_in_a_form_is_passed_over_or_told(office: Office, ident: object) -> None:
    browser = office.client_as("office")
    group = {"name": "新组", "members": str(ident)}
    assert browser.post("/directory/groups", data=group).status_code == 422
    wanted = {"layout": "ledger", "department": str(ident)}
    assert browser.post(f"/plans/{plan_id(office)}/exports", data=wanted).status_code == 200
    assert office.client_as("edu").post("/receipts", data={"assignment": ident}).status_code == 302


@pytest.mark.parametrize("number", ["000000001" + "0" * 40, "1" * 5000, "0", "-1", "１", "a"])
def test_a_page_that_cannot_be_is_the_first(office: Office, number: str) -> None:
    browser, plan = office.client_as("office"), f"/plans/{plan_id(office)}"
    shown = tasks_on(browser, f"{plan}?page={number}")
    assert shown == tasks_on(browser, plan) != []


def tasks_on(browser: FlaskClient, address: str) -> list[str]:
    """The tasks a page links to, in its order."""
    return re.findall(r'"(/tasks/\d+)"', browser.get(address).get_data(as_text=True))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31", "明天"])
def test_a_day_out_of_this_world_is_told(office: Office, day: str) -> None:
    answer = office.client_as("office").get(f"/reminders?on={day}")
    assert (answer.status_code, day in answer.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize("letter", ["\x00", "\ud800", "\uffff", "\u202e"])
def test_letters_that_no_name_has(office: Office, letter: str) -> None:
    stranger, words = office.client_as(None), f"a{letter}b".encode("utf-8", "surrogatepass")
    assert stranger.post("/sign-in", data={"login": words, "password": words}).status_code == 401
    new = {"login": "new.person", "name": "新人", "role": "clerk", "department": words}
    assert office.client_as("admin").post("/users", data=new).status_code == 422


def break_search(office: Office, monkeypatch: pytest.MonkeyPatch, words: str) -> FlaskClient:
    def explode(_words: str) -> str:
        raise ValueError(words)

    monkeypatch.setattr(listing, "like", explode)
    return office.client_as("edu")


def test_an_unexpected_error_gives_a_number_and_logs_no_words(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "不该进日志的话"
    answer = break_search(office, monkeypatch, words).get("/search?q=1")
    page, said = answer.get_data(as_text=True), capsys.readouterr()
    number = re.search(r"编号 ([0-9a-f]{8})", page)
    assert answer.status_code == 500
    assert words not in page
    assert words not in said.err + said.out
    assert number and number[1] in said.err + said.out
    assert "test_hostile.py" in said.err + said.out
