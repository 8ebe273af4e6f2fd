"""Every URL, as every role and as a stranger: a view without a policy fails, and so does any answer
that the table below does not foresee."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.conftest import Office
from tracker.actor import POWERS, PUBLIC, SIGNED_IN
from tracker.web import gate

LOGINS = (None, "edu", "edu.head", "health", "office", "admin", "leader", "inspector")
UNKNOWN = 999_999


def rules(office: Office) -> Iterator[Rule]:
    return (rule for rule in office.app.url_map.iter_rules() if rule.endpoint != "static")


def address(rule: Rule, ident: int = UNKNOWN) -> str:
    """The rule's address with one id, or one word, in every place."""
    values: dict[str, int | str] = {
        name: "word" if name in ("token", "filename") else ident for name in rule.arguments
    }
    _subdomain, path = rule.build(values)  # type: ignore[misc]
    return str(path)


def ask(client: FlaskClient, rule: Rule, path: str) -> int:
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    return client.open(path, method=method).status_code


def test_every_view_declares_its_policy(office: Office) -> None:
    for rule in rules(office):
        assert gate.policy_of(office.app, rule.endpoint) in {PUBLIC, SIGNED_IN, *POWERS}, rule


def test_a_view_without_policy_stops_the_start(office: Office) -> None:
    office.app.view_functions["stray"] = lambda: ""
    with pytest.raises(RuntimeError, match="stray"):
        gate.require_policies(office.app)


def test_every_power_is_somebodys_and_used(office: Office) -> None:
    used = {gate.policy_of(office.app, rule.endpoint) for rule in rules(office)}
    assert all(POWERS.values())
    assert set(POWERS) - used == set()


@pytest.mark.parametrize("login", LOGINS)
def test_who_may_come_to_each_url(office: Office, login: str | None) -> None:
    """Without the power 403; a stranger is sent to sign in; nobody ever gets a server error."""
    wrong = []
    browser = office.client_as(login)
    for rule in rules(office):
        power = gate.policy_of(office.app, rule.endpoint)
        if power == PUBLIC:
            continue
        status = ask(browser, rule, address(rule))
        if login is None:
            fits = status == 302
        elif power != SIGNED_IN and not office.actor(login).may(str(power)):
            fits = status == 403
        else:
            fits = status in ((404, 422) if rule.arguments else (200, 302, 422))
        if not fits:
            wrong.append((rule.endpoint, status))
    assert wrong == []


@pytest.mark.parametrize("ident", [0, 2**31, 10**30])
def test_an_impossible_id_is_simply_not_there(office: Office, ident: int) -> None:
    assert office.client_as("office").get(f"/tasks/{ident}").status_code == 404


def test_a_disabled_person_is_out_at_once(office: Office) -> None:
    browser = office.client_as("edu")
    assert browser.get("/my-work").status_code == 200
    with office.database.writing() as session:
        from tracker.actor import COMMAND_LINE
        from tracker.directory import people

        people.disable(session, people.find(session, "edu"), by=COMMAND_LINE, at=office.now)
    assert browser.get("/my-work").status_code == 302
