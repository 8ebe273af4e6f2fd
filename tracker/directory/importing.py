"""A list of departments (机构名录) becomes the directory, with the groups it makes plain."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from tracker.actor import Actor
from tracker.directory.alias import Alias
from tracker.directory.department import Department, add, clean_name, standing
from tracker.directory.group import Group, Membership
from tracker.events import deed, keep
from tracker.text import match_key

EVERYONE = "所有单位"
_TOWN_GROUPS = (
    # the group's name, the endings of its members' names, the seats that must all occur
    ("各镇", ("镇人民政府",), ("镇",)),
    ("各乡", ("乡人民政府",), ("乡",)),
    ("各苏木", ("苏木人民政府",), ("苏木",)),
    ("各乡镇", ("乡人民政府", "镇人民政府"), ("乡", "镇")),
    ("各苏木镇", ("苏木人民政府", "镇人民政府"), ("苏木", "镇")),
    ("各街道", ("街道办事处",), ("街道",)),
    ("各镇街", ("镇人民政府", "街道办事处"), ("镇", "街道")),
)


@dataclass(frozen=True)
class DirectoryImport:
    """What an import of names did."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    groups: tuple[str, ...]


def import_names(
    session: Session, names: list[str], *, by: Actor, at: datetime, on: date,
    file_id: int | None = None,
) -> DirectoryImport:  # fmt: skip
    """Add the departments that are not there yet, and the groups that follow. Safe to repeat.
    `file_id` is the list they came in."""
    known = set(session.exec(select(Department.key)))
    new: dict[str, str] = {}
    for name in map(clean_name, names):
        if (key := match_key(name)) and key not in known:
            new.setdefault(key, name)
    made, added = add(session, list(new.values()), by=by, at=at)
    groups = _derive_groups(session, at=at, on=on)
    done = DirectoryImport(
        tuple(one.name for one in made),
        tuple(name for name in names if name not in new.values()),
        tuple(groups),
    )
    if new or groups:
        keep(
            session,
            *added,
            deed(
                by, "directory.imported", "directory", None, at=at, new=len(new), groups=groups,
                file_id=file_id,
            ),
        )  # fmt: skip
    return done


def _derive_groups(session: Session, *, at: datetime, on: date) -> list[str]:
    present = {group.key for group in session.exec(select(Group))}
    departments = list(session.exec(standing()))
    made = []
    if departments and match_key(EVERYONE) not in present:
        session.add(Group.named(EVERYONE, everyone=True))
        made.append(EVERYONE)
    for name, endings, seats in _TOWN_GROUPS:
        members = [d for d in departments if d.name.endswith(endings)]
        complete = all(any(_seat_of(d) == seat for d in members) for seat in seats)
        if members and complete and match_key(name) not in present:
            group = make_group(session, name, members, on=on)
            _name_alike(session, group, at=at)
            made.append(name)
    session.flush()
    return made


def _name_alike(session: Session, group: Group, *, at: datetime) -> None:
    """各镇人民政府 and 各镇政府 are 各镇."""
    assert group.id is not None
    known = set(session.exec(select(Alias.key)))
    for ending in ("人民政府", "政府"):
        alias = Alias.of_group(group.name + ending, group.id, by=None, at=at)
        if not group.name.endswith("街道") and alias.key not in known:
            session.add(alias)


def _seat_of(department: Department) -> str:
    stem = department.name.removesuffix("人民政府").removesuffix("办事处")
    return "苏木" if stem.endswith("苏木") else "街道" if stem.endswith("街道") else stem[-1:]


def make_group(session: Session, name: str, members: list[Department], *, on: date) -> Group:
    """A group with its members from a day on."""
    group = Group.named(name)
    session.add(group)
    session.flush()
    assert group.id is not None
    for department in members:
        assert department.id is not None
        session.add(Membership(group_id=group.id, department_id=department.id, from_on=on))
    return group
