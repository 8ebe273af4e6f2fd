"""The rules by which rows and tasks are paired, by themselves."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.intake.alike import COMMON, COMPARED, _Near, alike, folded
from tracker.intake.pairing import Said, Why, paired

TEXTS = st.text("校车线路河道路灯公示检查清理甲乙一二12，。 ", max_size=12)
SAID = st.builds(
    Said,
    number=st.sampled_from(["", "1", "2", "3"]),
    outline=st.sampled_from([(), ("一、道路",), ("二、学校",)]),
    text=TEXTS,
    who=st.frozensets(st.integers(1, 3), max_size=2),
)


def said(text: str, number: str = "", outline: str = "", *who: int) -> Said:
    return Said(number, (outline,) if outline else (), text, frozenset(who))


@given(st.lists(SAID, max_size=12), st.lists(SAID, max_size=12))
def test_nobody_is_paired_twice_and_empty_words_with_nobody(
    rows: list[Said], tasks: list[Said]
) -> None:
    found = paired(rows, tasks)
    assert len({pair.row for pair in found}) == len({pair.task for pair in found}) == len(found)
    assert all(rows[pair.row].folded and tasks[pair.task].folded for pair in found)
    assert all(pair.is_likely or not pair.is_sure for pair in found)


@given(st.lists(SAID, max_size=12), st.lists(SAID, max_size=12))
def test_the_same_lists_give_the_same_pairs(rows: list[Said], tasks: list[Said]) -> None:
    assert paired(rows, tasks) == paired(rows, tasks)


@given(st.lists(SAID, max_size=12, unique_by=lambda one: one.folded))
def test_a_list_is_paired_with_itself(tasks: list[Said]) -> None:
    found = paired(tasks, tasks)
    assert all((pair.row, pair.is_sure) == (pair.task, True) for pair in found)
    assert len(found) == sum(bool(one.folded) for one in tasks)


def test_width_spaces_and_punctuation_do_not_count() -> None:
    assert folded("核对 校车线路（１２条），并公示。") == folded("核对校车线路(12条)并公示")


def test_the_same_place_wins_over_words_that_are_alike_elsewhere() -> None:
    tasks = [
        said("按期完成甲镇管网建设任务", "1", "一"),
        said("按期完成乙镇管网建设任务", "2", "一"),
    ]
    rows = [
        said("按期完成乙镇全部管网建设", "2", "一"),
        said("按期完成甲镇全部管网建设", "1", "一"),
    ]
    found = {(pair.row, pair.task): pair for pair in paired(rows, tasks)}
    assert found.keys() == {(0, 1), (1, 0)}
    assert {(pair.why, pair.is_sure) for pair in found.values()} == {(Why.PLACE, True)}


def test_words_that_only_swap_a_name_elsewhere_are_a_new_task() -> None:
    (pair,) = paired([said("完成西河镇学校食堂改造", "5")], [said("完成东河镇学校食堂改造", "2")])
    assert (pair.is_sure, pair.is_likely) == (False, False)


def test_words_that_are_not_alike_are_not_even_asked_about() -> None:
    assert paired([said("增设护学岗", "2")], [said("检修路灯和监控", "2")]) == []


def test_departments_tell_which_of_the_same_reworded_rows_is_which() -> None:
    tasks = [said("落实防汛值守责任并登记台账", "", "", who) for who in (1, 2, 3)]
    rows = [said("严格落实防汛值守责任并登记台账", "", "", who) for who in (3, 1, 2)]
    found = paired(rows, tasks)
    assert {(rows[p.row].who, tasks[p.task].who) for p in found} == {
        (one.who, one.who) for one in rows
    }
    assert all(pair.is_sure for pair in found)


def test_a_long_list_is_not_compared_each_with_each() -> None:
    texts = [f"第{n}片区清理{chr(0x4E00 + n)}河道并公示结果" for n in range(3 * COMMON)]
    near = _Near([folded(text) for text in texts])
    assert max(len(near.to(folded(f"全面{text}"))) for text in texts) <= COMPARED
    found = alike(
        [folded(f"全面{text}") for text in texts] * 4, [folded(text) for text in texts], at_least=60
    )
    best: dict[int, tuple[float, int]] = {}
    for one in found:
        best[one.left] = max(best.get(one.left, (0.0, 0)), (one.score, one.right))
    assert [best[index][1] for index in range(len(texts))] == list(range(len(texts)))
