"""From what the reader saw and what people answered to rows that can be written.

The reading is the JSON of `tracker read --json` (design: the reading contract), so that a stored
batch and a fresh file go the same way.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tracker.directory.resolve import Found, Names, Resolution
from tracker.intake.answers import Answer

STANDARD_HEADERS = (
    "标准要求",
    "测评标准",
    "考核标准",
    "考核要点",
    "工作标准",
    "达标标准",
    "目标值",
)


@dataclass(slots=True)
class Part:
    """A department's part in a row; `name` is as written."""

    department_id: int
    role: str
    name: str
    group_id: int | None = None


@dataclass(slots=True)
class Row:
    """A task as it will be written. `key` says the row again in a later version of the plan."""

    source: str
    number: str
    outline: tuple[str, ...]
    text: str
    key: str
    standard: str
    modes: str
    points: Decimal | None
    deadline_text: str
    deadline_kind: str
    due_on: date | None
    is_done: bool
    fields: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    unresolved: list[tuple[str, str, str]] = field(default_factory=list)


def plan_tables(reading: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The tables that hold tasks."""
    return [table for table in reading["tables"] if table["tasks"]]


def rows(reading: Mapping[str, Any], names: "Decisions") -> Iterator[Row]:
    """Every task of the reading, decided."""
    seen: Counter[str] = Counter()
    for table in plan_tables(reading):
        for task in table["tasks"]:
            yield _row(task, names, seen)


def _row(task: Mapping[str, Any], names: "Decisions", seen: Counter[str]) -> Row:
    deadline = task["deadline"]
    kind, due_on = names.deadline(deadline)
    scoring = task["scoring"]
    fields = dict(task["fields"])
    standard = next((fields.pop(head) for head in STANDARD_HEADERS if head in fields), "")
    row = Row(
        source=task["source"],
        number=str(task["number"] or ""),
        outline=tuple(task["outline"]),
        text=task["text"],
        key=_key(task, seen),
        standard=standard,
        modes="、".join(dict.fromkeys(one["mode"] for one in scoring if one["mode"])),
        points=_points(scoring),
        deadline_text=deadline["text"] or "",
        deadline_kind=kind,
        due_on=due_on,
        is_done=task["status"] == "done" or kind == "done",
        fields=fields,
    )
    for written in task["assignments"]:
        names.place(row, written["name"], written["role"], written["source"])
    return row


def _key(task: Mapping[str, Any], seen: Counter[str]) -> str:
    """What the row says, and which of several that say the same it is."""
    said = "\x1f".join((*task["outline"], str(task["number"] or ""), task["text"]))
    seen[said] += 1
    return hashlib.sha256(f"{said}\x1f{seen[said]}".encode()).hexdigest()[:32]


def _points(scoring: list[Mapping[str, Any]]) -> Decimal | None:
    try:
        given = [Decimal(str(one["points"])) for one in scoring if one["points"] is not None]
    except InvalidOperation:
        return None
    return sum(given, Decimal(0)) if given else None


class Decisions:
    """The directory and the answers together: what each name and each doubtful date comes to."""

    def __init__(
        self,
        names: Names,
        members: Mapping[int, list[int]],
        answers: Mapping[tuple[str, str], Answer],
    ) -> None:
        """`members` are the departments of each group on the day; `answers` by kind
        ("name" or "deadline") and the words as written."""
        self.names = names
        self.members = members
        self.answers = answers
        self._placed: dict[str, tuple[list[tuple[int, int | None]], bool]] = {}

    def resolve(self, name: str) -> Resolution:
        """What the directory says of a name."""
        return self.names.resolve(name)

    def deadline(self, deadline: Mapping[str, Any]) -> tuple[str, date | None]:
        """Kind and date in force: the answer's where there is one, else the reader's."""
        answer = self.answers.get(("deadline", deadline["text"] or ""))
        if answer is not None and answer["take"] == "date":
            return "date", date.fromisoformat(answer["date"])
        due_on = deadline["due_on"]
        return deadline["kind"], date.fromisoformat(due_on) if due_on else None

    def place(self, row: Row, name: str, role: str, source: str) -> None:
        """Give the row its departments for one written name, or the name as unresolved."""
        found = self._placed.get(name)
        if found is None:
            found = self._placed[name] = self._find(name)
        targets, is_open = found
        if is_open:
            row.unresolved.append((name, role, source))
        for department_id, group_id in targets:
            _add_part(row, Part(department_id, role, name, group_id))

    def _find(self, name: str) -> tuple[list[tuple[int, int | None]], bool]:
        answer = self.answers.get(("name", name))
        if answer is not None:
            return self._answered(answer)
        found = self.names.resolve(name)
        if found.found == Found.DEPARTMENT and found.department_id is not None:
            return [(found.department_id, None)], False
        if found.found == Found.GROUP and found.group_id is not None:
            return self._group(found.group_id)
        return [], found.found != Found.NOBODY

    def _answered(self, answer: Answer) -> tuple[list[tuple[int, int | None]], bool]:
        take = answer["take"]
        if take in ("department", "new"):
            return (
                ([(answer["department_id"], None)], False)
                if "department_id" in answer
                else ([], True)
            )
        if take == "group":
            return self._group(answer["group_id"])
        if take == "members":
            return [(ident, None) for ident in answer["department_ids"]], False
        return [], take == "open"

    def _group(self, group_id: int) -> tuple[list[tuple[int, int | None]], bool]:
        members: list[tuple[int, int | None]] = [
            (ident, group_id) for ident in self.members.get(group_id, [])
        ]
        return members, not members


def _add_part(row: Row, part: Part) -> None:
    """One part per department: leading wins over helping, a name over a group."""
    for index, present in enumerate(row.parts):
        if present.department_id == part.department_id:
            if part.role == "lead" and present.role != "lead":
                row.parts[index] = part
            return
    row.parts.append(part)


def placed_keys(
    reading: Mapping[str, Any],
) -> Iterator[tuple[str, tuple[int, int], int, dict[int, str]]]:
    """For each table: sheet, header rows (first, last), last column, and row number → row key."""
    seen: Counter[str] = Counter()
    for table in plan_tables(reading):
        keys = {}
        for task in table["tasks"]:
            cell = task["source"].rpartition("!")[2]
            keys[int("".join(filter(str.isdigit, cell)))] = _key(task, seen)
        begin, end = table["header_rows"]
        yield table["sheet"], (begin, end), table["last_column"], keys
