"""Word documents: tables as on paper, automatic numbers, tracked changes, hidden text, text boxes."""

from __future__ import annotations

import pytest

from importers import Reading, read
from importers.wordlist import chinese, formatted

from .coverage import lost
from .word import HEADER, W, docx, listed, numbering, p, r, tbl, tc

ROW = ("1", "整理会议资料", "综合科", "3月底")


def reading(body: str, **parts: str) -> Reading:
    return read(docx(body, parts), filename="来文.docx", year=2026)


def test_a_table_is_a_sheet_with_its_title_above():
    body = p("附件1") + p("2026年窗口工作任务清单") + tbl(HEADER, ROW)
    (table,) = reading(body).tables
    assert (table.sheet, table.kind, table.title) == ("表1", "plan", "2026年窗口工作任务清单")
    assert table.tasks[0].source == "表1!B4"
    assert table.tasks[0].assignments[0].source == "表1!C4"


def test_cells_merged_down_and_across_are_merges():
    wide = tc("分工", '<w:gridSpan w:val="2"/>')
    down, under = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = tbl(
        (tc("序号", down), tc("工作任务", down), wide),
        (tc("", under), tc("", under), "牵头单位", "配合单位"),
        ("1", "整理会议资料", tc("综合科", down), "信息科"),
        ("2", "印发会议纪要", tc("", under), "财务科"),
    )
    (table,) = reading(body).tables
    assert table.grid.merges == [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (2, 2, 3, 2)]
    assert [[a.name for a in t.assignments] for t in table.tasks] == [
        ["综合科", "信息科"],
        ["综合科", "财务科"],
    ]


def test_lines_drawn_a_little_apart_are_one_column():
    two = '<w:gridSpan w:val="2"/>'
    body = tbl(
        (tc("序号"), tc("工作任务", two), "责任单位", "完成时限"),
        (tc("1", two), "整理会议资料", "综合科", "3月底"),
        widths=(600, 40, 3000, 1500, 1200),
    )
    (table,) = reading(body).tables
    assert table.columns == {"number": "A", "task": "B", "lead": "C", "deadline": "D"}
    assert table.grid.width == 4 and table.tasks[0].text == "整理会议资料"


def test_a_row_may_begin_further_right():
    body = tbl(HEADER, ROW).replace("</w:tbl>", "") + (
        '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>'
        f"{tc('印发会议纪要')}{tc('财务科')}{tc('4月底')}</w:tr></w:tbl>"
    )
    (table,) = reading(body).tables
    assert [t.source for t in table.tasks] == ["表1!B2", "表1!B3"]


def test_a_table_cut_in_two_with_its_header_again_is_one_table():
    body = tbl(HEADER, ROW) + "<w:p/>" + tbl(HEADER, ("2", "印发会议纪要", "财务科", "4月底"))
    (table,) = reading(body).tables
    assert [t.source for t in table.tasks] == ["表1!B2", "表1!B4"]
    assert "重复的表头" in {s.why for s in table.skipped}


def test_a_text_between_makes_two_tables():
    body = tbl(HEADER, ROW) + p("另表如下") + tbl(HEADER, ROW)
    assert [t.sheet for t in reading(body).tables] == ["表1", "表2"]


def test_a_table_inside_a_cell_is_a_table_of_its_own():
    inner = tbl(HEADER, ROW) + p("")
    body = tbl(("说明", tc(inner)), ("甲", "乙"))
    first, second = reading(body).tables
    assert (first.kind, second.kind) == ("not_a_plan", "plan")


def test_a_frame_of_one_cell_is_looked_through():
    framed = p("窗口工作任务清单") + tbl(HEADER, ROW) + p("")
    (table,) = reading(tbl((tc(framed),))).tables
    assert (table.sheet, table.title) == ("表1", "窗口工作任务清单")


def test_insertions_count_and_deletions_are_listed():
    inserted = f"<w:p><w:ins>{r('整理')}</w:ins><w:del><w:r><w:delText>归档</w:delText></w:r></w:del>{r('资料')}</w:p>"
    gone = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>' + tc("9") + tc("旧任务") + "</w:tr>"
    body = tbl(HEADER, ("1", tc(inserted), "综合科", "3月底")).replace(
        "</w:tbl>", gone + "</w:tbl>"
    )
    (table,) = reading(body).tables
    assert [t.text for t in table.tasks] == ["整理资料"]
    assert [p.value for p in table.problems if p.code == "deleted_text"] == ["归档", "9 旧任务"]


def test_text_moved_elsewhere_stands_only_where_it_went():
    moved = f"<w:p><w:moveFrom>{r('旧处')}</w:moveFrom><w:moveTo>{r('新处')}</w:moveTo>{r('资料')}</w:p>"
    (table,) = reading(tbl(HEADER, ("1", tc(moved), "综合科", "3月底"))).tables
    assert table.tasks[0].text == "新处资料"


def test_hidden_text_is_left_out_and_listed():
    line = f"<w:p>{r('整理资料')}{r('内部掌握', '<w:vanish/>')}</w:p>"
    (table,) = reading(tbl(HEADER, ("1", tc(line), "综合科", "3月底"))).tables
    assert table.tasks[0].text == "整理资料"
    assert [(p.source, p.value) for p in table.problems if p.code == "hidden_text"] == [
        ("表1!B2", "内部掌握")
    ]


