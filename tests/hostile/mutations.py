"""Mutants: sound files with a few changes, made from a seed, so that each has a number and comes again.

`python -m tests.hostile.mutations FOLDER NUMBER…` writes some of them to look at.
"""

from __future__ import annotations

import hashlib
import re
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from . import aimed_changes, binary_changes, xml_changes
from .originals import MAKERS, Original, Parts, contained, originals, packed, whole
from .raw import directory_at, patched

SEED = 20260310
KINDS = ("xlsx", "xlsx", "xlsx", "xlsx", *(kind for kind in MAKERS if kind != "xlsx"))
"""In turn; a workbook of today comes four times as often as any other file."""
_SHALLOW = 0.12


@dataclass(frozen=True)
class Mutant:
    """`manner` tells what was done; `deep`: whether it was done to what a parser reads."""

    number: int
    kind: str
    manner: str
    deep: bool
    filename: str
    data: bytes


def mutants(numbers: Iterable[int]) -> Iterator[Mutant]:
    """These mutants, one by one."""
    return (mutant(number) for number in numbers)


def mutant(number: int) -> Mutant:
    """The mutant of this number; a change that changes nothing is followed by another."""
    rng = Random(f"{SEED}:{number}")
    kind = KINDS[number % len(KINDS)]
    original = rng.choice(originals(kind))
    sound = data = whole(original)
    manner, deep = "", rng.random() >= _SHALLOW
    while data == sound:
        manner, data = _deep(rng, original) if deep else _shallow(rng, original, sound)
    return Mutant(number, kind, manner, deep, f"变{number:04}.{original.ending}", data)


def _shallow(rng: Random, original: Original, sound: bytes) -> tuple[str, bytes]:
    """A change anywhere in the finished file."""
    change = rng.choice((*binary_changes.ANYWHERE, *(_ZIPPED if original.parts else ())))
    return change.__name__, change(rng, sound)


def _deep(rng: Random, original: Original) -> tuple[str, bytes]:
    """One to three changes where a parser meets them."""
    if original.parts is not None:
        return _package(rng, original.kind, dict(original.parts))
    times = rng.choice((1, 1, 2, 3))
    if original.kind == "xls":
        if rng.random() < 0.2:
            return "container", binary_changes.container_field(rng, contained(original.data))
        return "records", contained(binary_changes.old_stream(rng, original.data))
    if original.kind == "pdf":
        data = original.data
        for _ in range(times):
            data = binary_changes.pdf_words(rng, data)
        return "words", data
    text, manners = original.data.decode(original.encoding), []
    for _ in range(times):
        manner, text = _text(rng, original.kind, text)
        manners.append(manner)
    return "+".join(manners), _encoded(text, original.encoding)


def _encoded(text: str, encoding: str) -> bytes:
    """What the encoding has no bytes for is left out; UTF-8 takes the halves of a pair."""
    return text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "ignore")


def _text(rng: Random, kind: str, text: str) -> tuple[str, str]:
    if kind == "csv":
        return "lines", binary_changes.lines(rng, text)
    if kind == "mhtml" and rng.random() < 0.4:
        return "mail", binary_changes.mail(rng, text)
    return _markup(rng, kind, text)


def _markup(rng: Random, kind: str, text: str) -> tuple[str, str]:
    """A change that the format gives a meaning, or one that any XML knows."""
    aimed = rng.random()
    if aimed < 0.3:
        return "inserted", aimed_changes.inserted(rng, kind, text)
    if aimed < 0.5:
        return "rewritten", aimed_changes.rewritten(rng, kind, text)
    change = rng.choice(xml_changes.CHANGES)
    return change.__name__, change(rng, text)


def _package(rng: Random, kind: str, parts: Parts) -> tuple[str, bytes]:
    if rng.random() < 0.2:
        change = rng.choice(_PARTS)
        return change.__name__, packed(change(rng, parts))
    manners = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = _chosen(rng, parts)
        manner, parts[name] = _part(rng, kind, name, parts[name])
        manners.append(manner)
    return "+".join(manners), packed(parts)


_READ = re.compile(
    r"worksheets/|sharedStrings|workbook\.|styles|document\.|numbering|content|Types|\.rels"
)


def _chosen(rng: Random, parts: Parts) -> str:
    """A part that is read; mostly one that holds the table."""
    table = [n for n in parts if re.search(r"sheets/sheet|sharedS|document\.xml$|content\.xml", n)]
    read = [name for name in parts if _READ.search(name)]
    return rng.choice(table if table and rng.random() < 0.7 else read)


def _part(rng: Random, kind: str, name: str, data: bytes) -> tuple[str, bytes]:
    if name.endswith(".bin"):
        return "records", binary_changes.binary_part(rng, data)
    text = data.decode("utf-8", "surrogatepass")
    manner, text = _markup(rng, kind, text)
    return f"{manner}({name.rpartition('/')[2]})", text.encode("utf-8", "surrogatepass")


def a_part_is_missing(rng: Random, parts: Parts) -> Parts:
    """A part that others refer to."""
    del parts[rng.choice(list(parts))]
    return parts


