"""Plans made from facts by chance, written as offices would, are read back as the same facts."""

from __future__ import annotations

import io
import marshal
from dataclasses import dataclass
from datetime import date

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from importers import Limits, Reading
from importers.plain import read_plain
from importers.reading import from_plain

from . import xml_count
from .fixtures.facts import TableFacts, TaskFacts
from .judging import judge, questions

DEPARTMENTS = [
    "财政局",
    "教育局",
    "水利局",
    "林业局",
    "文化和旅游局",
    "住房和城乡建设局",
    "档案局",
    "东河镇",
    "市场监督管理局",
    "融媒体中心",
    "各街道",
    "公安局（交警大队）",
    "卫健委",
    "供电公司",
    "妇联",
    "第一小学",
]
VERBS = ["修缮", "清点", "公布", "编印", "巡查", "更换", "归集", "培训"]
THINGS = ["路面标线", "档案目录", "服务指南", "值守名单", "应急物资", "窗口人员", "监测数据"]
GROUPS = ["前期准备", "组织实施", "总结提升", "市容秩序", "便民服务"]
HEADERS = {
    "number": ["序号", "编号", "NO."],
    "category": ["类别", "板块", "领域"],
    "task": ["工作任务", "具体任务", "督办事项"],
    "lead": ["牵头单位", "主办单位", "牵头部门"],
    "support": ["配合单位", "协办部门", "参与单位"],
    "deadline": ["完成时限", "时间节点", "办结时限"],
    "score": ["测评方式", "考核方式"],
}
MODES = ["明查", "暗访", "材料审核", "实地考察"]


def _month_end(month: int) -> str:
    return date.fromordinal(date(2026 + month // 12, month % 12 + 1, 1).toordinal() - 1).isoformat()


@st.composite
def deadlines(draw: st.DrawFn) -> tuple[str, tuple[str, str | None]]:
    """(as written, as read) for a plan of 2026."""
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 28))
    later = draw(st.integers(month, 12))
    on = f"2026-{month:02}-{day:02}"
    forms = [
        (f"{month}月底前", ("date", _month_end(month))),
        (f"2026年{month}月", ("date", _month_end(month))),
        (f"{month}月{day}日前", ("date", on)),
        (f"2026.{month:02}.{day:02}", ("date", on)),
        (f"2026年{month}月{day}日之前完成", ("date", on)),
        ("长期坚持", ("ongoing", None)),
        ("年底前", ("date", "2026-12-31")),
        ("", ("none", None)),
        ("立行立改", ("at_once", None)),
    ]
    if later > month:
        forms.append((f"{month}月至{later}月", ("range", _month_end(later))))
    return draw(st.sampled_from(forms))


@dataclass
class Row:
    """A task's cells by column, its facts, and whether its deadline is merged into the one above."""

    cells: dict[str, object]
    facts: TaskFacts
    merged: bool


