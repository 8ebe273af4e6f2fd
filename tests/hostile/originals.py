"""The sound files that mutants are made of: every format, in our own words, the same bytes each time.

Packages stand as their parts, so that a change reaches the parser behind the zip.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import xlwt

from importers.ole import Compound
from tests.importers import binary_xlsx, build, open_document, pdf_file, word
from tests.importers.fixtures import FIXTURES
from tests.importers.ole_file import container

from . import pages
from .raw import sheets as raw_sheets

Rows = Sequence[Sequence[str]]
Merges = Sequence[tuple[int, int, int, int]]
"""(top, left, bottom, right), from 0."""
Parts = dict[str, bytes]

PLAN = (
    ("2026年度机关内务工作分解表", "", "", "", ""),
    ("序号", "类别", "工作任务", "责任单位", "完成时限"),
    ("1", "会务", "整理会议资料并归档", "综合科、档案科", "3月底"),
    ("2", "", "印发会议纪要（2分）", "综合科牵头，财务科配合", "2026年4月15日前"),
    ("3", "后勤", "检修食堂设备", "后勤科", "长期坚持"),
    ("4", "", "清点办公用品", "各科室", "每月28日前"),
    ("", "", "并登记造册", "", ""),
    ("5", "", "更换消防器材", "后勤科（牵头）、保卫科", "5月—6月"),
    ("注：列第一位的为牵头单位，下同。", "", "", "", ""),
)
MERGED = ((0, 0, 0, 4), (2, 1, 3, 1), (4, 1, 7, 1), (8, 0, 8, 4))
MATRIX = (
    ("值班值守事项", "综合科", "后勤科", "保卫科"),
    ("节日值班表", "●", "○", "○"),
    ("车辆检查", "", "●", "○"),
    ("门禁巡查", "○", "", "●"),
)
LONG = (
    ("序号", "工作任务", "责任单位", "完成时限"),
    *((str(n), f"整理第{n}柜卷宗", f"{n % 7 + 1}科、档案科", f"{n % 12 + 1}月底前") for n in range(1, 31)),
)  # fmt: skip
TABLES: tuple[tuple[Rows, Merges], ...] = ((PLAN, MERGED), (MATRIX, ()), (LONG, ()))
PROSE = (
    "2026年机关节能方案", "一、照明", "1. 更换走廊灯具。", "责任单位：后勤科", "完成时限：6月底前",
    "2. 张贴节电提示。（综合科牵头，各科室配合，4月底前）", "二、用水", "（一）检修管道。", "牵头单位：后勤科",
    "配合单位：财务科、综合科", "完成时限：长期坚持",
)  # fmt: skip
DRAWN = (
    "deadlines.real_dates", "deadlines.damaged", "departments.roles_inside_the_cell",
    "groups.banners_on_two_levels", "groups.vertical_groups", "headers.header_in_three_rows",
    "hidden.a_hidden_row_under_a_merge", "hidden.a_hidden_sheet_with_a_plan", "hidden.an_error_in_a_cell",
    "hidden.comments_and_drop_downs", "hidden.formulas_with_their_results",
    "matrices.raci_with_deadlines", "matrices.departments_as_rows",
    "merges.category_department_and_deadline_merged_down", "more_habits.rich_text",
    "not_plans.directory", "odd_sheets.instructions_data_and_choices", "pages.a_deadline_cut_in_two",
    "pages.columns_shifted_after_a_page", "scoring.two_modes_with_points", "several_tables.two_tables_side_by_side",
    "strangers_layouts.two_sheets_two_years",
)  # fmt: skip


@dataclass(frozen=True)
class Original:
    """`data` of a file that is one piece, else `parts`; an old workbook has both: `data` is its book."""

    kind: str
    ending: str
    data: bytes = b""
    parts: Parts | None = None
    encoding: str = "utf-8"


def parts_of(data: bytes) -> Parts:
    """A package's parts in their order, without the time at which it was written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    if core in found:
        found[core] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", found[core])
    return found


def _xlsx() -> list[Original]:
    drawn = [FIXTURES[name].data for name in DRAWN]
    two = raw_sheets([("表一", build.GOOD), ("表二", build.cells(*PLAN))])
    return [Original("xlsx", "xlsx", parts=parts_of(data)) for data in (*drawn, two)]


def _xls() -> list[Original]:
    return [Original("xls", "xls", old_book(rows, merges)) for rows, merges in TABLES]


