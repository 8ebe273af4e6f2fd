"""Dates, counts and roles as the office says them, in Chinese and in English."""

from datetime import date

WEEKDAYS = "一二三四五六日"
ENGLISH = "en"
CHINESE = "zh_CN"

ROLES = {
    CHINESE: {"lead": "牵头", "support": "配合"},
    ENGLISH: {"lead": "lead", "support": "support"},
}
WANTED = {
    CHINESE: {
        "receive": "请签收",
        "correct": "已退回，请补正后重新申请办结",
        "complete": "请报进展，办完后申请办结",
        "feed_back": "请反馈配合情况",
    },
    ENGLISH: {
        "receive": "please acknowledge receipt",
        "correct": "returned: please correct and ask for completion again",
        "complete": "please report, and ask for completion when done",
        "feed_back": "please give feedback on your part",
    },
}


def day_in_words(day: date, on: date, locale: str) -> str:
    """04-30（周四); the year only when it is another than today's."""
    short = day.isoformat() if day.year != on.year else day.strftime("%m-%d")
    if locale == ENGLISH:
        return f"{short} ({day.strftime('%a')})"
    return f"{short}（周{WEEKDAYS[day.weekday()]}）"


def left_in_words(due_on: date, on: date, workdays: int, locale: str) -> str:
    """How far away a deadline is; `workdays` are the working days that follow `on` until it."""
    days = (due_on - on).days
    if locale == ENGLISH:
        return _left_in_english(days, workdays)
    if days < 0:
        return f"逾期 {-days} 天"
    if days == 0:
        return "今天到期"
    return f"还有 {workdays} 个工作日" if workdays else f"还有 {days} 天，其间不上班"


def _left_in_english(days: int, workdays: int) -> str:
    if days < 0:
        return f"{_counted(-days, 'day')} overdue"
    if days == 0:
        return "due today"
    if not workdays:
        return f"{_counted(days, 'day')} left, none of them worked"
    return f"{_counted(workdays, 'working day')} left"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
