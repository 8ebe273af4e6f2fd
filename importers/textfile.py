"""Bytes → text, strictly: by mark, by what the file declares, then UTF-8, then GB18030; never guessed."""

from __future__ import annotations

import codecs
import re
import unicodedata

from importers.errors import ReadingRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CHINESE = {"gb2312", "gbk", "x-gbk", "cp936", "gb18030", "x-gb2312", "hz-gb-2312", "936"}
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]{2,20})""",
    re.IGNORECASE,
)
_SAMPLE = 64 * 1024


def decode(data: bytes, declared: str = "") -> str:
    """The whole text. A byte that fits no encoding is refused with its line."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding).removeprefix("\ufeff")
    if (wide := wide_without_mark(data)) is not None:
        return _decode(data, wide)
    known = _known(declared)
    if known:
        try:
            return data.decode(known)
        except UnicodeDecodeError:  # the declaration lies: it is one of the usual two, or refused
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, "gb18030")


def declared_encoding(data: bytes) -> str:
    """What a web page or an XML file says its encoding is, '' where it does not say."""
    match = _DECLARED.search(data[:4096])
    return (match.group(1) or match.group(2)).decode("ascii").lower() if match else ""


def wide_without_mark(data: bytes) -> str | None:
    """'utf-16-le' or '-be' where only that makes sense: ASCII characters have every other byte 0."""
    sample = data[: _SAMPLE & ~1]
    if len(data) % 2 or b"\0" not in sample:
        return None
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    if min(zeros):
        return None
    encoding = "utf-16-be" if zeros[0] else "utf-16-le"
    text = sample.decode(encoding, "replace")
    sensible = "\n" in text and not any(unicodedata.category(c) in _SENSELESS for c in set(text))
    return encoding if sensible else None


_SENSELESS = {"Cn", "Cs", "Co"}


def _known(declared: str) -> str:
    if declared.lower() in _CHINESE:
        return "gb18030"
    try:
        name = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return ""
    return name if name in ("utf-8", "gb18030", "big5", "big5hkscs", "ascii") else ""


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise ReadingRefused(
            "bad_encoding", f"第 {line} 行的编码无法识别，请另存为 UTF-8 的 CSV 或 .xlsx 再导入"
        ) from e
