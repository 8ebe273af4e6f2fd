"""Looks at a file before any parser does, with the standard library only, and refuses what hurts.

The kind is told by content, never by the extension. Raises `ReadingRefused`, else returns the kind.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from importers.errors import ReadingRefused
from importers.limits import Limits
from importers.sheetxml import is_plain
from importers.xmlscan import scan_part

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_NAMES = (".xml", ".rels", ".vml")
_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet[\s/>]")
_OTHER_ZIPS = {
    "word/document.xml": ("docx", "这是 Word 文档，目前请把表格复制到 Excel 后另存为 .xlsx 再导入"),
    "xl/workbook.bin": ("xlsb", "这是 .xlsb 二进制工作簿，请用 Excel 另存为 .xlsx 后再导入"),
    "content.xml": ("ods", "这是 OpenDocument 表格，请另存为 .xlsx 后再导入"),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """Which reader may have the file; `plain` are its parts without formulas or hidden rows."""

    kind: Literal["xlsx", "csv"]
    plain: frozenset[str] = frozenset()


def check(data: bytes, limits: Limits) -> Passed:
    """Refuse the file or let it pass. Costs under a second for 100,000 rows."""
    if not data.strip(b"\0 \t\r\n"):
        raise ReadingRefused("empty_file", "文件是空的，请重新导出或向来文单位索取")
    if len(data) > limits.file_bytes:
        most = limits.file_bytes // (1024 * 1024)
        raise ReadingRefused("file_too_big", f"文件超过 {most} MB，请拆分后分别导入")
    if data.startswith(_OLE):
        _refuse_ole(data)
    if data.startswith(b"PK"):
        return Passed("xlsx", _check_zip(data, limits))
    _refuse_other_formats(data)
    return Passed("csv")


def _refuse_ole(data: bytes) -> None:
    """Old office files share one container; the names of the streams tell which it is."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadingRefused("password_protected", "工作簿设有打开密码，请取消密码后另存再导入")
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise ReadingRefused(
            "old_xls", "这是旧版 .xls 工作簿，请用 Excel 或 WPS 另存为 .xlsx 后再导入"
        )
    raise ReadingRefused("not_a_workbook", "这不是表格文件，请把计划表另存为 .xlsx 后再导入")


def _refuse_other_formats(data: bytes) -> None:
    """What is neither a zip nor plain text is not a table we read."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"%PDF"):
        raise ReadingRefused("pdf", "这是 PDF 文件，请把表格复制到 Excel 后另存为 .xlsx 再导入")
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"{\\rtf")):
        raise ReadingRefused(
            "not_a_workbook", "文件内容是网页或 XML 而不是工作簿，请用 Excel 打开并另存为 .xlsx"
        )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not wide:
        raise ReadingRefused("not_a_workbook", "这不是表格文件，请把计划表另存为 .xlsx 后再导入")


def _check_zip(data: bytes, limits: Limits) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_directory(members, limits)
            _check_is_xlsx(archive, {member.filename for member in members}, limits)
            return frozenset(m.filename for m in members if _check_member(archive, m, limits))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as e:
        raise ReadingRefused("damaged_zip", "文件不完整或已损坏，请重新下载或另存一份再导入") from e


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """The zip's own list: how many, how big, and no name that means mischief."""
    if len(members) > limits.members:
        raise ReadingRefused("too_many_members", f"压缩包内部件超过 {limits.members} 个，不予打开")
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        most = limits.unpacked_bytes // (1024 * 1024)
        raise ReadingRefused("unpacked_too_big", f"文件解压后超过 {most} MB，不予打开")
    if len({member.filename.lower() for member in members}) < len(members):
        raise ReadingRefused("duplicate_members", "压缩包内有同名部件，请用 Excel 打开后另存再导入")
    for member in members:
        _check_name(member)


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename.replace("\\", "/")
    absolute = name.startswith("/") or name[1:2] == ":"
    link = stat.S_ISLNK(member.external_attr >> 16)
    if absolute or link or "\0" in name or ".." in name.split("/"):
        raise ReadingRefused("unsafe_member", "压缩包内有越界的路径，不予打开")
    if member.flag_bits & 0x1:
        raise ReadingRefused("password_protected", "压缩包内有加密部件，请取消密码后另存再导入")


def _check_is_xlsx(archive: zipfile.ZipFile, names: set[str], limits: Limits) -> None:
    """A zip is a workbook only if it says so; other office files get their own advice."""
    for name, (code, advice) in _OTHER_ZIPS.items():
        if name in names:
            raise ReadingRefused(code, advice)
    if any(name.lower().endswith("vbaproject.bin") for name in names) or _says_macros(
        archive, names
    ):
        raise ReadingRefused("macros", "工作簿带有宏，请另存为不带宏的 .xlsx 后再导入")
    if "xl/workbook.xml" not in names:
        raise ReadingRefused(
            "not_a_workbook", "压缩包里没有工作簿，请把计划表另存为 .xlsx 后再导入"
        )
    sheets = len(_SHEET.findall(archive.read("xl/workbook.xml")))
    if not sheets:
        raise ReadingRefused("no_sheets", "工作簿里没有工作表，请检查文件后再导入")
    if sheets > limits.sheets:
        raise ReadingRefused("too_many_sheets", f"工作表超过 {limits.sheets} 张，请拆分后再导入")


def _says_macros(archive: zipfile.ZipFile, names: set[str]) -> bool:
    types = "[Content_Types].xml"
    return types in names and b"macroEnabled" in archive.read(types)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bool:
    """Read a part to its end: size and checksum are true, the XML harmless. True if plain."""
    data = archive.read(member)
    named_xml = member.filename.lower().endswith(_XML_NAMES)
    if named_xml or b"sheetData" in data or b"mergeCell" in data:
        scan_part(data, member.filename, limits)
    return b"sheetData" in data and is_plain(data)