@dataclass
class Plan:
    """A plan as an office lays it out."""

    columns: list[str]
    headers: dict[str, str]
    groups: list[tuple[str, list[Row]]]
    group_style: str
    title: bool
    pages: set[int]
    """Before which rows (from 0) the header is repeated."""

    def tasks(self) -> tuple[TaskFacts, ...]:
        return tuple(row.facts for _, rows in self.groups for row in rows)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of a few groups, with any of the optional columns."""
    style = draw(st.sampled_from(["none", "merged", "blank", "banner"]))
    columns = ["number", "task", "lead"] + [
        c for c in ("support", "deadline", "score") if draw(st.booleans())
    ]
    if style in ("merged", "blank"):
        columns.insert(draw(st.integers(0, 1)), "category")
    headers = {column: draw(st.sampled_from(words)) for column, words in HEADERS.items()}
    names = draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=3, unique=True))
    things = iter(draw(st.permutations([v + t for v in VERBS for t in THINGS])))
    groups = []
    number = 0
    for i, name in enumerate(names if style != "none" else [""]):
        said = f"{'一二三'[i]}、{name}" if style == "banner" else name
        rows: list[Row] = []
        for k in range(draw(st.integers(1, 4))):
            number += 1
            above = rows[-1] if k else None
            rows.append(draw(_rows(columns, number, next(things), (said,) if said else (), above)))
        groups.append((said, rows))
    pages = draw(st.sets(st.integers(1, max(1, number - 1)), max_size=1))
    return Plan(columns, headers, groups, style, draw(st.booleans()), pages)


@st.composite
def _rows(
    draw: st.DrawFn,
    columns: list[str],
    number: int,
    text: str,
    outline: tuple[str, ...],
    above: Row | None,
) -> Row:
    people = draw(st.lists(st.sampled_from(DEPARTMENTS), min_size=1, max_size=5, unique=True))
    leads = people[: draw(st.integers(1, 2))]
    helpers = people[len(leads) :] if "support" in columns else []
    plain = all(name[-1] in "局委办镇" for name in people)
    comma = draw(st.sampled_from(["、", "，", *(["\n"] if plain else [])]))
    written, due = draw(deadlines())
    merged = above is not None and bool(above.cells["deadline"]) and draw(st.booleans())
    if merged and above is not None:
        written, due = "", above.facts.deadline
    mode, points = draw(st.sampled_from(MODES)), draw(st.sampled_from([1, 2.5, 10]))
    cells = {
        "number": number,
        "task": text,
        "lead": comma.join(leads),
        "support": comma.join(helpers) or draw(st.sampled_from(["", "/", "—", "无"])),
        "deadline": written,
        "score": f"{mode}（{points:g}分）",
        "category": outline[0] if outline else "",
    }
    if merged and above is not None:
        cells["deadline"] = above.cells["deadline"]
    facts = TaskFacts(
        text,
        str(number),
        outline,
        tuple(leads),
        tuple(helpers),
        due if "deadline" in columns else ("none", None),
        ((mode, points),) if "score" in columns else (),
    )
    return Row(cells, facts, merged)


def workbook(plan: Plan) -> bytes:
    """The .xlsx an office would make of it."""
    book = openpyxl.Workbook()
    sheet = book.active
    header = [plan.headers[column] for column in plan.columns]
    if plan.title:
        sheet.append(["2026年重点任务表"])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(header))
    sheet.append(header)
    done = 0
    for name, rows in plan.groups:
        if plan.group_style == "banner":
            sheet.append([name])
        first = sheet.max_row + 1
        start = {"category": first, "deadline": first}
        for row in rows:
            if done in plan.pages:
                sheet.append(header)
                start = dict.fromkeys(start, sheet.max_row + 1)
            done += 1
            _put(sheet, plan, row, start)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(sheet: Worksheet, plan: Plan, row: Row, start: dict[str, int]) -> None:
    """A row below the last; category and deadline are merged with, or left blank below, their first."""
    at = sheet.max_row + 1
    again = {
        "category": start["category"] < at,
        "deadline": row.merged and start["deadline"] < at,
    }
    if not again["deadline"]:
        start["deadline"] = at
    for c, column in enumerate(plan.columns, 1):
        if not again.get(column):
            sheet.cell(at, c, row.cells[column] or None)
            continue
        if column == "category" and plan.group_style == "blank":
            continue
        letter = openpyxl.utils.get_column_letter(c)
        above = f"{letter}{start[column]}:{letter}{at - 1}"
        if above in {str(area) for area in sheet.merged_cells.ranges}:
            sheet.unmerge_cells(above)
        sheet.merge_cells(f"{letter}{start[column]}:{letter}{at}")


def reading(data: bytes) -> Reading:
    plain = read_plain(data, "计划.xlsx", 2026, None, Limits())
    return from_plain("计划.xlsx", marshal.loads(marshal.dumps(plain)))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(plans())
def test_a_plan_made_from_facts_is_read_back_as_these_facts(plan):
    data = workbook(plan)
    found = reading(data)
    verdicts = judge([TableFacts("plan", plan.tasks())], found)
    assert [v.detail for v in verdicts if not v.right] == []
    assert questions(found) == {}
    assert xml_count.lost(data, found) == []
