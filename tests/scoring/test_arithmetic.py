"""Points, ranks and rules as numbers, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.scoring import read_scoring
from tracker.intake.decide import _scoring
from tracker.scoring.finding import points_left
from tracker.scoring.item import how, modes_of
from tracker.scoring.ranking import Line, rank
from tracker.scoring.rules import NO_RULES, RuleKind, Terms

HUNDREDTHS = st.decimals(0, 1000, places=2)
TERMS = Terms(1, 1, {
    RuleKind.LATE: (Decimal("0.5"), Decimal("2")), RuleKind.PRAISED: (Decimal(1), None),
})  # fmt: skip


def line(name: str, earned: str, possible: str = "100", items: int = 5) -> Line:
    return Line(name, name, Decimal(earned), Decimal(possible), items)


def test_equal_scores_share_a_rank_and_the_next_is_further_down() -> None:
    found = rank([line("甲", "90"), line("乙", "80"), line("丙", "90"), line("丁", "70")], NO_RULES)
    assert [(one.name, one.rank) for one in found.lines] == [
        ("丙", 1), ("甲", 1), ("乙", 3), ("丁", 4),
    ]  # fmt: skip


def test_what_looks_equal_is_equal() -> None:
    """2/3 and 66.67/100 are both shown as 66.67; a hundredth more is another rank."""
    found = rank([line("甲", "2", "3"), line("乙", "66.67"), line("丙", "66.68")], NO_RULES)
    assert [one.rank for one in found.lines] == [1, 2, 2]


def test_too_few_items_are_listed_apart() -> None:
    found = rank([line("甲", "10", "10", items=2), line("乙", "50")], NO_RULES)
    assert ([one.name for one in found.lines], [one.name for one in found.apart]) == (
        ["乙"],
        ["甲"],
    )
    assert found.apart[0].rank is None


@given(st.lists(st.tuples(HUNDREDTHS, st.integers(1, 9)), max_size=12))
def test_ranks_follow_the_scores(rows: list[tuple[Decimal, int]]) -> None:
    lines = [
        Line(i, str(i), earned, Decimal(1000), items) for i, (earned, items) in enumerate(rows)
    ]
    found = rank(lines, NO_RULES)
    for one in found.lines:
        assert one.rank == 1 + sum(other.score > one.score for other in found.lines)
    assert len(found.lines) + len(found.apart) == len(rows)


@given(HUNDREDTHS, HUNDREDTHS)
def test_deductions_never_leave_less_than_nothing(base: Decimal, off: Decimal) -> None:
    assert points_left(base, off) == max(base - off, 0)


@pytest.mark.parametrize(("times", "worth"), [(0, "0"), (1, "-0.5"), (4, "-2"), (9, "-2")])
def test_a_penalty_stops_at_its_cap(times: int, worth: str) -> None:
    assert TERMS.worth(RuleKind.LATE, times) == Decimal(worth)


def test_praise_adds_and_what_has_no_rule_counts_for_nothing() -> None:
    assert TERMS.worth(RuleKind.PRAISED, 3) == 3
    assert TERMS.worth(RuleKind.EXTENDED, 3) == 0


def test_a_score_is_never_below_nothing() -> None:
    poor = line("甲", "1")
    poor.penalty = Decimal(-5)
    assert poor.score == 0


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("明查（2分）、暗访（3分）", [("明查", "2"), ("暗访", "3")]),
        ("明查、暗访(各2分)", [("明查", "2"), ("暗访", "2")]),
        ("材料审核 1.5分；实地暗访考察 2.5分", [("材料审核", "1.5"), ("实地暗访考察", "2.5")]),
        ("明查、暗访(4分)", [("明查、暗访", "4")]),
        ("暗访（5分）", [("暗访", "5")]),
        ("明查", []),
    ],
)
def test_a_row_keeps_how_it_divides_its_points(cell: str, items: list[tuple[str, str]]) -> None:
    modes, points, divided = _scoring(read_scoring(cell))
    found = [(mode, str(own.normalize())) for mode, own in modes_of(modes, points, divided)]
    assert found == items


def test_a_points_column_beside_divided_modes_is_their_sum_and_not_added() -> None:
    both = (*read_scoring("明查（2分）、暗访（3分）"), *read_scoring("5分"))
    assert _scoring(both) == ("明查、暗访", Decimal(5), {"明查": "2", "暗访": "3"})


def test_who_scores_a_mode() -> None:
    """(covert, open): both for a row whose points are of both modes together."""
    assert how("明查", self_assessed=False) == (False, True)
    assert how("实地暗访考察", self_assessed=False) == (True, False)
    assert how("明查、暗访", self_assessed=False) == (True, True)
    assert how("暗访", self_assessed=True) == (False, True)
