"""The evidence of a task or a plan as one zip, made while it is sent: no more of it than one piece of
a file is ever in memory.

Every file is looked at before a byte of it goes out; one that is missing or changed is left out and
the list says so. The list 清单.xlsx comes last, when all is known.
"""

import zipfile
from collections.abc import Generator, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tracker import clock
from tracker.errors import FileLost, StoreSilent
from tracker.exchange.cells import put
from tracker.exchange.evidence_list import Line
from tracker.exchange.ledger import saved
from tracker.exchange.zipping import Drain, entry
from tracker.storage import opened
from tracker.stores.store import Store

CHUNK = 256 * 1024
LIST = "清单.xlsx"
COLUMNS = (
    ("任务编号", 10), ("任务", 40), ("单位", 24), ("佐证要求", 18), ("文件", 60), ("大小（字节）", 14),
    ("上传时间", 18), ("SHA-256", 66), ("说明", 24),
)  # fmt: skip
LOST = "文件缺失或已损坏，没有放进来"
SILENT = "存放文件的服务器没有应答，没有放进来"


def streamed(lines: Sequence[Line], store: Store, *, zone: str) -> Iterator[bytes]:
    """The zip, piece by piece; moments are those of the office's clock in `zone`."""
    drain = Drain()
    notes: list[str] = []
    with zipfile.ZipFile(drain, "w") as archive:
        for line in lines:
            notes.append((yield from _put(archive, line, store, drain, zone)))
        moment = max((line.at for line in lines), default=None)
        archive.writestr(entry(LIST, moment, zone), _list(lines, notes, zone))
        yield drain.taken()
    yield drain.taken()


def _put(
    archive: zipfile.ZipFile, line: Line, store: Store, drain: Drain, zone: str
) -> Generator[bytes, None, str]:
    """One file into the zip, or nothing of it and a word why."""
    member = entry(line.path, line.at, zone)
    member.file_size = line.file.size  # so that a very large one gets wide fields
    try:
        content = opened(line.file, store)
    except FileLost:
        return LOST
    except StoreSilent:
        return SILENT
    with content, archive.open(member, "w") as target:
        while piece := content.read(CHUNK):
            target.write(piece)
            yield drain.taken()
    return ""


def _list(lines: Sequence[Line], notes: Sequence[str], zone: str) -> bytes:
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "佐证材料清单"
    for number, (head, width) in enumerate(COLUMNS, 1):
        put(sheet.cell(1, number), head)
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = width
    for row, (line, note) in enumerate(zip(lines, notes, strict=True), 2):
        at = clock.local(line.at, zone).strftime("%Y-%m-%d %H:%M")
        said = (line.task.number, line.task.text, line.department, line.requirement, line.path,
                line.file.size, at, line.file.sha256, note)  # fmt: skip
        for number, value in enumerate(said, 1):
            put(sheet.cell(row, number), value)
    sheet.freeze_panes = "A2"
    return saved(book)
