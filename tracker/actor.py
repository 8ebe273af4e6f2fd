"""Who acts, and what each role may do: POWERS is the whole table.

Which rows a person sees is access.py's part; a power says only what may be done with a row seen.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.errors import Forbidden


class Role(StrEnum):
    """What a post is for. The first two sit in the coordinating office."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    HEAD = "head"
    CLERK = "clerk"
    LEADER = "leader"
    INSPECTOR = "inspector"


OFFICE = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
DEPARTMENTAL = frozenset({Role.HEAD, Role.CLERK})
HEADS = frozenset({Role.HEAD})
LEADERS = frozenset({Role.LEADER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
READERS = frozenset({Role.LEADER, Role.INSPECTOR})
EVERYONE = frozenset(Role)
LEADERS_AND_OFFICE = OFFICE | frozenset({Role.LEADER})

PUBLIC = "public"
SIGNED_IN = "signed_in"

POWERS: dict[str, frozenset[Role]] = {
    # what                      who
    "my_work.read":             DEPARTMENTAL,
    "plan.read":                EVERYONE,
    "plan.import":              OFFICE,
    "plan.hand_out":            OFFICE,
    "plan.export":              OFFICE | DEPARTMENTAL | frozenset({Role.LEADER}),
    "task.read":                EVERYONE,
    "work.receive":             DEPARTMENTAL,
    "work.report":              DEPARTMENTAL,
    "work.complete":            DEPARTMENTAL,
    "work.extend":              DEPARTMENTAL,
    "work.hand_over":           DEPARTMENTAL,
    "work.mark":                DEPARTMENTAL,
    "work.approve":             HEADS,
    "work.review":              OFFICE,
    "target.set":               OFFICE,
    "rhythm.set":               OFFICE,
    "difficulty.read":          OFFICE | frozenset({Role.LEADER}),
    "work.assign":              OFFICE,
    "work.urge":                OFFICE,
    "work.close":               OFFICE,
    "work.instruct":            LEADERS,
    "plan.archive":             OFFICE,
    "department.arrange":       HEADS,
    "evidence.read":            EVERYONE,
    "requirement.change":       OFFICE,
    "return.hand_in":           OFFICE | DEPARTMENTAL,
    "monitor.read":             OFFICE | frozenset({Role.LEADER}),
    "reminder.read":            OFFICE,
    "calendar.change":          OFFICE,
    "directory.read":           OFFICE,
    "directory.change":         OFFICE,
    "user.manage":              ADMINISTRATOR,
    "audit.read":               ADMINISTRATOR,
    "scoring.read":             OFFICE | DEPARTMENTAL | frozenset({Role.LEADER}),
    "scoring.award":            OFFICE | DEPARTMENTAL,
    "round.change":             OFFICE,
    "round.publish":            OFFICE,
    "visit.plan":               OFFICE,
    "visit.read":               OFFICE | frozenset({Role.INSPECTOR}),
    "visit.record":             frozenset({Role.INSPECTOR}),
    "rule.read":                OFFICE | frozenset({Role.LEADER}),
    "rule.change":              OFFICE,
    "ranking.freeze":           OFFICE,
    "praise.give":              OFFICE | frozenset({Role.LEADER}),
}  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """A person acting now, with the posts held today. `user_id` is None for the command line;
    `charge_ids` are the departments a leader is in charge of, none for one who reads them all."""

    user_id: int | None
    name: str
    roles: frozenset[Role]
    department_ids: frozenset[int] = frozenset()
    charge_ids: frozenset[int] = frozenset()
    post_title: str = ""
    department_name: str = ""
    locale: str = ""

    def may(self, power: str) -> bool:
        """Whether one of the person's posts carries this power."""
        if power == SIGNED_IN:
            return True
        return bool(self.roles & POWERS[power])

    def require(self, power: str) -> None:
        """Raises Forbidden without the power."""
        if not self.may(power):
            raise Forbidden()

    @property
    def is_office(self) -> bool:
        """Whether the person sits in the coordinating office."""
        return bool(self.roles & OFFICE)

    @property
    def acting_role(self) -> str:
        """The role that a deed is written down under."""
        return next((role.value for role in Role if role in self.roles), "none")


COMMAND_LINE = Actor(None, "命令行", frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}))
