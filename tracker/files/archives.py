"""Zips, and what is one inside: Word, Excel and OFD files. Runs in the child.

First the directory, then every member to its end, so that sizes and checksums are true; nothing is
ever unpacked to a disk.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from importers.errors import ReadingRefused
from importers.packages import content_type, main_part, real_names
from tracker.files.bounds import LOCKED, MACROS, MEGABYTE, Bounds, Refused, not_a, torn
from tracker.files.kinds import ending_of

CHUNK = MEGABYTE
_TORN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
         RuntimeError, IndexError, ReadingRefused)  # fmt: skip
_PARTS = 5 * MEGABYTE
"""Bytes of a part that is looked into as a whole."""
_PROGRAMS = frozenset({
    "exe", "dll", "com", "bat", "cmd", "scr", "pif", "msi", "ps1", "vbs", "vbe", "js", "jse", "wsf",
    "hta", "lnk", "jar", "apk", "docm", "xlsm", "dotm", "xltm", "xlam", "pptm", "reg", "cpl",
})  # fmt: skip
_PACKED = frozenset({"zip", "rar", "7z", "gz", "tar", "bz2", "xz", "cab", "iso"})
_LINKED = re.compile(rb'Target\s*=\s*["\'](?:https?:|\\\\|file://[^/])', re.IGNORECASE)
_WANTED = {"docx": "wordprocessingml.document.main", "xlsx": "spreadsheetml.sheet.main"}
_OFD_ROOT = re.compile(rb"<(?:\w+:)?OFD[\s>]")
_OFD_DOC = re.compile(rb"<(?:\w+:)?DocRoot>\s*/?([^<\s]+)\s*</")


def check_zip(path: Path, bounds: Bounds) -> None:
    """A zip that a reviewer can open without harm. Raises Refused."""
    with _opened(path, "zip") as archive:
        members = archive.infolist()
        check_directory(members, bounds)
        if not any(not member.is_dir() for member in members):
            raise Refused("empty", "是空的压缩包。请放进文件后再上传")
        for member in members:
            _check_inside(member)
        _read_all(archive, members, "zip")


def check_office(path: Path, ending: str, bounds: Bounds) -> None:
    """A docx or xlsx: the parts it must have, none it must not. Raises Refused."""
    with _opened(path, ending) as archive:
        members = archive.infolist()
        check_directory(members, bounds)
        names = real_names(archive)
        if "[content_types].xml" not in names:
            raise not_a(ending)
        _small(archive, names["[content_types].xml"], ending)
        _check_macros(archive, names)
        main = main_part(archive)
        if not main or _WANTED[ending] not in content_type(archive, main):
            raise not_a(ending)
        _check_template(archive, names, ending)
        _read_all(archive, members, ending)


def check_ofd(path: Path, bounds: Bounds) -> None:
    """An OFD: its OFD.xml, and the document that names. Raises Refused."""
    with _opened(path, "ofd") as archive:
        members = archive.infolist()
        check_directory(members, bounds)
        names = real_names(archive)
        if "ofd.xml" not in names:
            raise not_a("ofd")
        said = _small(archive, names["ofd.xml"], "ofd")
        document = _OFD_DOC.search(said)
        if not _OFD_ROOT.search(said) or document is None:
            raise not_a("ofd")
        if document.group(1).decode("utf-8", "replace").lower() not in names:
            raise torn("ofd")
        _read_all(archive, members, "ofd")


@contextmanager
def _opened(path: Path, ending: str) -> Iterator[zipfile.ZipFile]:
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            raise not_a(ending)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _TORN as error:
        raise torn(ending) from error


def check_directory(members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    """The zip's own list: how many, how large, and no name that means mischief."""
    if len(members) > bounds.members:
        raise Refused(
            "too_many_members",
            f"里有 {len(members)} 个文件，最多 {bounds.members} 个。请拆分后再上传",
        )
    if sum(member.file_size for member in members) > bounds.unpacked:
        most = bounds.unpacked // MEGABYTE
        raise Refused("unpacked_too_big", f"解压后超过 {most} MB。请拆分后再上传")
    if len({member.filename.casefold() for member in members}) < len(members):
        raise Refused("duplicate_members", "里有重名的文件。请重新压缩后再上传")
    for member in members:
        _check_member(member, bounds)


def _check_member(member: zipfile.ZipInfo, bounds: Bounds) -> None:
    name = member.orig_filename.replace("\\", "/")
    absolute = name.startswith("/") or name[1:2] == ":"
    link = stat.S_ISLNK(member.external_attr >> 16)
    if absolute or link or ".." in name.split("/") or any(ord(letter) < 32 for letter in name):
        raise Refused("unsafe_member", "里有越界的路径，不能上传。请重新压缩后再上传")
    if member.flag_bits & 0x1:
        raise LOCKED
    large = member.file_size > 10 * MEGABYTE
    if large and member.file_size > bounds.ratio * max(member.compress_size, 1):
        raise Refused("bomb", "里有压缩得异常的文件，不能上传。请重新压缩后再上传")


def _check_inside(member: zipfile.ZipInfo) -> None:
    """What a reviewer should not meet in a zip."""
    name = shown_name(member)
    if ending_of(name) in _PROGRAMS:
        raise Refused("program", f"里有程序或带宏的文档“{name}”，不能上传。请取出后再压缩上传")
    if ending_of(name) in _PACKED:
        raise Refused("nested", f"里还有压缩包“{name}”。请把里面的文件直接放进一个压缩包后再上传")


def shown_name(member: zipfile.ZipInfo) -> str:
    """The last part of a member's name; Windows in China writes it in GBK without saying so."""
    name = member.filename.rstrip("/")
    if not member.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return "".join(letter for letter in name.rsplit("/", 1)[-1] if letter.isprintable())[:80]


def _small(archive: zipfile.ZipFile, name: str, ending: str) -> bytes:
    """A part that must be small, whole."""
    if archive.getinfo(name).file_size > _PARTS:
        raise torn(ending)
    return archive.read(name)


def _check_macros(archive: zipfile.ZipFile, names: dict[str, str]) -> None:
    types = archive.read(names["[content_types].xml"]).lower()
    said = any(word in types for word in (b"macroenabled", b"macrosheet", b"vbaproject"))
    if said or any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise MACROS


def _check_template(archive: zipfile.ZipFile, names: dict[str, str], ending: str) -> None:
    """A template that would be fetched from somewhere when the document is opened."""
    settings = names.get("word/_rels/settings.xml.rels")
    if settings is None:
        return
    said = _small(archive, settings, ending)
    if b"attachedTemplate" in said and _LINKED.search(said):
        raise Refused(
            "remote_template", "引用了网络上的模板，不能上传。请另存为新文档或 pdf 后再上传"
        )


def _read_all(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], ending: str) -> None:
    for member in members:
        read = 0
        with archive.open(member) as content:
            while chunk := content.read(CHUNK):
                read += len(chunk)
        if read != member.file_size:
            raise torn(ending)
