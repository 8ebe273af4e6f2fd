"""What a returned workbook says as plain lists, so that it is read once and kept until it is settled."""

from typing import Any

from tracker.exchange.merging.found import Found, Hint, Loose, Row, Table
from tracker.exchange.merging.merge import Written
from tracker.exchange.merging.rowmark import read_mark
from tracker.exchange.sheets.hidden import Entry


def plain(found: Found, export: str) -> dict[str, Any]:
    """What it says of one export (the beginning of its key). A hidden sheet is kept only where rows
    without a mark may need it."""
    return {
        "tables": [
            [table.sheet, table.columns, [[r, str(mark), *texts] for r, mark, texts in table.rows]]
            for table in found.tables.get(export, ())
        ],
        "loose": [
            [one.source, {key: list(cell) for key, cell in one.written.items()}, one.after]
            for one in found.loose
        ],
        "twice": [[str(mark), places] for mark, places in found.twice.items()],
        "unread": found.unread,
        "others": found.others,
        "astray": found.astray,
        "hints": [[hint.key, list(hint.entries)] for hint in found.hints if found.loose],
        "guessed": found.is_guessed,
    }


def from_plain(kept: dict[str, Any]) -> Found:
    """What `plain` was given."""
    tables: dict[str, list[Table]] = {}
    for sheet, columns, rows in kept["tables"]:
        marked = ((r, read_mark(mark), tuple(texts)) for r, mark, *texts in rows)
        own = [Row(r, mark, texts) for r, mark, texts in marked if mark]
        for export in {row.mark.export for row in own}:
            tables.setdefault(export, []).append(Table(sheet, columns, own))
    twice = {read_mark(text): places for text, places in kept["twice"]}
    return Found(
        tables=tables,
        loose=[
            Loose(source, {key: Written(*cell) for key, cell in written.items()}, after)
            for source, written, after in kept["loose"]
        ],
        twice={mark: places for mark, places in twice.items() if mark},
        unread=kept["unread"],
        others=kept["others"],
        astray=kept.get("astray", []),
        hints=[Hint(key, [Entry(*one) for one in entries]) for key, entries in kept["hints"]],
        is_guessed=kept["guessed"],
    )
