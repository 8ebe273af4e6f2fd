"""Who visits, when, and what was found: not a word reaches a department before publication, and the
inspector and the schedule never do."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect
from sqlmodel import col, select
from werkzeug.routing import Rule

from tests.access.test_canary import ids_of
from tests.conftest import Office
from tests.scoring.play import (
    CANTEEN,
    CLINIC,
    COVERT,
    OPEN,
    award,
    close,
    finding,
    item,
    open_round,
    photo,
    plan_visit,
    publish,
    rename,
)  # fmt: skip
from tracker.plans.plan import Plan
from tracker.plans.task import Task
from tracker.scoring.finding import Finding
from tracker.scoring.round import Round
from tracker.scoring.visit import Visit

WHO, SITE, NOTE = "柯南雀", "金丝雀巷口", "先看北门再看南门"
DAY = date(2026, 3, 27)
DAYS = ("2026-03-27", "03-27", "3月27日")
FOUND, WHERE, WHY = "黄鹂鸟笼挡住消防通道", "百灵路小学南墙", "画眉鸟窝的理由"
SECRET = (WHO, SITE, NOTE, *DAYS)
"""Never to be seen by a department."""
RESULT = (FOUND, WHERE, WHY)
"""To be seen once the round is published."""
pytestmark = pytest.mark.only_on("sqlite")  # queries are the same; the crawl is long

READERS = ("edu", "edu.head", "health")
USUALLY = [
    login if login == "edu" else pytest.param(login, marks=pytest.mark.long) for login in READERS
]
MOST = 45
"""Ids tried in every address at most; every table of the test's world has fewer rows or its first are tried."""


@pytest.fixture
def covert(office: Office) -> int:
    """A round with a visit, findings with a photo, and an award that a reviewer gave."""
    rename(office, "inspector", WHO)
    ident = open_round(office, shows="ranking")
    office.client_as("office").post(f"/rounds/{ident}/items")
    visit = plan_visit(office, ident, (COVERT, CANTEEN, CLINIC), on=DAY, site=SITE, note=NOTE)
    browser, page = office.client_as("inspector"), f"/visits/{visit.id}/findings"
    for beginning in (COVERT, CLINIC):
        said = finding(
            item(office, ident, beginning).id, text=FOUND, place=WHERE, photo=(photo(), "a.jpg")
        )
        assert browser.post(page, data=said).status_code == 302
    browser.post(page, data=finding(item(office, ident, CANTEEN).id, "clear"))
    for beginning in (OPEN,):
        award(office.client_as("office"), item(office, ident, beginning).id, "3", WHY)
    return ident


def gets(office: Office) -> Iterator[Rule]:
    for rule in office.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "signin.sign_out"):
            yield rule


def addresses(rule: Rule, known: dict[str, list[int]]) -> Iterator[str]:
    """The rule's address with every id that a row has and one that none has; a second id of an
    address is small. An argument that is no table's id is counted through."""
    names = sorted(rule.arguments)
    for ident in _idents(names[0], known) if names else (1,):
        for second in (1, 2, 3) if len(names) > 1 else (1,):
            values: dict[str, int | str] = {}
            for place, name in enumerate(names):
                words = name in ("token", "filename")
                values[name] = "word" if words else (ident, second)[min(place, 1)]
            built = rule.build(values)
            assert built is not None
            yield str(built[1])


def _idents(name: str, known: dict[str, list[int]]) -> list[int]:
    if name in ("token", "filename"):
        return [1]
    if name not in known:
        return list(range(1, MOST + 1))
    return [*sorted(known[name])[:MOST], max(known[name], default=0) + 1]


