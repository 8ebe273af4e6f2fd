"""Every hostile file by name; `python -m tests.hostile.corpus FOLDER PORT NAME…` writes some of them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from .case import CASES, Case, Net

THEMES = ("zips", "parts", "cells", "values", "words", "costs", "pages", "offices", "found")


def load() -> dict[str, Case]:
    """The cases of all themes."""
    for theme in THEMES:
        importlib.import_module(f".{theme}", __package__)
    return CASES


def write(folder: Path, port: int, names: list[str]) -> None:
    """Each file under its name; those that call home call this port."""
    Net.port = port
    cases = load()
    for name in names:
        (folder / name).write_bytes(cases[name].make())


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
