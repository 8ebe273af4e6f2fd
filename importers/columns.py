"""Header words → meaning, by declaration (`header_words`)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from importers.header_endings import CHINESE, ENGLISH, Endings
from importers.header_words import CONTAINED, NOT_A_PLAN, ROLE_WORDS, WORDS
from importers.traditional import simplified, traditional_of

Meaning = str
"""One of the keys of WORDS, or 'responsible' (lead when alone, support beside a lead column)."""

TASK_LIKE = ("goal", "topic", "issue", "task", "content", "measure")
"""Meanings that can be the task of a row, from the coarsest to the finest."""

PLAN_MARKS = frozenset({"lead", "responsible", "support", "deadline", "mode"})
"""A task column needs one of these beside it before a table is a plan."""

_LONGEST = 40
_JUNK = re.compile(r"[\s★▲●*:：_]+")
PLAIN_LENGTH = 14
"""A longer header has spaces or brackets in it, or is none."""
LAID_OUT = re.compile(r"[\s(（〔【\[★▲●*_]")
_BILINGUAL = re.compile(r"[\u3400-\u9fff）)][\s/|]+[A-Za-z]|[A-Za-z.][\s/|]+[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z.#'&/|-]+")
_JOINS = re.compile(r"[及与和或、/&+]|(?<=[a-z])and(?=[a-z])")
_BRACKET = re.compile(r"[(〔【\[][^()〔〕【】\[\]]*[)〕】\]]")


def _declared() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for meaning, words in WORDS.items():
        for word in words.split():
            table.setdefault(_key(word), meaning)
    return table


def _key(text: str) -> str:
    return simplified(_JUNK.sub("", unicodedata.normalize("NFKC", text)).lower())


@lru_cache(maxsize=4096)
def meaning_of(header: str) -> Meaning | None:
    """What a header word means, or None. Spaces and a bracketed remark do not count."""
    if len(header) > PLAIN_LENGTH and not LAID_OUT.search(header):
        return None
    key = _key(header)
    if not key or len(key) > _LONGEST:
        return None
    bare = _BRACKET.sub("", key)
    if _BILINGUAL.search(header):
        bare = _LATIN.sub("", bare)
    exact = _TABLE.get(key) or _TABLE.get(bare)
    if exact:
        return exact
    if len(bare) > 14:
        return None
    return next((meaning for pattern, meaning in CONTAINED if pattern.search(bare)), None)


@lru_cache(maxsize=1024)
def column_meaning(header: str) -> Meaning | None:
    """What a word of a row means that is known to be a header: `meaning_of`, else by its ending.

    Of a header with two parts (任务名称及内容, 责任单位/责任人) the department counts, else the first.
    """
    sure = meaning_of(header)
    bare = _BRACKET.sub("", _key(header))
    if _BILINGUAL.search(header):
        bare = _LATIN.sub("", bare)
    if sure or not bare or len(bare) > _LONGEST:
        return sure
    if bare.isascii():
        return _by_ending(bare, ENGLISH)
    parts = [part for part in _JOINS.split(bare) if part]
    found = [m for part in parts if (m := _TABLE.get(part) or _by_ending(part, CHINESE))]
    return next((m for m in found if m in PLAN_MARKS), found[0] if found else None)


def _by_ending(bare: str, endings: Endings) -> Meaning | None:
    return next((meaning for pattern, meaning in endings if pattern.search(bare)), None)


def is_role_word(header: str) -> bool:
    """Whether a header word could as well be a mark in a matrix: 牵头, 配合."""
    return _key(header) in ROLE_WORDS


def refusal_of(header: str) -> str | None:
    """Why a table with this header is no plan, or None."""
    key = _key(header)
    return next((why for word, why in NOT_A_PLAN.items() if key.startswith(word)), None)


_TABLE = _declared()
ENDINGS = {key[-1] for key in _TABLE} | set("构导限间点期式法值准务容称述施措求度况料源注举责")
ENDINGS |= (
    {ending.upper() for ending in ENDINGS} | traditional_of(ENDINGS) | set(")）]】〕:： \n　*")
)
"""Last characters a header may have: what ends otherwise need not be looked up."""
