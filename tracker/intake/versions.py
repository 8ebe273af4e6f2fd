"""The same plan in a later version: which of the file's rows are tasks that the plan has.

Found once, when a file comes in (again when the plan has changed since), and kept with the batch:
the preview, its answers and applying all go by the same pairs. What is only probable is asked.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, delete, select

from tracker.intake.answers import SAME_TASK
from tracker.intake.batch import Batch
from tracker.intake.decide import Row
from tracker.intake.pairing import Pair, Said, paired
from tracker.intake.present import Present
from tracker.intake.question import Question
from tracker.packing import pack, unpack
from tracker.plans.task import Task

MOST_ASKED = 60
"""Questions of their own; pairs beyond are asked about together."""
MOST_SOURCES = 200
Same = dict[str, int]
"""A row's key → the id of the task it is"""


def match(session: Session, batch: Batch, plan_id: int | None, rows: Sequence[Row]) -> int:
    """Pair the file's rows with the plan's tasks; keep the pairs in the batch and the doubtful ones
    as its questions. Says how many are open. An answer given before to the same pair stands."""
    sure, asked = _looked_at(session, batch, Present.load(session, plan_id), rows)
    forget(session, batch)
    batch.pairs = pack(sure)
    session.add_all([batch, *asked])
    session.flush()
    return sum(one.answer is None for one in asked)


def forget(session: Session, batch: Batch) -> None:
    """No row is known to be a task, and nobody is asked."""
    batch.pairs = b""
    session.execute(
        delete(Question).where(col(Question.batch_id) == batch.id, col(Question.code) == SAME_TASK)
    )


def known_again(session: Session, batch: Batch) -> Same:
    """Which task each row is, by the kept pairs and the answers."""
    return _taken(unpack(batch.pairs) if batch.pairs else {}, _asked(session, batch))


def proposed(session: Session, batch: Batch, present: Present, rows: Sequence[Row]) -> Same:
    """Which task each row would be, for a look at a plan that has changed since."""
    return _taken(*_looked_at(session, batch, present, rows))


def _taken(sure: Same, asked: Sequence[Question]) -> Same:
    """A question that is still open counts as its proposal."""
    found = dict(sure)
    for question in asked:
        if (question.answer or question.proposed)["take"] == "same":
            found |= {one["key"]: one["task_id"] for one in question.options}
    return found


def _looked_at(
    session: Session, batch: Batch, present: Present, rows: Sequence[Row]
) -> tuple[Same, list[Question]]:
    before = {_pair_of(one): one for one in _asked(session, batch)}
    sure, doubtful = pairs(present, rows)
    asked = _questions(doubtful, present)
    for question in asked:
        question.batch_id = batch.id or 0
        if (old := before.get(_pair_of(question))) is not None:
            question.answer, question.answered_by = old.answer, old.answered_by
            question.answered_at = old.answered_at
    return sure, asked


Doubtful = tuple[Row, Task, Pair]


def pairs(present: Present, rows: Sequence[Row]) -> tuple[Same, list[Doubtful]]:
    """The pairs of rows and tasks that do not simply say the same: those that are sure, and those
    to be asked about."""
    left, tasks = _strangers(present, rows)
    found = paired([_of_row(row) for row in left], [_of_task(task, present) for task in tasks])
    sure = {left[one.row].key: tasks[one.task].id or 0 for one in found if one.is_sure}
    doubtful = [(left[one.row], tasks[one.task], one) for one in found if not one.is_sure]
    return sure, sorted(doubtful, key=lambda one: (not one[2].is_likely, one[2].row))


def _strangers(present: Present, rows: Sequence[Row]) -> tuple[list[Row], list[Task]]:
    """Rows and tasks that do not say the same in outline, number and text.

    Where a text stands at several tasks (检查消防通道 for each school), rows of quite other
    departments than their namesakes' are strangers, too: they may have changed their numbers.
    """
    by_key = {task.match_key: task for task in present.tasks}
    times = Counter(row.text for row in rows) if len(by_key) else Counter[str]()
    known: set[str] = set()
    for row in rows:
        task = by_key.get(row.key)
        if task is not None and not (times[row.text] > 1 and _of_others(row, task, present)):
            known.add(row.key)
    return (
        [row for row in rows if row.key not in known and row.text.strip()],
        [task for task in present.tasks if task.match_key not in known],
    )


def _of_others(row: Row, task: Task, present: Present) -> bool:
    one, other = _who(row), frozenset(present.parts.get(task.id or 0, ()))
    return bool(one and other and one.isdisjoint(other))


def _who(row: Row) -> frozenset[int]:
    """The row's departments; none where a name is still open."""
    return frozenset() if row.unresolved else frozenset(p.department_id for p in row.parts)


def _of_row(row: Row) -> Said:
    return Said(row.number, row.outline, row.text, _who(row))


def _of_task(task: Task, present: Present) -> Said:
    open_names = present.unresolved.get(task.id or 0)
    who = frozenset() if open_names else frozenset(present.parts.get(task.id or 0, ()))
    return Said(task.number, present.outline(task), task.text, who)


def _asked(session: Session, batch: Batch) -> list[Question]:
    wanted = select(Question).where(Question.batch_id == batch.id, Question.code == SAME_TASK)
    return list(session.exec(wanted.order_by(col(Question.id))))


def _pair_of(question: Question) -> tuple[Any, ...]:
    return tuple((one["key"], one["task_id"]) for one in question.options)


def _questions(doubtful: list[Doubtful], present: Present) -> list[Question]:
    """One for each pair; those beyond MOST_ASKED together, by what is proposed."""
    alone, rest = doubtful[:MOST_ASKED], doubtful[MOST_ASKED:]
    found = [_about_one(one, present) for one in alone]
    for likely in (True, False):
        if together := [one for one in rest if one[2].is_likely is likely]:
            found.append(_about_many(together, present, likely))
    return found


def _about_one(doubtful: Doubtful, present: Present) -> Question:
    row, task, pair = doubtful
    return Question(
        batch_id=0, code=SAME_TASK, value=row.text,
        message=f"“{row.text}”和计划里的“{task.text}”相近。是同一项任务改了说法，还是一项新任务？",
        sources=[row.source], proposed=_proposal(pair.is_likely, task.text),
        options=[_option(doubtful, present)],
    )  # fmt: skip


def _about_many(together: list[Doubtful], present: Present, likely: bool) -> Question:
    first = together[0]
    kind = "只有一项与它相近" if likely else "不止一项与它相近，或单位不同"
    return Question(
        batch_id=0, code=SAME_TASK, value=f"{first[0].text}等 {len(together)} 项",
        message=f"另有 {len(together)} 项任务与计划里的任务相近（{kind}）。都是改了说法的同一项任务，还是都是新任务？",
        sources=[row.source for row, _task, _pair in together][:MOST_SOURCES],
        proposed=_proposal(likely, first[1].text),
        options=[_option(one, present) for one in together],
    )  # fmt: skip


def _proposal(likely: bool, text: str) -> dict[str, Any]:
    return {"take": "same", "text": text} if likely else {"take": "another"}


def _option(doubtful: Doubtful, present: Present) -> dict[str, Any]:
    row, task, _pair = doubtful
    place = " / ".join(present.outline(task))
    return {
        "take": "same", "key": row.key, "task_id": task.id, "text": task.text,
        "number": task.number, "outline": place,
    }  # fmt: skip
