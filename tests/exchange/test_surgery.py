"""Cutting into parts: whatever way they are writable, only what must change does."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import pytest

from tests.exchange.styled.books import STYLED
from tests.exchange.styled.parts import MAIN, parts_of
from tracker.exchange.surgery.cutting import Cut, Made, Width, cut
from tracker.exchange.surgery.markup import Doctype, Edits, tree, with_attributes
from tracker.exchange.surgery.package import Package
from tracker.exchange.surgery.properties import set_property
from tracker.exchange.surgery.sheet import scan
from tracker.exchange.surgery.styles import Look, Styles

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""


def sheet(inner: str, tail: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inner}</sheetData>{tail}</worksheet>'.encode()


def with_cell(data: bytes, row: int = 2, column: int = 3, **more: object) -> str:
    """The sheet with the text 新 in a cell."""
    new = Cut({row: [Made(column, 1, "新")]}, **more)
    made = cut(scan(data, [row]), new)
    ET.fromstring(made)
    return made.decode()


NEW = '<c r="C2" s="1" t="inlineStr"><is><t xml:space="preserve">新</t></is></c>'


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('<row r="2"/>', f'<row r="2">{NEW}</row>'),
        ('<row r="2" />', f'<row r="2">{NEW}</row>'),
        ("<row r='2' spans='1:2'></row>", f"<row r='2' spans=\"1:3\">{NEW}</row>"),
        ('<row r="2"><c r="A2"/><c r="D2"/></row>', f'<row r="2"><c r="A2"/>{NEW}<c r="D2"/></row>'),
        ('<row r="2"><c r="B2"><v>></v></c><c r="C2" s="7"/></row>', f'<row r="2"><c r="B2"><v>></v></c>{NEW}</row>'),
        ('<row r="2"><c/><c/><c s="7"/><c><v>1</v></c></row>', f'<row r="2"><c/><c/>{NEW}<c r="D2"><v>1</v></c></row>'),
        ('<row/><row><c/></row>', f'<row/><row><c/>{NEW}</row>'),
        ('<row r="1"/><row r="5"/>', f'<row r="1"/><row r="2">{NEW}</row><row r="5"/>'),
        ('<row r="1"/>', f'<row r="1"/><row r="2">{NEW}</row>'),
        ('<row r="2"><!-- <c r="B2"> --><c r="A2" t="str"><v><![CDATA[</c>]]></v></c></row>',
         f'<row r="2"><!-- <c r="B2"> --><c r="A2" t="str"><v><![CDATA[</c>]]></v></c>{NEW}</row>'),
    ],
)  # fmt: skip
def test_a_cell_finds_its_place(row: str, told: str) -> None:
    assert with_cell(sheet(row)) == sheet(told).decode()


def test_a_tag_has_the_prefix_of_the_one_it_stands_in() -> None:
    data = f"<a:worksheet xmlns:a='{MAIN}'><a:sheetData><b:row xmlns:b='{MAIN}' r='2'/></a:sheetData></a:worksheet>"
    made = with_cell(data.encode(), merges=[(1, 3, 2, 3)], widths={3: Width(9)})
    names = {
        one.tag.rpartition("}")[2]
        for one in ET.fromstring(made).iter()
        if one.tag.startswith(f"{{{MAIN}}}")
    }
    assert {"c", "is", "t", "col", "cols", "mergeCell", "mergeCells"} <= names
    assert "<b:c " in made and "<a:col " in made


def test_new_blocks_stand_where_the_schema_wants_them() -> None:
    data = sheet('<row r="2"/>', '<autoFilter ref="A1:B2"/><pageMargins left="1"/>')
    made = ET.fromstring(with_cell(data, merges=[(1, 3, 2, 3)], widths={3: Width(9)}))
    names = [one.tag.rpartition("}")[2] for one in made]
    assert names == ["cols", "sheetData", "autoFilter", "mergeCells", "pageMargins"]


@pytest.mark.parametrize(
    ("cols", "told"),
    [
        ('<col min="1" max="9" width="5"/>',
         [("1", "2", "5", None), ("3", "3", "9", None), ("4", "4", "4", "1"), ("5", "9", "5", None)]),
        ('<col min="3" max="3" width="5" hidden="1" outlineLevel="2"/>', [("3", "3", "9", None), ("4", "4", "4", "1")]),
        ('<col min="4" max="16384" hidden="1"/>',
         [("3", "3", "9", None), ("4", "4", "4", "1"), ("5", "16384", None, "1")]),
        ('<col min="7" max="8" width="5"/>', [("3", "3", "9", None), ("4", "4", "4", "1"), ("7", "8", "5", None)]),
    ],
)  # fmt: skip
def test_ranges_of_widths_are_parted(cols: str, told: list[tuple[str | None, ...]]) -> None:
    data = sheet('<row r="2"/>').replace(b"<sheetData>", f"<cols>{cols}</cols><sheetData>".encode())
    made = ET.fromstring(with_cell(data, widths={3: Width(9), 4: Width(4, hidden=True)}))
    kept = [tuple(one.get(k) for k in ("min", "max", "width", "hidden")) for one in made[0]]
    assert kept == told


def test_cells_above_and_below_keep_the_look_of_their_column() -> None:
    data = sheet('<row r="2"/>').replace(
        b"<sheetData>", b'<cols><col min="1" max="5" style="4"/></cols><sheetData>'
    )
    made = ET.fromstring(with_cell(data, widths={3: Width(9)}))
    assert [one.get("style") for one in made[0]] == ["4", "4", "4"]


def test_declarations_are_refused_and_what_is_no_xml_too() -> None:
    with pytest.raises(Doctype):
        tree(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(ExpatError):
        scan(b"<worksheet><sheetData><row>", [])


def test_two_changes_of_one_place_are_a_mistake() -> None:
    edits = Edits(b"<a><b/></a>")
    edits.replace(3, 7, "x")
    edits.replace(5, 7, "y")
    with pytest.raises(ValueError, match="byte 5"):
        edits.done()


def test_attributes_are_set_and_others_stay() -> None:
    tag = b"<a b='1>2' c = \"3\" x:b='4'/>"
    assert with_attributes(tag, {"c": "<", "d": "5"}) == b"<a b='1>2' c=\"&lt;\" x:b='4' d=\"5\"/>"
    assert with_attributes(tag, {"b": None}) == b"<a c = \"3\" x:b='4'/>"


def opened(parts: dict[str, bytes]) -> Package:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return Package(zipfile.ZipFile(target))


def test_a_book_without_styles_gets_some() -> None:
    parts = parts_of(STYLED["pivot"]())
    del parts["xl/styles.xml"]
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        "relationships/styles", "relationships/else"
    ).encode()
    package = opened(parts)
    styles = Styles(package)
    assert styles.like(0, Look("center", "yyyy-mm-dd", "DDF4E4")) == 1
    styles.keep()
    again = Styles(opened(parts_of(package.saved())))
    assert (again.count("cellXfs"), again.count("fills"), again.count("numFmts")) == (2, 3, 1)


def test_a_property_is_set_once_and_the_others_stay() -> None:
    package = opened(parts_of(STYLED["locked"]()))
    for value in ("one", "two"):
        set_property(package, "Key", value)
    root = tree(package.read("docProps/custom.xml"))
    assert [one.attributes["name"] for one in root.children] == ["密级", "Key"]
    assert [one.attributes["pid"] for one in root.children] == ["2", "4"]
    assert root.children[1].children[0].text == "two"
