"""A group's members change: the plan's departments follow when the office says so."""

from bs4 import BeautifulSoup
from sqlmodel import col, select

from tests.conftest import Office
from tracker.actor import COMMAND_LINE
from tracker.directory import upkeep
from tracker.directory.department import Department
from tracker.directory.group import Group, members
from tracker.plans.assignment import Assignment, AssignmentState
from tracker.plans.regrouping import proposals


def group_of(office: Office) -> tuple[Group, int]:
    """A group through which departments came into a plan, and the plan."""
    with office.database.reading() as session:
        found = session.exec(
            select(Group, Assignment.plan_id)
            .join(Assignment, col(Assignment.group_id) == Group.id)
            .where(col(Group.everyone).is_(False), col(Assignment.done).is_(False))
            .order_by(col(Group.id))
        ).first()
    assert found is not None
    return found


def change(office: Office, group: Group, *, without: int = 0, new: str = "") -> Department:
    """Take the first member out, or a department in; which it was."""
    with office.database.writing() as session:
        present = list(session.exec(members(group, on=office.now.date())))
        if new:
            who = session.exec(select(Department).where(Department.name == new)).one()
            wanted = [d.id for d in present] + [who.id]
        else:
            who = present[without]
            wanted = [d.id for d in present if d.id != who.id]
        upkeep.set_members(
            session, group.id or 0, [i for i in wanted if i], by=COMMAND_LINE, at=office.now,
            on=office.now.date(),
        )  # fmt: skip
    return who


def asked(office: Office, plan_id: int) -> list[tuple[str, bool]]:
    with office.database.reading() as session:
        found = proposals(session, plan_id, on=office.now.date())
        return [(one.department.name, one.joins) for one in found]


def ticked(office: Office, plan_id: int) -> list[str]:
    page = office.client_as("office").get(f"/plans/{plan_id}/groups").get_data(as_text=True)
    found = BeautifulSoup(page, "html.parser").select("input[name=proposal]")
    return [str(one["value"]) for one in found]


def test_unchanged_groups_propose_nothing(office: Office) -> None:
    assert asked(office, group_of(office)[1]) == []


def test_a_new_member_joins_when_the_office_says_so(office: Office) -> None:
    group, plan_id = group_of(office)
    who = change(office, group, new="清河县财政局")
    assert asked(office, plan_id) == [(who.name, True)]
    answer = office.client_as("office").post(
        f"/plans/{plan_id}/regroupings", data={"proposal": ticked(office, plan_id)}
    )
    assert answer.status_code == 302
    with office.database.reading() as session:
        wanted = select(Assignment).where(
            Assignment.department_id == who.id, Assignment.group_id == group.id
        )
        made = session.exec(wanted).all()
    assert made
    assert {(part.state, part.in_plan) for part in made} == {(AssignmentState.ISSUED, False)}
    assert asked(office, plan_id) == []


def test_who_left_is_withdrawn_when_the_office_says_so(office: Office) -> None:
    group, plan_id = group_of(office)
    who = change(office, group)
    assert (who.name, False) in asked(office, plan_id)
    office.client_as("office").post(
        f"/plans/{plan_id}/regroupings", data={"proposal": ticked(office, plan_id)}
    )
    with office.database.reading() as session:
        left = session.exec(
            select(Assignment.state).where(
                Assignment.department_id == who.id, Assignment.group_id == group.id,
                Assignment.plan_id == plan_id, col(Assignment.done).is_(False),
            )
        ).all()  # fmt: skip
    assert left == []


def test_nothing_ticked_writes_nothing(office: Office) -> None:
    group, plan_id = group_of(office)
    change(office, group, new="清河县财政局")
    before = asked(office, plan_id)
    answer = office.client_as("office").post(f"/plans/{plan_id}/regroupings", data={})
    assert (answer.status_code, asked(office, plan_id)) == (422, before)


def test_a_tick_that_no_longer_fits_is_passed_over(office: Office) -> None:
    _group, plan_id = group_of(office)
    answer = office.client_as("office").post(
        f"/plans/{plan_id}/regroupings", data={"proposal": "999:999:join"}
    )
    assert answer.status_code == 302


def test_a_later_version_leaves_what_was_settled_by_hand(office: Office) -> None:
    group, plan_id = group_of(office)
    change(office, group, new="清河县财政局")
    office.client_as("office").post(
        f"/plans/{plan_id}/regroupings", data={"proposal": ticked(office, plan_id)}
    )
    from tracker.intake.present import Present

    with office.database.reading() as session:
        present = Present.load(session, plan_id)
        by_hand = session.exec(
            select(Assignment).where(
                Assignment.plan_id == plan_id, col(Assignment.in_plan).is_(False)
            )
        ).all()
    assert by_hand
    assert all(part.department_id not in present.parts[part.task_id] for part in by_hand)
