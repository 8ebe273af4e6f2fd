"""The one error importers raise: the file cannot be read, and this is what to do about it."""

from __future__ import annotations


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
        """The same refusal with the file (and sheet or cell) named in front."""
        place = "，".join(
            part for part in (f"《{filename}》" if filename else "", self.where) if part
        )
        message = f"{place}：{self.message}" if place else self.message
        return ReadingRefused(self.code, message, detail=self.detail)
