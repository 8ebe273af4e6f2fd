"""What was done with a returned workbook, as it was seen then: kept when it is settled, since merging it
again would compare it with what it has written itself."""

from dataclasses import dataclass, field
from typing import Any

from tracker.exchange.merging.applying import wanted
from tracker.exchange.merging.fields import Of
from tracker.exchange.merging.merge import Cell, Change, Kind
from tracker.exchange.merging.together import Sent
from tracker.packing import pack, unpack


@dataclass
class Memory:
    """The changes as they were shown, those that were written, and the new tasks that were added and
    left out, by their texts."""

    changes: list[Change] = field(default_factory=list)
    written: set[Cell] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def of(sent: Sent) -> Memory:
    """What was just written of a workbook."""
    new = sent.merged.new if sent.merged else []
    added = [one.text for place, one in enumerate(new) if place in sent.adds and not one.reason]
    return Memory(
        sent.changes,
        {change.cell for change in wanted(sent.changes, sent.choice)},
        added,
        [one.text for one in new if one.text not in added],
    )


def packed(memory: Memory) -> bytes:
    """The memory as bytes."""
    return pack({
        "changes": [
            [one.kind.value, *one.cell, one.base, one.theirs, one.ours, one.source, one.reason]
            for one in memory.changes
        ],
        "written": [list(cell) for cell in sorted(memory.written)],
        "added": memory.added, "left_out": memory.left_out,
    })  # fmt: skip


def unpacked(content: bytes) -> Memory:
    """What `packed` was given."""
    kept = unpack(content)
    return Memory(
        [_change(*one) for one in kept["changes"]],
        {Cell(Of(of_), ident, key) for of_, ident, key in kept["written"]},
        kept["added"],
        kept["left_out"],
    )


def _change(kind: str, of_: str, ident: int, key: str, *said: Any) -> Change:
    return Change(Kind(kind), Cell(Of(of_), ident, key), *said)
