"""What the checking page shows: every row beside the sheet it was read from."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlmodel import select

from tests.conftest import NOON
from tests.intake.sheets import DUTIES, HEAD, workbook
from tests.intake.test_applying import apply, lay_out
from tests.intake.test_deadline_answers import answered
from tracker.db import Database
from tracker.intake.batch import Batch
from tracker.intake.preview import ROWS_SHOWN, Preview, preview_of
from tracker.plans.task import Task
from tracker.settings import Settings


def seen(database: Database, ident: int, page: int = 1) -> Preview:
    with database.reading() as session:
        return preview_of(session, session.get_one(Batch, ident), on=NOON.date(), page=page)


def sheets(**rows: list[tuple[object, ...]]) -> bytes:
    """A workbook with these sheets, each a header and rows."""
    book = Workbook()
    book.remove(book.active)
    for name, below in rows.items():
        sheet = book.create_sheet(name)
        for row in (HEAD, *below):
            sheet.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def refs(shown: Preview) -> dict[str, str]:
    """Address → text of the grid on view."""
    return {cell["ref"]: cell["text"] for row in shown.grid["rows"] for cell in row["cells"]}


def test_each_sheet_has_its_own_page_and_grid(database: Database, settings: Settings) -> None:
    ident = lay_out(database, settings, sheets(甲=[DUTIES[0]], 乙=[DUTIES[1], DUTIES[2]]))
    first, second = seen(database, ident), seen(database, ident, 2)
    assert (first.page.pages, len(first.rows), len(second.rows)) == (2, 1, 2)
    for shown in (first, second):
        for row in shown.rows:
            lit = [refs(shown)[address] for address in row["lights"].split()]
            assert row["text"] in lit


def test_the_second_table_of_a_sheet_lights_its_own_columns(
    database: Database, settings: Settings
) -> None:
    other = ("编号", "备注", "督办事项", "主办单位")
    rows = [DUTIES[0], (), other, (1, "急", "复核助学台账", "财政局")]
    ident = lay_out(database, settings, workbook(rows))
    shown = seen(database, ident)
    assert [row["text"] for row in shown.rows] == [DUTIES[0][1], "复核助学台账"]
    lit = [refs(shown)[address] for address in shown.rows[1]["lights"].split()]
    assert lit == ["1", "复核助学台账", "财政局", "急"]
    kinds = {cell["text"]: cell["kind"] for row in shown.grid["rows"] for cell in row["cells"]}
    assert (kinds["督办事项"], kinds["工作任务"], kinds["急"]) == ("head", "head", "plain")


def test_a_long_sheet_is_cut_into_pages(database: Database, settings: Settings) -> None:
    rows = [(n, f"走访第{n}个教学点", "教体局", "长期坚持") for n in range(1, ROWS_SHOWN + 3)]
    ident = lay_out(database, settings, workbook(rows))
    last = seen(database, ident, 2)
    assert (last.page.pages, [row["number"] for row in last.rows]) == (2, ["61", "62"])
    assert last.grid["rows"][0]["number"] > 1
    beyond = seen(database, ident, 9)
    assert (beyond.page.number, beyond.rows) == (2, last.rows)


@pytest.mark.parametrize("header", ["评分标准", "标 准要求", "2027年目标值", "考核标准（100分）"])
def test_a_standard_is_kept_as_one_whatever_its_header(
    database: Database, settings: Settings, header: str
) -> None:
    ident = lay_out(database, settings, workbook([(*DUTIES[0], "公示不少于七日")], (*HEAD, header)))
    apply(database, ident)
    with database.reading() as session:
        assert session.exec(select(Task.standard)).one() == "公示不少于七日"


def test_a_status_in_the_deadline_column_can_be_given_its_day(
    database: Database, settings: Settings
) -> None:
    ident = lay_out(database, settings, workbook([(1, "核对校车线路", "教体局", "正在办理")]))
    answered(database, ident, "unclear_status", {"take": "date", "date": "2026-09-30"})
    assert seen(database, ident).rows[0]["due_on"].isoformat() == "2026-09-30"
