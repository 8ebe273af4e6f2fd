"""Pages and texts: HTML, web archives, XML spreadsheets, RTF, csv."""

from __future__ import annotations

from .case import Net, count, no_plan, reads, refused, tasks
from .raw import HEADER, TASK, good

ROW = ("1", TASK, "综合科", "3月底")
NAMES = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
)


def page(body: str, head: str = "<meta charset=utf-8>") -> bytes:
    """A web page."""
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def table(*rows: tuple[str, ...], first: str = "") -> str:
    """A table of a page; `first` goes into its first cell's tag."""
    lines = []
    for r, row in enumerate((HEADER, *rows)):
        cells = "".join(
            f"<td{f' {first}' if (r, c) == (0, 0) else ''}>{text}</td>"
            for c, text in enumerate(row)
        )
        lines.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(lines)}</table>"


def book(inner: str) -> bytes:
    """An XML spreadsheet."""
    sheet = f'<Worksheet ss:Name="计划"><Table>{inner}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook {NAMES}>{sheet}</Workbook>'.encode()


def line(*cells: str, said: str = "") -> str:
    """A row of an XML spreadsheet."""
    inner = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in cells)
    return f"<Row {said}>{inner}</Row>"


PLAN = line(*HEADER) + line(*ROW)


@reads(tasks(TASK), filename="来文.xls")
def a_page_named_xls() -> bytes:
    """The benign twin of the pages."""
    return page(table(ROW))


@refused("merge_too_big", filename="来文.xls")
def a_cell_across_a_thousand_million() -> bytes:
    return page(table(ROW, first="colspan=1000000000"))


@refused("merge_too_big", filename="来文.xls")
def a_cell_down_a_thousand_million() -> bytes:
    return page(table(ROW, first="rowspan=1000000000"))


@refused("nested_too_deep", filename="来文.xls")
def tables_in_tables() -> bytes:
    return page("<table><tr><td>" * 50_000 + "x")


@refused("area_too_big", filename="来文.xls")
def one_wide_row_and_very_many() -> bytes:
    return page("<table><tr>" + "<td>x" * 250 + "<tr><td>x" * 40_000 + "</table>")


@refused("unreadable", "no_table", filename="来文.xls")
def quotes_within_tags() -> bytes:
    return page("<a " + '"<a "' * 200_000)


@refused("too_many_sheets", filename="来文.xls")
def a_hundred_tables() -> bytes:
    return page("<table><tr><td>x<td>y</table>" * 100)


@reads(tasks(TASK), filename="来文.xls")
def a_page_that_calls_home() -> bytes:
    home = Net.address()
    head = f"<base href={home}><link rel=stylesheet href={home}/s.css><script src={home}/s.js></script>"
    return page(f"<img src={home}/i><iframe src={home}></iframe>{table(ROW)}", head)


@reads(tasks(TASK), filename="来文.xls")
def a_page_with_scripts() -> bytes:
    return page(
        f"<script>alert('<td>')</script><style>td{{}}</style>{table(ROW)}<svg onload=alert(1)>"
    )


@refused("no_table", filename="来文.html")
def a_page_without_a_table() -> bytes:
    return page("<p>通知</p>")


@refused("bad_encoding", "no_table", "bad_csv", filename="来文.xls")
def a_page_in_an_encoding_that_lies() -> bytes:
    return page(table(ROW), "<meta charset=utf-7>").replace(TASK.encode(), b"\xff\xff\xff")


@refused("doctype", filename="来文.xml")
def a_doctype_in_an_xml_spreadsheet() -> bytes:
    return book(PLAN).replace(b"<Workbook", b"<!DOCTYPE x [<!ENTITY a 'b'>]><Workbook")


@reads(tasks(TASK), filename="来文.xml")
def rows_hidden_again_and_again() -> bytes:
    """Each says that two hundred thousand rows are hidden that nobody has."""
    again = '<Row ss:Index="3" ss:Span="199999" ss:Hidden="1"/>' * 30_000
    return book(PLAN + again)


@refused("cell_outside", filename="来文.xml", place="计划")
def a_row_at_a_thousand_million() -> bytes:
    return book(PLAN + line("x", said='ss:Index="999999999"'))


@refused("area_too_big", filename="来文.xml", place="计划")
def far_apart_in_an_xml_spreadsheet() -> bytes:
    far = '<Row ss:Index="199999"><Cell ss:Index="255"><Data ss:Type="String">x</Data></Cell></Row>'
    return book(PLAN + far)


@refused("damaged_xml", filename="来文.xml")
def an_xml_spreadsheet_that_breaks_off() -> bytes:
    return book(PLAN)[:-40]


@refused("not_a_workbook", filename="来文.xml")
def some_other_xml() -> bytes:
    return b"<?xml version='1.0'?><plan><task/></plan>"


@refused("not_a_workbook", filename="来文.svg")
def a_picture_in_xml() -> bytes:
    return b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


ARCHIVE = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
PART = b"--b\nContent-Type: text/html; charset=utf-8\n\n"


