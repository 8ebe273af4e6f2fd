"""An assignment (交办): one department's part in one task.

待签收 issued → 办理中 in progress → 办结待审 submitted → 已办结 completed → 销号 closed; a return
leads from submitted back to in progress, withdrawal ends it. Only a lead asks for completion;
a support's part ends with the task.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from tracker.db import UtcDateTime, word


class AssignmentRole(StrEnum):
    """The lead reports the result; the support gives its own feedback."""

    LEAD = "lead"
    SUPPORT = "support"


class AssignmentState(StrEnum):
    """Where the work stands; overdue and due soon are computed, never stored."""

    ISSUED = "issued"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class SentBack(StrEnum):
    """Why a part is in work again: the office returned it, the department's own head kept its
    request back, or the office opened the finished task again."""

    RETURNED = "returned"
    KEPT_BACK = "kept_back"
    REOPENED = "reopened"


ENDED = frozenset({AssignmentState.COMPLETED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN})


class Assignment(SQLModel, table=True):
    """`due_on` repeats the task's so that a department's list is one index scan.

    `done` is true in the ended states. `as_written` is the name in the cell, `group_id` the group
    through which the department came. `returned` counts the reviews that sent it back, `extended`
    the extensions granted. `sent_back` is the newest reason why the part is in work again, `wanted`
    what was said then, `again_by` the day the office named; they stand until the work is accepted.
    `refusal_waits` while a 拒签 has no answer: nobody signs meanwhile. `in_plan` says whether the
    plan's file names the department: a later version of the file is compared with that, and what
    the office gave to others by hand stays. `next_report_on` is the day of the rhythm that the next
    report is due, before it is moved to a working day (`work/rhythm.py`); None without a rhythm and
    before receipt.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.UniqueConstraint("task_id", "department_id"),
        sa.Index(
            "ix_assignment_todo",
            "department_id",
            "done",
            "due_on",
            "id",
            "state",
            "sent_back",
            "role",
            "next_report_on",
            "refusal_waits",
        ),
        sa.Index("ix_assignment_due", "done", "due_on"),
        sa.Index(
            "ix_assignment_report",
            "next_report_on",
            sqlite_where=sa.text("next_report_on IS NOT NULL"),
            postgresql_where=sa.text("next_report_on IS NOT NULL"),
        ),
        sa.Index("ix_assignment_in_plan", "plan_id", "department_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    task_id: int = Field(foreign_key="task.id", ondelete="CASCADE")
    department_id: int = Field(foreign_key="department.id")
    role: AssignmentRole = Field(sa_type=word(AssignmentRole))
    state: AssignmentState = Field(default=AssignmentState.ISSUED, sa_type=word(AssignmentState))
    done: bool = False
    due_on: date | None = None
    issued_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    completed_on: date | None = None
    percent: int = 0
    next_report_on: date | None = None
    returned: int = 0
    sent_back: SentBack | None = Field(default=None, sa_type=word(SentBack))
    wanted: str = Field(default="", sa_type=sa.Text, sa_column_kwargs={"server_default": ""})
    again_by: date | None = None
    refusal_waits: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    extended: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    in_plan: bool = Field(default=True, sa_column_kwargs={"server_default": sa.true()})
    as_written: str = ""
    group_id: int | None = Field(
        default=None, foreign_key="department_group.id", ondelete="SET NULL"
    )

    def move(self, state: AssignmentState, *, on: date | None = None) -> None:
        """Enter a state; `on` is the day of completion for the ended ones. Completed work is whole."""
        self.state = state
        self.done = state in ENDED
        self.completed_on = on if self.done else None
        if state == AssignmentState.COMPLETED:
            self.percent = 100
            self._want_nothing()

    def send_back(self, why: SentBack, wanted: str, *, again_by: date | None = None) -> None:
        """Into work again, and why. A head's word leaves the day that the office has named."""
        self.move(AssignmentState.IN_PROGRESS)
        self.sent_back, self.wanted = why, wanted
        if why != SentBack.KEPT_BACK:
            self.again_by = again_by

    def _want_nothing(self) -> None:
        self.sent_back, self.wanted, self.again_by = None, "", None

    def issue_again(self, *, role: AssignmentRole, due_on: date | None, at: datetime) -> None:
        """Give a part that was withdrawn to its department anew: it signs once more."""
        self.move(AssignmentState.ISSUED)
        self.role, self.due_on, self.issued_at, self.received_at = role, due_on, at, None
        self.percent = self.returned = self.extended = 0
        self.next_report_on, self.refusal_waits = None, False
        self._want_nothing()

    @property
    def is_signable(self) -> bool:
        """Whether it waits for a receipt: not while its refusal waits for the office."""
        return self.state == AssignmentState.ISSUED and not self.refusal_waits

    @property
    def is_standing(self) -> bool:
        """Whether the part has not been withdrawn."""
        return self.state != AssignmentState.WITHDRAWN
