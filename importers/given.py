"""The department of a whole table: a line above it (责任单位：甲局), or the sheet's name.

Only for a table without a department column. 责任单位 is plain; who fills the form in, and the name
of a sheet, may be something else and are asked about.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from importers.layout import Layout
from importers.leading import department_heading
from importers.names import looks_like_department
from importers.problems import Problem
from importers.spread import Spread

GIVEN, NOT_GIVEN = "作为责任单位", "不是责任单位"
_LINE = re.compile(
    r"^[（(]?(?P<sure>(?:责任|牵头|主办|承办|承担|负责|落实|主责)(?:单位|部门|科室|处室|主体))?"
    r"(?:(?:填报|报送|编制|制表|上报|申报)?(?:单位|部门|科室|处室)(?:名称)?(?:[（(](?:盖章|公章)[)）])?)?\s*[:：]\s*(?P<name>[^:：]{2,60}?)\s*"
    r"(?:(?:[（(](?:盖章|公章)[)）])?\s*$|\s{2,}|[　]|(?:填报|报送|制表)?(?:日期|时间|人)[:：])"
)


class Given(NamedTuple):
    """Who a whole table is given to, as written, and the cell; '' and '' where nobody is."""

    text: str = ""
    source: str = ""


NOBODY = Given()


def given_to(spread: Spread, first: int, top: int, layout: Layout) -> tuple[Given, Problem | None]:
    """Who is named above the header (rows `first` to `top`) or by the sheet, and the question."""
    if layout.departments or layout.matrix or layout.task < 0:
        return NOBODY, None
    for r in range(first, max(top, 0)):
        for c, text in enumerate(spread.rows[r]):
            match = _LINE.match(text.strip()) if text else None
            if match and looks_like_department(match.group("name")):
                given = Given(match.group("name"), spread.at(r, c))
                return (given, None) if match.group("sure") else _asked(given, layout)
            titled = department_heading(text) if text else ""
            if titled and titled != text:
                return _asked(Given(titled, spread.at(r, c)), layout)
    name = spread.grid.sheet.strip()
    if name and department_heading(name) == name:
        return _asked(Given(name, spread.at(max(top, 0), layout.task)), layout)
    return NOBODY, None


def _asked(given: Given, layout: Layout) -> tuple[Given, Problem]:
    message = f"表中没有责任单位列，“{given.text}”像是全表的责任单位，已按此读取，请核对"
    problem = Problem(given.source, "department_above", message, given.text, GIVEN)
    options = (GIVEN, NOT_GIVEN)
    refused = layout.asking.said("given.department", options) == NOT_GIVEN
    return NOBODY if refused else given, layout.asking.ask(problem, "given.department", options)
