"""The real plan tables, which live outside the project: found, or the test is skipped aloud."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "plans"
PLANS = Path(os.environ.get("TRACKER_SHARED_PLANS", _BESIDE))
NOT_THERE = "the real plan tables are not there: set TRACKER_SHARED_PLANS to their folder"


def plan(number: str, ending: str = "xlsx") -> Path:
    """The workbook (or document) whose name begins with this number."""
    found = sorted(PLANS.glob(f"{number}-*.{ending}")) if PLANS.is_dir() else []
    if not found:
        pytest.skip(NOT_THERE)
    return found[0]


def expected(number: str) -> dict[str, Any]:
    """What a correct reading of that plan yields."""
    if not PLANS.is_dir():
        pytest.skip(NOT_THERE)
    result: dict[str, Any] = json.loads((PLANS / "expected" / f"{number}.json").read_text("utf-8"))
    return result
