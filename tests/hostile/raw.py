"""Workbooks part by part and zips byte by byte: what no program would write."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence

from tests.importers import build

HEADER = build.HEADER
TASK = "整理会议资料"
GOOD = build.GOOD
NAMES = build.NAMESPACE
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DTD = "<!DOCTYPE x [<!ENTITY a 'b'>]>"


def good(**parts: str | bytes) -> bytes:
    """A workbook that is read, with further parts; '__' in a name stands for '/'."""
    return build.raw(GOOD, extra={name.replace("__", "/"): data for name, data in parts.items()})


def with_part(name: str, data: str | bytes) -> bytes:
    """A workbook that is read, with this part."""
    return build.raw(GOOD, extra={name: data})


def sheets(
    bodies: Sequence[tuple[str, str]], *, said: str = "", states: Sequence[str] = (), book: str = ""
) -> bytes:
    """A workbook of (name, body); `said` goes before its sheets, `states` are theirs."""
    entries, relations = "", ""
    parts: dict[str, str | bytes] = {}
    for n, (name, body) in enumerate(bodies, 1):
        state = f' state="{states[n - 1]}"' if n <= len(states) and states[n - 1] else ""
        entries += f'<sheet name="{name}" sheetId="{n}"{state} r:id="rId{n}"/>'
        relations += relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml")
        parts[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {NAMES}>{body}</worksheet>"
    parts["xl/workbook.xml"] = (
        f'<workbook {NAMES} xmlns:r="{_OFFICE}">{said}<sheets>{entries}</sheets>{book}</workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relationships(relations)
    return build.raw("", extra=parts)


def relation(ident: str, kind: str, target: str, mode: str = "") -> str:
    """One relationship."""
    said = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="{ident}" Type="{_OFFICE}/{kind}" Target="{target}"{said}/>'


def relationships(inner: str) -> str:
    """A relationships part."""
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def plan(*rows: Sequence[str], header: Sequence[str] = HEADER) -> str:
    """A sheet's data: the header and rows of inline strings, or ready '<c …>' cells."""
    lines = []
    for r, row in enumerate((header, *rows), 1):
        cells = "".join(
            text.replace("@", f"{chr(65 + c)}{r}")
            if text.startswith("<c ")
            else _inline(r, c, text)
            for c, text in enumerate(row)
        )
        lines.append(f'<row r="{r}">{cells}</row>')
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _inline(r: int, c: int, text: str) -> str:
    return f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number(value: object, style: int | None = None) -> str:
    """A ready cell for `plan`; '@' becomes its address."""
    said = f' s="{style}"' if style is not None else ""
    return f'<c r="@"{said}><v>{value}</v></c>'


def styles(*formats: int) -> str:
    """A styles part whose cell styles have these built-in number formats."""
    cells = "".join(f'<xf numFmtId="{code}" applyNumberFormat="1"/>' for code in formats)
    return f"<styleSheet {NAMES}><cellXfs>{cells}</cellXfs></styleSheet>"


def members(*pairs: tuple[str, bytes]) -> bytes:
    """A zip of these members in this order, names twice allowed."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in pairs:
                archive.writestr(name, data)
    return stream.getvalue()


def added(data: bytes, info: zipfile.ZipInfo | str, content: str | bytes = b"x") -> bytes:
    """The same zip with one more member."""
    stream = io.BytesIO(data)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(info, content)
    return stream.getvalue()


def directory_at(data: bytes, name: str) -> int:
    """Where the central directory's entry of a member begins."""
    at = data.index(b"PK\x01\x02")
    wanted = name.encode()
    while True:
        length, extra, comment = struct.unpack_from("<3H", data, at + 28)
        if data[at + 46 : at + 46 + length] == wanted:
            return at
        at += 46 + length + extra + comment


def patched(data: bytes, at: int, *values: int, form: str = "<I") -> bytes:
    """The bytes with numbers written over them."""
    changed = bytearray(data)
    struct.pack_into(form, changed, at, *values)
    return bytes(changed)


def lying_size(data: bytes, name: str, size: int) -> bytes:
    """The directory says another size of a member than it has."""
    return patched(data, directory_at(data, name) + 24, size)


def deflated(data: bytes) -> bytes:
    """For PDF streams."""
    return zlib.compress(data, 1)
