"""Questions about a table's shape, whose answer changes the reading: key, options, answer.

A key names what is asked and the header it is asked about, so that an answer holds for the next
file with the same header words. An answer is one of the options' words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

Answers = Mapping[str, str]
"""Key → the option chosen."""

NO_ANSWERS: Answers = {}


def key_of(what: str, labels: Iterable[str]) -> str:
    """'column.task:3f2a…': what is asked, about a table with these header words."""
    words = "\n".join("".join(label.split()) for label in labels)
    return f"{what}:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}"
