"""Which row of a later version is which task of the plan, where not all of it is the same.

Rows and tasks whose outline, number and text are the same know each other already; what is left is
paired one to one, by rules in this order (docs/importing.md has them for the office):

1. the same words: renumbered or moved. Of several with the same words those of the same departments
   first, then of the same place, then in the order of the file;
2. the same place (outline and number) and words that are alike;
3. words that are very much alike, clearly more so than any other's, where neither the departments
   nor the figures in the text speak against it, and where it is not only one name in the place of
   another; whoever names other departments is no rival.

What comes near to 2 or 3 is asked. The pairs that are most alike are made first, so the result does
not depend on chance.
"""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tracker.intake.alike import Likeness, alike, folded

IN_PLACE = 60.0
"""Alike enough for the same outline and number."""
MAYBE_IN_PLACE = 40.0
ANYWHERE = 85.0
"""Alike enough wherever it stands."""
MAYBE = 65.0
CLEARLY = 1.5
"""So many times as different must the second best be."""
SWAPPED = 4
"""Characters; a name or a figure in the place of another."""
_FIGURES = re.compile(r"\d+(?:\.\d+)?|第[一二三四五六七八九十百]+")


class Why(StrEnum):
    """By which rule a pair was made."""

    WORDS = "words"
    PLACE = "place"
    LIKENESS = "likeness"


