"""Files of other programs: old and binary workbooks, OpenDocument, Word, PDF."""

from __future__ import annotations

import struct

from tests.importers import binary_xlsx, open_document, pdf_file
from tests.importers.ole_file import biff5, container, label, record
from tests.importers.open_document import ods
from tests.importers.word import docx, p, tbl

from .case import Net, count, no_plan, reads, refused, tasks
from .raw import DTD, HEADER, TASK, deflated, patched, relation

ROW = ("1", TASK, "综合科", "3月底")
XLS, ODS, DOCX, PDF, XLSB = (f"来文.{ending}" for ending in ("xls", "ods", "docx", "pdf", "xlsb"))
FREE, END = 0xFFFFFFFF, 0xFFFFFFFE


def old(*cells: bytes, before: bytes = b"") -> bytes:
    """An old workbook of these records, after the plan."""
    words = [label(r, c, text) for r, row in enumerate((HEADER, ROW)) for c, text in enumerate(row)]
    return container({"Book": biff5(*words, *cells, before=before)})


@reads(tasks(TASK), filename=XLS)
def an_old_workbook() -> bytes:
    """The benign twin."""
    return old()


@refused("damaged_xls", filename=XLS)
def a_chain_in_a_circle() -> bytes:
    data = old()
    return patched(data, len(data) - 512, 0)


@refused("damaged_xls", filename=XLS)
def a_table_of_sectors_named_again_and_again() -> bytes:
    """109 places of the table, all the same sector: chains longer than the file."""
    data = old()
    first = struct.unpack_from("<I", data, 76)[0]
    return patched(data, 76, *[first] * 109, form="<109I")


@refused("damaged_xls", filename=XLS)
def sectors_beyond_the_end() -> bytes:
    return patched(old(), 48, 0x00FFFFFF)


@refused("damaged_xls", filename=XLS)
def sectors_of_an_absurd_size() -> bytes:
    return patched(old(), 30, 60, form="<H")


@refused("damaged_xls", filename=XLS)
def more_tables_than_sectors() -> bytes:
    """The list of tables goes on into itself."""
    return patched(old(), 68, 0, 0x7FFFFFFF, form="<2I")


@refused("damaged_xls", filename=XLS)
def a_stream_that_breaks_off() -> bytes:
    return old()[:1600]


@refused("damaged_xls", filename=XLS)
def a_stream_that_says_it_is_huge() -> bytes:
    data = old()
    at = data.index("Book".encode("utf-16-le"))
    return patched(data, at + 120, 0x7FFFFFFF)


@refused("damaged_xls", filename=XLS)
def a_head_and_nothing_else() -> bytes:
    return old()[:512]


@refused("damaged_xls", filename=XLS)
def a_record_longer_than_the_book() -> bytes:
    return old(record(0x204, b"\0" * 8, size=0xFFFF))


@refused("merge_too_big", filename=XLS, place="第 1 张工作表")
def an_old_merge_of_everything() -> bytes:
    return old(record(0xE5, struct.pack("<5H", 1, 0, 65_535, 0, 255)))


@refused("macros", filename=XLS)
def a_macro_sheet() -> bytes:
    return old().replace(b"\0\0\x04plan", b"\0\x01\x04plan")


@refused("macros", filename=XLS)
def old_macros() -> bytes:
    return container({"Book": biff5()}, ("_VBA_PROJECT_CUR",))


@refused("password_protected")
def a_workbook_with_a_password() -> bytes:
    return container({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})


@refused("password_protected", filename=XLS)
def an_old_workbook_with_a_password() -> bytes:
    return old(before=record(0x2F, b"\0" * 6))


@refused("not_a_workbook", filename="来文.msi")
def an_installer() -> bytes:
    return container({"\u4840\u3f3f": b"x"})


@reads(tasks(TASK), filename=XLS)
def columns_hidden_again_and_again() -> bytes:
    return old(*[record(0x7D, struct.pack("<6H", 9, 255, 0, 0, 1, 0))] * 100_000)


