"""Which files may be evidence, by ending; and what to say of those that may not."""

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """What a requirement can ask for."""

    IMAGE = "image"
    DOCUMENT = "document"
    TABLE = "table"
    ARCHIVE = "archive"


class Kind(NamedTuple):
    """What is stored and handed out as such."""

    media_type: str
    group: Group


_OPEN = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", Group.DOCUMENT),
    "doc": Kind("application/msword", Group.DOCUMENT),
    "docx": Kind(_OPEN + "wordprocessingml.document", Group.DOCUMENT),
    "ofd": Kind("application/ofd", Group.DOCUMENT),
    "xls": Kind("application/vnd.ms-excel", Group.TABLE),
    "xlsx": Kind(_OPEN + "spreadsheetml.sheet", Group.TABLE),
    "png": Kind("image/png", Group.IMAGE),
    "jpg": Kind("image/jpeg", Group.IMAGE),
    "jpeg": Kind("image/jpeg", Group.IMAGE),
    "zip": Kind("application/zip", Group.ARCHIVE),
}
GROUP_OF = {kind.media_type: kind.group for kind in KINDS.values()}
"""By media type, for files that are kept."""

SHOWN = "pdf、png、jpg、doc、docx、xls、xlsx、ofd、zip"

_HEIC = "苹果手机的 HEIC 照片，许多电脑打不开。请在手机“设置—相机—格式”里选“兼容性最佳”，或另存为 jpg 后再上传"
_WEBP = "WebP 图片，许多办公软件打不开。请另存为 jpg 或 png 后再上传"
_MACROS = "带宏的文档，不能上传。请另存为不带宏的 docx 或 xlsx 后再上传"
_PACKED = "压缩包，但不是 zip。请改用 zip 压缩后再上传"
_VIDEO = "视频。请截取画面存成 jpg，或把视频放进 zip 后再上传"
_WPS = "WPS 文档。请另存为 docx 或 xlsx 后再上传"
_SLIDES = "演示文稿。请另存为 pdf 后再上传"
ADVICE: dict[str, str] = {
    **dict.fromkeys(("heic", "heif"), _HEIC),
    "webp": _WEBP,
    **dict.fromkeys(("docm", "xlsm", "dotm", "xltm", "xlam", "xlsb"), _MACROS),
    **dict.fromkeys(("rar", "7z", "gz", "tar", "bz2", "xz"), _PACKED),
    **dict.fromkeys(("mp4", "mov", "avi", "mkv", "3gp"), _VIDEO),
    **dict.fromkeys(("wps", "et"), _WPS),
    **dict.fromkeys(("ppt", "pptx", "dps"), _SLIDES),
}
"""By ending: what it is and what to do instead."""


def ending_of(name: str) -> str:
    """The part behind the last dot in small letters, '' without one."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def foreign_content(beginning: bytes) -> str:
    """What a file under a wrong ending is in truth, as ADVICE says it; '' when we do not know."""
    if beginning[4:8] == b"ftyp":
        return _HEIC if beginning[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"msf1") else _VIDEO
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return _WEBP
    if beginning.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return _PACKED
    return ""
