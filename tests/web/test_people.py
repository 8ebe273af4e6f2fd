"""The users page: names and mail addresses are put right by the administrator alone."""

import pytest
from sqlmodel import col, select

from tests.conftest import Office
from tracker.directory.user import User
from tracker.events import Event


def person(office: Office, login: str = "edu") -> User:
    with office.database.reading() as session:
        return session.exec(select(User).where(User.login == login)).one()


def send(office: Office, login: str | None, *, name: str = "经办人", email: str) -> int:
    data = {"name": name, "email": email}
    address = f"/users/{person(office).id}/details"
    return office.client_as(login).post(address, data=data).status_code


def changes(office: Office) -> list[Event]:
    with office.database.reading() as session:
        wanted = select(Event).where(Event.verb == "user.changed").order_by(col(Event.id))
        return list(session.exec(wanted))


def test_the_administrator_changes_where_mail_reaches_somebody(office: Office) -> None:
    assert send(office, "admin", email="new@qinghe.example") == 302
    assert person(office).email == "new@qinghe.example"
    (event,) = changes(office)
    assert (event.subject_id, event.data) == (person(office).id, {"changed": ["email"]})
    page = office.client_as("admin").get("/audit").get_data(as_text=True)
    assert "修改了用户的姓名或邮箱" in page


def test_a_name_is_changed_and_an_address_taken_away(office: Office) -> None:
    assert send(office, "admin", name="新任经办人", email="") == 302
    assert (person(office).name, person(office).email) == ("新任经办人", "")


def test_what_stays_the_same_is_no_change(office: Office) -> None:
    before = person(office)
    assert send(office, "admin", name=before.name, email=before.email) == 302
    assert changes(office) == []


@pytest.mark.parametrize(
    "wrong", [{"email": "不是地址"}, {"email": "a@b.c, d@e.f"}, {"email": "", "name": " "}]
)
def test_what_adding_refuses_changing_refuses(office: Office, wrong: dict[str, str]) -> None:
    before = person(office)
    assert send(office, "admin", **wrong) == 422
    assert (person(office).name, person(office).email) == (before.name, before.email)


@pytest.mark.parametrize("login", ["edu", "edu.head", "office", "leader"])
def test_nobody_else_may(office: Office, login: str) -> None:
    assert send(office, login, email="new@qinghe.example") == 403
    assert person(office).email == "edu@qinghe.example"


def test_a_person_who_is_not_there_is_not_found(office: Office) -> None:
    data = {"name": "无名", "email": ""}
    assert office.client_as("admin").post("/users/99999/details", data=data).status_code == 404
