"""The columns of an export that may come back changed, by declaration: of what, by whom, read how."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from importers.deadlines import Context, read_deadline
from importers.status import read_status
from tracker.errors import InputError
from tracker.exchange.cells import held
from tracker.exchange.merging.rowmark import Form
from tracker.text import clean_line, clean_text, without_forbidden


class Of(StrEnum):
    """A cell is of a whole task or of one department's part."""

    TASK = "task"
    PART = "part"


class Who(StrEnum):
    """Whose cell it is; the office may change a department's when it hands in for it."""

    DEPARTMENT = "department"
    OFFICE = "office"
    NOBODY = "nobody"


RECEIVED, ASKED = "办理中", "办结待审"
"""What a department may make of 状态: signed for, and completion asked for."""
_RECEIVED_TOO = frozenset(
    {"已签收", "签收", "正在办理", "办理", "在办", "进行中", "推进中", "正在推进"}
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,10})?)\s*([%％]?)")
_NO_YEAR = re.compile(r"\d{1,2}(?:月\d{1,2}[日号]?|[./-]\d{1,2})")
_MONTH = re.compile(r"\d{4}(?:年\d{1,2}月?(?:份|底|末|初|上旬|中旬|下旬)?|[./-]\d{1,2})")
_SPACES = re.compile(r"[^\S\n]+")
_AFTER_LINE = re.compile(r" ?\n ?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{1,4})_")
"""LibreOffice takes fewer than four digits, too, when it opens a file."""
_PARAGRAPH = 16_000
"""LibreOffice parts a longer one in two when it saves."""
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Field:
    """`header` is the column's heading; `read` makes a cell's text the value that is compared and
    written, or raises InputError with the sentence to show."""

    key: str
    header: str
    of: Of
    who: Who
    read: Callable[[str], str]


def read_words(written: str) -> str:
    """Text as people see it: one kind of line end and space, so that another program's spelling of
    the same text is the same text."""
    text = clean_text(written)
    return _AFTER_LINE.sub("\n", _SPACES.sub(" ", text)).strip()


def as_seen(text: str) -> str:
    """A cell's text, whatever it holds, in one spelling: texts that are the same here differ only in
    how a program saved them. Never refuses."""
    shown = _one_spelling(_unescaped(without_forbidden(text)))
    return shown if len(shown) < _PARAGRAPH else shown.replace("\n", "")


def _one_spelling(text: str) -> str:
    return _AFTER_LINE.sub("\n", _SPACES.sub(" ", without_forbidden(text))).strip()


def _unescaped(text: str) -> str:
    """_x0041_ as the character that some programs take it for: openpyxl takes away our care that it is
    none, and the next program shows A."""
    while "_x" in text:
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        if plain == text:
            break
        text = plain
    return text


def read_line(written: str) -> str:
    """One line of text."""
    return clean_line(written)


def read_percent(written: str) -> str:
    """'0' to '100'. Up to 1 it is a share (Excel keeps 50 % as 0.5), above it per cent."""
    found = _PERCENT.fullmatch(written.strip())
    if not found:
        if not written.strip():
            return "0"
        raise InputError(f"完成比例“{written[:20]}”不是百分数。请写 0 到 100。", "percent")
    number = Decimal(found[1])
    share = not found[2] and number <= 1
    number = number * 100 if share else number
    if number > 100 or number != int(number):
        raise InputError(f"完成比例“{written[:20]}”不是 0 到 100 的整数。", "percent")
    return str(int(number))


def read_state(written: str) -> str:
    """The state's word; words that say done (完成, √) ask for completion, those that say begun sign."""
    word = "".join(written.split())
    if word in _RECEIVED_TOO:
        return RECEIVED
    return ASKED if read_status(word) == "done" else word


def read_day(written: str) -> str:
    """An ISO day, or '' for none. Words with a full date are understood."""
    text = written.strip()
    if not text:
        return ""
    found = read_deadline(text, Context(None, None))
    day = date.fromisoformat(found.due_on) if isinstance(found.due_on, str) else found.due_on
    if _NO_YEAR.fullmatch(text):
        raise InputError(f"“{text[:20]}”没有写年份。请按 2026-03-31 的样子填写。", "day")
    if found.kind != "date" or day is None or found.code or not _EARLIEST <= day <= _LATEST:
        raise InputError(f"“{text[:20]}”不是日期。请按 2026-03-31 的样子填写。", "day")
    return day.isoformat()


def read_done_on(written: str) -> str:
    """As `read_day`; a month alone, which as a deadline means its last day, is no day on which
    anything was done."""
    if _MONTH.fullmatch(written.strip()):
        raise InputError(f"“{written.strip()[:20]}”没有写到日。请按 2026-03-31 的样子填写。", "day")
    return read_day(written)


def read_points(written: str) -> str:
    """A number without trailing zeros, or '' for none."""
    text = written.strip().removesuffix("分")
    if not text:
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 <= number < 10_000 and number == round(number, 2)):
        raise InputError(f"分值“{written[:20]}”不是数字，最多两位小数。", "points")
    return f"{number.normalize():f}"


FIELDS = (
    Field("text", "工作任务", Of.TASK, Who.OFFICE, read_words),
    Field("points", "分值", Of.TASK, Who.OFFICE, read_points),
    Field("due_on", "截止日期", Of.PART, Who.OFFICE, read_day),
    Field("department", "责任单位", Of.PART, Who.OFFICE, read_line),
    Field("role", "分工", Of.PART, Who.NOBODY, read_line),
    Field("state", "状态", Of.PART, Who.DEPARTMENT, read_state),
    Field("percent", "完成比例", Of.PART, Who.DEPARTMENT, read_percent),
    Field("progress", "进展情况", Of.PART, Who.DEPARTMENT, read_words),
    Field("difficulties", "存在困难", Of.PART, Who.DEPARTMENT, read_words),
    Field("next_step", "下一步计划", Of.PART, Who.DEPARTMENT, read_words),
    Field("done_on", "办结日期", Of.PART, Who.DEPARTMENT, read_done_on),
    Field("evidence", "佐证材料", Of.PART, Who.DEPARTMENT, read_words),
)  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}


def stored_value(key: str, text: str) -> str:
    """The value of a cell that shows this of ours. What is stored and breaks a rule that came later is
    its own value."""
    try:
        return BY_KEY[key].read(text)
    except InputError:
        return _one_spelling(held(text))


_ADDED = ("state", "percent", "progress", "difficulties", "next_step", "done_on", "evidence")
_LEDGERS = {field.header: field.key for field in FIELDS}
HEADINGS = {
    Form.LEDGER: _LEDGERS,
    Form.CSV: _LEDGERS,
    Form.ORIGINAL: {BY_KEY[key].header: key for key in _ADDED},
}
"""The fields' keys by the words over their columns. Beside the plan's own layout only what was added is
ours: its other columns say what the plan's file said."""
