"""A sheet → its tables: where each begins and ends, what kind it is, and what was left unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from importers.alignment import Alignment
from importers.asking import NO_ANSWERS, Answers
from importers.beside import cuts, part
from importers.cells import Cells
from importers.deadlines import Context
from importers.gaps import Gaps
from importers.given import given_to
from importers.grid import Grid, area
from importers.headers import Header, find_headers
from importers.hiding import Hidden, ask_about_sheet
from importers.kinds import NO_HEADER, reason
from importers.layout import Layout, lay_out
from importers.leading import first_leads_in
from importers.nextpage import Pages
from importers.problems import Problem
from importers.rows import LAST_ROW, Rows
from importers.sequence import look_along
from importers.sheetnotes import notes_on
from importers.spread import Spread, spread
from importers.stacking import stack
from importers.titles import NOTE, Heading, heading_rows, read_heading
from importers.turned import Turned
from importers.years import only_year, plan_year, year_of_days

PlainTable = dict[str, Any]
_NOTES = 12
"""Rows at a table's end in which its notes are looked for."""


def read_sheet(
    grid: Grid, context: Context, answers: Answers = NO_ANSWERS, pages: Pages | None = None
) -> list[PlainTable]:
    """Every table of a sheet as plain data (`reading.Table`); a sheet without one says why.

    `pages` remembers the last table, for a sheet without a header that goes on with it.
    """
    if not grid.hidden:
        return _read_shown(grid, context, answers, pages or Pages())
    tables = _read_shown(grid, context, answers, Pages())
    asked = ask_about_sheet(grid, tables, answers)
    if asked is None:
        return [unread_table(grid, "隐藏的工作表，未读取", "unread_sheet")]
    question, is_wanted = asked
    if not is_wanted:
        tables = [unread_table(grid, "隐藏的工作表，未读取", "")]
    tables[0]["problems"].append(question)
    return tables


def _read_shown(grid: Grid, context: Context, answers: Answers, pages: Pages) -> list[PlainTable]:
    if not any(map(any, grid.rows)):
        return [unread_table(grid, "空白工作表", "")]
    around = spread(grid)
    headers = stack(around, find_headers(around))
    if columns := cuts(around, headers):
        parts = (_read_shown(one, context, answers, pages) for one in part(grid, columns))
        return [table for tables in parts for table in tables]
    if not headers or headers[0].by_shape:
        given = pages.header_for(around, Cells(context).is_deadline)
        headers = [given] if given else headers
    if not headers:
        return [unread_table(grid, NO_HEADER, "")]
    hidden = Hidden(grid, headers, answers)
    if hidden.rows or hidden.columns:
        around = spread(hidden.without())
        headers = stack(around, find_headers(around)) or headers
    tables = _read_tables(around, headers, replace(context, epoch=grid.epoch), answers, pages)
    if headers[0].by_shape and tables[0]["kind"] == "not_a_plan":
        tables = [unread_table(around.grid, tables[0]["reason"], "")]
    hidden.note_on(headers, tables)
    return tables


def _read_tables(
    around: Spread, headers: list[Header], context: Context, answers: Answers, pages: Pages
) -> list[PlainTable]:
    tables: list[PlainTable] = []
    starts = _starts(around, headers)
    heading = Heading()
    for i, header in enumerate(headers):
        last = starts[i + 1] - 1 if i + 1 < len(headers) else len(around.rows) - 1
        own = read_heading(around, starts[i], header)
        heading = _inherit(own, heading)
        rows = (starts[i], last)
        tables.append(_read_table(around, header, rows, heading, context, answers, pages))
    notes_on(around, headers, tables)
    return tables


def _starts(around: Spread, headers: list[Header]) -> list[int]:
    """The first row that belongs to each table, its title rows included."""
    ends = [-1, *(h.bottom for h in headers)]
    return [heading_rows(around, header, end) for header, end in zip(headers, ends, strict=False)]


def _inherit(own: Heading, before: Heading) -> Heading:
    """A second table without a document number or year has those of the first."""
    own.document = own.document or before.document
    own.year = own.year or before.year
    return own


def _read_table(
    around: Spread,
    header: Header,
    rows: tuple[int, int],
    heading: Heading,
    context: Context,
    answers: Answers,
    pages: Pages,
) -> PlainTable:
    """`rows`: the first and last row that belong to the table, its title rows included."""
    first, last = rows
    year = plan_year(context.year, context.issued_on, _named_year(around.grid, header, heading))
    cells = Cells(replace(context, year=year))
    layout, questions = lay_out(around, header, last, answers, cells.is_deadline)
    if year is None and layout.deadline >= 0:
        body = around.rows[header.bottom + 1 : last + 1]
        year = year_of_days(row[layout.deadline] for row in body)
        cells = Cells(replace(context, year=year))
    said_elsewhere = around.grid.first_leads and not layout.has_leads
    layout.first_leads = said_elsewhere or _says_first_leads(around, header, last)
    layout.given, question = given_to(around, first, header.top, layout)
    questions += [question] if question else []
    table = empty_table(around.grid, heading, year)
    if header.elsewhere:
        questions.append(_goes_on(around.grid, header))
    else:
        table["header"] = [area(header.top, 0, header.bottom, around.grid.width - 1)]
        table["header_rows"] = (header.top + 1, header.bottom + 1)
    table["columns"] = layout.letters(header)
    table["problems"] = questions
    if header.rival is not None:
        table["problems"].append(_rival_question(around, header))
    told = [(around.grid.source(r, c), why) for r, c, why in heading.skipped]
    table["skipped"] = [
        (source, "全表的责任单位" if source == layout.given[1] else why) for source, why in told
    ]
    _read_body(table, around, header, layout, last, cells)
    if table["tasks"] and not header.by_shape:
        pages.keep(header, layout)
    return table


