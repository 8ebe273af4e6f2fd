"""Chooses among the columns that could do one job; what is not certain is asked, never refused."""

from __future__ import annotations

import re
from collections.abc import Callable

from importers.asking import Asking
from importers.columns import TASK_LIKE, Meaning
from importers.grid import column_letter
from importers.headers import NAMELESS, Header
from importers.names import looks_like_department
from importers.problems import Problem
from importers.spread import Spread

_CLEARLY = 1.5
"""One column's texts are clearly longer than another's at this ratio of their means."""
_MOST = 0.7
"""Share of a column's cells that must look like departments before it is taken for theirs."""
_FULL = 0.6
"""Share of a table's rows that a guessed column must fill."""
_COUNTING = re.compile(r"\s*[（(]?[A-Z]{0,2}\d{1,3}(?:\.\d{1,3}){0,3}[)）.、]?\s*")
_LONG, _SHORT = 5, 3
_SAMPLE = 500
_LIST = 60
"""Characters of a cell that lists departments."""
_GROUP = 20
"""Characters of what names a group."""
_FINER = ("具体", "细化")
_OFFICE = re.compile("(?:单位|部门|机关|处室|科室|股室)$")
"""A header that ends so says itself that offices stand below it."""
_PROJECT = re.compile("(?:项目|工程|行动)$")
_UNTIL = re.compile("[前底内末]|季度|半年|每[年月季周]|长期|持续|常态|立行|全年")
"""What a deadline says and a mere date does not: on such a day something may have been found."""
_TIMES = re.compile("(?:推进|实施|工作|活动|计划|开展)?(?:月份|月度|季度|时间|日期|月)")
NO_COLUMN = "没有这一列"


