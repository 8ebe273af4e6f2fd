"""The grammar of deadlines: every way offices write them, and what is never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.deadlines import Context, read_deadline
from importers.grid import EPOCH_1904

from .deadline_expressions import expressions
from .field_text import FIELD_TEXT

CONTEXT = Context(year=2026, issued_on=date(2026, 1, 8))

DATES = {
    "2026年12月": "2026-12-31",
    "2026年8月底前": "2026-08-31",
    "12 月底": "2026-12-31",
    "6月底前": "2026-06-30",
    "4月30日前整改完成": "2026-04-30",
    "4 月 30 日前整 改完成": "2026-04-30",
    "9月15日之前": "2026-09-15",
    "11月30号": "2026-11-30",
    "2027.06.15": "2027-06-15",
    "２０２７年１２月３１日": "2027-12-31",
    "年底": "2026-12-31",
    "年底前": "2026-12-31",
    "年内": "2026-12-31",
    "全年": "2026-12-31",
    "下半年": "2026-12-31",
    "上半年": "2026-06-30",
    "一季度": "2026-03-31",
    "第三季度": "2026-09-30",
    "2027年四季度": "2027-12-31",
    "4月初": "2026-04-10",
    "4月上旬": "2026-04-10",
    "4月中旬": "2026-04-20",
    "4月下旬": "2026-04-30",
    "2026年6月持续跟踪": "2026-06-30",
    "2026年底前，并长期坚持": "2026-12-31",
    "2026-04-30": "2026-04-30",
    "46142": "2026-04-30",
    "2026年2月": "2026-02-28",
    "2028年2月底": "2028-02-29",
    "6⽉底": "2026-06-30",
    "6月30日前整改到位": "2026-06-30",
    "2026年6月底前落实到位": "2026-06-30",
    "到年底": "2026-12-31",
    "2026/3/1 10:00": "2026-03-01",
    "2026-03-01T18:30:00": "2026-03-01",
    "4月30日 18:00前": "2026-04-30",
}
RANGES = {
    "3-4月": "2026-04-30",
    "3月—4月": "2026-04-30",
    "4月～5月": "2026-05-31",
    "1月至4月": "2026-04-30",
    "2026年5-7月": "2026-07-31",
    "3月1日-4月15日": "2026-04-15",
    "2026年3月1日至2027年5月31日": "2027-05-31",
}
KINDS = {
    "长期坚持": "ongoing",
    "持续推进": "ongoing",
    "常态化": "ongoing",
    "按需": "ongoing",
    "适时": "ongoing",
    "立行立改": "at_once",
    "即知即改": "at_once",
    "每月28日前": "recurring",
    "每季度末": "recurring",
    "每年": "recurring",
    "每半年": "recurring",
    "每周": "recurring",
    "30个工作日内": "relative",
    "15天内": "relative",
    "3日内": "relative",
    "到2027年": "horizon",
    "“十五五”期间": "horizon",
    "已完成": "done",
    "完成": "done",
    "已完成整改": "done",
    "已整改到位": "done",
    "持续推进（截至2月5日已完成60%）": "ongoing",
    "": "none",
    "/": "none",
    "—": "none",
    "无": "none",
    "有效期至2027年3月1日": "none",
    "截至3月25日": "none",
    "X日": "damaged",
    "4月X日": "damaged",
    "尽快研究": "damaged",
}
DAMAGED = {
    "2026年44月底": "2026-04-30",
    "2026年月底": None,
    "1129日": "2026-11-29",
    "2月30日": "2026-02-28",
    "13月底": None,
    "立即整改，2026年6月底前完成": "2026-06-30",
    "持续推进，12月底前完成": "2026-12-31",
    "按月推进，12月底前完成": "2026-12-31",
    "10个工作日内完成，6月30日前销号": "2026-06-30",
}


@pytest.mark.parametrize("one", expressions(), ids=lambda one: f"{one.text} {one.context.year}")
def test_every_settled_expression_is_read_as_settled(one):
    found = read_deadline(one.text, one.context)
    assert found[:3] == (one.kind, one.due_on, one.proposed)
    assert found.code == one.code


def test_the_settled_expressions_are_many_and_each_stands_once():
    settled = [(one.text, one.context) for one in expressions()]
    assert len(settled) == len(set(settled)) >= 300
    kinds = {one.kind for one in expressions()}
    assert kinds == {"date", "range", "horizon", "recurring", "relative", "ongoing", "at_once",
                     "done", "none", "damaged"}  # fmt: skip


@pytest.mark.parametrize(
    "text", ["预计6月底", "约6月底", "6月30日左右", "年中", "4月上旬至5月中旬"]
)
def test_a_day_that_is_only_about_right_is_marked(text):
    assert read_deadline(text, CONTEXT).approximate


def test_words_of_this_year_and_the_next_need_a_year():
    assert read_deadline("今年年底", Context()).code == "deadline_without_year"
    assert read_deadline("明年3月底", Context()).kind == "damaged"


def test_a_story_is_left_to_the_person():
    found = read_deadline("持续推进" + "、完善台账" * 60 + "，6月底前完成", CONTEXT)
    assert (found.kind, found.code) == ("damaged", "damaged_deadline")


@pytest.mark.parametrize("text", DATES)
def test_a_written_deadline_is_that_day(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on, found.code) == ("date", date.fromisoformat(DATES[text]), "")


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_due_at_its_end(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on) == ("range", date.fromisoformat(RANGES[text]))


@pytest.mark.parametrize("text", KINDS)
def test_what_is_no_day_has_its_kind(text):
    assert read_deadline(text, CONTEXT).kind == KINDS[text]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_deadline_has_no_day_only_a_proposal(text):
    found = read_deadline(text, CONTEXT)
    assert (found.kind, found.due_on, found.code) == ("damaged", None, "damaged_deadline")
    assert (found.proposed and found.proposed.isoformat()) == DAMAGED[text]


def test_a_range_over_new_year_is_questioned():
    found = read_deadline("12-1月", CONTEXT)
    assert (found.due_on, found.code) == (date(2027, 1, 31), "over_new_year")


@pytest.mark.parametrize("text", ["4月初", "4月中旬", "到2027年"])
def test_a_loose_day_is_marked_approximate(text):
    assert read_deadline(text, CONTEXT).approximate


def test_a_deadline_without_any_year_is_a_question():
    found = read_deadline("6月底前", Context())
    assert (found.kind, found.due_on, found.code) == ("date", None, "deadline_without_year")


def test_a_day_before_the_issue_proposes_the_next_year():
    found = read_deadline("3月底", Context(2026, date(2026, 11, 20)))
    assert (found.code, found.proposed) == ("before_issue", date(2027, 3, 31))
    found = read_deadline("1月30日", Context(2026, date(2026, 11, 20)))
    assert (found.code, found.proposed) == ("before_issue", date(2027, 1, 30))


def test_a_year_far_from_the_plans_is_questioned():
    assert read_deadline("2062年6月", CONTEXT).code == "implausible_date"


def test_two_dates_in_one_cell_are_left_to_the_person():
    found = read_deadline("6月底前建成一期，10月底前建成二期", CONTEXT)
    assert (found.due_on, found.proposed, found.code) == (
        None,
        date(2026, 10, 31),
        "several_deadlines",
    )


def test_a_recurring_deadline_has_its_next_day():
    assert read_deadline("每月28日前", CONTEXT).due_on == date(2026, 1, 28)
    assert read_deadline("每月5日前", CONTEXT).due_on == date(2026, 2, 5)


def test_a_serial_number_follows_the_epoch_of_its_workbook():
    serial = str((date(2026, 4, 30) - EPOCH_1904).days)
    assert read_deadline(serial, Context(2026, epoch=EPOCH_1904)).due_on == date(2026, 4, 30)


@settings(deadline=None)
@given(FIELD_TEXT)
def test_no_text_makes_the_deadline_grammar_raise_or_guess(text):
    found = read_deadline(text, CONTEXT)
    assert found.due_on is None or found.kind in ("date", "range", "recurring", "horizon")
    assert found.kind != "damaged" or found.code


@settings(deadline=None)
@given(st.dates(date(2022, 1, 1), date(2035, 12, 31)))
def test_every_day_is_read_back_as_itself(day):
    for text in (f"{day.year}年{day.month}月{day.day}日前", day.isoformat(), f"{day:%Y.%m.%d}"):
        assert read_deadline(text, Context(day.year)).due_on == day
