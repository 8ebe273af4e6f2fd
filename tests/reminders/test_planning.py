"""What a day plans: for whom, under which rule, once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.reminders.cast import STARTED, TODAY, Cast, addresses, count
from tracker.actor import Role
from tracker.db import Database
from tracker.directory.department import Department
from tracker.directory.user import User
from tracker.events import Event, verify
from tracker.mail.delivery import Delivered
from tracker.mail.message import Message, MessageState
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.plan import Plan, PlanState
from tracker.reminders.planning import Planned
from tracker.reminders.reminder import Reminder

Planner = Callable[..., Planned]
SOON, LATE = "due_soon", "overdue"


def days(number: int) -> timedelta:
    return timedelta(days=number)


def told(planned: Planned) -> list[tuple[str, str, int]]:
    return [(p["recipient"], p["rule"], p["tasks"]) for p in planned.as_json()["planned"]]


def test_three_days_before_the_deadline_the_department_is_told_it_is_due_soon(
    cast: Cast, plan: Planner
) -> None:
    cast.task(TODAY, "城管局")
    assert told(plan(TODAY - days(3))) == [("u4@qinghe.test", SOON, 1)]


def test_the_day_after_the_deadline_it_is_told_it_is_overdue(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    assert told(plan(TODAY + days(1))) == [("u4@qinghe.test", LATE, 1)]


def test_planning_the_same_day_again_plans_nothing(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    plan()
    again = plan()
    assert again.as_json() == {"on": "2026-03-10", "planned": [], "cancelled": []}
    assert len(cast.mail()) == len(cast.ledger()) == 1


def test_every_clerk_of_the_department_gets_a_digest_and_the_head_does_not(
    cast: Cast, plan: Planner
) -> None:
    cast.task(TODAY, "教育局")
    plan()
    assert addresses(cast.mail()) == ["u1@qinghe.test", "u2@qinghe.test"]


def test_a_department_without_a_clerk_is_reached_through_its_head(
    cast: Cast, plan: Planner
) -> None:
    cast.task(TODAY, "水务局")
    assert told(plan()) == [("u5@qinghe.test", SOON, 1)]


@pytest.mark.parametrize("email", ["", "root", "x@y.cn>,<z@e", "x@[127.0.0.1]"])
def test_a_clerk_without_a_usable_address_counts_as_absent(
    cast: Cast, plan: Planner, email: str
) -> None:
    cast.change(User, cast.users["城管经办"], email=email)
    cast.task(TODAY, "城管局")
    planned = plan()
    assert (planned.planned, planned.unreachable) == ((), ("城管局",))


def test_a_disabled_clerk_and_one_who_has_not_begun_get_nothing(
    cast: Cast, plan: Planner, now: datetime
) -> None:
    cast.change(User, cast.users["城管经办"], disabled_at=now)
    cast.person("城管新人", "城管局", from_on=TODAY + days(1))
    cast.task(TODAY, "城管局")
    assert plan().unreachable == ("城管局",)


@pytest.mark.parametrize("n", [-30, 30])
def test_planning_another_day_by_hand_reaches_whoever_receives_it(
    cast: Cast, plan: Planner, deliver: Callable[..., Delivered], n: int
) -> None:
    cast.department("文旅局")
    cast.person("文旅经办", "文旅局", from_on=TODAY + days(max(n, 0)))
    cast.task(TODAY + days(n), "文旅局")
    assert told(plan(TODAY + days(n))) == [("u6@qinghe.test", SOON, 1)]
    assert deliver().sent == 1
    assert "临期 1 项" in cast.mail()[0].subject


def test_the_unreachable_are_told_as_soon_as_somebody_is_there(cast: Cast, plan: Planner) -> None:
    cast.department("文旅局")
    cast.task(TODAY, "文旅局")
    assert plan().unreachable == ("文旅局",)
    cast.person("文旅经办", "文旅局")
    assert len(plan().planned) == 1


def test_one_digest_lists_every_task_of_the_department(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY - days(2), "城管局", text="清理占道经营")
    cast.task(TODAY + days(1), "教育局", "城管局", text="整治校园周边")
    assert told(plan())[-2:] == [("u4@qinghe.test", SOON, 1), ("u4@qinghe.test", LATE, 1)]
    digest = cast.mail()[-1]
    assert digest.subject == "责任事项提醒：逾期 1 项，临期 1 项，最近 03-11（周三）到期"
    assert "清理占道经营" in digest.text and "整治校园周边" in digest.html


def test_a_digest_holds_no_other_departments_tasks(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局", text="canary-canary")
    cast.task(TODAY, "教育局")
    plan()
    others = [mail for mail in cast.mail() if mail.address != "u4@qinghe.test"]
    assert others and not any("canary" in mail.text + mail.html for mail in others)


@pytest.mark.parametrize(
    "state",
    [AssignmentState.COMPLETED, AssignmentState.CLOSED, AssignmentState.WITHDRAWN,
     AssignmentState.SUBMITTED],
)  # fmt: skip
def test_work_that_is_ended_or_waits_for_review_is_not_urged(
    cast: Cast, plan: Planner, state: AssignmentState
) -> None:
    cast.complete(cast.task(TODAY, "城管局"), state)
    assert plan().planned == ()


def refuse(cast: Cast, task_id: int) -> None:
    """A 拒签 waits for the office."""
    with cast.database.writing() as session:
        for part in session.exec(select(Assignment).where(Assignment.task_id == task_id)):
            part.refusal_waits = True


def test_work_whose_refusal_waits_is_not_urged(cast: Cast, plan: Planner) -> None:
    refuse(cast, cast.task(TODAY, "城管局", state=AssignmentState.ISSUED))
    assert plan().planned == ()


def test_a_digest_leaves_out_what_was_refused_meanwhile(cast: Cast, plan: Planner) -> None:
    task_id = cast.task(TODAY, "城管局", state=AssignmentState.ISSUED)
    assert plan().planned
    refuse(cast, task_id)
    assert [one["reason"] for one in plan().as_json()["cancelled"]] == ["已提出拒签，等待答复"]


def test_work_without_a_deadline_or_far_away_is_not_urged(cast: Cast, plan: Planner) -> None:
    cast.task(None, "城管局")
    cast.task(TODAY + days(8), "城管局")
    assert plan().planned == ()


def test_archived_plans_and_ended_departments_are_left_alone(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    cast.change(Plan, cast.plan_id, state=PlanState.ARCHIVED)
    assert plan().planned == ()
    cast.change(Plan, cast.plan_id, state=PlanState.ACTIVE)
    cast.change(Department, cast.departments["城管局"], ended_on=STARTED)
    assert plan().planned == ()


def test_the_steps_of_one_deadline_fire_once_each(cast: Cast, plan: Planner) -> None:
    due = date(2026, 3, 20)  # a Friday
    cast.task(due, "城管局")
    fired = [n for n in range(-10, 17) if plan(due + days(n)).planned]
    assert fired == [-7, -3, -1, 0, 1, 8, 15]


def test_missed_days_are_folded_into_one_digest(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY - days(30), "城管局")
    cast.task(TODAY, "城管局")
    assert len(plan().planned) == 2
    assert len(cast.mail()) == 1


def test_a_clock_that_goes_back_plans_nothing_it_planned_before(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    plan(TODAY)
    assert plan(TODAY - days(1)).planned == ()


def test_a_second_task_on_the_same_day_is_told_in_a_newer_digest(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    plan()
    cast.task(TODAY, "城管局")
    assert told(plan()) == [("u4@qinghe.test", SOON, 1)]
    older, newer = cast.mail()
    assert (older.state, newer.state) == (MessageState.CANCELLED, MessageState.DUE)
    assert {row.message_id for row in cast.ledger()} == {newer.id}
    assert "临期 2 项" in newer.subject


def test_an_unsent_digest_of_yesterday_is_folded_into_todays(cast: Cast, plan: Planner) -> None:
    cast.task(TODAY, "城管局")
    plan(TODAY)
    plan(TODAY + days(1))
    states = [mail.state for mail in cast.mail()]
    assert states == [MessageState.CANCELLED, MessageState.DUE]
    assert not [row for row in cast.ledger() if row.cancelled_at]


def test_completed_work_takes_its_unsent_reminder_back(cast: Cast, plan: Planner) -> None:
    done = cast.task(TODAY, "城管局")
    plan()
    cast.complete(done)
    assert plan().as_json()["cancelled"] == [
        {"recipient": "u4@qinghe.test", "rule": SOON, "tasks": 1, "reason": "任务已办结"}
    ]
    assert cast.mail()[0].state is MessageState.CANCELLED and cast.mail()[0].reason


def test_an_extended_deadline_takes_the_old_reminder_back_and_later_plans_a_new_one(
    cast: Cast, plan: Planner
) -> None:
    task = cast.task(TODAY, "城管局")
    plan()
    cast.extend(task, TODAY + days(20))
    planned = plan()
    assert (planned.planned, planned.cancelled[0].reason) == ((), "时限已变更")
    assert told(plan(TODAY + days(20))) == [("u4@qinghe.test", SOON, 1)]


def test_a_digest_with_something_left_in_it_stays(cast: Cast, plan: Planner) -> None:
    done = cast.task(TODAY, "城管局")
    cast.task(TODAY, "城管局")
    plan()
    cast.complete(done)
    assert len(plan().cancelled) == 1
    assert [mail.state for mail in cast.mail()] == [MessageState.DUE]


def test_reopened_work_is_told_again(cast: Cast, plan: Planner) -> None:
    task = cast.task(TODAY, "城管局")
    plan()
    cast.complete(task)
    plan()
    cast.complete(task, AssignmentState.IN_PROGRESS)
    assert told(plan()) == [("u4@qinghe.test", SOON, 1)]
    assert [row.cancelled_at for row in cast.ledger()] == [None]
    assert [mail.business_key[-2:] for mail in cast.mail()][-1] == ":2"


def test_a_date_moved_by_exactly_a_week_without_a_new_version_is_still_told_once(
    cast: Cast, plan: Planner, deliver: Callable[..., Delivered]
) -> None:
    task = cast.task(TODAY - days(8), "城管局")
    plan()
    deliver()
    with cast.database.writing() as session:
        for part in session.exec(select(Assignment).where(Assignment.task_id == task)):
            part.due_on = TODAY - days(1)
    assert [len(plan().planned), len(plan().planned)] == [1, 0]
    assert deliver().sent == 1


def test_a_dry_run_says_the_same_and_writes_nothing(
    cast: Cast, plan: Planner, database: Database
) -> None:
    cast.task(TODAY, "城管局")
    said = plan(dry_run=True)
    with database.reading() as session:
        assert [count(session, kind) for kind in (Message, Reminder, Event)] == [0, 0, 0]
    assert said == plan()


def test_planning_writes_one_event_and_only_when_it_planned(
    cast: Cast, plan: Planner, database: Database
) -> None:
    cast.task(TODAY, "城管局")
    plan()
    plan()
    with database.reading() as session:
        assert count(session, Event) == 1
        assert verify(session) == []


def test_an_english_reader_gets_english(cast: Cast, plan: Planner) -> None:
    cast.person("Waterworks", "水务局", Role.CLERK, locale="en")
    cast.task(TODAY, "水务局")
    plan()
    assert cast.mail()[0].subject == "Task reminder: 1 due soon, nearest 03-10 (Tue)"


def test_a_missing_year_is_said_loudly(cast: Cast, plan: Planner) -> None:
    assert plan().warnings == ()
    assert "2027" in plan(date(2026, 12, 30)).warnings[0]


def test_the_number_of_queries_does_not_grow_with_the_tasks(
    cast: Cast, plan: Planner, database: Database
) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    cast.task(TODAY, "城管局")
    asked.clear()
    plan()
    few = len(asked)
    for _ in range(30):
        cast.task(TODAY, "教育局", "城管局", "水务局")
    asked.clear()
    plan(TODAY + days(1))
    assert len(asked) <= few + 1