class Choosing:
    """The columns of one table and what is asked about them: `problems`."""

    def __init__(
        self, spread: Spread, header: Header, last: int, taken: set[int], asking: Asking
    ) -> None:
        self.problems: list[Problem] = []
        self._header, self._taken, self._asking = header, taken, asking
        self._spread = spread
        self._body = spread.rows[header.bottom + 1 : last + 1]
        self._texts: dict[int, list[str]] = {}
        self._tell_numbers()

    def _tell_numbers(self) -> None:
        """A column of Item, 项目 or 事项 that only counts 1, 2, 3 holds the numbers."""
        groups = [] if self.free("number") else self.free("category")
        for c in self.free(*TASK_LIKE) + groups[:1]:
            texts = self._own(c)[:_SAMPLE]
            if texts and all(_COUNTING.fullmatch(text) for text in texts):
                self._header.meanings[c] = "number"

    def free(self, *meanings: Meaning) -> list[int]:
        """The columns of these meanings that no matrix has taken, left to right."""
        return [c for c in self._header.columns(*meanings) if c not in self._taken]

    def sure(self, meaning: Meaning) -> list[int]:
        """The free columns of a meaning; those with a known word, where there are any."""
        columns = self.free(meaning)
        return [c for c in columns if c not in self._header.coined] or columns

    def only(self, job: str, columns: list[int], word: str) -> int:
        """The column for a job, -1 for none; of several with texts the first, and it is asked."""
        if len(columns) > 1:
            columns = [c for c in columns if self._own(c)] or columns[:1]
        if len(columns) < 2:
            return columns[0] if columns else -1
        return self._ask(job, columns, columns[0], word)

    def clearest(self, columns: list[int], reads: Callable[[str], object]) -> list[int]:
        """Of several columns the one whose texts can be read best, or all if they read alike."""
        if len(columns) < 2:
            return columns
        read = {c: sum(1 for t in self._own(c)[:_SAMPLE] if reads(t) is not None) for c in columns}
        best = max(read.values())
        return [c for c in columns if read[c] == best]

    def task(self, workers: set[int], used: set[int]) -> tuple[int, list[int]]:
        """The task column (-1 for none) and the columns that group the tasks, left to right."""
        columns = [c for c in self.free(*TASK_LIKE[1:]) if self._own(c)]
        columns = columns or self.free(*TASK_LIKE[1:]) or self._over_goals()
        if not columns:
            return -1, self.free("category")
        chosen = self._finest(columns, workers)
        groups = [c for c in columns if c < chosen and len(self._own(c)) <= len(self._own(chosen))]
        groups += [c for c in self.free("goal") if c < chosen and self._is_for_several(c, chosen)]
        groups += [c for c in range(chosen) if c not in used and self._groups(c, chosen)]
        return chosen, sorted({c for c in self.free("category") if c < chosen} | set(groups))

    def _over_goals(self) -> list[int]:
        """The goals; 重点项目 beside them, where it names another project in every row."""
        if not self.free("goal"):
            return []
        columns = [c for c in self.free("category") if _PROJECT.search(self._label(c))]
        texts = {c: self._own(c)[:_SAMPLE] for c in columns if c not in self._spread.origin}
        named = [c for c, own in texts.items() if self._is_full(own) and len(set(own)) == len(own)]
        return named or self.free("goal")

    def _is_for_several(self, column: int, task: int) -> bool:
        """Whether a column is merged down over several tasks, or says the same for neighbours."""
        merged = column in self._spread.origin
        return (merged and len(self._own(column)) < len(self._own(task))) or self._repeats(column)

    def _repeats(self, column: int) -> bool:
        """Whether a full column's words come in runs, each of them once: 交通 交通 教育."""
        texts = [row[column] for row in self._body[:_SAMPLE] if any(row)]
        runs = [text for before, text in zip(["", *texts], texts, strict=False) if text != before]
        return all(texts) and len(set(texts)) == len(runs) < len(texts) and len(runs) > 1

    def _groups(self, column: int, task: int) -> bool:
        """Whether a column of which no word is known groups the tasks."""
        if self._header.meanings[column] is not None or not self._own(column):
            return False
        if column in self._taken or any(len(t) > _GROUP for t in self._own(column)[:_SAMPLE]):
            return False
        return self._is_for_several(column, task)

    def _finest(self, columns: list[int], workers: set[int]) -> int:
        """The fullest column; of equally full ones the one that says what is to be done."""
        most = max(len(self._own(c)) for c in columns)
        fullest = [c for c in columns if len(self._own(c)) == most]
        chosen = fullest[0]
        rivals: list[int] = []
        for c in fullest[1:]:
            if any(chosen < worker < c for worker in workers):
                break
            finer = self._is_finer(chosen, c)
            if finer is None:
                rivals = [*(rivals or [chosen]), c]
                chosen = c if self._mean(c) > self._mean(chosen) else chosen
            elif finer:
                chosen, rivals = c, []
        return self._ask("task", rivals, chosen, "工作任务") if rivals else chosen

    def _is_finer(self, left: int, right: int) -> bool | None:
        """Whether the right one of two full columns is the task; None where that is unclear."""
        if self._label(right)[:2] in _FINER and self._label(left)[:2] not in _FINER:
            return True
        one, other = (TASK_LIKE.index(self._header.meanings[c] or "task") for c in (left, right))
        if one != other:
            meanings = self._header.meanings
            is_remedy = meanings[left] == "issue" and meanings[right] == "measure"
            return other > one and not is_remedy
        if self._mean(right) >= _CLEARLY * self._mean(left):
            return True
        return False if self._mean(left) >= _CLEARLY * self._mean(right) else None

    def guess_departments(self, used: set[int], sure: bool) -> int:
        """A column without a known header whose cells name departments; -1 for none.

        `sure`: the table is a plan by its other columns, so that a lone candidate is no question.
        """
        found = [
            c
            for c in self._unknown(used, (None, "name", "person", "category"))
            if self._is_full(texts := self._own(c)[:_SAMPLE])
            and _share(texts) >= _MOST
            and max(map(len, texts)) <= _LIST
        ]
        if not found:
            return -1
        plain = sure and len(found) == 1 and self._header.meanings[found[0]] in (None, "name")
        if plain or _OFFICE.search(self._label(found[0])):
            return found[0]
        return self._guessed("lead", found[0], found, "责任单位")

    def guess_task(self, used: set[int], sure: bool) -> int:
        """The column without a known header with the longest texts; -1 for none.

        `sure`: the table is a plan by its other columns, so that a lone candidate is no question.
        """
        columns = [
            c
            for c in self._unknown(used, (None, "category", "standard", "progress", "goal"))
            if self._is_full(self._own(c))
            and self._mean(c) >= (_SHORT if sure else _LONG)
            and _share(self._own(c)[:_SAMPLE]) < _MOST
        ]
        said = [c for c in columns if self._header.meanings[c] != "progress"]
        finest = [c for c in said if c not in self.free("category")] or said
        if sure and finest and (len(finest) == 1 or finest is said):
            return max(finest, key=lambda c: (len(self._own(c)), c))
        columns = [c for c in columns if self._mean(c) >= _LONG]
        if not columns:
            return -1
        return self._guessed("task", max(columns, key=self._mean), columns, "工作任务")

    def guess_deadline(self, used: set[int], is_deadline: Callable[[str], bool], sure: bool) -> int:
        """A column without a known header whose cells are deadlines; -1 for none.

        `sure`: the table is a plan by its other columns, so that 3月底前 is no question.
        """
        for c in self._unknown(used, (None, "category")):
            texts = self._own(c)[:_SAMPLE]
            dated = sum(1 for text in texts if is_deadline(text))
            if self._is_full(texts) and dated >= _MOST * len(texts):
                told = sum(1 for text in texts if _UNTIL.search(text))
                if _TIMES.fullmatch(self._label(c).strip()) or (
                    sure and told >= _MOST * len(texts)
                ):
                    return c
                return self._guessed("deadline", c, [c], "完成时限")
        return -1

    def _unknown(self, used: set[int], meanings: tuple[Meaning | None, ...]) -> list[int]:
        free = [c for c, m in enumerate(self._header.meanings) if m in meanings]
        return [c for c in free if c not in used and c not in self._taken and self._own(c)]

    def _is_full(self, texts: list[str]) -> bool:
        rows = sum(1 for row in self._body[:_SAMPLE] if any(row))
        return len(texts[:_SAMPLE]) >= max(_FULL * rows, min(rows, 2))

    def _own(self, column: int) -> list[str]:
        """The column's own texts in the body."""
        if column not in self._texts:
            self._texts[column] = [row[column] for row in self._body if row[column]]
        return self._texts[column]

    def texts(self, column: int) -> list[str]:
        """A sample of the column's own texts."""
        return self._own(column)[:_SAMPLE]

    def _mean(self, column: int) -> float:
        texts = self._own(column)[:_SAMPLE]
        return sum(map(len, texts)) / max(len(texts), 1)

    def _label(self, column: int) -> str:
        return self._header.labels[column]

    def _place(self, column: int) -> str:
        label = self._label(column)
        named = "" if label.startswith(NAMELESS) else f"“{label}”"
        return f"{column_letter(column)}列{named}"

    def _ask(self, job: str, columns: list[int], chosen: int, word: str) -> int:
        """Ask which of the columns it is; a person's answer goes before our choice."""
        places = "、".join(self._place(c) for c in columns)
        message = f"{places}都像是“{word}”列，先按{self._place(chosen)}读取，请确定是哪一列"
        return self._put("ambiguous_header", job, columns, chosen, message, places)

    def _guessed(self, job: str, chosen: int, columns: list[int], word: str) -> int:
        """Ask whether a column found by its texts is the one."""
        place = self._place(chosen)
        message = f"表头没有写明哪一列是“{word}”，按内容像是{place}，请确定"
        return self._put("guessed_column", job, columns, chosen, message, place)

    def _put(
        self, code: str, job: str, columns: list[int], chosen: int, message: str, value: str
    ) -> int:
        options = [*(self._label(c) for c in columns), NO_COLUMN]
        source = self._spread.grid.source(self._header.bottom, chosen)
        problem = Problem(source, code, message, value, self._label(chosen))
        self.problems.append(self._asking.ask(problem, f"column.{job}", options))
        said = self._asking.said(f"column.{job}", options)
        if said == NO_COLUMN:
            return -1
        return next((c for c in columns if self._label(c) == said), chosen)


def _share(texts: list[str]) -> float:
    return sum(map(looks_like_department, texts)) / len(texts)
