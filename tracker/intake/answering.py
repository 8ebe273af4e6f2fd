"""Answering a batch's questions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from importers.asking import ANSWERED
from tracker.actor import Actor
from tracker.directory.department import Department
from tracker.directory.group import Group
from tracker.errors import AlreadyDone, InputError, NotFound
from tracker.intake.answers import Answer, checked, chosen
from tracker.intake.applying import open_questions
from tracker.intake.batch import Batch, BatchState
from tracker.intake.question import Question
from tracker.text import match_key


def questions_of(session: Session, batch: Batch) -> list[Question]:
    """All questions of a batch, in the order they were raised."""
    return list(
        session.exec(
            select(Question).where(Question.batch_id == batch.id).order_by(col(Question.id))
        )
    )


def answer(
    session: Session,
    batch: Batch,
    question_id: int,
    given: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Question:
    """Answer one question, or answer it anew while the batch is in preview."""
    if batch.state != BatchState.PREVIEW:
        raise AlreadyDone("这一批已经导入或撤销，问题不能再改。")
    question = question_of(session, batch, question_id)
    _put(session, question, given, by=by, at=at)
    return question


def question_of(session: Session, batch: Batch, question_id: int) -> Question:
    """One question of the batch. Raises NotFound."""
    question = session.exec(
        select(Question).where(Question.id == question_id, Question.batch_id == batch.id)
    ).first()
    if question is None:
        raise NotFound()
    return question


def shaped(question: Question, given: Mapping[str, Any]) -> Answer:
    """The answer in its own shape. Raises InputError where it does not fit the question."""
    if question.proposed.get("take") == "choice":
        return chosen(given, question.options, question.value)
    return checked(given, code=question.code, value=question.value)


def _put(
    session: Session, question: Question, given: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    answered = shaped(question, given)
    _require_known(session, answered)
    question.answer, question.answered_by, question.answered_at = answered, by.user_id, at
    session.add(question)


def _require_known(session: Session, given: Mapping[str, Any]) -> None:
    """Departments and groups in an answer must exist."""
    wanted = set(given.get("department_ids", []))
    if given["take"] == "department":
        wanted.add(given["department_id"])
    asked = select(Department.id).where(col(Department.id).in_(wanted))
    if wanted and (missing := wanted - set(session.exec(asked))):
        raise InputError(f"名录里没有编号为 {sorted(missing)[0]} 的单位。")
    if given["take"] == "group" and session.get(Group, given["group_id"]) is None:
        raise InputError(f"名录里没有编号为 {given['group_id']} 的单位组。")


def accept_proposals(session: Session, batch: Batch, *, by: Actor, at: datetime) -> int:
    """Answer every open question with its proposal; says how many."""
    waiting = open_questions(session, batch)
    for question in waiting:
        _put(session, question, question.proposed, by=by, at=at)
    session.flush()
    return len(waiting)


def matching(
    questions: Iterable[Question], given: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Question, Mapping[str, Any]]]:
    """The questions that a file answers, with the answers. What was chosen for an earlier file goes
    by another code: there the options tell whether an entry is about it."""
    by_value = {(entry.get("code"), entry["value"]): entry["answer"] for entry in given}
    choices = {
        one["value"]: one["answer"] for one in given if one["answer"].get("take") == "choice"
    }
    for question in questions:
        found = by_value.get((question.code, question.value)) or by_value.get(
            (None, question.value)
        )
        chosen = choices.get(question.value)
        if found is None and question.code == ANSWERED and _is_offered(chosen, question):
            found = chosen
        if found is not None:
            yield question, found


def _is_offered(answer: Mapping[str, Any] | None, question: Question) -> bool:
    said = answer.get("option") if answer is not None else None
    return any(option.get("option") == said for option in question.options)


def answer_from_file(
    session: Session, batch: Batch, given: Sequence[Mapping[str, Any]], *, by: Actor, at: datetime
) -> int:
    """Answer by the words as written: [{"value": …, "code"?: …, "answer": {"take": …}}].

    A department may be given by its name: {"take": "department", "department": "…"}. Returns how
    many open questions were answered.
    """
    answered = 0
    for question, found in matching(open_questions(session, batch), given):
        _put(session, question, _by_name(session, found), by=by, at=at)
        answered += 1
    session.flush()
    return answered


def _by_name(session: Session, given: Mapping[str, Any]) -> Mapping[str, Any]:
    if given.get("take") == "department" and "department" in given:
        return {**given, "department_id": _department_id(session, str(given["department"]))}
    if given.get("take") == "members" and "departments" in given:
        idents = [_department_id(session, str(name)) for name in given["departments"]]
        return {**given, "department_ids": idents}
    return given


def _department_id(session: Session, name: str) -> int:
    found = session.exec(select(Department.id).where(Department.key == match_key(name))).first()
    if found is None:
        raise InputError(f"回答文件里的单位“{name}”不在名录里。")
    return found
