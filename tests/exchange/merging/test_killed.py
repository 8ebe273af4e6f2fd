"""A process that dies while returned workbooks are written leaves all of them or none."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from tests import inprocess
from tests.conftest import Office
from tests.doomed import ended, ended_anew
from tests.exchange.merging.hands import CIVIL, EDU, SERVICE, opened, take_out
from tests.work.acting import SOLE, signed
from tracker.events import Event, verify
from tracker.plans.assignment import Assignment
from tracker.work.receipt import Receipt
from tracker.work.report import Report

POINTS = (
    "merge-row",
    "merge-row:2",
    "merge-before-commit",
    "keep-after-event",
    "keep-after-event:2",
)
FRESH = "2) 全县干部"


def write_in(instance: str, url: str, files: list[str]) -> None:
    """In the other process: `tracker collect FILE... --apply`."""
    environment = {**os.environ, "TRACKER_INSTANCE": instance, "TRACKER_DATABASE_URL": url}
    done = inprocess.tracker(("collect", *files, "--apply"), environment, "")
    if done.returncode:
        raise SystemExit(done.returncode)


def two_workbooks(office: Office, folder: Path) -> list[str]:
    """Of two plans: in one a report, in the other a report on a part that is received by it."""
    paths = []
    for name, plan, part in (
        ("一.xlsx", SERVICE, signed(office, SOLE, "edu")),
        ("二.xlsx", CIVIL, office.part(FRESH, "edu")),
    ):
        book = opened(take_out(office, plan=plan, department=EDU))
        book.write(book.row_of(part.id), "progress", "已完成第三轮排查")
        paths.append(folder / name)
        paths[-1].write_bytes(book.saved())
    return [str(path) for path in paths]


def standing(office: Office) -> list[object]:
    with office.database.reading() as session:
        found: list[object] = [
            session.exec(select(func.count()).select_from(model)).one()
            for model in (Report, Receipt, Event)
        ]
        parts = session.exec(select(Assignment).order_by(col(Assignment.id)))
        return [*found, [part.model_dump() for part in parts], verify(session)]


@pytest.mark.parametrize("point", POINTS)
def test_killed_in_the_middle_nothing_is_written(
    office: Office, tmp_path: Path, point: str
) -> None:
    killed_and_done_again(office, tmp_path, point, ended)


@pytest.mark.only_on("sqlite")
def test_killed_in_an_interpreter_of_its_own(office: Office, tmp_path: Path) -> None:
    killed_and_done_again(office, tmp_path, "merge-row", ended_anew)


def killed_and_done_again(
    office: Office, folder: Path, point: str, within: Callable[..., int]
) -> None:
    facts = (str(office.settings.instance), office.settings.database, two_workbooks(office, folder))
    before = standing(office)
    assert within(write_in, *facts, TRACKER_FAILPOINT=point) == -9
    assert standing(office) == before
    assert ended(write_in, *facts, TRACKER_FAILPOINT="") == 0  # the control: it can succeed
    after = standing(office)
    assert after != before and after[0] == before[0] + 2  # type: ignore[operator]
