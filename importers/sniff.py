"""Tells what a file that is neither a zip nor an old office container is: by its first bytes."""

from __future__ import annotations

import re

from importers.errors import ReadingRefused
from importers.textfile import declared_encoding, decode, wide_without_mark

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    r"(?:<!--|<\?xml[^>]*>|<!doctype\s+html[^>]*>|\s)*<(?:html|head|body|table|style|div|meta|title|center|p|tr)\b",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?"
    rb"Content-Type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)",
    re.IGNORECASE,
)


def kind_of_text(data: bytes) -> str:
    """'csv', 'html', 'mhtml', 'spreadsheetml', 'fods' or 'pdf'. Raises `ReadingRefused`."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        raise ReadingRefused("not_a_workbook", "这是 RTF 文档，请用 Word 另存为 .docx 后再导入")
    if b"\0" in data and not data.startswith(_WIDE) and wide_without_mark(data) is None:
        raise ReadingRefused("not_a_workbook", "这不是表格文件，请把计划表另存为 .xlsx 后再导入")
    if _MAIL.match(data[:4096].lstrip(b"\xef\xbb\xbf\r\n")):
        return "mhtml"
    head = _head(data)
    if head[:5].lower() == "<?xml" or head[:1] == "<" and "xmlns" in head:
        return _kind_of_xml(head)
    return "html" if _HTML.match(head) else "csv"


def _head(data: bytes) -> str:
    """The first characters, whatever the encoding; what does not fit is left out."""
    if data.startswith(_WIDE):
        return data[:8192].decode("utf-16", "ignore").lstrip()
    wide = wide_without_mark(data)
    encoding = wide or ("utf-8" if data.startswith(b"\xef\xbb\xbf") else "latin-1")
    return data[:8192].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")


def _kind_of_xml(head: str) -> str:
    if "urn:schemas-microsoft-com:office:spreadsheet" in head and "<html" not in head.lower():
        return "spreadsheetml"
    if "opendocument:xmlns:office" in head and "office:document" in head:
        return "fods"
    if _HTML.match(head) or "<html" in head.lower():
        return "html"
    if "schemas.microsoft.com/office/word" in head or "2006/xmlPackage" in head:
        raise ReadingRefused("not_a_workbook", "这是 XML 格式的 Word 文档，请另存为 .docx 后再导入")
    raise ReadingRefused(
        "not_a_workbook", "文件内容是 XML 而不是工作簿，请用 Excel 打开并另存为 .xlsx"
    )


def xml_as_utf8(data: bytes) -> bytes:
    """An XML file in UTF-8, its own declaration taken off, for expat and the checks."""
    text = decode(data, declared_encoding(data))
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8", "replace")
