"""Rankings (排名): earned over possible, of what was scored and published.

A department's score is the percentage it earned of what was possible, plus bonus and minus penalty
in points of that hundred, not below 0. A task's points count whole for each of its leads; supports
have none. Who has fewer scored items than the rules' least is listed apart; equal scores (to the
hundredth, as shown) share a rank, and the next one is as many places further down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from tracker.directory.department import Department
from tracker.plans.assignment import Assignment, AssignmentRole, AssignmentState
from tracker.plans.plan import Section
from tracker.plans.task import Task
from tracker.scoring import facts
from tracker.scoring.award import Award
from tracker.scoring.item import Item
from tracker.scoring.round import Round
from tracker.scoring.rules import RuleKind, Terms
from tracker.scoring.scope import Scope
from tracker.scoring.sections import top_of

HUNDREDTH = Decimal("0.01")
GROUPS = ("department", "category", "mode", "round")


@dataclass
class Line:
    """One department, category, mode or round. `key` is its id, or the mode's word."""

    key: int | str
    name: str
    earned: Decimal
    possible: Decimal
    items: int
    times: Mapping[RuleKind, int] = field(default_factory=dict)
    bonus: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)
    rank: int | None = None

    @property
    def rate(self) -> Decimal:
        """Earned of possible in percent, to the hundredth."""
        if not self.possible:
            return Decimal(0)
        return (100 * self.earned / self.possible).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def score(self) -> Decimal:
        """The rate with bonus and penalty."""
        return max(self.rate + self.bonus + self.penalty, Decimal(0))


@dataclass(frozen=True)
class Ranking:
    """Lines with their ranks, best first; those with too few items apart, by name."""

    lines: list[Line]
    apart: list[Line]
    terms: Terms

    def place_of(self, key: int | str) -> Line | None:
        """One line, wherever it stands."""
        return next((one for one in (*self.lines, *self.apart) if one.key == key), None)


def rank(lines: Iterable[Line], terms: Terms) -> Ranking:
    """Order the lines and give the ranks."""
    every = sorted(lines, key=lambda one: (-one.score, one.name))
    enough = [one for one in every if one.items >= terms.least_items]
    for place, one in enumerate(enough, 1):
        above = enough[place - 2] if place > 1 else None
        one.rank = above.rank if above and above.score == one.score else place
    apart = [one for one in every if one.items < terms.least_items]
    return Ranking(enough, sorted(apart, key=lambda one: one.name), terms)


def ranking(session: Session, scope: Scope, terms: Terms, *, by: str = "department") -> Ranking:
    """The ranking of a scope under some rules; `by` is one of GROUPS."""
    lines = [Line(*row) for row in session.execute(_QUERIES[by](scope))]
    if by == "department" and scope.is_whole:
        _adjust(lines, facts.counted(session, scope), terms)
    return rank(lines, terms)


def _adjust(
    lines: Iterable[Line], counted: Mapping[int, Mapping[RuleKind, int]], terms: Terms
) -> None:
    for line in lines:
        line.times = counted.get(int(line.key), {})
        worth = [terms.worth(kind, times) for kind, times in line.times.items()]
        line.bonus = sum((one for one in worth if one > 0), Decimal(0))
        line.penalty = sum((one for one in worth if one < 0), Decimal(0))


def awarded(scope: Scope, *columns: Any) -> sa.Select[Any]:
    """Columns of the scope's awards, over Award, Item, Round and Task."""
    found = (
        sa.select(*columns)
        .select_from(Award)
        .join(Item, col(Item.id) == Award.item_id)
        .join(Round, col(Round.id) == Item.round_id)
        .join(Task, col(Task.id) == Item.task_id)
        .where(*scope.conditions(), col(Task.withdrawn_on).is_(None))
    )
    if scope.section_id is None:
        return found
    tree = top_of(scope.plan_id)
    inside = sa.select(tree.c.id).where(tree.c.top_id == scope.section_id)
    return found.where(col(Task.section_id).in_(inside))


def led_by() -> sa.ColumnElement[bool]:
    """Joins the leads of the item's task."""
    return sa.and_(
        col(Assignment.task_id) == Item.task_id,
        col(Assignment.role) == AssignmentRole.LEAD,
        col(Assignment.state) != AssignmentState.WITHDRAWN,
    )


_SUMS = (
    sa.func.sum(col(Award.points)), sa.func.sum(col(Item.possible)), sa.func.count(),
)  # fmt: skip


def _departments(scope: Scope) -> sa.Select[Any]:
    name = sa.func.coalesce(sa.func.nullif(col(Department.short_name), ""), col(Department.name))
    return (
        awarded(scope, col(Department.id), name, *_SUMS)
        .join(Assignment, led_by())
        .join(Department, col(Department.id) == Assignment.department_id)
        .group_by(col(Department.id), col(Department.short_name), col(Department.name))
    )


def _categories(scope: Scope) -> sa.Select[Any]:
    tree, top = top_of(scope.plan_id), sa.orm.aliased(Section)
    key = sa.func.coalesce(col(top.id), 0)
    return (
        awarded(scope, key, sa.func.coalesce(col(top.title), ""), *_SUMS)
        .join(tree, tree.c.id == Task.section_id, isouter=True)
        .join(top, col(top.id) == tree.c.top_id, isouter=True)
        .group_by(col(top.id), col(top.title))
    )


def _modes(scope: Scope) -> sa.Select[Any]:
    mode = col(Item.mode)
    return awarded(scope, mode, mode.label("name"), *_SUMS).group_by(mode)


def _rounds(scope: Scope) -> sa.Select[Any]:
    groups = col(Round.id), col(Round.name)
    return awarded(scope, *groups, *_SUMS).group_by(*groups)


_QUERIES = {
    "department": _departments,
    "category": _categories,
    "mode": _modes,
    "round": _rounds,
}
