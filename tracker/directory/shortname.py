"""Short names (简称): does 教体局 mean 清河县教育体育局?

A short name is an ordered subsequence of the full name that keeps its kind (局, 委, 大队 …). Two
guards keep 审计局 from becoming 乌审旗统计局 and 公安大队 from becoming the traffic police: letters
of place names count only as a whole ending (旗, 清河县), and the last body named in the full name
must have given at least one letter besides its kind.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from tracker.text import match_key

_KINDS = (
    ("委员会", "委"),
    ("委", "委"),
    ("办公室", "办"),
    ("办", "办"),
    ("分局", "分局"),
    ("支队", "支队"),
    ("大队", "大队"),
    ("中心", "中心"),
    ("人民政府", "政府"),
    ("政府", "政府"),
    ("有限公司", "公司"),
    ("公司", "公司"),
    ("检察院", "检察院"),
    ("法院", "法院"),
    ("医院", "医院"),
    ("卫生院", "卫生院"),
    ("总队", "总队"),
    ("总站", "总站"),
    ("分行", "分行"),
)
_SEATS = ("镇", "乡", "苏木", "街道")
_LEVELS = "省市州盟县旗区"
_BODY = re.compile("总局|分局|局|支队|大队|委员会|中心|院")
_DISTRICT_BETWEEN = re.compile("(?<=总局)(.{4,}?区)(?=.)")


@dataclass(frozen=True)
class FullName:
    """A full name cut for matching. `tokens` are letters or whole places (longer than a letter);
    the last body with letters of its own begins at token `last`; `kind` as in `kind_of`."""

    tokens: tuple[str, ...]
    last: int
    kind: str


def kind_of(key: str) -> tuple[str, str]:
    """The name without its kind, and the kind in one spelling: (教育体育, 局)."""
    for written, kind in _KINDS:
        if key.endswith(written):
            return key[: -len(written)], kind
    return (key[:-1], key[-1]) if key else ("", "")


def places(names: Iterable[str]) -> list[str]:
    """The places that a directory's names begin with: 清河县, 青山市.

    A beginning is a place when two names share it and no shorter one is its beginning
    (清河县市场… must not make 清河县市 a place).
    """
    counted: Counter[str] = Counter()
    for key in map(match_key, names):
        counted.update({key[:end] for end in range(2, 10) if key[end - 1 : end] in tuple(_LEVELS)})
    found: list[str] = []
    for place in sorted((place for place, count in counted.items() if count > 1), key=len):
        if not any(place.startswith(known) for known in found):
            found.append(place)
    return found


def cut(name: str, known_places: Sequence[str]) -> FullName:
    """A full name as tokens, its places marked."""
    stem, kind = kind_of(match_key(name))
    spans = [
        found.span() for place in known_places for found in re.finditer(re.escape(place), stem)
    ]
    spans += [found.span(1) for found in _DISTRICT_BETWEEN.finditer(stem)]
    tokens, starts, at = [], [], 0
    for start, end in [*sorted(spans), (len(stem), len(stem))]:
        if start < at:
            continue
        tokens += [*stem[at:start], stem[start:end]]
        starts += [*range(at, start), start]
        at = end
    ends = [found.end() for found in _BODY.finditer(stem)]
    begins = [0, *(end for end in ends if _has_letters(tokens, starts, end))]
    last = next((index for index, start in enumerate(starts) if start >= begins[-1]), 0)
    return FullName(tuple(tokens), last, kind)


def _has_letters(tokens: list[str], starts: list[int], begin: int) -> bool:
    return any(
        start >= begin and len(token) == 1 for token, start in zip(tokens, starts, strict=True)
    )


def fits(written: str, full: FullName) -> bool:
    """Whether the written name is a short name of the full one."""
    key = match_key(written)
    if full.kind == "政府" and key.endswith(_SEATS):
        return _draws(key, full)
    stem, kind = kind_of(key)
    return kind == full.kind and bool(stem) and _draws(stem, full)


def _draws(stem: str, full: FullName) -> bool:
    """Whether the letters come in order out of the tokens, one at least from the last body."""

    @cache
    def match(at: int, index: int, seen: bool) -> bool:
        if at == len(stem):
            return seen
        if index == len(full.tokens):
            return False
        token = full.tokens[index]
        own = seen or (len(token) == 1 and index >= full.last)
        taken = (match(at + size, index + 1, own) for size in _sizes(token, stem, at))
        return any(taken) or match(at, index + 1, seen)

    return match(0, 0, False)


def _sizes(token: str, stem: str, at: int) -> list[int]:
    """How many letters of `stem` the token can give: a letter itself, a place's ending or bare."""
    if len(token) < 2:
        return [1] if token and stem[at] == token else []
    endings = [size for size in range(1, len(token) + 1) if stem.startswith(token[-size:], at)]
    return endings + ([len(token) - 1] if stem.startswith(token[:-1], at) else [])
