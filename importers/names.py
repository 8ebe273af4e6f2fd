"""The grammar of department cells: who is named, in which role, and what is doubtful about it.

Names come out as written, without layout spaces, with shared prefixes and suffixes completed and
brackets kept. Never raises.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial
from typing import NamedTuple

from importers import roles
from importers.completion import complete
from importers.grid import says_nothing
from importers.namelists import (
    ends_as_body,
    is_english_office,
    outside_brackets,
    split_names,
    without_numbers,
)
from importers.open_ends import is_open, without_others
from importers.roles import LEAD, OVERSIGHT, PERSON, SUPPORT
from importers.scoring import says_how_scored

__all__ = ["LEAD", "SUPPORT", "Doubt", "Named", "looks_like_department", "read_names"]

_PLAIN = re.compile(r"[\u3400-\u9fff、]+")
_NOT_PLAIN = re.compile(rf"{roles.ROLE_WORD.pattern}|等|和|与|及")
_ONLY_BRACKET = re.compile(r"[（(〔【\[].*[)）〕】\]]", re.DOTALL)
_IN_BRACKETS = re.compile(r"[（(〔【\[][^（(〔【\[）)〕】\]]*[)）〕】\]]")
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN = re.compile(r"[，,；;。、/／|\s]+")
_LONGEST = 60


class Doubt(NamedTuple):
    """A code of problems.py, what is written and what is proposed (None: to leave it out)."""

    code: str
    value: str
    proposed: str | None = None


class Named(NamedTuple):
    """The departments of one cell in their order, each with its role."""

    people: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


class _Said(NamedTuple):
    """One name of the cell, the role said for it, and whether that holds for those before too."""

    name: str
    said: str | None = None
    shared: bool = False


def read_names(text: str, role: str = LEAD) -> Named:
    """Read one cell whose column means `role`; words in the cell itself may say otherwise."""
    text = text.strip()
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text):
        return _plain_list(text, role)
    if says_nothing(text):
        return Named()
    if says_how_scored(text):
        return Named(doubts=(Doubt("not_a_department", text),))
    doubts: list[Doubt] = []
    text = without_numbers(text)
    if roles.ROLE_WORD.search(text):
        text = roles.run_on(text)
    parts = roles.blocks(text)
    if len(parts) > 1 and not parts[0].labelled:
        parts[0] = parts[0]._replace(labelled=True)
    said = [one for part in parts for one in _read_part(part, role, doubts)]
    return _named(_decided(said, role, doubts), doubts)


def _plain_list(text: str, role: str) -> Named:
    """甲、乙、丙 and nothing else: what most cells hold."""
    if says_nothing(text):
        return Named()
    doubts: list[Doubt] = []
    names = complete([name for name in text.split("、") if name], partial(_report, doubts))
    return _named([(name, role) for name in names], doubts)


@lru_cache(maxsize=8192)
def looks_like_department(text: str) -> bool:
    """Whether a cell holds nothing but names that end as offices' names do (局, 委, 办 …)."""
    bare = _IN_BRACKETS.sub("", text)
    if bare.isascii():
        return is_english_office(bare)
    parts = [part for part in _BETWEEN.split(bare) if part]
    if not parts or all(2 <= len(p) <= 30 and ends_as_body(p) for p in parts):
        return bool(parts)
    if not roles.ROLE_WORD.search(bare):
        return False
    names = [name for part in parts if (name := roles.ending(part).name)]
    return bool(names) and all(2 <= len(p) <= 30 and ends_as_body(p) for p in names)


def _named(people: list[tuple[str, str]], doubts: list[Doubt]) -> Named:
    doubts += [Doubt(*doubt) for name, _ in people if (doubt := _doubt_of(name))]
    return Named(_once(people, doubts), tuple(doubts))


def _report(doubts: list[Doubt], value: str, proposed: str) -> None:
    """How `complete` tells of a name it has made longer."""
    doubts.append(Doubt("completed_name", value, proposed))


