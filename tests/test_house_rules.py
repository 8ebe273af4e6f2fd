"""Rules worth stating are rules worth checking."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker import cli

ROOT = Path(__file__).parent.parent
LONGEST = {"tracker": 300, "tests": 420}
"""Lines; a list of sentences may run longer than a noun. The importers have rules of their own."""
ROOMS = (
    # from the ground up; a module imports its own floor and those below
    {
        "errors",
        "clock",
        "failpoints",
        "text",
        "packing",
        "paging",
        "logs",
        "settings",
        "addresses",
        "places",
        "workdays",
    },
    {"actor", "db", "stores", "files"},
    {"bulk", "events", "storage", "jobs"},
    {"directory"},
    {"plans"},
    {"work", "scoring"},
    {"intake"},
    {"exchange", "mail", "monitor"},
    {"reminders"},
    {"access", "models"},
    {"schema", "timetable"},
    {"demo"},
    {"web"},
    {"serving"},
    {"cli", "migrations", "__main__", ""},
)
FLOOR = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "tracker").with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imported(path: Path) -> set[str]:
    """Dotted names of what a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_imported(path: Path) -> set[str]:
    dotted = {name.split(".")[1] for name in imported(path) if name.startswith("tracker.")}
    return {room for room in dotted if room in FLOOR}


def test_imports_run_downwards_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {room}"
        for path in modules("tracker")
        for room in rooms_imported(path)
        if FLOOR[room] > FLOOR[room_of(path)]
    ]
    assert wrong == []


def test_every_room_has_its_floor() -> None:
    assert {room_of(path) for path in modules("tracker")} <= set(FLOOR)


@pytest.mark.parametrize("folder", LONGEST)
def test_no_module_holds_two_nouns(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST[folder]
        and "versions" not in path.parts
    }
    assert long == {}


def test_only_the_clock_reads_the_clock() -> None:
    reads = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    found = [
        str(path.relative_to(ROOT))
        for path in modules("tracker", "importers")
        if reads.search(path.read_text(encoding="utf-8")) and path.name != "clock.py"
    ]
    assert found == []


def test_commit_happens_at_the_edge_only() -> None:
    commits = re.compile(r"\.commit\(\)")
    found = [p for p in modules("tracker") if commits.search(p.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == []


def test_every_module_and_public_function_says_what_it_is_for() -> None:
    bare = []
    for path in modules("tracker", "importers"):
        if "versions" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            bare.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []


def commands(
    group: click.Group, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name)), command


def test_every_command_has_help_and_its_place_in_the_docs() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for name, command in commands(cli.tracker):
        assert command.help, name
        assert f"tracker {name}" in operating, name


def test_every_setting_has_its_place_in_the_docs() -> None:
    from tracker.settings import PREFIX, Settings

    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    missing = [n for n in Settings.model_fields if f"{PREFIX}{n.upper()}" not in operating]
    assert missing == []


def test_the_project_names_no_machine_and_no_registry() -> None:
    banned = re.compile(r"(?<!\w)/work/|/root/|pypi\.org|registry\.npmjs|deb\.debian")
    wrong = [
        str(path.relative_to(ROOT))
        for pattern in ("*.py", "*.md", "*.toml", "*.html", "Makefile", "*.lock", ".ci/*")
        for path in ROOT.rglob(pattern)
        if path.is_file()
        and not {".venv", "node_modules", ".git"} & set(path.parts)
        and path.name != "test_house_rules.py"
        and banned.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert wrong == []
