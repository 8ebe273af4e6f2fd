"""Hostile files for the tracker's own doors: some of every theme, and mutants of every format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sqlmodel import SQLModel, func, select

from tracker.db import Database

from .corpus import load
from .mutations import KINDS, mutants

SOME = (
    "zips.a_sheet_of_spaces", "parts.a_parameter_entity_that_calls_home", "cells.the_last_cell_of_all",
    "values.one_long_text_pointed_at_again_and_again", "words.a_file_name_without_end",
    "pages.a_quote_that_never_closes", "offices.word_tables_in_tables", "found.a_binary_book_without_relationships",
)  # fmt: skip
MORE = (
    "zips.a_link", "zips.cut_in_the_directory", "parts.a_billion_laughs", "parts.links_to_other_books",
    "cells.two_corners_of_a_huge_table", "words.a_name_of_a_sheet_that_runs_backwards", "words.injections_as_headers",
    "costs.brackets_that_open", "pages.a_doctype_in_an_xml_spreadsheet", "pages.a_cell_across_a_thousand_million",
    "pages.injections_in_a_csv", "pages.a_picture_in_xml", "offices.a_chain_in_a_circle", "offices.a_macro_sheet",
    "found.a_sheet_whose_name_breaks_the_line_and_turns_it", "found.a_sheet_with_an_endless_name",
)  # fmt: skip
FEW_MUTANTS, MANY_MUTANTS = range(len(KINDS)), range(len(KINDS), 5 * len(KINDS))


class Sent(NamedTuple):
    """A file as somebody sends it."""

    label: str
    filename: str
    data: bytes


def hostile(names: Iterable[str], numbers: Iterable[int]) -> list[Sent]:
    """These cases of the corpus and these mutants."""
    cases = load()
    found = [Sent(name, cases[name].filename, cases[name].make()) for name in names]
    return found + [Sent(f"{m.number} {m.manner}", m.filename, m.data) for m in mutants(numbers)]


def rows(database: Database) -> dict[str, int]:
    """How many rows every table has."""
    with database.reading() as session:
        return {
            name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }


def more(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """The tables that have another number of rows, by how many."""
    return {name: after[name] - count for name, count in before.items() if after[name] != count}


def files(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
