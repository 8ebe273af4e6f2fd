"""Who a written name means: exact, alias, group, unique short name; everything else is asked.

Similarity only orders the suggestions; nobody is ever assigned on it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz
from sqlmodel import Session, select

from tracker.directory.alias import Alias, Meaning
from tracker.directory.department import Department, standing
from tracker.directory.group import Group
from tracker.directory.shortname import FullName, cut, fits, places
from tracker.text import match_key

SUGGESTIONS = 5
_OPEN_ENDED = re.compile("相关|有关|涉事|^等|等$|^其[他它]|指定|责任单位$|^各.*(单位|部门)$|^全体")
_GROUP = re.compile("^(各|所有|全体|旗直|县直|市直|区直)")


class Found(StrEnum):
    """How a name was resolved, or why not."""

    DEPARTMENT = "department"
    GROUP = "group"
    NOBODY = "nobody"
    SEVERAL = "several"
    OPEN_GROUP = "open_group"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Resolution:
    """What a name means: the department or the group, else suggestions, best first."""

    name: str
    found: Found
    department_id: int | None = None
    group_id: int | None = None
    suggestions: tuple[int, ...] = ()


class Names:
    """The directory as it stands on a day, ready to resolve many names."""

    def __init__(
        self, departments: Iterable[Department], aliases: Iterable[Alias], groups: Iterable[Group]
    ) -> None:
        self.departments = {d.id: d for d in departments if d.id is not None}
        self._by_key = {d.key: ident for ident, d in self.departments.items()}
        self._by_short = {
            match_key(d.short_name): i for i, d in self.departments.items() if d.short_name
        }
        self._aliases = {alias.key: alias for alias in aliases}
        self._groups = {group.key: group for group in groups}
        self.found_by_short_name: dict[str, int] = {}
        known = places(d.name for d in self.departments.values())
        self._full: dict[int, FullName] = {
            ident: cut(d.name, known) for ident, d in self.departments.items()
        }

    @classmethod
    def load(cls, session: Session, *, on: date) -> "Names":
        """The directory from the database."""
        return cls(
            session.exec(standing(on)), session.exec(select(Alias)), session.exec(select(Group))
        )

    def resolve(self, name: str) -> Resolution:
        """What a name as written means."""
        key = match_key(name)
        if (ident := self._by_key.get(key) or self._by_short.get(key)) is not None:
            return Resolution(name, Found.DEPARTMENT, department_id=ident)
        if (alias := self._aliases.get(key)) is not None:
            return self._from_alias(name, alias)
        if (group := self._groups.get(key)) is not None:
            return Resolution(name, Found.GROUP, group_id=group.id)
        return self._from_short_name(name)

    def _from_alias(self, name: str, alias: Alias) -> Resolution:
        if alias.meaning == Meaning.DEPARTMENT and alias.department_id in self.departments:
            return Resolution(name, Found.DEPARTMENT, department_id=alias.department_id)
        if alias.meaning == Meaning.GROUP:
            return Resolution(name, Found.GROUP, group_id=alias.group_id)
        if alias.meaning == Meaning.NOBODY:
            return Resolution(name, Found.NOBODY)
        return Resolution(name, Found.UNKNOWN, suggestions=self._suggest(name))

    def _from_short_name(self, name: str) -> Resolution:
        if is_group_word(name):
            return Resolution(name, Found.OPEN_GROUP)
        fitting = [ident for ident, full in self._full.items() if fits(name, full)]
        if len(fitting) == 1:
            self.found_by_short_name[name] = fitting[0]
            return Resolution(name, Found.DEPARTMENT, department_id=fitting[0])
        if fitting:
            return Resolution(name, Found.SEVERAL, suggestions=tuple(fitting[:SUGGESTIONS]))
        return Resolution(name, Found.UNKNOWN, suggestions=self._suggest(name))

    def _suggest(self, name: str) -> tuple[int, ...]:
        key = match_key(name)
        scored = ((fuzz.ratio(key, d.key), ident) for ident, d in self.departments.items())
        best = sorted((pair for pair in scored if pair[0] >= 30), reverse=True)
        return tuple(ident for _, ident in best[:SUGGESTIONS])


def is_group_word(name: str) -> bool:
    """Whether the words name several bodies at once (各镇, 相关单位) and so no single one."""
    key = match_key(name)
    return bool(_GROUP.match(key) or _OPEN_ENDED.search(key))
