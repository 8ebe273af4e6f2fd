"""What names were found or said to mean is known from now on; open ones are asked again."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actor import Actor
from tracker.directory.alias import Alias
from tracker.intake.answers import LONGEST_NAME, Answer
from tracker.intake.batch import Batch
from tracker.intake.question import Question


def remember(
    session: Session, batch: Batch, short_names: Mapping[str, int], *, by: Actor, at: datetime
) -> list[int]:
    """Keep an alias for each answered name, and for each short name that was clear: a department
    that comes later must not make it doubtful. Gives the ids of the new aliases, for undoing."""
    known = set(session.exec(select(Alias.key)))
    said: list[Alias | None] = [
        _alias(question.value, question.answer, by=by, at=at)
        for question in session.exec(
            select(Question).where(Question.batch_id == batch.id).order_by(col(Question.id))
        )
        if question.answer is not None
    ]
    said += [Alias.of_department(name, i, by=None, at=at) for name, i in short_names.items()]
    new: dict[str, Alias] = {}
    for alias in said:
        if alias is not None and len(alias.key) <= LONGEST_NAME and alias.key not in known:
            new.setdefault(alias.key, alias)
    session.add_all(new.values())
    session.flush()
    return [alias.id for alias in new.values() if alias.id is not None]


def _alias(name: str, answer: Answer, *, by: Actor, at: datetime) -> Alias | None:
    take = answer["take"]
    if take in ("department", "new"):
        return Alias.of_department(name, answer["department_id"], by=by.user_id, at=at)
    if take == "group":
        return Alias.of_group(name, answer["group_id"], by=by.user_id, at=at)
    return Alias.of_nobody(name, by=by.user_id, at=at) if take == "nobody" else None
