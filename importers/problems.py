"""Every doubt a reading can have, by code. docs/importing.md lists them for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One doubt beside one cell: what is written there and the reading proposed (or none).

    Where an answer would change how the whole table is read, `key` names the question for
    `read(answers=…)` and `options` are the words to choose from.
    """

    source: str
    code: str
    message: str
    value: str | None = None
    proposed: str | None = None
    key: str = ""
    options: tuple[str, ...] = ()

    def to_json(self) -> dict[str, str | None]:
        """As `tracker read --json` prints it."""
        told = self._asdict()
        return {name: told[name] for name in ("source", "code", "message", "value", "proposed")}


def problem_from(plain: Sequence[Any]) -> Problem:
    """A Problem that has been a plain list on its way."""
    source, code, message, value, proposed, *rest = plain
    key, options = rest or ("", ())
    return Problem(source, code, message, value, proposed, key, tuple(options))


QUESTIONS = frozenset(
    {
        "ambiguous_header",
        "guessed_column",
        "not_one_lead",
        "damaged_deadline",
        "deadline_without_year",
        "several_deadlines",
        "over_new_year",
        "before_issue",
        "implausible_date",
        "not_a_department",
        "open_group",
        "completed_name",
        "joined_name",
        "role_assumed",
        "no_task",
        "two_deadlines",
        "hidden_rows",
        "hidden_columns",
        "hidden_sheet",
        "shifted_row",
        "blank_deadline",
        "blank_department",
        "department_above",
        "error_cell",
        "formula_without_value",
        "unclear_status",
        "unclear_points",
        "text_under_merge",
        "bad_character",
        "unclear_role",
        "shared_departments",
        "pdf_table",
    }
)
"""Codes a person decides on before the plan is applied."""

NOTICES = frozenset(
    {
        "continued_row",
        "continued_table",
        "answered_before",
        "torn_cell",
        "repeated_name",
        "formula",
        "deadline_validity",
        "unread_sheet",
        "repeated_number",
        "missing_number",
        "number_format",
        "no_department",
        "hidden_text",
        "deleted_text",
    }
)
"""Codes that are shown and need no answer."""
