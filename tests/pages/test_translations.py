"""Every word of a page has its English, and what is compiled is what is written."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tracker" / "translations" / "en" / "LC_MESSAGES"
PLACE = re.compile(r"%\((\w+)\)s|%%")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
KEPT = ("单位名称", "单位全称", "各镇", "所有单位", "4月底")
"""Words of the tables themselves, which English sentences quote."""


@pytest.fixture(scope="module")
def words() -> set[str]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def sentences(catalog: Catalog) -> dict[str, str]:
    return {str(one.id): str(one.string) for one in catalog if one.id}


def test_every_word_has_its_english_and_no_english_is_left_over(words, english):
    said = sentences(english)
    assert words - said.keys() == set(), "see babel.cfg for the commands"
    assert said.keys() - words == set()
    assert [word for word, text in said.items() if not text.strip()] == []


def test_no_english_is_a_guess(english):
    assert [one.id for one in english if one.id and one.fuzzy] == []


def test_places_for_values_are_the_same_on_both_sides(english):
    wrong = [
        word
        for word, text in sentences(english).items()
        if set(PLACE.findall(word)) != set(PLACE.findall(text))
    ]
    assert wrong == []


def test_english_is_english(english):
    for text in sentences(english).values():
        for word in KEPT:
            text = text.replace(word, "")
        assert not CHINESE.search(text), text


def test_what_is_compiled_is_what_is_written(english):
    compiled = io.BytesIO()
    write_mo(compiled, english)
    with (FOLDER / "messages.mo").open("rb") as file:
        there = sentences(read_mo(file))
    assert there == sentences(read_mo(io.BytesIO(compiled.getvalue())))
