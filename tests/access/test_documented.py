"""docs/access.md is the table that the code has."""

import re
from pathlib import Path

from tests.access import reach
from tracker.actor import POWERS, Role

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "access.md").read_text(encoding="utf-8")


def table(first_cell: str) -> list[list[str]]:
    """The rows under the header that begins so, cells stripped."""
    lines = TEXT.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_cell} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_the_powers_are_those_of_the_code() -> None:
    header = re.search(r"^\| power \|(.*)\|$", TEXT, re.MULTILINE)
    assert header
    roles = [Role(cell.strip()) for cell in header.group(1).split("|")]
    said = {
        row[0].strip("`"): {r for r, cell in zip(roles, row[1:], strict=True) if cell}
        for row in table("power")
    }
    assert said == {power: set(holders) for power, holders in POWERS.items()}


def test_the_rows_are_those_that_the_tests_hold_every_view_to() -> None:
    said = {row[0]: set(row[1].split(", ")) for row in table("row")}
    assert said == reach.ROWS
