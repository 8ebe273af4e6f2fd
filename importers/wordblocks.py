"""What a Word document is made of, as it is shown: paragraphs, and tables of cells of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Paragraph:
    """What is shown, and what is not; `level` is the heading level from 1, 0 for body text."""

    text: str = ""
    hidden: str = ""
    deleted: str = ""
    level: int = 0
    new_page: bool = False


@dataclass(slots=True)
class Cell:
    """`merge` is 'restart' or 'continue' in a cell merged down, `across` in one merged across."""

    span: int = 1
    merge: str = ""
    across: bool = False
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """`before` are the grid columns left free at its start."""

    before: int = 0
    deleted: bool = False
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """`widths` are those of the grid columns, in twentieths of a point."""

    widths: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


Block = Paragraph | Table
