"""What is answered about a doubtful date holds for the cells it was asked about, and no others."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from tests.conftest import NOON
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_applying import apply, lay_out, says, undo
from tracker.actor import COMMAND_LINE
from tracker.db import Database
from tracker.errors import InputError, StepRefused
from tracker.intake import answering
from tracker.intake.answers import checked
from tracker.intake.batch import Batch
from tracker.intake.preview import preview_of
from tracker.intake.question import Question
from tracker.settings import Settings


def answered(database: Database, ident: int, code: str, given: dict[str, str]) -> None:
    with database.writing() as session:
        question = asked(session, ident, code)
        answering.answer(
            session,
            session.get_one(Batch, ident),
            question.id or 0,
            given,
            by=COMMAND_LINE,
            at=NOON,
        )


def asked(session: Session, ident: int, code: str) -> Question:
    wanted = select(Question).where(Question.batch_id == ident, col(Question.code) == code)
    return session.exec(wanted).one()


@pytest.mark.parametrize(
    ("given", "due"),
    [({"take": "none"}, "None"), ({"take": "date", "date": "2027-01-31"}, "2027-01-31")],
)
def test_an_implausible_date_is_what_the_answer_says(
    database: Database, settings: Settings, given: dict[str, str], due: str
) -> None:
    rows = [(1, "核对校车线路并公示", "教体局", "2062年1月31日"), DUTIES[1]]
    ident = lay_out(database, settings, workbook(rows))
    answered(database, ident, "implausible_date", given)
    apply(database, ident)
    assert says(database) == {"1": due, "2": "2026-06-30"}


def test_two_deadlines_of_one_task_do_not_touch_another_task(
    database: Database, settings: Settings
) -> None:
    book = load_workbook(BytesIO(workbook([DUTIES[0], (None, None, None, "2026年9月底前"), (
        2, "公布助学资金发放名册", "财政局", "2026年9月底前")])))  # fmt: skip
    sheet = book.worksheets[0]
    for letter in "ABC":
        sheet.merge_cells(f"{letter}3:{letter}4")
    target = BytesIO()
    book.save(target)
    ident = lay_out(database, settings, target.getvalue())
    answered(database, ident, "two_deadlines", {"take": "date", "date": "2026-08-31"})
    apply(database, ident)
    assert says(database) == {"1": "2026-08-31", "2": "2026-09-30"}


def test_a_rhythm_is_no_single_day_that_is_late_for_good(
    database: Database, settings: Settings
) -> None:
    rows = [(1, "报送用水台账", "教体局", "每月28日前"), (2, "汇总巡查情况", "财政局", "年底前")]
    book = workbook(rows)
    first = lay_out(database, settings, book)
    apply(database, first)
    assert says(database) == {"1": "None", "2": "2026-12-31"}
    again = lay_out(database, settings, book)
    with database.reading() as session:
        shown = preview_of(session, session.get_one(Batch, again), on=NOON.date())
    assert (shown.outcome["unchanged"], shown.outcome["changed"]) == (2, 0)


def test_a_plan_that_is_gone_since_the_preview_is_told(
    database: Database, settings: Settings
) -> None:
    first = lay_out(database, settings, workbook(DUTIES))
    apply(database, first)
    second = lay_out(database, settings, workbook(DUTIES))
    undo(database, first)
    with pytest.raises(StepRefused, match="变动"):
        apply(database, second)


@pytest.mark.parametrize("day", ["0026-06-30", "9999-12-31", "2026-02-30", ""])
def test_a_day_of_no_plausible_year_is_refused(day: str) -> None:
    with pytest.raises(InputError, match=r"“6月底”的回答不完整"):
        checked({"take": "date", "date": day}, code="damaged_deadline", value="6月底")
    assert checked({"take": "date", "date": "2026-06-30"}, code="damaged_deadline", value="6月底")
