"""Places: references, dimensions and merges that lie, overlap or reach too far."""

from __future__ import annotations

from tests.importers import build

from .case import count, every, no_plan, reads, refused, tasks, tells
from .raw import GOOD, TASK, plan, sheets

ROWS = [("1", TASK, "综合科", "3月底"), ("2", "清点资产", "财务科", "5月底")]
TWO = plan(*ROWS)


def merged(*areas: str, body: str = TWO) -> bytes:
    """The plan with these merges."""
    inner = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return build.raw(f'{body}<mergeCells count="{len(areas)}">{inner}</mergeCells>')


def one(reference: str) -> bytes:
    """The plan with one more cell at this reference."""
    cell = f'<row><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'
    return build.raw(TWO.replace("</sheetData>", f"{cell}</sheetData>"))


@refused("merge_too_big", place="第 1 行起")
def a_merge_of_everything() -> bytes:
    return merged("A1:XFD1048576")


@refused("merge_too_big", place="第 1 张工作表")
def a_merge_of_a_column() -> bytes:
    return merged("A1:A1048576")


@refused("merge_too_big")
def merges_that_add_up() -> bytes:
    """Each is allowed, thirty together are not."""
    return merged(*(f"A{n}:Z{n + 7000}" for n in range(10, 40)))


@refused("too_many_merges", place="第 1 张工作表")
def more_merges_than_any_plan_has() -> bytes:
    return merged(*(f"H{n}:I{n}" for n in range(1, 120_002)))


@reads(count(2))
def fifty_thousand_merges() -> bytes:
    """The benign twin: what made other readers hang."""
    return merged(*(f"H{n}:I{n}" for n in range(1, 50_001)))


@reads(every(count(2), tells("text_under_merge")))
def merges_that_overlap() -> bytes:
    """The text of D3 stands below a merge; it is told, not dropped."""
    return merged("C2:D3", "D3:E4", "C2:D3", "C2:D2")


@reads(count(2))
def merges_in_a_circle() -> bytes:
    """Each covers the other's corner."""
    return merged("F1:G2", "G2:F1", "G1:F2", "F2:G1")


@reads(count(2))
def a_merge_of_one_cell() -> bytes:
    return merged("A2:A2", "B3:B3")


@reads(count(2))
def a_merge_backwards() -> bytes:
    return merged("H9:F7")


@reads(count(2))
def the_same_merge_two_thousand_times() -> bytes:
    return merged(*["F2:F600"] * 2000)


@reads(count(2))
def a_merge_below_everything() -> bytes:
    return merged("A9000:D9010")


@refused("bad_reference", place="A:A")
def a_merge_of_whole_columns() -> bytes:
    return merged("A:A")


@refused("bad_reference", place="1:1")
def a_merge_of_whole_rows() -> bytes:
    return merged("1:1")


@refused("bad_reference", place="$A$1")
def a_merge_with_dollars() -> bytes:
    return merged("$A$1:$B$2")


@refused("bad_reference")
def a_merge_of_nothing() -> bytes:
    return merged("")


@refused("bad_reference")
def a_merge_of_three_corners() -> bytes:
    return merged("A1:B2:C3")


@reads(count(2))
def a_dimension_that_is_too_big() -> bytes:
    return build.raw(f'<dimension ref="A1:XFD1048576"/>{TWO}')


@reads(count(3000))
def a_dimension_that_is_too_small() -> bytes:
    """It says two rows; three thousand are read."""
    rows = [(str(n), f"事项{n}", "综合科", "3月底") for n in range(1, 3001)]
    return build.raw(f'<dimension ref="A1:C2"/>{plan(*rows)}')


@refused("unreadable")
def a_dimension_that_is_nonsense() -> bytes:
    return build.raw(f'<dimension ref="??:-1"/>{TWO}')


@refused("cell_outside", place="XFD1048576")
def the_last_cell_of_all() -> bytes:
    return one("XFD1048576")


@refused("cell_outside", place="IW1")
def a_column_too_far() -> bytes:
    return one("IW1")


@refused("cell_outside", place="A200001")
def a_row_too_far() -> bytes:
    return one("A200001")


@reads(count(2))
def the_last_row_that_is_allowed() -> bytes:
    """The benign twin, with a stray cell far below."""
    return one("C199999")


@refused("area_too_big", place="第 1 张工作表")
def two_corners_of_a_huge_table() -> bytes:
    """Each cell is allowed; the table between them has 51 million."""
    return one("IV200000")


@refused("area_too_big")
def sheets_that_reach_far_together() -> bytes:
    body = TWO.replace(
        "</sheetData>", '<row r="20000"><c r="IV20000"><v>1</v></c></row></sheetData>'
    )
    return sheets([("甲", body), ("乙", body)])


@refused("bad_reference", place="AAAAAAA1")
def a_column_of_seven_letters() -> bytes:
    return one("AAAAAAAA1")


@refused("bad_reference", place="???")
def a_reference_of_question_marks() -> bytes:
    return one("???")


@refused("bad_reference")
def row_zero() -> bytes:
    return one("A0")


@refused("bad_reference")
def a_negative_row() -> bytes:
    return one("A-1")


@refused("bad_reference", "unreadable")
def an_empty_reference() -> bytes:
    return one("")


@refused("cell_outside", place="XFD1")
def a_reference_written_as_an_entity() -> bytes:
    return one("&#88;FD1")


@reads(no_plan)
def rows_out_of_order() -> bytes:
    """Later rows first, and the same row twice."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (9, 3, 3, 1))
    return build.raw(f"<sheetData>{rows}</sheetData>")


@reads(no_plan)
def cells_without_an_address() -> bytes:
    return build.raw(f"<sheetData>{'<row><c><v>1</v></c><c><v>2</v></c></row>' * 50}</sheetData>")


@refused("cell_outside")
def three_hundred_cells_without_an_address() -> bytes:
    return build.raw(f"<sheetData><row>{'<c><v>1</v></c>' * 300}</row></sheetData>")


@refused("too_many_elements", place="第 1 张工作表")
def twenty_million_empty_cells() -> bytes:
    return build.raw(f"<sheetData>{'<c/>' * 20_000_001}</sheetData>")


@reads(tasks(TASK))
def columns_hidden_a_hundred_thousand_times() -> bytes:
    """They reach beyond the table, and say it again and again."""
    hidden = '<col min="9" max="16384" hidden="1"/>' * 100_000
    return build.raw(f"<cols>{hidden}</cols>{GOOD}")


@reads(tells("hidden_rows"))
def rows_hidden() -> bytes:
    return build.raw(TWO.replace('<row r="3"', '<row r="3" hidden="true"'))


@reads(every(count(2), tells("hidden_sheet")))
def a_sheet_very_hidden() -> bytes:
    """Its plan is asked about, not imported in silence."""
    return sheets([("计划", TWO), ("另一份", GOOD)], states=("", "veryHidden"))


@reads(every(count(0), tells("hidden_sheet")))
def no_sheet_to_be_seen() -> bytes:
    return sheets([("甲", GOOD), ("乙", GOOD)], states=("hidden", "hidden"))


@reads(count(2))
def a_protected_sheet() -> bytes:
    return build.raw(f'{TWO}<sheetProtection sheet="1" password="CC1A"/>')
