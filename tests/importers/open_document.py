"""OpenDocument spreadsheets for tests: a content.xml in our own words, zipped."""

from __future__ import annotations

from . import build

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEADER = ("序号", "工作任务", "责任单位", "完成时限")


def ods(
    *sheets: str, styles: str = "", before: str = "", mimetype: str = _MIMETYPE, **parts: str
) -> bytes:
    """A spreadsheet of these sheets; `parts` are further members by name."""
    return build.zipped(
        {"mimetype": mimetype, "content.xml": content(*sheets, styles=styles, before=before)}
        | parts
    )


def content(*sheets: str, styles: str = "", before: str = "") -> str:
    """The content.xml alone."""
    return (
        f"{before}<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(sheets)}"
        "</office:spreadsheet></office:body></office:document-content>"
    )


def sheet(*rows: str, name: str = "计划", columns: str = "", said: str = "") -> str:
    """One sheet of ready rows."""
    return f'<table:table table:name="{name}" {said}>{columns}{"".join(rows)}</table:table>'


def row(*cells: str, said: str = "") -> str:
    """One row of texts or ready cells."""
    inner = "".join(c if c.startswith("<table:") else cell(c) for c in cells)
    return f"<table:table-row {said}>{inner}</table:table-row>"


def cell(text: str, said: str = "", *, covered: bool = False) -> str:
    """One cell; each line is a paragraph."""
    kind = "covered-table-cell" if covered else "table-cell"
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n")) if text else ""
    return f"<table:{kind} {said}>{lines}</table:{kind}>"


def typed(kind: str, value: str, text: str, said: str = "") -> str:
    """A cell with a value beside its text."""
    attribute = {"date": "date-value", "boolean": "boolean-value"}.get(kind, "value")
    return cell(text, f'office:value-type="{kind}" office:{attribute}="{value}" {said}')
