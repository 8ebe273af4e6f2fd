"""Keeping the directory by hand: departments, other names, groups; each with its event."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.actor import Actor, Role
from tracker.directory.alias import Alias
from tracker.directory.department import Department, add, clean_name
from tracker.directory.group import Group, Membership
from tracker.directory.importing import make_group
from tracker.directory.post import Charge, Post
from tracker.errors import InputError, NotFound
from tracker.events import deed, keep
from tracker.text import match_key


def _name(written: str, field: str) -> str:
    name = clean_name(written, field=field)
    if not match_key(name):
        raise InputError(f"请写明{field}。", "name")
    return name


def add_department(session: Session, name: str, *, by: Actor, at: datetime) -> Department:
    """One more department. Raises InputError for a name the directory has."""
    name = _name(name, "单位名称")
    _refuse_known(session, name)
    (department,), added = add(session, [name], by=by, at=at)
    keep(session, *added)
    return department


def _refuse_known(session: Session, name: str) -> None:
    key = match_key(name)
    for model in (Department, Alias, Group):
        if session.exec(select(model.id).where(model.key == key)).first() is not None:
            raise InputError(f"名录里已经有“{name}”。", "name")


def add_alias(
    session: Session, department: Department, name: str, *, by: Actor, at: datetime
) -> None:
    """Another name for a department."""
    name = _name(name, "别名")
    _refuse_known(session, name)
    assert department.id is not None
    keep(
        session,
        Alias.of_department(name, department.id, by=by.user_id, at=at),
        deed(by, "alias.added", "department", department.id, at=at, name=name),
    )


def remove_alias(session: Session, alias_id: int, *, by: Actor, at: datetime) -> None:
    """Forget another name."""
    alias = session.get(Alias, alias_id)
    if alias is None:
        raise NotFound()
    session.delete(alias)
    keep(session, deed(by, "alias.removed", "alias", alias_id, at=at, name=alias.name))


def add_group(
    session: Session,
    name: str,
    department_ids: Collection[int],
    *,
    by: Actor,
    at: datetime,
    on: date,
) -> Group:
    """A group with members from a day on."""
    name = _name(name, "单位组名称")
    _refuse_known(session, name)
    members = _departments(session, department_ids)
    if not members:
        raise InputError("请至少选择一个成员单位。", "members")
    group = make_group(session, name, members, on=on)
    keep(session, deed(by, "group.added", "group", group.id, at=at, members=sorted(department_ids)))
    return group


def _departments(session: Session, idents: Collection[int]) -> list[Department]:
    return list(session.exec(select(Department).where(col(Department.id).in_(idents))))


def set_members(
    session: Session,
    group_id: int,
    department_ids: Collection[int],
    *,
    by: Actor,
    at: datetime,
    on: date,
) -> None:
    """Members from a day on; a membership that ends keeps its past days."""
    group = session.get(Group, group_id)
    if group is None:
        raise NotFound()
    if group.everyone:
        raise InputError(f"“{group.name}”就是名录里的全部单位，不必维护成员。")
    wanted = {d.id for d in _departments(session, department_ids)}
    present = session.exec(
        select(Membership).where(
            Membership.group_id == group_id, col(Membership.until_on).is_(None)
        )
    ).all()
    for membership in present:
        if membership.department_id not in wanted:
            if membership.from_on == on:
                session.delete(membership)
            else:
                membership.until_on = on
                session.add(membership)
    for ident in wanted - {membership.department_id for membership in present}:
        assert ident is not None
        session.add(Membership(group_id=group_id, department_id=ident, from_on=on))
    session.flush()
    keep(
        session, deed(by, "group.changed", "group", group_id, at=at, members=sorted(department_ids))
    )


def arrange_approval(
    session: Session, department_id: int, wanted: bool, *, by: Actor, at: datetime
) -> None:
    """Whether the head signs what the department's clerks send to the office; safe to repeat."""
    department = session.get_one(Department, department_id)
    if department.needs_approval == wanted:
        return
    department.needs_approval = wanted
    keep(
        session, department,
        deed(
            by, "department.arranged", "department", department_id, at=at,
            department_id=department_id, needs_approval=wanted,
        ),
    )  # fmt: skip


def set_charges(
    session: Session, post_id: int, department_ids: Collection[int], *, by: Actor, at: datetime
) -> None:
    """The departments a leader's post is in charge of (分管); none: it reads them all.

    Raises NotFound for a post that is no leader's.
    """
    post = session.get(Post, post_id)
    if post is None or post.role != Role.LEADER:
        raise NotFound()
    wanted = {one.id for one in _departments(session, department_ids) if one.id}
    present = session.exec(select(Charge).where(Charge.post_id == post_id)).all()
    for charge in present:
        if charge.department_id not in wanted:
            session.delete(charge)
    new = wanted - {charge.department_id for charge in present}
    keep(
        session, *[Charge(post_id=post_id, department_id=ident) for ident in sorted(new)],
        deed(by, "post.charged", "post", post_id, at=at, departments=sorted(wanted)),
    )  # fmt: skip
