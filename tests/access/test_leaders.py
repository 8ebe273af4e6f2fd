"""A leader in charge of some departments reads theirs; one in charge of none reads everything."""

from sqlmodel import select

from tests.conftest import Office
from tracker.directory.department import Department
from tracker.directory.post import Post

EDU_ONLY = "1) 中小学开足健康教育课"
CITY_ONLY = "1) 公厕全天开放"


def charge(office: Office, *names: str) -> None:
    with office.database.reading() as session:
        post = session.exec(select(Post.id).where(Post.role == "leader")).one()
        idents = [
            session.exec(select(Department.id).where(Department.name == name)).one()
            for name in names
        ]
    browser = office.client_as("admin")
    assert browser.post(f"/posts/{post}/charges", data={"department": idents}).status_code == 302


def sees(office: Office, beginning: str) -> bool:
    return office.client_as("leader").get(f"/tasks/{office.task(beginning).id}").status_code == 200


def test_a_leader_in_charge_of_none_reads_all(office: Office) -> None:
    assert (sees(office, EDU_ONLY), sees(office, CITY_ONLY)) == (True, True)


def test_a_leader_reads_the_departments_in_his_charge_at_once(office: Office) -> None:
    browser = office.client_as("leader")
    charge(office, "清河县教育体育局")
    assert (sees(office, EDU_ONLY), sees(office, CITY_ONLY)) == (True, False)
    plan = browser.get(f"/plans/{office.task(EDU_ONLY).plan_id}").get_data(as_text=True)
    assert EDU_ONLY in plan
    assert CITY_ONLY not in plan
    assert CITY_ONLY not in browser.get("/search?q=公厕").get_data(as_text=True)
    charge(office)
    assert sees(office, CITY_ONLY)


def test_the_monitor_counts_only_what_is_in_his_charge(office: Office) -> None:
    charge(office, "清河县教育体育局")
    page = office.client_as("leader").get("/monitor").get_data(as_text=True)
    assert "教育体育局" in page
    assert "城市管理" not in page
    assert "城市管理" in office.client_as("office").get("/monitor").get_data(as_text=True)


def test_an_export_has_only_what_is_in_his_charge(office: Office) -> None:
    charge(office, "清河县教育体育局")
    browser, plan = office.client_as("leader"), office.task(EDU_ONLY).plan_id
    assert browser.post(f"/plans/{plan}/exports", data={"layout": "ledger"}).status_code == 200
    other = office.part(CITY_ONLY, "city").department_id
    asked = {"layout": "ledger", "department": other}
    assert browser.post(f"/plans/{plan}/exports", data=asked).status_code == 404


def test_reading_is_not_acting(office: Office) -> None:
    """Who leads some departments and is a clerk elsewhere works on her own parts only."""
    from tests.access.test_rows import also_a_clerk

    charge(office, "清河县教育体育局")
    also_a_clerk(office, "leader", "city")
    browser, part = office.client_as("leader"), office.part(EDU_ONLY, "edu")
    assert browser.get(f"/tasks/{part.task_id}").status_code == 200
    data = {"text": "代报", "percent": "10"}
    assert browser.post(f"/assignments/{part.id}/reports", data=data).status_code == 404


def test_only_the_administrator_sets_charges_and_only_of_leaders(office: Office) -> None:
    with office.database.reading() as session:
        clerk = session.exec(select(Post.id).where(Post.role == "clerk")).first()
        leader = session.exec(select(Post.id).where(Post.role == "leader")).one()
    admin = office.client_as("admin")
    assert admin.post(f"/posts/{clerk}/charges", data={"department": 1}).status_code == 404
    assert office.client_as("office").post(f"/posts/{leader}/charges").status_code == 403