def words_of(content: bytes) -> str:
    """What an answer says: a workbook's parts are read, too."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    except BadZipFile:
        return content.decode("utf-8", "replace")


def asked_of(office: Office, browser: FlaskClient) -> Iterator[tuple[str, str, str]]:
    """(address, what it says, headers) of everything a department can reach."""
    known = ids_of(office)
    for rule in gets(office):
        for path in addresses(rule, known):
            answer = browser.get(path)
            yield path, words_of(answer.get_data()), str(answer.headers)
    for word in (WHO, SITE, FOUND, "整改啊", "暗访啊"):
        said = browser.get(f"/search?q={word[:-1]}").get_data(as_text=True)
        yield "/search", said, ""  # the page repeats what was asked: all but the word's end
    for plan in range(1, 6):
        for layout in ("ledger", "original"):
            answer = browser.post(f"/plans/{plan}/exports", data={"layout": layout})
            yield (
                f"/plans/{plan}/exports {layout}",
                words_of(answer.get_data()),
                str(answer.headers),
            )


def posts_of_others(office: Office, browser: FlaskClient) -> Iterator[tuple[str, str, str]]:
    """What refusals say: every writing address of scoring with ids that are not hers."""
    known = ids_of(office)
    for rule in office.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] in (
            "rounds", "items", "visits", "rankings", "rules", "praises"
        ):  # fmt: skip
            for path in list(addresses(rule, known))[:20]:
                answer = browser.post(path, data={"points": "1", "key": "0" * 32})
                assert answer.status_code in (403, 404, 409, 422), (path, answer.status_code)
                yield path, answer.get_data(as_text=True), str(answer.headers)


def heard(
    office: Office, login: str, canaries: tuple[str, ...], *, posting: bool = True
) -> dict[str, set[str]]:
    """Which canary stands at which addresses."""
    browser = office.client_as(login)
    found: dict[str, set[str]] = {}
    ways = asked_of(office, browser), posts_of_others(office, browser) if posting else ()
    for asked in ways:
        for path, said, headers in asked:
            for canary in canaries:
                if canary in said or canary in headers:
                    found.setdefault(canary, set()).add(path)
    return found


def scrubbed(hits: dict[str, set[str]]) -> dict[str, set[str]]:
    """Days stand on calendars and as deadlines of other tasks, too; those pages are not about visits."""
    harmless = re.compile(r"^/(calendar|plans/\d+|my-work|tasks|search)")
    return {
        word: left
        for word, paths in hits.items()
        if (left := {p for p in paths if word not in DAYS or not harmless.match(p)})
    }


@pytest.mark.parametrize("login", USUALLY)
def test_before_publication_departments_hear_nothing(
    office: Office, covert: int, login: str
) -> None:
    assert scrubbed(heard(office, login, SECRET + RESULT)) == {}


@pytest.mark.parametrize("login", ["edu", pytest.param("health", marks=pytest.mark.long)])
def test_after_publication_they_read_what_was_found_and_never_by_whom(
    office: Office, covert: int, login: str
) -> None:
    close(office, covert)
    assert publish(office, covert).status_code == 302
    hits = scrubbed(heard(office, login, SECRET + RESULT))
    expected = {"edu": {FOUND, WHERE, WHY}, "health": {FOUND, WHERE}}[login]
    assert set(hits) == expected
    ident = item(office, covert, {"edu": COVERT, "health": CLINIC}[login]).id
    assert f"/items/{ident}" in hits[FOUND]
    assert any(path.startswith("/tasks/") for path in hits[FOUND]), "as a task of rectification"


def test_the_crawl_hears_what_is_to_be_heard(office: Office, covert: int) -> None:
    """The control: the office comes across every canary on the same way."""
    hits = heard(office, "office", (WHO, SITE, NOTE, FOUND, WHERE, WHY, "03-27"), posting=False)
    assert {WHO, SITE, NOTE, FOUND, WHERE, WHY, "03-27"} == set(hits)


def test_leaders_read_nothing_that_is_not_published(office: Office, covert: int) -> None:
    browser = office.client_as("leader")
    paths = (f"/rounds/{covert}", f"/items/{item(office, covert, COVERT).id}", "/scoring")
    said = "".join(browser.get(path).get_data(as_text=True) for path in paths)
    task = browser.get(f"/tasks/{office.task(COVERT).id}").get_data(as_text=True)
    assert not [word for word in (*SECRET, *RESULT) if word in said + task]


def test_another_inspector_hears_nothing_of_the_visit(office: Office, covert: int) -> None:
    from tests.scoring.play import add_inspector

    add_inspector(office, "second", "另一位暗访员")
    hits = scrubbed(heard(office, "second", SECRET + RESULT))
    assert hits == {}


def test_the_photo_is_served_without_camera_name_or_date(office: Office, covert: int) -> None:
    ident, browser = item(office, covert, COVERT).id, office.client_as("edu")
    assert browser.get(f"/items/{ident}/photos/1").status_code == 404
    close(office, covert)
    publish(office, covert)
    answer = browser.get(f"/items/{ident}/photos/1")
    assert answer.status_code == 200 and b"CANARY" not in answer.get_data()
    assert "Last-Modified" not in answer.headers
    assert office.client_as("health").get(f"/items/{ident}/photos/1").status_code == 404


def test_tasks_of_rectification_stand_in_no_order_of_time(office: Office) -> None:
    """Twenty findings at one item: their tasks' order is not the order they were made in."""
    ident = open_round(office)
    visit, one = plan_visit(office, ident, (COVERT,)), item(office, ident, COVERT)
    browser = office.client_as("inspector")
    for number in range(20):
        said = finding(one.id, text=f"第{number:02}处", points_off="0.1")
        browser.post(f"/visits/{visit.id}/findings", data=said)
    close(office, ident)
    publish(office, ident)
    with office.database.reading() as session:
        table = Task
        tasks = session.exec(select(table).where(col(table.text).startswith("整改："))).all()
        made = session.exec(select(Finding.text).order_by(Finding.id)).all()  # type: ignore[arg-type]
    given = [task.text.removeprefix("整改：") for task in sorted(tasks, key=lambda t: t.id or 0)]
    assert sorted(given) == sorted(made) and given != list(made) and given != list(made)[::-1]


def test_every_table_of_the_world_is_within_the_crawl(office: Office, covert: int) -> None:
    """Addresses with ids are tried up to MOST: what hangs on visits lies below it."""
    with office.database.reading() as session:
        for model in (Visit, Finding, Round, Plan):
            key = inspect(model).primary_key[0]
            assert (session.exec(select(key)).all() or [0])[-1] <= MOST
        assert (item(office, covert, CLINIC).id or 0) <= MOST
