"""Look-alike characters: what a PDF puts for ordinary ones (⼯ for 工, ⺠ for 民).

Only radicals and compatibility ideographs are folded. Full-width letters, digits and punctuation
are the author's own and stay as they are.
"""

from __future__ import annotations

import re
import unicodedata

_SUPPLEMENT = (
    # CJK Radicals Supplement, from U+2E81; a space where no single ideograph looks like it
    "厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尣巳幺彑彐忄㣺扌攵 旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟"
    "罓罒㓁网𦉪羊𦍌𦍋耂肀聿月臼艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食"
    "飠飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_FIRST = 0x2E81
_LOOK_ALIKE = re.compile("[\u2e81-\u2ef3\u2f00-\u2fd5\uf900-\ufad9]")


def _folded(code: int) -> str:
    """NFKC knows the Kangxi radicals and the compatibility ideographs, a single one each."""
    return unicodedata.normalize("NFKC", chr(code))


_ORDINARY = {
    **{chr(_FIRST + i): other for i, other in enumerate(_SUPPLEMENT) if other != " "},
    **{chr(code): _folded(code) for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA))},
}


def has_look_alike(text: str) -> bool:
    """Whether `unified` would change the text: quick, for whole rows at once."""
    return _LOOK_ALIKE.search(text) is not None


def unified(text: str) -> str:
    """The text with every look-alike replaced by the ideograph it looks like; as long as before."""
    return text if _LOOK_ALIKE.search(text) is None else _LOOK_ALIKE.sub(_ordinary, text)


def _ordinary(match: re.Match[str]) -> str:
    return _ORDINARY.get(match.group(), match.group())
