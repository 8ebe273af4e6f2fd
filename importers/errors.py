"""The one error importers raise: the file cannot be read, and this is what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST_PLACE = 80
_PANIC = "PanicException"
"""What calamine raises where it contradicts itself. It is no Exception, and no module exports it."""


class ReadingRefused(Exception):
    """A file that is not read at all. `code` is stable, `message` is one Chinese sentence.

    The message names the file, and the sheet and cell where they are known. `detail` is for logs.
    """

    def __init__(self, code: str, message: str, where: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.detail = detail

    def in_file(self, filename: str) -> ReadingRefused:
        """The same refusal with the file (and sheet or cell) named in front, as one line that can be
        shown anywhere: a sheet may be called anything, at any length."""
        named = f"《{_one_line(filename)}》" if filename else ""
        place = "，".join(part for part in (named, _one_line(self.where, _LONGEST_PLACE)) if part)
        said = _one_line(self.message)
        message = f"{place}：{said}" if place else said
        return ReadingRefused(self.code, message, detail=self.detail)


@contextmanager
def told_as_unreadable(where: str = "") -> Iterator[None]:
    """Whatever a parser raises over a file is the refusal `unreadable`, with this place named."""
    try:
        yield
    except (ReadingRefused, MemoryError):
        raise
    except BaseException as e:
        if not isinstance(e, Exception) and type(e).__name__ != _PANIC:
            raise
        message = "文件内部结构有误，无法读取，请用 Excel 或 Word 打开后另存再导入"
        raise ReadingRefused("unreadable", message, where) from e


def _one_line(text: str, most: int | None = None) -> str:
    """Printable characters only: no breaks, controls, direction marks or halves of characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"
