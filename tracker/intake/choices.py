"""Answers that change how a file is read: which column, whose role, which year.

They are keyed by header words (importers.asking), so what was chosen once serves the next file with
the same header. A year belongs to one file and is not remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as own
from datetime import datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, col, delete, select

from importers import Reading
from importers.asking import ANSWERED
from tracker.actor import Actor
from tracker.db import UtcDateTime
from tracker.intake.batch import Batch
from tracker.intake.question import Question


class ReadingChoice(SQLModel, table=True):
    """What was chosen for a question about a header; the batch that taught it last."""

    __tablename__ = "reading_choice"

    key: str = Field(primary_key=True)
    option: str
    batch_id: int = Field(foreign_key="batch.id", index=True)
    chosen_by: int | None = Field(default=None, foreign_key="user.id")
    chosen_at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True)
class Choices:
    """What a reading is made with: option by key, and the year where the file names none."""

    answers: Mapping[str, str] = own(default_factory=dict)
    year: int | None = None

    def and_(self, answer: Mapping[str, Any]) -> "Choices":
        """These and one more answer of kind "choice" or "year"."""
        if answer["take"] == "year":
            return Choices(self.answers, answer["year"])
        return Choices({**self.answers, answer["key"]: answer["option"]}, self.year)

    def under(self, others: "Choices") -> "Choices":
        """These, and the others where both answer the same."""
        return Choices({**self.answers, **others.answers}, others.year or self.year)

    def answering(self, reading: Reading) -> "Choices":
        """Of these only what this reading asked for."""
        asked = {problem.key for problem in reading.problems if problem.code == ANSWERED}
        return Choices({k: o for k, o in self.answers.items() if k in asked}, self.year)

    def to_json(self) -> dict[str, Any]:
        """As a batch keeps them."""
        return {"answers": dict(self.answers), "year": self.year}


NO_CHOICES = Choices()


def of_batch(batch: Batch) -> Choices:
    """What the batch's reading was made with."""
    return Choices(batch.choices.get("answers", {}), batch.choices.get("year"))


def answered(session: Session, batch: Batch) -> Choices:
    """What was chosen or confirmed for the batch: the latter changes nothing of its reading, and is
    none of `of_batch`."""
    said = {answer["key"]: answer["option"] for answer in _chosen(session, batch)}
    return Choices(said).under(of_batch(batch))


def _chosen(session: Session, batch: Batch) -> list[Mapping[str, Any]]:
    """The batch's answers of kind "choice"."""
    asked = select(Question.answer).where(Question.batch_id == batch.id)
    answers = session.exec(asked.order_by(col(Question.id)))
    return [answer for answer in answers if answer is not None and answer["take"] == "choice"]


def remembered(session: Session) -> Choices:
    """What earlier batches have taught."""
    found = session.exec(select(ReadingChoice))
    return Choices({choice.key: choice.option for choice in found})


def learn(session: Session, batch: Batch, *, by: Actor, at: datetime) -> None:
    """Remember what was chosen or confirmed for this batch; the newest choice counts. What was known
    already stays the earlier batch's: whoever undoes that one takes it back everywhere."""
    assert batch.id is not None
    known = remembered(session).answers
    for answer in _chosen(session, batch):
        if known.get(answer["key"]) == answer["option"]:
            continue
        session.merge(
            ReadingChoice(
                key=answer["key"], option=answer["option"], batch_id=batch.id,
                chosen_by=by.user_id, chosen_at=at,
            )
        )  # fmt: skip
    session.flush()


def forget(session: Session, batch: Batch) -> None:
    """What the batch taught is asked again the next time."""
    session.execute(delete(ReadingChoice).where(col(ReadingChoice.batch_id) == batch.id))
