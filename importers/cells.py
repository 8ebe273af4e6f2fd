"""Reads single cells through the grammars, once per distinct text, and words their doubts."""

from __future__ import annotations

from importers.deadlines import Context, Reading, read_deadline
from importers.names import Doubt, Named, read_names
from importers.problems import Problem
from importers.scoring import read_scoring, says_unclear_points

_DOUBTS = {
    "not_a_department": "“{value}”像是说明文字，不是单位，建议不作为责任单位",
    "open_group": "“{value}”没有写明是哪些单位，请确定",
    "completed_name": "“{value}”按同格其他单位补全为“{proposed}”，请核对",
    "joined_name": "“{value}”按一个单位读作“{proposed}”，请核对",
    "role_assumed": "“{value}”没有写明角色，按配合单位读取，请核对",
    "repeated_name": "“{value}”在同一任务中重复出现，只计一次",
}
_DEADLINES = {
    "damaged_deadline": "完成时限“{value}”无法确定，请填写正确日期",
    "several_deadlines": "完成时限“{value}”里有不止一个日期，请确定以哪个为准",
    "deadline_without_year": "完成时限“{value}”没有写年份，请补充年份",
    "over_new_year": "完成时限“{value}”跨年，按次年读取，请核对",
    "before_issue": "完成时限“{value}”早于印发日期，请核对年份",
    "implausible_date": "完成时限“{value}”与计划年度相差过大，请核对",
    "deadline_validity": "“{value}”是有效期或统计截止时间，不作为完成时限",
    "unclear_status": "完成时限栏写的是办理状态“{value}”，请补充时限",
}
_SHOWN = 200
"""Characters of a cell that a message repeats."""

People = tuple[tuple[str, str], ...]
PlainDeadline = tuple[str, str, str | None, str | None, str, bool]


class Cells:
    """The grammars with a memory: texts recur down a plan, so each is read once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names: dict[tuple[str, str], Named] = {}
        self._deadlines: dict[str, Reading] = {}
        self._scores: dict[str, tuple[tuple[str | None, int | float | None], ...]] = {}
        self._unclear: dict[str, list[str]] = {}

    def names(self, text: str, role: str) -> Named:
        """The departments of a cell."""
        key = (text, role)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = read_names(text, role)
        return found

    def scores(self, text: str) -> tuple[tuple[str | None, int | float | None], ...]:
        """The modes and points of a cell, as plain tuples."""
        found = self._scores.get(text)
        if found is None:
            found = self._scores[text] = tuple(tuple(s) for s in read_scoring(text))  # type: ignore[misc]
        return found

    def unclear_modes(self, text: str) -> list[str]:
        """The modes of a cell whose words hold points that are no single number: 明查（1-2分）."""
        found = self._unclear.get(text)
        if found is None:
            modes = [mode for mode, points in self.scores(text) if points is None and mode]
            found = self._unclear[text] = [mode for mode in modes if says_unclear_points(mode)]
        return found

    def deadline(self, text: str, source: str) -> tuple[PlainDeadline, Problem | None]:
        """A deadline cell as a plain tuple, and its doubt."""
        found = self._deadlines.get(text)
        if found is None:
            found = self._deadlines[text] = read_deadline(text, self._context)
        due = found.due_on.isoformat() if found.due_on else None
        proposed = found.proposed.isoformat() if found.proposed else None
        plain = (text, found.kind, due, proposed, source, found.approximate)
        if not found.code:
            return plain, None
        message = _DEADLINES[found.code].format(value=text[:_SHOWN])
        return plain, Problem(source, found.code, message, text, proposed)

    def is_deadline(self, text: str) -> bool:
        """Whether a text is a deadline, though it may be a damaged one with a day in it."""
        return self.deadline(text, "")[0][1] not in ("none", "damaged")


def mode_problem(mode: str, source: str) -> Problem:
    """One of `unclear_modes`, worded for a person."""
    return Problem(source, "unclear_points", f"“{mode}”里的分值不是一个数，请更正", mode)


def name_problem(doubt: Doubt, source: str) -> Problem:
    """A doubt about a department, worded for a person."""
    proposed = (doubt.proposed or "")[:_SHOWN]
    message = _DOUBTS[doubt.code].format(value=doubt.value[:_SHOWN], proposed=proposed)
    return Problem(source, doubt.code, message, doubt.value, doubt.proposed)
