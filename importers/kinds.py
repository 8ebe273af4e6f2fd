"""Why a sheet with a header is no plan: a list of projects, of indicators, of persons."""

from __future__ import annotations

import re

from importers.columns import refusal_of
from importers.headers import Header
from importers.layout import Layout, is_plan
from importers.turned import Turned

NO_HEADER = "没有找到表头（例如工作任务、责任单位、完成时限）"
_RATED = ("score", "points", "goal", "standard", "mode", "status", "progress")
_MEASURED = re.compile(r"排名|名次|得分|指标|目标|完成率|金额|数量")
_DONE_BY = re.compile(r"竣工|完[成工]|建成|投产|投用|时限|期限|节点")


def reason(header: Header, layout: Layout) -> str:
    """Why this is no plan, '' if it is one (or a matrix, or a directory)."""
    refused = next((why for label in header.labels if (why := refusal_of(label))), None)
    if refused and not _pushed_projects(header, layout):
        return refused
    if layout.matrix and (layout.task >= 0 or Turned.fits(layout)):
        return ""
    if header.by_shape and layout.task < 0:
        return NO_HEADER
    if layout.task < 0 and layout.names >= 0 and layout.deadline < 0:
        if any(label.strip() == "姓名" for label in header.labels):
            return "像是人员名单，不是单位名录"
        measured = _MEASURED.search("".join(header.labels)) or header.columns(*_RATED)
        return "像是评分或指标表，不是名录" if measured else ""
    if layout.task < 0:
        return "表头里没有工作任务一类的列"
    return "" if is_plan(layout, header) else "表头里没有责任单位、完成时限或测评方式一类的列"


def _pushed_projects(header: Header, layout: Layout) -> bool:
    """A list of projects that says who answers for each and by when it is done is a plan too."""
    invested = any(refusal_of(label) and "总投资" in label for label in header.labels)
    dated = layout.deadline >= 0 and _DONE_BY.search(header.labels[layout.deadline])
    return invested and bool(layout.departments) and bool(dated)
