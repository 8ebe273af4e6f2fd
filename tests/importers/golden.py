"""`make golden`: the whole reading of every fixture that is read rightly, for review as a diff."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .fixtures import FIXTURES, Fixture
from .judging import judge, missing, needless

FOLDER = Path(__file__).with_name("golden")
KNOWN_WRONG = FOLDER / "KNOWN_WRONG.txt"
_WIDTH = 120


def path(name: str) -> Path:
    """Where a fixture's golden reading is kept."""
    return FOLDER / f"{name}.json"


def written(fixture: Fixture) -> str:
    """Its reading as text: keys sorted, what is short on one line, UTF-8, a newline at the end."""
    return _laid_out(fixture.reading.to_json()) + "\n"


def _laid_out(value: object, indent: str = "") -> str:
    """JSON that a person can review: a value that fits on a line stands on one."""
    short = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(indent) + len(short) <= _WIDTH or not isinstance(value, dict | list) or not value:
        return short
    deeper = indent + "  "
    if isinstance(value, dict):
        inner = [
            f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(value[key], deeper)}"
            for key in sorted(value)
        ]
    else:
        inner = [_laid_out(item, deeper) for item in value]
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}\n{deeper}" + f",\n{deeper}".join(inner) + f"\n{indent}{last}"


def faults(fixture: Fixture) -> list[str]:
    """What is not read as the fixture says, a line each; empty when all of it is."""
    wrong = [v.detail for v in judge(fixture.tables, fixture.reading) if not v.right]
    wrong += [f"asks needlessly: {code}" for code in needless(fixture.asks, fixture.reading)]
    return wrong + [f"does not ask: {code}" for code in missing(fixture.asks, fixture.reading)]


def known_wrong() -> list[str]:
    """The fixtures that wait for the reader to be mended; `#` begins a remark."""
    lines = KNOWN_WRONG.read_text("utf-8").splitlines()
    return [name for line in lines if (name := line.partition("#")[0].strip())]


def main() -> int:
    """Write what changed, say so, and take what became right from the list; 1 if any is wrong."""
    FOLDER.mkdir(exist_ok=True)
    wrong = {name for name, fixture in FIXTURES.items() if faults(fixture)}
    for name in sorted(FIXTURES.keys() - wrong):
        _keep(path(name), written(FIXTURES[name]))
    known = known_wrong()
    for file in sorted(FOLDER.glob("*.json")):
        if file.stem not in FIXTURES or file.stem in wrong & set(known):
            file.unlink()
            print(f"removed    {file.stem}")
    kept = [line for line in known if line in wrong]
    if kept != known:
        lines = KNOWN_WRONG.read_text("utf-8").splitlines(keepends=True)
        left = [line for line in lines if line.startswith("#") or line.strip() in kept]
        KNOWN_WRONG.write_text("".join(left), "utf-8")
    for name in sorted(wrong - set(kept)):
        print(f"WRONG      {name}: {faults(FIXTURES[name])[0]}")
    print(f"{len(FIXTURES) - len(wrong)} golden, {len(wrong)} wrong")
    return 1 if wrong - set(kept) else 0


def _keep(file: Path, text: str) -> None:
    before = file.read_text("utf-8") if file.exists() else None
    if before != text:
        file.write_text(text, "utf-8")
        print(f"{'changed' if before else 'new':10} {file.stem}")


if __name__ == "__main__":
    sys.exit(main())
