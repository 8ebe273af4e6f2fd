"""The same file twice is told, and changes nothing."""

import re

import pytest
from sqlmodel import select

from tests.conftest import NOON, Office
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_applying import apply, counts, lay_out, undo
from tracker.db import Database
from tracker.intake.batch import Batch, BatchState
from tracker.intake.twins import twins_of
from tracker.settings import Settings


def states(database: Database, ident: int) -> list[tuple[int, BatchState]]:
    with database.reading() as session:
        found = twins_of(session, session.get_one(Batch, ident))
    assert {(one.at, one.by) for one in found} <= {(NOON, "命令行")}
    return [(one.batch_id, one.state) for one in found]


def test_a_file_that_came_before_is_known_again_by_its_bytes(
    database: Database, settings: Settings
) -> None:
    content = workbook(DUTIES)
    first = lay_out(database, settings, content)
    assert states(database, first) == []
    second = lay_out(database, settings, content)
    assert states(database, second) == [(first, BatchState.PREVIEW)]
    apply(database, first)
    assert states(database, second) == [(first, BatchState.APPLIED)]
    undo(database, first)
    assert states(database, second) == []


def test_other_bytes_and_other_plans_are_no_twins(database: Database, settings: Settings) -> None:
    content = workbook(DUTIES)
    lay_out(database, settings, content)
    other = lay_out(database, settings, workbook(DUTIES[:2]))
    elsewhere = lay_out(database, settings, content, "别的计划")
    assert states(database, other) == states(database, elsewhere) == []


def test_applying_the_same_file_again_changes_nothing(
    database: Database, settings: Settings
) -> None:
    content = workbook(DUTIES)
    apply(database, lay_out(database, settings, content))
    before = counts(database)
    second = lay_out(database, settings, content)
    apply(database, second)
    assert counts(database) == before
    with database.reading() as session:
        made = session.get_one(Batch, second).counts
    assert [made[kind] for kind in ("new", "changed", "unchanged", "missing")] == [0, 0, 3, 0]


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_checking_page_says_when_and_by_whom_with_a_link(
    office: Office, confirmed: bool
) -> None:
    content = workbook(DUTIES)
    first = lay_out(office.database, office.settings, content, "校车")
    if confirmed:
        apply(office.database, first)
    second = lay_out(office.database, office.settings, content, "校车")
    page = office.client_as("office").get(f"/imports/{second}").get_data(as_text=True)
    words = "已由命令行导入过同一计划" if confirmed else "已由命令行上传过，还没有确认"
    assert f"这份文件 03-10 12:00 {words}" in page
    assert re.search(rf'href="/imports/{first}"[^>]*>看那一批', page)
    with office.database.reading() as session:
        assert session.exec(select(Batch.id).where(Batch.id == second)).one()
