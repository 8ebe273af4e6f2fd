"""Changes that say something hostile where a format says how far, how often or which."""

from __future__ import annotations

import re
from random import Random

from .xml_changes import MOST, NUMBERS, REFERENCES, WORDS

Rewrite = tuple[str, tuple[str, ...]]
Insert = tuple[str, str, tuple[str, ...]]

TYPES = ("s", "b", "e", "d", "n", "str", "inlineStr", "x", "")
REWRITES: dict[str, tuple[Rewrite, ...]] = {
    "xlsx": (
        (r'<mergeCell ref="([^"]*)"', REFERENCES), (r'<dimension ref="([^"]*)"', REFERENCES),
        (r'<c\b[^>]*\br="([^"]*)"', REFERENCES), (r'<row\b[^>]*\br="([^"]*)"', NUMBERS), (r"<v>([^<]*)</v>", NUMBERS),
        (r'<c\b[^>]*\bt="([^"]*)"', TYPES), (r'<c\b[^>]*\bs="([^"]*)"', NUMBERS), (r'\bnumFmtId="([^"]*)"', NUMBERS),
        (r'\bformatCode="([^"]*)"', ("0.00", "yyyy", "[h]:mm", ";;;", "0" * 300, '"', "@", "General", "[$-804]", "\\")),
        (r'\buniqueCount="([^"]*)"', NUMBERS), (r'<sheet\b[^>]*\bstate="([^"]*)"', ("hidden", "veryHidden", "x", "")),
        (r'<sheet\b[^>]*\bname="([^"]*)"', WORDS), (r'\bsheetId="([^"]*)"', NUMBERS),
        (r'<col\b[^>]*\bm(?:in|ax)="([^"]*)"', NUMBERS), (r"<f>([^<]*)</f>", WORDS),
    ),
    "ods": (
        (r'-repeated="([^"]*)"', NUMBERS), (r'-spanned="([^"]*)"', NUMBERS), (r'office:value="([^"]*)"', NUMBERS),
        (r'office:date-value="([^"]*)"', NUMBERS), (r'table:name="([^"]*)"', WORDS),
        (r'office:value-type="([^"]*)"', ("float", "percentage", "currency", "date", "time", "boolean", "x", "")),
    ),
    "docx": (
        (r'w:gridSpan w:val="([^"]*)"', NUMBERS), (r'w:ilvl w:val="([^"]*)"', NUMBERS), (r'w:numId w:val="([^"]*)"', NUMBERS),
        (r'w:vMerge w:val="([^"]*)"', ("restart", "continue", "x")), (r'w:gridCol w:w="([^"]*)"', NUMBERS),
        (r'w:start w:val="([^"]*)"', NUMBERS), (r'w:lvlText w:val="([^"]*)"', ("%1%2%3%4%5%6%7%8%9", "%0", "%99", "%", *WORDS)),
        (r'w:numFmt w:val="([^"]*)"', ("roman", "upperRoman", "lowerLetter", "chineseCounting", "ordinal", "none", "x", "")),
    ),
    "html": ((r"(?:row|col)span=['\"]?([\w]*)", NUMBERS), (r"charset=([\w-]+)", ("utf-16", "x", "big5", "gb2312", "utf-7", "hex", "punycode"))),
    "spreadsheetml": ((r'ss:Index="([^"]*)"', NUMBERS), (r'ss:Type="([^"]*)"', ("Number", "DateTime", "Boolean", "Error", "x", ""))),
}  # fmt: skip
INSERTS: dict[str, tuple[Insert, ...]] = {
    "xlsx": (
        (r"</sheetData>", '<mergeCells><mergeCell ref="{}"/></mergeCells>', REFERENCES),
        (r"</sheetData>", '<mergeCells count="2"><mergeCell ref="A1:C3"/><mergeCell ref="{}"/></mergeCells>', REFERENCES),
        (r"<sheetData>", '</sheetData><sheetData><row r="{}"><c><v>1</v></c></row>', NUMBERS),
        (r"</row>", '</row><row r="{}" hidden="1"><c t="inlineStr"><is><t>x</t></is></c></row>', NUMBERS),
        (r"</c>", '</c><c r="{}"><v>1</v></c>', REFERENCES), (r"</c>", '</c><c t="s"><v>{}</v></c>', NUMBERS),
        (r"</c>", '</c><c t="e"><v>{}</v></c>', WORDS), (r"</c>", '</c><c><f t="shared" ref="{}" si="0"/><v>1</v></c>', REFERENCES),
        (r"<sheetData>", '<cols><col min="1" max="{}" hidden="1"/></cols><sheetData>', NUMBERS),
        (r"</si>", "</si><si><r><t>{0}</t></r><r><t>{0}</t></r></si>", WORDS), (r"</c>", '</c><c t="d"><v>{}</v></c>', NUMBERS),
        (r"<sheets>", '<workbookPr date1904="{}"/><sheets>', NUMBERS),
    ),
    "ods": (
        (r"<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"', NUMBERS),
        (r"<table:table-cell", '<table:table-cell table:number-rows-spanned="{}"', NUMBERS),
        (r"<table:table-cell", '<table:table-cell table:number-columns-spanned="{}"', NUMBERS),
        (r"<table:table-row", '<table:table-row table:number-rows-repeated="{}"', NUMBERS),
        (r"<table:table-row", '<table:table-row table:visibility="filter" table:number-rows-repeated="{}"', NUMBERS),
        (r"<table:table-column", '<table:table-column table:visibility="collapse" table:number-columns-repeated="{}"', NUMBERS),
        (r"<text:p>", '<text:p><text:s text:c="{}"/>', NUMBERS), (r"<table:table-cell", '<table:table-cell table:formula="of:={}"', WORDS),
        (r"<table:table-cell", '<table:table-cell office:value-type="float" office:value="{}"', NUMBERS),
        (r"<table:table-cell", '<table:table-cell office:value-type="date" office:date-value="{}"', NUMBERS),
    ),
    "docx": (
        (r"<w:tcPr>", '<w:tcPr><w:gridSpan w:val="{}"/>', NUMBERS), (r"<w:tcPr>", '<w:tcPr><w:vMerge w:val="{}"/>', ("restart", "continue", "")),
        (r"<w:pPr>", '<w:pPr><w:numPr><w:ilvl w:val="{0}"/><w:numId w:val="{0}"/></w:numPr>', NUMBERS),
        (r"<w:pPr>", '<w:pPr><w:pStyle w:val="{}"/>', WORDS), (r"<w:pPr>", '<w:pPr><w:outlineLvl w:val="{}"/>', NUMBERS),
        (r"<w:tblGrid>", '<w:tblGrid><w:gridCol w:w="{}"/>', NUMBERS), (r"<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="{}"/></w:trPr>', NUMBERS),
        (r"<w:r>", "<w:r><w:br/><w:tab/><w:sym w:char=\"{}\"/>", NUMBERS), (r"<w:tc>", "<w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>", WORDS),
        (r"<w:p>", "<w:p><w:del><w:r><w:delText>{}</w:delText></w:r></w:del>", WORDS), (r"<w:body>", '<w:body><w:sdt><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:sdtContent></w:sdt>', WORDS),
    ),
    "html": (
        (r"<td", '<td colspan="{}"', NUMBERS), (r"<td", "<td rowspan={}", NUMBERS), (r"<td", "<td x:num='{}' style='mso-ignore:colspan'", NUMBERS),
        (r"<td>", "<td><table><tr><td>{}</table>", WORDS), (r"<tr>", "<tr style='display:none'><td>{}", WORDS),
        (r"<td", "<td style='{}'", ("display:none", "mso-number-format:" + "x" * 5000, "a:b;" * 500, ";:;:", "display:none;")),
        (r"</table>", "</table><!--[if gte mso 9]><xml><x:WorksheetOptions>{}", WORDS), (r"<td", "<td x:fmla='={}'", WORDS),
    ),
    "spreadsheetml": (
        (r"<Cell", '<Cell ss:Index="{}"', NUMBERS), (r"<Cell", '<Cell ss:MergeAcross="{}"', NUMBERS), (r"<Cell", '<Cell ss:MergeDown="{}"', NUMBERS),
        (r"<Row", '<Row ss:Index="{}"', NUMBERS), (r"<Row", '<Row ss:Hidden="1" ss:Span="{}"', NUMBERS), (r"<Cell", '<Cell ss:Formula="={}"', WORDS),
        (r"<Column", '<Column ss:Hidden="1" ss:Span="{}"', NUMBERS), (r"<Data", '<Data ss:Type="Number">{}</Data><Data', NUMBERS),
        (r"<Data", '<Data ss:Type="DateTime">{}</Data><Data', NUMBERS),
    ),
}  # fmt: skip
REWRITES |= {"fods": REWRITES["ods"], "mhtml": REWRITES["html"], "xlsb": ()}
INSERTS |= {"fods": INSERTS["ods"], "mhtml": INSERTS["html"], "xlsb": ()}


def rewritten(rng: Random, kind: str, text: str) -> str:
    """A merge, a dimension, an index, a type … says something else; sometimes all of the kind do."""
    found = [(list(re.finditer(p, text)), values) for p, values in REWRITES[kind]]
    found = [(places, values) for places, values in found if places]
    if not found:
        return text
    places, values = rng.choice(found)
    for place in places[::-1] if rng.random() < 0.1 else [rng.choice(places)]:
        text = text[: place.start(1)] + rng.choice(values) + text[place.end(1) :]
    return text


def inserted(rng: Random, kind: str, text: str) -> str:
    """An element or attribute that the format knows, with a hostile value, once or in many places."""
    found = [(list(re.finditer(p, text)), new, values) for p, new, values in INSERTS[kind]]
    found = [one for one in found if one[0]]
    if not found:
        return text
    places, new, values = rng.choice(found)
    for place in places[::-1] if rng.random() < 0.1 else [rng.choice(places)]:
        longer = text[: place.start()] + new.format(rng.choice(values)) + text[place.end() :]
        text = longer if len(longer) < MOST else text
    return text
