"""Rankings over the cast: figures, what opens them, rules, what-if, freezing, and who sees what."""

import re
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from sqlmodel import func, select

from tests.conftest import Office
from tests.scoring.play import (
    CANTEEN,
    CLINIC,
    COVERT,
    OPEN,
    award,
    close,
    finding,
    id_in,
    item,
    open_round,
    plan_visit,
    publish,
)  # fmt: skip
from tracker.directory.signin import SignIn
from tracker.events import Event
from tracker.models import TABLES
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.scoring.freezing import FrozenLine, FrozenPoint
from tracker.scoring.ranking import Ranking, ranking
from tracker.scoring.round import Round
from tracker.scoring.rules import NO_RULES, RuleSet
from tracker.scoring.scope import Scope, of_round

RULES = {"late": "0.5", "late_cap": "2", "returned": "1", "praised": "2", "least": "1"}


def publish_round(office: Office, shows: str = "own_place") -> int:
    """Education earns 3 of 4, 4.5 of 6 and 4 of 4; health 4 of 4 and all the others nothing yet."""
    ident = open_round(office, shows=shows)
    visit = plan_visit(office, ident, (COVERT, CANTEEN, CLINIC))
    browser, page = office.client_as("inspector"), f"/visits/{visit.id}/findings"
    browser.post(page, data=finding(item(office, ident, COVERT).id))
    for clear in (CANTEEN, CLINIC):
        browser.post(page, data=finding(item(office, ident, clear).id, "clear"))
    award(office.client_as("office"), item(office, ident, OPEN).id, "3")
    close(office, ident)
    assert publish(office, ident).status_code == 302
    return ident


def of(office: Office, ident: int, by: str = "department", **narrow: object) -> Ranking:
    with office.database.reading() as session:
        whole = of_round(session.get_one(Round, ident), "Asia/Shanghai")
        scope = Scope(whole.plan_id, ident, whole.since, whole.until, **narrow)  # type: ignore[arg-type]
        return ranking(session, scope, NO_RULES, by=by)


def figures(found: Ranking) -> dict[str, tuple[str, str, int]]:
    lines = (*found.lines, *found.apart)
    return {one.name: (str(one.earned), str(one.possible), one.items) for one in lines}


def test_each_lead_has_the_tasks_points_whole(office: Office) -> None:
    found = of(office, publish_round(office))
    assert figures(found)["清河县教育体育局"] == ("11.50", "14.00", 3)
    assert figures(found)["清河县市场监督管理局"] == ("8.50", "10.00", 2)
    assert [one.name for one in found.lines] == ["清河县教育体育局"], "three items are the least"
    assert found.lines[0].rate == Decimal("82.14")


def test_other_groups_count_each_item_once(office: Office) -> None:
    ident = publish_round(office)
    assert figures(of(office, ident, "mode")) == {
        "明查": ("3.00", "4.00", 1), "暗访": ("12.50", "14.00", 3),
    }  # fmt: skip
    assert figures(of(office, ident, "category")) == {"二、校园与健康": ("15.50", "18.00", 4)}
    assert figures(of(office, ident, "round")) == {"正式测评": ("15.50", "18.00", 4)}
    assert figures(of(office, ident, mode="明查"))["清河县教育体育局"] == ("3.00", "4.00", 1)


def test_a_part_withdrawn_is_in_no_figure(office: Office) -> None:
    ident = publish_round(office)
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(COVERT, "edu").id)
        part.move(AssignmentState.WITHDRAWN)
        session.add(part)
    assert figures(of(office, ident))["清河县教育体育局"] == ("7.00", "8.00", 2)


def test_self_assessments_are_ranked_by_themselves_only(office: Office) -> None:
    ident = open_round(office, "self_assessment", "自评")
    award(office.client_as("edu"), item(office, ident, OPEN).id, "4")
    close(office, ident)
    publish(office, ident, "")
    plan = office.task(OPEN).plan_id
    with office.database.reading() as session:
        assert figures(ranking(session, Scope(plan), NO_RULES)) == {}
    assert figures(of(office, ident))["清河县教育体育局"] == ("4.00", "4.00", 1)


def test_nothing_unpublished_counts(office: Office) -> None:
    ident = open_round(office)
    award(office.client_as("office"), item(office, ident, OPEN).id, "3")
    with office.database.reading() as session:
        assert figures(ranking(session, Scope(office.task(OPEN).plan_id), NO_RULES)) == {}


def test_every_figure_opens_its_points_and_every_point_its_event(office: Office) -> None:
    ident, plan = publish_round(office), office.task(OPEN).plan_id
    browser = office.client_as("office")
    for by in ("department", "category", "mode", "round"):
        page = read(browser.get(f"/plans/{plan}/rankings?round={ident}&by={by}"))
        links = {a["href"] for a in page.select("main td a")}
        assert links
        for link in links:
            points = read(browser.get(link))
            opened = [a["href"] for a in points.select("td a[href^='/items/']")]
            assert opened, link
            for one in opened:
                assert browser.get(one).status_code == 200


def read(answer: object) -> BeautifulSoup:
    assert answer.status_code == 200  # type: ignore[attr-defined]
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")  # type: ignore[attr-defined]


def counts(office: Office) -> dict[str, int]:
    with office.database.reading() as session:
        every = (t for t in TABLES if t not in (SignIn, Event))  # whoever acts signs in
        found = {t.__name__: session.exec(select(func.count()).select_from(t)).one() for t in every}
        deeds = select(func.count()).select_from(Event).where(Event.verb != "user.signed_in")
        return {**found, "Event": session.exec(deeds).one()}


def save(office: Office, seen: int = 0, **more: str) -> int:
    form = {**RULES, "seen": str(seen), "valid_from": "2026-03-10", **more}
    return office.client_as("office").post("/rules", data=form).status_code


