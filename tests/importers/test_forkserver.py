"""Files are read by forks of one clean process; whatever becomes of any of them, the next is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from importers import forkserver, read, sandbox
from importers.forkserver import ForkServer

from . import build

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not forkserver.POSSIBLE, reason="the system cannot fork"),
]

ROOT = Path(__file__).resolve().parents[2]
ODD = [sys.executable, "-m", "tests.importers.odd_zygote"]
BIG = b"x" * 3_000_000


def environment(**more: str) -> Callable[[], dict[str, str]]:
    return lambda: {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}


@pytest.fixture
def server() -> Iterator[ForkServer]:
    made = ForkServer(ROOT, environment(), ODD)
    made.grace_seconds = 0.5
    yield made
    made.close()


def said(
    server: ForkServer, what: str, data: bytes = b"", seconds: float = 20
) -> tuple[bytes, int]:
    told = server.ask([what.encode() + b"\n", data], seconds)
    assert told is not None
    return told


def gone(pid: int) -> bool:
    """Within two seconds; a zombie is gone."""
    for _ in range(40):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_an_answer_comes_back_whole(server):
    assert said(server, "echo", BIG) == (BIG, 0)


def test_each_of_many_threads_hears_its_own_answer(server):
    files = [bytes([n]) * (100_000 + n) for n in range(24)]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda data: said(server, "echo", data), files))
    assert told == [(data, 0) for data in files]


def test_files_are_read_beside_one_another(server):
    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(said, server, "sleep", b"", 3)
        assert said(server, "echo", b"quick") == (b"quick", 0)
        assert not slow.done()
        assert slow.result() == (b"", -signal.SIGKILL)


def test_no_child_sees_what_another_did(server):
    told = [said(server, "seen")[0] for _ in range(3)]
    assert told == [f"1 {server.pid}".encode()] * 3  # the same zygote forked all three


def test_a_child_has_no_secret_and_no_descriptor_but_its_own(server, monkeypatch):
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "secret")
    names, descriptors = said(server, "surroundings")[0].decode().split("\n")
    assert "PYTHONPATH" in names
    assert "TRACKER_" not in names
    assert descriptors == "0 1 2"


def test_a_child_that_dies_before_it_listens_tells_how(server):
    assert said(server, "deaf", BIG) == (b"", -signal.SIGABRT)
    assert said(server, "abort", BIG) == (b"", -signal.SIGABRT)


def test_a_child_that_hangs_is_stopped_and_the_zygote_stays(server):
    said(server, "echo")
    before = server.pid
    assert said(server, "sleep", seconds=0.3) == (b"", -signal.SIGKILL)
    assert said(server, "echo", b"next") == (b"next", 0)
    assert server.pid == before


def test_a_keeper_that_is_killed_is_no_answer_and_no_end(server):
    assert server.ask([b"kill_keeper\n"], 5) is None
    assert said(server, "echo", b"next") == (b"next", 0)


def test_a_keeper_that_stands_still_is_waited_for_no_longer_than_the_grace(server):
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        server.ask([b"stop_keeper\n"], 0.5)
    assert time.monotonic() - began < 10  # the child would have slept for 60
    assert said(server, "echo", b"next") == (b"next", 0)


def test_a_zygote_that_was_killed_is_replaced(server):
    said(server, "echo")
    before = server.pid
    os.kill(before, signal.SIGKILL)
    assert said(server, "echo", b"next") == (b"next", 0)
    assert server.pid != before


def test_threads_that_find_it_killed_start_one_between_them(server):
    for _ in range(5):
        said(server, "echo")
        os.kill(server.pid, signal.SIGKILL)
        with ThreadPoolExecutor(6) as threads:
            told = list(threads.map(lambda n: said(server, "echo", b"%d" % n), range(6)))
        assert told == [(b"%d" % n, 0) for n in range(6)]


def test_it_ends_when_nobody_needs_it_and_comes_back(server):
    idle = ForkServer(ROOT, environment(IDLE="0.2"), ODD)
    said(idle, "echo")
    said(server, "echo")
    assert gone(idle.pid)
    assert not gone(server.pid)  # the control: it is not the question that ends it
    assert said(idle, "echo", b"next") == (b"next", 0)
    idle.close()


OWNER = """
import os, sys
from importers import read, sandbox
read(sys.argv[1])
print(sandbox._FORKED.pid, flush=True)
{end}
"""


@pytest.mark.parametrize("end", ["", "os.kill(os.getpid(), 9)", "os._exit(0)"])
def test_the_zygote_ends_with_its_owner_however_that_ends(end, tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(build.workbook(build.HEADER, build.ROW))
    source = OWNER.format(end=end)
    done = subprocess.run(
        [sys.executable, "-c", source, str(file)], cwd=ROOT, capture_output=True, text=True
    )
    assert gone(int(done.stdout))
    assert done.stderr == ""


def test_a_forked_owner_has_a_zygote_of_its_own(server):
    said(server, "echo")
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        told = server.ask([b"echo\n", b"mine"], 10)
        os.write(tells, f"{told} {server.pid}".encode())
        server.close()
        os._exit(0)
    os.close(tells)
    with os.fdopen(hears, "rb") as pipe:
        told = pipe.read().decode()
    os.waitpid(child, 0)
    assert told.startswith("(b'mine', 0)")
    assert not told.endswith(f" {server.pid}")
    assert said(server, "echo", b"still there") == (b"still there", 0)


def test_plans_are_read_by_one_zygote():
    plan = build.workbook(build.HEADER, build.ROW)
    read(plan)
    before = sandbox._FORKED.pid
    assert len(read(plan).tasks) == 1
    assert sandbox._FORKED.pid == before


def test_the_zygote_of_plans_does_not_see_the_servers_secrets(monkeypatch):
    sandbox._FORKED.close()
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "secret")
    read(build.workbook(build.HEADER, build.ROW))
    names = Path(f"/proc/{sandbox._FORKED.pid}/environ").read_text()
    assert "PYTHONPATH=" in names
    assert "TRACKER_" not in names


def test_a_system_that_cannot_fork_reads_the_same(monkeypatch):
    plan = build.workbook(build.HEADER, build.ROW)
    forked = read(plan).to_json()
    monkeypatch.setattr(sandbox, "_FORKED", None)
    assert read(plan).to_json() == forked


def test_a_forked_child_has_the_limits_of_its_file():
    plan = build.workbook(build.HEADER, build.ROW)
    status: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for pid in _below(sandbox._FORKED.pid):
                try:
                    status.append(Path(f"/proc/{pid}/limits").read_text())
                except OSError:
                    continue

    read(plan)
    watching = threading.Thread(target=look)
    watching.start()
    read(build.workbook(build.HEADER, *[build.ROW] * 5_000))
    done.set()
    watching.join()
    assert any("Max cpu time              6" in text for text in status)


def _below(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        except OSError:
            continue
        found += map(int, text.split())
    return found[1:]
