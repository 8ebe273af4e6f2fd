"""django-import-export as a reference, in a venv of its own that goes with the bench's folder."""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

WANTED = ("django>=5,<6", "django-import-export>=4,<5", "tablib[xlsx]>=3.6")
SCRIPT = Path(__file__).with_name("run_import.py")


class NoRegistry(Exception):
    """pip could not install what is wanted."""


def install() -> Path:
    """The interpreter of a fresh venv with Django in it. Raises NoRegistry."""
    folder = Path(tempfile.mkdtemp(prefix="django-", dir=tempfile.tempdir))
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *WANTED],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoRegistry((done.stderr.strip().splitlines() or ["pip failed"])[-1][:200])
    return python


def seconds(python: Path, workbook: Path) -> float:
    """How long it takes to import the workbook's rows into a fresh SQLite database.

    Merged cells are filled down beforehand, outside the time: the reference does not know them.
    """
    with tempfile.TemporaryDirectory() as folder:
        flat = Path(folder) / "flat.xlsx"
        _flatten(workbook, flat)
        done = subprocess.run(
            [python, SCRIPT, flat, Path(folder) / "django.db"],
            capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        raise RuntimeError("the django-import-export reference failed")
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def _flatten(workbook: Path, flat: Path) -> None:
    import xlsxwriter

    import importers

    book = xlsxwriter.Workbook(str(flat), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(
        0, 0, ["number", "category", "item", "subitem", "text", "departments", "mode", "points",
               "deadline", "due_on"],
    )  # fmt: skip
    for row, task in enumerate(importers.read(workbook).tasks, 1):
        score = task.scoring[0] if task.scoring else None
        due = task.deadline.due_on or task.deadline.proposed
        sheet.write_row(
            row, 0,
            [task.number, *task.outline[:3], task.text, ",".join(a.name for a in task.assignments),
             score.mode if score else "", score.points if score else 0, task.deadline.text,
             due.isoformat() if due else ""],
        )  # fmt: skip
    book.close()
