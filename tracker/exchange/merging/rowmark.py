"""The mark of an exported row: which export it is of, which task, which part. It stands in a hidden
column, moves with its row when rows are sorted, and goes along when a sheet is copied elsewhere."""

import re
from enum import StrEnum
from typing import NamedTuple

HEADER = "行标识（请勿改动）"
KEY_LENGTH = 16
"""Hexadecimal digits of the export's key that a mark repeats."""
_MARK = re.compile(r"T([LOC])-([0-9a-f]{16})-(\d{1,18})-(\d{1,18})")


class Form(StrEnum):
    """Which columns stand beside the mark: the ledger's, those added to the plan's own layout, or the
    ledger's as text alone, where formulas are kept off by an apostrophe."""

    LEDGER = "L"
    ORIGINAL = "O"
    CSV = "C"


_FORMS = {form.value: form for form in Form}


class RowMark(NamedTuple):
    """`export` is the beginning of the export's key; `part` is 0 where the row has none."""

    form: Form
    export: str
    task: int
    part: int

    def __str__(self) -> str:
        return f"T{self.form}-{self.export}-{self.task}-{self.part}"


def of_row(form: Form, key: str, task: int, part: int = 0) -> RowMark:
    """The mark of a row in the export with this key."""
    return RowMark(form, key[:KEY_LENGTH], task, part)


def read_mark(text: str) -> RowMark | None:
    """The mark in a cell, or None."""
    found = _MARK.fullmatch(text.strip())
    return RowMark(_FORMS[found[1]], found[2], int(found[3]), int(found[4])) if found else None
