"""What a later version says of a task otherwise, field by field, for people to read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein
from sqlmodel import Session, col, select

from tracker.directory.department import Department
from tracker.intake.batch import Batch, BatchChange
from tracker.intake.decide import Row
from tracker.intake.outcome import Changed, Outcome
from tracker.intake.present import Present
from tracker.plans.assignment import AssignmentState
from tracker.plans.task import Task

LONGEST_MARKED = 3000
"""Characters; words of longer texts are not compared one by one."""
Departments = Mapping[int, Department]
Piece = tuple[bool, str]
"""Whether the words are other ones, and the words."""


class Difference(NamedTuple):
    """A field by its code (or by its `header`, where it is one of the plan's own), as it was and as
    it becomes."""

    code: str
    before: str
    after: str
    header: str = ""


@dataclass(frozen=True)
class Change:
    """A task that a later version says otherwise; `source` is its cell there."""

    task_id: int
    source: str
    number: str
    text: str
    fields: list[Difference]


def change(
    changed: Changed, departments: Departments, *, parts: Mapping[int, str], was_done: bool
) -> Change:
    """One change; `parts` are the departments' roles as they were."""
    task, row, before = changed
    found = [*_words(row, before), *_terms(row, before), *_people(row, before, departments, parts)]
    if "done" in before and was_done != row.is_done:
        found.append(Difference("done", _done(was_done), _done(row.is_done)))
    return Change(task.id or 0, row.source, row.number, row.text, found)


def _done(done: bool) -> str:
    return "已完成" if done else "未完成"


def _words(row: Row, before: Mapping[str, Any]) -> list[Difference]:
    now = {
        "text": row.text, "number": row.number, "outline": _path(row.outline),
        "standard": row.standard,
    }  # fmt: skip
    was = dict(before) | ({"outline": _path(before["outline"])} if "outline" in before else {})
    found = [Difference(code, was[code], text) for code, text in now.items() if code in was]
    if "fields" in before:
        for header in dict.fromkeys([*before["fields"], *row.fields]):
            pair = str(before["fields"].get(header, "")), row.fields.get(header, "")
            found += [Difference("field", *pair, header)] if pair[0] != pair[1] else []
    return found


def _path(outline: Sequence[str]) -> str:
    return " / ".join(outline)


def _terms(row: Row, before: Mapping[str, Any]) -> list[Difference]:
    found = []
    if "deadline" in before:
        text, _kind, _due, original = before["deadline"]
        now = row.due_on.isoformat() if row.due_on else None
        found.append(Difference("deadline", _day(text, original), _day(row.deadline_text, now)))
    if "scoring" in before:
        modes, points = before["scoring"]
        now = None if row.points is None else str(row.points)
        found.append(Difference("scoring", _score(modes, points), _score(row.modes, now)))
    return found


def _day(text: str, day: str | None) -> str:
    return f"{text}（{day}）" if day and day not in text else text


def _score(modes: str, points: str | None) -> str:
    return f"{modes} {float(points):g} 分".strip() if points is not None else modes


def _people(
    row: Row, before: Mapping[str, Any], departments: Departments, parts: Mapping[int, str]
) -> list[Difference]:
    found = []
    if "parts" in before:
        now = {part.department_id: part.role for part in row.parts}
        for role in ("lead", "support"):
            pair = _named(parts, role, departments), _named(now, role, departments)
            found += [Difference(role, *pair)] if pair[0] != pair[1] else []
    if "unresolved" in before:
        names = "、".join(name for name, *_rest in before["unresolved"])
        found.append(Difference("unresolved", names, "、".join(n for n, *_ in row.unresolved)))
    return found


def _named(parts: Mapping[int, str], role: str, departments: Departments) -> str:
    known = [departments[i] for i, own in parts.items() if own == role and i in departments]
    return "、".join(one.label for one in sorted(known, key=lambda one: (one.position, one.id)))


KINDS = ("changed", "new", "missing", "unchanged")


def listed(outcome: Outcome, kind: str, departments: Departments, part: slice) -> list[Change]:
    """A stretch of the outcome's rows of a kind; only changed ones have fields."""
    if kind == "changed":
        return [_of_preview(one, outcome.present, departments) for one in outcome.changed[part]]
    if kind == "missing":
        return [Change(t.id or 0, t.source, t.number, t.text, []) for t in outcome.missing[part]]
    rows = outcome.new if kind == "new" else outcome.unchanged
    return [Change(0, row.source, row.number, row.text, []) for row in rows[part]]


def _of_preview(changed: Changed, present: Present, departments: Departments) -> Change:
    task = changed[0]
    parts = present.parts.get(task.id or 0, {})
    return change(changed, departments, parts=parts, was_done=task.is_complete)


def of_applied(
    session: Session, batch: Batch, rows: Iterable[Row], departments: Departments
) -> list[Change]:
    """What a batch that was applied changed; `rows` are its file's."""
    by_key = {row.key: row for row in rows}
    kept = select(BatchChange, Task).join(Task, col(Task.id) == BatchChange.task_id)
    found = []
    for one, task in session.exec(kept.where(BatchChange.batch_id == batch.id)):
        if (row := by_key.get(one.before.get("row", ""))) is not None:
            parts = {
                entry[0]: entry[1] for entry in one.before.get("parts", ()) if _named_then(entry)
            }
            was_done = bool(one.before.get("done", [False])[0])
            found.append(
                change((task, row, one.before), departments, parts=parts, was_done=was_done)
            )
    return sorted(found, key=lambda one: one.task_id)


def _named_then(said: Sequence[Any]) -> bool:
    """Whether the plan named the part's department; earlier batches kept only its state."""
    return bool(said[5]) if len(said) > 5 else said[2] != AssignmentState.WITHDRAWN


def marked(field: Difference) -> tuple[list[Piece], list[Piece]]:
    """Both sides of a field in pieces, those that differ marked: texts by their characters, names
    one by one, everything else as a whole."""
    if field.code in ("lead", "support", "unresolved"):
        return _compared(_names(field.before), _names(field.after))
    if field.code in ("text", "outline", "standard", "field"):
        return in_words(field.before, field.after)
    return [(True, field.before)], [(True, field.after)]


def in_words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts in pieces, the words that differ marked."""
    if max(len(before), len(after)) > LONGEST_MARKED:
        return [(True, before)], [(True, after)]
    return _compared(before, after)


def _compared(before: Sequence[str], after: Sequence[str]) -> tuple[list[Piece], list[Piece]]:
    """A single character between two differences goes with them: nobody reads by characters."""
    left: list[Piece] = []
    right: list[Piece] = []
    steps = Levenshtein.opcodes(before, after)
    for index, step in enumerate(steps):
        words = _joined(before, step.src_start, step.src_end)
        between = 0 < index < len(steps) - 1 and len(words) < 2
        differs = step.tag != "equal" or between
        _add(left, differs, words)
        _add(right, differs, _joined(after, step.dest_start, step.dest_end))
    return left, right


def _names(written: str) -> list[str]:
    return written.split("、") if written else []


def _joined(whole: Sequence[str], start: int, end: int) -> str:
    """A stretch of a text, or of a list of names with the marks between them."""
    if isinstance(whole, str):
        return whole[start:end]
    return "".join(f"{name}、" if at < len(whole) else name
                   for at, name in enumerate(whole[start:end], start + 1))  # fmt: skip


def _add(pieces: list[Piece], differs: bool, words: str) -> None:
    if not words:
        return
    if pieces and pieces[-1][0] == differs:
        words = pieces.pop()[1] + words
    pieces.append((differs, words))
