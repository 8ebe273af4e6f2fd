"""A copy with questions comes back corrected: found by its mark, read without our own additions.

exchange.doubts writes the copies. The mark is a custom document property, which office programs keep
when they save. What we had added (a column, a line that says what to do) is taken out of the sheet's
XML before it is read, so that nothing of it can be taken for the office's own; notes are not read
anyway. This happens only to files that the child process has already found harmless.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring
from sqlmodel import Session, select

from importers import Reading, Table
from importers.grid import column_letter
from tracker.intake.batch import Batch
from tracker.intake.decide import plan_tables
from tracker.intake.package import are_small, is_package

PROPERTY = "TrackerBatch"
HEADER = "错误信息"
FIRST_LOOK = "先看这里："
"""How the line begins that says what to do."""
KEY = re.compile("[0-9a-f]{32}")
_CUSTOM, _BOOK = "docProps/custom.xml", "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_CELL = re.compile(rb"<(\w+:)?c\s[^<>]*>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HALF = 0.5


def key_of(file: Path) -> str | None:
    """The key of the batch whose copy this is; none for any other file."""
    if not is_package(file):
        return None
    try:
        with zipfile.ZipFile(file) as content:
            if not are_small(content, _CUSTOM, _BOOK, _RELATIONS):
                return None
            found = fromstring(content.read(_CUSTOM))
    except (zipfile.BadZipFile, ParseError, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    for one in found:
        if one.get("name") == PROPERTY:
            key = "".join(one.itertext()).strip()
            return key if KEY.fullmatch(key) else None
    return None


def without_ours(file: Path, reading: Reading) -> bytes:
    """The workbook without the cells that the copy had added; `reading` is of the file as it is."""
    ours = dict(_ours(reading))
    with zipfile.ZipFile(file) as content:
        parts = dict(_parts(content))
        cells = {parts[sheet]: names for sheet, names in ours.items() if sheet in parts}
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for member in content.infolist():
                data = content.read(member)
                if member.filename in cells:
                    data = _without(data, cells[member.filename])
                copy.writestr(member.filename, data)
    return target.getvalue()


def _ours(reading: Reading) -> Iterator[tuple[str, list[str]]]:
    """Of each sheet the pattern of our cells' names: our column (the last one with our header) and
    the line that says what to do. A sheet without the line had nothing to be told: a column of that
    name is the office's own."""
    for sheet, rows in {table.sheet: table.grid.rows for table in reading.tables}.items():
        heads = [c for row in rows for c, text in enumerate(row) if text.strip() == HEADER]
        lines = [
            f"{column_letter(c)}{r}"
            for r, row in enumerate(rows, 1)
            for c, text in enumerate(row)
            if text.startswith(FIRST_LOOK)
        ]
        column = [rf"{column_letter(max(heads))}\d+"] if heads and lines else []
        if column or lines:
            yield sheet, column + lines


def _parts(content: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Of each sheet the member that holds it."""
    book = _xml(content, _BOOK)
    targets = {one.get("Id"): one.get("Target", "") for one in _xml(content, _RELATIONS)}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(_RELATION), "")
            path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            yield sheet.get("name", ""), posixpath.normpath(path)


def _xml(content: zipfile.ZipFile, member: str) -> Element:
    found: Element = fromstring(content.read(member))
    return found


def _without(sheet: bytes, names: list[str]) -> bytes:
    """The sheet's XML without the cells of these names."""
    ours = re.compile(rb'\sr="(?:%s)"' % "|".join(names).encode())
    kept: list[bytes] = []
    begun = at = 0
    while found := _CELL.search(sheet, at):
        at = found.end()
        if not ours.search(found.group()):
            continue
        if not found.group().endswith(b"/>"):
            end = b"</%sc>" % (found.group(1) or b"")
            closed = sheet.find(end, at)
            if closed < 0:
                break
            at = closed + len(end)
        kept.append(sheet[begun : found.start()])
        begun = at
    return b"".join([*kept, sheet[begun:]])


def is_copy_of(reading: Reading, batch_reading: Reading) -> bool:
    """Whether a marked file still is the table its batch was read from, and not another one that
    the mark was copied into: by its headers, and by its title or half of its tasks."""
    ours, theirs = plan_tables(batch_reading), plan_tables(reading)
    if not _alike(_heads(ours), _heads(theirs) - {HEADER}):
        return False
    titles = {one.title for one in ours if one.title}
    return bool(titles & {one.title for one in theirs}) or _alike(_texts(ours), _texts(theirs))


def _alike(before: set[str], after: set[str]) -> bool:
    return len(before & after) >= _HALF * len(before)


def _heads(tables: list[Table]) -> set[str]:
    return {
        text.strip()
        for table in tables
        for row in table.grid.rows[table.header_rows[0] - 1 : table.header_rows[1]]
        for text in row
        if text.strip()
    }


def _texts(tables: list[Table]) -> set[str]:
    return {text for table in tables for text in table.tasks.columns.text}


def batch_of(session: Session, key: str, *, lock: bool = False) -> Batch | None:
    """The batch whose copies carry the key."""
    wanted = select(Batch).where(Batch.key == key)
    return session.exec(wanted.with_for_update() if lock else wanted).first()
