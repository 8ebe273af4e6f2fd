"""A child that dies, hangs or eats memory is one clear refusal; a good file passes beside it."""

from __future__ import annotations

import sys
import time

import pytest

from importers import Limits, ReadingRefused, read
from importers.sandbox import run_child

from . import build

LIMITED = (
    "import json, sys; from importers.child import limit_resources; from importers import Limits;"
)
LIMITED += "limit_resources(Limits(**json.loads(sys.stdin.buffer.readline())['limits']));"


def child(script: str, **limits: float) -> str:
    """The code of the refusal that a child running this script causes."""
    with pytest.raises(ReadingRefused) as refused:
        run_child(b"", "x", None, None, Limits(**limits), command=[sys.executable, "-c", script])
    return refused.value.code


def test_a_refusal_does_not_keep_the_files_of_earlier_ones():
    seen = []
    for _ in range(2):
        with pytest.raises(ReadingRefused) as refused:
            run_child(
                b"",
                "x",
                None,
                None,
                Limits(),
                command=[sys.executable, "-c", "import os; os.abort()"],
            )
        seen.append(refused.value)
    assert seen[0] is not seen[1]


def test_a_child_that_hangs_is_stopped_by_the_wall_clock():
    began = time.monotonic()
    assert child("import time; time.sleep(60)", child_wall_seconds=0.5) == "too_slow"
    assert time.monotonic() - began < 5


def test_a_child_that_spins_is_stopped_by_its_cpu_limit():
    began = time.monotonic()
    assert child(LIMITED + "\nwhile True: pass", child_cpu_seconds=1) == "too_slow"
    assert time.monotonic() - began < 15  # the wall clock would have taken 30


def test_a_child_that_eats_memory_dies_alone():
    eats = LIMITED + "x = bytearray(2 ** 31); print('K')"
    assert child(eats) == "parser_died"
    roomy = Limits(child_memory=3 * 2**30)  # the control
    assert run_child(b"", "x", None, None, roomy, command=[sys.executable, "-c", eats])[:1] == b"K"


def test_a_child_that_aborts_is_a_refusal():
    assert child("import os; os.abort()") == "parser_died"


def test_a_child_that_babbles_is_a_refusal():
    assert child("print('hello')") == "parser_died"


def test_a_real_file_beyond_the_memory_limit_is_refused():
    big = build.workbook(build.HEADER, *[build.ROW] * 20_000)
    for memory in (45_000_000, 50_000_000, 55_000_000):  # it runs out in different places
        with pytest.raises(ReadingRefused) as refused:
            read(big, limits=Limits(child_memory=memory))
        assert refused.value.code in ("out_of_memory", "parser_died")
    assert len(read(big).tasks) == 20_000  # the control


def test_the_child_does_not_see_the_servers_secrets(monkeypatch):
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "secret")
    script = "import os; print('K' + ' '.join(os.environ), end='')"
    told = run_child(
        b"", "x", None, None, Limits(), command=[sys.executable, "-c", script]
    ).decode()
    assert "PYTHONPATH" in told
    assert "TRACKER_" not in told
