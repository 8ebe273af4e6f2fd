"""Names for folders and files that Windows takes: no forbidden letters, no reserved words, short,
and no two alike in one folder."""

import re

from tracker.text import clean_file_name

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST_ENDING = 10


def safe(name: str, longest: int) -> str:
    """A name of at most so many UTF-16 units; a file's ending stays."""
    name = clean_file_name(name.replace("/", "_").replace("\\", "_"))
    name = re.sub(r"\s+", " ", name)
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _cut(name, longest)


def _cut(name: str, longest: int, suffix: str = "") -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING or not stem:
        stem, dot, ending = name, "", ""
    room = longest - _units(dot + ending + suffix)
    while _units(stem) > room:
        stem = stem[:-1]
    return (stem.rstrip(" .") or "_") + suffix + dot + ending


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Folder:
    """Gives every name of a folder once; Windows does not tell capitals apart."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, wanted: str, longest: int) -> str:
        """The wanted name made safe, with a number when it is taken."""
        plain = name = safe(wanted, longest)
        number = 1
        while name.casefold() in self._taken:
            number += 1
            name = _cut(plain, longest, f" ({number})")
        self._taken.add(name.casefold())
        return name