def test_what_if_shows_both_and_writes_nothing(office: Office) -> None:
    ident, plan = publish_round(office), office.task(OPEN).plan_id
    browser = office.client_as("office")
    department = office.part(OPEN, "edu").department_id
    said = {"department": str(department), "reason": "课表齐全"}
    assert browser.post(f"/plans/{plan}/praises", data=said).status_code == 302
    before = counts(office)
    page = read(browser.get("/rules/trial", query_string={**RULES, "round": str(ident)}))
    row = next(tr for tr in page.select("tbody tr") if "清河县教育体育局" in tr.get_text())
    cells = [td.get_text(strip=True) for td in row.select("td")]
    assert (cells[2], cells[4]) == ("82.14", "84.14")
    assert counts(office) == before


def test_a_saved_version_follows_the_one_that_was_seen(office: Office) -> None:
    assert save(office) == 302
    assert save(office) == 409, "somebody saved the first meanwhile"
    assert save(office, 1, late="0.7") == 302
    assert save(office, 2, valid_from="2026-03-09") == 422
    assert save(office, 2, late="100.01") == 422
    with office.database.reading() as session:
        assert session.exec(select(RuleSet.version).order_by(RuleSet.version)).all() == [1, 2]  # type: ignore[arg-type]


def test_rules_count_facts_of_the_round_and_each_cites_its_event(office: Office) -> None:
    """The cast's education bureau had one request returned; praise comes before publication."""
    plan = office.task(OPEN).plan_id
    save(office)
    browser = office.client_as("office")
    department = office.part(OPEN, "edu").department_id
    browser.post(f"/plans/{plan}/praises", data={"department": str(department), "reason": "得力"})
    ident = publish_round(office)
    page = read(browser.get(f"/plans/{plan}/rankings?round={ident}"))
    row = next(tr for tr in page.select("tbody tr") if "清河县教育体育局" in tr.get_text())
    assert "84.14" in row.get_text() and "+2" in row.get_text()
    behind = read(browser.get(f"/plans/{plan}/points?round={ident}&department={department}"))
    assert "表扬" in behind.get_text() and re.search(r"事件 [0-9a-f]{8}", behind.get_text())


def test_a_frozen_ranking_stays_when_all_else_changes(office: Office) -> None:
    ident, plan = publish_round(office), office.task(OPEN).plan_id
    browser = office.client_as("office")
    address = f"/plans/{plan}/frozen-rankings?round={ident}"
    frozen = id_in(browser.post(address, data={"name": "第一季度"}))
    assert browser.post(address, data={"name": "第一季度"}).status_code == 409
    before = browser.get(f"/frozen-rankings/{frozen}").get_data(as_text=True)
    assert "督查室专员" in before and "没有加减分规则" in before
    save(office)
    with office.database.writing() as session:
        part = session.get_one(Assignment, office.part(COVERT, "edu").id)
        part.move(AssignmentState.WITHDRAWN)
        session.add(part)
    assert figures(of(office, ident))["清河县教育体育局"] == ("7.00", "8.00", 2), (
        "the control: it changed"
    )
    with office.database.reading() as session:
        line = session.exec(select(FrozenLine).where(FrozenLine.name == "清河县教育体育局")).one()
        points = session.exec(select(FrozenPoint).where(FrozenPoint.line_id == line.id)).all()
    assert (str(line.earned), str(line.possible), line.rank) == ("11.50", "14.00", 1)
    awards = [one for one in points if one.kind == "award"]
    assert sum(one.points for one in awards) == line.earned and len(awards) == line.items
    page = read(browser.get(f"/frozen-rankings/{frozen}/lines/{line.id}"))
    assert len(page.select("a[href^='/items/']")) == 3


def test_departments_see_what_the_round_shows_them(office: Office) -> None:
    plan = office.task(OPEN).plan_id
    ident = publish_round(office, "own_place")
    own = (
        office.client_as("edu").get(f"/plans/{plan}/rankings?round={ident}").get_data(as_text=True)
    )
    assert (
        "清河县教育体育局" in own
        and "清河县市场监督管理局" not in own
        and "清河县卫生健康委员会" not in own
    )
    shown(office, ident, "ranking")
    whole = (
        office.client_as("edu").get(f"/plans/{plan}/rankings?round={ident}").get_data(as_text=True)
    )
    assert "清河县市场监督管理局" in whole
    shown(office, ident, "nothing")
    none = (
        office.client_as("edu").get(f"/plans/{plan}/rankings?round={ident}").get_data(as_text=True)
    )
    assert "没有可以看的排名" in none


def shown(office: Office, ident: int, shows: str) -> None:
    with office.database.writing() as session:
        row = session.get_one(Round, ident)
        row.shows = shows  # type: ignore[assignment]
        session.add(row)


@pytest.mark.parametrize(("login", "status"), [("edu", 404), ("office", 200), ("leader", 200)])
def test_a_department_opens_no_other_departments_points(
    office: Office, login: str, status: int
) -> None:
    ident, plan = publish_round(office, "ranking"), office.task(OPEN).plan_id
    other = office.part(CLINIC, "health").department_id
    address = f"/plans/{plan}/points?round={ident}&department={other}"
    assert office.client_as(login).get(address).status_code == status
    assert office.client_as(login).get(f"/plans/{plan}/points?round={ident}").status_code == status
    own = office.part(OPEN, "edu").department_id
    address = f"/plans/{plan}/points?round={ident}&department={own}"
    assert office.client_as("edu").get(address).status_code == 200
    item_id = item(office, ident, CLINIC).id
    assert office.client_as("edu").get(f"/items/{item_id}").status_code == 404
