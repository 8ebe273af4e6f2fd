"""Web pages and XML saved as .xls: HTML tables, SpreadsheetML 2003, single-file web pages."""

from __future__ import annotations

import base64
import quopri
from html.parser import HTMLParser

import pytest

from importers import Reading, Table, read

from .coverage import lost

HEADER = "<tr><td>序号</td><td>工作任务</td><td>责任单位</td><td>完成时限</td></tr>"
ROW = "<tr><td>1</td><td>整理会议资料</td><td>综合科</td><td>3月底</td></tr>"


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def reading(text: str, encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding), filename="计划.xls", year=2026)


def only(text: str, encoding: str = "utf-8") -> Table:
    (table,) = reading(text, encoding).tables
    return table


def test_spans_are_merges_and_later_cells_move_on():
    table = only(
        page(
            "<table><tr><td colspan=4>2026年任务清单</td></tr>" + HEADER
            + "<tr><td>1<td>整理会议资料<td rowspan='2'>综合科<td>3月底</tr>"
            "<tr><td>2</td><td>印发会议纪要</td><td>4月底</td></tr></table>"
        )
    )  # fmt: skip
    assert table.grid.merges == [(0, 0, 0, 3), (2, 2, 3, 2)]
    assert [(t.text, t.deadline.text) for t in table.tasks] == [
        ("整理会议资料", "3月底"),
        ("印发会议纪要", "4月底"),
    ]
    assert table.tasks[1].assignments[0].source == "表1!C3"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ("<meta http-equiv=Content-Type content='text/html; charset=gbk'>", "gb18030"),
        ("", "utf-8-sig"), ("", "utf-16"), ("", "gb18030"), ('<meta charset="gb2312">', "utf-8"),
        ('<meta charset="big5">', "big5"),
    ],
)  # fmt: skip
def test_the_encoding_is_the_marked_or_declared_one(head, encoding):
    body = f"<table>{HEADER}{ROW}</table>"
    if encoding == "big5":
        body = (
            body.replace("责任单位", "部門").replace("综合科", "秘書").replace("会议资料", "文件")
        )
        body = body.replace("序号", "NO").replace("工作任务", "事項").replace("完成时限", "期限")
    assert only(page(body, head), encoding).grid.rows[1][0] == "1"
    assert "�" not in "".join(only(page(body, head), encoding).grid.rows[0])


def test_breaks_entities_and_layout():
    cell = "整理&lt;会议&gt;&#36164;&#26009;<br>并&nbsp;归档<p>三月\n   完成</p>"
    table = only(page(f"<table>{HEADER}{ROW.replace('整理会议资料', cell)}</table>"))
    assert table.grid.rows[1][1] == "整理<会议>资料\n并\xa0归档\n三月完成"


def test_what_is_hidden_is_told():
    table = only(
        page(
            "<table><col span=3><col style='display:none;mso-width-source:userset'>" + HEADER
            + ROW.replace("综合科", "综合科<span style='display:none'>（内部）</span>")
            + ROW.replace("<tr>", "<tr style='DISPLAY:none'>".lower()) + "</table>"
        )
    )  # fmt: skip
    assert {(p.code, p.source) for p in table.problems} == {
        ("hidden_rows", "表1!3:3"), ("hidden_columns", "表1!D:D"), ("hidden_text", "表1!C2"),
    }  # fmt: skip
    assert table.tasks[0].assignments[0].name == "综合科"


def test_formulas_and_errors_that_excel_marks():
    row = ROW.replace("<td>综合科", '<td x:fmla="=A1">综合科').replace(
        "<td>3月底", '<td x:err="#REF!">#REF!'
    )
    codes = {(p.code, p.source) for p in only(page(f"<table>{HEADER}{row}</table>")).problems}
    assert codes >= {("formula", "表1!C2"), ("error_cell", "表1!D2")}


def test_lines_above_a_table_are_its_title_and_tables_inside_are_their_own():
    inner = f"<table>{HEADER}{ROW}</table>"
    tables = reading(
        page(f"<p>窗口工作任务清单</p><table><tr><td>说明</td><td>{inner}</td></tr></table>")
    ).tables
    assert [(t.kind, len(t.tasks)) for t in tables] == [("plan", 1), ("not_a_plan", 0)]
    assert only(page(f"<h1>窗口工作任务清单</h1>{inner}")).title == "窗口工作任务清单"


def test_sheets_have_the_names_excel_notes():
    names = "<!--[if gte mso 9]><xml><x:Name>计划</x:Name><x:Name>说明</x:Name></xml><![endif]-->"
    body = f"<table>{HEADER}{ROW}</table><p>另见</p><table><tr><td>甲</td></tr></table>"
    assert [t.sheet for t in reading(page(body, names)).tables][:2] == ["计划", "说明"]


def test_script_and_style_are_not_text():
    body = f"<script>var t='<table>';</script><style>td{{}}</style><table>{HEADER}{ROW}</table>"
    assert only(page(body)).grid.rows[0][0] == "序号"


