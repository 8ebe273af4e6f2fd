"""Questions about a table's shape, whose answer changes the reading: key, options, answer.

A key names what is asked and the header it is asked about, so that an answer holds for the next
file with the same header words. An answer is one of the options' words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from importers.problems import Problem

Answers = Mapping[str, str]
"""Key → the option chosen."""

NO_ANSWERS: Answers = {}
ANSWERED = "answered_before"
_SHOWN = 40
"""Characters of what is asked that a key shows; a mark or a name may be far longer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What has been answered about tables with these header words."""

    labels: Sequence[str] = ()
    answers: Answers = field(default_factory=dict)

    def key(self, what: str) -> str:
        """'column.task:3f2a…': what is asked, about a table with these header words."""
        words = "\n".join([what, *("".join(label.split()) for label in self.labels)])
        digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:24]
        return f"{what[:_SHOWN]}:{digest}"

    def said(self, what: str, options: Sequence[str]) -> str | None:
        """The answer given, if it is one of the options."""
        said = self.answers.get(self.key(what))
        return said if said in options else None

    def ask(self, problem: Problem, what: str, options: Sequence[str]) -> Problem:
        """The question with its key and options; a notice where it has been answered."""
        asked = problem._replace(key=self.key(what), options=tuple(options))
        said = self.said(what, options)
        if said is None:
            return asked
        return asked._replace(
            code=ANSWERED, message=f"{problem.message}；已按回答“{said}”读取", proposed=said
        )