def old_book(rows: Rows, merges: Merges) -> bytes:
    """The book's stream alone, as xlwt writes it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("任务")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                sheet.write(r, c, float(text) if text.isdigit() else text)
    for top, left, bottom, right in merges:
        sheet.merge(top, bottom, left, right)
    stream = io.BytesIO()
    book.save(stream)
    return Compound(stream.getvalue()).read("Workbook")


def _xlsb() -> list[Original]:
    return [
        Original("xlsb", "xlsb", parts=parts_of(binary_xlsx.xlsb(_binary(rows, merges))))
        for rows, merges in TABLES
    ]


def _binary(rows: Rows, merges: Merges) -> bytes:
    cells = {r: binary_xlsx.texts(*row) for r, row in enumerate(rows)}
    areas = tuple((top, bottom, left, right) for top, left, bottom, right in merges)
    return binary_xlsx.sheet(cells, merges=areas, hidden=(3,))


def _spread(rows: Rows, merges: Merges) -> str:
    """An OpenDocument sheet."""
    spans = {
        (
            t,
            left,
        ): f'table:number-rows-spanned="{b - t + 1}" table:number-columns-spanned="{right - left + 1}"'
        for t, left, b, right in merges
    }
    covered = {
        (r, c)
        for t, left, b, right in merges
        for r in range(t, b + 1)
        for c in range(left, right + 1)
    } - set(spans)
    return open_document.sheet(
        *(
            open_document.row(
                *(
                    open_document.cell(text, spans.get((r, c), ""), covered=(r, c) in covered)
                    for c, text in enumerate(row)
                )
            )
            for r, row in enumerate(rows)
        ),
        name=f"表{len(rows)}",
        columns='<table:table-column table:number-columns-repeated="4"/>',
    )


def _ods() -> list[Original]:
    sheets = [_spread(*table) for table in TABLES]
    dated = open_document.row(
        "1", "归档", "综合科", open_document.typed("date", "2026-06-30", "6月30日")
    )
    sheets.append(open_document.sheet(open_document.row(*open_document.HEADER), dated))
    books = (sheets[:1], sheets[1:])
    return [Original("ods", "ods", parts=parts_of(open_document.ods(*book))) for book in books]


def _fods() -> list[Original]:
    text = open_document.content(_spread(*TABLES[0]))
    named = 'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    text = text.replace("<office:document-content", f"<office:document {named}", 1)
    text = text.replace("</office:document-content>", "</office:document>")
    return [Original("fods", "fods", text.encode())]


def _docx() -> list[Original]:
    tables = [word.tbl(*rows) for rows, _ in TABLES]
    spanned = word.tbl(
        (word.tc("2026年任务", '<w:gridSpan w:val="4"/>'),), word.HEADER,
        ("1", "整理资料", word.tc("综合科", '<w:vMerge w:val="restart"/>'), "3月底"),
        ("2", "印发纪要", word.tc("", "<w:vMerge/>"), "4月底"), widths=(600, 3000, 1500, 1200),
    )  # fmt: skip
    listed = "".join(word.listed(text, n % 2) for n, text in enumerate(PROSE))
    numbering = word.numbering(("decimal", "%1."), ("chineseCounting", "（%2）"))
    styles = f"<w:styles {word.W}><w:style w:styleId='a'><w:name w:val='heading 1'/></w:style></w:styles>"
    made = (
        word.docx(word.p("附件1") + tables[0] + word.p("") + tables[1]),
        word.docx("".join(map(word.p, PROSE)), {"styles": styles}),
        word.docx(spanned + listed, {"numbering": numbering, "styles": styles}),
    )
    return [Original("docx", "docx", parts=parts_of(data)) for data in made]


def _csv() -> list[Original]:
    text = "\r\n".join(
        ",".join(f'"{cell}"' if "，" in cell else cell for cell in row) for row in PLAN
    )
    return [
        Original("csv", ending, text.replace(",", separator).encode(encoding), encoding=encoding)
        for encoding in ("utf-8", "gb18030", "utf-16")
        for ending, separator in (("csv", ","), ("tsv", "\t"))
    ]


def _html() -> list[Original]:
    lines = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>\n" for row in PLAN)
    spanned = (
        "<html><meta charset=utf-8><body><h1>2026年任务</h1><table border=1><tr><th colspan=2>任务</th>"
        "<th>责任单位</th><th>完成时限</th></tr><tr><td rowspan=2>会务</td><td>整理资料</td>"
        "<td style=\"mso-number-format:'@'\">综合科</td><td>3月底</td></tr>"
        "<tr><td>印发纪要</td><td>综合科</td><td>4月底</td></tr></table></body></html>"
    )
    page = f"<html><head><meta charset=utf-8></head><body><table>{lines}</table></body></html>"
    return [Original("html", "xls", text.encode()) for text in (page, spanned)]


def _spreadsheetml() -> list[Original]:
    inner = '<Column ss:Index="2" ss:Hidden="0"/>' + "".join(pages.line(*row) for row in PLAN)
    return [Original("spreadsheetml", "xml", pages.book(inner))]


def _mhtml() -> list[Original]:
    body = pages.ARCHIVE + pages.PART + _html()[0].data + b"\n" + pages.PART + _html()[1].data
    return [Original("mhtml", "mht", body + b"\n--b--\n")]


def _pdf() -> list[Original]:
    small = pdf_file.table(*PLAN[1:6], down=((1, 1, 2),))
    two = pdf_file.pdf(pdf_file.table(*LONG[:16]), pdf_file.table(*LONG[16:22]))
    return [Original("pdf", "pdf", data) for data in (pdf_file.pdf(small), two)]


MAKERS: dict[str, Callable[[], list[Original]]] = {
    "xlsx": _xlsx, "xls": _xls, "xlsb": _xlsb, "ods": _ods, "fods": _fods, "docx": _docx, "csv": _csv,
    "html": _html, "spreadsheetml": _spreadsheetml, "mhtml": _mhtml, "pdf": _pdf,
}  # fmt: skip


@cache
def originals(kind: str) -> tuple[Original, ...]:
    """All sound files of a format."""
    return tuple(MAKERS[kind]())


def contained(book: bytes) -> bytes:
    """An old workbook of this stream."""
    return container({"Workbook": book})


def packed(parts: Parts | list[tuple[str, bytes]]) -> bytes:
    """A zip of these parts, the same bytes each time; a name may come twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=6)
    return stream.getvalue()


def whole(original: Original) -> bytes:
    """The sound file itself."""
    if original.parts is not None:
        return packed(original.parts)
    return contained(original.data) if original.kind == "xls" else original.data
