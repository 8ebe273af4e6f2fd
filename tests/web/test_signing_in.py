"""Signing in, staying in, and being really out afterwards."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from tests.conftest import NOON, Office
from tracker import clock
from tracker.db import Database
from tracker.demo.cast import PASSWORD
from tracker.directory import setup, signin
from tracker.directory.user import User
from tracker.events import Event, keep
from tracker.settings import Settings
from tracker.web.app import create_app


def test_after_signing_out_a_copied_cookie_is_worth_nothing(office: Office) -> None:
    browser, thief = office.client_as("edu"), office.client_as(None)
    stolen = browser.get_cookie("tracker")
    assert stolen is not None
    thief.set_cookie("tracker", stolen.value)
    assert thief.get("/my-work").status_code == 200  # the control: the copy is good
    browser.post("/sign-out")
    assert thief.get("/my-work").status_code == 302


def test_nothing_from_before_survives_signing_in(office: Office) -> None:
    browser = office.client_as(None)
    with browser.session_transaction() as session:
        session["planted"] = "by an attacker"
    browser.post("/sign-in", data={"login": "edu", "password": PASSWORD})
    with browser.session_transaction() as session:
        assert "planted" not in session


def test_a_session_ends_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = office.client_as("edu")
    later = NOON + timedelta(hours=office.settings.session_hours, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.get("/my-work").status_code == 302


@pytest.mark.parametrize(
    ("login", "password"),
    [("edu", "wrong password"), ("nobody", PASSWORD), ("", ""), ("edu", ""), ("' OR 1=1--", "x")],
)
def test_a_wrong_try_is_refused_without_saying_why(
    office: Office, login: str, password: str
) -> None:
    answer = office.client_as(None).post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 401
    assert "登录名或密码不对" in answer.get_data(as_text=True)


def test_ten_wrong_tries_make_even_the_right_password_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = office.client_as(None)
    for _ in range(signin.TRIES_PER_LOGIN):
        stranger.post("/sign-in", data={"login": "edu", "password": "wrong password"})
    right = {"login": "edu", "password": PASSWORD}
    assert stranger.post("/sign-in", data=right).status_code == 429
    monkeypatch.setattr(clock, "now", lambda: NOON + signin.WINDOW + timedelta(seconds=1))
    assert stranger.post("/sign-in", data=right).status_code == 302


@pytest.mark.parametrize(
    "wanted",
    ["//evil.test", "/\\evil.test", "https:evil.test", "http:///evil.test", "javascript:alert(1)",
     "/\t/evil.test", "https://evil.test/my-work", "/nowhere", "/x\r\nX: 1", "//[", "/\t/["],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(office: Office, wanted: str) -> None:
    data = {"login": "edu", "password": PASSWORD, "next": wanted}
    answer = office.client_as(None).post("/sign-in", data=data)
    assert answer.headers["Location"] == "/my-work"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(office: Office) -> None:
    task = f"/tasks/{office.part('2) 全县干部', 'edu').task_id}"
    stranger = office.client_as(None)
    assert "next=" in stranger.get(task).headers["Location"]
    data = {"login": "edu", "password": PASSWORD, "next": task}
    assert stranger.post("/sign-in", data=data).headers["Location"] == task


def test_a_new_password_signs_every_browser_out(office: Office) -> None:
    here, there = office.client_as("edu"), office.client_as("edu")
    new = "a longer password"
    data = {"current": PASSWORD, "new": new, "again": new}
    assert here.post("/settings/password", data=data).status_code == 302
    assert there.get("/my-work").status_code == 302


def test_a_new_password_of_ones_own_is_in_the_history(office: Office) -> None:
    new = "a longer password"
    data = {"current": PASSWORD, "new": new, "again": new}
    office.client_as("edu").post("/settings/password", data=data)
    with office.database.reading() as session:
        verbs = session.exec(select(Event.verb).order_by(col(Event.id).desc())).first()
    assert verbs == "user.password_set"


def test_a_new_password_leaves_the_browser_its_language(office: Office) -> None:
    browser, new = office.client_as("edu"), "a longer password"
    browser.post("/language", data={"locale": "en"})
    browser.post("/settings/password", data={"current": PASSWORD, "new": new, "again": new})
    assert "Sign in" in browser.get("/sign-in").get_data(as_text=True)


def test_guessing_the_present_password_is_slowed_down_like_signing_in(office: Office) -> None:
    browser, new = office.client_as("edu"), "a longer password"
    wrong = {"current": "wrong password", "new": new, "again": new}
    for _ in range(signin.TRIES_PER_LOGIN):
        assert browser.post("/settings/password", data=wrong).status_code == 422
    right = wrong | {"current": PASSWORD}
    assert browser.post("/settings/password", data=right).status_code == 409


def test_a_form_from_elsewhere_is_refused(office: Office) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = True
    answer = office.client_as(None).post("/sign-in", data={"login": "edu", "password": PASSWORD})
    assert answer.status_code == 400
    assert "没有写入" in answer.get_data(as_text=True)


def test_a_host_that_is_not_ours_is_refused(office: Office) -> None:
    browser = office.app.test_client()
    assert browser.get("/sign-in", headers={"Host": "evil.test"}).status_code == 400


def test_every_page_carries_a_strict_policy_with_a_fresh_nonce(office: Office) -> None:
    browser = office.client_as("edu")
    policies = [browser.get("/my-work").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [re.search(r"'nonce-([^']+)'", policy) for policy in policies]
    assert all(nonces)
    assert nonces[0] and nonces[1] and nonces[0][1] != nonces[1][1]
    assert "unsafe" not in policies[0]
    assert "default-src 'self'" in policies[0]


def test_pages_are_not_kept_by_browsers_but_our_files_are(office: Office) -> None:
    browser = office.client_as("edu")
    assert browser.get("/my-work").headers["Cache-Control"] == "no-store"
    assert "max-age" in browser.get("/static/tracker.css").headers["Cache-Control"]


def empty_office(database: Database, settings: Settings) -> tuple[Office, str]:
    app = create_app(settings, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    row, token = setup.issue(at=clock.now())
    with database.writing() as session:
        keep(session, row)
    return Office(app, database, settings, NOON), token


def test_the_first_administrator_is_made_once_with_the_token(
    database: Database, settings: Settings
) -> None:
    office, token = empty_office(database, settings)
    stranger = office.client_as(None)
    form = {"login": "first", "name": "管理员", "email": "", "password": "long enough 1"}
    assert stranger.get("/setup/guess").status_code == 404
    assert stranger.post("/setup/guess", data=form).status_code == 404
    assert stranger.get(f"/setup/{token}").status_code == 200
    assert stranger.post(f"/setup/{token}", data={**form, "password": "short"}).status_code == 422
    assert stranger.post(f"/setup/{token}", data=form).status_code == 302
    assert stranger.post(f"/setup/{token}", data={**form, "login": "second"}).status_code == 404
    with database.reading() as session:
        assert session.exec(select(User.login)).all() == ["first"]
