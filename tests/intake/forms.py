"""The same small plan in every form an office sends it in."""

from collections.abc import Callable, Sequence
from io import BytesIO

import xlwt

from tests.importers import binary_xlsx, open_document, word
from tests.intake.sheets import DUTIES, HEAD, workbook

Duties = Sequence[Sequence[object]]


def _texts(duties: Duties) -> list[tuple[str, ...]]:
    return [tuple(str(cell) for cell in row) for row in (HEAD, *duties)]


def docx(duties: Duties = DUTIES) -> bytes:
    """A table in a Word annex."""
    return word.docx(word.p("附件1") + word.p("2026年重点任务清单") + word.tbl(*_texts(duties)))


def prose(duties: Duties = DUTIES) -> bytes:
    """Numbered prose with lines of departments."""
    lines = ["2026年工作方案", "一、重点任务"]
    for number, text, departments, deadline in _texts(duties)[1:]:
        lines += [f"{number}. {text}。", f"责任单位：{departments}", f"完成时限：{deadline}"]
    return word.docx("".join(map(word.p, lines)))


def xls(duties: Duties = DUTIES) -> bytes:
    """An old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("任务")
    for r, row in enumerate(_texts(duties)):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(duties: Duties = DUTIES) -> bytes:
    """An OpenDocument spreadsheet."""
    return open_document.ods(
        open_document.sheet(*(open_document.row(*row) for row in _texts(duties)))
    )


def xlsb(duties: Duties = DUTIES) -> bytes:
    """A binary workbook."""
    rows = {r: binary_xlsx.texts(*row) for r, row in enumerate(_texts(duties))}
    return binary_xlsx.xlsb(binary_xlsx.sheet(rows))


def html(duties: Duties = DUTIES) -> bytes:
    """A web page saved as .xls."""
    lines = "".join(
        f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in _texts(duties)
    )
    return f"<html><meta charset=utf-8><table>{lines}</table></html>".encode()


def csv(duties: Duties = DUTIES) -> bytes:
    """Text as Chinese Windows writes it."""
    return "\n".join(",".join(row) for row in _texts(duties)).encode("gb18030")


FORMS: dict[str, Callable[..., bytes]] = {
    "xlsx": lambda duties=DUTIES: workbook(duties), "docx": docx, "prose": prose, "xls": xls, "ods": ods,
    "xlsb": xlsb, "html": html, "csv": csv,
}  # fmt: skip
