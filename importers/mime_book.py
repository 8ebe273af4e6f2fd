"""MHTML (单个文件网页, often saved as .xls) → the pages in it, and from them Grids."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import Message

from importers.errors import ReadingRefused
from importers.grid import Grid
from importers.limits import Limits
from importers.markup import read_html, sheet_names
from importers.textfile import declared_encoding, decode

_MOST_PARTS = 500


def read_mhtml(data: bytes, limits: Limits) -> list[Grid]:
    """The tables of every page in the file; pages without one are frames around the others."""
    pages = _pages(message_from_bytes(data, policy=policy.compat32), limits)
    names = next((found for page in pages if (found := sheet_names(page))), [])
    grids: list[Grid] = []
    for page in pages:
        if "<table" in page.lower():
            grids += [grid for grid in read_html(page, limits) if not grid.prose]
    if not grids:
        raise ReadingRefused("no_table", "网页里没有表格，请把计划表另存为 .xlsx 后再导入")
    for n, grid in enumerate(grids):
        grid.sheet = names[n] if len(names) == len(grids) else f"表{n + 1}"
    return grids


def _pages(message: Message, limits: Limits) -> list[str]:
    """The text of each HTML part, decoded by its own declaration."""
    pages: list[str] = []
    size = 0
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            raise ReadingRefused("too_many_members", f"文件内部件超过 {_MOST_PARTS} 个，不予打开")
        if part.get_content_type() != "text/html":
            continue
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        size += len(data)
        if size > limits.unpacked_bytes:
            raise ReadingRefused("unpacked_too_big", "文件解开后过大，不予打开")
        pages.append(decode(data, part.get_content_charset() or declared_encoding(data)))
    return pages
