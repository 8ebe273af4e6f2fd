"""Text is cleaned once, at the boundary; inside the tracker it is trusted."""

import re
import unicodedata

from tracker.errors import InputError

LONGEST = 20_000
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef]"
    "|["
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")


def clean_text(value: str, *, field: str = "文字", longest: int = LONGEST) -> str:
    """NFC text without control, bidi and noncharacters, trimmed.

    Raises InputError for characters that no office types (NUL, surrogates, noncharacters, other
    controls) and for text over `longest` characters. Direction marks are dropped in silence:
    they come along when text is copied from chat programs.
    """
    value = _BIDI.sub("", _LINE_ENDS.sub("\n", value))
    if found := _FORBIDDEN.search(value):
        raise InputError(
            f"{field}里有不能保存的字符（U+{ord(found.group()):04X}）。请删去后再提交。", field
        )
    value = unicodedata.normalize("NFC", value).strip()
    if len(value) > longest:
        raise InputError(
            f"{field}有 {len(value)} 个字，最多 {longest} 个字。请删减后再提交。", field
        )
    return value


def without_forbidden(value: str) -> str:
    """What `clean_text` makes of a text, without refusing any: characters that no office types are left
    out. For comparing words that may be older than the rules; nothing is stored so."""
    value = _FORBIDDEN.sub("", _BIDI.sub("", _LINE_ENDS.sub("\n", value)))
    return unicodedata.normalize("NFC", value).strip()


def clean_line(value: str, *, field: str = "文字", longest: int = 500) -> str:
    """One line of clean text: line breaks become spaces."""
    return _SPACE.sub(" ", clean_text(value, field=field, longest=longest))


def printable(value: str) -> str:
    """One line for a terminal: what a file calls its sheets may hold escapes and direction marks."""
    return _SPACE.sub(" ", "".join(c if c.isprintable() else " " for c in value)).strip()


def clean_file_name(value: str) -> str:
    """A name to show and to offer at download: no folders, no controls, at most 200 characters."""
    name = _LINE_ENDS.sub(" ", value).replace("\\", "/").rsplit("/", 1)[-1]
    name = _FORBIDDEN.sub("", _INVISIBLE.sub("", _BIDI.sub("", name)))
    name = re.sub(r'[<>:"|?*\t\n]', "_", unicodedata.normalize("NFC", name)).strip(" .")
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = stem[: 199 - len(ending)] + dot + ending if dot and len(ending) < 10 else name[:200]
    return name or "未命名"


def match_key(value: str) -> str:
    """What two spellings of one name have in common: NFKC, no spaces, no invisible marks."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", value)).casefold()
    return _SPACE.sub("", folded)
