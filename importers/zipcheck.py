"""A zip before anything is unpacked from it: its directory, then every part to its end."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable

from importers.errors import ReadingRefused
from importers.limits import Limits
from importers.packages import content_type, main_part, real_names
from importers.sheetxml import is_plain
from importers.xmlscan import scan_part

_XML_NAMES = (".xml", ".rels", ".vml")
_FOREIGN = ReadingRefused(
    "not_a_workbook", "压缩包里没有工作簿或文档，请把计划表另存为 .xlsx 后再导入"
)
_TORN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
CheckPart = Callable[[bytes, str, Limits], None]


def check_zip(data: bytes, limits: Limits) -> tuple[str, str, frozenset[str]]:
    """(kind, main part, parts without formulas or hidden rows). Raises `ReadingRefused`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_directory(members, limits)
            kind, main = _kind_of(archive)
            _check_macros(archive, kind)
            plain = frozenset(m.filename for m in members if _check_member(archive, m, limits))
            return kind, main, plain
    except _TORN as e:
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


def _kind_of(archive: zipfile.ZipFile) -> tuple[str, str]:
    """What the package says it is: by its mimetype, or by the type of its main part."""
    names = real_names(archive)
    if "mimetype" in names or ("content.xml" in names and "meta-inf/manifest.xml" in names):
        return _open_document(archive, names)
    main = main_part(archive)
    if not main:
        raise _FOREIGN
    said = content_type(archive, main)
    if "wordprocessingml" in said or "ms-word" in said:
        return "docx", main
    if "sheet.binary" in said or main.lower().endswith(".bin"):
        return "xlsb", main
    if "spreadsheetml" in said or "ms-excel" in said:
        return "xlsx", main
    if "presentationml" in said or "ms-powerpoint" in said:
        raise _FOREIGN
    words = main.startswith("word/") or b"wordprocessingml" in archive.read(main)[:4096]
    return ("docx" if words else "xlsx"), main


def _open_document(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[str, str]:
    manifest = (
        archive.read(names["meta-inf/manifest.xml"]) if "meta-inf/manifest.xml" in names else b""
    )
    if b"encryption-data" in manifest:
        raise ReadingRefused("password_protected", "文件设有打开密码，请取消密码后另存再导入")
    said = archive.read(names["mimetype"])[:200] if "mimetype" in names else manifest
    if b"opendocument.text" in said and b"opendocument.spreadsheet" not in said:
        raise ReadingRefused("odt", "这是 OpenDocument 文字文档，请另存为 .docx 后再导入")
    if "content.xml" not in names or b"opendocument.spreadsheet" not in said:
        raise _FOREIGN
    return "ods", names["content.xml"]


def _check_macros(archive: zipfile.ZipFile, kind: str) -> None:
    """Programs in a plan are refused, though nothing here would run them."""
    names = real_names(archive)
    has = any(name.endswith("vbaproject.bin") for name in names)
    if kind == "ods":
        has = any(
            name.startswith(("basic/", "scripts/"))
            and not name.endswith(("/", "script-lc.xml", "script-lb.xml"))
            for name in names
        )
    elif kind != "xlsb" and "[content_types].xml" in names:
        has = has or b"macroEnabled" in archive.read(names["[content_types].xml"])
    if has:
        raise ReadingRefused("macros", "文件带有宏，请另存为不带宏的 .xlsx 或 .docx 后再导入")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bool:
    """Read a part to its end: size and checksum are true, the XML harmless. True if plain."""
    data = archive.read(member)
    named_xml = member.filename.lower().endswith(_XML_NAMES)
    if named_xml or b"sheetData" in data or b"mergeCell" in data:
        scan_part(data, member.filename, limits)
    return b"sheetData" in data and is_plain(data)
