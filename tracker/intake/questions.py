"""What must be asked before a batch can be applied: once for all alike cells."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from importers import QUESTIONS, Problem, Reading
from importers.asking import ANSWERED
from tracker.directory.resolve import Found, Names
from tracker.intake.answers import DAMAGED, DEADLINE_CODES, NO_YEAR
from tracker.intake.decide import plan_tables
from tracker.intake.question import Question

MOST_SOURCES = 200
_NAME_CODES = {
    Found.UNKNOWN: "unknown_name",
    Found.SEVERAL: "several_names",
    Found.OPEN_GROUP: "open_group",
}
_NAME_MESSAGES = {
    "unknown_name": "名录里没有“{name}”（出现 {count} 处）。它是哪个单位？",
    "several_names": "“{name}”（出现 {count} 处）可能指几个单位。是哪一个？",
    "open_group": "“{name}”（出现 {count} 处）是一组单位。包括哪些？暂不确定可先留空，任务会显示待定。",
    "not_a_department": "“{name}”（出现 {count} 处）看起来是说明，不是单位。",
}
ABOUT_NAMES = frozenset({"not_a_department", "open_group", "completed_name", "joined_name"})
NOT_NOTED = DEADLINE_CODES | ABOUT_NAMES | {"deadline_without_year"}


def raise_questions(reading: Reading, names: Names, *, on: date) -> list[Question]:
    """The questions of a reading, each with its proposal: first what changes the reading, then
    names, deadlines, and what a person must have seen. Those answered before carry the answer."""
    return [
        *_to_choose(reading), *_about_the_year(reading, on), *_about_names(reading, names),
        *_about_deadlines(reading), *_to_be_noted(reading),
    ]  # fmt: skip


def _to_choose(reading: Reading) -> list[Question]:
    """The reader's own questions with options: one for each key."""
    found: dict[str, list[Problem]] = {}
    for table in reading.tables:
        for problem in table.problems:
            if problem.key:
                found.setdefault(problem.key, []).append(problem)
    return [_choice(key, problems) for key, problems in found.items()]


def _choice(key: str, problems: list[Problem]) -> Question:
    first = problems[0]
    proposed = {"take": "choice", "key": key, "option": first.proposed or first.options[0]}
    more = f"（同类 {len(problems)} 处）" if len(problems) > 1 else ""
    return Question(
        batch_id=0,
        code=first.code,
        value=(first.value or first.source)[:500],
        message=first.message + more,
        sources=[problem.source for problem in problems][:MOST_SOURCES],
        proposed=proposed,
        options=[{"take": "choice", "key": key, "option": option} for option in first.options],
        answer=proposed if first.code == ANSWERED else None,
    )


def _about_the_year(reading: Reading, on: date) -> list[Question]:
    """One question for all deadlines that name no year in a file that names none either."""
    found = [p for p in _problems(reading) if p.code == "deadline_without_year"]
    if not found:
        return []
    words = "、".join(dict.fromkeys(problem.value or "" for problem in found))
    message = f"文件里没有写年份，共 {len(found)} 处时限（{words[:60]}）。是哪一年的计划？"
    return [
        Question(
            batch_id=0,
            code=NO_YEAR,
            value=words[:500],
            message=message,
            sources=[problem.source for problem in found][:MOST_SOURCES],
            proposed={"take": "year", "year": on.year},
            options=[{"take": "year", "year": year} for year in (on.year, on.year + 1)],
        )
    ]


def _about_names(reading: Reading, names: Names) -> list[Question]:
    asked = _doubtful(reading, names)
    cells: dict[str, list[str]] = {name: [] for name in asked}
    for table in plan_tables(reading):
        for name, found in table.tasks.cells_of(asked).items():
            cells[name] += found
    remarks = {
        problem.value
        for table in plan_tables(reading)
        for problem in table.problems
        if problem.code == "not_a_department"
    }
    return [_about_name(name, at, names, name in remarks) for name, at in cells.items()]


def _doubtful(reading: Reading, names: Names) -> list[str]:
    """The departments as written that do not stand for just one, in the order they first come."""
    written = {name: None for table in plan_tables(reading) for name in table.tasks.names()}
    return [name for name in written if names.resolve(name).found in _NAME_CODES]


def _about_name(name: str, at: list[str], names: Names, is_remark: bool) -> Question:
    resolved = names.resolve(name)
    code = "not_a_department" if is_remark else _NAME_CODES[resolved.found]
    return Question(
        batch_id=0,
        code=code,
        value=name,
        message=_NAME_MESSAGES[code].format(name=name, count=len(at)),
        sources=at[:MOST_SOURCES],
        proposed=_proposal(code, name),
        options=[{"take": "department", "department_id": i} for i in resolved.suggestions],
    )


def _proposal(code: str, name: str) -> dict[str, Any]:
    """What --accept-proposals takes: never a guess at an existing department."""
    if code == "unknown_name":
        return {"take": "new", "name": name}
    return {"take": "nobody"} if code == "not_a_department" else {"take": "open"}


def _problems(reading: Reading) -> Iterator[Problem]:
    """What the reader wants a person to decide, of every table."""
    for table in reading.tables:
        yield from (problem for problem in table.problems if problem.code in QUESTIONS)


def _about_deadlines(reading: Reading) -> list[Question]:
    grouped: dict[tuple[str, str], list[Problem]] = {}
    for problem in _problems(reading):
        if problem.code in DEADLINE_CODES:
            grouped.setdefault((problem.code, problem.value or ""), []).append(problem)
    return [_about_deadline(code, value, found) for (code, value), found in grouped.items()]


def _about_deadline(code: str, value: str, found: list[Problem]) -> Question:
    """A damaged date is proposed but never taken by itself; other doubts take the proposal."""
    read = found[0].proposed
    proposed = {"take": "date", "date": read} if read and code != DAMAGED else {"take": "none"}
    return Question(
        batch_id=0,
        code=code,
        value=value,
        message=found[0].message,
        sources=[problem.source for problem in found][:MOST_SOURCES],
        proposed=proposed,
        options=[{"take": "date", "date": read}] if read else [],
    )


def _to_be_noted(reading: Reading) -> list[Question]:
    """Everything else a person must have seen: one question for all of a kind."""
    found: dict[str, list[Problem]] = {}
    for problem in _problems(reading):
        if not problem.key and problem.code not in NOT_NOTED:
            found.setdefault(problem.code, []).append(problem)
    return [
        Question(
            batch_id=0,
            code=code,
            value="、".join(dict.fromkeys(str(one.value or one.source) for one in problems))[:500],
            message=problems[0].message
            + (f"（同类 {len(problems)} 处）" if len(problems) > 1 else ""),
            sources=[one.source for one in problems][:MOST_SOURCES],
            proposed={"take": "noted"},
        )
        for code, problems in found.items()
    ]


def blocking(reading: Reading) -> str | None:
    """Why a file cannot be read as a plan, in one sentence; None if it can."""
    if plan_tables(reading):
        return None
    where, why = next(
        ((t.sheet, t.reason) for t in reading.tables if t.reason),
        ("", "没有找到任务表：需要有任务内容和责任单位的表头"),
    )
    return f"《{reading.file}》{f'工作表“{where}”' if where else ''}不能作为计划导入：{why}。"
