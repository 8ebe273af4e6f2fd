"""What is written down in any of its forms is read back as what it was."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from importers.deadlines import Context, read_deadline
from importers.names import read_names
from importers.numbering import above, numbered
from importers.scoring import read_points, read_scoring
from importers.status import read_status

from . import written

DAYS = st.dates(date(2015, 1, 1), date(2049, 12, 31))
KINDS = "局 科 中心 大队 银行 小学 公司 党委 委员会 派出所 镇"
MODES = "明查 暗访 材料审核 网上材料审核 实地考察 实地暗访考察 问卷调查 入户问卷调查 听取汇报 网络调查 整体观察"
NAMES = st.builds(
    "{}{}".format,
    st.text("东西南北河山江湖林田石桥", min_size=2, max_size=4),
    st.sampled_from(KINDS.split()),
)
BRACKETED = st.one_of(NAMES, NAMES.map("{}（爱卫办、文明办）".format))
POINTS = st.integers(1, 400).map(lambda quarters: quarters / 4)


def reads(text: str, year: int | None) -> tuple[str, date | None, str]:
    found = read_deadline(text, Context(year))
    return found.kind, found.due_on, found.code


@settings(deadline=None)
@given(DAYS)
def test_a_day_in_every_form(day):
    for text in written.days(day):
        assert reads(text, day.year) == ("date", day, ""), text


@settings(deadline=None)
@given(DAYS)
def test_a_day_without_its_year_has_the_plans(day):
    for text in written.days(day):
        prefix = f"{day.year}年"
        if prefix in text and "截止" not in text:
            assert reads(text.replace(prefix, ""), day.year) == ("date", day, ""), text


@settings(deadline=None)
@given(DAYS)
def test_a_month_in_every_form(day):
    for text in written.months(day.year, day.month):
        due = written.month_end(day.year, day.month)
        assert reads(text, day.year) == ("date", due, ""), text


@settings(deadline=None)
@given(st.integers(2015, 2049))
def test_the_parts_of_a_year(year):
    for text, due in written.parts_of_a_year(year).items():
        assert reads(text, year) == ("date", due, ""), text
    assert reads(f"到{year}年", year) == ("horizon", date(year, 12, 31), "")
    assert reads("明年上半年", year) == ("date", date(year + 1, 6, 30), "")


@settings(deadline=None)
@given(DAYS, st.integers(0, 900))
def test_a_range_in_every_form(first, more):
    last = date.fromordinal(first.toordinal() + more)
    for text, due in written.spans(first, last).items():
        found = read_deadline(text, Context(last.year))
        assert (found.kind, found.due_on) == ("range", due), text


@settings(deadline=None)
@given(st.integers(1, 99))
def test_counted_days(n):
    for text in written.counted(n):
        assert reads(text, 2026) == ("relative", None, ""), text


@settings(deadline=None)
@given(DAYS, st.integers(1, 28))
def test_a_rhythm_comes_again_on_its_day(issued, number):
    found = read_deadline(f"每月{number}日前", Context(issued.year, issued))
    assert found.kind == "recurring"
    assert found.due_on.day == number
    assert 0 <= (found.due_on - issued).days <= 31


@settings(deadline=None)
@given(DAYS)
def test_a_serial_number_is_the_day_it_counts(day):
    serial = str((day - date(1899, 12, 30)).days)
    assert reads(serial, day.year) == ("date", day, "")


@settings(deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=6, unique=True))
def test_a_list_of_departments_in_every_style(names):
    for text in written.lists(names):
        named = read_names(text)
        assert [name for name, _ in named.people] == names, text
        assert named.doubts == (), text


@settings(deadline=None)
@given(
    st.lists(BRACKETED, min_size=2, max_size=6, unique=True),
    st.integers(1, 3),
    st.sampled_from(["lead", "support"]),
)
def test_who_leads_and_who_helps_in_every_style(names, count, column):
    leads, helpers = names[:count], names[count:]
    assume(helpers)
    roles = [(name, "lead") for name in leads] + [(name, "support") for name in helpers]
    for text in written.cells(leads, helpers):
        if "会同" in text and "牵头" not in text and column == "support":
            continue
        named = read_names(text, column)
        assert list(named.people) == roles, text
        assert named.doubts == (), text


@settings(deadline=None)
@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True),
    st.sampled_from(["等部门", "等单位", "等有关部门", "等", "等5个部门"]),
)
def test_what_a_list_leaves_open_stays_beside_its_names(names, others):
    named = read_names("、".join(names) + others)
    assert [name for name, _ in named.people] == [*names, others]
    assert [(doubt.code, doubt.value) for doubt in named.doubts] == [("open_group", others)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MODES.split()), POINTS), min_size=1, max_size=3))
def test_modes_with_points_in_every_style(pairs):
    for text in written.scores(pairs):
        assert [tuple(score) for score in read_scoring(text)] == pairs, text


@settings(deadline=None)
@given(POINTS)
def test_points_in_every_style(points):
    for style in ("{:g}", "{:g}分", "（{:g}分）", "满分{:g}分", "{:g} 分", "分值：{:g}"):
        assert read_points(style.format(points)) == points
        assert read_points(style.format(points).translate(written.WIDE)) == points


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 30), st.sampled_from(["环境整治", "党建引领", "Plan"]))
def test_every_way_of_numbering(n, lower, rest):
    for style, mark in written.numbers(n).items():
        assert numbered(mark + rest) == (style, (n,), rest)
    assert numbered(f"{n}.{lower} {rest}") == ("dotted", (n, lower), rest)
    assert above(f"{n}.{lower} {rest}") == (n,)


DONE = ["完成", "办结", "销号", "整改到位", "整改完成", "竣工", "结案"]


@settings(deadline=None)
@given(st.sampled_from(DONE), st.sampled_from(["", "已", "已经", "全部", "按期", "提前", "逾期"]))
def test_a_status_word_and_its_contrary(word, how):
    assert read_status(how + word) == "done"
    for negation in ("未", "尚未", "没有", "未按期", "逾期未", "正在", "待", "预计6月"):
        assert read_status(negation + word) == "open"
    assert read_status(f"{how}{word}80%") != "done"
