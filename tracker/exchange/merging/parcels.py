"""What was dropped at once (一包交回的文件): workbooks, a zip of them, files that go with them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO
from zipfile import ZipFile

from tracker.errors import InputError
from tracker.files.archives import shown_name
from tracker.files.examining import bounds_of, examine
from tracker.files.kinds import ending_of
from tracker.settings import Settings
from tracker.storage import held
from tracker.stores.chosen import local

WORKBOOKS = frozenset({"xlsx", "xls", "et", "ods", "xlsb", "csv", "tsv", "xml", "html", "htm"})
"""Endings of files that may be an export filled in; each is told by its content."""
_LEFT_BY_PROGRAMS = ("~$", ".~", "._")
_LEFT_IN_ZIPS = ("__MACOSX/",)


@dataclass(frozen=True)
class Item:
    """A file by its own name, and the name with which it is spoken of (the zip's and its own)."""

    name: str
    shown: str
    stream: IO[bytes]

    @property
    def may_be_workbook(self) -> bool:
        """By its ending."""
        return ending_of(self.name) in WORKBOOKS


@contextmanager
def unpacked(
    sent: Sequence[tuple[str, IO[bytes]]], settings: Settings
) -> Iterator[tuple[list[Item], list[str]]]:
    """The files that were sent, those in zips one by one, open while the block runs; and a sentence
    for each zip that cannot be taken. Nothing is unpacked to a disk."""
    items: list[Item] = []
    refused: list[str] = []
    with ExitStack() as stack:
        for name, stream in sent:
            if ending_of(name) != "zip":
                items.append(Item(name, name, stream))
                continue
            try:
                items += stack.enter_context(_opened(name, stream, settings))
            except InputError as error:
                refused.append(error.message.replace("佐证材料", "压缩包", 1))
        yield items, refused


@contextmanager
def _opened(name: str, stream: IO[bytes], settings: Settings) -> Iterator[list[Item]]:
    """The files of a zip that has been looked at in a child process first."""
    limit = settings.evidence_limit
    with held(stream, folder=local(settings), name=name, limit=limit) as path:
        examine(path, name, bounds_of(settings))
        with ZipFile(path) as archive, ExitStack() as stack:
            yield [
                Item(own, f"{name}/{own}", stack.enter_context(archive.open(member)))
                for member in archive.infolist()
                if not member.is_dir()
                and not member.filename.startswith(_LEFT_IN_ZIPS)
                and not (own := shown_name(member)).startswith(_LEFT_BY_PROGRAMS)
            ]
