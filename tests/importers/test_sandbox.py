"""A child that dies, hangs or eats memory is one clear refusal; a good file passes beside it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time

import pytest

from importers import Limits, ReadingRefused, read
from importers.sandbox import run_child

from . import build

pytestmark = pytest.mark.process

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


CONNECT = """
import ctypes, sys, urllib.request
{guard}
try:
    urllib.request.urlopen("http://127.0.0.1:{port}/", timeout=2)
except Exception as error:
    print(type(error).__name__)
"""
RAW_CONNECT = """
import ctypes, ctypes.util, struct, sys
{guard}
libc = ctypes.CDLL(None)
handle = libc.socket(2, 1, 0)
address = struct.pack("=HH4s8x", 2, int.from_bytes(({port}).to_bytes(2, "big"), sys.byteorder), bytes([127, 0, 0, 1]))
print(libc.connect(handle, address, len(address)))
"""
GUARD = "from importers.isolation import cut_network; print(cut_network())"


@pytest.fixture
def listener():
    """A port on loopback that counts who comes."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def accept():
            while not ended.is_set():
                with contextlib.suppress(TimeoutError), server.accept()[0] as visitor:
                    came.append(1)
                    visitor.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], came
        ended.set()
        thread.join()


def said(script, port, guard):
    source = script.format(guard=guard, port=port)
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_child_reaches_no_network(listener):
    port, came = listener
    assert "PermissionError" in said(CONNECT, port, GUARD)
    assert came == []


def test_not_even_native_code_reaches_one_where_the_kernel_allows_it(listener):
    port, came = listener
    namespace, result = said(RAW_CONNECT, port, GUARD)
    assert (namespace, result) in {("True", "-1"), ("False", "0")}
    assert came == ([] if namespace == "True" else [1])


def test_without_the_guard_both_would_have_come_through(listener):
    port, came = listener
    assert said(CONNECT, port, "") == []
    assert said(RAW_CONNECT, port, "") == ["0"]
    time.sleep(0.5)
    assert len(came) == 2


CALLS_HOME = """
import importers.plain, socket
def read_plain(*_):
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
importers.plain.read_plain = read_plain
from importers import child
{guard}
child.main()
"""


def calls_home(port, guard):
    script = CALLS_HOME.format(port=port, guard=guard)
    return run_child(b"", "x", None, None, Limits(), command=[sys.executable, "-c", script])


def test_a_reader_that_calls_home_is_refused_by_the_child(listener):
    port, came = listener
    with pytest.raises(ReadingRefused) as refused:
        calls_home(port, "")
    assert "PermissionError" in refused.value.detail
    assert came == []


def test_in_a_child_without_its_guard_the_call_would_go_out(listener):
    port, came = listener
    calls_home(port, "child.cut_network = lambda: None")
    time.sleep(0.3)
    assert came == [1]
