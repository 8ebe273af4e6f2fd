"""Small things pages say in words: days left, sizes, moments."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from tracker import clock
from tracker.intake.continuing import Copy, TakenIn
from tracker.intake.differences import in_words, marked
from tracker.plans.light import Light, light_of
from tracker.web import progresswords
from tracker.web.context import today, tracker


def days_words(due_on: date | None, *, done: bool = False) -> str:
    """How far a deadline is: 还有 3 天, 今天到期, 逾期 5 天; empty without one."""
    if due_on is None or done:
        return ""
    days = (due_on - today()).days
    if days < 0:
        return str(_("逾期 %(days)s 天", days=-days))
    return str(_("今天到期") if days == 0 else _("还有 %(days)s 天", days=days))


def light(due_on: date | None, done: bool) -> str:
    """The light's code, today."""
    return light_of(done=done, due_on=due_on, today=today()).value


def day_after(day: date) -> date:
    """The first day later than this."""
    return day + timedelta(days=1)


def moment(value: datetime | None) -> str:
    """A moment as the office's clock shows it: 03-10 12:00."""
    if value is None:
        return ""
    shown = clock.local(value, tracker().settings.timezone)
    return shown.strftime("%m-%d %H:%M" if shown.year == today().year else "%Y-%m-%d %H:%M")


def most_bytes() -> int:
    """How large one piece of evidence may be."""
    return tracker().settings.evidence_limit


def size(count: int) -> str:
    """A file's size: 340 KB, 1.2 MB."""
    return f"{max(count // 1024, 1)} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def points(value: object) -> str:
    """Points without needless zeros."""
    return (
        ""
        if value is None
        else f"{value:f}".rstrip("0").rstrip(".")
        if "." in f"{value}"
        else f"{value}"
    )


def of_copy(taken: TakenIn) -> str:
    """What is to be said of a file with the mark of one of our copies; as TakenIn.said, in the
    reader's language."""
    plan = taken.plan
    said = {
        Copy.GOES_ON: _("已读入改好的副本，接着原来的批次核对；没有变的问题，回答都还在。"),
        Copy.UNKNOWN: _("文件带有批次标记，但这里没有那一批，已按新文件核对。"),
        Copy.OTHER_TABLE: _(
            "文件带有“%(plan)s”一批的标记，但内容是另一份表，已按新文件核对。", plan=plan
        ),
        Copy.APPLIED: _("这份副本所属的批次已经导入，已作为同一计划的新版本另起一批核对。"),
        Copy.UNDONE: _("这份副本所属的批次已经撤销，已另起一批核对。"),
        Copy.OTHER_NAME: _("您填的计划名称与副本所属的“%(plan)s”不同，已按新文件核对。", plan=plan),
    }
    return str(said.get(taken.copy, ""))


ROWS_TOLD = 20


def rows_words(places: Sequence[str]) -> str:
    """'台账 第 5、6、12 行' for '台账!12', '台账!D5', '台账!6'; the first ROWS_TOLD of them."""
    found: dict[str, set[int]] = {}
    for place in places:
        sheet, _mark, cell = place.rpartition("!")
        found.setdefault(sheet, set()).add(int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0))
    return "；".join(
        _("%(sheet)s 第 %(rows)s 行", sheet=sheet, rows=_list(sorted(rows)))
        for sheet, rows in found.items()
    )


def _list(rows: Sequence[int]) -> str:
    told = "、".join(map(str, rows[:ROWS_TOLD]))
    return told + "……" if len(rows) > ROWS_TOLD else told


FOR_TEMPLATES = {
    "rows_words": rows_words,
    "marked": marked,
    "in_words": in_words,
    "days_words": days_words,
    "day_after": day_after,
    "light_code": light,
    "moment": moment,
    "file_size": size,
    "points": points,
    "most_bytes": most_bytes,
    "today": today,
    "Light": Light,
    **progresswords.FOR_TEMPLATES,
}
