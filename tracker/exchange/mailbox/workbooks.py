"""The workbooks in a mail's files: told by their first bytes, whatever they are called; zips are opened as
those that are dropped on the page are, after a look in a child process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile

from tracker.exchange.mailbox.letter import Piece
from tracker.exchange.merging.parcels import unpacked
from tracker.files.kinds import ending_of
from tracker.settings import Settings

MOST = 30
"""Workbooks of one mail."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = frozenset({"csv", "tsv"})
"""Kinds that have no first bytes of their own."""


@dataclass(frozen=True)
class Enclosed:
    """A file that may be a workbook, or the sentence why it was not taken out."""

    name: str
    content: bytes = b""
    problem: str = ""


def workbooks_in(pieces: Sequence[Piece], settings: Settings) -> Iterator[Enclosed]:
    """Every workbook, one at a time. Files of other kinds are passed over, since signatures and
    letterheads come along."""
    number = 0
    for piece in pieces:
        for found in _opened(piece, settings):
            number += 1
            if number > MOST:
                yield Enclosed(found.name, problem=f"一封邮件最多收 {MOST} 份表，其余请另发。")
                return
            yield found


def _opened(piece: Piece, settings: Settings) -> Iterator[Enclosed]:
    if piece.content.startswith(_ZIP) and not _is_workbook(piece.content):
        yield from _unzipped(piece, settings)
    elif _may_be_workbook(piece.name, piece.content):
        yield Enclosed(piece.name or "未命名.xlsx", piece.content)


def _may_be_workbook(name: str, begins: bytes) -> bool:
    return begins.startswith((_ZIP, _OLE)) or ending_of(name) in _TEXTS


def _is_workbook(content: bytes) -> bool:
    """Whether a zip is one file of an office program, or torn: the reader has a sentence for that."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (BadZipFile, OSError, ValueError, NotImplementedError, IndexError):
        return True
    return bool(names & {"[content_types].xml", "mimetype"})


def _unzipped(piece: Piece, settings: Settings) -> Iterator[Enclosed]:
    name = piece.name if ending_of(piece.name) == "zip" else f"{piece.name or '未命名'}.zip"
    with unpacked([(name, BytesIO(piece.content))], settings) as (items, refused):
        yield from (Enclosed(name, problem=said) for said in refused)
        for item in items:
            if content := _read(item.name, item.stream, settings.upload_limit):
                yield _bounded(item.shown, content, settings.upload_limit)


def _read(name: str, stream: IO[bytes], limit: int) -> bytes:
    """A member that may be a workbook, one byte more than the limit at most; nothing of others."""
    first = stream.read(len(_OLE))
    return first + stream.read(limit + 1 - len(first)) if _may_be_workbook(name, first) else b""


def _bounded(shown: str, content: bytes, limit: int) -> Enclosed:
    if len(content) > limit:
        return Enclosed(shown, problem=f"“{shown}”超过 {limit // 1024 // 1024} MB，没有收下。")
    return Enclosed(shown, content)
