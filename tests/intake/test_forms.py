"""A plan becomes the same tasks in whatever form it came, and is shown beside what was sent."""

import pytest
from sqlmodel import select

from tests.conftest import NOON
from tests.intake.forms import FORMS
from tests.intake.test_applying import apply, lay_out
from tracker.db import Database
from tracker.intake.batch import Batch
from tracker.intake.preview import preview_of
from tracker.plans.task import Task
from tracker.settings import Settings


@pytest.mark.parametrize("form", FORMS)
def test_every_form_becomes_the_same_tasks(
    database: Database, settings: Settings, form: str
) -> None:
    ident = lay_out(database, settings, FORMS[form](), name="线路")
    with database.writing() as session:
        shown = preview_of(session, session.get_one(Batch, ident), on=NOON.date())
        cells = {cell["ref"] for row in shown.grid["rows"] for cell in row["cells"]}
        assert all(set(row["lights"].split()) <= cells for row in shown.rows)
    apply(database, ident)
    with database.reading() as session:
        tasks = session.exec(select(Task)).all()
    assert [(t.number, t.text.rstrip("。"), str(t.due_on)) for t in tasks] == [
        ("1", "核对校车线路并公示", "2026-06-30"),
        ("2", "公布助学资金发放名册", "2026-06-30"),
        ("3", "走访偏远教学点", "None"),
    ]
