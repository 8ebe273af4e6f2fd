"""A hostile or foreign file is refused before a parser sees it, with a code and one sentence."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from importers import Limits, ReadingRefused, read

from . import build

pytestmark = pytest.mark.process

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


def bomb() -> bytes:
    return build.raw(f"<sheetData><row r='1'>{' ' * 101 * 1024 * 1024}</row></sheetData>")


def encrypted_member() -> bytes:
    data = bytearray(build.raw(build.GOOD))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def twins() -> bytes:
    stream = io.BytesIO(build.raw(build.GOOD))
    with pytest.warns(UserWarning), zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def symlink() -> bytes:
    stream = io.BytesIO(build.raw(build.GOOD))
    with zipfile.ZipFile(stream, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


def one_cell(reference: str) -> str:
    return (
        f'<sheetData><row><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )


def merged(area: str) -> str:
    return f'{build.GOOD}<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'


def many_sheets() -> bytes:
    return build.workbooks({f"表{n}": [build.HEADER] for n in range(51)})


DTD = "<!DOCTYPE x [<!ENTITY a 'b'>]>"
HOSTILE = {
    "empty": (lambda: b"", "empty_file"),
    "blank": (lambda: b"  \n\0", "empty_file"),
    "other OLE": (lambda: OLE, "damaged_xls"),
    "empty web page named .xls": (lambda: b"<html><table>", "no_table"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_workbook"),
    "macros": (lambda: build.raw(build.GOOD, extra={"xl/vbaProject.bin": b"x"}), "macros"),
    "word without words": (lambda: build.zipped({"word/document.xml": "<w/>"}), "no_table"),
    "plain zip": (lambda: build.zipped({"readme.txt": "x"}), "not_a_workbook"),
    "truncated": (lambda: build.raw(build.GOOD)[:-40], "damaged_zip"),
    "bomb": (bomb, "unpacked_too_big"),
    "2,001 members": (
        lambda: build.raw(build.GOOD, extra={f"x/{n}": "" for n in range(2001)}),
        "too_many_members",
    ),
    "twins": (twins, "duplicate_members"),
    "climbing name": (lambda: build.raw("", extra={"../../etc/cron.d/x": "x"}), "unsafe_member"),
    "absolute name": (lambda: build.raw("", extra={"/etc/passwd": "x"}), "unsafe_member"),
    "symlink": (symlink, "unsafe_member"),
    "encrypted member": (encrypted_member, "password_protected"),
    "doctype": (lambda: build.raw(build.GOOD, before=DTD), "doctype"),
    "doctype elsewhere": (
        lambda: build.raw("", extra={"docProps/app.xml": f"{DTD}<a/>"}),
        "doctype",
    ),
    "utf-16 part": (
        lambda: build.raw("", extra={"xl/styles.xml": "<a/>".encode("utf-16")}),
        "odd_encoding",
    ),
    "far cell": (lambda: build.raw(one_cell("XFD1048576")), "cell_outside"),
    "far cell, lower quotes": (
        lambda: build.raw(one_cell("XFD1048576").replace('"', "'")),
        "cell_outside",
    ),
    "far cell by entity": (lambda: build.raw(one_cell("&#88;FD1")), "cell_outside"),
    "far cell after '>'": (
        lambda: build.raw(one_cell("A1").replace('r="A1"', 'x=">" r="IW1"')),
        "cell_outside",
    ),
    "far cell in another part": (
        lambda: build.raw("", extra={"xl/evil.bin": f"<w>{one_cell('XFD1')}</w>"}),
        "cell_outside",
    ),
    "far row": (lambda: build.raw('<sheetData><row r="200001"/></sheetData>'), "cell_outside"),
    "odd reference": (lambda: build.raw(one_cell("???")), "bad_reference"),
    "sheet-wide merge": (lambda: build.raw(merged("A1:XFD1048576")), "merge_too_big"),
    "column merge": (lambda: build.raw(merged("A1:A1048576")), "merge_too_big"),
    "merge of whole columns": (lambda: build.raw(merged("A:A")), "bad_reference"),
    "long text": (lambda: build.raw(build.cells(["长" * 32_768])), "text_too_long"),
    "long text in runs": (
        lambda: build.raw(build.cells(["x" * 30_000 + "</t><t>" + "y" * 30_000])),
        "text_too_long",
    ),
    "no sheets": (
        lambda: build.zipped({"xl/workbook.xml": f"<workbook {build.NAMESPACE}/>"}),
        "no_sheets",
    ),
    "51 sheets": (many_sheets, "too_many_sheets"),
    "missing sheet part": (
        lambda: build.zipped(
            {"xl/workbook.xml": build._BOOK, "xl/_rels/workbook.xml.rels": build._RELS}
        ),
        "unreadable",
    ),
    "gb18030 torn": (lambda: "序号,任务\n".encode("gb18030") + b"\xff\xff\n", "bad_encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused_with_its_code_and_the_file_named(name):
    make, code = HOSTILE[name]
    data = make()
    began = time.perf_counter()
    with pytest.raises(ReadingRefused) as refused:
        read(data, filename="来文.xlsx")
    assert refused.value.code == code
    assert "来文.xlsx" in refused.value.message
    assert "！" not in refused.value.message
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("far cell", "XFD1048576"),
        ("far row", "第 1 张工作表"),
        ("long text", "A1"),
        ("column merge", "第 1 张工作表"),
    ],
)
def test_the_sheet_or_cell_is_named_where_it_is_known(name, place):
    with pytest.raises(ReadingRefused) as refused:
        read(HOSTILE[name][0](), filename="来文.xlsx")
    assert place in refused.value.message


def test_too_many_merges_are_refused_by_number():
    rows = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 12))
    data = build.raw(f"{build.GOOD}<mergeCells>{rows}</mergeCells>")
    with pytest.raises(ReadingRefused) as refused:
        read(data, limits=Limits(merges=10))
    assert refused.value.code == "too_many_merges"


@pytest.mark.parametrize("bound", [{"rows": 3}, {"columns": 3}])
def test_cells_that_do_not_say_where_they_stand_are_counted(bound):
    row = "<row>" + '<c t="inlineStr"><is><t>x</t></is></c>' * 4 + "</row>"
    data = build.raw(f"<sheetData>{row * 4}</sheetData>")
    with pytest.raises(ReadingRefused) as refused:
        read(data, limits=Limits(**bound))
    assert refused.value.code == "cell_outside"
    read(data, limits=Limits(**dict.fromkeys(bound, 4)))


def test_a_good_raw_workbook_passes_the_same_gate():
    (table,) = read(build.raw(build.GOOD), filename="来文.xlsx", year=2026).tables
    assert [task.text for task in table.tasks] == ["整理会议资料"]


@pytest.mark.parametrize("lie", ["A1:XFD1048576", "A1:B1"])
def test_a_lying_dimension_changes_nothing(lie):
    data = build.raw(f'<dimension ref="{lie}"/>{build.GOOD}')
    assert len(read(data, year=2026).tasks) == 1


def test_words_that_look_like_markup_are_only_words():
    body = build.cells(build.HEADER, ("1", "核对 r= 与 mergeCell 两个词", "综合科", "3月底"))
    assert len(read(build.raw(body), year=2026).tasks) == 1


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ReadingRefused) as refused:
        read(tmp_path / "没有.xlsx")
    assert refused.value.code == "no_such_file"
