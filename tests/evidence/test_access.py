"""Another department's evidence does not exist: not its bytes, its previews, its name."""

import pytest
from sqlmodel import func, select

from tests.conftest import Office
from tests.evidence.desk import pdf, pieces, send, text
from tests.evidence.test_zips import taken
from tests.files.samples import jpg
from tracker.plans.assignment import Assignment
from tracker.work.evidence import Evidence
from tracker.work.requirement import Requirement

CANARY = "金丝雀佐证"
CITY = "1) 公厕全天开放"
"""The city administration's alone, completed."""
WORKING = "1) 主干道两侧无占道"
"""The city administration leads, in progress."""
STRANGERS = ("finance", "edu", "health")


@pytest.fixture
def theirs(office: Office) -> list[Evidence]:
    """A photo and a paper of the city administration, with the word in both names."""
    part = office.part(WORKING, "city")
    files = ((f"{CANARY}.jpg", jpg()), (f"{CANARY}.pdf", pdf()[1]))
    assert send(office, *files, login="city", part=part).status_code == 201
    return pieces(office, part)


@pytest.mark.parametrize("login", STRANGERS)
@pytest.mark.parametrize("what", ["file", "preview", "view"])
def test_by_its_number_it_is_not_there(
    office: Office, theirs: list[Evidence], login: str, what: str
) -> None:
    path = f"/evidence/{theirs[0].id}/{what}"
    assert office.client_as("city").get(path).status_code == 200  # the control
    assert office.client_as("office").get(path).status_code == 200
    answer = office.client_as(login).get(path)
    assert answer.status_code == 404
    assert CANARY not in answer.get_data(as_text=True)
    assert CANARY not in str(answer.headers)


@pytest.mark.parametrize("login", STRANGERS)
def test_its_name_is_on_no_page_of_others(
    office: Office, theirs: list[Evidence], login: str
) -> None:
    plan = office.part(WORKING, "city").plan_id
    task = theirs[0].assignment_id and office.part(WORKING, "city").task_id
    paths = ["/my-work", "/plans", f"/plans/{plan}", f"/tasks/{task}", f"/search?q={CANARY}",
             f"/plans/{plan}?q={CANARY}", f"/tasks/{task}/evidence.zip"]  # fmt: skip
    assert CANARY in text(office.client_as("city"), f"/tasks/{task}")  # the control
    browser = office.client_as(login)
    assert [
        path
        for path in paths
        if CANARY
        in text(browser, path)
        .replace(f"q={CANARY}", "")
        .replace(f'value="{CANARY}"', "")
        .replace(f"“{CANARY}”", "")
    ] == []


def counts(office: Office) -> tuple[int, int, set[str]]:
    with office.database.reading() as session:
        numbers = [
            session.exec(select(func.count()).select_from(model)).one()
            for model in (Evidence, Requirement)
        ]
    return numbers[0], numbers[1], {path.name for path in office.settings.uploads.iterdir()}


@pytest.mark.parametrize("login", STRANGERS)
def test_no_writing_route_takes_a_foreign_id(
    office: Office, theirs: list[Evidence], login: str
) -> None:
    part = office.part(WORKING, "city")
    before, browser = counts(office), office.client_as(login)
    assert send(office, pdf("mine"), login=login, part=part).status_code == 404
    for path in ("withdrawal", "requirement"):
        assert browser.post(f"/evidence/{theirs[0].id}/{path}").status_code == 404
    assert (
        browser.post(f"/tasks/{part.task_id}/requirements", data={"name": "x"}).status_code == 403
    )
    assert counts(office) == before
    assert all(one.withdrawn_at is None for one in pieces(office, part))


@pytest.mark.parametrize("login", ["office", "leader", "inspector"])
def test_who_reads_all_changes_nothing(office: Office, theirs: list[Evidence], login: str) -> None:
    before = counts(office)
    browser, part = office.client_as(login), office.part(WORKING, "city")
    assert browser.get(f"/evidence/{theirs[0].id}/file").status_code == 200
    assert send(office, pdf("x"), login=login, part=part).status_code == 403
    assert browser.post(f"/evidence/{theirs[0].id}/withdrawal").status_code == 403
    assert counts(office) == before


def test_a_helper_sees_its_own_and_not_the_leads(office: Office) -> None:
    """The market bureau helps the education bureau."""
    lead = office.part("校服、教辅收费公示", "edu")
    helper = office.part("校服、教辅收费公示", "market")
    assert lead.task_id == helper.task_id
    send(office, (f"{CANARY}.pdf", pdf()[1]), login="edu", part=lead)
    page = text(office.client_as("market"), f"/tasks/{lead.task_id}")
    assert "校服、教辅收费公示" in page
    assert CANARY not in page
    (piece,) = pieces(office, lead)
    assert office.client_as("market").get(f"/evidence/{piece.id}/file").status_code == 404


def test_a_part_that_was_withdrawn_takes_its_evidence_along(
    office: Office, theirs: list[Evidence]
) -> None:
    from tracker.plans.assignment import AssignmentState

    part, path = office.part(WORKING, "city"), f"/evidence/{theirs[0].id}/preview"
    with office.database.writing() as session:
        row = session.get_one(Assignment, part.id)
        row.move(AssignmentState.WITHDRAWN)
        session.add(row)
    assert office.client_as("city").get(path).status_code == 404
    archive = taken(office, "office", f"/plans/{part.plan_id}/evidence.zip")
    assert not [name for name in archive.namelist() if CANARY in name]