def _goes_on(grid: Grid, header: Header) -> Problem:
    message = "这张表没有表头，各列与前一张表相同，已按前一张表的表头读取"
    return Problem(grid.source(header.bottom + 1, 0), "continued_table", message)


def _named_year(grid: Grid, header: Header, heading: Heading) -> int | None:
    """The year the table is for: by its title, else by its own header, else by the file."""
    return heading.year or only_year(header.labels) or grid.year


def _says_first_leads(around: Spread, header: Header, last: int) -> bool:
    """Whether a line above the table, its header or a note below says so; 下同 holds further down."""
    if around.leading is None:
        said = first_leads_in(around.texts)
        around.leading = [r for r, row in enumerate(around.rows) if said and first_leads_in(row)]
    below = max(last + 1 - _NOTES, header.bottom + 1)
    return any(r <= header.bottom or below <= r <= last for r in around.leading)


def _read_body(
    table: PlainTable, around: Spread, header: Header, layout: Layout, last: int, cells: Cells
) -> None:
    """Fill in kind, reason and what the body yields."""
    why = reason(header, layout)
    if why:
        table["reason"] = why
        table["problems"] = []
        _skip_body(table, around, header, last, why)
    elif layout.task >= 0 or Turned.fits(layout):
        table["kind"] = "matrix" if layout.matrix else "plan"
        _read_tasks(table, around, header, layout, last, cells)
    else:
        table["kind"] = "directory"
        _read_names(table, around, header, layout, last)


def _rival_question(around: Spread, header: Header) -> Problem:
    rows = f"第 {header.top + 1} 行和第 {(header.rival or 0) + 1} 行"
    source = around.grid.source(header.top, 0)
    message = f"{rows}都像表头，已一起读作表头，列的用途以下面一行为准，请核对"
    return Problem(source, "ambiguous_header", message, rows, "两行都是表头")


def _skip_body(table: PlainTable, around: Spread, header: Header, last: int, why: str) -> None:
    if last > header.bottom:
        place = area(header.bottom + 1, 0, last, around.grid.width - 1)
        table["skipped"].append((f"{around.grid.sheet}!{place}", why))


def _read_tasks(
    table: PlainTable, around: Spread, header: Header, layout: Layout, last: int, cells: Cells
) -> None:
    first, leave_out = header.bottom + 1, set(header.repeats)
    if layout.task < 0:
        reader: Rows | Turned = Turned(around, header, layout, cells)
    else:
        table["problems"] += _straighten(around, layout, cells, first, last)
        reader = Rows(around, layout, cells, header.labels)
    reader.read(first, last, leave_out)
    table["tasks"] = reader.tasks
    table["problems"] += reader.problems
    table["skipped"] += reader.skipped
    if layout.task >= 0 and layout.number >= 0:
        table["problems"] += look_along(around, layout.number, reader.tasks)
    if reader.tasks:
        table["data_rows"] = first, end = reader.tasks[0][1], reader.tasks[-1][LAST_ROW]
        table["last_column"] = _last_column(around.grid, min(first, header.top + 1), end)


def _straighten(
    around: Spread, layout: Layout, cells: Cells, first: int, last: int
) -> list[Problem]:
    """Undo what a copied page has done to rows and columns."""
    alignment = Alignment(around, layout, cells.is_deadline)
    alignment.straighten(first, last)
    gaps = Gaps(around, layout, cells)
    gaps.close(first, last)
    return alignment.problems + gaps.problems


def _last_column(grid: Grid, first: int, last: int) -> int:
    """The last column of rows `first` to `last` (from 1), as far as their merges reach."""
    ends = (
        right + 1 for top, _, bottom, right in grid.merges if top < last and bottom >= first - 1
    )
    return max(grid.width, max(ends, default=0))


def _read_names(
    table: PlainTable, around: Spread, header: Header, layout: Layout, last: int
) -> None:
    """A directory: the names with their cells; a name row is any row with a name."""
    column, grid = layout.names, around.grid
    for r in range(header.bottom + 1, last + 1):
        row = around.rows[r]
        note = NOTE.match(next((text for text in row if text), ""))
        if row[column] and not note and r not in header.repeats:
            table["names"].append((row[column].strip(), grid.source(r, column)))
            table["data_rows"] = (table["data_rows"][0] or r + 1, r + 1)
        why = "名录只读取单位名称" if row[column] and not note else "表下注释"
        table["skipped"] += [
            (grid.source(r, c), why)
            for c, text in enumerate(row)
            if text and (note or c != column or r in header.repeats)
        ]


def unread_table(grid: Grid, reason: str, code: str) -> PlainTable:
    """A sheet that yields nothing, with the reason; all it holds is listed as skipped."""
    table = empty_table(grid, Heading(), None)
    table["reason"] = reason
    if any(map(any, grid.rows)):
        place = f"{grid.sheet}!{area(0, 0, len(grid.rows) - 1, grid.width - 1)}"
        table["skipped"] = [(place, reason)]
        if code:
            table["problems"] = [Problem(place, code, reason)]
    return table


def empty_table(grid: Grid, heading: Heading, year: int | None) -> PlainTable:
    """A table of which nothing is read yet, as `reading.Table` has its fields."""
    return {
        "sheet": grid.sheet, "kind": "not_a_plan", "reason": "", "title": heading.title,
        "year": year, "document": heading.document, "header": [], "columns": {}, "tasks": [],
        "problems": [], "skipped": [], "names": [], "header_rows": (0, 0), "data_rows": (0, 0),
        "last_column": grid.width,
    }  # fmt: skip
