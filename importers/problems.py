"""Every doubt a reading can have, by code. docs/importing.md lists them for the reader."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One doubt beside one cell: what is written there and the reading proposed (or none)."""

    source: str
    code: str
    message: str
    value: str | None = None
    proposed: str | None = None


QUESTIONS = frozenset(
    {
        "ambiguous_header",
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
        "shifted_row",
        "blank_deadline",
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
        "torn_cell",
        "repeated_name",
        "formula",
        "deadline_validity",
        "hidden_sheet",
        "no_department",
        "hidden_text",
        "deleted_text",
    }
)
"""Codes that are shown and need no answer."""
