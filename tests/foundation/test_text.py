"""Text is cleaned once at the boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.text import clean_file_name, clean_line, clean_text, match_key


@pytest.mark.parametrize(
    "bad", ["a\x00b", "\ud800", "\uffff", "\ufffe", "\x0b", "\x1b[31m", "\U0001ffff"]
)
def test_characters_no_office_types_are_refused_by_name(bad: str) -> None:
    with pytest.raises(InputError, match="U\\+"):
        clean_text(bad)


def test_direction_marks_and_line_ends_are_put_right() -> None:
    assert clean_text("a\u202eb\r\nc\u2028d ") == "ab\nc\nd"
    assert clean_line("a\nb\u00a0 c") == "a b c"


def test_too_long_is_said_with_the_numbers() -> None:
    with pytest.raises(InputError, match="21 个字，最多 20"):
        clean_text("字" * 21, longest=20)


def test_two_spellings_of_a_name_have_one_key() -> None:
    assert match_key("（财政）局\u200b ") == match_key("(财政)局")
    assert match_key("财 政 局") == "财政局"


@given(st.text())
def test_cleaning_is_done_once(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except InputError:
        return
    assert clean_text(cleaned) == cleaned


@given(st.text())
def test_a_file_name_is_always_fit_to_offer(name: str) -> None:
    cleaned = clean_file_name(name)
    assert cleaned
    assert len(cleaned) <= 200
    assert not set(cleaned) & set('/\\\r\n\t\x00<>:"|?*')
