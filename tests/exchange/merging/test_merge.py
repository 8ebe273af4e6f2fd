"""The three-way merge of cells: every way in which base, theirs and ours can differ, and no loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.merging.fields import FIELDS, Of
from tracker.exchange.merging.merge import Cell, Change, Kind, Said, Written, merge

PROGRESS = Cell(Of.PART, 7, "progress")
WORDS = st.text(alphabet="甲乙丙 \n", max_size=4)


def anybody(_cell: Cell) -> str:
    return ""


def one(base: str, theirs: str, ours: str, cell: Cell = PROGRESS) -> Change:
    written = {cell: [Written(theirs, "台账!L4")]}
    (change,) = merge({cell: Said(base, base)}, written, {cell: ours}, anybody)
    return change


@pytest.mark.parametrize(
    ("base", "theirs", "ours", "kind"),
    [
        ("甲", "甲", "甲", Kind.UNCHANGED),
        ("甲", "乙", "甲", Kind.THEIRS),
        ("甲", "甲", "乙", Kind.OURS),
        ("甲", "乙", "乙", Kind.SAME),
        ("甲", "乙", "丙", Kind.CONFLICT),
        ("甲", "", "甲", Kind.THEIRS),
        ("", "", "丙", Kind.OURS),
    ],
)
def test_each_way_to_differ_has_its_kind(base: str, theirs: str, ours: str, kind: Kind) -> None:
    found = one(base, theirs, ours)
    assert (found.kind, found.base, found.theirs, found.ours) == (kind, base, theirs, ours)


@pytest.mark.parametrize("text", ["甲  乙", " 甲 乙\n", "甲 乙", "甲 乙\r\n"])
def test_another_programs_spelling_of_the_same_text_is_no_change(text: str) -> None:
    assert one("甲 乙", text, "甲 乙").kind == Kind.UNCHANGED


@pytest.mark.parametrize("text", ["50%", "0.5", "50", "50％", " 50% "])
def test_a_share_is_the_same_however_it_is_written(text: str) -> None:
    cell = Cell(Of.PART, 7, "percent")
    assert one("50", text, "50", cell).kind == Kind.UNCHANGED


def test_what_cannot_be_read_is_invalid_and_says_where() -> None:
    found = one("50", "过半", "50", Cell(Of.PART, 7, "percent"))
    assert (found.kind, found.theirs, found.source) == (Kind.INVALID, "过半", "台账!L4")
    assert "过半" in found.reason


def test_rows_of_one_task_that_say_two_things_are_told_with_both_places() -> None:
    cell = Cell(Of.TASK, 3, "text")
    rows = [Written("甲", "台账!D4"), Written("乙", "台账!D5"), Written("丙", "台账!D6")]
    (found,) = merge({cell: Said("甲", "甲")}, {cell: rows}, {cell: "甲"}, anybody)
    assert (found.kind, found.source) == (Kind.INVALID, "台账!D5")
    assert "台账!D6" in found.reason
    (agreed,) = merge(
        {cell: Said("甲", "甲")},
        {cell: [*rows[:2], Written("乙", "台账!D6")]},
        {cell: "甲"},
        anybody,
    )
    assert (agreed.kind, agreed.theirs) == (Kind.THEIRS, "乙")


def test_a_cell_the_sender_may_not_change_is_refused_only_when_it_was_changed() -> None:
    def nobody(cell: Cell) -> str:
        return "任务内容由牵头办公室修改。" if cell.field == "text" else ""

    cell = Cell(Of.TASK, 3, "text")
    base = {cell: Said("甲", "甲")}
    kinds = [
        merge(base, {cell: [Written(text, "台账!D4")]}, {cell: "甲"}, nobody)[0].kind
        for text in ("甲", "乙")
    ]
    assert kinds == [Kind.UNCHANGED, Kind.NOT_ALLOWED]


def test_a_cell_that_shows_words_around_its_value_is_unchanged_as_shown() -> None:
    said = Said("教育局：办理中\n公安局：待签收", "-")
    written = {PROGRESS: [Written(said.shown, "任务表!J4")]}
    (found,) = merge({PROGRESS: said}, written, {PROGRESS: "-"}, anybody)
    assert found.kind == Kind.UNCHANGED


@given(base=WORDS, theirs=WORDS, ours=WORDS)
def test_whatever_is_said_nothing_is_lost_and_nothing_made_up(
    base: str, theirs: str, ours: str
) -> None:
    read = next(field.read for field in FIELDS if field.key == "progress")
    base, ours = read(base), read(ours)
    found = one(base, theirs, ours)
    theirs = read(theirs)
    assert (found.base, found.ours) == (base, ours)
    assert found.theirs == theirs
    both = theirs != base and ours != base
    assert (found.kind == Kind.CONFLICT) == (both and theirs != ours)
    assert (found.kind == Kind.THEIRS) == (theirs != base and ours == base)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
@given(text=st.text(max_size=30))
def test_reading_what_was_read_gives_the_same(field, text: str) -> None:  # type: ignore[no-untyped-def]
    """No input makes a field raise but the one refusal, and a value is its own spelling."""
    from tracker.errors import InputError

    try:
        value = field.read(text)
    except InputError as refused:
        assert refused.message
        return
    again = f"{value}%" if field.key == "percent" else value
    assert field.read(again) == value
