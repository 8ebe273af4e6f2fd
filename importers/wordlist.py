"""The automatic numbers of a Word document: what stands before a paragraph without being typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_DIGITS = "〇一二三四五六七八九"
_BANKERS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE = re.compile(r"%([1-9])")
_GREATEST = 1_000_000


@dataclass(slots=True)
class Level:
    """One level of a list: how its number is written, and the words around it ('（%1）')."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None


@dataclass(slots=True)
class Lists:
    """What numbering.xml declares: the levels of each abstract list, the list of each number."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    own: dict[str, dict[int, Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)


class Counter:
    """Counts through a document: `next` is called for every numbered paragraph in its order."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, number: str, level: int) -> str:
        """The number of the next paragraph of this list and level; '' for bullets."""
        abstract = self._lists.abstract.get(number, "")
        levels = self._lists.levels.get(abstract, {}) | self._lists.own.get(number, {})
        own = levels.get(level)
        if own is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        self._restart(number, level, counts)
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [n for n in counts if n > level]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                del counts[deeper]
        return _written(own, level, levels, counts)

    def _restart(self, number: str, level: int, counts: dict[int, int]) -> None:
        """A list with a start of its own begins there where it is used first."""
        start = self._lists.starts.get(number, {}).get(level)
        if start is not None and (number, level) not in self._begun:
            counts[level] = start - 1
        self._begun.add((number, level))


def _written(own: Level, level: int, levels: dict[int, Level], counts: dict[int, int]) -> str:
    if own.format in ("bullet", "none"):
        return "" if own.format == "bullet" else _PLACE.sub("", own.text)

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        shape = levels.get(place, Level())
        return formatted(counts.get(place, shape.start), shape.format)

    return _PLACE.sub(number, own.text)


def formatted(number: int, format: str) -> str:
    """A number as Word writes it in one of its formats; an unknown format counts in digits."""
    if not 0 <= number <= _GREATEST:
        return str(number)
    write = _FORMATS.get(format)
    return write(number) if write else str(number)


def chinese(number: int, digits: str = "零" + _DIGITS[1:], units: str = "十百千") -> str:
    """十一, 一百零一, 二万: how numbers are said."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if 0 < low < 1000 else ""
        return chinese(high, digits, units) + "万" + (gap + _below(low, digits, units))
    if number == 0:
        return digits[0]
    said = _below(number, digits, units)
    return said[1:] if units[0] == "十" and 10 <= number < 20 else said


def _below(number: int, digits: str, units: str) -> str:
    """A number under 10,000; '' for 0."""
    said, gap = "", False
    for power, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            said += (digits[0] if gap and said else "") + digits[digit] + unit
            gap = False
        else:
            gap = True
    return said


def _letters(number: int) -> str:
    """a … z, then aa, bb: Word doubles the letter."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 50) if number else ""


def _roman(number: int) -> str:
    if number > 39:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written


def _run(first: int, count: int) -> Callable[[int], str]:
    """Ready-made signs: ①, ⑴, ⒈; digits beyond them."""
    return lambda n: chr(first + n - 1) if 1 <= n <= count else str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 1 <= n <= len(signs) else str(n)


def _digit_by_digit(number: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(number))


def _counting(number: int) -> str:
    """chineseCounting says numbers up to ninety-nine and spells longer ones digit by digit."""
    return chinese(number) if number < 100 else _digit_by_digit(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _counting,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": lambda n: chinese(n, _BANKERS, "拾佰仟"),
    "ideographLegalTraditional": lambda n: chinese(n, _BANKERS, "拾佰仟"),
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "japaneseCounting": chinese,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": chinese,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _run(0x2460, 20),
    "decimalEnclosedCircleChinese": _run(0x2460, 20),
    "decimalEnclosedParen": _run(0x2474, 20),
    "decimalEnclosedFullstop": _run(0x2488, 20),
    "ideographEnclosedCircle": _run(0x3280, 10),
    "decimalFullWidth": lambda n: "".join(chr(ord(d) + 0xFEE0) for d in str(n)),
    "decimalZero": lambda n: f"{n:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}
