"""Reporting rhythms: words to a rule, and the days a rule falls on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.deadlines import Context, read_deadline
from importers.rhythm_rule import LAST, Rhythm, of_code, read_rhythm

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
RULES = st.one_of(
    st.builds(lambda weekday: Rhythm(weekday=weekday), st.integers(1, 7)),
    st.builds(
        lambda days: Rhythm(months=1, month=1, days=tuple(sorted(days))),
        st.sets(st.integers(1, LAST), min_size=1, max_size=3),
    ),
    st.sampled_from([3, 6, 12]).flatmap(
        lambda months: st.builds(
            lambda month, day: Rhythm(months=months, month=month, days=(day,)),
            st.integers(1, months), st.integers(1, LAST),
        )
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("每月28日前", "m28"), ("每个月25号前报送", "m25"), ("每月二十八日前", "m28"), ("每月底", "m31"),
        ("每月月底前", "m31"), ("每月", "m31"), ("按月", "m31"), ("每月初", "m10"), ("每月中旬", "m20"),
        ("每月5日、20日前", "m5,20"), ("每月25日-28日", "m28"), ("每周五", "w5"), ("每周", "w5"),
        ("每星期天", "w7"), ("每周三下班前上报", "w3"), ("每季度末", "q3-31"), ("每季度", "q3-31"),
        ("每季度首月5日前", "q1-5"), ("每季度第二个月10日前", "q2-10"), ("每季度最后一个月25日前", "q3-25"),
        ("每半年", "h6-31"), ("每半年末", "h6-31"), ("每年6月30日前", "y6-30"), ("每年底", "y12-31"),
        ("每年三月底", "y3-31"), ("Every Friday", "w5"), ("day 28 of every month", "m28"),
        ("end of every quarter", "q3-31"), ("day 30 of month 6 of every year", "y6-30"),
    ],
)  # fmt: skip
def test_a_rule_is_read_from_words(words: str, code: str) -> None:
    rule = read_rhythm(words)
    assert rule is not None
    assert rule.code == code


@pytest.mark.parametrize(
    "words",
    [
        "", "每天", "每两周", "每月第二个周五", "每月最后一个工作日", "每月32日", "每月0日", "每年13月1日",
        "每季度第4个月5日", "2026年6月底前", "长期坚持", "每月28日前报进展，12月底完成", "每", "定期",
        "every day", "day 3 of every week", "month 7 of every half-year",
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_no_rule(words: str) -> None:
    assert read_rhythm(words) is None


@pytest.mark.parametrize(
    "code", ["", "none", "m32", "m0", "w8", "q4-1", "y13-1", "h7-1", "x", "m5,"]
)
def test_what_is_no_code_is_no_rule(code: str) -> None:
    assert of_code(code) is None


@given(RULES)
def test_a_code_is_its_rule(rule: Rhythm) -> None:
    assert of_code(rule.code) == rule


@pytest.mark.parametrize(
    ("code", "day", "due", "before"),
    [
        ("m28", date(2026, 2, 28), date(2026, 2, 28), date(2026, 1, 28)),
        ("m31", date(2027, 2, 3), date(2027, 2, 28), date(2027, 1, 31)),
        ("m31", date(2028, 2, 29), date(2028, 2, 29), date(2028, 1, 31)),
        ("m30", date(2028, 2, 10), date(2028, 2, 29), date(2028, 1, 30)),
        ("m28", date(2026, 12, 29), date(2027, 1, 28), date(2026, 12, 28)),
        ("m5,20", date(2026, 12, 21), date(2027, 1, 5), date(2026, 12, 20)),
        ("w5", date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 25)),
        ("w7", date(2026, 3, 1), date(2026, 3, 1), date(2026, 2, 22)),
        ("q3-31", date(2026, 12, 31), date(2026, 12, 31), date(2026, 9, 30)),
        ("q1-5", date(2026, 10, 6), date(2027, 1, 5), date(2026, 10, 5)),
        ("h6-31", date(2026, 7, 1), date(2026, 12, 31), date(2026, 6, 30)),
        ("y2-29", date(2027, 1, 1), date(2027, 2, 28), date(2026, 2, 28)),
        ("y12-31", date(2027, 1, 1), date(2027, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_days_over_years_and_short_months(
    code: str, day: date, due: date, before: date
) -> None:
    rule = of_code(code)
    assert rule is not None
    assert (rule.on_or_after(day), rule.before(day)) == (due, before)


@given(RULES, DAYS)
def test_no_day_of_a_rule_is_passed_over(rule: Rhythm, day: date) -> None:
    due, before = rule.on_or_after(day), rule.before(day)
    assert before < day <= due
    assert rule.on_or_after(due) == due
    assert rule.before(due) < day
    assert rule.on_or_after(before + timedelta(days=1)) == due


@given(DAYS, st.sampled_from(
    ["每月28日前", "每月底", "每月5日、20日前", "每周五", "每季度末", "每季度首月5日前", "每半年", "每年6月30日前"]
))  # fmt: skip
def test_the_first_day_is_the_one_the_deadline_reader_gives(day: date, words: str) -> None:
    rule = read_rhythm(words)
    assert rule is not None
    read = read_deadline(words, Context(year=day.year, issued_on=day))
    assert read.kind == "recurring"
    assert read.due_on == rule.on_or_after(day)


@given(
    st.text(
        alphabet="每按月周季半年度末底初中第首最后个一二三十0123456789日号、前-of every day month end",
        max_size=40,
    )
)
def test_any_words_are_read_without_harm(words: str) -> None:
    rule = read_rhythm(words)
    assert rule is None or of_code(rule.code) == rule