def open_plan(*more: str, columns: str = "", **said: str) -> bytes:
    """An OpenDocument plan with further rows."""
    rows = (open_document.row(*HEADER), open_document.row(*ROW), *more)
    return ods(open_document.sheet(*rows, columns=columns), **said)


@reads(tasks(TASK), filename=ODS)
def an_open_document() -> bytes:
    """The benign twin: empty rows and columns to the end of the sheet, as programs write them."""
    empty = open_document.row(
        '<table:table-cell table:number-columns-repeated="16380"/>',
        said='table:number-rows-repeated="1048570"',
    )
    return open_plan(empty)


@refused("cell_outside", filename=ODS, place="计划")
def a_cell_repeated_without_end() -> bytes:
    return open_plan(
        open_document.row(open_document.cell("x", 'table:number-columns-repeated="999999999"'))
    )


@refused("cell_outside", filename=ODS, place="计划")
def a_row_repeated_without_end() -> bytes:
    return open_plan(open_document.row("x", said='table:number-rows-repeated="999999999"'))


@refused("too_many_elements", filename=ODS)
def rows_and_cells_repeated() -> bytes:
    cell = open_document.cell("x", 'table:number-columns-repeated="250"')
    return open_plan(open_document.row(cell, said='table:number-rows-repeated="190000"'))


@refused("text_too_long", filename=ODS, place="计划!A3")
def spaces_repeated_without_end() -> bytes:
    words = "<text:p>x<text:s text:c='999999999'/>y</text:p>"
    return open_plan(open_document.row(f"<table:table-cell>{words}</table:table-cell>"))


@refused("merge_too_big", filename=ODS, place="计划")
def a_span_of_everything() -> bytes:
    said = 'table:number-rows-spanned="1048576" table:number-columns-spanned="16384"'
    return open_plan(open_document.row(open_document.cell("x", said)))


@refused("area_too_big", filename=ODS, place="计划")
def far_apart_in_an_open_document() -> bytes:
    gap = open_document.row(said='table:number-rows-repeated="190000"')
    far = open_document.row('<table:table-cell table:number-columns-repeated="255"/>', "x")
    return open_plan(gap, far)


@reads(tasks(TASK), filename=ODS)
def tables_in_a_cell() -> bytes:
    deep = "<table:table>" * 50_000 + "</table:table>" * 50_000
    return open_plan(open_document.row(f"<table:table-cell>{deep}</table:table-cell>"))


@refused("doctype", filename=ODS, place="content.xml")
def a_doctype_in_an_open_document() -> bytes:
    return open_plan(before=DTD)


@refused("macros", filename=ODS)
def a_program_in_an_open_document() -> bytes:
    return open_plan(**{"Basic/Standard/Module1.xml": "<x/>"})


@reads(tasks(TASK), filename=ODS)
def an_open_document_that_calls_home() -> bytes:
    link = f'<text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{Net.address()}">x</text:a>'
    source = f"<table:table-cell><text:p>{link}</text:p></table:table-cell>"
    return open_plan(open_document.row("", "", "", "", source))


WORD_PLAN = tbl(HEADER, ROW)


@reads(tasks(TASK), filename=DOCX)
def a_document() -> bytes:
    """The benign twin."""
    return docx(WORD_PLAN)


@refused("nested_too_deep", filename=DOCX)
def word_tables_in_tables() -> bytes:
    deep = "<w:tbl><w:tr><w:tc>" * 5000
    return docx(deep + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 5000)


@refused("too_many_sheets", filename=DOCX)
def ten_thousand_word_tables() -> bytes:
    return docx((WORD_PLAN + p("一")) * 10_000)


@refused("area_too_big", filename=DOCX)
def one_wide_word_row_and_very_many() -> bytes:
    wide = f"<w:tr>{'<w:tc><w:p/></w:tc>' * 250}</w:tr>"
    return docx(f"<w:tbl>{wide}{'<w:tr><w:tc><w:p/></w:tc></w:tr>' * 40_000}</w:tbl>")


@refused("cell_outside", filename=DOCX)
def a_word_cell_across_a_million() -> bytes:
    span = '<w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p/></w:tc>'
    return docx(f"<w:tbl><w:tr>{span}</w:tr></w:tbl>")


