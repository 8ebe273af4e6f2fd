"""What kind of row an odd one is: a note, a total, a page number, a signature, a heading."""

from __future__ import annotations

import re

from importers.layout import Layout
from importers.names import looks_like_department
from importers.rowwords import CHINESE_NUMBER, ELLIPSIS, ENUMERATED, HEADING, TOTAL
from importers.spread import Spread
from importers.titles import NOTE

_PAGE = re.compile(r"[-—–]\s*\d+\s*[-—–]|第\s*\d+\s*页.*|Page\s*\d+.*", re.IGNORECASE)
_SIGNED = re.compile(
    r"^(?:制表|填表|填报|审核|审批|签发|复核|经办|联系|分管领导|主要领导|负责人|单位|主管)"
    r"[^:：]{0,6}(?:签字|签名|盖章|人|电话|时间|日期|单位)?[）)]?\s*[:：]|[（(]?(?:盖章|公章|签字|签章)[)）]?\s*[:：]?$"
)
_DAY = re.compile(r"\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?")


class RowKinds:
    """Judges rows of one table by their own texts."""

    def __init__(self, spread: Spread, layout: Layout, marks: list[int]) -> None:
        self._spread, self._layout, self._marks = spread, layout, marks
        self._signed = False

    def skipped(self, row: list[str], own: list[int]) -> str:
        """Why a row is no task and no heading; '' if it may be one."""
        first = row[own[0]]
        if NOTE.match(first) and (len(own) == 1 or not self._has_task(row)):
            return "表下注释"
        if any(TOTAL.match(row[c].strip()) for c in own):
            return "合计行"
        if all(ELLIPSIS.fullmatch(row[c]) for c in own):
            return "省略号，没有内容"
        if len(own) == 1 and _PAGE.fullmatch(first.strip()):
            return "页码"
        return "落款" if self._is_signature(row, own) else ""

    def skipped_row(self, row: list[str]) -> str:
        """The same of a whole row."""
        return self.skipped(row, [c for c, text in enumerate(row) if text])

    def _has_task(self, row: list[str]) -> bool:
        return bool(row[self._layout.task])

    def _is_signature(self, row: list[str], own: list[int]) -> bool:
        """Who made and checked the table; below that, a lone day is its date."""
        signed = sum(1 for c in own if _SIGNED.search(row[c].strip()))
        lone_day = self._signed and len(own) == 1 and _DAY.fullmatch(row[own[0]].strip())
        self._signed = signed * 2 > len(own) or bool(lone_day)
        return self._signed

    def is_heading(self, r: int, row: list[str], own: list[int]) -> bool:
        """一、… across the table; 一 or 1 in the number column with one text beside it, where the
        rows below are numbered 1.1, 1.2."""
        text, layout = row[own[0]], self._layout
        if len(own) == 2:
            if own[0] != layout.number:
                return False
            return bool(CHINESE_NUMBER.match(text)) or self._is_above(r, text)
        if len(own) > 1:
            return False
        reach = self._spread.spans.get((r, own[0]), own[0])
        wide = own[0] <= layout.task <= reach > own[0] and 2 * (reach - own[0] + 1) >= len(row)
        if own[0] == layout.task and not wide:
            return bool(HEADING.match(text)) and not ENUMERATED.match(text) and not self._marked(r)
        leading = own[0] == layout.number or own[0] in layout.categories
        return wide or (leading and not self._spread.filled[r][layout.task])

    def _is_above(self, r: int, number: str) -> bool:
        """Whether the next row carries a number below this one: 1.1 below 1."""
        rows = self._spread.rows
        stem = number.strip().rstrip(".、．")
        if not stem.isdigit() or r + 1 >= len(rows):
            return False
        below = rows[r + 1][self._layout.number].strip()
        return below.startswith((f"{stem}.", f"{stem}．", f"{stem}-", f"{stem}—"))

    def _marked(self, r: int) -> bool:
        return any(self._spread.filled[r][c] for c in self._marks)

    def is_more_departments(self, own: list[int]) -> bool:
        """Whether a row holds nothing but departments: further ones of the task above."""
        columns = {c for c, _ in self._layout.departments}
        return bool(own) and all(c in columns for c in own)

    def tears_a_name(self, above: list[str], row: list[str]) -> bool:
        """Whether the row's departments are the second half of a name that breaks off above."""
        torn = False
        for c, _ in self._layout.departments:
            if row[c]:
                whole = above[c] + row[c]
                if looks_like_department(above[c]) or not looks_like_department(whole):
                    return False
                torn = True
        return torn and not any(row[c] for c in self._layout.modes)
