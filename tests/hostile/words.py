"""Words: control characters, tricks of writing, injections, in every field and in names of sheets."""

from __future__ import annotations

import json
import unicodedata

from importers import Reading
from tests.importers import build

from .case import Fault, count, every, reads, refused, tells
from .raw import GOOD, plan, sheets

HOSTILE = [
    "\ufffe", "\uffff", "\u202e财政局", "\u2066甲\u2069", "\u200b甲", "甲\u00a0乙", "\ufeff甲", "_x000D_", "e\u0301",
    "ﷺ" * 1000, "甲" + "\u0301" * 500, "👨‍👩‍👧‍👦", "𠮷", "⽇程", "金", "財政局", "（局）", "Ａ局", "а局",
    "' OR 1=1--", "{{7*7}}", "${7*7}", "%s%n", "&lt;script&gt;alert(1)&lt;/script&gt;", "a\nb" * 5000, "   ",
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("http://x.test/","点此")', "\t=1+1", "＝1+1", "|calc",
    '"=1+1', 'x";=1+1', "&quot;&gt;&lt;svg onload=alert(1)&gt;", "javascript:alert(1)", "../../etc/passwd",
]  # fmt: skip
"""As they stand in XML; NUL, other controls and surrogates cannot stand there at all."""

_BAD = {"Cc", "Cs", "Cn", "Co"}


def clean(reading: Reading) -> str:
    """Nothing that is read holds a control, a surrogate or a sign of direction."""
    told = [
        text
        for task in reading.tasks
        for text in (
            task.text,
            task.number,
            task.deadline.text,
            *task.outline,
            *task.fields.values(),
        )
    ]
    told += [a.name for task in reading.tasks for a in task.assignments]
    bad = {c for text in told for c in text if _is_bad(c)}
    json.dumps(reading.to_json(), ensure_ascii=False).encode()
    return f"holds {[hex(ord(c)) for c in sorted(bad)]}" if bad else ""


def _is_bad(c: str) -> bool:
    return (unicodedata.category(c) in _BAD and c not in "\n\t") or unicodedata.bidirectional(c) in {
        "RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI",
    }  # fmt: skip


def everywhere(text: str) -> bytes:
    """A plan with this text in every field of a task, and in its title and header."""
    rows = [("", f"事项{text}", "综合科", "3月底"), (text, f"{text}事项", f"综合科、{text}", text)]
    return build.raw(plan(*rows, header=("序号", "工作任务", "责任单位", "完成时限")))


@reads(every(clean, count(len(HOSTILE))))
def every_hostile_word_as_a_task() -> bytes:
    return build.raw(
        plan(*((str(n), f"事项{w}", "综合科", "3月底") for n, w in enumerate(HOSTILE)))
    )


@reads(every(clean, count(len(HOSTILE))))
def every_hostile_word_as_a_department() -> bytes:
    return build.raw(plan(*((str(n), f"事项{n}", w, "3月底") for n, w in enumerate(HOSTILE))))


@reads(every(clean, count(len(HOSTILE))))
def every_hostile_word_as_a_deadline() -> bytes:
    return build.raw(plan(*((str(n), f"事项{n}", "综合科", w) for n, w in enumerate(HOSTILE))))


@reads(every(clean, count(len(HOSTILE))))
def every_hostile_word_as_a_number() -> bytes:
    return build.raw(plan(*((w, f"事项{n}", "综合科", "3月底") for n, w in enumerate(HOSTILE))))


@reads(every(clean, tells("bad_character")))
def signs_of_direction() -> bytes:
    return everywhere("\u202egnp.exe")


@reads(every(clean, tells("bad_character")))
def zero_width() -> bytes:
    return everywhere("甲\u200b\u200c\u200d\u2060乙")


@reads(clean)
def escapes_that_excel_writes() -> bytes:
    """_x0000_ and _x001B_ stand for controls to Excel."""
    return everywhere("甲_x0000__x001B_[31m_xD800_")


@refused("unreadable", "damaged_xml")
def a_nul_by_entity() -> bytes:
    return everywhere("&#0;")


@refused("unreadable", "damaged_xml")
def a_surrogate_by_entity() -> bytes:
    return everywhere("&#xD800;")


@reads(clean)
def a_control_by_entity() -> bytes:
    """&#1; is not allowed in XML; who lets it pass takes it out."""
    return everywhere("甲&#1;&#27;乙")


@reads(clean)
def ten_thousand_lines() -> bytes:
    return everywhere("行\n" * 10_000)


@reads(clean)
def marks_upon_marks() -> bytes:
    return everywhere("综" + "\u0301" * 20_000)


@reads(clean)
def words_that_grow_when_folded() -> bytes:
    """One sign that becomes eighteen, sixteen thousand times."""
    return everywhere("ﷺ" * 16_000)


def _named(*names: str) -> Fault:
    def fault(reading: Reading) -> str:
        found = tuple(table.sheet for table in reading.tables)
        return "" if found == names else f"sheets {found}"

    return fault


@reads(every(count(2), _named("=cmd|'/C calc'!A0", "&'\"<script>")))
def injections_as_names_of_sheets() -> bytes:
    return sheets([("=cmd|'/C calc'!A0", GOOD), ("&amp;'&quot;&lt;script&gt;", GOOD)])


@reads(count(3))
def names_of_sheets_that_excel_forbids() -> bytes:
    return sheets([("计划:1/2[3]*?", GOOD), ("长" * 300, GOOD), ("", GOOD)])


@reads(count(2))
def a_name_of_a_sheet_that_runs_backwards() -> bytes:
    return sheets([("计划\u202egnp.", GOOD), ("📋\u0301", GOOD)])


@reads(count(2))
def names_of_sheets_that_differ_in_capitals() -> bytes:
    return sheets([("Plan", GOOD), ("PLAN", GOOD)])


@reads(every(clean, count(1)))
def injections_as_headers() -> bytes:
    header = ("序号", "工作任务", "责任单位", "完成时限", "=1+1", "@SUM(1)", "&lt;img src=x&gt;")
    return build.raw(plan(("1", "整理资料", "综合科", "3月底", "甲", "乙", "丙"), header=header))


@reads(every(clean, count(1)), filename="\u202efdp.exe\n“财政局”.xlsx")
def a_file_name_that_runs_backwards() -> bytes:
    return build.raw(GOOD)


@refused("empty_file", filename="a" * 300 + "../../etc/passwd.xlsx")
def a_file_name_without_end() -> bytes:
    return b""
