"""Small plan workbooks in the project's own words."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook

HEAD = ("序号", "工作任务", "责任单位", "完成时限")
DUTIES = (
    (1, "核对校车线路并公示", "教体局、财政局", "2026年6月底前"),
    (2, "公布助学资金发放名册", "财政局", "2026年6月底前"),
    (3, "走访偏远教学点", "教体局", "长期坚持"),
)


def workbook(
    rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD, title: str = "2026年重点任务"
) -> bytes:
    """A sheet with a title, a header and rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "任务"
    for row in ((title,), head, *rows):
        sheet.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()