def parts_change_places(rng: Random, parts: Parts) -> Parts:
    """Two parts have each other's content."""
    one, other = rng.sample(list(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def a_part_of_another_file(rng: Random, parts: Parts) -> Parts:
    """A part has the content of a part of another package, mostly one of its own kind."""
    donor = rng.choice(originals(rng.choice(("xlsx", "xlsb", "ods", "docx")))).parts or {}
    mine = rng.choice(list(parts))
    alike = [name for name in donor if name.rpartition("/")[2] == mine.rpartition("/")[2]]
    parts[mine] = donor[rng.choice(alike or list(donor))]
    return parts


def a_part_is_empty(rng: Random, parts: Parts) -> Parts:
    """Nothing, or only a space."""
    parts[rng.choice(list(parts))] = rng.choice((b"", b" ", b"\0" * 100, b"<?xml version='1.0'?>"))
    return parts


def a_part_is_torn(rng: Random, parts: Parts) -> Parts:
    """Bytes of a part are changed within a sound zip."""
    name = _chosen(rng, parts)
    parts[name] = rng.choice(binary_changes.ANYWHERE)(rng, parts[name])
    return parts


def a_part_is_called_otherwise(rng: Random, parts: Parts) -> Parts:
    """Another path, as in a zip of mischief."""
    old = rng.choice(list(parts))
    new = rng.choice(
        (old.upper(), f"../{old}", f"/{old}", f"a/{old}", old + "x", old.replace("/", "\\"))
    )
    return {new if name == old else name: data for name, data in parts.items()}


def a_part_twice(rng: Random, parts: Parts) -> list[tuple[str, bytes]]:
    """A second part whose name differs in case only, or far more parts than there were."""
    name = rng.choice(list(parts))
    again = [(name.swapcase(), parts[name])]
    if rng.random() < 0.5:
        again = [(f"{name}.{n}", parts[name]) for n in range(rng.choice((1, 40)))]
    return [*parts.items(), *again]


def sheets_doubled(rng: Random, parts: Parts) -> Parts:
    """The book names its sheets again: the same ones, by other names, or more than there may be."""
    for name in [name for name in parts if re.search(r"workbook\.xml$", name)]:
        text = parts[name].decode()
        entries = "".join(re.findall(r"<(?:\w+:)?sheet\s[^>]*/>", text))
        times = rng.choice((1, 2, 48, 60))
        other = rng.choice(
            (entries, re.sub(r'name="', 'name="又', entries), entries.replace("rId1", "rId99"))
        )
        parts[name] = text.replace("</sheets>", other * times + "</sheets>").encode()
    return parts


def other_content_types(rng: Random, parts: Parts) -> Parts:
    """The package says that parts are something else."""
    types = sorted(
        {
            t
            for kind in ("xlsx", "xlsb", "docx")
            for t in re.findall(rb'ContentType="([^"]*)"', _types(kind))
        }
    )
    name = "[Content_Types].xml" if "[Content_Types].xml" in parts else rng.choice(list(parts))
    found = list(re.finditer(rb'ContentType="([^"]*)"', parts[name]))
    if found:
        one, data = rng.choice(found), parts[name]
        parts[name] = data[: one.start(1)] + rng.choice([*types, b"", b"x/y"]) + data[one.end(1) :]
    return parts


def _types(kind: str) -> bytes:
    return (originals(kind)[0].parts or {}).get("[Content_Types].xml", b"")


def other_targets(rng: Random, parts: Parts) -> Parts:
    """A relationship leads to another part, to itself, to nothing or out of the package."""
    names = [name for name in parts if name.endswith(".rels")] or list(parts)
    name = rng.choice(names)
    found = list(re.finditer(rb'Target="([^"]*)"', parts[name]))
    if found:
        one, data = rng.choice(found), parts[name]
        targets = [*xml_changes.PATHS, *parts, *(f"/{part}" for part in parts)]
        new = rng.choice(targets).encode()
        parts[name] = data[: one.start(1)] + new + data[one.end(1) :]
    return parts


_PARTS: tuple[Callable[[Random, Parts], Parts | list[tuple[str, bytes]]], ...] = (
    a_part_is_missing, parts_change_places, a_part_of_another_file, a_part_of_another_file, a_part_is_empty,
    a_part_is_torn, a_part_is_torn, a_part_is_called_otherwise, a_part_twice, sheets_doubled, sheets_doubled,
    other_content_types, other_targets, other_targets,
)  # fmt: skip


def a_size_that_lies(rng: Random, data: bytes) -> bytes:
    """The directory says another size, checksum, method or place of a member."""
    at = directory_at(data, rng.choice(_names(data)))
    offset, form = rng.choice(
        ((16, "<I"), (20, "<I"), (24, "<I"), (24, "<I"), (42, "<I"), (10, "<H"), (8, "<H"))
    )
    value = rng.choice(binary_changes.FIELDS) & (256 ** struct.calcsize(form) - 1)
    return patched(data, at + offset, value, form=form)


def _names(data: bytes) -> list[str]:
    found, at = [], data.index(b"PK\x01\x02")
    while data[at : at + 4] == b"PK\x01\x02":
        length, extra, comment = struct.unpack_from("<3H", data, at + 28)
        found.append(data[at + 46 : at + 46 + length].decode())
        at += 46 + length + extra + comment
    return found


def something_around(rng: Random, data: bytes) -> bytes:
    """Bytes before the zip, behind it, or a second zip."""
    extra = rng.choice((b"x", b"\0" * 1000, b"PK\x03\x04", b"%PDF-1.4\n", packed({"a": b"b"})))
    return rng.choice((extra + data, data + extra, data + data))


_ZIPPED = (a_size_that_lies, a_size_that_lies, something_around)


def digest(numbers: Iterable[int]) -> str:
    """What tells whether the mutants are the same again."""
    one = hashlib.sha256()
    for made in mutants(numbers):
        one.update(made.data)
    return one.hexdigest()


def main(folder: Path, numbers: list[int]) -> None:
    """Write the mutants, and what was done to them."""
    for made in mutants(numbers):
        (folder / made.filename).write_bytes(made.data)
        print(made.filename, made.kind, made.manner)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(number) for number in sys.argv[2:]])
