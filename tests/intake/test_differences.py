"""What a later version says otherwise, field by field, as the pages show it."""

import pytest
from sqlmodel import select

from tests.conftest import NOON, Office
from tests.intake.sheets import DUTIES, workbook
from tests.intake.test_applying import apply, lay_out, undo
from tests.intake.test_later_versions import imported
from tests.pages.test_pages import read
from tracker.db import Database
from tracker.intake.batch import Batch
from tracker.intake.differences import Change, Difference, in_words, marked
from tracker.intake.listing import PAGE, Compared, differences
from tracker.plans.task import Task
from tracker.settings import Settings

HEAD = ("类别", "序号", "工作任务", "责任单位", "完成时限", "备注", "标准要求", "分值")
FIRST = (
    ("一、道路", 1, "核对校车线路并公示", "教体局", "2026年6月底前", "旧备注", "公示七日", 2),
    ("一、道路", 2, "公布助学资金名册", "财政局", "长期坚持", "", "", 1),
    ("一、道路", 3, "走访偏远教学点", "教体局", "长期坚持", "", "", 1),
)
SECOND = (
    (
        "二、学校",
        4,
        "逐条核对校车线路并公示",
        "教体局、财政局",
        "2026年5月底前",
        "新备注",
        "公示十日",
        3,
    ),
    FIRST[1],
    ("一、道路", 5, "增设护学岗", "财政局", "年底前", "", "", 1),
)
BECOMES = {
    ("text", ""): ("核对校车线路并公示", "逐条核对校车线路并公示"),
    ("number", ""): ("1", "4"),
    ("outline", ""): ("一、道路", "二、学校"),
    ("standard", ""): ("公示七日", "公示十日"),
    ("field", "备注"): ("旧备注", "新备注"),
    ("deadline", ""): ("2026年6月底前（2026-06-30）", "2026年5月底前（2026-05-31）"),
    ("scoring", ""): ("2 分", "3 分"),
    ("lead", ""): ("教育体育局", "教育体育局、财政局"),
}


def compared(database: Database, ident: int, kind: str, number: int = 1) -> Compared:
    with database.reading() as session:
        batch = session.get_one(Batch, ident)
        return differences(session, batch, kind, on=NOON.date(), number=number)


def fields(change: Change) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (one.code, one.header): (one.before.replace("清河县", ""), one.after.replace("清河县", ""))
        for one in change.fields
    }


@pytest.fixture
def second(database: Database, settings: Settings) -> int:
    imported(database, settings, FIRST, HEAD)
    return lay_out(database, settings, workbook(SECOND, head=HEAD))


def test_every_field_says_what_it_was_and_what_it_becomes(database: Database, second: int) -> None:
    (change,) = compared(database, second, "changed").changes
    assert fields(change) == BECOMES
    assert (change.number, change.source) == ("4", "任务!C3")


def test_new_missing_and_unchanged_rows_are_listed(database: Database, second: int) -> None:
    found = {kind: compared(database, second, kind) for kind in ("new", "missing", "unchanged")}
    assert {kind: [one.text for one in of.changes] for kind, of in found.items()} == {
        "new": ["增设护学岗"], "missing": ["走访偏远教学点"], "unchanged": ["公布助学资金名册"],
    }  # fmt: skip
    assert dict(found["new"].counts) == {"changed": 1, "new": 1, "missing": 1, "unchanged": 1}


def test_a_missing_task_stays(database: Database, second: int) -> None:
    apply(database, second)
    with database.reading() as session:
        assert session.exec(select(Task).where(Task.text == "走访偏远教学点")).one()


def test_after_applying_the_batch_still_says_what_it_changed(
    database: Database, settings: Settings, second: int
) -> None:
    apply(database, second)
    imported(database, settings, FIRST, HEAD)  # a later one does not blur it
    (change,) = compared(database, second, "changed").changes
    assert fields(change) == BECOMES


def test_after_undoing_nothing_is_changed_any_more(database: Database, second: int) -> None:
    apply(database, second)
    undo(database, second)
    assert compared(database, second, "changed").changes == []