@reads(tasks(TASK), filename="来文.mht")
def a_web_archive() -> bytes:
    """The benign twin."""
    return ARCHIVE + PART + page(table(ROW)) + b"\n--b--\n"


@refused("too_many_members", filename="来文.mht")
def an_archive_of_very_many_parts() -> bytes:
    return ARCHIVE + (PART + b"<table><tr><td>x<td>y</table>\n") * 2000


@refused("unreadable", "no_table", filename="来文.mht")
def archives_in_archives() -> bytes:
    nested = b"".join(
        b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)
    )
    return b"MIME-Version: 1.0\n" + nested


@refused("no_table", "unreadable", filename="来文.mht")
def an_archive_of_nonsense() -> bytes:
    return (
        b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
        + b"!!!!" * 500_000
    )


@reads(count(1), filename="来文.mht")
def an_archive_with_very_many_headers() -> bytes:
    return (
        b"MIME-Version: 1.0\nContent-Type: text/html\n"
        + b"X-A: y\n" * 100_000
        + b"\n"
        + page(table(ROW))
    )


@refused("not_a_workbook", filename="来文.rtf")
def rtf() -> bytes:
    return b"{\\rtf1\\ansi {\\object\\objdata 0105}" + b"{" * 100_000


@refused("not_a_workbook", filename="来文.ps")
def post_script() -> bytes:
    return b"\0%!PS\n(%pipe%id) (w) file"


def csv(*lines: str, encoding: str = "utf-8") -> bytes:
    """Lines of a csv."""
    return "\n".join(lines).encode(encoding)


LINES = (",".join(HEADER), ",".join(ROW))
CSV = "来文.csv"


@reads(tasks(TASK), filename=CSV)
def gb18030_with_a_mark() -> bytes:
    return b"\x84\x31\x95\x33" + csv(*LINES, encoding="gb18030")


@reads(tasks(TASK), filename=CSV)
def utf_16_of_excel() -> bytes:
    return csv(*(text.replace(",", "\t") for text in LINES), encoding="utf-16")


@reads(tasks(TASK), filename=CSV)
def mixed_ends_of_lines() -> bytes:
    return f"{LINES[0]}\r{LINES[1]}\r\n\n\r".encode()


@reads(tasks(TASK), filename=CSV)
def a_separator_named_above() -> bytes:
    return csv("sep=;", *(text.replace(",", ";") for text in LINES))


@refused("not_a_workbook", filename=CSV)
def a_nul_in_a_csv() -> bytes:
    return csv(*LINES, "2,核对\0线路,综合科,5月底")


@refused("bad_encoding", filename=CSV, place="行的编码")
def a_csv_in_no_encoding() -> bytes:
    return csv(*LINES) + b"\n2,\xff\xff\xff,x,y"


@refused("bad_csv", filename=CSV, place="行")
def a_quote_that_never_closes() -> bytes:
    return csv(LINES[0], f'"{LINES[1]}', *["x,y,z,w"] * 50_000)


@refused("bad_csv", filename=CSV, place="第 2 行")
def one_field_of_ten_megabytes() -> bytes:
    return csv(LINES[0], "x" * 10_000_000)


@refused("bad_csv", filename=CSV)
def nothing_but_quotes() -> bytes:
    return b'"' * 3_000_001


@refused("cell_outside", filename=CSV)
def lines_of_three_hundred_fields() -> bytes:
    return csv(*LINES, "," * 300)


@refused("cell_outside", filename=CSV)
def three_hundred_thousand_lines() -> bytes:
    return csv(*["x,y"] * 300_000)


@refused("area_too_big", filename=CSV)
def one_wide_line_and_very_many() -> bytes:
    return csv(*["x"] * 150_000, "," * 255)


@refused("no_table", filename=CSV)
def a_text_without_columns() -> bytes:
    return csv("通知", "各科室：", "请于三月底前报送材料。")


@reads(tasks("=cmd|'/C calc'!A0"), filename=CSV)
def injections_in_a_csv() -> bytes:
    """Read as words; what is written out is another matter."""
    return csv(LINES[0], "1,=cmd|'/C calc'!A0,综合科,3月底")


@refused("pdf", "no_table", "unreadable", "pdf_without_text", filename="来文.pdf")
def a_pdf_that_is_a_zip_too() -> bytes:
    """Who reads it from the front sees a PDF, who reads it from the back a workbook."""
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + good()


@reads(tasks(TASK))
def a_zip_that_is_a_pdf_too() -> bytes:
    return good() + b"\n%PDF-1.7\n%%EOF"


@refused("not_a_workbook")
def a_picture_named_xlsx() -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100)


@refused("not_a_workbook", "no_table")
def a_program() -> bytes:
    return b"MZ\x90\0\3\0\0\0" + bytes(500)


@refused("not_a_workbook", "no_table", "bad_csv")
def the_virus_of_the_tests() -> bytes:
    """EICAR, spelt apart so that nobody's scanner minds this file."""
    return "".join(
        ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"]
    ).encode()


@reads(no_plan, filename=CSV)
def a_csv_of_something_else() -> bytes:
    return csv("品名,数量", "扫帚,3", "水桶,4")