@dataclass(slots=True)
class Said:
    """What a row of the file or a task of the plan says; `who` are its departments, empty where
    not all of them are known."""

    number: str
    outline: tuple[str, ...]
    text: str
    who: frozenset[int] = frozenset()
    folded: str = ""

    def __post_init__(self) -> None:
        self.folded = folded(self.text)

    @property
    def place(self) -> Hashable:
        """Outline and number; none without a number."""
        return (self.outline, self.number) if self.number else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and a task by their places in the lists. `is_sure` pairs are one and the same; of the
    others `is_likely` says what to propose."""

    row: int
    task: int
    why: Why
    score: float = 100.0
    is_sure: bool = True
    is_likely: bool = True


def paired(rows: Sequence[Said], tasks: Sequence[Said]) -> list[Pair]:
    """The pairs among rows and tasks that do not know each other yet; at most one for each."""
    found = list(_by_words(rows, tasks))
    return found + _by_likeness(
        rows, tasks, _others(rows, {p.row for p in found}), _others(tasks, {p.task for p in found})
    )


def _others(all_of: Sequence[Said], taken: set[int]) -> list[int]:
    return [index for index in range(len(all_of)) if index not in taken and all_of[index].folded]


_WORDS: tuple[Callable[[Said], Hashable], ...] = (
    lambda said: (said.who, said.place) if said.who and said.place else None,
    lambda said: (said.who, said.outline) if said.who else None,
    lambda said: said.who or None,
    lambda said: said.place,
    lambda said: said.outline,
    lambda said: said.number or None,
    lambda said: "",
)
"""What rows with the same words are told apart by; the strongest first."""


def _by_words(rows: Sequence[Said], tasks: Sequence[Said]) -> Iterator[Pair]:
    left, right = _others(rows, set()), _others(tasks, set())
    for tell in _WORDS:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for index in right:
            waiting[tasks[index].folded, tell(tasks[index])].append(index)
        made: dict[int, int] = {}
        for index in left:
            key = rows[index].folded, tell(rows[index])
            if key[1] is not None and waiting.get(key):
                made[index] = waiting[key].popleft()
                yield _of_one_text(index, made[index], rows, tasks)
        left = [index for index in left if index not in made]
        right = sorted(set(right) - set(made.values()))


def _of_one_text(row: int, task: int, rows: Sequence[Said], tasks: Sequence[Said]) -> Pair:
    """Sure, unless it would have gone to another heading and to other departments at once."""
    one, other = rows[row], tasks[task]
    doubt = one.outline != other.outline and _other_departments(one, other)
    return Pair(row, task, Why.WORDS, is_sure=not doubt)


def _by_likeness(
    rows: Sequence[Said], tasks: Sequence[Said], left: list[int], right: list[int]
) -> list[Pair]:
    near = _near(rows, tasks, left, right)
    rivals = [one for one in near if not _other_departments(rows[one.left], tasks[one.right])]
    of_row = _best_scores((one.left, one.right, one.score) for one in rivals)
    of_task = _best_scores((one.right, one.left, one.score) for one in rivals)
    pairs: list[Pair] = []
    taken_rows: set[int] = set()
    taken_tasks: set[int] = set()
    for one in sorted(near, key=lambda one: _order(one, rows, tasks)):
        if one.left in taken_rows or one.right in taken_tasks:
            continue
        second = max(
            _second(of_row.get(one.left, ()), one.right),
            _second(of_task.get(one.right, ()), one.left),
        )
        if (pair := _judged(one, rows[one.left], tasks[one.right], second)) is not None:
            pairs.append(pair)
            taken_rows.add(one.left)
            taken_tasks.add(one.right)
    return pairs


def _near(
    rows: Sequence[Said], tasks: Sequence[Said], left: list[int], right: list[int]
) -> list[Likeness]:
    """What may be a pair: alike wherever it stands, or in the same place."""
    found = {
        (left[one.left], right[one.right]): one.score
        for one in alike(
            [rows[i].folded for i in left],
            [tasks[i].folded for i in right],
            at_least=MAYBE_IN_PLACE,
        )
    }
    here = {place: index for index in reversed(right) if (place := tasks[index].place)}
    for index in left:
        if (place := rows[index].place) in here:
            pair = index, here[place]
            found[pair] = fuzz.ratio(rows[index].folded, tasks[pair[1]].folded)
    return [Likeness(score, *pair) for pair, score in found.items()]


def _best_scores(near: Iterable[tuple[int, int, float]]) -> dict[int, list[tuple[float, int]]]:
    """Of each row (or task) its two best scores, with what they were reached with."""
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for index, other, score in near:
        found[index].append((score, other))
    return {index: sorted(scores, reverse=True)[:2] for index, scores in found.items()}


def _second(best: Sequence[tuple[float, int]], this: int) -> float:
    """The best score that was not reached with this one."""
    return max((score for score, other in best if other != this), default=0.0)


def _order(one: Likeness, rows: Sequence[Said], tasks: Sequence[Said]) -> tuple[object, ...]:
    row, task = rows[one.left], tasks[one.right]
    return (
        -one.score, _other_departments(row, task), not _same_place(row, task), row.outline != task.outline,
        abs(one.left - one.right), one.left, one.right,
    )  # fmt: skip


def _judged(one: Likeness, row: Said, task: Said, second: float) -> Pair | None:
    """The pair with its verdict, or none: then they are two tasks."""
    others, clear = _other_departments(row, task), _is_clear(one.score, second)
    if _same_place(row, task) and one.score >= MAYBE_IN_PLACE:
        best = one.score >= second
        sure = best and one.score >= IN_PLACE and not others
        likely = best and (not others or one.score >= ANYWHERE)
        return Pair(one.left, one.right, Why.PLACE, one.score, sure, likely)
    if one.score >= ANYWHERE:
        likely = clear and not others and not _only_swapped(row, task)
        sure = likely and not _other_figures(row, task)
        return Pair(one.left, one.right, Why.LIKENESS, one.score, sure, likely)
    if one.score >= MAYBE and clear and not others:
        return Pair(one.left, one.right, Why.LIKENESS, one.score, is_sure=False)
    return None


def _same_place(row: Said, task: Said) -> bool:
    return row.place is not None and row.place == task.place


def _is_clear(score: float, second: float) -> bool:
    return second < score - 1 and 100 - second >= CLEARLY * (100 - score)


def _other_departments(row: Said, task: Said) -> bool:
    """Whether both name departments and none of them is the same."""
    return bool(row.who and task.who and row.who.isdisjoint(task.who))


def _other_figures(row: Said, task: Said) -> bool:
    """Whether each text has a figure (3 座, 第二季度) that the other has not."""
    mine, theirs = _figures(row.text), _figures(task.text)
    return not (mine <= theirs or theirs <= mine)


def _only_swapped(row: Said, task: Said) -> bool:
    """Whether a few characters stand for as many others (东河镇, 西河镇; 一季度, 二季度), as in rows
    that say the same of another place or time."""
    steps = [one for one in Levenshtein.opcodes(task.folded, row.folded) if one.tag != "equal"]
    swapped = all(one.tag == "replace" for one in steps)
    return swapped and sum(one.src_end - one.src_start for one in steps) <= SWAPPED


def _figures(text: str) -> set[str]:
    return set(_FIGURES.findall(unicodedata.normalize("NFKC", text)))
