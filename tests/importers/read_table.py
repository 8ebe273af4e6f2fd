"""What the tests of tables and of cells look at: the one table of a small workbook."""

from __future__ import annotations

from importers import Problem, Table, read


def table(data: bytes, **context: object) -> Table:
    """The only table of a workbook; the year is 2026 unless said."""
    (found,) = read(data, filename="计划.xlsx", **({"year": 2026} | context)).tables
    return found


def texts(found: Table) -> list[str]:
    return [task.text for task in found.tasks]


def codes(found: Table) -> list[str]:
    return [problem.code for problem in found.problems]


def problem(found: Table, code: str) -> Problem:
    return next(p for p in found.problems if p.code == code)
