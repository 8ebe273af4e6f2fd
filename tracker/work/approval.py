"""A head's approval (审签): where a department wants it, what a clerk sends to the office waits for it."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from tracker.actor import Actor, Role
from tracker.errors import AlreadyDone, Forbidden


class Approval(StrEnum):
    """Whether a submission waits for the department's own head."""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"


class Submission(Protocol):
    """What a department sends to the office: a completion request, a request for more time."""

    by: int | None
    approval: Approval
    approved_at: datetime | None
    approved_by: int | None


def needed(by: Actor, *, wanted: bool) -> Approval:
    """Whether this person's submission waits; a head's own does not."""
    waits = wanted and Role.HEAD not in by.roles
    return Approval.WAITING if waits else Approval.NOT_NEEDED


def sign(submission: Submission, *, by: Actor, at: datetime, given: bool) -> None:
    """The head lets the submission go to the office, or keeps it back.

    Raises AlreadyDone when it no longer waits, Forbidden for the person's own.
    """
    by.require("work.approve")
    if submission.approval != Approval.WAITING:
        raise AlreadyDone("这份申请已经审签过了，或已经撤回。请刷新页面查看结果。")
    if submission.by is not None and submission.by == by.user_id:
        raise Forbidden("不能审签自己提交的申请。")
    submission.approval = Approval.GIVEN if given else Approval.REFUSED
    submission.approved_at, submission.approved_by = at, by.user_id


def reached_the_office(approval: Mapped[Approval]) -> sa.ColumnElement[bool]:
    """The submission needs no head's word any more."""
    return approval.in_([Approval.NOT_NEEDED.value, Approval.GIVEN.value])