class Words(HTMLParser):
    """Counts words with none of the reader's code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def test_every_word_is_read_or_listed():
    text = page(
        f"<p>前言一句，请遵照执行。</p><table>{HEADER}{ROW}<tr><td colspan=4>备注：另发</td></tr></table><p>结尾</p>"
    )
    found = reading(text)
    cells = [
        (t.sheet, r + 1, c + 1, word)
        for t in found.tables
        for r, line in enumerate(t.grid.rows)
        for c, word in enumerate(line)
        if word
    ]
    assert sorted(word for *_, word in cells) == sorted(Words(text).found)
    assert lost(cells, found) == []


SS = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"'


def data(text: object, kind: str = "String", said: str = "") -> str:
    return f'<Cell {said}><Data ss:Type="{kind}">{text}</Data></Cell>'


def line(*cells: str, said: str = "") -> str:
    inner = "".join(c if c.startswith("<") else data(c) for c in cells)
    return f"<Row {said}>{inner}</Row>"


def worksheet(*rows: str, name: str = "计划", columns: str = "", options: str = "") -> str:
    return f'<Worksheet ss:Name="{name}"><Table ss:ExpandedRowCount="9">{columns}{"".join(rows)}</Table>{options}</Worksheet>'


def xml(*sheets: str, declared: str = "") -> str:
    head = f'<?xml version="1.0"{declared}?><?mso-application progid="Excel.Sheet"?>'
    return f"{head}<Workbook {SS}>{''.join(sheets)}</Workbook>"


TITLES = line("序号", "工作任务", "责任单位", "完成时限")


def test_spreadsheetml_has_typed_values_places_and_merges():
    table = only(
        xml(
            worksheet(
                line(data("2026年任务清单", said='ss:MergeAcross="3"')), TITLES,
                line(data("1", "Number"), "整理会议资料", data("综合科", said='ss:MergeDown="1"'),
                     data("2026-06-30T00:00:00.000", "DateTime")),
                line(data("2.0", "Number"), "印发会议纪要", data("4月底", said='ss:Index="4"'), said='ss:Index="4"'),
            )
        )
    )  # fmt: skip
    assert table.grid.merges == [(0, 0, 0, 3), (2, 2, 3, 2)]
    assert [(t.number, t.deadline.text) for t in table.tasks] == [
        ("1", "2026-06-30"),
        ("2", "4月底"),
    ]
    assert [t.assignments[0].source for t in table.tasks] == ["计划!C3", "计划!C3"]


def test_spreadsheetml_tells_what_is_hidden_computed_or_wrong():
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    plan = worksheet(
        TITLES,
        line(
            data("1"),
            "整理会议资料",
            data("综合科", said='ss:Formula="=RC[-1]"'),
            data("#REF!", "Error"),
        ),
        line("2", "印发会议纪要", "综合科", "4月底", said='ss:Hidden="1"'),
        columns='<Column ss:Index="4" ss:Hidden="1"/>',
    )
    first, second = reading(xml(plan, worksheet(line("甲"), name="字典", options=options))).tables
    assert {(p.code, p.source) for p in first.problems} >= {
        ("formula", "计划!C2"), ("error_cell", "计划!D2"), ("hidden_rows", "计划!3:3"), ("hidden_columns", "计划!D:D"),
    }  # fmt: skip
    assert [p.code for p in second.problems] == ["hidden_sheet"]


def test_spreadsheetml_leaves_comments_out_and_reads_rich_text():
    rich = '<Cell><Data ss:Type="String"><B xmlns="http://www.w3.org/TR/REC-html40">整理</B>资料</Data><Comment><Data>旁批</Data></Comment></Cell>'
    assert (
        only(xml(worksheet(TITLES, line("1", rich, "综合科", "3月底")))).tasks[0].text == "整理资料"
    )


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheetml_in_its_encoding(encoding):
    declared = ' encoding="GB2312"' if encoding == "gb18030" else ""
    text = xml(worksheet(TITLES, line("1", "整理会议资料", "综合科", "3月底")), declared=declared)
    assert only(text, encoding).tasks[0].text == "整理会议资料"


def mhtml(*parts: tuple[str, str]) -> bytes:
    lines = [
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; boundary="--=_b"',
        "",
        "preamble",
    ]
    for coding, text in parts:
        body = text.encode("gb18030")
        coded = base64.encodebytes(body) if coding == "base64" else quopri.encodestring(body)
        lines += [
            "----=_b",
            'Content-Type: text/html; charset="gb2312"',
            f"Content-Transfer-Encoding: {coding}",
            "",
        ]
        lines += [coded.decode("ascii")]
    return "\r\n".join([*lines, "----=_b--", ""]).encode()


def test_a_single_file_web_page_holds_its_sheets():
    names = "<xml><x:Name>计划</x:Name><x:Name>说明</x:Name></xml>"
    plan, note = f"<table>{HEADER}{ROW}</table>", "<table><tr><td>甲</td></tr></table>"
    data = mhtml(
        ("quoted-printable", page("", names)),
        ("quoted-printable", page(plan)),
        ("base64", page(note)),
    )
    tables = read(data, filename="计划.xls", year=2026).tables
    assert [(t.sheet, len(t.tasks)) for t in tables] == [("计划", 1), ("说明", 0)]
    assert tables[0].tasks[0].source == "计划!B2"
