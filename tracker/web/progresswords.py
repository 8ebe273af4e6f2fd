"""Rhythms, targets, values and the two small clocks (receipt, report) in the reader's words."""

import secrets
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from importers.rhythm_rule import LAST, Rhythm, of_code
from importers.target import Proposal
from tracker.plans.light import Light, light_of
from tracker.web.context import today
from tracker.work.receiptclock import ReceiptClock
from tracker.work.report import Report
from tracker.work.rhythm import ReportDue
from tracker.work.target import Relation, Target, shown

SIGNS = {Relation.AT_LEAST: "≥", Relation.AT_MOST: "≤", Relation.EXACTLY: "="}
USUAL = ("w5", "m28", "m31", "q3-31", "h6-31", "y12-31")
"""Rhythms that a field offers."""
WIDTH, HEIGHT = 120, 28
"""Of a drawn series, in its own units."""


def form_key() -> str:
    """A form's own key: sent twice, it is kept once."""
    return secrets.token_urlsafe(16)


def rhythm_words(code: str) -> str:
    """每周五, 每月28日前, 每季度末; empty for no rhythm."""
    rule = of_code(code)
    if rule is None:
        return ""
    return _weekly(rule) if rule.weekday else _monthly(rule) if rule.months == 1 else _longer(rule)


def _weekly(rule: Rhythm) -> str:
    days = (
        _("每周一"),
        _("每周二"),
        _("每周三"),
        _("每周四"),
        _("每周五"),
        _("每周六"),
        _("每周日"),
    )
    return str(days[rule.weekday - 1])


def _monthly(rule: Rhythm) -> str:
    if rule.days == (LAST,):
        return str(_("每月底"))
    days = str(_("、")).join(str(_("%(day)s日", day=day)) for day in rule.days)
    return str(_("每月%(days)s前", days=days))


def _longer(rule: Rhythm) -> str:
    day, month = rule.days[0], rule.month
    if day == LAST and month == rule.months:
        return {3: str(_("每季度末")), 6: str(_("每半年末")), 12: str(_("每年底"))}[rule.months]
    if rule.months == 12 and day == LAST:
        return str(_("每年%(month)s月底", month=month))
    if rule.months == 12:
        return str(_("每年%(month)s月%(day)s日前", month=month, day=day))
    by = str(_("底") if day == LAST else _("%(day)s日", day=day))
    if rule.months == 6:
        return str(_("每半年第%(month)s个月%(day)s前", month=month, day=by))
    return str(_("每季度第%(month)s个月%(day)s前", month=month, day=by))


def measure(value: Decimal, unit: str) -> str:
    """98 %, 120 个, 1.5 亿元."""
    return f"{shown(value)} {unit}".strip()


def target_sign(target: Target | Proposal) -> str:
    """≥, ≤ or =."""
    return SIGNS[Relation(target.relation)]


def target_words(target: Target) -> str:
    """覆盖率 ≥ 95 %."""
    said = f"{target_sign(target)} {measure(target.value, target.unit)}"
    return f"{target.measured} {said}".strip()


def gap_words(target: Target, value: Decimal) -> str:
    """达到, 还差 5 个, 超出 2 件."""
    if target.met_by(value):
        return str(_("达到"))
    gap = measure(abs(target.value - value), target.unit)
    return str(_("还差 %(gap)s", gap=gap) if value < target.value else _("超出 %(gap)s", gap=gap))


def share_of(target: Target, value: Decimal) -> int:
    """How far a value fills the target's bar: 0 to 100."""
    if target.value <= 0 or value <= 0:
        return 100 if target.met_by(value) and value >= 0 and target.value <= 0 else 0
    return min(100, int(value * 100 / target.value))


def receipt_words(clock: ReceiptClock) -> str:
    """03-11 前签收, 今天应签收, 签收超时 2 天; signed: 已签收, 迟签 2 天."""
    if clock.light == "completed":
        return str(
            _("迟签 %(days)s 天", days=clock.days_late) if clock.days_late else _("按时签收")
        )
    if clock.days_late:
        return str(_("签收超时 %(days)s 天", days=clock.days_late))
    if clock.due_on == today():
        return str(_("今天应签收"))
    return str(_("%(day)s 前签收", day=clock.due_on.strftime("%m-%d")))


def receipt_mark(clock: ReceiptClock) -> tuple[str, str]:
    """The receipt's light and its words."""
    return clock.light.value, receipt_words(clock)


def report_mark(due: str, due_on: date | None) -> tuple[str, str]:
    """The report's light and its words, for one that is due or late."""
    light = Light.OVERDUE if due == ReportDue.LATE else Light.DUE_SOON
    return light.value, report_words(due, due_on)


def report_words(due: str, due_on: date | None) -> str:
    """待报进展 03-30, 迟报 3 天; empty while it is not time."""
    if due_on is None:
        return ""
    if due == ReportDue.LATE:
        return str(_("迟报 %(days)s 天", days=(today() - due_on).days))
    if due != ReportDue.DUE:
        return ""
    if due_on == today():
        return str(_("今天应报进展"))
    return str(_("%(day)s 前报进展", day=due_on.strftime("%m-%d")))


def again_mark(again_by: date) -> tuple[str, str]:
    """The light of the day on which the office wants a returned task again, and its words: 11-25
    前再交, 今天应再交, 再交逾期 2 天."""
    light = light_of(done=False, due_on=again_by, today=today()).value
    if again_by < today():
        return light, str(_("再交逾期 %(days)s 天", days=(today() - again_by).days))
    if again_by == today():
        return light, str(_("今天应再交"))
    return light, str(_("%(day)s 前再交", day=again_by.strftime("%m-%d")))


def listed_values(reports: Sequence[Report]) -> str:
    """The values of a series, oldest first."""
    return str(_("、")).join(
        measure(one.value, one.unit) for one in reports if one.value is not None
    )


def points_of(values: Sequence[Decimal | int], top: Decimal | int | None = None) -> str:
    """A series as the points of a drawn line, the first at the left; at least two values."""
    numbers = [float(value) for value in values]
    low = min([0.0, *numbers])
    high = max([*numbers, float(top or 0), low + 1])
    step = WIDTH / (len(numbers) - 1)
    return " ".join(
        f"{place * step:.1f},{HEIGHT - 2 - (number - low) / (high - low) * (HEIGHT - 4):.1f}"
        for place, number in enumerate(numbers)
    )


FOR_TEMPLATES = {
    "form_key": form_key,
    "rhythm_words": rhythm_words,
    "measure": measure,
    "target_words": target_words,
    "target_sign": target_sign,
    "gap_words": gap_words,
    "share_of": share_of,
    "receipt_mark": receipt_mark,
    "report_mark": report_mark,
    "points_of": points_of,
    "shown_value": shown,
    "listed_values": listed_values,
    "USUAL_RHYTHMS": USUAL,
}
