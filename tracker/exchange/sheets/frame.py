"""A workbook made by openpyxl but for the rows of some of its sheets, which are streamed into it.

openpyxl writes what a workbook has once: styles, widths, panes, filters, rules, print set-up. The
rows, of which there may be a hundred thousand, are XML that goes into the zip as it is made.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO

from openpyxl import Workbook

_END = b"</sheetData>"
_EMPTY = b"<sheetData/>"
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
LEVEL = 3
"""Of compression: the next levels cost twice the time and win a tenth."""

Frame = Callable[[int], Workbook]
"""The workbook without its streamed rows, given the number of the last row of its first sheet; every
call must register the same styles in the same order."""


def write(
    target: IO[bytes], frame: Frame, first: int, rows: Iterable[Iterable[str]],
    others: Callable[[], dict[int, Iterable[bytes]]],
) -> None:  # fmt: skip
    """Write the workbook. `rows` are the <row> elements below row `first` of the first sheet, some at a
    time; `others` gives whole sheets' XML by their number from 1, when the rows have been written."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        last = first
        with _part(archive, 1) as sheet:
            head, _tail = _halves(_parts(frame(first))[_name(1)])
            sheet.write(_DIMENSION.sub(b"", head))
            with _behind(sheet) as put:
                for some in rows:
                    told = list(some)
                    last += len(told)
                    put("".join(told).encode())
            parts = _parts(frame(last))
            sheet.write(_halves(parts.pop(_name(1)))[1])
        for number, content in others().items():
            del parts[_name(number)]
            with _part(archive, number) as sheet:
                for piece in content:
                    sheet.write(piece)
        for name, part in parts.items():
            archive.writestr(name, part)


@contextmanager
def _behind(part: IO[bytes]) -> Iterator[Callable[[bytes], None]]:
    """Compresses a piece while the next is made: zlib leaves the interpreter to others meanwhile. No more
    than one piece waits."""
    with ThreadPoolExecutor(1) as worker:
        waiting: list[Future[int]] = []

        def put(piece: bytes) -> None:
            while waiting:
                waiting.pop().result()
            waiting.append(worker.submit(part.write, piece))

        yield put
        while waiting:
            waiting.pop().result()


@contextmanager
def _part(archive: zipfile.ZipFile, number: int) -> Iterator[IO[bytes]]:
    # larger parts than 2 GiB must be told beforehand
    with archive.open(_name(number), "w", force_zip64=False) as part:
        yield part


def _name(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _parts(book: Workbook) -> dict[str, bytes]:
    target = io.BytesIO()
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _halves(sheet: bytes) -> tuple[bytes, bytes]:
    """A sheet's XML before and after where further rows go."""
    if _EMPTY in sheet:
        head, _, tail = sheet.partition(_EMPTY)
        return head + b"<sheetData>", _END + tail
    at = sheet.index(_END)
    return sheet[:at], sheet[at:]
