"""Which texts of two lists are alike, without comparing each with each.

Small lists are compared whole. In long ones a text is compared with those that share its rarest
groups of three characters: texts that are alike share most of theirs, and the words that every row
of a plan repeats lead nowhere.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

SIZE = 3
COMMON = 100
"""A group of characters in more texts than this says nothing."""
RAREST = 12
COMPARED = 16
AT_ONCE = 250_000
"""Comparisons that are simply made."""
KEPT = 6


class Likeness(NamedTuple):
    """How alike two texts are, 0 to 100: the share of characters they have in common, in order."""

    score: float
    left: int
    right: int


def folded(text: str) -> str:
    """What counts of a text: one width, no spaces, no punctuation."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text).casefold()
        if char.isalnum() or unicodedata.category(char) == "Mn"
    )


def alike(left: Sequence[str], right: Sequence[str], *, at_least: float) -> list[Likeness]:
    """The pairs of folded texts that are alike by `at_least`, a few for each of the left."""
    whole = dict(enumerate(right))
    few = len(left) * len(right) <= AT_ONCE
    near = None if few else _Near(right)
    found: list[Likeness] = []
    for index, text in enumerate(left):
        choices = whole if near is None else near.to(text)
        if text and choices:
            best = process.extract(
                text, choices, scorer=fuzz.ratio, limit=KEPT, score_cutoff=at_least
            )
            found += [Likeness(score, index, other) for _text, score, other in best]
    return found


class _Near:
    """Texts by their groups of characters."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.places: dict[str, list[int]] = defaultdict(list)
        for index, text in enumerate(texts):
            for group in _groups(text):
                if len(places := self.places[group]) <= COMMON:
                    places.append(index)

    def to(self, text: str) -> Mapping[int, str]:
        """The texts that share the most of this one's rarest groups."""
        known = [self.places[group] for group in sorted(_groups(text)) if group in self.places]
        rarest = sorted((one for one in known if len(one) <= COMMON), key=len)[:RAREST]
        shared = Counter(index for places in rarest for index in places)
        return {index: self.texts[index] for index, _count in shared.most_common(COMPARED)}


def _groups(text: str) -> set[str]:
    return {text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1))}