def test_a_long_list_comes_in_pages(database: Database, settings: Settings) -> None:
    rows = [(n, f"走访第{n}个教学点", "教体局", "长期坚持") for n in range(1, PAGE + 3)]
    imported(database, settings, rows)
    ident = lay_out(database, settings, workbook([(*row[:3], "年底前") for row in rows]))
    last = compared(database, ident, "changed", 2)
    assert (len(last.changes), last.page.pages, last.page.total) == (2, 2, PAGE + 2)
    assert compared(database, ident, "changed", 99).changes == last.changes


def said(pieces: list[tuple[bool, str]]) -> str:
    return "".join(f"[{words}]" if differs else words for differs, words in pieces)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("核对线路并公示", "逐条核对线路", ("核对线路[并公示]", "[逐条]核对线路")),
        ("甲乙丙丁", "甲乙丙丁", ("甲乙丙丁", "甲乙丙丁")),
        ("", "新增", ("", "[新增]")),
        ("一二三四五", "一二六四五", ("一二[三]四五", "一二[六]四五")),
        ("甲一乙", "丙一丁", ("[甲一乙]", "[丙一丁]")),
    ],
)
def test_the_words_that_differ_are_marked(before: str, after: str, shown: tuple[str, str]) -> None:
    left, right = in_words(before, after)
    assert (said(left), said(right)) == shown


def test_names_are_marked_one_by_one_and_days_as_a_whole() -> None:
    left, right = marked(Difference("support", "公安局", "公安局、交通局"))
    assert (said(left), said(right)) == ("公安局", "公安局、[交通局]")
    left, right = marked(Difference("deadline", "6月底", "5月底"))
    assert (said(left), said(right)) == ("[6月底]", "[5月底]")


def test_the_checking_page_shows_the_comparison_and_its_marks(office: Office) -> None:
    imported(office.database, office.settings, DUTIES)
    later = [(1, "逐条核对校车线路并公示", *DUTIES[0][2:]), DUTIES[1]]
    ident = lay_out(office.database, office.settings, workbook(later))
    page = read(office, "office", f"/imports/{ident}")
    summary = page.select_one("details.versus summary").get_text()
    assert "变更 1 项（1 项改了说法）" in summary and "文件里没有 1 项" in summary
    assert [tag.get_text() for tag in page.select(".versus ins")] == ["逐条"]
    for kind, words in (("changed", "逐条核对校车线路并公示"), ("missing", DUTIES[2][1])):
        whole = read(office, "office", f"/imports/{ident}/differences?kind={kind}")
        assert str(words) in whole.select_one(".changes").get_text()
    assert office.client_as("edu").get(f"/imports/{ident}/differences").status_code == 403


def test_a_hostile_text_is_shown_as_text(office: Office) -> None:
    rows = [(1, "<script>alert(1)</script>核对校车线路并公示结果", "财政局", "年底前")]
    imported(office.database, office.settings, rows)
    later = [(1, "<img src=x onerror=alert(1)>核对校车线路并公示结果", "财政局", "年底前")]
    ident = lay_out(office.database, office.settings, workbook(later))
    page = office.client_as("office").get(f"/imports/{ident}").get_data(as_text=True)
    assert "<script>alert" not in page and "<img src=x" not in page


def test_the_page_that_saw_an_older_plan_is_asked_again_where_that_brings_questions(
    office: Office,
) -> None:
    """The plan gets an alike task after the preview was made; confirming then asks, not guesses."""
    first = [(1, "完成东河镇污水处理厂配套管网建设", "财政局", "年底前")]
    second = [(7, "完成西河镇污水处理厂配套管网建设", "财政局", "年底前")]
    other = lay_out(office.database, office.settings, workbook(second))
    apply(office.database, lay_out(office.database, office.settings, workbook(first)))
    browser = office.client_as("office")
    page = read(office, "office", f"/imports/{other}")
    seen = page.select_one("form[action$=application] [name=plan_version]")["value"]
    answer = browser.post(f"/imports/{other}/application", data={"plan_version": seen})
    assert answer.headers["Location"] == f"/imports/{other}"
    again = read(office, "office", f"/imports/{other}")
    assert "还有 1 个问题" in again.get_text() and "计划里有一项相近的任务" in again.get_text()
    with office.database.reading() as session:
        assert session.get_one(Batch, other).state == "preview"
