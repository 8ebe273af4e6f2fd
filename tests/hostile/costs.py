"""Work: small files whose cells, headers or texts once kept a reader busy for minutes."""

from __future__ import annotations

from collections.abc import Iterable

from tests.importers import build

from .case import count, reads
from .raw import HEADER, plan

ROW = ("1", "整理资料", "综合科", "3月底")


def rows(*pattern: Iterable[str], times: int) -> bytes:
    """A sheet of these rows again and again."""
    lines = [tuple(row) for row in pattern] * times
    return build.raw(plan(*lines[1:], header=lines[0]))


def cell(text: str, column: int = 2) -> bytes:
    """A plan with this text in a column, and the same in a second header row's place."""
    row = list(ROW)
    row[column] = text
    return build.raw(plan(ROW, row))


@reads(count(60))
def angle_brackets() -> bytes:
    """60 texts of 32,000 '>': a pattern began at each."""
    return build.raw(plan(*[("1", ">" * 32_000, "综合科", "3月底")] * 60))


@reads(count(1))
def values_without_an_end() -> bytes:
    body = plan(ROW).replace(
        "</sheetData>", f'<row r="9"><c r="F9"><f>{"<v>" * 1000}</f></c></row></sheetData>'
    )
    return build.raw(body)


@reads(count(2))
def a_name_that_leads_and_leads() -> bytes:
    return cell("甲局" + "牵头" * 16_000 + "乙局")


@reads(count(2))
def names_with_a_space_after_each_sign() -> bytes:
    return cell("甲 " * 16_000)


@reads(count(2))
def five_thousand_departments() -> bytes:
    return cell("、".join(f"{n}科" for n in range(5000)))


@reads(count(2))
def brackets_that_open() -> bytes:
    return cell("（" * 32_000)


@reads(count(2))
def a_legend_that_explains_nothing() -> bytes:
    return cell("●为" * 10_000, 1)


@reads(count(2))
def a_deadline_of_digits() -> bytes:
    return cell("1" * 32_000, 3)


@reads(lambda reading: "" if len(reading.tables) >= 1 else "no table")
def four_thousand_headers() -> bytes:
    return rows(HEADER, times=4000)


@reads(count(1000))
def a_thousand_tables() -> bytes:
    body = [row for n in range(1000) for row in ((f"第{n}张任务表",), HEADER, ROW)]
    return build.raw(plan(*body[1:], header=body[0]))


@reads(lambda reading: "" if reading.tasks else "no task")
def rows_that_go_on_and_on() -> bytes:
    """Ten thousand rows without a number below one task."""
    return build.raw(plan(ROW, *([("", "续写", "", "")] * 10_000)))


@reads(count(1))
def departments_that_go_on_and_on() -> bytes:
    return build.raw(plan(ROW, *(("", "", f"第{n}科", "") for n in range(10_000))))


@reads(count(2500))
def every_second_row_hidden() -> bytes:
    body = plan(*[ROW] * 2500)
    for n in range(3, 2500, 2):
        body = body.replace(f'<row r="{n}">', f'<row r="{n}" hidden="1">', 1)
    return build.raw(body)


@reads(count(5000))
def formulas_everywhere() -> bytes:
    value = '<c r="@" t="str"><f>A1</f><v>整理</v></c>'
    return build.raw(plan(*[("1", value, "综合科", "3月底")] * 5000))
