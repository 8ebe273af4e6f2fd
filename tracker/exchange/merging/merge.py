"""The three-way merge of cells: base (what the export said), theirs (the file), ours (now).

Pure: no file, no database, no clock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tracker.errors import InputError
from tracker.exchange.cells import held
from tracker.exchange.merging.fields import BY_KEY, Of, as_seen


class Cell(NamedTuple):
    """A cell by what it is of: the task's or the part's id, and the field's key."""

    of: Of
    ident: int
    field: str


class Written(NamedTuple):
    """What a cell of the returned file holds, and where it stands."""

    text: str
    source: str


class Said(NamedTuple):
    """What an export's cell showed, and the value it showed; they differ where a cell shows words
    around the value."""

    shown: str
    value: str


class Kind(StrEnum):
    """What became of a cell or row."""

    UNCHANGED = "unchanged"
    THEIRS = "theirs"
    OURS = "ours"
    SAME = "same"
    CONFLICT = "conflict"
    NEW = "new"
    MISSING = "missing"
    INVALID = "invalid"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True)
class Change:
    """One cell. `reason` is a sentence, for what cannot be written; `source` its place in the file."""

    kind: Kind
    cell: Cell
    base: str
    theirs: str
    ours: str
    source: str
    reason: str = ""


Allowed = Callable[[Cell], str]
"""Why the sender may not change the cell; '' when he may."""


def merge(
    base: Mapping[Cell, Said], theirs: Mapping[Cell, Iterable[Written]], ours: Mapping[Cell, str],
    allowed: Allowed,
) -> list[Change]:  # fmt: skip
    """One change for each cell of the file, in its order.

    A cell may stand in several rows (a task's text beside each of its departments): it is changed
    when one row changes it, and invalid when two change it differently.
    """
    return [
        merge_cell(cell, base[cell], list(written), ours.get(cell, base[cell].value), allowed)
        for cell, written in theirs.items()
    ]


def merge_cell(
    cell: Cell, base: Said, written: Sequence[Written], ours: str, allowed: Allowed
) -> Change:
    """What became of one cell; `written` are the rows that say it, at least one."""
    read = BY_KEY[cell.field].read
    found: dict[str, Written] = {}
    for one in written:
        try:
            value = base.value if _is_as_shown(one.text, base) else read(one.text)
        except InputError as refused:
            reason = allowed(cell)
            kind = Kind.NOT_ALLOWED if reason else Kind.INVALID
            why = reason or refused.message
            return Change(kind, cell, base.value, one.text, ours, one.source, why)
        if value != base.value:
            found.setdefault(value, one)
    if not found:
        kind = Kind.UNCHANGED if ours == base.value else Kind.OURS
        return Change(kind, cell, base.value, base.value, ours, written[0].source)
    (value, first), *others = found.items()
    change = Change(Kind.THEIRS, cell, base.value, value, ours, first.source)
    if others:
        return _as(change, Kind.INVALID, f"与 {others[0][1].source} 写得不一样，请统一后再交。")
    if reason := allowed(cell):
        return _as(change, Kind.NOT_ALLOWED, reason)
    if ours == base.value:
        return change
    return _as(change, Kind.SAME if ours == value else Kind.CONFLICT)


def _is_as_shown(text: str, base: Said) -> bool:
    """The cell says what it said, in the spelling of whatever program saved it."""
    return as_seen(text) == as_seen(held(base.shown))


def _as(change: Change, kind: Kind, reason: str = "") -> Change:
    return Change(kind, change.cell, change.base, change.theirs, change.ours, change.source, reason)
