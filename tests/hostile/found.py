"""What mutants found, each as small as it goes: one case for each kind of fault."""

from __future__ import annotations

import struct

from importers import Reading
from tests.importers import binary_xlsx, build, open_document
from tests.importers.ole_file import record

from .case import count, every, reads, refused, tells
from .offices import ODS, XLS, XLSB
from .originals import contained, old_book, packed, parts_of
from .raw import GOOD, HEADER, NAMES, TASK, sheets

ROW = ("1", TASK, "综合科", "3月底")
LONG = "长" * 5000


def binary(**parts: bytes | None) -> bytes:
    """A binary workbook with these parts instead; '__' in a name stands for '/', None for no part."""
    rows = {0: binary_xlsx.texts(*HEADER), 1: binary_xlsx.texts(*ROW)}
    found = parts_of(binary_xlsx.xlsb(binary_xlsx.sheet(rows)))
    changed = {name.replace("__", "/"): data for name, data in parts.items()}
    return packed({k: v for k, v in (found | changed).items() if v is not None})


@refused("unreadable", filename=XLSB)
def a_binary_book_without_relationships() -> bytes:
    """calamine panics, which is no Exception: the child died of it."""
    return binary(**{"xl___rels__workbook.bin.rels": None})


@refused("unreadable", filename=XLSB)
def a_binary_book_with_an_empty_record() -> bytes:
    """Another of its panics: the book's properties are not there."""
    book = parts_of(binary())["xl/workbook.bin"]
    at = book.index(binary_xlsx.record(143))
    start = book.index(binary_xlsx.record(131)) + len(binary_xlsx.record(131))
    return binary(**{"xl__workbook.bin": book[:start] + binary_xlsx.record(153) + book[at:]})


@refused("area_too_big", place="第 1 张工作表")
def a_far_row_above_a_near_one() -> bytes:
    """Only the last row was looked at; the rest asked for more memory than there is."""
    far = '<row r="200000"><c r="IV200000"><v>1</v></c></row>'
    return build.raw(GOOD.replace("<sheetData>", f"<sheetData>{far}"))


def _word(reading: Reading) -> str:
    found = {problem.value for problem in reading.problems if problem.code == "error_cell"}
    return "" if found == {"#SPILL!"} else f"told as {found}"


@reads(every(count(1), tells("error_cell"), _word))
def an_error_of_a_later_excel() -> bytes:
    """One such word made the whole workbook unreadable."""
    cell = '<c r="D2" t="e"><f>A1</f><v>#SPILL!</v></c></row></sheetData>'
    body = GOOD.replace("</row></sheetData>", cell).replace(
        '<c r="D2" t="inlineStr"><is><t>3月底</t></is></c>', ""
    )
    return build.raw(body)


@reads(count(1), filename=ODS)
def an_open_document_whose_content_is_in_capitals() -> bytes:
    """Names of parts do not tell capitals apart; the preflight knew, the reader did not."""
    parts = parts_of(
        open_document.ods(open_document.sheet(open_document.row(*HEADER), open_document.row(*ROW)))
    )
    return packed(
        {name.upper() if name == "content.xml" else name: data for name, data in parts.items()}
    )


@refused("unreadable", place="，表二：")
def a_text_that_is_not_in_the_list() -> bytes:
    """The file was named, its sheet was not."""
    second = '<sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData>'
    return sheets([("表一", GOOD), ("表二", second)])


@refused("unreadable", place="，Sheet1：")
def a_row_called_like_a_cell() -> bytes:
    row = '<x:row r="A1" hidden="1"><x:c t="n"><x:v>1</x:v></x:c></x:row>'
    writable = NAMES.replace("xmlns=", "xmlns:x=")
    sheet = f"<x:worksheet {writable}><x:sheetData>{row}</x:sheetData></x:worksheet>"
    return build.raw("", extra={"xl/worksheets/sheet1.xml": sheet})


@refused("cell_outside", place="长…：", filename=ODS)
def a_sheet_with_an_endless_name() -> bytes:
    """The name filled the whole message."""
    far = open_document.row(*ROW, said='table:number-rows-repeated="900000"')
    return open_document.ods(open_document.sheet(open_document.row(*HEADER), far, name=LONG))


@refused("cell_outside", place="，计 划 gnp.：", filename=ODS)
def a_sheet_whose_name_breaks_the_line_and_turns_it() -> bytes:
    """A line break and a mark that turns the direction were printed as they came."""
    far = open_document.row(*ROW, said='table:number-rows-repeated="900000"')
    name = "计&#10;划&#x202E;gnp."
    return open_document.ods(open_document.sheet(open_document.row(*HEADER), far, name=name))


@refused("damaged_xml", place="xl/sharedStrings.xml")
def a_list_of_texts_that_says_it_is_endless() -> bytes:
    """Room was made for as many as it says: 100 GB."""
    texts = f'<sst {NAMES} count="1" uniqueCount="4294967295"><si><t>{TASK}</t></si></sst>'
    return build.raw(GOOD, extra={"xl/sharedStrings.xml": texts})


@reads(count(1))
def a_list_of_texts_that_says_a_little_more() -> bytes:
    """The benign twin: programs count wrongly."""
    texts = f'<sst {NAMES} count="999999999" uniqueCount="900"><si><t>{TASK}</t></si></sst>'
    body = GOOD.replace(f't="inlineStr"><is><t>{TASK}</t></is>', 't="s"><v>0</v>')
    return build.raw(body, extra={"xl/sharedStrings.xml": texts})


def old(top: int, bottom: int) -> bytes:
    """An old workbook that says which rows it fills, from 0."""
    said = record(0x200, struct.pack("<IIHHH", top, bottom, 0, 4, 0))
    table = tuple(open_document.HEADER), ROW
    stream = old_book(table, ())
    at = stream.index(record(0x200)[:2] + struct.pack("<H", 14))
    return contained(stream[:at] + said + stream[at + len(said) :])


@reads(count(1), filename=XLS)
def an_old_sheet_that_says_it_never_ends() -> bytes:
    """calamine makes room for what a sheet says it fills; now xlrd reads it, which does not ask."""
    return old(0, 0x7FFFFFFF)


@reads(count(1), filename=XLS)
def an_old_sheet_that_ends_before_it_begins() -> bytes:
    return old(65_536, 4)