def test_content_controls_and_line_breaks_are_read():
    cell = f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{p('综合科')}</w:sdtContent></w:sdt>"
    broken = "<w:p><w:r><w:t>整理</w:t><w:softHyphen/><w:t>资料</w:t><w:br/><w:t>并归档</w:t></w:r></w:p>"
    row = f"<w:sdt><w:sdtContent><w:tr>{tc('1')}{tc(broken)}{tc(cell)}{tc('3月底')}</w:tr></w:sdtContent></w:sdt>"
    (table,) = reading(tbl(HEADER).replace("</w:tbl>", row + "</w:tbl>")).tables
    assert table.grid.rows[1] == ["1", "整理资料\n并归档", "综合科", "3月底"]


def test_a_text_box_is_read_once_though_it_is_written_twice():
    box = f"<w:txbxContent>{p('牵头单位：综合科')}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = (
        f"<w:p><w:r><w:t>1. 整理资料。</w:t><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    (table,) = reading(twice).tables
    assert [row[0] for row in table.grid.rows] == ["1. 整理资料。", "牵头单位：综合科"]
    assert [a.name for a in table.tasks[0].assignments] == ["综合科"]


def test_automatic_numbers_are_read_as_word_shows_them():
    lists = numbering(
        ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")
    )
    body = "".join(
        listed(text, level)
        for text, level in [
            ("总体", 0), ("协作", 1), ("甲事", 2), ("乙事", 2), ("分工", 1), ("丙事", 2), ("保障", 0),
        ]
    )  # fmt: skip
    grid = reading(body + listed("另起", 0, 2), numbering=lists).tables[0].grid
    assert [row[0] for row in grid.rows] == [
        "一、总体", "（一）协作", "1. 甲事", "2. 乙事", "（二）分工", "1. 丙事", "二、保障", "一、另起",
    ]  # fmt: skip


def test_a_number_column_that_word_fills_is_read():
    lists = numbering(("decimal", "%1"))
    rows = [(tc(listed("")), text, "综合科", "3月底") for text in ("甲事", "乙事")]
    (table,) = reading(tbl(HEADER, *rows), numbering=lists).tables
    assert [t.number for t in table.tasks] == ["1", "2"]


@pytest.mark.parametrize(
    ("number", "format", "written"),
    [
        (11, "chineseCounting", "十一"), (20, "chineseCountingThousand", "二十"),
        (101, "chineseCountingThousand", "一百零一"), (105, "chineseCounting", "一〇五"),
        (10, "ideographDigital", "一〇"), (12, "japaneseCounting", "十二"),
        (3, "decimalEnclosedCircle", "③"), (21, "decimalEnclosedCircle", "21"),
        (27, "lowerLetter", "aa"), (4, "upperRoman", "IV"), (2, "ideographTraditional", "乙"),
        (3, "noSuchFormat", "3"), (12, "chineseLegalSimplified", "壹拾贰"),
    ],
)  # fmt: skip
def test_numbers_in_their_formats(number, format, written):
    assert formatted(number, format) == written


def test_big_numbers_are_said_as_people_say_them():
    assert [chinese(n) for n in (0, 10, 110, 1001, 10_010, 20_000)] == [
        "零", "十", "一百一十", "一千零一", "一万零一十", "二万",
    ]  # fmt: skip


def test_the_document_number_and_year_hold_for_its_tables():
    body = p("某局办〔2025〕7号") + p("关于印发任务分工的通知，请遵照执行。") + tbl(HEADER, ROW)
    tables = read(docx(body), filename="来文.docx").tables
    plan = next(t for t in tables if t.kind == "plan")
    assert (plan.document, plan.year) == ("某局办〔2025〕7号", 2025)
    assert plan.tasks[0].deadline.due_on.isoformat() == "2025-03-31"


def test_headers_footnotes_and_comments_are_listed():
    aside = f"<w:hdr {W}>{p('内部资料')}</w:hdr>"
    tables = reading(tbl(HEADER, ROW), header=aside, comments=aside).tables
    assert [(t.sheet, t.kind, len(t.skipped)) for t in tables[1:]] == [
        ("页眉", "not_a_plan", 1),
        ("批注", "not_a_plan", 1),
    ]


def test_prose_beside_a_table_is_skipped_with_a_reason():
    tables = reading(p("现将任务分工印发，请认真落实。") + tbl(HEADER, ROW)).tables
    prose = next(t for t in tables if t.sheet == "正文")
    assert prose.kind == "not_a_plan" and prose.reason and prose.skipped


def test_nothing_of_a_document_is_dropped():
    body = (
        p("前言一句。") + p("附件") + tbl(HEADER, ROW, ("备注：另行通知", "", "", "")) + p("结尾。")
    )
    found = reading(body)
    cells = [
        (t.grid.sheet, i + 1, c + 1, text)
        for t in found.tables
        for i, row in enumerate(t.grid.rows)
        for c, text in enumerate(row)
        if text
    ]
    assert len(cells) == 4 + 4 + 1 + 3
    assert lost(cells, found) == []
