"""Answers to questions, as plain data: {"take": WHAT, …}.

department   {"take": "department", "department_id": 7}     this department
new          {"take": "new", "name": "县公用事业服务中心"}     a department to be made
group        {"take": "group", "group_id": 2}               a group of the directory
members      {"take": "members", "department_ids": [3, 4]}  these departments
nobody       {"take": "nobody"}                             the words name nobody
open         {"take": "open"}                               stays visibly unresolved
date         {"take": "date", "date": "2023-04-30"}         this deadline
none         {"take": "none"}                               no deadline; the words are kept
same         {"take": "same"}                               the task that the plan has, reworded
another      {"take": "another"}                            a task of its own
choice       {"take": "choice", "key": …, "option": "…"}    one of the options of a reader's question
year         {"take": "year", "year": 2026}                 the year of a file that names none
noted        {"take": "noted"}                              seen; nothing follows from it
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from importers.calendar_words import FIRST_YEAR, LAST_YEAR
from tracker.db import LARGEST_ID
from tracker.directory.department import LONGEST_NAME as LONGEST_NAME
from tracker.directory.department import clean_name
from tracker.errors import InputError

Answer = dict[str, Any]
NAME_ANSWERS = frozenset({"department", "new", "group", "members", "nobody", "open"})
DATE_ANSWERS = frozenset({"date", "none"})
NAME_CODES = frozenset({"unknown_name", "several_names", "open_group", "not_a_department"})
SAME_TASK = "same_task"
SAME_ANSWERS = frozenset({"same", "another"})
DAMAGED = "damaged_deadline"
DEADLINE_CODES = frozenset(
    {
        DAMAGED, "several_deadlines", "over_new_year", "before_issue",
        "implausible_date", "two_deadlines", "unclear_status",
    }
)  # fmt: skip

NO_YEAR = "no_year"
CHANGES_READING = frozenset({"choice", "year"})
"""Answers after which the file is read again."""


def checked(answer: Mapping[str, Any], *, code: str, value: str) -> Answer:
    """The answer in its own shape. Raises InputError naming the question it does not fit."""
    take = str(answer.get("take", ""))
    allowed = allowed_for(code)
    if take not in allowed:
        raise InputError(f"“{value}”的回答不合适。可选：{'、'.join(sorted(allowed))}。")
    try:
        return _shaped(take, answer)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"“{value}”的回答不完整：请写明单位或日期。") from error


def allowed_for(code: str) -> frozenset[str]:
    """Which answers a question of this code takes."""
    if code in NAME_CODES:
        return NAME_ANSWERS
    if code in DEADLINE_CODES:
        return DATE_ANSWERS
    if code == NO_YEAR:
        return frozenset({"year", "none"})
    return SAME_ANSWERS if code == SAME_TASK else frozenset({"noted"})


def about(code: str) -> str:
    """What an answer to a question of this code is about, for whoever looks it up by its words."""
    if code in NAME_CODES:
        return "name"
    if code == "two_deadlines":
        return "second_deadline"
    return "deadline" if code in DEADLINE_CODES else code


def _id(written: Any) -> int:
    ident = int(str(written)[:11])
    if not 0 < ident <= LARGEST_ID:
        raise ValueError("no id")
    return ident


def _shaped(take: str, answer: Mapping[str, Any]) -> Answer:
    if take == "department":
        return {"take": take, "department_id": _id(answer["department_id"])}
    if take == "group":
        return {"take": take, "group_id": _id(answer["group_id"])}
    if take == "members":
        chosen = [_id(ident) for ident in answer["department_ids"]]
        if not chosen:
            raise ValueError("no department chosen")
        return {"take": take, "department_ids": chosen}
    if take == "new":
        name = clean_name(str(answer["name"]))
        if not name:
            raise ValueError("no name")
        return {"take": take, "name": name}
    if take == "date":
        return {"take": take, "date": _day(answer["date"])}
    if take == "year":
        return {"take": take, "year": _year(answer["year"])}
    return {"take": take}


def chosen(answer: Mapping[str, Any], options: Sequence[Mapping[str, Any]], value: str) -> Answer:
    """The option that an answer to a reader's question names. Raises InputError."""
    said = str(answer.get("option", ""))
    for option in options:
        if answer.get("take") == "choice" and option["option"] == said:
            return dict(option)
    words = "、".join(str(option["option"]) for option in options)
    raise InputError(f"“{value}”的回答不合适。可选：{words}。")


def _day(written: Any) -> str:
    """A day of the years that are read in files, too; others are slips of the hand."""
    day = date.fromisoformat(str(written))
    _year(day.year)
    return day.isoformat()


def _year(written: Any) -> int:
    year = int(str(written)[:5])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("no year")
    return year
