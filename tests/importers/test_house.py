"""The room's own rules: what it may import, how long its modules are, that its codes are documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import importers

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "importers").rglob("*.py"))
MANUAL = (ROOT / "docs" / "importing.md").read_text("utf-8")
FOREIGN = {"flask", "sqlmodel", "sqlalchemy", "tracker", "pydantic"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_importers_are_pure_and_small(path):
    assert not imported(path) & FOREIGN
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_every_problem_code_is_documented_and_sorted_into_one_list():
    assert not importers.QUESTIONS & importers.NOTICES
    missing = [c for c in importers.QUESTIONS | importers.NOTICES if f"`{c}`" not in MANUAL]
    assert missing == []


def test_every_code_in_the_source_is_known():
    source = "\n".join(path.read_text("utf-8") for path in MODULES)
    problems = set(re.findall(r'(?:Problem|Doubt)\(\s*[\w.]+(?:\([^()]*\))?,\s*"(\w+)"', source))
    problems |= set(re.findall(r'code="(\w+)"', source))
    assert problems <= importers.QUESTIONS | importers.NOTICES


def test_every_refusal_is_documented():
    source = "\n".join(path.read_text("utf-8") for path in MODULES)
    codes = set(re.findall(r'ReadingRefused\(\s*"(\w+)"', source))
    assert len(codes) > 20
    assert [code for code in sorted(codes) if f"`{code}`" not in MANUAL] == []
