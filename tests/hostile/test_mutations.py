"""Mutants are read or refused in one line that names the file: never another error, nothing taken,
nothing left behind. Two hundred in every run of the suite, two thousand in the long one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from importers import Reading
from tests.importers.conftest import Listener

from .case import Net
from .faulty import FAULTS
from .judging import wrong_of_any
from .many import Many, Outcome
from .mutations import KINDS, Mutant, digest, mutants
from .test_corpus import through_the_door

FEW, MANY = range(200), range(2000)
_MANUAL = Path("docs/importing.md").read_text("utf-8")
_REFUSALS = _MANUAL.partition("## Refusals")[2].partition("\n## ")[0]
CODES = frozenset(re.findall(r"`([a-z_]+)`", _REFUSALS)) - {"internal_error", "no_such_file"}
AT_THE_DOOR = frozenset(
    [
        "damaged_zip",
        "not_a_workbook",
        "empty_file",
        "file_too_big",
        "password_protected",
        "macros",
        "too_many_members",
        "unpacked_too_big",
        "duplicate_members",
        "unsafe_member",
        "odt",
        "old_doc",
        "old_xls",
        "bad_encoding",
        "pdf",
    ]
)
"""Refused before any parser; every other refusal came from within the file."""


@dataclass
class Run:
    """What became of many files; `reread` are those that killed the warm child."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    reread: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    biggest: tuple[int, str] = (0, "")

    def take(self, filename: str, label: str, said: dict[str, Any]) -> None:
        """Judge one."""
        if fault := wrong_of_any(filename, said, CODES):
            self.faults[label] = fault
        self.ends[said.get("code", "read")] += 1
        self.slowest = max(self.slowest, (said["seconds"], label))
        self.biggest = max(self.biggest, (said["megabytes"], label))

    def share(self, *codes: str) -> float:
        """How many of all ended so."""
        return sum(self.ends[code] for code in codes) / max(self.ends.total(), 1)

    def __str__(self) -> str:
        counts = ", ".join(f"{code} {count}" for code, count in self.ends.most_common())
        last = f"slowest {self.slowest}; biggest {self.biggest} MB; killed the child: {self.reread}"
        return f"\n{self.ends.total()} mutants: {counts}; {last}"


def said(outcome: Outcome) -> dict[str, Any]:
    """An outcome as `measure` tells it."""
    measured = {"seconds": outcome.seconds, "megabytes": outcome.megabytes}
    if outcome.refusal is not None:
        refusal = outcome.refusal
        told = {"code": refusal.code, "message": refusal.message, "detail": refusal.detail}
        return measured | told
    assert outcome.reading is not None
    return measured | {"fault": unwritable(outcome.reading)}


def unwritable(reading: Reading) -> str:
    """Why a reading cannot be handed on as JSON in UTF-8, '' where it can."""
    try:
        json.dumps(reading.to_json(), ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        return f"cannot be written: {error}"
    return ""


def label(mutant: Mutant) -> str:
    return f"{mutant.filename} {mutant.manner}"


def read_all(numbers: Iterable[int], temporary: Path, files: Path) -> Run:
    """Every mutant through the warm child; what kills it through the door."""
    run, killers = Run(), {}
    with Many(temporary) as many:
        for mutant in mutants(numbers):
            outcome = many.read(mutant.data, mutant.filename)
            if outcome.died:
                killers[mutant.filename] = mutant
            else:
                run.take(mutant.filename, label(mutant), said(outcome))
    reread(run, killers, files)
    return run


def reread(run: Run, killers: dict[str, Mutant], files: Path) -> None:
    """What killed the warm child must end as a refusal at the door, in a child of its own."""
    files.mkdir(exist_ok=True)
    for name, mutant in killers.items():
        (files / name).write_bytes(mutant.data)
        told = through_the_door([name], files)[name]
        run.reread.append(label(mutant))
        run.take(name, label(mutant), told)
        if "code" not in told:
            run.faults[label(mutant)] = "killed one child and was read by another"


def assert_sound(run: Run) -> None:
    """No fault, and the mutants are worth their while: many are read, many refused from within."""
    assert run.faults == {}
    within = set(run.ends) - AT_THE_DOOR - {"read"}
    assert run.share("read") > 0.4
    assert run.share(*within) > 0.2
    assert run.share(*AT_THE_DOOR) < 0.15
    assert len(within) >= 6


def test_two_hundred_mutants_are_read_or_refused(
    tmp_path: Path, temporary: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Net, "port", listener.port)
    run = read_all(FEW, temporary, tmp_path / "files")
    print(run)
    assert_sound(run)
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])


@pytest.mark.long
def test_two_thousand_mutants_are_read_or_refused(
    tmp_path: Path, temporary: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(Net, "port", listener.port)
    run = read_all(MANY, temporary, tmp_path / "files")
    with capsys.disabled():
        print(run)
    assert_sound(run)
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])


@pytest.mark.long
def test_the_door_itself_answers_mutants_so(
    tmp_path: Path, temporary: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(Net, "port", listener.port)
    some = {mutant.filename: mutant for mutant in mutants(MANY[::13])}
    for name, mutant in some.items():
        (tmp_path / name).write_bytes(mutant.data)
    run = Run()
    for name, told in through_the_door(list(some), tmp_path).items():
        run.take(name, label(some[name]), told)
    with capsys.disabled():
        print(run)
    assert_sound(run)
    assert (listener.calls(), list(temporary.iterdir())) == (0, [])


def test_every_format_is_among_them_and_most_are_changed_where_a_parser_looks() -> None:
    made = list(mutants(FEW))
    assert {mutant.kind for mutant in made} == set(KINDS)
    assert sum(mutant.deep for mutant in made) / len(made) > 0.8
    assert len({mutant.data for mutant in made}) > 0.97 * len(made)


def test_a_number_gives_the_same_mutant_in_every_process() -> None:
    code = "from tests.hostile.mutations import digest; print(digest(range(40)))"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == digest(range(40))


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_reader_would_be_seen(
    name: str, temporary: Path, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: every fault that must not be is seen by the same judge."""
    monkeypatch.setenv("HOME_PORT", str(listener.port))
    if name == "takes time":
        monkeypatch.setattr("tests.hostile.judging.SECONDS", 1)
    with Many(temporary, "tests.hostile.faulty") as many:
        outcome = many.read(name.encode(), "变.csv")
    fault = "died" if outcome.died else wrong_of_any("变.csv", said(outcome), CODES)
    left, calls = len(list(temporary.iterdir())), listener.calls()
    expected = {
        "raises": "refused by internal_error", "takes memory": "took 6", "takes time": "took ", "dies": "died",
        "invents a code": "refused by oh_no",
    }  # fmt: skip
    assert fault.startswith(expected.get(name, "")) and bool(fault) == (name in expected)
    assert (left, calls) == (name == "leaves a file", name == "calls home")


def test_a_killer_that_the_door_reads_is_a_fault(tmp_path: Path) -> None:
    sound = Mutant(0, "csv", "none", True, "好.csv", "序号,工作任务\n1,整理资料\n".encode())
    run = Run()
    reread(run, {sound.filename: sound}, tmp_path / "files")
    assert list(run.faults.values()) == ["killed one child and was read by another"]
