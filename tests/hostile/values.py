"""Values: dates of two epochs, numbers that are none, formulas in a circle, types that lie."""

from __future__ import annotations

from importers import Reading
from tests.importers import build

from .case import Fault, count, every, reads, refused, tasks, tells
from .raw import NAMES, TASK, number, plan, sheets, styles

DATE = styles(0, 14)


def due(cell: str, *, said: str = "") -> bytes:
    """A plan whose deadline is this ready cell; style 1 shows it as a date."""
    body = plan(("1", TASK, "综合科", cell))
    book = (
        f'<workbook {NAMES} xmlns:r="{build._RELATION}">{said}<sheets>'
        '<sheet name="计划" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return build.raw(body, extra={"xl/styles.xml": DATE, "xl/workbook.xml": book})


def on(day: str | None) -> Fault:
    """The one task is due on this day, None for none."""

    def fault(reading: Reading) -> str:
        found = [str(t.deadline.due_on) if t.deadline.due_on else None for t in reading.tasks]
        return "" if found == [day] else f"due {found}"

    return fault


@reads(on("2026-06-30"))
def a_date_of_1900() -> bytes:
    return due(number(46203, 1))


@reads(on("2026-06-30"))
def a_date_of_1904() -> bytes:
    """The same number is four years later in a book of the other epoch."""
    return due(number(46203 - 1462, 1), said='<workbookPr date1904="1"/>')


@reads(on("2026-06-30"))
def the_last_second_of_a_day() -> bytes:
    return due(number(46203.99999999, 1))


@reads(every(on(None), tells("damaged_deadline")))
def serial_sixty() -> bytes:
    """29 February 1900, a day that Excel alone knows."""
    return due(number(60, 1))


@reads(on(None))
def serial_zero() -> bytes:
    return due(number(0, 1))


@reads(on(None))
def a_negative_serial() -> bytes:
    return due(number(-5, 1))


@reads(on(None))
def a_serial_after_the_year_9999() -> bytes:
    return due(number(2958466, 1))


@reads(on(None))
def a_serial_after_everything() -> bytes:
    return due(number(99_999_999_999, 1))


@reads(every(on(None), tells("error_cell")))
def not_finite() -> bytes:
    """1e999 is infinite to a computer and an error to a person."""
    return due(number("1e999"))


@reads(every(on(None), tells("damaged_deadline")))
def a_number_that_is_a_word() -> bytes:
    return due(number("abc"))


@reads(on(None))
def a_number_that_is_none() -> bytes:
    return due(number("NaN"))


@reads(on(None))
def a_number_without_digits() -> bytes:
    return due('<c r="@"><v>--</v></c>')


@reads(count(1))
def five_thousand_digits() -> bytes:
    """More digits than Python will turn into a number."""
    return due(f'<c r="@" t="inlineStr"><is><t>{"9" * 5000}</t></is></c>')


@reads(on(None))
def five_thousand_digits_as_a_number() -> bytes:
    return due(number("9" * 5000))


@refused("unreadable")
def a_truth_that_is_seven() -> bytes:
    return due('<c r="@" t="b"><v>7</v></c>')


@reads(every(on(None), tells("error_cell")))
def an_error() -> bytes:
    return due('<c r="@" t="e"><v>#REF!</v></c>')


@refused("unreadable")
def a_type_nobody_knows() -> bytes:
    return due('<c r="@" t="zz"><v>3月底</v></c>')


@reads(tells("formula_without_value"))
def formulas_in_a_circle() -> bytes:
    """Nothing is ever computed here."""
    rows = ('<c r="@"><f>D2</f></c>', TASK, "综合科", '<c r="@"><f>A2</f></c>')
    return build.raw(plan(rows))


@reads(every(tasks("结果"), tells("formula")))
def a_formula_that_calls_home() -> bytes:
    """Its saved result is read, never the formula."""
    cell = '<c r="@" t="str"><f>WEBSERVICE("http://127.0.0.1/")</f><v>结果</v></c>'
    return build.raw(plan(("1", cell, "综合科", "3月底")))


@reads(count(1))
def formulas_nested_a_thousand_times() -> bytes:
    deep = "IF(" * 1000 + "1" + ")" * 1000
    return due(f'<c r="@"><f>{deep}</f><v>46203</v></c>')


@refused("text_too_long", place="B2")
def a_text_of_five_million() -> bytes:
    return build.raw(plan(("1", "长" * 5_000_000, "综合科", "3月底")))


@refused("text_too_long", place="B2")
def a_text_one_too_long() -> bytes:
    return build.raw(plan(("1", "长" * 32_768, "综合科", "3月底")))


@reads(count(1))
def a_text_just_short_enough() -> bytes:
    """The benign twin."""
    return build.raw(plan(("1", "长" * 32_767, "综合科", "3月底")))


@refused("text_too_long")
def a_text_in_a_million_runs() -> bytes:
    cell = f'<c r="@" t="inlineStr"><is>{"<r><t>x</t></r>" * 300_000}</is></c>'
    return build.raw(plan(("1", cell, "综合科", "3月底")))


@refused("text_too_long")
def a_long_text_among_the_strings() -> bytes:
    shared = f"<sst {NAMES}><si><t>{'长' * 40_000}</t></si></sst>"
    body = plan(("1", '<c r="@" t="s"><v>0</v></c>', "综合科", "3月底"))
    return build.raw(body, extra={"xl/sharedStrings.xml": shared})


@refused("out_of_memory", "parser_died")
def one_long_text_pointed_at_again_and_again() -> bytes:
    """Thirty thousand characters, once in the file, a hundred thousand times in the sheet."""
    shared = f"<sst {NAMES}><si><t>{'长' * 30_000}</t></si></sst>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    return build.raw(f"<sheetData>{rows}</sheetData>", extra={"xl/sharedStrings.xml": shared})


@reads(tells("repeated_number", "missing_number"))
def numbers_twice_and_missing() -> bytes:
    rows = [(n, f"事项{i}", "综合科", "3月底") for i, n in enumerate(("1", "2", "2", "4"))]
    return build.raw(plan(*rows))


@reads(count(2))
def numbers_that_only_look_so() -> bytes:
    """Arabic-Indic digits, an underscore, an exponent, a bracket."""
    return build.raw(plan(("١", "事项一", "综合科", "1_000"), ("1e3", "事项二", "综合科", "(5)")))


@reads(tells("ambiguous_header"))
def two_headers_of_the_same_word() -> bytes:
    header = ("序号", "工作任务", "牵头单位", "牵头单位", "完成时限")
    row = ("1", TASK, "综合科", "财务科", "3月底")
    return build.raw(plan(row, header=header))


@reads(count(1))
def a_header_with_invisible_characters() -> bytes:
    header = ("序\u200b号", "工作\u00a0任务", "责任\ufeff单位", "完成\n时限")
    return build.raw(plan(("1", TASK, "综合科", "3月底"), header=header))


@reads(count(2))
def a_task_below_itself() -> bytes:
    """Numbers that make each other's parent: they are only numbers."""
    return build.raw(
        plan(("1.1", "事项一", "综合科", "3月底"), ("1.1.1", "事项二", "综合科", "3月底"))
    )


@reads(count(1))
def two_sheets_of_the_same_name() -> bytes:
    return sheets(
        [("计划", plan(("1", TASK, "综合科", "3月底"))), ("计划 ", plan(header=("说明",)))]
    )