def _read_part(part: roles.Part, role: str, doubts: list[Doubt]) -> list[_Said]:
    """The names of a labelled or plain stretch; a label gives its role to all that say none."""
    if part.said == PERSON:
        doubts.append(Doubt("not_a_department", part.text))
        return [_Said(part.text, role)]
    found: list[_Said] = []
    for clause in outside_brackets(part.text, roles.CLAUSE):
        found += _read_clause(clause.strip(), doubts)
    if part.said == OVERSIGHT:
        doubts += [Doubt("role_assumed", one.name, "配合") for one in found]
        return [one._replace(said=SUPPORT) for one in found]
    if part.labelled:
        said = part.said or role
        return [one if one.said in (LEAD, SUPPORT) else _Said(one.name, said) for one in found]
    return found


def _read_clause(clause: str, doubts: list[Doubt]) -> list[_Said]:
    """甲会同乙: whoever stands behind 会同 helps."""
    first, *others = roles.TOGETHER.split(clause)
    found = _read_names(first.strip(), doubts)
    helpers = [one for other in others for one in _read_names(other.strip(), doubts)]
    return found + [one._replace(said=SUPPORT) for one in helpers]


def _read_names(clause: str, doubts: list[Doubt]) -> list[_Said]:
    """甲、乙牵头: an ending holds for the names before it in the clause."""
    groups: list[tuple[list[str], str | None, bool]] = [([], None, False)]
    for name in split_names(clause, partial(_joined, doubts)):
        one = roles.ending(name)
        bare = roles.bracketed(one.name) if one.said is None else one
        alone = bare.said is not None and one.said is None
        if alone:
            groups += [([bare.name], bare.said, bare.shared), ([], None, False)]
        else:
            groups[-1][0].extend([one.name] if one.name else [])
            if one.said:
                names = groups[-1][0]
                names[:1] = [name.removeprefix("由") for name in names[:1]]
                groups[-1] = (names, one.said, one.shared)
                groups.append(([], None, False))
    return _completed(groups, doubts)


def _completed(
    groups: list[tuple[list[str], str | None, bool]], doubts: list[Doubt]
) -> list[_Said]:
    """The names with their shared prefix written out, and what is left open (等部门) apart."""
    closed = [(*without_others(n), said, shared) for ns, said, shared in groups for n in ns]
    kept = [name for name, _, _, _ in closed if name]
    whole = iter(complete(kept, partial(_report, doubts)))
    result: list[_Said] = []
    for name, others, said, shared in closed:
        result += [_Said(next(whole), said, shared)] if name else []
        result += [_Said(others, said, shared)] if others else []
    return result


def _joined(doubts: list[Doubt], value: str, proposed: str) -> None:
    """How `split_names` tells of a name it has put together."""
    doubts.append(Doubt("joined_name", value, proposed))


def _decided(said: list[_Said], role: str, doubts: list[Doubt]) -> list[tuple[str, str]]:
    """Beside a 牵头 whoever is named without a role helps; asked about unless a later word says so."""
    leads = [i for i, one in enumerate(said) if one.said == LEAD]
    if not leads:
        return [(one.name, one.said if one.said in (LEAD, SUPPORT) else role) for one in said]
    last_shared = {
        r: max((i for i, o in enumerate(said) if o.said == r and o.shared), default=-1)
        for r in (LEAD, SUPPORT)
    }
    people: list[tuple[str, str]] = []
    for i, one in enumerate(said):
        if one.said in (LEAD, SUPPORT):
            people.append((one.name, one.said))
        elif i < last_shared[LEAD]:
            people.append((one.name, LEAD))
        else:
            if one.said is None and i > last_shared[SUPPORT]:
                doubts.append(Doubt("role_assumed", one.name, "配合"))
            people.append((one.name, SUPPORT))
    return people


@lru_cache(maxsize=4096)
def _doubt_of(name: str) -> tuple[str, str, str | None] | None:
    """What is doubtful about one name, as the fields of a Doubt."""
    folded = unicodedata.normalize("NFKC", name)
    if _ONLY_BRACKET.fullmatch(name) or not _LETTER.search(folded) or len(name) > _LONGEST:
        return "not_a_department", name, None
    return ("open_group", name, name) if is_open(name) else None


def _once(people: list[tuple[str, str]], doubts: list[Doubt]) -> tuple[tuple[str, str], ...]:
    """A department named twice in one cell acts once, in the role named first."""
    first: dict[str, str] = {}
    for name, role in people:
        if name in first:
            doubts.append(Doubt("repeated_name", name))
        first.setdefault(name, role)
    return tuple(first.items())
