"""Packages changed by hand: parts that no writer makes, other dialects, other spellings."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from xml.etree import ElementTree as ET

Change = Callable[[str], str]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def changed(
    content: bytes, changes: Mapping[str, Change], added: Mapping[str, bytes] | None = None
) -> bytes:
    parts = parts_of(content)
    for name, change in changes.items():
        before = parts[name].decode()
        after = change(before)
        assert after != before, name
        parts[name] = after.encode()
    types = parts["[Content_Types].xml"].decode()
    parts |= added or {}
    ending = '<Default Extension="bin" ContentType="application/octet-stream"/></Types>'
    if added and 'Extension="bin"' not in types:
        parts["[Content_Types].xml"] = types.replace("</Types>", ending).encode()
    return zipped(parts)


def related(parts: dict[str, bytes], part: str, kind: str, target: str, of: str = OFFICE) -> None:
    """Let a part refer to another."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    fresh = f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}"></Relationships>'.encode()
    one = f'<Relationship Id="rIdX{len(parts)}" Type="{of}/{kind}" Target="{target}"/>'
    parts[path] = parts.get(path, fresh).replace(
        b"</Relationships>", f"{one}</Relationships>".encode()
    )


def typed(parts: dict[str, bytes], path: str, kind: str) -> None:
    one = f'<Override PartName="/{path}" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"].replace(b"</Types>", one.encode())
    parts["[Content_Types].xml"] = types


def with_threads(content: bytes) -> bytes:
    """A discussion on B3 between people whom the book lists."""
    parts = parts_of(content)
    who, what = "{00000000-0000-0000-0000-00000000000A}", "{00000000-0000-0000-0000-00000000000B}"
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="{THREADS}"><person displayName="镇办" id="{who}" userId="x" providerId="None"/></personList>'
    ).encode()
    parts["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="B3" dT="2026-03-01T08:00:00.00" '
        f'personId="{who}" id="{what}"><text>先排查再更换</text></threadedComment></ThreadedComments>'
    ).encode()
    of = "http://schemas.microsoft.com/office/2017/10/relationships"
    related(
        parts,
        "xl/worksheets/sheet1.xml",
        "threadedComment",
        "../threadedComments/threadedComment1.xml",
        of,
    )
    related(parts, "xl/workbook.xml", "person", "persons/person.xml", of)
    typed(parts, "xl/persons/person.xml", "application/vnd.ms-excel.person+xml")
    typed(
        parts,
        "xl/threadedComments/threadedComment1.xml",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    return zipped(parts)


def with_pivot(content: bytes) -> bytes:
    """Tasks counted by department, over 任务!A2:D6, on the second sheet."""
    parts = parts_of(content)
    names = ("序号", "工作任务", "责任单位", "完成时限")
    shared = '<sharedItems count="2"><s v="教体局"/><s v="财政局"/></sharedItems>'
    fields = "".join(
        f'<cacheField name="{name}" numFmtId="0">{shared if n == 2 else "<sharedItems/>"}</cacheField>'
        for n, name in enumerate(names)
    )
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" refreshOnLoad="1" recordCount="0" r:id="rId1">'
        f'<cacheSource type="worksheet"><worksheetSource ref="A2:D6" sheet="任务"/></cacheSource>'
        f'<cacheFields count="4">{fields}</cacheFields></pivotCacheDefinition>'
    ).encode()
    parts["xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/pivotCacheRecords" '
        'Target="pivotCacheRecords1.xml"/></Relationships>'
    ).encode()
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = (
        f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>'.encode()
    )
    items = '<items count="3"><item x="0"/><item x="1"/><item t="default"/></items>'
    axes = "".join(
        f'<pivotField axis="axisRow" showAll="0">{items}</pivotField>' if n == 2
        else f"<pivotField dataField='{int(n == 0)}' showAll='0'/>"
        for n in range(4)
    )  # fmt: skip
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="透视1" cacheId="1" dataCaption="值">'
        f'<location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="4">{axes}</pivotFields><rowFields count="1"><field x="2"/></rowFields>'
        f'<dataFields count="1"><dataField name="计数" fld="0" subtotal="count"/></dataFields></pivotTableDefinition>'
    ).encode()
    related(
        parts, "xl/workbook.xml", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"
    )
    ident = re.findall(rb'Id="(rIdX\d+)"', parts["xl/_rels/workbook.xml.rels"])[-1].decode()
    caches = f'<pivotCaches><pivotCache cacheId="1" r:id="{ident}"/></pivotCaches></workbook>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</workbook>", caches.encode())
    related(parts, "xl/worksheets/sheet2.xml", "pivotTable", "../pivotTables/pivotTable1.xml")
    related(
        parts,
        "xl/pivotTables/pivotTable1.xml",
        "pivotCacheDefinition",
        "../pivotCache/pivotCacheDefinition1.xml",
    )
    for path, kind in (
        ("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "pivotCacheRecords"),
        ("xl/pivotTables/pivotTable1.xml", "pivotTable"),
    ):
        typed(parts, path, f"{_SHEETML}.{kind}+xml")
    return zipped(parts)


def strict(content: bytes) -> bytes:
    """The same in ISO's strict dialect."""
    pairs = (
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/extended-properties", "http://purl.oclc.org/ooxml/officeDocument/extendedProperties"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes", "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes"),
    )  # fmt: skip
    parts = parts_of(content)
    for name, data in parts.items():
        for old, new in pairs:
            data = data.replace(old.encode(), new.encode())
        data = (
            data.replace(b'extended-properties"', b'extendedProperties"')
            if name == "_rels/.rels"
            else data
        )
        parts[name] = data
    book = parts["xl/workbook.xml"].replace(b"<workbook ", b'<workbook conformance="strict" ', 1)
    return zipped({**parts, "xl/workbook.xml": book})


def prefixed(content: bytes) -> bytes:
    """Every tag of the workbook's own parts under x:, attributes in apostrophes, the second task as
    CDATA in the cell itself; the sheet's rows and cells without addresses where they need none."""
    parts = parts_of(content)
    ET.register_namespace("x", MAIN)
    ET.register_namespace("r", OFFICE)
    for name in (
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
    ):
        text = ET.tostring(ET.fromstring(parts[name]), encoding="unicode")
        parts[name] = re.sub(r"=\"([^\"']*)\"", r"='\1'", text).encode()
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r" r='[C-Z]+\d+'", "", sheet)
    words = "<x:c r='C4' t='inlineStr'><x:is><x:t><![CDATA[补种行道树一百株 <含养护>]]></x:t></x:is></x:c>"
    sheet, found = re.subn(r"(<x:c r='B4'.*?</x:c>)<x:c.*?</x:c>", rf"\1{words}", sheet, count=1)
    assert found
    parts["xl/worksheets/sheet1.xml"] = f"<?xml version='1.0'?><!-- a > b -->{sheet}".encode()
    return zipped(parts)