@refused("text_too_long", filename=DOCX)
def a_paragraph_without_end() -> bytes:
    return docx(p("长" * 40_000))


@refused("doctype", filename=DOCX, place="word/document.xml")
def a_doctype_in_a_document() -> bytes:
    return docx(WORD_PLAN, before=DTD)


@reads(tasks(TASK), filename=DOCX)
def a_document_that_calls_home() -> bytes:
    """A remote template, as used to fetch macros."""
    target = relation("rId9", "attachedTemplate", f"{Net.address()}/t.dotm", "External")
    return docx(WORD_PLAN, more=target)


@refused("no_table", "damaged_xml", filename=DOCX)
def changes_upon_changes() -> bytes:
    return docx(f"<w:p>{'<w:del>' * 100_000}{'</w:del>' * 100_000}</w:p>")


@refused("damaged_xls", filename=XLSB)
def a_binary_record_longer_than_its_part() -> bytes:
    return binary_xlsx.xlsb(binary_xlsx.record(6, b"\0" * 12, size=9999))


@refused("cell_outside", filename=XLSB, place="计划")
def a_binary_cell_far_out() -> bytes:
    return binary_xlsx.xlsb(binary_xlsx.sheet({1_048_575: binary_xlsx.texts("x")}))


@refused("area_too_big", filename=XLSB, place="计划")
def binary_cells_far_apart() -> bytes:
    far = {0: binary_xlsx.texts("x"), 199_999: binary_xlsx.texts("y", start=255)}
    return binary_xlsx.xlsb(binary_xlsx.sheet(far))


@reads(no_plan, filename=XLSB)
def binary_columns_hidden_again_and_again() -> bytes:
    hidden = binary_xlsx.record(60, struct.pack("<4IH", 0, 16_383, 2304, 0, 1)) * 60_000
    return binary_xlsx.xlsb(hidden + binary_xlsx.sheet({0: binary_xlsx.texts("x", "y")}))


@reads(count(0), filename=PDF)
def a_pdf() -> bytes:
    """The benign twin; a page with a table of something else."""
    return pdf_file.pdf(pdf_file.table(("品名", "数量"), ("扫帚", "3")))


@refused("unreadable", "no_table", "pdf", filename=PDF)
def a_pdf_of_brackets() -> bytes:
    return b"%PDF-1.4\n" + b"(" * 2_000_000


@refused("unreadable", "no_table", "pdf", filename=PDF)
def a_pdf_of_arrays() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * 300_000


@refused("no_table", "unreadable", "pdf_without_text", "pdf", filename=PDF)
def pages_that_hold_themselves() -> bytes:
    page = pdf_file.pdf(pdf_file.text("x", 10, 10))
    return page.replace(b"/Kids[", b"/Kids[2 0 R ")


@refused("too_many_members", "pdf", filename=PDF)
def a_pdf_of_very_many_pages() -> bytes:
    return pdf_file.pdf(*[pdf_file.text("x", 10, 10)] * 301)


@refused("out_of_memory", "too_slow", "pdf", filename=PDF)
def a_pdf_of_very_many_lines() -> bytes:
    """A page so big that every line crosses every other."""
    lines = b"".join(
        b"%d 0 m %d 14000 l S\n0 %d m 14000 %d l S\n" % (n * 10, n * 10, n * 10, n * 10)
        for n in range(1400)
    )
    page = pdf_file.pdf(lines + pdf_file.text("x", 10, 10))
    return page.replace(b"0 0 595 842", b"0 0 14400 14400")


@refused("unreadable", "out_of_memory", "pdf_without_text", "no_table", "pdf", filename=PDF)
def a_pdf_that_unpacks_to_three_hundred_megabytes() -> bytes:
    stream = deflated(b" " * 300_000_000)
    packed = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream)
    return pdf_file._numbered(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            packed,
        ]
    )


@refused("password_protected", "unreadable", "pdf", filename=PDF)
def a_pdf_with_a_password() -> bytes:
    data = pdf_file.pdf(pdf_file.text("x", 10, 10))
    return data.replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P 0>>/ID[<00><00>]",
    )
