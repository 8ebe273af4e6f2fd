"""A department's copy is unzipped and every part looked through for what is not its own."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.exchange.coming_back import merged_of, taken_out
from tests.exchange.styled.books import HEAD, STYLED, made
from tests.exchange.styled.parts import parts_of, related, typed, with_pivot, zipped
from tests.intake.test_applying import apply, lay_out
from tracker.db import Database
from tracker.exchange.export import Layout
from tracker.exchange.merging.merge import Kind
from tracker.settings import Settings

pytestmark = pytest.mark.only_on("sqlite")
"""What is in a file is the same whatever the database."""

CANARY = "别处的金丝雀"
"""It stands wherever a workbook can hold words that are not of the department's rows."""
OWN, OTHERS = "清河县教育体育局", "清河县财政局"


def everywhere() -> bytes:
    """One row is of the education bureau, another with the canary of the finance bureau; the canary
    also stands in notes, names, headers, hidden sheets, charts, caches, properties and settings."""

    def fill(book: Any) -> None:
        sheet = book.add_worksheet("任务")
        sheet.merge_range("A1:E1", "河湾镇年度任务")
        sheet.write_row("A2", ("类别", *HEAD))
        sheet.merge_range("A3:A5", "市政")
        red = book.add_format({"font_color": "red"})
        sheet.write_row("B3", (1, "更换老旧路灯", "教体局", "2026年6月底前"))
        sheet.write_row("B4", (2, f"补种{CANARY}", "财政局", "2026年7月底前"))
        sheet.write_row("B5", (3, "", "财政局", "2026年7月底前"))
        sheet.write_rich_string("C5", f"疏通{CANARY}", red, "管网", "一段")
        sheet.write("J3", CANARY)  # beside the table, behind an empty column
        sheet.write("C8", f"注：{CANARY}")
        sheet.write_comment("C3", CANARY, {"author": CANARY})
        sheet.write_url("D3", f"https://example.test/{CANARY}", string="教体局", tip=CANARY)
        sheet.data_validation(
            "D3:D5", {"validate": "list", "source": ["教体局", CANARY], "input_message": CANARY}
        )
        sheet.conditional_format(
            "C3:C5", {"type": "text", "criteria": "containing", "value": CANARY, "format": red}
        )
        sheet.set_header(f"&C{CANARY}")
        hidden = book.add_worksheet("隐")
        hidden.write("A1", CANARY)
        hidden.very_hidden()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=任务!$B$3:$B$5", "name": CANARY})
        chart.set_title({"name": CANARY})
        sheet.insert_chart("G10", chart)
        sheet.insert_textbox("G30", CANARY)
        picture = BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        sheet.insert_image("A1", f"{CANARY}.png", {"image_data": picture, "description": CANARY})
        book.define_name("名", f'="{CANARY}"')
        book.set_properties({"title": CANARY, "comments": CANARY, "author": CANARY})
        book.set_custom_property("来源", CANARY)

    parts = parts_of(with_pivot(made(fill)))
    cache = "xl/pivotCache/pivotCacheRecords1.xml"
    parts[cache] = parts[cache].replace(
        b'count="0"/>', f'count="1"><r><s v="{CANARY}"/></r></pivotCacheRecords>'.encode()
    )
    parts["xl/theme/theme1.xml"] = re.sub(
        rb'name="Office[^"]*"', f'name="{CANARY}"'.encode(), parts["xl/theme/theme1.xml"]
    )
    parts["customXml/item1.xml"] = f"<a>{CANARY}</a>".encode()
    parts["xl/printerSettings/printerSettings1.bin"] = CANARY.encode("utf-16-le")
    typed(parts, "xl/printerSettings/printerSettings1.bin", "application/octet-stream")
    related(
        parts,
        "xl/worksheets/sheet1.xml",
        "printerSettings",
        "../printerSettings/printerSettings1.bin",
    )
    return zipped(parts)


def holding(content: bytes, word: str = CANARY) -> set[str]:
    """The parts that hold a word, as text, as references to characters or in UTF-16; names of parts too."""
    writable = {
        word.encode(),
        word.encode("utf-16-le"),
        "".join(f"&#{ord(c)};" for c in word).encode(),
    }
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {
            name for name in archive.namelist()
            if word in name or any(one in archive.read(name) for one in writable)
        }  # fmt: skip


@pytest.mark.parametrize("layout", [Layout.ORIGINAL, Layout.LEDGER])
def test_nothing_of_others_leaves_with_a_departments_copy(
    database: Database, settings: Settings, layout: Layout
) -> None:
    apply(database, lay_out(database, settings, everywhere()))
    content = taken_out(database, settings, layout=layout, department=OWN)
    assert holding(content) == set()
    assert holding(content, "更换老旧路灯")


def test_the_whole_plan_holds_it_in_all_these_places(
    database: Database, settings: Settings
) -> None:
    """The control: the words are there to be found, in the plan's file and in the others' copy."""
    apply(database, lay_out(database, settings, everywhere()))
    found = holding(taken_out(database, settings))
    assert len(found) >= 12, sorted(found)
    assert {"xl/sharedStrings.xml", "xl/printerSettings/printerSettings1.bin"} <= found
    assert holding(taken_out(database, settings, department=OTHERS))


def side_by_side() -> bytes:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("任务")
        sheet.write("A1", "河湾镇年度任务")
        sheet.write_row("A2", HEAD)
        sheet.write_row("F2", HEAD)
        for n, (one, other) in enumerate(
            (("更换路灯", f"补种{CANARY}"), ("清洗站牌", f"疏通{CANARY}")), 3
        ):
            sheet.write_row(f"A{n}", (n - 2, one, "教体局", "2026年6月底前"))
            sheet.write_row(f"F{n}", (n - 2, other, "财政局", "2026年6月底前"))

    return made(fill)


def test_a_table_beside_the_departments_own_stays_behind(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, side_by_side()))
    assert holding(taken_out(database, settings, department=OWN)) == set()
    theirs = taken_out(database, settings, department=OTHERS)
    assert holding(theirs) and not holding(theirs, "更换路灯")


def test_two_tables_side_by_side_come_back_without_a_change(
    database: Database, settings: Settings
) -> None:
    apply(database, lay_out(database, settings, side_by_side()))
    for department in (None, OWN, OTHERS):
        content = taken_out(database, settings, department=department)
        assert merged_of(database, settings, content) == ({Kind.UNCHANGED}, [], [], [])


@pytest.mark.parametrize("name", STYLED)
def test_every_styled_plan_gives_each_department_its_rows(
    database: Database, settings: Settings, name: str
) -> None:
    apply(database, lay_out(database, settings, STYLED[name](), name=name))
    content = taken_out(database, settings, name, department=OWN)
    assert merged_of(database, settings, content) == ({Kind.UNCHANGED}, [], [], [])
    parts = {part for part in holding(content, "河湾镇年度任务") if part.startswith("xl/")}
    assert holding(content, "疏通") and parts
    assert not holding(content, "公示月度用水量") and not holding(content, "补种行道树")
